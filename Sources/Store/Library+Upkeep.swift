import Changes
import Disk
import Foundation
import GRDB
import Papers

extension Library {
  /// Writes a copy of the library as it stands to a new file (`VACUUM INTO`), mode 0600; other
  /// processes may read and write meanwhile. The copy appears whole or not at all.
  /// - Parameter replacing: whether an existing file may be replaced.
  /// - Throws: ``LibraryError``; ``FileError`` of the new file.
  public func backup(to file: String, replacing: Bool = false) throws {
    guard replacing || access(file, F_OK) != 0 else {
      throw LibraryError.cannotOpen(path: file, detail: "a file is there already")
    }
    // Closed to others before anything is in it: SQLite takes an empty file, and gives its own
    // permissions to the journal beside it.
    try AtomicFile.replace(file, mode: 0o600) { partial in
      do {
        try queue.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
      } catch {
        throw LibraryError.from(error, path: file)
      }
    }
  }

  /// Checks that a file is a whole library this build can read.
  /// - Returns: what is wrong with it; empty when nothing is.
  /// - Throws: ``LibraryError``
  public static func examine(_ file: String, surroundings: Surroundings) throws -> [String] {
    try Library(at: file, mode: .readOnly, surroundings: surroundings).problems()
  }

  /// Looks for damage: of the file (`PRAGMA integrity_check`), and between the log and the tables
  /// and the search index that are its fold.
  /// - Returns: what is wrong, in SQLite's or our words; empty when nothing is.
  public func problems() throws -> [String] {
    do {
      let file = try queue.inDatabase { try String.fetchAll($0, sql: "PRAGMA integrity_check(20)") }
      if file != ["ok"] { return file }
      if mode == .readOnly { return [] }
      let before = try read { try $0.fingerprint() }
      // Rebuilt and rolled back: what the log says the tables and the index should be.
      let after = try write { db in
        try rebuild(db)
        return (.rollback, try LibraryReader(db: db).fingerprint())
      }
      if before.tables != after.tables { return ["the tables differ from what the log says"] }
      return before.index == after.index ? [] : ["the search index differs from what the log says"]
    } catch LibraryError.damaged(_, let detail) {
      return [detail]
    }
  }

  /// Drops the tables and the search index and makes them again from the log, in one transaction.
  public func rebuild() throws {
    try write { db in
      try rebuild(db)
      return (.commit, ())
    }
  }

  func rebuild(_ db: Database) throws {
    for table in Schema.foldTables { try db.run("DELETE FROM \(table)", []) }
    try db.run("INSERT INTO search (search) VALUES ('delete-all')", [])
    let tables = FoldedTables(db: db, build: build)
    var log = ChangeLog(db: db)
    let entities = "SELECT entity FROM change GROUP BY entity ORDER BY min(seq)"
    try db.forEach(entities, []) { row in
      let entity = row.text(0)
      let entries = try log.entries(of: entity)
      try tables.fold(entity, entries, touched: Set(entries.map(\.change.field)))
    }
    try rebuildUnapplied(db)
  }

  private func rebuildUnapplied(_ db: Database) throws {
    var unknown: [Int64] = []
    try db.forEach("SELECT seq, entity, field, value FROM change", []) { row in
      if build.fact(row.text(1), row.text(2), row.text(3)) == nil { unknown.append(row.integer(0)) }
    }
    for seq in unknown {
      try db.run("INSERT INTO unapplied (seq) VALUES (?)", [SQLValue(seq)])
    }
  }

  /// Changes kept for a newer Papershelf.
  public func unappliedCount() throws -> Int {
    try queue.inDatabase {
      try Int.fetchOne($0.cachedStatement(sql: "SELECT count(*) FROM unapplied")) ?? 0
    }
  }

  /// The library in a canonical form: equal for two libraries that hold the same changes, whatever
  /// the order in which they came.
  public func dump() throws -> [String] { try read { try $0.dump() } }
}

extension LibraryReader {
  /// See ``Library/dump()``.
  func dump() throws -> [String] {
    var lines: [String] = []
    try forEachDumpLine { lines.append($0) }
    return lines
  }

  /// Sums of what ``dump()`` would say and of every word the search index holds, with how often and
  /// in how many papers it stands in each column.
  func fingerprint() throws -> (tables: UInt64, index: UInt64) {
    var tables = Fingerprint()
    try forEachDumpLine { tables.add($0) }
    var index = Fingerprint()
    try db.execute(
      sql: "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, search, col)")
    try db.forEach("SELECT term, col, doc, cnt FROM temp.vocabulary", []) { row in
      index.add("\(row.text(0)) \(row.text(1)) \(row.integer(2)) \(row.integer(3))")
    }
    return (tables.value, index.value)
  }

  /// FNV-1a, 64 bits: to notice accidents, not attacks.
  private struct Fingerprint {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ line: String) {
      for byte in line.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
      value = (value ^ 0x0A) &* 0x100_0000_01B3
    }
  }

  private func forEachDumpLine(_ body: (String) -> Void) throws {
    for (table, sql) in Self.dumps {
      try db.forEach(sql, []) { row in
        body(table + " " + row.literals.joined(separator: "|"))
      }
    }
  }

  private static let dumps: [(String, String)] = [
    (
      "paper",
      """
      SELECT p.id, p.title, p.status, p.starred, p.listed, p.day, p.position, p.added, p.updated,
        p.tags, p.keywords, p.sightings, p.notes, p.conflicts, p.has, c.value
      FROM paper p LEFT JOIN change c ON c.seq = p.content ORDER BY p.id
      """
    ),
    ("tag", "SELECT p.id, t.name FROM tag t JOIN paper p ON p.number = t.paper ORDER BY 1, 2"),
    (
      "appearance",
      """
      SELECT p.id, a.day, a.source, a.position FROM appearance a
      JOIN paper p ON p.number = a.paper ORDER BY 1, 2, 3
      """
    ),
    (
      "note",
      """
      SELECT p.id, n.id, n.text, n.created, n.updated, n.conflicted FROM note n
      JOIN paper p ON p.number = n.paper ORDER BY 1, 2
      """
    ),
    ("view", "SELECT name, filter FROM view ORDER BY name"),
    ("machine", "SELECT device, name, retired FROM machine ORDER BY device"),
    (
      "conflict",
      """
      SELECT f.entity, f.field, c.ms, c.counter, d.id, c.value FROM conflict f
      JOIN change c ON c.seq = f.seq JOIN device d ON d.number = c.device ORDER BY 1, 2, 3, 4, 5
      """
    ),
    (
      "operation",
      """
      SELECT o.ms, o.counter, d.id, o.kind, o.what, o.target FROM operation o
      JOIN device d ON d.number = o.device ORDER BY 1, 2, 3
      """
    ),
    (
      "unapplied",
      """
      SELECT c.entity, c.field, c.ms, c.counter, d.id, c.value FROM unapplied u
      JOIN change c ON c.seq = u.seq JOIN device d ON d.number = c.device ORDER BY 1, 2, 3, 4, 5
      """
    ),
  ]
}
