import Papers

/// Keywords: where their list ends, and the list taken apart.
///
/// Bounded: at most ``maximumCount`` keywords of at most ``maximumLength`` bytes.
struct KeywordList {
  static let maximumCount = 64
  static let maximumLength = 200

  /// The keywords in order, each once, without markup.
  private(set) var words: [String] = []

  /// Adds the keywords of a range whose bounds are known.
  mutating func append(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) {
    if !split(bytes, range, respectingBrackets: true) {
      _ = split(bytes, range, respectingBrackets: false)
    }
  }

  /// Adds the keywords of text that is nothing but a list, be it one line or an item a line.
  mutating func append(list text: String) {
    for line in text.split(separator: "\n") {
      var bytes = Array(line.utf8)
      let marker = SummaryOutline.listMarker(bytes.span, at: 0)
      if marker > 0 { bytes.removeFirst(marker) }
      if bytes.first == Byte.openBracket, bytes.last == Byte.closeBracket {
        bytes = Array(bytes.dropFirst().dropLast())
      }
      bytes.removeAll { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "`") }
      append(bytes.span, in: 0..<bytes.count)
    }
  }

  /// Cuts at separators outside brackets; false, and nothing is added, when a bracket stays open.
  private mutating func split(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, respectingBrackets: Bool
  ) -> Bool {
    var depth = 0
    if respectingBrackets {
      for index in range where Self.isMark(bytes[index]) {
        depth = max(0, depth + Self.bracket(bytes, at: index))
      }
      guard depth == 0 else { return false }
    }
    var start = range.lowerBound
    var index = start
    while index < range.upperBound, words.count < Self.maximumCount {
      guard Self.isMark(bytes[index]) else {
        index += 1
        continue
      }
      if respectingBrackets { depth = max(0, depth + Self.bracket(bytes, at: index)) }
      let length = depth == 0 ? Self.separatorLength(bytes, at: index) : 0
      if length > 0 {
        add(bytes, start..<index)
        start = index + length
      }
      index += max(length, 1)
    }
    add(bytes, start..<max(start, range.upperBound))
    return true
  }

  /// Adds one keyword, cleaned.
  private mutating func add(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
    guard words.count < Self.maximumCount else { return }
    var range = Self.bare(bytes, range)
    if range.count > Self.maximumLength {
      var end = range.lowerBound + Self.maximumLength
      while end > range.lowerBound, Byte.continues(bytes[end]) { end -= 1 }
      range = bytes.trimmed(range.lowerBound..<end)
    }
    guard !range.isEmpty else { return }
    var word = bytes.validText(range)
    if bytes.first(Byte.star, in: range) != nil { word = Self.withoutBold(word) }
    // Bytes are compared: `String` would compare normal forms.
    let isNew = !word.isEmpty && !words.contains { $0.hasBytes(of: word) }
    if isNew { words.append(word) }
  }

  /// A range without white space, markup and the full stop of the list around it.
  private static func bare(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var range = bytes.trimmed(range)
    while !range.isEmpty {
      let before = range
      if isMarkup(bytes[range.lowerBound]) { range = range.lowerBound + 1..<range.upperBound }
      if !range.isEmpty, isMarkup(bytes[range.upperBound - 1]) {
        range = range.lowerBound..<range.upperBound - 1
      }
      if range.count > 3, bytes.matches("。", at: range.upperBound - 3) {
        range = range.lowerBound..<range.upperBound - 3
      } else if range.count > 1, bytes[range.upperBound - 1] == UInt8(ascii: ".") {
        range = range.lowerBound..<range.upperBound - 1
      }
      range = bytes.trimmed(range)
      if range == before { break }
    }
    return range
  }

  private static func isMarkup(_ byte: UInt8) -> Bool {
    byte == Byte.star || byte == UInt8(ascii: "`")
  }

  private static func withoutBold(_ word: String) -> String {
    var kept: [UInt8] = []
    for byte in word.utf8 {
      if byte == Byte.star, kept.last == Byte.star { kept.removeLast() } else { kept.append(byte) }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  /// Whether a byte may begin a bracket, a separator or the end of a sentence: most do not, and
  /// those of Chinese characters almost never.
  static func isMark(_ byte: UInt8) -> Bool {
    switch byte {
    case Byte.openParenthesis, Byte.closeParenthesis, Byte.openBracket, Byte.closeBracket,
      UInt8(ascii: ","), UInt8(ascii: ";"), 0xE3, 0xEF:
      true
    default: false
    }
  }

  /// +1 for an opening bracket at a place, -1 for a closing one.
  static func bracket(_ bytes: borrowing Span<UInt8>, at index: Int) -> Int {
    switch bytes[index] {
    case Byte.openParenthesis, Byte.openBracket: return 1
    case Byte.closeParenthesis, Byte.closeBracket: return -1
    case 0xEF:
      if bytes.matches("（", at: index) { return 1 }
      return bytes.matches("）", at: index) ? -1 : 0
    default: return 0
    }
  }

  /// The length of `,` `;` `，` `；` `、` at a place, or 0.
  static func separatorLength(_ bytes: borrowing Span<UInt8>, at index: Int) -> Int {
    switch bytes[or0: index] {
    case UInt8(ascii: ","), UInt8(ascii: ";"): return 1
    case 0xEF: return bytes.matches("，", at: index) || bytes.matches("；", at: index) ? 3 : 0
    case 0xE3: return bytes.matches("、", at: index) ? 3 : 0
    default: return 0
    }
  }
}
