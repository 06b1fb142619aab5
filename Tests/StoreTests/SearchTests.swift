import Changes
import Filters
import Foundation
import Papers
import Store
import TestSupport
import Testing

@Suite struct SearchTests {
  /// A library of three papers: words in the title of one, in the keywords of the next, in the
  /// summary of the third.
  private func library(_ workspace: Workspace) throws -> Library {
    let library = try workspace.library()
    try add(library, "2510.00001", "KV缓存压缩的尽头", "没有别的。", [])
    try add(library, "2510.00002", "On Attention", "关于注意力。", ["ＫＶ　缓存"])
    try add(library, "2510.00003", "Über naïve Bäume", "我们把 KV 缓存压缩到一半；attention 更快。", [])
    return library
  }

  private func add(
    _ library: Library, _ id: String, _ title: String, _ summary: String, _ keywords: [String]
  ) throws {
    let id = PaperID(trusted: id)
    try library.record("add") {
      try $0.write([
        .content(
          id, DigestContent(PaperContent(title: title, summary: summary, keywords: keywords))),
        .added(id, 1),
      ])
    }
  }

  @Test(arguments: [
    ("缓", "1 2 3"), ("缓存", "1 2 3"), ("存缓", ""), ("kv缓存", "1 2 3"), ("KV 缓存压缩", "1 3"),
    ("\"缓存压缩\"", "1 3"), ("uber", "3"), ("NAIVE", "3"), ("atten*", "2 3"), ("atten", ""),
    ("ａｔｔｅｎｔｉｏｎ", "2 3"), ("title:attention", "2"), ("keyword:缓存", "2"), ("注意力", "2"),
    ("缓存 not title:缓存", "2 3"), ("注意力 or 尽头", "1 2"),
  ])
  func finds(_ query: String, _ expected: String) throws {
    let workspace = try Workspace()
    let library = try library(workspace)
    let filter = try FilterParser.parse(query, today: workspace.context.today)
    let hits = try library.read { try $0.search(filter, in: workspace.context, limit: 10) }
    let numbers = hits.map { String($0.row.id.rawValue.last ?? "?") }
    #expect(numbers.sorted().joined(separator: " ") == expected)
    let listed = try library.read { try $0.ids(filter, in: workspace.context) }
    #expect(Set(listed) == Set(hits.map(\.row.id)), "list and search agree")
  }

  @Test func ranksTitleOverKeywordsOverSummary() throws {
    let workspace = try Workspace()
    let library = try library(workspace)
    let hits = try library.read { try $0.search(.text("缓存"), in: workspace.context, limit: 10) }
    #expect(hits.map(\.row.id.rawValue) == ["2510.00001", "2510.00002", "2510.00003"])
  }

  @Test func marksWhatItFound() throws {
    let workspace = try Workspace()
    let library = try library(workspace)
    let filter = try FilterParser.parse("naive 缓存压缩", today: workspace.context.today)
    let hits = try library.read { try $0.search(filter, in: workspace.context, limit: 10) }
    let marked = hits.first?.snippet.parts.filter(\.isHit).map(\.text)
    #expect(marked == ["缓存压缩"])
  }

  /// After every kind of change the index says what a rebuilt one would, and finds the new text
  /// only.
  @Test func isNeverStale() throws {
    let workspace = try Workspace()
    let library = try library(workspace)
    let id = PaperID(trusted: "2510.00001")
    func found(_ word: String) throws -> Bool {
      try !library.read { try $0.ids(.text(word), in: workspace.context) }.isEmpty
    }
    try library.record("note") { try $0.write([.note(id, id: "abcd", NoteVersion(text: "鲸鱼"))]) }
    #expect(try found("鲸"))
    try library.record("note") { try $0.write([.note(id, id: "abcd", NoteVersion(text: "海豚"))]) }
    #expect(try !found("鲸") && found("豚"))
    try library.record("tag") { try $0.write([.tag(id, Tag(trusted: "x"), true)]) }
    #expect(try library.problems() == [])
    try add(library, id.rawValue, "Renamed", "换了", [])
    #expect(try !found("尽头") && found("renamed") && found("豚"))
    _ = try library.undo(4)
    #expect(try found("尽头") && !found("豚") && !found("renamed"))
    #expect(try library.problems() == [])
  }

  @Test func aDamagedIndexIsNoticed() throws {
    let workspace = try Workspace()
    let library = try library(workspace)
    try Shell.sqlite(
      workspace.url.appendingPathComponent("library.sqlite").path,
      "INSERT INTO search (rowid, title) VALUES (99, 'ghost')")
    #expect(try library.problems() == ["the search index differs from what the log says"])
    try library.rebuild()
    #expect(try library.problems() == [])
  }

  /// The index is SQLite's own: the plain shell can ask it.
  @Test func theShellCanSearch() throws {
    let workspace = try Workspace()
    _ = try library(workspace)
    let out = try Shell.sqlite(
      workspace.url.appendingPathComponent("library.sqlite").path,
      """
      SELECT p.id FROM search JOIN paper p ON p.number = search.rowid
      WHERE search MATCH '"压 缩"' ORDER BY p.id
      """)
    #expect(out == "2510.00001\n2510.00003\n")
  }
}
