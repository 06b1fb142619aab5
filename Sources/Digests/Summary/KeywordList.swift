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

  /// Cuts at separators outside brackets; false, and nothing is added, when a bracket stays open.
  private mutating func split(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, respectingBrackets: Bool
  ) -> Bool {
    var depth = 0
    if respectingBrackets {
      for index in range {
        depth = max(0, depth + Self.bracket(bytes, at: index))
      }
      guard depth == 0 else { return false }
    }
    var start = range.lowerBound
    var index = start
    while index < range.upperBound, words.count < Self.maximumCount {
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
    var word = bytes.text(range)
    if bytes.first(Byte.star, in: range) != nil { word = Self.withoutBold(word) }
    if !word.isEmpty, !words.contains(word) { words.append(word) }
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

  /// +1 for an opening bracket at a place, -1 for a closing one.
  private static func bracket(_ bytes: borrowing Span<UInt8>, at index: Int) -> Int {
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

/// Where a list of keywords ends when text follows it without a break.
extension KeywordList {
  /// The end of bold keywords at the start of a range (`**a**, **b** text`, `**a, b** text`); nil
  /// when the first bold phrase is part of a sentence.
  static func endOfBold(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> Int? {
    var end: Int?
    var index = range.lowerBound
    while bytes.matches("**", at: index), let close = endOfSpan(bytes, index, range.upperBound) {
      var next = bytes.skippingSpace(from: close, to: range.upperBound)
      if next < range.upperBound, isOpening(bytes, at: next),
        let gloss = endOfGloss(bytes, next, range.upperBound)
      {
        next = bytes.skippingSpace(from: gloss, to: range.upperBound)
      }
      let separated = skipSeparators(bytes, next, range.upperBound)
      if separated == close, close < range.upperBound { return end }  // glued to a sentence
      end = next
      index = separated
    }
    return end
  }

  /// Where the bold that opens at `start` is closed, after the closing; nil when it is not, or the
  /// phrase is too long for keywords.
  private static func endOfSpan(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    let limit = min(end, start + 2 + maximumCount * maximumLength)
    var index = start + 2
    while let star = bytes.first(Byte.star, in: index..<max(index, limit)) {
      if bytes[or0: star + 1] == Byte.star, star + 1 < end {
        return star > start + 2 ? star + 2 : nil
      }
      index = star + 1
    }
    return nil
  }

  private static func isOpening(_ bytes: borrowing Span<UInt8>, at index: Int) -> Bool {
    bytes[index] == Byte.openParenthesis || bytes.matches("（", at: index)
  }

  private static func endOfGloss(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    for index in start..<min(end, start + maximumLength) {
      if bytes[index] == Byte.closeParenthesis { return index + 1 }
      if bytes.matches("）", at: index) { return index + 3 }
    }
    return nil
  }

  private static func skipSeparators(
    _ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    var index = start
    while index < end {
      if Byte.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: ".") {
        index += 1
      } else if bytes.matches("。", at: index) {
        index += 3
      } else {
        let length = separatorLength(bytes, at: index)
        guard length > 0 else { break }
        index += length
      }
    }
    return index
  }

  /// The end of plain keywords at the start of a range, and how many there are; the rest of the
  /// range is text.
  ///
  /// A keyword may hold a space (`KV 缓存`), so a space ends the list only before the beginning of
  /// a sentence or before words longer than a keyword.
  static func endOfPlain(
    _ bytes: borrowing Span<UInt8>, in range: Range<Int>
  ) -> (end: Int, count: Int, isLong: Bool) {
    var depth = 0
    var count = 0
    var start = range.lowerBound
    var longest = 0
    var index = range.lowerBound
    while index < range.upperBound {
      depth = max(0, depth + bracket(bytes, at: index))
      let length = depth == 0 ? separatorLength(bytes, at: index) : 0
      if length > 0 {
        count += 1
        longest = max(longest, index - start)
        start = index + length
        index = start
        continue
      }
      let isEnd =
        bytes.matches("。", at: index)
        || (bytes[index] == Byte.space && depth == 0
          && startsSentence(bytes, after: index, to: range.upperBound))
      if isEnd || index - start > maximumLength { break }
      index += 1
    }
    if index < range.upperBound, index - start > maximumLength { index = start }
    longest = max(longest, index - start)
    return (index, count + (index > start ? 1 : 0), longest > 72)
  }

  private static let openings: [StaticString] = [
    "本文", "本研究", "本论文", "本工作", "本报告", "该论文", "该研究", "该文", "该工作", "该技术", "该框架",
    "这项", "这篇", "论文", "研究", "为了", "为解决", "针对", "现有", "当前", "我们", "we ", "this ", "the ",
  ]

  /// Whether text begins with the words that begin a summary's sentence.
  static func isOpeningOfSentence(_ bytes: borrowing Span<UInt8>, at index: Int) -> Bool {
    for word in openings where bytes.matches(word, at: index) { return true }
    return false
  }

  private static func startsSentence(
    _ bytes: borrowing Span<UInt8>, after space: Int, to end: Int
  ) -> Bool {
    let start = bytes.skippingSpace(from: space, to: min(end, space + 8))
    if start == end || isOpeningOfSentence(bytes, at: start) { return start < end }
    let before = bytes[or0: space - 1]
    guard before >= 0x80 || before == Byte.closeParenthesis else { return false }
    let limit = min(end, start + 52)
    for index in start..<limit
    where separatorLength(bytes, at: index) > 0 || bytes[index] == Byte.space {
      return false
    }
    return limit - start >= 52
  }
}
