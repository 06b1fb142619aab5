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
    .sorted { Self.precedes(($0.created, $0.id), ($1.created, $1.id)) }
  }

  /// The notes on a paper as the index has them: in the same order, or, where they are more than it
  /// takes, in the order of their ids, as many as it takes. (To know when a long one was begun is
  /// to read it.)
  func indexedNotes(ofPaperNumbered number: Int64) throws -> [String] {
    var notes: [(id: String, created: Int64, text: String)] = []
    var room = IndexedText.mostBytes
    try read(
      "SELECT id, created, text FROM note WHERE paper = ? ORDER BY id", [SQLValue(number)]
    ) { row in
      let text = IndexedText.beginning(of: try row.text(2))
      room -= row.length(2)
      notes.append((try row.text(0), row.integer(1), text))
      return room >= 0
    }
    if room >= 0 { notes.sort { Self.precedes(($0.created, $0.id), ($1.created, $1.id)) } }
    return notes.map(\.text)
  }

  private static func precedes(_ one: (Int64, String), _ other: (Int64, String)) -> Bool {
    one.0 != other.0 ? one.0 < other.0 : one.1.precedesByBytes(other.1)
  }
}
