import Papers

extension LibraryReader {
  /// The title of a paper on the list; empty when it has none, or is not there.
  package func title(_ id: PaperID) throws -> String {
    try db.first(
      "SELECT title FROM paper WHERE id = ? AND listed = 1", [SQLValue(id.rawValue)]
    ) { try $0.text(0) } ?? ""
  }

  /// Papers on the list whose id ends so, of a text of three characters or more; at most 20 of
  /// them.
  package func papers(endingIn text: String) throws -> [PaperID] { try suffixed(text) }

  // MARK: For completion
  //
  // Each is a few steps in an index, however many papers there are: a key press waits for it.

  /// Papers on the list whose id begins so; of no beginning, the newest.
  package func papers(
    beginningWith prefix: String, limit: Int
  ) throws -> [(id: PaperID, title: String)] {
    let (sql, arguments): (String, [SQLValue]) =
      prefix.isEmpty
      ? ("SELECT id, title FROM paper WHERE listed = 1 ORDER BY day DESC, position, id LIMIT ?", [])
      : (
        "SELECT id, title FROM paper WHERE id >= ? AND id < ? AND listed = 1 ORDER BY id LIMIT ?",
        Self.range(prefix)
      )
    return try db.all(sql, arguments + [SQLValue(limit)]) {
      (PaperID(trusted: try $0.text(0)), try $0.text(1))
    }
  }

  /// Notes whose id begins so, the newest first.
  package func notes(
    beginningWith prefix: String, limit: Int
  ) throws -> [(id: String, text: String)] {
    try db.all(
      """
      SELECT n.id, substr(n.text, 1, 200) FROM note n JOIN paper p ON p.number = n.paper
      WHERE n.id >= ? AND n.id < ? AND p.listed = 1 ORDER BY n.id LIMIT ?
      """, Self.range(prefix) + [SQLValue(limit)]
    ) { (try $0.text(0), try $0.text(1)) }
  }

  /// Tags in use that begin so, by name.
  package func tags(beginningWith prefix: String, limit: Int) throws -> [String] {
    // From each name straight to the next one: a tag may be on thousands of papers.
    try db.all(
      """
      WITH RECURSIVE next(name) AS (
        SELECT min(name) FROM tag WHERE name >= ?1 AND name < ?2
        UNION ALL
        SELECT (SELECT min(name) FROM tag WHERE name > next.name AND name < ?2) FROM next
        WHERE next.name IS NOT NULL)
      SELECT name FROM next WHERE name IS NOT NULL AND EXISTS (
        SELECT 1 FROM tag t JOIN paper p ON p.number = t.paper
        WHERE t.name = next.name AND p.listed = 1)
      LIMIT ?3
      """, Self.range(prefix) + [SQLValue(limit)]
    ) { try $0.text(0) }
  }

  /// The newest days that digests have, the newest first.
  package func recentDays(limit: Int) throws -> [String] {
    try db.all(
      """
      WITH RECURSIVE next(day) AS (
        SELECT max(day) FROM appearance WHERE day <> ''
        UNION ALL
        SELECT (SELECT max(day) FROM appearance WHERE day < next.day AND day <> '') FROM next
        WHERE next.day IS NOT NULL)
      SELECT day FROM next WHERE day IS NOT NULL LIMIT ?
      """, [SQLValue(limit)]
    ) { try $0.text(0) }
  }

  /// The series of the newest digests.
  package func recentSeries() throws -> [String] {
    try db.all(
      """
      SELECT DISTINCT source FROM (
        SELECT source FROM appearance WHERE source <> '' ORDER BY day DESC LIMIT 3000)
      """
    ) { try $0.text(0) }
  }

  /// The newest digests, `series/day`, the newest first.
  package func recentDigests(limit: Int) throws -> [String] {
    let days = try recentDays(limit: limit)
    return try Array(
      days.flatMap { day in
        try db.all(
          "SELECT DISTINCT source FROM appearance WHERE day = ? ORDER BY source", [SQLValue(day)]
        ) { try $0.text(0) }.map { $0.isEmpty ? day : $0 + "/" + day }
      }.prefix(limit))
  }

  /// The first text that begins with `prefix`, and the first that comes after all that do. SQLite
  /// compares bytes; nothing that is typed begins with U+10FFFF.
  private static func range(_ prefix: String) -> [SQLValue] {
    [SQLValue(prefix), SQLValue(prefix + "\u{10FFFF}")]
  }
}
