import Changes
import Papers
import Store
import TestSupport

/// What a person has opened to edit and not yet saved: what they will write, and what they had
/// before them.
struct OpenEdit {
  /// What will be written.
  enum Content {
    case facts([Fact], Seen)
    /// A conflict to settle, as it was shown: what lost holds again, or what holds is kept.
    case conflict(LibraryReader.Conflict, restores: Bool)
  }

  var content: Content
  var reading: EditModel.Reading
}

/// What a person does on a machine. Few papers, tags, notes and views, so that edits meet.
struct Person {
  let device: SimDevice
  /// The words of the operation, unique in a life.
  let words: String
  /// What papers, tags, views and texts are called.
  let names: Script.Names
  /// What stands between them and the library.
  let weak: WeakLibrary

  private var library: Library { device.library }

  /// Does it; the words of the operation taken back, where it is an undo.
  func perform(_ edit: Step.Edit, _ number: UInt64) throws -> [String] {
    switch edit {
    case .undo: return try reversed { try weak.undo(library, 1 + Int(number % 2)) }
    case .redo: _ = try reversed { try library.redo() }
    case .future: try receiveFromFuture(number)
    case .settle: try settle(number)
    default:
      try write(try facts(edit, number))
    }
    return []
  }

  /// Reads what is to be edited, to save it later.
  /// - Returns: nil when there is nothing to edit.
  func open(_ edit: Step.Edit, _ number: UInt64) throws -> OpenEdit? {
    let library = library
    if edit == .settle {
      guard let conflict = try conflict(number) else { return nil }
      let reading = try EditModel.reading([conflict.name]) { try library.changes(of: $0) }
      return OpenEdit(
        content: .conflict(conflict, restores: number.isMultiple(of: 2)), reading: reading)
    }
    let facts = try facts(edit, number)
    let reading = try EditModel.reading(facts.map(\.name)) { try library.changes(of: $0) }
    let seen = try library.read { reader in
      // As `shelf note edit` reads it, where the id tells which it is.
      if let fact = facts.first, facts.count == 1, fact.field.utf8.starts(with: Noted.field.utf8),
        let note = try reader.note(String(fact.field.dropFirst(5))),
        note.paper.rawValue.hasBytes(of: fact.name.entityKey)
      {
        return note.seen
      }
      return try reader.seen(of: facts.map(\.name))
    }
    return OpenEdit(content: .facts(facts, seen), reading: reading)
  }

  /// Saves what was opened before.
  func save(_ opened: OpenEdit) throws {
    switch opened.content {
    case .facts(let facts, let seen): try write(facts, seeing: seen)
    case .conflict(let conflict, let restores):
      let conflict = try weak.shown(conflict, in: library)
      do {
        _ = restores ? try library.restore(conflict) : try library.keep(conflict)
      } catch LibraryError.notFound {
        // Somebody has settled it meanwhile.
      }
    }
  }

  /// Something that was not said before.
  func say(_ text: String) throws -> [String] {
    try write([.note(names.papers[1], id: "said", NoteVersion(text: text))])
    return []
  }

  private func write(_ facts: [Fact], seeing seen: Seen = .thisTransaction) throws {
    try library.record(words) { recorder in
      let seen = try weak.seen(of: facts.map(\.name), seen, recorder.reader)
      try recorder.write(facts, seeing: seen)
    }
  }

  private func reversed(_ body: () throws -> [Library.Reversal]) throws -> [String] {
    do {
      return try body().map(\.what)
    } catch LibraryError.nothingTo {
      return []
    }
  }

  private func facts(_ edit: Step.Edit, _ number: UInt64) throws -> [Fact] {
    let paper = names.papers[Int(number % 3)]
    let choice = Int(number / 3 % 3)
    let isOld = device.isOld
    switch edit {
    case .add where number.isMultiple(of: 5): return [.removed(paper, number.isMultiple(of: 2))]
    case .add: return [.added(paper, Int64(number))]
    case .bringIn: return imported(number)
    case .content: return [.content(paper, content(number))]
    case .star where !isOld && number % 4 == 2:
      return [.givenTitle(paper, choice == 0 ? nil : line(number % 5))]
    case .star where !isOld: return [.starred(paper, choice != 0)]
    case .tag: return [.tag(paper, names.tags[choice], true)]
    case .untag: return [.tag(paper, names.tags[choice], false)]
    case .renameTag:
      return [
        .tag(paper, names.tags[choice], false), .tag(paper, names.tags[(choice + 1) % 3], true),
      ]
    case .note:
      let text = "\(line(number % 5))\nmiddle\n\(line(number % 7))"
      return [.note(paper, id: "note\(choice)", NoteVersion(text: text))]
    case .amend: return [try amended(paper, "note\(choice)", number)]
    case .eraseNote: return [.note(paper, id: "note\(choice)", NoteVersion(text: nil))]
    case .view where !isOld:
      return [.view(names.views[choice], number % 4 == 0 ? nil : "tag:t\(number % 5)")]
    case .renameView where !isOld:
      return [
        .view(names.views[choice], nil),
        .view(names.views[(choice + 1) % 3], "tag:t\(number % 5)"),
      ]
    default:
      let all = ReadingStatus.allCases
      return [.status(paper, all[Int(number % UInt64(all.count))])]
    }
  }

  private func line(_ number: UInt64) -> String {
    names.words[Int(number) % names.words.count] + " \(number)"
  }

  private func content(_ number: UInt64) -> DigestContent {
    DigestContent(
      PaperContent(
        title: names.title + "\(number % 9)", summary: "\(line(number % 5))\n\(line(number % 7))"))
  }

  private func imported(_ number: UInt64) -> [Fact] {
    let date = PaperDate("2025-10-0\(1 + number % 4)")
    return (0..<2 as Range<UInt64>).flatMap { offset -> [Fact] in
      let paper = names.papers[Int((number + offset) % 3)]
      let source = names.sources[Int(number / 4) % names.sources.count]
      return [
        .added(paper, Int64(number)), .content(paper, content(number + offset)),
        .appearance(paper, date, source: source, index: Int(offset) + 1),
      ]
    }
  }

  /// One line of the note as it stands is changed, or one is added.
  private func amended(_ paper: PaperID, _ id: String, _ number: UInt64) throws -> Fact {
    let note = try library.read { try $0.paper(paper) }?.notes.first { $0.id == id }
    var lines = note?.text.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    let place = Int(number / 9) % (lines.count + 1)
    let line = Substring(names.mine + " \(number)")
    if place < lines.count { lines[place] = line } else { lines.append(line) }
    return .note(paper, id: id, NoteVersion(text: lines.joined(separator: "\n")))
  }

  private func conflict(_ number: UInt64) throws -> LibraryReader.Conflict? {
    let conflicts = try library.read { try $0.conflicts() }.filter { !$0.isNote }
    return conflicts.isEmpty ? nil : conflicts[Int(number) % conflicts.count]
  }

  /// Restores what lost, or keeps what holds.
  private func settle(_ number: UInt64) throws {
    guard let shown = try conflict(number) else { return }
    let conflict = try weak.shown(shown, in: library)
    if number % 2 == 0 {
      try library.restore(conflict)
    } else {
      try library.keep(conflict)
    }
  }

  /// A change of a build that knows more than this one, or allowed what this one does not.
  private func receiveFromFuture(_ number: UInt64) throws {
    let stamp = Stamp(
      milliseconds: 1_760_000_000_000, counter: UInt32(truncatingIfNeeded: number),
      device: DeviceID(bits: 0xF))
    let (entity, field, value) = names.future(number)
    try library.receive([
      Change(stamp: stamp, operation: stamp, entity: entity, field: field, value: value)
    ])
  }
}
