import Papers

/// What all changes to one paper add up to. A function of the set of changes, like ``Merge``.
public struct PaperFold: Sendable {
  /// A note with what an edit needs to know.
  public struct NoteState: Hashable, Sendable {
    /// Id, text and times.
    public var note: Note
    /// Whether both texts of an overlap stand in it.
    public var conflicted: Bool
  }

  /// The change to `content` that holds; its value is looked up by whoever needs it, for it is
  /// most of the library's bytes.
  public private(set) var content: Stamp?
  /// When it came on the list; nil when nobody imported or added it, or that was undone.
  public private(set) var added: Int64?
  /// How far the person is.
  public private(set) var status = ReadingStatus.unread
  /// Whether the person starred it.
  public private(set) var starred = false
  /// The person's tags, sorted.
  public private(set) var tags: [Tag] = []
  /// The sightings, sorted.
  public private(set) var appearances: [Appearance] = []
  /// The notes that exist, oldest first.
  public private(set) var notes: [NoteState] = []
  /// Edits that lost to a concurrent edit.
  public private(set) var journal: [Change] = []
  /// When the person or a digest last changed anything, milliseconds since 1970.
  public private(set) var updated: Int64 = 0

  /// Whether the paper is on the list. What the person wrote on a paper keeps it there, whoever
  /// undid the import that brought it.
  public var isListed: Bool {
    added != nil || status != .unread || starred || !tags.isEmpty || !notes.isEmpty
  }

  /// Folds all changes to the paper `id`, in any order. Values of `content` may be left empty.
  public init(_ id: PaperID, _ changes: [Change]) {
    var rest = changes.sorted { $0.field < $1.field }[...]
    while let field = rest.first?.field {
      let register = Array(rest.prefix { $0.field == field })
      rest = rest.dropFirst(register.count)
      if field.hasPrefix("note:") {
        foldNote(String(field.dropFirst(5)), register)
      } else {
        fold(id, register)
      }
    }
    tags.sort()
    appearances.sort()
    notes.sort { ($0.note.created, $0.note.id) < ($1.note.created, $1.note.id) }
    journal.sort { ($0.stamp, $0.field) < ($1.stamp, $1.field) }
    if added == nil, isListed { added = Self.firstAdded(id, changes) }
  }

  private mutating func fold(_ id: PaperID, _ register: [Change]) {
    guard let outcome = Merge.register(register) else { return }
    let winner = outcome.winner
    guard winner.field != "content" else {
      content = winner.stamp
      updated = max(updated, winner.time)
      return
    }
    guard let fact = Fact(paper: id, field: winner.field, value: winner.value) else { return }
    updated = max(updated, winner.time)
    journal += outcome.journal
    apply(fact)
  }

  private mutating func apply(_ fact: Fact) {
    switch fact {
    case .added(_, let time): added = time
    case .status(_, let status): self.status = status
    case .starred(_, let on): starred = on
    case .tag(_, let tag, true): tags.append(tag)
    case .appearance(_, let date, let source, let index?):
      appearances.append(Appearance(date: date, index: index, source: source))
    default: break
    }
  }

  private mutating func foldNote(_ id: String, _ register: [Change]) {
    guard let outcome = NoteMerge.note(register) else { return }
    updated = max(updated, outcome.updated)
    guard let text = outcome.text else { return }
    let note = Note(id: id, text: text, created: outcome.created, updated: outcome.updated)
    notes.append(NoteState(note: note, conflicted: outcome.conflicted))
  }

  /// A paper kept on the list by a note or tag although its import was undone still came on it once.
  private static func firstAdded(_ id: PaperID, _ changes: [Change]) -> Int64? {
    let times = changes.compactMap { change -> Int64? in
      guard change.field == "added",
        case .added(_, let time?)? = Fact(paper: id, field: change.field, value: change.value)
      else { return nil }
      return time
    }
    return times.min()
  }
}
