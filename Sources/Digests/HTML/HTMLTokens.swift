/// Cuts HTML into tags and texts, whatever the sizes of the pieces it comes in, as far as lists of
/// bookmarks need it: no scripts, no comments that hold tags.
///
/// Memory is one tag, and the text since the last one, each up to a limit.
struct HTMLTokens {
  /// One tag.
  struct Tag {
    /// Its name in lower case, with a slash before it where it ends an element.
    var name: String
    /// Its attributes, names in lower case, entities decoded.
    var attributes: [String: String]
  }

  private let limit: Int
  private var line: Int
  private var start: Int
  private var text: [UInt8] = []
  private var tag: [UInt8] = []
  private var isInTag = false
  private var quote: UInt8 = 0
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
      } else if text.count < limit, byte != 0 {
        text.append(byte)
      }
      return
    }
    if quote != 0 {
      if byte == quote { quote = 0 }
    } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
      // A quote means something only behind an equals sign.
      if tag.last == UInt8(ascii: "=") { quote = byte }
    } else if byte == Byte.greater {
      body(String(decoding: text, as: UTF8.self), Self.tag(tag), start)
      (isInTag, tag, text) = (false, [], [])
      return
    }
    if tag.count < limit { tag.append(byte) }
  }

  private static func tag(_ bytes: [UInt8]) -> Tag {
    var rest = bytes[...]
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
    return Tag(name: String(decoding: name, as: UTF8.self).lowercased(), attributes: attributes)
  }
}
