import Changes
import Filters
import Foundation
import Papers
import TestSupport
import Testing

@testable import Store

/// Names that are written in two ways, an accent in one character or in two, are two names: to
/// SQLite, to the remote format, and so to everything. Swift's own `==` and `hasPrefix` say
/// otherwise, and a mark after a `:` hides it.
@Suite struct TwinNameTests {
  private static let names = ["caf\u{E9}", "cafe\u{301}", "\u{301}x", "x"]
  private static let papers =
    names.map { PaperID(trusted: "url:https://a.example/" + $0) }
    + [PaperID(trusted: "\u{301}2510.00001"), PaperID(trusted: "2510.00001")]

  /// What other machines wrote, each register once; of those that have twins both.
  private static var changes: [Change] {
    var facts: [Fact] = []
    for paper in papers {
      facts += [.added(paper, 5), .status(paper, .read)]
      facts.append(.content(paper, DigestContent(PaperContent(title: paper.rawValue))))
      for name in names {
        if let tag = Tag(name) { facts.append(.tag(paper, tag, true)) }
        facts.append(.appearance(paper, PaperDate("2025-10-02"), source: name, index: 1))
      }
      facts.append(.note(paper, id: "note", NoteVersion(text: "\u{301}e\u{301}\n\u{E9}")))
    }
    for name in names { facts.append(.view(name, "title~\(name)")) }
    return facts.enumerated().map { index, fact in
      let stamp = Stamp(
        milliseconds: 100 + Int64(index), counter: 0, device: DeviceID(bits: UInt64(index % 3)))
      return Change(
        stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: fact.value)
    }
  }

  /// A library that got them in an order, so many at a time.
  private func library(_ changes: [Change], atATime count: Int) throws -> Library {
    let library = try Library(inMemory: try Workspace().surroundings)
    for start in stride(from: 0, to: changes.count, by: count) {
      try library.receive(Array(changes[start..<min(start + count, changes.count)]))
    }
    return library
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func twinsStayTwoInWhateverOrderTheyCome(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let count = Int.random(in: 1...30, using: &random)
    let library = try library(Self.changes.shuffled(using: &random), atATime: count)
    let other = try self.library(Self.changes, atATime: Self.changes.count)
    #expect(try library.problems() == [], "seed \(seed)")
    let ours = try library.dump().filter { !$0.utf8.starts(with: "machine".utf8) }
    let theirs = try other.dump().filter { !$0.utf8.starts(with: "machine".utf8) }
    #expect(ours.hasBytes(of: theirs), "seed \(seed)")
  }

  @Test func eachHasWhatWasSaidOfIt() throws {
    let library = try library(Self.changes, atATime: 7)
    let context = try Workspace().context
    try library.read { reader in
      #expect(try Set(reader.ids(.all, in: context)) == Set(Self.papers))
      for id in Self.papers {
        let paper = try #require(try reader.paper(id))
        #expect(paper.content.title.hasBytes(of: id.rawValue))
        #expect(paper.status == .read)
        #expect(Set(paper.tags) == Set(Self.names.compactMap { Tag($0) }))
        #expect(
          Set(paper.appearances.map { ByteText($0.source) }) == Set(Self.names.map { ByteText($0) })
        )
        #expect(paper.notes.map { ByteText($0.text) } == [ByteText("\u{301}e\u{301}\n\u{E9}")])
        #expect(try reader.history(of: id).count == 3 + 4 + 3 + 1)
      }
      let views = try reader.views()
      #expect(Set(views.map { ByteText($0.name) }) == Set(Self.names.map { ByteText($0) }))
      for view in views { #expect(view.filter.hasBytes(of: "title~\(view.name)")) }
      #expect(try reader.tags().map(\.papers) == [6, 6, 6])
    }
    #expect(try library.unappliedCount() == 0)
  }

  @Test(
    "A tag is found however it is typed",
    arguments: ["+caf\u{E9}", "+cafe\u{301}", "tag:cafe\u{301}"])
  func tagsAreFoundHoweverTheyAreTyped(_ text: String) throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    let papers = (1...3).map { PaperID(trusted: "2510.0000\($0)") }
    try library.record("tag") { recorder in
      try recorder.write([.tag(papers[0], Tag(trusted: "caf\u{E9}"), true)])
      try recorder.write([.tag(papers[1], Tag(trusted: "cafe\u{301}"), true)])
      try recorder.write([.tag(papers[2], Tag(trusted: "cafe"), true)])
    }
    let filter = try FilterParser.parse(text, today: workspace.context.today)
    #expect(
      try library.read { try $0.ids(filter, in: workspace.context) }.sorted() == papers.dropLast())
    #expect(try library.problems() == [])
  }

  @Test func aLinkIsOnePaperHoweverItIsWritten() throws {
    for (one, other) in [
      ("https://a.example/caf\u{E9}", "https://a.example/cafe\u{301}"),
      ("https://a.example/?q=\u{E9}", "https://a.example/?q=e\u{301}"),
      ("https://a.example/caf%C3%A9", "https://a.example/caf\u{E9}"),
    ] {
      let (a, b) = (try #require(PaperID(link: one)), try #require(PaperID(link: other)))
      #expect(a == b, "\(a) \(b)")
      #expect(a.rawValue.utf8.allSatisfy { $0 < 0x80 })
      #expect(PaperID(rawValue: a.rawValue) == a)
    }
  }

  // MARK: Of an older build

  /// A library as an older build left it that took twins for one: folded again where that may be,
  /// and nowhere else.
  @Test func whatAnOlderBuildTookForOneIsTwoAgain() throws {
    let workspace = try Workspace()
    let path = workspace.url.path + "/library.sqlite"
    var old = Understanding.standard
    old.number = 1
    do {
      let library = try Library(
        at: path, mode: .readWrite, surroundings: workspace.surroundings, understanding: old)
      try library.receive(Self.changes)
      try library.write { db in
        let marked = SQLValue("\u{301}2510.00001")
        let text = IndexedText(
          PaperContent(title: "\u{301}2510.00001"), ["\u{301}e\u{301}\n\u{E9}"], authors: [])
        try db.run(
          """
          INSERT INTO search (search, rowid, title, keywords, summary, notes, authors)
          VALUES ('delete', (SELECT number FROM paper WHERE id = ?), ?, ?, ?, ?, ?)
          """, [marked] + text.columns.map { .utf8($0) })
        try db.run(
          "DELETE FROM note WHERE paper = (SELECT number FROM paper WHERE id = ?)", [marked])
        try db.run(
          "DELETE FROM tag WHERE paper = (SELECT number FROM paper WHERE id = ?)", [marked])
        try db.run(
          "DELETE FROM appearance WHERE paper = (SELECT number FROM paper WHERE id = ?)", [marked])
        try db.run("DELETE FROM paper WHERE id = ?", [marked])
        return (.commit, ())
      }
    }
    // Of each two the one that came later had the row, and what begins with a mark was not
    // understood.
    try Shell.sqlite(
      path,
      """
      DELETE FROM tag WHERE name = 'cafe' || char(769);
      UPDATE paper SET tags = 'café x', status = 0 WHERE id LIKE '%caf%';
      DELETE FROM appearance WHERE source = 'caf' || char(233);
      DELETE FROM view WHERE name = 'caf' || char(233);
      INSERT INTO unapplied SELECT seq FROM change WHERE entity LIKE 'p:' || char(769) || '%';
      UPDATE paper SET position = 77 WHERE id = '2510.00001';
      UPDATE operation SET what = 'left alone';
      """)
    let library = try workspace.library()
    let fresh = try self.library(Self.changes, atATime: Self.changes.count)
    func lines(_ library: Library) throws -> [ByteText] {
      try library.dump().filter { line in
        !["machine", "operation"].contains { line.utf8.starts(with: $0.utf8) }
      }.map { ByteText($0) }
    }
    let (found, wanted) = (try lines(library), try lines(fresh))
    let difference = found.filter { !wanted.contains($0) } + wanted.filter { !found.contains($0) }
    #expect(difference == [])
    #expect(found.count == wanted.count)
    #expect(try library.unappliedCount() == 0)
    #expect(
      try Shell.sqlite(path, "SELECT count(*) FROM operation WHERE what = 'left alone'") != "0\n")
    #expect(try library.problems() == [])
  }

  @Test func whatAnOlderBuildFoldedAsThisOneDoesIsLeftAlone() throws {
    let workspace = try Workspace()
    let path = workspace.url.path + "/library.sqlite"
    let paper = PaperID(trusted: "2510.00001")
    var old = Understanding.standard
    old.number = 1
    do {
      let library = try Library(
        at: path, mode: .readWrite, surroundings: workspace.surroundings, understanding: old)
      try library.record("add") {
        try $0.write([.added(paper, 5), .tag(paper, Tag(trusted: "kv"), true)])
        try $0.write([.added(Self.papers[0], 5)])
      }
    }
    // A mark that a fold would take away.
    try Shell.sqlite(path, "UPDATE paper SET starred = 1")
    let library = try workspace.library()
    #expect(try library.read { try $0.paper(paper) }?.starred == true)
    #expect(try library.read { try $0.paper(Self.papers[0]) }?.starred == false)
  }
}
