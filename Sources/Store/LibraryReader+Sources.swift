import Papers

extension LibraryReader {
  /// The sources and what is asked of each, by name.
  package func sources() throws -> [(name: String, what: String)] {
    try db.all("SELECT name, what FROM source ORDER BY name") { (try $0.text(0), try $0.text(1)) }
  }

  /// What this machine remembers under a name, see ``SourceMemory``.
  package func remembered(_ name: String) throws -> String? {
    try SourceMemory(db: db).value(name)
  }

  /// Whether a paper was seen in the digest of a day and series.
  package func hasSighting(_ id: PaperID, _ day: PaperDate?, _ series: String) throws -> Bool {
    try db.exists(
      """
      SELECT 1 FROM appearance a JOIN paper p ON p.number = a.paper
      WHERE p.id = ? AND a.day = ? AND a.source = ?
      """, [SQLValue(id.rawValue), SQLValue(day?.text ?? ""), SQLValue(series)])
  }

  /// Papers of arXiv on the list that have no title, those last that came last.
  package func untitledOfArXiv(limit: Int) throws -> [PaperID] {
    try db.all(
      """
      SELECT id FROM paper WHERE listed = 1 AND title = '' AND id NOT GLOB '*:*'
      ORDER BY number LIMIT ?
      """, [SQLValue(limit)]
    ) { PaperID(trusted: try $0.text(0)) }
  }
}

/// What this machine remembers of the sources it asks: how far it came, and what a server wants to
/// hear again.
///
/// It is kept in the library beside the log, not in it, and not in a file of its own: so it is
/// written in the transaction of the papers that it speaks of, and whatever becomes of the library
/// (a kill, a power cut, a backup brought back) no digest is thought to be there that is not. It is
/// never synced: another machine may have read less.
package struct SourceMemory {
  let db: Database

  /// What is kept under a name; nil where there is nothing.
  package func value(_ name: String) throws -> String? { try Meta.string(db, "source:" + name) }

  /// Keeps a text under a name; nil forgets it.
  package func set(_ name: String, _ text: String?) throws {
    if let text { return try Meta.set(db, "source:" + name, SQLValue(text)) }
    try db.run("DELETE FROM meta WHERE name = ?", [SQLValue("source:" + name)])
  }
}

extension Recorder {
  /// What this machine remembers of sources, in this transaction: written with what the operation
  /// changes, and where it changes nothing, not at all (``Library/remember(_:)``).
  package var sourceMemory: SourceMemory { SourceMemory(db: db) }
}

extension Library {
  /// Writes what this machine remembers of sources.
  package func remember(_ body: (SourceMemory) throws -> Void) throws {
    try write { db in
      try body(SourceMemory(db: db))
      return (.commit, ())
    }
  }
}
