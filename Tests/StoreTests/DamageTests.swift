import Changes
import Filters
import Foundation
import Papers
import TestSupport
import Testing

@testable import Store

/// A file whose texts are none: each question ends in an answer, or in
/// ``LibraryError/damaged(path:detail:)``.
@Suite struct DamageTests {
  /// Bytes that are no text, and a text that is none.
  private static let damages = ["x'FF00C3'", "CAST(x'C328FF' AS TEXT)"]

  /// What a whole library answers, a question at a time.
  private static var questions: [(String, (Library, FilterContext) throws -> Void)] {
    func ask(
      _ name: String, _ body: @escaping (LibraryReader, FilterContext) throws -> Void
    ) -> (String, (Library, FilterContext) throws -> Void) {
      (name, { library, context in try library.read { try body($0, context) } })
    }
    let paper = PaperID(trusted: "2510.00001")
    let name = RegisterName(.paper, paper.rawValue, "status")
    return [
      ask("rows") { _ = try $0.rows(.all, in: $1) },
      ask("rows by title") {
        _ = try $0.rows(.all, in: $1, order: .init(.title, descending: true))
      },
      ask("ids") { _ = try $0.ids(.all, in: $1) }, ask("count") { _ = try $0.count(.all, in: $1) },
      ask("papers") { try $0.forEachPaper(.all, in: $1) { _ in } },
      ask("paper") { reader, _ in _ = try reader.paper(paper) },
      ask("standing") { reader, _ in _ = try reader.known(paper) },
      ask("search") { _ = try $0.search(.text("lamp"), in: $1, limit: 9) },
      ask("words of sections") {
        _ = try $0.ids(.field(.section, .contains, [.text("a")]), in: $1)
      },
      ask("words of summaries") {
        _ = try $0.ids(.field(.summary, .contains, [.text("a")]), in: $1)
      },
      ask("a tag") { _ = try $0.ids(.tag(Tag(trusted: "kv")), in: $1) },
      ask("a view") { _ = try $0.ids(.view("week", FilterRange(start: 0, length: 5)), in: $1) },
      ask("resolve") { _ = try $0.resolve("0001", in: $1) },
      ask("tags") { reader, _ in _ = try reader.tags() },
      ask("views") { reader, _ in _ = try reader.views() },
      ask("note") { reader, _ in _ = try reader.note("aaaa") },
      ask("seen") { reader, _ in _ = try reader.seen(of: [name]) },
      ask("device") { reader, _ in _ = try reader.device() },
      ask("operations") { reader, _ in _ = try reader.operations() },
      ask("operations of a paper") { reader, _ in _ = try reader.operations(on: paper) },
      ask("history") { reader, _ in _ = try reader.history(of: paper) },
      ask("fields") { reader, _ in _ = try reader.fieldsSaid(of: paper) },
      ask("machines") { reader, _ in _ = try reader.machineNames() },
      ask("retired") { reader, _ in _ = try reader.retiredDevices() },
      ask("conflicts") { reader, _ in _ = try reader.conflicts() },
      ask("statistics") { reader, _ in _ = try reader.statistics() },
      ask("title") { reader, _ in _ = try reader.title(paper) },
      ask("endings") { reader, _ in _ = try reader.papers(endingIn: "0001") },
      ("dump", { library, _ in _ = try library.dump() }),
      ("changes", { library, _ in _ = try library.changes(after: 0, limit: 1000) }),
      ("changes of", { library, _ in _ = try library.changes(of: "p:2510.00001") }),
      ("memory", { library, _ in _ = try library.memory { try $0.all(prefix: "") } }),
      ("unapplied", { library, _ in _ = try library.unappliedCount() }),
      ("conflict count", { library, _ in _ = try library.conflictCount() }),
      (
        "superseded",
        { library, _ in try library.forEachSupersededContent(by: { _ in true }) { _ in } }
      ),
      ("problems", { library, _ in _ = try library.problems() }),
      ("undo", { library, _ in _ = try library.undo(3, dryRun: true) }),
      (
        "mark",
        { library, _ in
          try library.record("mark", dryRun: true) {
            try $0.write([
              .status(paper, .skipped), .note(paper, id: "aaaa", NoteVersion(text: "b")),
            ])
          }
        }
      ),
      (
        "import",
        { library, _ in
          try library.record("import", dryRun: true) {
            try $0.write([.content(paper, DigestContent(PaperContent(title: "b")))])
          }
        }
      ),
      ("rebuild", { library, _ in try library.rebuild() }),
    ]
  }

  private func filled(_ path: String, _ workspace: Workspace) throws {
    let library = try Library(at: path, surroundings: workspace.surroundings)
    let papers = (1...2).map { PaperID(trusted: "2510.0000\($0)") }
    try library.record("import") { recorder in
      for id in papers {
        let content = PaperContent(
          title: "Lamp", summary: "a lamp", keywords: ["light"], tldr: "a",
          sections: [.init(label: "a", text: "lamp")])
        try recorder.write([
          .content(id, DigestContent(content)), .added(id, 5),
          .appearance(id, PaperDate("2025-10-02"), source: "demo", index: 1),
          Authors.fact(id.rawValue, ["Ann"]), Categories.fact(id.rawValue, ["cs.CL"]),
          Published.fact(id.rawValue, PublicationDate("2025-10-01")),
          CodeLinks.fact(id.rawValue, ["https://a.org"]), Abstract.fact(id.rawValue, "words"),
        ])
      }
    }
    try library.record("edit") { recorder in
      for id in papers {
        try recorder.write([
          .tag(id, Tag(trusted: "kv"), true), .status(id, .read),
          .note(id, id: "aaaa" + id.rawValue.suffix(1), NoteVersion(text: "words")),
        ])
      }
      try recorder.write([.view("week", "is:read")])
    }
    let stamp = Stamp(milliseconds: 9, counter: 0, device: DeviceID(bits: 7))
    try library.receive([
      Change(
        stamp: stamp, operation: stamp, entity: "p:2510.00001", field: "status", value: "\"queued\""
      )
    ])
    let other = Stamp(milliseconds: 9, counter: 1, device: DeviceID(bits: 7))
    try library.receive([
      Change(stamp: other, operation: stamp, entity: "x:1", field: "mood", value: "1")
    ]) { try $0.set("peer", "some") }
  }

  /// The tables, each with its columns that hold texts.
  private func columns(_ file: String) throws -> [(table: String, column: String)] {
    let list = try Shell.sqlite(
      file,
      """
      SELECT m.name || ' ' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
      WHERE m.type = 'table' AND m.name NOT LIKE 'search%' AND c.type IN ('TEXT', '')
      """)
    return list.split(separator: "\n").map { line in
      let words = line.split(separator: " ").map(String.init)
      return (words[0], words[1])
    }
  }

  @Test func everyQuestionEndsInAnAnswerOrInDamage() throws {
    let workspace = try Workspace()
    let whole = workspace.url.path + "/whole.sqlite"
    try filled(whole, workspace)
    let columns = try columns(whole)
    #expect(columns.count > 25)
    for (name, ask) in Self.questions {
      #expect(throws: Never.self, "\(name)") {
        try ask(try Library(at: whole, surroundings: workspace.surroundings), workspace.context)
      }
    }
    for (table, column) in columns {
      for (number, damage) in Self.damages.enumerated() {
        let file = workspace.url.path + "/\(table)-\(column)-\(number).sqlite"
        try FileManager.default.copyItem(atPath: whole, toPath: file)
        try Shell.sqlite(file, "UPDATE OR REPLACE \(table) SET \(column) = \(damage)")
        for (name, ask) in Self.questions {
          do {
            try ask(try Library(at: file, surroundings: workspace.surroundings), workspace.context)
          } catch LibraryError.damaged {
          } catch LibraryError.notFound, LibraryError.nothingTo, LibraryError.ambiguous,
            LibraryError.filter
          {
            // What cannot be found under its name.
          } catch {
            Issue.record("\(table).\(column) = \(damage), \(name): \(error)")
          }
        }
        try FileManager.default.removeItem(atPath: file)
      }
    }
  }

  @Test func aTextWithNULReadsWholeEverywhere() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    let id = PaperID(trusted: "2510.00001")
    let text = "one\u{0}two \u{0}"
    try library.record(text) {
      let content = PaperContent(
        title: text, summary: text, keywords: [text], tldr: text,
        sections: [.init(label: text, text: text)])
      try $0.write([
        .content(id, DigestContent(content)), .added(id, 5),
        .note(id, id: "aaaa", NoteVersion(text: text)),
        .appearance(id, PaperDate("2025-10-02"), source: text, index: 1),
      ])
      try $0.write([.view("v", "is:unread")])
    }
    try library.read { reader in
      #expect(try reader.rows(.all, in: workspace.context).map(\.title) == [text])
      #expect(try reader.title(id) == text)
      let paper = try #require(try reader.paper(id))
      #expect(paper.content.title == text && paper.content.summary == text)
      #expect(paper.content.keywords == [text] && paper.content.tldr == text)
      #expect(paper.content.sections == [.init(label: text, text: text)])
      #expect(paper.notes.map(\.text) == [text] && paper.appearances.map(\.source) == [text])
      #expect(try reader.note("aaaa")?.note.text == text)
      #expect(try reader.views().map(\.name) == ["v"])
      #expect(try reader.operations().map(\.what) == [text])
      #expect(try reader.known(id)?.content?.content == paper.content)
      var exported: [Paper] = []
      try reader.forEachPaper(.all, in: workspace.context) { exported.append($0) }
      #expect(exported == [paper])
      for filter in [
        Filter.text("two"), .field(.title, .equals, [.text(text)]),
        .field(.note, .equals, [.text(text)]), .field(.source, .equals, [.text(text)]),
        .view("v", FilterRange(start: 0, length: 1)),
      ] {
        #expect(try reader.ids(filter, in: workspace.context) == [id], "\(filter)")
      }
    }
    #expect(try library.problems() == [])
    _ = try library.undo()
    #expect(try library.read { try $0.views() }.isEmpty)
    #expect(try library.problems() == [])
  }
}
