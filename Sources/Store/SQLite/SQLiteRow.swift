import CSQLite
import Glibc
import Papers

/// A row while it is read; columns count from 0, as SQLite counts them.
struct SQLiteRow {
  let statement: OpaquePointer

  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

  func truth(_ column: Int32) -> Bool { integer(column) != 0 }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }

  /// The text, whatever is in it, a NUL too; empty for NULL.
  /// - Throws: ``SQLiteError`` where it is a BLOB, or bytes that are no UTF-8: a damaged library
  ///   may hold some.
  func text(_ column: Int32) throws -> String {
    let type = sqlite3_column_type(statement, column)
    guard type != SQLITE_NULL, let start = sqlite3_column_text(statement, column) else { return "" }
    let bytes = UnsafeBufferPointer(
      start: start, count: Int(sqlite3_column_bytes(statement, column)))
    // What is no UTF-8 is repaired, and so has other bytes then. The standard library's own check
    // costs six times as much: a fifth of a list.
    var text = String(decoding: bytes, as: UTF8.self)
    let isWhole = text.withUTF8 { whole in
      guard let first = whole.baseAddress else { return bytes.isEmpty }
      return whole.count == bytes.count && memcmp(first, start, bytes.count) == 0
    }
    guard isWhole, type != SQLITE_BLOB else {
      throw SQLiteError.damaged("a text that is stored is no UTF-8")
    }
    return text
  }

  /// How many bytes a text has.
  func length(_ column: Int32) -> Int { Int(sqlite3_column_bytes(statement, column)) }

  func optionalText(_ column: Int32) throws -> String? { isNull(column) ? nil : try text(column) }

  /// The bytes of a text where they stand, until the next row; nil for NULL.
  /// - Throws: ``SQLiteError`` where it is a BLOB, or what `body` throws.
  func bytes<Value>(
    _ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Value
  ) throws -> Value? {
    let type = sqlite3_column_type(statement, column)
    guard type != SQLITE_BLOB else { throw SQLiteError.damaged("a text is stored as a BLOB") }
    guard type != SQLITE_NULL, let bytes = sqlite3_column_text(statement, column) else {
      return nil
    }
    let count = Int(sqlite3_column_bytes(statement, column))
    return try body(UnsafeBufferPointer(start: bytes, count: count))
  }

  /// A value of a field, of the type of another one.
  func field(_ column: Int32, like other: FieldValue) throws -> FieldValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: .none
    case SQLITE_INTEGER:
      if case .truth = other { .truth(truth(column)) } else { .integer(integer(column)) }
    default: .text(try text(column))
    }
  }

  /// How many columns it has.
  var count: Int32 { sqlite3_data_count(statement) }

  func value(_ column: Int32) throws -> SQLValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: .null
    case SQLITE_INTEGER: .integer(integer(column))
    default: .text(try text(column))
    }
  }

  /// Every column as SQL would write it.
  var literals: [String] {
    get throws {
      try (0..<count).map { column in
        switch sqlite3_column_type(statement, column) {
        case SQLITE_NULL: "NULL"
        case SQLITE_INTEGER: String(integer(column))
        default: Self.quoted(try text(column))
        }
      }
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + (text.utf8.contains(UInt8(ascii: "'")) ? text.replacing("'", with: "''") : text) + "'"
  }
}
