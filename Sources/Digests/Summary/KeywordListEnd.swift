/// Where a list of keywords ends when text follows it without a break.
extension KeywordList {
  /// The end of bold keywords at the start of a range (`**a**, **b** text`, `**a, b** text`); nil
  /// when the first bold phrase is part of a sentence.
  static func endOfBold(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> Int? {
    var end: Int?
    var index = range.lowerBound
    while bytes.matches("**", at: index), let close = endOfSpan(bytes, index, range.upperBound) {
      guard mayBeKeywords(bytes, index + 2..<close - 2, to: range.upperBound) else { return end }
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

  /// Whether a bold phrase may be keywords: it has a letter, and is no label and no sentence.
  private static func mayBeKeywords(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, to end: Int
  ) -> Bool {
    let range = bytes.trimmed(range)
    var hasLetter = false
    var words = 1
    for index in range {
      hasLetter = hasLetter || Byte.isLetter(bytes[index]) || bytes[index] >= 0x80
      if isMark(bytes[index]), separatorLength(bytes, at: index) > 0 { words = 0 }
      if bytes[index] == Byte.space { words += 1 }
      if words > longestKeyword { return false }
    }
    guard hasLetter, let last = range.last else { return false }
    if bytes[last] == Byte.colon || bytes.matches("：", at: last - 2) { return false }
    let next = bytes.skippingSpace(from: range.upperBound + 2, to: end)
    if bytes.colonLength(at: next) > 0, next < end { return false }
    let isSentence = bytes[last] == UInt8(ascii: ".") || bytes.matches("。", at: last - 2)
    return !isSentence || range.count < 40
  }

  /// Words of a keyword; a phrase of more is a sentence.
  private static let longestKeyword = 9

  /// Whether a range of keywords holds more than one.
  static func hasSeveral(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> Bool {
    var depth = 0
    for index in range where isMark(bytes[index]) {
      depth = max(0, depth + bracket(bytes, at: index))
      if depth == 0, separatorLength(bytes, at: index) > 0 { return true }
    }
    return false
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
      if bytes[index] != Byte.space, !isMark(bytes[index]) {
        if index - start > maximumLength { break }
        index += 1
        continue
      }
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
    if isNameWithPredicate(bytes, start, end, words: before >= 0x80 || before == 0x29 ? 4 : 1) {
      return true
    }
    guard before >= 0x80 || before == Byte.closeParenthesis else { return false }
    let limit = min(end, start + 52)
    for index in start..<limit
    where separatorLength(bytes, at: index) > 0 || bytes[index] == Byte.space {
      return false
    }
    return limit - start >= 52
  }

  /// What follows the name of a thing where a sentence says something of it.
  private static let predicates: [StaticString] = [
    "是", "提出", "通过", "旨在", "引入", "利用", "采用", "将", "使用", "能够", "可以", "基于", "结合", "构建",
    "实现", "作为", "由", "把", "以", "让", "建立", "展示", "证明", "揭示", "定义", "在", "为", "针对", "解决",
    "包含", "包括", "支持", "提供", "首次", "改进", "借助", "设计", "扩展", "训练", "学习", "从", "不仅",
    "is ", "are ", "proposes ", "introduces ", "presents ", "addresses ", "enables ", "achieves ",
    "uses ", "provides ", "combines ", "improves ", "was ", "aims ",
  ]

  /// Whether a sentence begins with a Latin name and what it does: `Foo-Net-2.0是一种…`. A keyword
  /// may hold such a name, but says nothing of it, and is shorter.
  /// - Parameter words: how many the name may have.
  private static func isNameWithPredicate(
    _ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int, words: Int
  ) -> Bool {
    // Most of what follows a space is Chinese.
    guard bytes[start] < 0x80 else { return false }
    var index = start
    for number in 0..<words {
      let word = index
      while index < end, index - start < 60, isOfName(bytes[index]) { index += 1 }
      guard index > word, number > 0 || !Byte.isDigit(bytes[word]) || index - word > 2 else {
        return false
      }
      var next = bytes.skippingSpace(from: index, to: min(end, index + 2))
      if next < end, isOpening(bytes, at: next), let gloss = endOfGloss(bytes, next, end) {
        next = bytes.skippingSpace(from: gloss, to: min(end, gloss + 2))
      }
      if let predicate = predicates.first(where: { bytes.matches($0, at: next) }) {
        return saysMore(bytes, next + predicate.utf8CodeUnitCount, end)
      }
      guard next > index, next < end, bytes[next] < 0x80 else { return false }
      index = next
    }
    return false
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "*"),
      UInt8(ascii: "^"), UInt8(ascii: "$"), UInt8(ascii: "/"), UInt8(ascii: "_"),
      UInt8(ascii: "'"):
      true
    default: Byte.isLetter(byte) || Byte.isDigit(byte)
    }
  }

  /// Whether what follows is longer than the rest of a keyword is.
  private static func saysMore(_ bytes: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    var index = start
    let limit = min(end, start + 18)
    while index < limit {
      if isMark(bytes[index]), separatorLength(bytes, at: index) > 0 { return false }
      index += 1
    }
    return limit - start == 18
  }
}
