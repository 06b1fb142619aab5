import Papers

/// The text of one paper as the index sees it: of each column its first ``mostBytes``. SQLite takes
/// no text of a gigabyte, which some hundred notes by somebody with the key are, and an index of
/// them would be of no use to anybody.
struct IndexedText: Hashable {
  /// So many bytes of a text are in the index.
  static let mostBytes = 4 << 20

  var columns: [[UInt8]]

  init(_ content: PaperContent, _ notes: [String], authors: [String]) {
    columns = [
      content.title, content.keywords.joined(separator: "\n"), content.summary,
      notes.joined(separator: "\n\n"), authors.joined(separator: "\n"),
    ].map { SearchText.index(Self.beginning(of: $0)) }
  }

  /// As much of a text as is in the index. What is cut of a character is no word.
  static func beginning(of text: String) -> String {
    guard text.utf8.count > mostBytes else { return text }
    return String(decoding: text.utf8.prefix(mostBytes), as: UTF8.self)
  }
}

/// Writes the FTS5 index. It has no content of its own, so an entry is removed by naming the very
/// text it was made from (https://sqlite.org/fts5.html, section 6.3).
struct SearchIndex {
  let db: Database

  /// Replaces the entry of a paper.
  func replace(_ number: Int64, _ old: IndexedText?, _ new: IndexedText) throws {
    if old == new { return }
    if let old {
      try db.run(
        """
        INSERT INTO search (search, rowid, title, keywords, summary, notes, authors)
        VALUES ('delete', ?, ?, ?, ?, ?, ?)
        """, [SQLValue(number)] + old.columns.map { .utf8($0) })
    }
    try db.run(
      """
      INSERT INTO search (rowid, title, keywords, summary, notes, authors)
      VALUES (?, ?, ?, ?, ?, ?)
      """, [SQLValue(number)] + new.columns.map { .utf8($0) })
  }

  /// Takes all entries out.
  func empty() throws { try db.run("INSERT INTO search (search) VALUES ('delete-all')") }
}
