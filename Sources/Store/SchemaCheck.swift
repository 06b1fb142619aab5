import CSQLite
import Changes

/// Whether a file that says to be a library holds what a library holds, and nothing that would run
/// of itself: a file may come from anybody (https://sqlite.org/security.html).
struct SchemaCheck {
  let db: Database
  let understanding: Understanding

  /// Looks at the names of what is there; cheap enough for every command.
  /// - Throws: ``SQLiteError`` for a trigger, a view, or what no library has.
  func checkNames() throws {
    if let foreign = try foreign() { throw SQLiteError.damaged("it holds \(foreign)") }
  }

  /// In SQL, so that nothing of it is read where all is well. The names are ours.
  private func foreign() throws -> String? {
    try db.first(
      """
      SELECT type, name FROM sqlite_schema
      WHERE type NOT IN ('table', 'index') OR name NOT IN (\(understanding.schemaNames))
        AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'search_*'
      """
    ) { "a \(try $0.text(0)) that no library has, “\(try $0.text(1))”" }
  }

  /// Compares columns with those of a new library, the type of every value with that of its column,
  /// and looks at the ids of machines.
  /// - Returns: what is wrong, in our words.
  func problems() throws -> [String] {
    if let foreign = try foreign() { return ["it holds \(foreign)"] }
    let version = try db.number("PRAGMA user_version")
    let new = try Database()
    for migration in understanding.migrations where migration.version <= version {
      try new.script(migration.sql)
    }
    for table in try Self.tables(new) {
      let columns = try Self.columns(new, table)
      guard try Self.columns(db, table) == columns, try !hasConditions(table) else {
        return ["its table “\(table)” is another than that of a library"]
      }
      if try hasOtherTypes(table, columns) {
        return ["its table “\(table)” holds values of another type"]
      }
    }
    return try hasOtherDevices() ? ["it holds an id of a machine that is none"] : []
  }

  /// Whether this copy has no id, or knows a machine by one that is none: nothing can be written
  /// then.
  private func hasOtherDevices() throws -> Bool {
    guard let own = try Meta.string(db, "device"), DeviceID(own) != nil else { return true }
    return try db.all("SELECT id FROM device") { DeviceID(try $0.text(0)) }.contains(nil)
  }

  private struct Column: Hashable {
    var name: String
    var type: String
    /// NOT NULL, place in the primary key, and whether it is hidden or computed.
    var flags: [Int64]
    var unsaid: String?
  }

  private static func tables(_ db: Database) throws -> [String] {
    try db.all(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 's[eq][al]*_*'"
    ) { try $0.text(0) }
  }

  private static func columns(_ db: Database, _ table: String) throws -> [Column] {
    try db.all("PRAGMA table_xinfo(\(table))") { row in
      Column(
        name: try row.text(1), type: try row.text(2),
        flags: [row.integer(3), row.integer(5), row.integer(6)], unsaid: try row.optionalText(4))
    }
  }

  /// Ours have no conditions, which could call any function.
  private func hasConditions(_ table: String) throws -> Bool {
    let sql = try db.first(
      "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", [SQLValue(table)]
    ) { try $0.text(0) }
    return sql?.uppercased().contains("CHECK") ?? true
  }

  private func hasOtherTypes(_ table: String, _ columns: [Column]) throws -> Bool {
    let wrong = columns.compactMap { column -> String? in
      switch column.type {
      case "INTEGER", "TEXT":
        "typeof(\(column.name)) NOT IN ('\(column.type.lowercased())', 'null')"
      default: nil
      }
    }
    guard !wrong.isEmpty else { return false }
    return try db.exists("SELECT 1 FROM \(table) WHERE \(wrong.joined(separator: " OR ")) LIMIT 1")
  }
}

extension Understanding {
  /// The names of all tables and indexes that ``migrations`` make, what stands behind `TABLE` and
  /// `INDEX`, as SQL: `'meta','device',…`. One loop over the bytes: with a set of strings it was a
  /// quarter of `shelf count`.
  var schemaNames: String {
    var names = ""
    for migration in migrations {
      var sql = migration.sql
      sql.withUTF8 { bytes in
        var start = 0
        var isName = false
        for place in bytes.indices where Self.endsWord(bytes[place]) {
          let word = UnsafeBufferPointer(rebasing: bytes[start..<place])
          start = place + 1
          if word.isEmpty { continue }
          if isName {
            names += names.isEmpty ? "'" : ",'"
            names += String(decoding: word, as: UTF8.self)
            names += "'"
          }
          isName = word.elementsEqual("TABLE".utf8) || word.elementsEqual("INDEX".utf8)
        }
      }
    }
    return names
  }

  private static func endsWord(_ byte: UInt8) -> Bool {
    byte <= 0x20 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ";")
  }
}
