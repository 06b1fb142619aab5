import Changes
import Filters
import Foundation
import Papers
import TestSupport
import Testing

@testable import Store

/// What people type stays in the arguments of statements: it never becomes SQL, nor a query of the
/// full-text index.
@Suite struct InjectionTests {
  /// Texts that would mean something in SQL, in a LIKE pattern or in an FTS5 query.
  private static let texts = [
    "zqx' OR '1'='1", "zqx\" OR \"1\"=\"1", "zqx'); DROP TABLE paper; --", "zqx%", "zqx_", "%", "_",
    "zqx\\", "zqx*", "zqx NEAR zqx", "title : zqx", "{title} : zqx", "-zqx", "^zqx", "zqx AND zqx",
    "zqx\u{0}zqx", "zqx;zqx", "zqx--", "zqx/*", "?1", ":zqx", "zqx' UNION SELECT 1 --",
  ]

  private static let fields: [FilterField] = [
    .id, .title, .summary, .keyword, .note, .text, .tag, .source,
  ]

  private func filled(_ workspace: Workspace) throws -> Library {
    let library = try workspace.library()
    for number in 1...3 {
      let id = PaperID(trusted: "2510.0000\(number)")
      try library.record("add") {
        try $0.write([
          .content(
            id, DigestContent(PaperContent(title: "Lantern", summary: "light", keywords: ["x"]))),
          .added(id, 1), .tag(id, Tag(trusted: "lamp"), true),
        ])
      }
    }
    return library
  }

  @Test("No word of a filter is in the SQL it becomes", arguments: texts)
  func wordsAreArguments(_ text: String) throws {
    let workspace = try Workspace()
    let library = try filled(workspace)
    let operators: [FilterOperator] = [.matches, .equals, .contains, .differs]
    try library.read { reader in
      for field in Self.fields {
        for op in operators {
          let sql = FilterSQL(reader: reader, context: workspace.context)
          let made = try sql.selection(of: .field(field, op, [.text(text)]))
          #expect(!made.sql.contains("zqx"), "\(field) \(op): \(made.sql)")
          #expect(!made.sql.contains(text) || ["%", "_", "?1"].contains(text))
        }
      }
      for filter in [Filter.text(text), .tag(Tag(trusted: text))] {
        let made = try FilterSQL(reader: reader, context: workspace.context).selection(of: filter)
        #expect(!made.sql.contains("zqx"), "\(made.sql)")
      }
    }
  }

  @Test("A filter selects what holds its words, and nothing else happens", arguments: texts)
  func nothingElseHappens(_ text: String) throws {
    let workspace = try Workspace()
    let library = try filled(workspace)
    let before = try library.dump()
    for field in Self.fields {
      for op in [FilterOperator.matches, .equals, .contains] {
        let filter = Filter.field(field, op, [.text(text)])
        let found = try library.read { try $0.ids(filter, in: workspace.context) }
        #expect(found.isEmpty, "\(field) \(op) finds \(found)")
      }
    }
    _ = try library.read { try $0.search(.text(text), in: workspace.context, limit: 10) }
    #expect(try library.dump() == before)
    #expect(try library.problems() == [])
  }

  @Test("What is stored comes back as it was written", arguments: texts)
  func whatIsStoredComesBack(_ text: String) throws {
    let workspace = try Workspace()
    let library = try filled(workspace)
    let id = PaperID(trusted: "2510.00009")
    try library.record(text) {
      try $0.write([
        .content(id, DigestContent(PaperContent(title: text, summary: text, keywords: [text]))),
        .added(id, 1), .note(id, id: "aaaaaaaa", NoteVersion(text: text)),
        .appearance(id, PaperDate(trusted: "2025-10-02"), source: text, index: 1),
      ])
    }
    let paper = try #require(try library.read { try $0.paper(id) })
    #expect(paper.content.title == text && paper.content.summary == text)
    #expect(paper.notes.map(\.text) == [text])
    #expect(try library.problems() == [])
    #expect(try library.read { try $0.ids(.all, in: workspace.context) }.count == 4)
  }
}
