/// Writes compact JSON (RFC 8259) straight into bytes: UTF-8 unescaped, members in the order
/// written, commas put by the writer.
///
/// Own code because values are stored as the bytes their author wrote and must be the same on every
/// machine, and because JSONEncoder took nine tenths of an import.
package struct JSONTextWriter: Sendable {
  /// What is escaped in strings besides `"`, `\` and the C0 controls.
  package enum Style: Sendable {
    /// Nothing: what libraries and remotes store.
    case exact
    /// DEL and C1 controls too, so that JSON on a terminal cannot drive it.
    case printed
    /// As `printed`, and no `<`, `>` or `--` is written: the text can stand in an HTML comment.
    case comment
  }

  /// What was written so far.
  package private(set) var bytes: [UInt8]
  private let style: Style
  private var needsComma = false

  /// A writer that goes on at the end of `bytes`.
  package init(bytes: [UInt8] = [], style: Style = .exact) {
    self.bytes = bytes
    self.style = style
  }

  /// A writer of about so many bytes.
  package init(room: Int) {
    self.init()
    bytes.reserveCapacity(room)
  }

  /// The text.
  package var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Hands the bytes over and starts anew with none, keeping no second copy.
  package mutating func take() -> [UInt8] {
    let taken = bytes
    bytes = []
    needsComma = false
    return taken
  }

  /// `[` … `]` around what `body` writes.
  package mutating func array(_ body: (inout JSONTextWriter) -> Void) {
    open(0x5B)
    body(&self)
    close(0x5D)
  }

  /// `{` … `}` around the members `body` writes.
  package mutating func object(_ body: (inout JSONTextWriter) -> Void) {
    open(0x7B)
    body(&self)
    close(0x7D)
  }

  /// The key of the next value. Nothing of it is escaped.
  package mutating func key(_ name: StaticString) {
    separate()
    bytes.append(0x22)
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(0x22)
    bytes.append(0x3A)
    needsComma = false
  }

  /// The key of the next value, whatever is in it.
  package mutating func key(text name: String) {
    string(name)
    bytes.append(0x3A)
    needsComma = false
  }

  /// The bytes of a key and its colon, to be written many times with ``key(label:)``.
  package static func label(_ name: String) -> [UInt8] {
    var json = JSONTextWriter()
    json.key(text: name)
    return json.bytes
  }

  /// The key of the next value, made by ``label(_:)``.
  package mutating func key(label: [UInt8]) {
    separate()
    bytes.append(contentsOf: label)
    needsComma = false
  }

  /// A whole number.
  package mutating func number(_ value: some BinaryInteger) { raw(String(value)) }

  /// `true` or `false`.
  package mutating func bool(_ value: Bool) { raw(value ? "true" : "false") }

  /// `null`.
  package mutating func null() { raw("null") }

  /// JSON text that stands already.
  package mutating func raw(_ json: String) {
    separate()
    bytes.append(contentsOf: json.utf8)
  }

  /// A line feed between values, which means nothing, for who counts lines.
  package mutating func lineFeed() { bytes.append(0x0A) }

  /// A string.
  package mutating func string(_ value: String) {
    separate()
    bytes.append(0x22)
    var value = value
    value.withUTF8 { escape($0) }
    bytes.append(0x22)
  }

  private mutating func separate() {
    if needsComma { bytes.append(0x2C) }
    needsComma = true
  }

  private mutating func open(_ byte: UInt8) {
    separate()
    bytes.append(byte)
    needsComma = false
  }

  private mutating func close(_ byte: UInt8) {
    bytes.append(byte)
    needsComma = true
  }

  // MARK: Escapes

  /// Which bytes may need an escape.
  private static let exactBytes = table { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }
  private static let printedBytes = table { exactBytes[Int($0)] || $0 == 0x7F || $0 == 0xC2 }
  private static let commentBytes = table {
    printedBytes[Int($0)] || [0x2D, 0x3C, 0x3E].contains($0)
  }

  private static func table(_ isSpecial: (UInt8) -> Bool) -> [Bool] {
    (UInt8.min...UInt8.max).map(isSpecial)
  }

  /// Copies runs that need nothing as a whole.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    let specials =
      switch style {
      case .exact: Self.exactBytes
      case .printed: Self.printedBytes
      case .comment: Self.commentBytes
      }
    specials.withUnsafeBufferPointer { isSpecial in
      var start = 0
      var index = 0
      var afterDash = -1  // the place after a dash that was written as it is
      while index < text.count {
        if style != .comment {
          index = text.firstSpecial(from: index, printed: style == .printed)
          if index == text.count { break }
        }
        let byte = text[index]
        guard isSpecial[Int(byte)] else {
          index += 1
          continue
        }
        if byte == 0x2D, index != afterDash {
          index += 1
          afterDash = index
          continue
        }
        // A C1 control is 0xC2 and a byte that is its number.
        let isPair = byte == 0xC2
        if isPair, index + 1 >= text.count || !(0x80..<0xA0).contains(text[index + 1]) {
          index += 1
          continue
        }
        bytes.append(contentsOf: text[start..<index])
        escape(isPair ? text[index + 1] : byte)
        index += isPair ? 2 : 1
        start = index
      }
      bytes.append(contentsOf: text[start..<text.count])
    }
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(0x5C)
    switch byte {
    case 0x22, 0x5C: bytes.append(byte)
    case 0x0A: bytes.append(0x6E)
    case 0x0D: bytes.append(0x72)
    case 0x09: bytes.append(0x74)
    default:
      bytes.append(contentsOf: "u00".utf8)
      for digit in [byte >> 4, byte & 15] {
        bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
    }
  }
}
