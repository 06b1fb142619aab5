import Papers

extension Database {
  /// The notes on a paper, the first that was begun first.
  ///
  /// Put in order here: SQLite's sorter holds four copies of a text, which may have 16 MB.
  func notes(ofPaperNumbered number: Int64) throws -> [Note] {
    try all(
      "SELECT id, text, created, updated FROM note WHERE paper = ?", [SQLValue(number)]
    ) { row in
      Note(
        id: try row.text(0), text: try row.text(1), created: row.integer(2),
        updated: row.integer(3))
    }
    .sorted { one, other in
      one.created != other.created
        ? one.created < other.created : one.id.precedesByBytes(other.id)
    }
  }
}
