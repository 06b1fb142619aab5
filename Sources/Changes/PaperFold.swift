import Filters
import JSONText
import Papers

/// What all changes to one paper add up to. A function of the set of changes, like ``Merge``: each
/// register of the paper folds its own.
package struct PaperFold: Sendable {
  /// The paper as the person sees it, but for what digests say.
  package internal(set) var paper: Paper
  /// The change to `content` that holds; its value is looked up by whoever needs it, for it is most
  /// of the library's bytes.
  package internal(set) var content: Stamp?
  /// When it came on the list; nil when nobody imported or added it, or that was undone.
  package internal(set) var added: Int64?
  /// Whether the person took it off the list.
  package internal(set) var isRemoved = false
  /// When it came on the list for the first time.
  var firstAdded: Int64?
  /// The notes in which both texts of an overlap stand.
  package internal(set) var conflictedNotes = Set<String>()
  /// Edits that lost to a concurrent edit.
  package private(set) var journal: [Change] = []
  /// When the person or a digest last changed anything, milliseconds since 1970.
  package internal(set) var updated: Int64 = 0
  /// Whether the paper is on the list. What the person wrote on a paper keeps it there, whoever
  /// undid the import that brought it.
  package private(set) var isListed = false
  /// Notes whose texts are not in ``paper``: they stand as they stood, or there was no room.
  package private(set) var unreadNotes = Set<String>()
  private var room: Int
  /// What is known of notes of which nothing new was said, by id; of their texts whether there is
  /// one.
  let standing: [String: NoteMerge.Outcome]

  /// Folds all changes to the paper `id`, in any order. Values of large registers may be left
  /// empty.
  package init(_ id: PaperID, _ changes: [Change], _ registers: Registers = .standard) {
    self.init(id, changes, registers, room: .max) { $0.value }
  }

  /// Folds all changes to the paper `id`, in any order, of which not every value was read.
  /// - Parameters:
  ///   - room: texts of notes are kept up to so many bytes.
  ///   - standing: see ``standing``.
  ///   - text: the value of a change; of a large register it is not asked for.
  package init(
    _ id: PaperID, _ changes: [Change], _ registers: Registers, room: Int,
    standing: [String: NoteMerge.Outcome] = [:],
    text: (Change) throws -> String
  ) rethrows {
    paper = Paper(id: id)
    self.room = room
    self.standing = standing
    for same in Self.byRegister(changes) { try take(same, registers, text) }
    paper.tags.sort()
    paper.appearances.sort()
    paper.notes.sort { ($0.created, $0.id) < ($1.created, $1.id) }
    journal.sort { $0.stamp != $1.stamp ? $0.stamp < $1.stamp : $0.field.precedesByBytes($1.field) }
    isListed =
      added != nil && !isRemoved || registers.papers.contains { $0.keepsOnList(paper) }
    paper.added = added ?? (isListed ? firstAdded : nil) ?? 0
    paper.updated = updated
  }

  /// Changes of one name together, in any order of names.
  private static func byRegister(_ changes: [Change]) -> [[Change]] {
    guard changes.count < 32 else {
      return Array(Dictionary(grouping: changes) { ByteText($0.field) }.values)
    }
    // Few changes to few registers, most of one change: to look for each is less than to hash them.
    var groups: [[Change]] = []
    for change in changes {
      if let place = groups.firstIndex(where: { $0[0].field.hasBytes(of: change.field) }) {
        groups[place].append(change)
      } else {
        groups.append([change])
      }
    }
    return groups
  }

  /// All changes of one name. A value that cannot be read never wins: what held without it holds.
  private mutating func take(
    _ changes: [Change], _ registers: Registers, _ text: (Change) throws -> String
  ) rethrows {
    guard let field = changes.first?.field, let (type, key) = registers.findPaper(field),
      try !type.fold(changes, key: key, into: &self, text: text), !type.isLarge
    else { return }
    let readable = try changes.filter {
      try type.understands(text($0), key: key, of: paper.id.rawValue)
    }
    if !readable.isEmpty { _ = try type.fold(readable, key: key, into: &self, text: text) }
  }

  /// The text of a note where it was read and there is room for it.
  mutating func kept(_ text: String?, ofNote key: String) -> String {
    guard let text, text.utf8.count <= room else {
      unreadNotes.insert(key)
      return ""
    }
    room -= text.utf8.count
    return text
  }

  /// The value that holds of one register, with what it beat taken note of.
  /// - Returns: nil, and nothing taken note of, where it cannot be read.
  mutating func take<Value>(
    _ changes: [Change], _ merge: MergeRule, _ read: (String) -> Value?
  ) -> Value? {
    guard let outcome = Merge.register(changes, journalled: merge.isJournalled),
      let value = read(outcome.winner.value)
    else { return nil }
    updated = max(updated, outcome.winner.time)
    journal += outcome.journal
    return value
  }
}

// What a paper has besides its registers.
extension PaperFold {
  /// When it changed last, and how much there is to look at.
  package static var columns: [PaperColumn] {
    [
      PaperColumn("updated", unsaid: .integer(0)) { .integer($0.updated) },
      PaperColumn("conflicts", unsaid: .integer(0)) {
        .integer(Int64($0.journal.count + $0.conflictedNotes.count))
      },
    ]
  }

  static var keys: [PaperKey] {
    [
      PaperKey("id", rank: 10) { $1.string($0.id.rawValue) },
      PaperKey("url", rank: 30) { $1.string($0.url) },
      PaperKey(moment: "updated", rank: 140, get: { $0.updated }, set: { $0.updated = $1 }),
      PaperKey("lead", rank: 200) { $1.value($0.lead) },
    ]
  }

  static var filterFields: [FilterField] { [.id, .updated, .is, .has] }

  static var traits: [FilterTrait] {
    [FilterTrait("conflicted", "conflicts", .greater, .integer(0))]
  }
}
