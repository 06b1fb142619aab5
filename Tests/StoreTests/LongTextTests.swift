import Changes
import Filters
import Foundation
import Papers
import TestSupport
import Testing

@testable import Store

/// Texts so long, or so many, that a library does not hold them at once.
@Suite struct LongTextTests {
  private let paper = PaperID(trusted: "2510.00001")

  /// Words up to so many bytes, with one before and one behind.
  private static func text(_ first: String, _ last: String, bytes: Int) -> String {
    first + String(repeating: " middling", count: bytes / 9) + " " + last
  }

  private func found(_ word: String, _ library: Library, _ workspace: Workspace) throws -> Bool {
    try library.read { try !$0.search(.text(word), in: workspace.context, limit: 9).isEmpty }
  }

  @Test func theBeginningOfALongTextIsInTheIndex() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    let long = Self.text("zebra", "yak", bytes: IndexedText.mostBytes)
    try library.record("notes") {
      try $0.write([
        .added(paper, 5), .note(paper, id: "bbbb", NoteVersion(text: long)),
        .note(paper, id: "aaaa", NoteVersion(text: "antelope")),
      ])
    }
    #expect(try found("zebra", library, workspace) && found("antelope", library, workspace))
    #expect(try !found("yak", library, workspace))
    #expect(try library.problems() == [])
    // What goes leaves nothing of it in the index.
    try library.record("note") {
      try $0.write([.note(paper, id: "bbbb", NoteVersion(text: "yak"))])
    }
    #expect(try found("yak", library, workspace) && !found("zebra", library, workspace))
    try library.record("notes") {
      try $0.write(["aaaa", "bbbb"].map { .note(paper, id: $0, NoteVersion(text: nil)) })
    }
    #expect(try !found("antelope", library, workspace))
    #expect(try library.problems() == [])
  }

  /// More than SQLite takes as one text would be more than a test can wait for; the rest is the
  /// same: many notes, none of which is held with another.
  @Test func manyLongNotesAreInTheIndexUpToABound() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    try library.record("add") { try $0.write([.added(paper, 5)]) }
    for index in 0..<6 {
      let text = Self.text("first\(index)x", "last\(index)x", bytes: IndexedText.mostBytes / 3)
      try library.record("note") {
        try $0.write([.note(paper, id: "note\(index)", NoteVersion(text: text))])
      }
    }
    #expect(try found("first0x", library, workspace) && !found("first5x", library, workspace))
    #expect(try library.problems() == [])
    let notes = try library.read { try $0.paper(paper) }?.notes ?? []
    #expect(notes.map(\.id) == (0..<6).map { "note\($0)" })
    for index in 0..<4 {
      try library.record("note") {
        try $0.write([.note(paper, id: "note\(index)", NoteVersion(text: nil))])
      }
    }
    #expect(try found("first5x", library, workspace) && !found("first0x", library, workspace))
    #expect(try library.problems() == [])
  }

  /// A text that has no room beside the one that holds is among the conflicts until somebody writes
  /// on.
  @Test func aTextThatIsLeftOutIsListed() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    let mine = Self.text("mine", "end", bytes: 3 << 20)
    let other = Self.text("other", "end", bytes: 3 << 20)
    try library.record("note") {
      try $0.write([.added(paper, 5), .note(paper, id: "aaaa", NoteVersion(text: mine))])
    }
    let stamp = Stamp(milliseconds: 9, counter: 0, device: DeviceID(bits: 3))
    try library.receive([
      Change(
        stamp: stamp, operation: stamp, entity: "p:2510.00001", field: "note:aaaa",
        value: Noted.json(NoteVersion(text: other)))
    ])
    let conflict = try #require(try library.read { try $0.conflicts() }.first)
    #expect(conflict.isLeftOut && conflict.stamp == stamp)
    #expect(conflict.lost == "\"\(other)\"")
    #expect(conflict.holds == "\"\(mine)\\n\(NoteMerge.tooLongMark)\"")
    #expect(try library.conflictCount() == 1 && library.problems() == [])
    try library.record("note") {
      try $0.write([.note(paper, id: "aaaa", NoteVersion(text: "both"))])
    }
    #expect(try library.read { try $0.conflicts() } == [] && library.conflictCount() == 0)
  }

  /// A build before the seventh put all of a text into the index.
  @Test func anIndexOfWholeTextsIsMadeAgain() throws {
    let workspace = try Workspace()
    do {
      let library = try workspace.library()
      let long = Self.text("zebra", "yak", bytes: IndexedText.mostBytes)
      try library.record("note") {
        try $0.write([.added(paper, 5), .note(paper, id: "aaaa", NoteVersion(text: long))])
      }
      try library.database.run("INSERT INTO search (search) VALUES ('delete-all')")
      try library.database.run(
        "INSERT INTO search (rowid, title, keywords, summary, notes, authors) VALUES (1,'','','',?,'')",
        [SQLValue(long)])
      try Meta.set(library.database, "understands", SQLValue(6))
      #expect(try library.problems() != [])
    }
    let library = try workspace.library()
    #expect(try library.problems() == [])
    #expect(try found("zebra", library, workspace) && !found("yak", library, workspace))
  }

  /// Nothing is read before it is looked at: all that is recorded, taken back and received is the
  /// same.
  @Test func aLibraryWithoutRoomIsTheSame() throws {
    var small = Understanding.standard
    small.room = 0
    for seed in 1...60 as ClosedRange<UInt64> {
      let library = try Library(inMemory: Workspace(seed: seed).surroundings)
      let other = try Library(
        inMemory: Workspace(seed: seed).surroundings, understanding: small)
      for library in [library, other] { try live(library, seed) }
      #expect(try library.dump() == other.dump(), "seed \(seed)")
      #expect(try other.problems() == [], "seed \(seed)")
      #expect(
        try library.read { try $0.conflicts() } == other.read { try $0.conflicts() },
        "seed \(seed)")
    }
  }

  private func live(_ library: Library, _ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    try library.record("add") { try $0.write([.added(paper, 5)]) }
    for step in 0..<20 {
      let note = ["aaaa", "bbbb", "cccc"].randomElement(using: &random) ?? "aaaa"
      let text = Bool.random(using: &random) ? "line \(step)\nsame\nend" : nil
      switch Int.random(in: 0..<8, using: &random) {
      case 0, 1, 2:
        try library.record("note") {
          try $0.write([.note(paper, id: note, NoteVersion(text: text))])
        }
      case 3:
        // Another machine, which has seen nothing of ours.
        let device = DeviceID(bits: UInt64.random(in: 5...7, using: &random))
        let stamp = Stamp(
          milliseconds: 1_760_000_000_000 + Int64.random(in: 0..<90, using: &random), counter: 9,
          device: device)
        try library.receive([
          Change(
            stamp: stamp, operation: stamp, entity: "p:2510.00001", field: "note:" + note,
            value: Noted.json(NoteVersion(text: text ?? "same")))
        ])
      case 4: try library.record("mark") { try $0.write([.status(paper, .read)]) }
      case 5: try library.record("title") { try $0.write([.givenTitle(paper, "Title \(step)")]) }
      case 6: _ = try? library.undo()
      default: _ = try? library.redo()
      }
    }
  }
}
