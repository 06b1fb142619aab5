import Changes
import Papers
import Store
import TestSupport

/// What a person does on a machine. Few papers, tags, notes and views, so that edits meet.
struct Person {
  let device: SimDevice
  /// The words of the operation, unique in a life.
  let words: String

  private var library: Library { device.library }

  /// Does it; the words of the operation taken back, where it is an undo.
  func perform(_ edit: Step.Edit, _ number: UInt64) throws -> [String] {
    switch edit {
    case .undo: return try reversed { try library.undo(1 + Int(number % 2)) }
    case .redo: _ = try reversed { try library.redo() }
    case .future: try receiveFromFuture(number)
    case .settle: try settle(number)
    default:
      let facts = try facts(edit, number)
      try library.record(words) { try $0.write(facts) }
    }
    return []
  }

  /// Something that was not said before.
  func say(_ text: String) throws -> [String] {
    try library.record(words) { recorder in
      try recorder.write([
        .note(PaperID(trusted: "2509.00001"), id: "said", NoteVersion(text: text))
      ])
    }
    return []
  }

  private func reversed(_ body: () throws -> [Library.Reversal]) throws -> [String] {
    do {
      return try body().map(\.what)
    } catch LibraryError.nothingTo {
      return []
    }
  }

  private func facts(_ edit: Step.Edit, _ number: UInt64) throws -> [Fact] {
    let paper = PaperID(trusted: "2509.0000\(number % 3)")
    let choice = Int(number / 3 % 3)
    let isOld = device.understanding.number == 0
    switch edit {
    case .add: return [.added(paper, Int64(number))]
    case .bringIn: return imported(number)
    case .content: return [.content(paper, content(number))]
    case .star where !isOld: return [.starred(paper, choice != 0)]
    case .tag: return [.tag(paper, tags[choice], true)]
    case .untag: return [.tag(paper, tags[choice], false)]
    case .renameTag:
      return [.tag(paper, tags[choice], false), .tag(paper, tags[(choice + 1) % 3], true)]
    case .note:
      let text = "line \(number % 5)\nmiddle\nline \(number % 7)"
      return [.note(paper, id: "note\(choice)", NoteVersion(text: text))]
    case .amend: return [try amended(paper, "note\(choice)", number)]
    case .eraseNote: return [.note(paper, id: "note\(choice)", NoteVersion(text: nil))]
    case .view where !isOld:
      return [.view("v\(choice)", number % 4 == 0 ? nil : "tag:t\(number % 5)")]
    case .renameView where !isOld:
      return [.view("v\(choice)", nil), .view("v\((choice + 1) % 3)", "tag:t\(number % 5)")]
    default:
      let all = ReadingStatus.allCases
      return [.status(paper, all[Int(number % UInt64(all.count))])]
    }
  }

  private var tags: [Tag] { ["kv", "ml/x", "字"].map { Tag(trusted: $0) } }

  private func content(_ number: UInt64) -> DigestContent {
    DigestContent(
      PaperContent(title: "T\(number % 9)", summary: "line \(number % 5)\nline \(number % 7)"))
  }

  private func imported(_ number: UInt64) -> [Fact] {
    let date = PaperDate("2025-10-0\(1 + number % 4)")
    return (0..<2 as Range<UInt64>).flatMap { offset -> [Fact] in
      let paper = PaperID(trusted: "2509.0000\((number + offset) % 3)")
      return [
        .added(paper, Int64(number)), .content(paper, content(number + offset)),
        .appearance(paper, date, source: "daily", index: Int(offset) + 1),
      ]
    }
  }

  /// One line of the note as it stands is changed, or one is added.
  private func amended(_ paper: PaperID, _ id: String, _ number: UInt64) throws -> Fact {
    let note = try library.read { try $0.paper(paper) }?.notes.first { $0.id == id }
    var lines = note?.text.split(separator: "\n", omittingEmptySubsequences: false) ?? []
    let place = Int(number / 9) % (lines.count + 1)
    let line = Substring("mine \(number)")
    if place < lines.count { lines[place] = line } else { lines.append(line) }
    return .note(paper, id: id, NoteVersion(text: lines.joined(separator: "\n")))
  }

  /// Restores what lost, or keeps what holds.
  private func settle(_ number: UInt64) throws {
    let conflicts = try library.read { try $0.conflicts() }.filter { !$0.isNote }
    guard !conflicts.isEmpty else { return }
    let conflict = conflicts[Int(number) % conflicts.count]
    if number % 2 == 0 {
      try library.restore(conflict)
    } else {
      try library.keep(conflict)
    }
  }

  /// A change of a build that knows more than this one.
  private func receiveFromFuture(_ number: UInt64) throws {
    let stamp = Stamp(
      milliseconds: 1_760_000_000_000, counter: UInt32(truncatingIfNeeded: number),
      device: DeviceID(bits: 0xF))
    try library.receive([
      Change(
        stamp: stamp, operation: stamp, entity: "x:\(number % 3)", field: "mood",
        value: "{\"n\": \(number)}")
    ])
  }
}
