/// Writes JSON (RFC 8259) straight into bytes, members in the order they are given.
///
/// Invariants: commas are put by the writer; strings leave UTF-8 as it is and escape only `"`, `\`
/// and control characters (C0, DEL and C1, so that JSON on a terminal cannot drive it). With
/// ``Style/comment`` no `<`, `>` and no `--` is written, so the text can stand in an HTML comment.
struct JSONWriter {
  /// Where the JSON will stand.
  enum Style { case plain, comment }

  /// What was written.
  private(set) var bytes: [UInt8]
  private let style: Style
  private var needsComma = false

  /// A writer that goes on at the end of `bytes`.
  init(bytes: [UInt8] = [], style: Style = .plain) {
    self.bytes = bytes
    self.style = style
  }

  /// Hands the bytes over and starts anew with none, keeping no second copy.
  mutating func take() -> [UInt8] {
    let taken = bytes
    bytes = []
    needsComma = false
    return taken
  }

  /// Writes `{…}`; `members` writes what is inside.
  mutating func object(_ members: (inout JSONWriter) -> Void) {
    nest(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
  }

  /// Writes `[…]`; `elements` writes what is inside.
  mutating func array(_ elements: (inout JSONWriter) -> Void) {
    nest(UInt8(ascii: "["), UInt8(ascii: "]"), elements)
  }

  /// Writes an array with one element for each of `values`.
  mutating func array<Value>(
    _ values: some Sequence<Value>, _ element: (inout JSONWriter, Value) -> Void
  ) {
    array { for value in values { element(&$0, value) } }
  }

  /// Writes the name of the member whose value comes next.
  mutating func key(_ name: StaticString) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    name.withUTF8Buffer { bytes.append(contentsOf: $0) }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  /// Writes a string; nil is `null`.
  mutating func value(_ text: String?) {
    separate()
    guard var text else { return bytes.append(contentsOf: "null".utf8) }
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { escape($0) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a whole number.
  mutating func value(_ number: Int) {
    separate()
    bytes.append(contentsOf: String(number).utf8)
  }

  /// Writes `true` or `false`.
  mutating func value(_ truth: Bool) {
    separate()
    bytes.append(contentsOf: (truth ? "true" : "false").utf8)
  }

  /// Writes a moment as an RFC 3339 string.
  mutating func value(milliseconds: Int64) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    Timestamp.append(milliseconds, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a member of a string, or `null`.
  mutating func member(_ name: StaticString, _ text: String?) {
    key(name)
    value(text)
  }

  /// Writes a member of a whole number.
  mutating func member(_ name: StaticString, _ number: Int) {
    key(name)
    value(number)
  }

  /// Writes a member of a truth value.
  mutating func member(_ name: StaticString, _ truth: Bool) {
    key(name)
    value(truth)
  }

  /// Writes a member of an array of strings.
  mutating func member(_ name: StaticString, _ texts: [String]) {
    key(name)
    array(texts) { $0.value($1) }
  }

  /// Writes a member that is a moment.
  mutating func member(_ name: StaticString, milliseconds: Int64) {
    key(name)
    value(milliseconds: milliseconds)
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(open)
    needsComma = false
    body(&self)
    bytes.append(close)
    needsComma = true
  }

  /// Copies runs that need nothing as a whole.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    var index = 0
    var dash = false  // the byte before is a dash that was written as it is
    while index < text.count {
      let byte = text[index]
      let next = index + 1 < text.count ? text[index + 1] : 0
      let length = escapeLength(byte, next, afterDash: dash)
      dash = length == 0 && byte == UInt8(ascii: "-")
      guard length > 0 else {
        index += 1
        continue
      }
      bytes.append(contentsOf: text[start..<index])
      escape(length == 2 ? next : byte)
      index += length
      start = index
    }
    bytes.append(contentsOf: text[start..<text.count])
  }

  /// The number of bytes to escape: 0 none, 1 this byte, 2 a C1 control (0xC2 0x80…0x9F, where the
  /// second byte is its number).
  @inline(__always)
  private func escapeLength(_ byte: UInt8, _ next: UInt8, afterDash: Bool) -> Int {
    if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F { return 1 }
    if byte == 0xC2, next >= 0x80, next < 0xA0 { return 2 }
    guard style == .comment else { return 0 }
    return byte == 0x3C || byte == 0x3E || (byte == 0x2D && afterDash) ? 1 : 0
  }

  private mutating func escape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x22, 0x5C: bytes.append(byte)
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    default:
      bytes.append(contentsOf: "u00".utf8)
      for digit in [byte >> 4, byte & 15] {
        bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
      }
    }
  }
}
