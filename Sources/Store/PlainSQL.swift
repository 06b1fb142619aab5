import GRDB
import GRDBSQLite

/// A value of SQLite, for ``GRDB/Database/run(_:_:)``.
enum SQLValue: Hashable {
  case null
  case integer(Int64)
  case text(String)
  /// A text by its bytes, which are known to be UTF-8.
  case utf8([UInt8])

  init(_ integer: Int64) { self = .integer(integer) }
  init(_ integer: Int) { self = .integer(Int64(integer)) }
  init(_ on: Bool) { self = .integer(on ? 1 : 0) }
  init(_ text: String) { self = .text(text) }
  init(_ integer: Int64?) { self = integer.map { .integer($0) } ?? .null }
  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
}

/// A row while it is read; columns count from 0, as SQLite counts them.
struct PlainRow {
  fileprivate let statement: OpaquePointer

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  /// Empty for NULL. Bytes that are no UTF-8 are repaired: a damaged library may hold some.
  func text(_ column: Int32) -> String {
    guard let bytes = sqlite3_column_text(statement, column) else { return "" }
    let count = Int(sqlite3_column_bytes(statement, column))
    return String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
  }

  /// The bytes of a text where they stand, until the next row; nil for NULL.
  func bytes<Value>(
    _ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value
  ) rethrows -> Value? {
    guard let bytes = sqlite3_column_text(statement, column) else { return nil }
    let count = Int(sqlite3_column_bytes(statement, column))
    return try body(UnsafeBufferPointer(start: bytes, count: count))
  }

  func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// Every column as SQL would write it.
  var literals: [String] {
    (0..<sqlite3_data_count(statement)).map { column in
      switch sqlite3_column_type(statement, column) {
      case SQLITE_NULL: "NULL"
      case SQLITE_INTEGER: String(integer(column))
      default: Self.quoted(text(column))
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + (text.utf8.contains(UInt8(ascii: "'")) ? text.replacing("'", with: "''") : text) + "'"
  }

  func value(_ column: Int32) -> SQLValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: .null
    case SQLITE_INTEGER: .integer(integer(column))
    default: .text(text(column))
    }
  }
}

/// Statements that run once for each paper or change. They are GRDB's cached statements, stepped
/// without boxing every argument and every column: that was more of an import than reading the digests.
extension Database {
  /// Runs a statement that returns no row.
  func run(_ sql: String, _ values: [SQLValue]) throws {
    try forEach(sql, values) { _ in }
  }

  /// Calls `body` with each row. `body` must not run the same statement again.
  func forEach(_ sql: String, _ values: [SQLValue], _ body: (PlainRow) throws -> Void) throws {
    let cached = try cachedStatement(sql: sql)
    var place: Int32 = 0
    for value in values {
      place += 1
      try check(value.bind(to: cached.sqliteStatement, at: place), sql)
    }
    try forEach(cached, body)
  }

  /// Calls `body` with each row of a statement that has its arguments.
  func forEach(_ prepared: Statement, _ body: (PlainRow) throws -> Void) throws {
    let statement = prepared.sqliteStatement
    defer {
      sqlite3_reset(statement)
      sqlite3_clear_bindings(statement)
    }
    while true {
      let code = sqlite3_step(statement)
      if code == SQLITE_DONE { return }
      guard code == SQLITE_ROW else { return try check(code, prepared.sql) }
      try body(PlainRow(statement: statement))
    }
  }

  /// The first row, as `body` reads it; nil when there is none.
  func first<Value>(
    _ sql: String, _ values: [SQLValue], _ body: (PlainRow) throws -> Value
  ) throws -> Value? {
    var result: Value?
    try forEach(sql, values) { row in
      if result == nil { result = try body(row) }
    }
    return result
  }

  private func check(_ code: Int32, _ sql: String) throws {
    guard code != SQLITE_OK else { return }
    throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage, sql: sql)
  }
}

extension SQLValue {
  /// SQLite's `SQLITE_TRANSIENT`: the bytes are copied at once.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  fileprivate func bind(to statement: OpaquePointer, at place: Int32) -> Int32 {
    switch self {
    case .null: return sqlite3_bind_null(statement, place)
    case .integer(let number): return sqlite3_bind_int64(statement, place, number)
    case .text(var text): return text.withUTF8 { Self.bind($0, to: statement, at: place) }
    case .utf8(let bytes):
      return bytes.withUnsafeBufferPointer { Self.bind($0, to: statement, at: place) }
    }
  }

  private static func bind(
    _ utf8: UnsafeBufferPointer<UInt8>, to statement: OpaquePointer, at place: Int32
  ) -> Int32 {
    utf8.withMemoryRebound(to: CChar.self) { bytes in
      // An empty text may have no address, and none means NULL.
      guard let base = bytes.baseAddress else {
        return sqlite3_bind_text(statement, place, "", 0, copied)
      }
      return sqlite3_bind_text64(
        statement, place, base, UInt64(bytes.count), copied, UInt8(SQLITE_UTF8))
    }
  }
}
