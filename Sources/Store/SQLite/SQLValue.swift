import CSQLite
import Papers

/// A value for a statement.
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

  init(_ field: FieldValue) {
    switch field {
    case .none: self = .null
    case .truth(let on): self.init(on)
    case .integer(let number): self = .integer(number)
    case .text(let text): self = .text(text)
    }
  }

  /// By bytes.
  static func == (a: SQLValue, b: SQLValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.integer(let a), .integer(let b)): a == b
    case (.text(let a), .text(let b)): a.hasBytes(of: b)
    case (.utf8(let a), .utf8(let b)): a == b
    default: false
    }
  }

  /// By bytes.
  func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .integer(let number): hasher.combine(number)
    case .text(let text): text.hashBytes(into: &hasher)
    case .utf8(let bytes): hasher.combine(bytes)
    }
  }

  /// As SQL writes it: a default of a column.
  var literal: String {
    switch self {
    case .null: "NULL"
    case .integer(let number): String(number)
    case .text(let text): "'" + text.replacing("'", with: "''") + "'"
    case .utf8(let bytes): SQLValue.text(String(decoding: bytes, as: UTF8.self)).literal
    }
  }

  /// SQLite's `SQLITE_TRANSIENT`: the bytes are copied at once.
  private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

  /// Texts of more bytes are not copied where they need not be.
  private static let longText = 1 << 20

  /// Binds it, or what it holds copied.
  /// - Returns: nil, and nothing bound, for a text that is too long to be copied:
  ///   ``withLongText(_:)``.
  func bind(to statement: OpaquePointer, at place: Int32) -> Int32? {
    switch self {
    case .null: return sqlite3_bind_null(statement, place)
    case .integer(let number): return sqlite3_bind_int64(statement, place, number)
    case .text(let text) where text.utf8.count > Self.longText: return nil
    case .utf8(let bytes) where bytes.count > Self.longText: return nil
    case .text(var text): return text.withUTF8 { Self.bind($0, to: statement, at: place) }
    case .utf8(let bytes):
      return bytes.withUnsafeBufferPointer { Self.bind($0, to: statement, at: place) }
    }
  }

  /// Calls `body` with the bytes of a text, which stay where they are meanwhile.
  func withLongText(_ body: (UnsafeBufferPointer<UInt8>) throws -> Void) rethrows {
    switch self {
    case .null, .integer: return
    case .text(var text): try text.withUTF8(body)
    case .utf8(let bytes): try bytes.withUnsafeBufferPointer(body)
    }
  }

  static func bind(
    _ utf8: UnsafeBufferPointer<UInt8>, to statement: OpaquePointer, at place: Int32,
    copying: Bool = true
  ) -> Int32 {
    utf8.withMemoryRebound(to: CChar.self) { bytes in
      // An empty text may have no address, and none means NULL.
      guard let base = bytes.baseAddress else {
        return sqlite3_bind_text(statement, place, "", 0, copied)
      }
      return sqlite3_bind_text64(
        statement, place, base, UInt64(bytes.count), copying ? copied : nil, UInt8(SQLITE_UTF8))
    }
  }
}
