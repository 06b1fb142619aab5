import Changes
import Filters
import Foundation
import Papers
import TestSupport
import Testing

@testable import Store

/// Who wrote a paper, where and when, in the library: recorded, folded, found.
@Suite struct BibliographyTests {
  private static let ids = (1...4).map { PaperID(trusted: "2510.0000\($0)") }

  /// Papers of which the last says nothing.
  private static let said: [Bibliography] = {
    var (one, two, three) = (Bibliography(), Bibliography(), Bibliography())
    one.authors = ["Ann \"Q\" Lee", "毛小咪"]
    one.categories = ["cs.CL", "stat.ML"]
    one.published = PublicationDate("2025-09-30")
    one.votes = 12
    two.authors = ["José Ríos", "Lee Ann Park"]
    two.categories = ["cs.LG"]
    two.published = PublicationDate("2025-10-02")
    two.code = ["https://a.org/x"]
    two.citekey = "rios2025"
    three.votes = 3
    three.abstract = "It folds paper.\nTwice, 'quoted'."
    return [one, two, three, Bibliography()]
  }()

  private func record(_ library: Library, _ said: [Bibliography] = said) throws {
    try library.record("import") { recorder in
      for (id, said) in zip(Self.ids, said) {
        let content = DigestContent(PaperContent(title: "Title \(id)", summary: "words"))
        try recorder.write(
          [.added(id, 5), .content(id, content)]
            + recorder.reader.registers.facts(id, said, beside: Bibliography()),
          seeing: .thisTransaction)
      }
    }
  }

  private func read(_ library: Library) throws -> [Bibliography] {
    try Self.ids.map { id in
      try #require(try library.read { try $0.paper(id) }).bibliography
    }
  }

  @Test func itIsRecordedAndFolded() throws {
    let library = try Library(inMemory: try Workspace().surroundings)
    try record(library)
    #expect(try read(library) == Self.said)
    let known = try library.read { reader in
      try Self.ids.map { try reader.known($0)?.bibliography }
    }
    #expect(known == Self.said)
    let before = try library.dump()
    #expect(before.contains { $0.contains("毛小咪") })
    try library.rebuild()
    #expect(try library.dump() == before)
    #expect(try library.problems() == [])
  }

  @Test func anUndoTakesItBackAndARedoBringsIt() throws {
    let library = try Library(inMemory: try Workspace().surroundings)
    try library.record("add") { recorder in
      for id in Self.ids { try recorder.write([.added(id, 5)], seeing: .thisTransaction) }
    }
    let nothing = try library.dump().filter { $0.hasPrefix("abstract ") }
    try record(library)
    _ = try library.undo()
    #expect(try read(library) == Array(repeating: Bibliography(), count: 4))
    #expect(try library.dump().filter { $0.hasPrefix("abstract ") } == nothing)
    _ = try library.redo()
    #expect(try read(library) == Self.said)
    #expect(try library.problems() == [])
  }

  @Test(
    arguments: [
      ("author:lee", "12"), ("author:\"lee ann\"", "2"), ("author:jose", "2"), ("author:小咪", "1"),
      ("author=\"josé ríos\"", "2"), ("author=lee", ""), ("author~Rí", "2"),
      ("author~\"\\\"Q\\\"\"", "1"), ("author:lee,jose", "12"), ("author:none", "34"),
      ("author:any", "12"), ("not author:lee", "34"), ("category:cs.CL", "1"),
      ("category:cs.cl", "1"), ("category:cs", "12"), ("category:stat", "1"),
      ("category:c", ""), ("category=cs", ""), ("category=cs.LG", "2"), ("category~.L", "2"),
      ("category:cs.CL,cs.LG", "12"), ("category:none", "34"), ("category!=cs.CL", "234"),
      ("votes:>=10", "1"), ("votes>=3", "13"), ("votes:3..12", "13"), ("votes:none", "24"),
      ("votes:any", "13"), ("votes<10", "3"), ("not votes>=10", "234"),
      ("published:2025-10", "2"), ("published:2025", "12"), ("published<2025-10-01", "1"),
      ("published:2025-09-30..2025-10-02", "12"), ("published:none", "34"),
      ("not published:2025-10", "134"), ("published>=2025-10-02", "2"), ("published:7d", "2"),
      ("has:author", "12"), ("has:abstract", "3"), ("has:code", "2"), ("not has:code", "134"),
      ("has!=author", "34"), ("has:author,abstract", "123"), ("text~mao", ""), ("text~小咪", "1"),
      ("lee", "12"), ("\"ríos\" is:unread", "2"), ("title:lee", ""), ("keyword:lee", ""),
    ])
  func filtersAskForIt(_ text: String, _ expected: String) throws {
    let workspace = try Workspace()
    let library = try Library(inMemory: workspace.surroundings)
    try record(library)
    let filter = try FilterParser.parse(text, today: workspace.context.today)
    let order = LibraryReader.Order(.id, descending: false)
    let found = try library.read { try $0.ids(filter, in: workspace.context, order: order) }
    #expect(found.compactMap(\.rawValue.last).map(String.init).joined() == expected)
  }

  /// A text that links code has it, too, as before there was a register.
  @Test func codeIsALinkOrStandsInTheText() throws {
    let workspace = try Workspace()
    let library = try Library(inMemory: workspace.surroundings)
    try record(library)
    try library.record("import") { recorder in
      let content = PaperContent(title: "T", summary: "see https://github.com/a/b")
      try recorder.write([.content(Self.ids[3], DigestContent(content))], seeing: .thisTransaction)
    }
    let filter = try FilterParser.parse("has:code", today: workspace.context.today)
    let found = try library.read { try $0.ids(filter, in: workspace.context) }
    #expect(Set(found) == [Self.ids[1], Self.ids[3]])
  }

  @Test func searchFindsAuthorsAndShowsThem() throws {
    let workspace = try Workspace()
    let library = try Library(inMemory: workspace.surroundings)
    try record(library)
    let filter = try FilterParser.parse("Ríos words", today: workspace.context.today)
    let hits = try library.read { try $0.search(filter, in: workspace.context, limit: 9) }
    #expect(hits.map(\.row.id) == [Self.ids[1]])
    let alone = try FilterParser.parse("author:rios", today: workspace.context.today)
    let named = try library.read { try $0.search(alone, in: workspace.context, limit: 9) }
    #expect(named.first.map { "\($0.snippet)" }?.contains("Ríos") == true)
    // What is taken back is found no more, also after a note came between.
    try library.record("note") {
      try $0.write(
        [.note(Self.ids[1], id: "aaaa", NoteVersion(text: "mine"))], seeing: .thisTransaction)
    }
    #expect(try library.problems() == [])
    try library.record("correct") {
      try $0.write([Authors.fact(Self.ids[1].rawValue, ["Nobody"])], seeing: .thisTransaction)
    }
    #expect(try library.read { try $0.ids(alone, in: workspace.context) } == [])
    #expect(try library.problems() == [])
  }

  /// A library of version 2, with what an older build could only keep.
  @Test func anOlderLibraryIsBroughtUpToDate() throws {
    let workspace = try Workspace()
    let path = workspace.url.appendingPathComponent("library.sqlite").path
    try Shell.sqlite(path, "PRAGMA user_version = 0")
    let database = try Database(path: path, .readWrite) { _ in false }
    for migration in Schema.migrations.prefix(2) { try database.script(migration.sql) }
    let paper = Self.ids[0].rawValue
    let authors = #"["Ann Lee"]"#
    try database.script(
      """
      PRAGMA user_version = 2;
      INSERT INTO device (number, id) VALUES (1, '0000000000000007');
      INSERT INTO meta VALUES ('device', '0000000000000007'), ('understands', 2);
      INSERT INTO operation (number, ms, counter, device, mine, kind, what, first, last, changes)
        VALUES (1, 5, 0, 1, 1, 'do', 'import', 1, 3, 3);
      INSERT INTO change (seq, ms, counter, device, operation, entity, field, value) VALUES
        (1, 5, 1, 1, 1, 'p:\(paper)', 'added', '5'),
        (2, 5, 2, 1, 1, 'p:\(paper)', 'content', '{"title":"Lamps","summary":"they shine"}'),
        (3, 5, 3, 1, 1, 'p:\(paper)', 'authors', '\(authors)');
      INSERT INTO unapplied VALUES (3);
      INSERT INTO paper (number, id, title, status, starred, listed, position, added, updated, tags,
          keywords, content, sightings, notes, conflicts, has)
        VALUES (1, '\(paper)', 'Lamps', 0, 0, 1, 0, 5, 5, '', '', 2, 0, 0, 0, 0),
          (2, '2510.00002', 'Left', 0, 0, 0, 0, 0, 5, '', '', NULL, 0, 0, 0, 0);
      """)
    let library = try workspace.library()
    #expect(try library.read { try $0.paper(Self.ids[0]) }?.bibliography.authors == ["Ann Lee"])
    #expect(try library.unappliedCount() == 0)
    for word in ["lee", "lamps", "shine"] {
      let found = try library.read { try $0.ids(.text(word), in: workspace.context) }
      #expect(found == [Self.ids[0]], "\(word)")
    }
    let version = Understanding.standard.version
    #expect(try Shell.sqlite(path, "PRAGMA user_version") == "\(version)\n")
    #expect(try Shell.sqlite(path + ".before-v3", "PRAGMA user_version") == "2\n")
  }
}
