import JSONText

/// A list or map of YAML in brackets (YAML 1.2, 7.4), JSON among them.
struct YAMLFlow {
  private static let deepest = 20
  private var bytes: [UInt8] = []
  private var depth = 0
  private var quote: UInt8 = 0
  private var index = 0

  /// Adds a line.
  /// - Returns: whether its brackets are closed now; what follows them is left out.
  mutating func append(_ line: ArraySlice<UInt8>) -> Bool {
    for (offset, byte) in line.enumerated() {
      bytes.append(byte)
      if quote != 0 {
        if byte == quote, quote == UInt8(ascii: "'") || !isEscaped { quote = 0 }
        continue
      }
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): if opensQuote(offset) { quote = byte }
      case Byte.openBracket, UInt8(ascii: "{"): depth += 1
      case Byte.closeBracket, UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return true }
      default: break
      }
    }
    bytes.append(Byte.space)
    return false
  }

  /// Whether a mark begins a quoted scalar: nothing of one stands before it.
  private func opensQuote(_ offset: Int) -> Bool {
    let before = bytes.dropLast().last { !Byte.isSpace($0) } ?? 0
    return offset == 0 || "[{,:".utf8.contains(before)
  }

  /// Whether an odd number of backslashes stands before the last byte.
  private var isEscaped: Bool {
    bytes.dropLast().reversed().prefix { $0 == Byte.backslash }.count % 2 == 1
  }

  /// Writes it as JSON.
  func write(_ json: inout JSONTextWriter) {
    var flow = self
    flow.value(&json, 0)
  }

  // MARK: Values

  private var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

  private mutating func skipSpace() {
    while index < bytes.count, Byte.isSpace(bytes[index]) { index += 1 }
  }

  private mutating func value(_ json: inout JSONTextWriter, _ depth: Int) {
    skipSpace()
    guard depth < Self.deepest else {
      index = bytes.count
      return json.null()
    }
    switch byte {
    case Byte.openBracket: json.array { parts(&$0, Byte.closeBracket, depth) }
    case UInt8(ascii: "{"): json.object { parts(&$0, UInt8(ascii: "}"), depth) }
    default: scalar(&json)
    }
  }

  /// The elements or members up to a closing bracket.
  private mutating func parts(_ json: inout JSONTextWriter, _ closing: UInt8, _ depth: Int) {
    index += 1
    while index < bytes.count {
      skipSpace()
      if byte == UInt8(ascii: ",") {
        index += 1
      } else if byte == closing || byte == Byte.closeBracket || byte == UInt8(ascii: "}") {
        index += 1
        return
      } else if closing == Byte.closeBracket {
        value(&json, depth + 1)
      } else {
        member(&json, depth)
      }
    }
  }

  private mutating func member(_ json: inout JSONTextWriter, _ depth: Int) {
    json.key(text: text(isKey: true).text)
    skipSpace()
    guard byte == Byte.colon else { return json.null() }
    index += 1
    value(&json, depth + 1)
  }

  private mutating func scalar(_ json: inout JSONTextWriter) {
    let (text, isQuoted) = text(isKey: false)
    switch text.lowercased() {
    case "", "null", "~": if isQuoted { json.string(text) } else { json.null() }
    case "true" where !isQuoted: json.bool(true)
    case "false" where !isQuoted: json.bool(false)
    default: json.string(text)
    }
  }

  /// The scalar that comes next; at least one byte is taken where there is one.
  private mutating func text(isKey: Bool) -> (text: String, isQuoted: Bool) {
    if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      var quoted = YAMLQuoted(mark: byte)
      index = quoted.take(bytes[(index + 1)...]) ?? bytes.count
      return (quoted.text, true)
    }
    let start = index
    while index < bytes.count, !endsPlain(isKey) || index == start { index += 1 }
    return (RecordText.trimmed(String(decoding: bytes[start..<index], as: UTF8.self)), false)
  }

  private func endsPlain(_ isKey: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: ","), Byte.closeBracket, UInt8(ascii: "}"): return true
    case Byte.colon:
      let next = index + 1 < bytes.count ? bytes[index + 1] : Byte.space
      return isKey && (Byte.isSpace(next) || ",[]{}".utf8.contains(next))
    default: return false
    }
  }
}
