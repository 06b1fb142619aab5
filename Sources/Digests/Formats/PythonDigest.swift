import Papers

/// Python's dicts as `print` writes them, one a line or in a list: JSON but for its quotation marks
/// and words.
struct PythonFormat: DigestFormat {
  let explanation = "dicts as Python prints them"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    var hasBrace = false
    for index in 0..<head.count {
      switch head[index] {
      case UInt8(ascii: "{") where !hasBrace: hasBrace = true
      case Byte.openBracket where !hasBrace: continue
      case let byte where Byte.isSpace(byte): continue
      case UInt8(ascii: "'"): return hasBrace ? .yes : .no
      default: return .no
      }
    }
    return .needsMore
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    PythonDigest(json: JSONDigest(opening))
  }
}

/// Reads Python's dicts as JSON.
private struct PythonDigest: DigestFormatReader {
  var json: JSONDigest
  private var literals = PythonLiterals()

  init(json: JSONDigest) { self.json = json }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    for index in bytes.indices { literals.take(bytes[index]) }
    let text = literals.takeOutput()
    json.feed(text.span, into: &findings)
  }

  mutating func finish(into findings: inout Findings) {
    literals.endWord()
    let text = literals.takeOutput()
    json.feed(text.span, into: &findings)
    json.finish(into: &findings)
  }
}

/// Python's literals (Python reference, 2.4) as JSON, byte by byte.
private struct PythonLiterals {
  private var output: [UInt8] = []
  /// The mark that ends the open string.
  private var quote: UInt8?
  /// What was read of an escape, the backslash included.
  private var escape: [UInt8] = []
  /// The word outside of strings that is being read.
  private var word: [UInt8] = []

  mutating func takeOutput() -> [UInt8] {
    defer { output.removeAll(keepingCapacity: true) }
    return output
  }

  mutating func take(_ byte: UInt8) {
    guard let quote else { return takeOutside(byte) }
    if !escape.isEmpty { return takeEscape(byte) }
    switch byte {
    case quote, Byte.lineFeed:
      // A line end in a string is damage, which ends it as it does in JSON.
      output.append(byte == quote ? UInt8(ascii: "\"") : byte)
      self.quote = nil
    case Byte.backslash: escape = [byte]
    case UInt8(ascii: "\""): output += [Byte.backslash, byte]
    case 0..<0x20: appendScalar(UInt32(byte))
    default: output.append(byte)
    }
  }

  private mutating func takeOutside(_ byte: UInt8) {
    if Byte.isLetter(byte) || byte == UInt8(ascii: "_") || !word.isEmpty && Byte.isDigit(byte) {
      if word.count < 64 { word.append(byte) }
      return
    }
    if byte == UInt8(ascii: "."), !word.isEmpty {
      // `datetime.date(2025, 10, 2)`: the values stay.
      word = [byte]
      return
    }
    let isString = byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"")
    // `u'…'`: the letter belongs to the string.
    if isString { word = [] } else { endWord() }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      quote = byte
      output.append(UInt8(ascii: "\""))
    case Byte.openParenthesis: output.append(Byte.openBracket)
    case Byte.closeParenthesis: output.append(Byte.closeBracket)
    default: output.append(byte)
    }
  }

  mutating func endWord() {
    guard !word.isEmpty else { return }
    switch String(decoding: word, as: UTF8.self) {
    case "True": output += Array("true".utf8)
    case "False": output += Array("false".utf8)
    case "None", "nan", "inf": output += Array("null".utf8)
    case "e", "E": output += word
    default: break
    }
    word = []
  }

  private mutating func takeEscape(_ byte: UInt8) {
    escape.append(byte)
    let digits: Int
    switch escape[1] {
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    default: digits = 0
    }
    guard escape.count == 2 + digits else { return }
    defer { escape = [] }
    if digits > 0 {
      let text = String(decoding: escape[2...], as: UTF8.self)
      return appendScalar(UInt32(text, radix: 16) ?? 0xFFFD)
    }
    switch byte {
    case UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "\""), Byte.backslash:
      output += escape
    case UInt8(ascii: "'"): output.append(byte)
    case Byte.lineFeed: break
    default:
      // Python keeps the backslash of an escape that is none.
      output += [Byte.backslash, Byte.backslash, byte]
    }
  }

  /// Writes a scalar as JSON's escape of UTF-16 units.
  private mutating func appendScalar(_ value: UInt32) {
    func append(_ unit: UInt32) {
      let digits = String(unit, radix: 16)
      let zeros = String(repeating: "0", count: 4 - digits.utf8.count)
      output += Array(("\\u" + zeros + digits).utf8)
    }
    guard value > 0xFFFF else { return append(value) }
    guard value <= 0x10FFFF else { return append(0xFFFD) }
    append(0xD800 + (value - 0x10000) >> 10)
    append(0xDC00 + (value - 0x10000) & 0x3FF)
  }
}
