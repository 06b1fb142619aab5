import Changes
import Foundation
import Papers
import Store
import TestSupport
import Testing

/// Random sequences of everything a person does, against ``ReferenceList``, equal after each step;
/// and the tables against the log at the end.
@Suite struct LibraryModelTests {
  @Test(arguments: 0..<40)
  func equalsTheReference(_ number: Int) throws {
    let seed = UInt64(7000 + number)
    let workspace = try Workspace(seed: seed)
    var story = Story(library: try workspace.library(), seed: seed)
    for step in 0..<60 {
      try story.step()
      let difference = try story.difference()
      #expect(difference == nil, "seed \(seed), step \(step): \(story.trace.suffix(5))")
    }
    #expect(try story.library.problems() == [], "seed \(seed)")
  }
}

struct Story {
  let library: Library
  var reference = ReferenceList()
  var generator: SeededGenerator
  var trace: [String] = []
  private var noteCount = 0

  init(library: Library, seed: UInt64) {
    self.library = library
    generator = SeededGenerator(seed: seed)
  }

  /// Also names that two layers could see differently: letters with their accents in one character
  /// and in two, and marks that melt into the `:` or `/` before them.
  static let papers = [
    "2510.00001", "2510.00002", "2510.00003", "url:https://a.example/caf\u{E9}",
    "url:https://a.example/cafe\u{301}", "\u{301}2510.00006",
  ].map { PaperID(trusted: $0) }
  static let tags = ["kv", "ml", "ml/attention", "caf\u{E9}", "cafe\u{301}", "caf\u{E9}/x"]
    .map { Tag(trusted: $0) }
  static let sources = ["demo", "d\u{E9}mo", "de\u{301}mo", "\u{301}demo"]
  /// What two texts of one meaning begin with.
  static let accents = ["\u{E9}", "e\u{301}", "\u{301}"]

  mutating func step() throws {
    switch Int.random(in: 0..<15, using: &generator) {
    case 0, 1: try importSome()
    case 2, 3: try mark()
    case 4: try star()
    case 5, 6: try tag()
    case 7: try addNote()
    case 8: try editNote()
    case 9, 10, 11: try undo()
    case 12: try redo()
    case 13: try giveTitle()
    default: try library.rebuild()
    }
  }

  private mutating func some() -> [PaperID] {
    Self.papers.filter { _ in Int.random(in: 0..<3, using: &generator) == 0 }
  }

  private mutating func importSome() throws {
    let ids = some()
    let day = Int.random(in: 1...3, using: &generator)
    let date = PaperDate(trusted: "2025-10-0\(day)")
    let version = Self.accents.randomElement(using: &generator) ?? ""
    let source = Self.sources.randomElement(using: &generator) ?? "demo"
    let written = PaperContent(title: "\(version)T\(day)", summary: "摘要 \(day) \(version)")
    trace.append("import \(ids) day \(day) version \(version) source \(source)")
    try library.record("import") { recorder in
      for (index, id) in ids.enumerated() {
        let content = DigestContent(written, date: date)
        var facts: [Fact] = [.appearance(id, date, source: source, index: index)]
        let known = try recorder.reader.known(id)
        if known?.content?.content != content.content { facts.append(.content(id, content)) }
        if known?.isListed != true { facts.append(.added(id, 5)) }
        try recorder.write(facts)
      }
    }
    reference.act { state in
      for (index, id) in ids.enumerated() {
        var entry = state[id] ?? .init()
        entry.content = written
        entry.appearances[ByteText(date.text + "/" + source)] = index
        if !entry.isListed { entry.isOnList = true }
        state[id] = entry
      }
    }
  }

  /// Changes the papers on the list that the dice choose.
  private mutating func change(
    _ what: String, _ fact: (PaperID) -> Fact, _ model: (inout ReferenceList.Entry) -> Void
  ) throws {
    let ids = some()
    trace.append("\(what) \(ids)")
    try library.record(what) { recorder in
      for id in ids where try recorder.reader.isListed(id) { try recorder.write([fact(id)]) }
    }
    reference.act { state in
      for id in ids where state[id]?.isListed == true { model(&state[id, default: .init()]) }
    }
  }

  private mutating func mark() throws {
    let status = ReadingStatus.allCases.randomElement(using: &generator) ?? .read
    try change("mark \(status)", { .status($0, status) }) { $0.status = status }
  }

  private mutating func star() throws {
    let on = Bool.random(using: &generator)
    try change("star \(on)", { .starred($0, on) }) { $0.starred = on }
  }

  private mutating func giveTitle() throws {
    let accent = Self.accents.randomElement(using: &generator) ?? ""
    let title = Bool.random(using: &generator) ? "\(accent) mine" : nil
    try change("title \(title ?? "none")", { .givenTitle($0, title) }) {
      $0.givenTitle = title.map { ByteText($0) }
    }
  }

  private mutating func tag() throws {
    let tag = Self.tags.randomElement(using: &generator) ?? Self.tags[0]
    let on = Int.random(in: 0..<3, using: &generator) > 0
    try change("tag \(tag) \(on)", { .tag($0, tag, on) }) {
      if on { $0.tags.insert(tag) } else { $0.tags.remove(tag) }
    }
  }

  private mutating func addNote() throws {
    noteCount += 1
    let id = "note\(noteCount)"
    try change("note \(id)", { .note($0, id: id, NoteVersion(text: "文 \(id)")) }) {
      $0.notes[ByteText(id)] = ByteText("文 \(id)")
    }
  }

  private mutating func editNote() throws {
    guard noteCount > 0 else { return }
    let id = "note\(Int.random(in: 1...noteCount, using: &generator))"
    let accent = Self.accents.randomElement(using: &generator) ?? ""
    let text: String? = Bool.random(using: &generator) ? "\(accent) neu \(accent)" : nil
    let holders = reference.state.filter { $0.value.notes[ByteText(id)] != nil }.map(\.key).sorted()
    trace.append("edit \(id) \(text ?? "-")")
    try library.record("edit") { recorder in
      for paper in holders { try recorder.write([.note(paper, id: id, NoteVersion(text: text))]) }
    }
    reference.act { state in
      for paper in holders { state[paper]?.notes[ByteText(id)] = text.map { ByteText($0) } }
    }
  }

  private mutating func undo() throws {
    trace.append("undo")
    let isDone = reference.undo()
    if isDone {
      _ = try library.undo()
    } else {
      let library = library
      #expect(throws: LibraryError.nothingTo(.undo)) { _ = try library.undo() }
    }
  }

  private mutating func redo() throws {
    trace.append("redo")
    let isDone = reference.redo()
    if isDone {
      _ = try library.redo()
    } else {
      let library = library
      #expect(throws: LibraryError.nothingTo(.redo)) { _ = try library.redo() }
    }
  }

  /// The first difference between library and reference, in words.
  func difference() throws -> String? {
    try library.read { reader in
      for id in Self.papers {
        let entry = reference.state[id]
        var wanted = entry?.isListed == true ? entry : nil
        if let title = wanted?.givenTitle { wanted?.content.title = title.text }
        let paper = try reader.paper(id)
        guard let paper, let wanted else {
          if paper == nil && wanted == nil { continue }
          return "\(id): \(paper == nil ? "missing" : "should not be there")"
        }
        var has = ReferenceList.Entry()
        has.content = paper.content
        has.givenTitle = paper.givenTitle.map { ByteText($0) }
        has.status = paper.status
        has.starred = paper.starred
        has.tags = Set(paper.tags)
        has.notes = Dictionary(
          uniqueKeysWithValues: paper.notes.map { (ByteText($0.id), ByteText($0.text)) })
        has.appearances = Dictionary(
          uniqueKeysWithValues: paper.appearances.map {
            (ByteText(($0.date?.text ?? "") + "/" + $0.source), $0.index)
          })
        has.isOnList = wanted.isOnList
        if has != wanted { return "\(id): \(has) instead of \(wanted)" }
      }
      return nil
    }
  }
}
