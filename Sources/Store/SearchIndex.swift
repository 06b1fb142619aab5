import Papers

/// The text of one paper as the index sees it.
struct IndexedText: Hashable {
  var columns: [[UInt8]]

  init(_ content: PaperContent, _ notes: [String], authors: [String]) {
    columns = [
      SearchText.index(content.title),
      SearchText.index(content.keywords.joined(separator: "\n")),
      SearchText.index(content.summary),
      SearchText.index(notes.joined(separator: "\n\n")),
      SearchText.index(authors.joined(separator: "\n")),
    ]
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
