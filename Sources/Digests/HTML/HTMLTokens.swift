/// Cuts HTML into tags and texts, whatever the sizes of the pieces it comes in. Comments and what
/// stands in scripts and styles are left out.
///
/// Memory is one tag, and the text since the last one, each up to a limit.
struct HTMLTokens {
  /// One tag.
  struct Tag {
    /// Its name in lower case, with a slash before it where it ends an element.
    var name: String
    /// Its attributes, names in lower case, entities decoded.
    var attributes: [String: String]
    /// Whether it is an element by itself: `<br/>`.
    var isWhole = false
  }

  private let limit: Int
  private var line: Int
  private var start: Int
  private var text: [UInt8] = []
  private var tag: [UInt8] = []
  private var isInTag = false
  private var quote: UInt8 = 0
  /// The element whose text is no text, up to its end.
  private var raw: [UInt8] = []
  private var isAfterCarriageReturn = false

  /// - Parameters:
  ///   - limit: the largest tag and the longest text, bytes; what is beyond is left out.
  ///   - line: the number of the first line.
  init(limit: Int, line: Int) {
    self.limit = limit
    self.line = line
    start = line
  }

  /// Takes the next bytes and hands out each tag with the text before it, and its line.
  mutating func feed(_ bytes: borrowing Span<UInt8>, _ body: (String, Tag, Int) -> Void) {
    for index in bytes.indices {
      let byte = bytes[index]
      take(byte, body)
      let isSecondHalf = isAfterCarriageReturn && byte == Byte.lineFeed
      isAfterCarriageReturn = byte == Byte.carriageReturn
      if (byte == Byte.lineFeed && !isSecondHalf) || isAfterCarriageReturn { line += 1 }
    }
  }

  private mutating func take(_ byte: UInt8, _ body: (String, Tag, Int) -> Void) {
    guard isInTag else {
      if byte == Byte.less {
        (isInTag, quote, start) = (true, 0, line)
      } else if text.count < limit, byte != 0, raw.isEmpty {
        text.append(byte)
      }
      return
    }
    if isComment {
      if byte == Byte.greater, tag.suffix(2) == Self.dashes, tag.count >= 5 { leaveTag() }
      if isInTag { keepComment(byte) }
      return
    }
    if tag.isEmpty, !Self.mayBegin(byte) || !raw.isEmpty && byte != UInt8(ascii: "/") {
      // `a < b`, or a sign in a script.
      leaveTag()
      if text.count < limit, raw.isEmpty { text.append(Byte.less) }
      return take(byte, body)
    }
    if !raw.isEmpty, !Self.isPrefix(tag, byte, of: raw) { return leaveTag() }
    if quote != 0 {
      if byte == quote { quote = 0 }
    } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      // A quote means something only behind an equals sign.
      if tag.last == UInt8(ascii: "=") { quote = byte }
    } else if byte == Byte.greater {
      let found = Self.tag(tag)
      body(String(decoding: text, as: UTF8.self), found, start)
      raw = ["script", "style"].contains(found.name) ? Array(found.name.utf8) : []
      text = []
      return leaveTag()
    }
    if tag.count < limit { tag.append(byte) }
  }

  private static let dashes = Array("--".utf8)

  private var isComment: Bool { tag.starts(with: [UInt8(ascii: "!"), 0x2D, 0x2D]) }

  private mutating func leaveTag() { (isInTag, tag, quote) = (false, [], 0) }

  /// Keeps of a comment what tells its end.
  private mutating func keepComment(_ byte: UInt8) {
    if tag.count > 8 { tag.remove(at: 3) }
    tag.append(byte)
  }

  /// Whether a byte may follow the `<` of a tag.
  private static func mayBegin(_ byte: UInt8) -> Bool {
    Byte.isLetter(byte) || "/!?".utf8.contains(byte)
  }

  /// Whether a tag that goes on with a byte may be the end of an element.
  private static func isPrefix(_ tag: [UInt8], _ byte: UInt8, of name: [UInt8]) -> Bool {
    guard let place = tag.isEmpty ? nil : tag.count - 1, place < name.count else { return true }
    return Byte.lower(byte) == name[place]
  }

  private static func tag(_ bytes: [UInt8]) -> Tag {
    var rest = bytes[...]
    let isWhole = rest.last == UInt8(ascii: "/") && rest.count > 1
    if isWhole { rest.removeLast() }
    let name = rest.prefix { !Byte.isSpace($0) }
    rest = rest.dropFirst(name.count)
    var attributes: [String: String] = [:]
    while attributes.count < 100 {
      rest = rest.drop { Byte.isSpace($0) || $0 == UInt8(ascii: "/") }
      let key = rest.prefix { !Byte.isSpace($0) && $0 != UInt8(ascii: "=") }
      rest = rest.dropFirst(key.count)
      var value = rest[rest.startIndex..<rest.startIndex]
      if rest.first == UInt8(ascii: "=") {
        rest = rest.dropFirst()
        if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
          value = rest.dropFirst().prefix { $0 != quote }
          rest = rest.dropFirst(value.count + 2)
        } else {
          value = rest.prefix { !Byte.isSpace($0) }
          rest = rest.dropFirst(value.count)
        }
      } else if key.isEmpty {
        break
      }
      let name = String(decoding: key, as: UTF8.self).lowercased()
      if attributes[name] == nil {
        attributes[name] = RecordText.withoutEntities(String(decoding: value, as: UTF8.self))
      }
    }
    return Tag(
      name: String(decoding: name, as: UTF8.self).lowercased(), attributes: attributes,
      isWhole: isWhole)
  }
}
