import Changes
import Disk
import Glibc
import Papers

extension Library {
  /// Writes a copy of the library as it stands to a new file (`VACUUM INTO`), mode 0600; other
  /// processes may read and write meanwhile. The copy appears whole or not at all.
  /// - Parameter replacing: whether an existing file may be replaced.
  /// - Throws: ``LibraryError``; ``FileError`` of the new file.
  package func backup(to file: String, replacing: Bool = false) throws {
    guard replacing || access(file, F_OK) != 0 else {
      throw LibraryError.cannotOpen(path: file, detail: "a file is there already")
    }
    // Closed to others before anything is in it: SQLite takes an empty file, and gives its own
    // permissions to the journal beside it.
    try AtomicFile.replace(file, mode: 0o600) { partial in
      do {
        try database.run("VACUUM INTO ?", [SQLValue(partial)])
      } catch {
        throw LibraryError.from(error, path: file)
      }
    }
  }

  /// Looks for damage: of the file (`PRAGMA integrity_check`), and between the log and the tables
  /// and the search index that are its fold.
  /// - Returns: what is wrong, in SQLite's or our words; empty when nothing is.
  package func problems() throws -> [String] {
    do {
      let file = try database.all("PRAGMA integrity_check(20)") { try $0.text(0) }
      if file != ["ok"] { return file }
      let foreign = try SchemaCheck(db: database, understanding: understanding).problems()
      if !foreign.isEmpty { return foreign }
      if mode == .readOnly { return [] }
      return try problemsOfTheFold()
    } catch {
      let told = LibraryError.from(error, path: path)
      if case LibraryError.damaged(_, let detail) = told { return [detail] }
      throw told
    }
  }

  /// Looks whether the tables and the search index are what the log says.
  /// - Returns: what is not, in our words.
  package func problemsOfTheFold() throws -> [String] {
    // In one transaction that keeps others from writing meanwhile; rebuilt and rolled back: what
    // the log says the tables and the index should be.
    return try write { db in
      let reader = LibraryReader(db: db, understanding: understanding)
      let before = try reader.fingerprint()
      try rebuild(db)
      let after = try reader.fingerprint()
      if before.tables != after.tables {
        return (.rollback, ["the tables differ from what the log says"])
      }
      let isSame = before.index == after.index
      return (.rollback, isSame ? [] : ["the search index differs from what the log says"])
    }
  }

  /// Drops the tables and the search index and makes them again from the log, in one transaction.
  package func rebuild() throws {
    try write { db in
      try rebuild(db)
      return (.commit, ())
    }
  }

  func rebuild(_ db: Database) throws {
    for table in Schema.foldTables(understanding.layout) { try db.run("DELETE FROM \(table)") }
    try SearchIndex(db: db).empty()
    try rebuildUnapplied(db)
    try fold(
      try db.all("SELECT entity FROM change GROUP BY entity ORDER BY min(seq)") { try $0.text(0) },
      db)
  }

  /// Folds entities again from all that was said of them.
  func fold(_ entities: [String], _ db: Database) throws {
    let tables = FoldedTables(db: db, understanding: understanding)
    var log = ChangeLog(db, understanding)
    for entity in entities where FoldedTables.hasRows(entity) {
      try tables.fold(entity, &log, touched: nil)
    }
  }

  /// Looks again which changes can be read: of all entities, or of some.
  func rebuildUnapplied(_ db: Database, of entities: [String]? = nil) throws {
    let select = "SELECT seq, entity, field, value FROM change"
    var unknown: [Int64] = []
    func look(_ row: SQLiteRow) throws {
      let name = RegisterName(entity: try row.text(1), field: try row.text(2))
      if try !understanding.registers.understands(name, row.text(3)) {
        unknown.append(row.integer(0))
      }
    }
    if let entities {
      for entity in entities {
        try db.forEach(select + " WHERE entity = ?", [SQLValue(entity)], look)
        try db.run(
          "DELETE FROM unapplied WHERE seq IN (SELECT seq FROM change WHERE entity = ?)",
          [SQLValue(entity)])
      }
    } else {
      try db.forEach(select, [], look)
    }
    for seq in unknown {
      try db.run("INSERT OR IGNORE INTO unapplied (seq) VALUES (?)", [SQLValue(seq)])
    }
  }

  /// Changes kept for a newer Papershelf, or because what they say cannot be read.
  package func unappliedCount() throws -> Int {
    try read { Int(try $0.db.number("SELECT count(*) FROM unapplied")) }
  }

  /// The library in a canonical form: equal for two libraries that hold the same changes, whatever
  /// the order in which they came.
  package func dump() throws -> [String] { try read { try $0.dump() } }
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
    try db.run(
      "CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab(main, search, col)")
    try db.forEach("SELECT term, col, doc, cnt FROM temp.vocabulary") { row in
      index.add("\(try row.text(0)) \(try row.text(1)) \(row.integer(2)) \(row.integer(3))")
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
    for (table, sql) in dumps {
      try db.forEach(sql) { row in
        body(table + " " + (try row.literals).joined(separator: "|"))
      }
    }
  }

  /// Each table that is folded, in an order that the order of arrival has no part in.
  private var dumps: [(String, String)] {
    let layout = understanding.layout
    let columns = (PaperLayout.textColumns + (layout.person + layout.digest).map(\.name))
      .map { "p." + $0 }.joined(separator: ", ")
    let parts = layout.parts.map(\.part).map { part in
      (
        part.table,
        """
        SELECT p.id, \(part.columns.map { "t." + $0 }.joined(separator: ", "))
        FROM \(part.table) t JOIN paper p ON p.number = t.paper
        ORDER BY \((1...part.columns.count + 1).map(String.init).joined(separator: ", "))
        """
      )
    }
    let paper = """
      SELECT p.id, \(columns), c.value FROM paper p LEFT JOIN change c ON c.seq = p.content
      ORDER BY p.id
      """
    return [("paper", paper)] + parts + Self.otherDumps
  }

  private static let otherDumps: [(String, String)] = [
    ("view", "SELECT name, filter FROM view ORDER BY name"),
    ("source", "SELECT name, what FROM source ORDER BY name"),
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
