import Papers

/// A summary as data: its keywords, its one sentence, its sections.
///
/// What carries a label goes where the label says. Text before the first label, or after keywords
/// that text follows at once, is a section without a label, so that nothing of a summary is lost.
/// Two spaces are a lost paragraph break, and become a blank line in the sections.
struct Summary {
  private(set) var keywords: [String] = []
  private(set) var tldr: String?
  private(set) var sections: [PaperContent.Section] = []
  /// Whether anything told the parts apart; else the one section is the whole text.
  private(set) var isStructured = false
  private let seeksPlainKeywords: Bool

  /// Reads a summary, which is valid UTF-8.
  /// - Parameter seeksPlainKeywords: whether keywords without label and markup may lead the text;
  ///   a paper's own abstract has none.
  init(_ bytes: borrowing Span<UInt8>, seeksPlainKeywords: Bool = true) {
    self.seeksPlainKeywords = seeksPlainKeywords
    let outline = SummaryOutline(bytes, losesBreaks: seeksPlainKeywords)
    var parts = Parts(outline: outline)
    var list = KeywordList()
    let head = 0..<(outline.marks.first?.start ?? bytes.count)
    take(unlabelled: bytes, head, &parts, &list)
    for (number, mark) in outline.marks.enumerated() {
      let next = number + 1
      let end = next < outline.marks.count ? outline.marks[next].start : bytes.count
      take(mark, bytes, mark.content..<max(mark.content, end), &parts, &list)
    }
    keywords = list.words
    isStructured = !outline.marks.isEmpty || !keywords.isEmpty
  }

  private mutating func take(
    _ mark: SummaryOutline.Mark, _ bytes: borrowing Span<UInt8>, _ range: Range<Int>,
    _ parts: inout Parts, _ list: inout KeywordList
  ) {
    switch mark.kind {
    case .keywords: take(keywords: bytes, range, &parts, &list)
    case .tldr where tldr == nil:
      let first = range.lowerBound..<parts.endOfParagraph(range)
      let text = parts.text(bytes, first, sentences: false)
      if !text.isEmpty { tldr = text }
      add("", bytes, first.upperBound..<range.upperBound, &parts)
    case .tldr, .section: add(bytes.validText(mark.label), bytes, range, &parts)
    }
  }

  /// The text before the first label: keywords may lead it.
  private mutating func take(
    unlabelled bytes: borrowing Span<UInt8>, _ range: Range<Int>, _ parts: inout Parts,
    _ list: inout KeywordList
  ) {
    let range = bytes.trimmed(range)
    guard !range.isEmpty else { return }
    var end: Int?
    if bytes.matches("**", at: range.lowerBound) {
      end = KeywordList.endOfBold(bytes, in: range)
      // An author's own text begins with one bold phrase for other reasons.
      if let found = end, !seeksPlainKeywords,
        !KeywordList.hasSeveral(bytes, in: range.lowerBound..<found)
      {
        end = nil
      }
    } else if seeksPlainKeywords, !KeywordList.isOpeningOfSentence(bytes, at: range.lowerBound) {
      let paragraph = range.lowerBound..<parts.endOfParagraph(range)
      let plain = KeywordList.endOfPlain(bytes, in: paragraph)
      if plain.count >= 3, !plain.isLong, plain.end < range.upperBound { end = plain.end }
    }
    if let end { list.append(bytes, in: range.lowerBound..<end) }
    add("", bytes, (end ?? range.lowerBound)..<range.upperBound, &parts)
  }

  /// The text after a keyword label.
  private mutating func take(
    keywords bytes: borrowing Span<UInt8>, _ range: Range<Int>, _ parts: inout Parts,
    _ list: inout KeywordList
  ) {
    let range = bytes.trimmed(range)
    var end = parts.endOfParagraph(range)
    while end < range.upperBound, Self.endsWithSeparator(bytes, range.lowerBound..<end) {
      let next = bytes.skippingSpace(from: end, to: range.upperBound)
      end = parts.endOfParagraph(next..<range.upperBound)
    }
    let paragraph = range.lowerBound..<end
    end =
      KeywordList.endOfBold(bytes, in: paragraph)
      ?? KeywordList.endOfPlain(bytes, in: paragraph).end
    if KeywordList.separatorLength(
      bytes, at: bytes.skippingSpace(from: end, to: paragraph.upperBound))
      > 0
    {
      end = KeywordList.endOfPlain(bytes, in: paragraph).end
    }
    list.append(bytes, in: range.lowerBound..<end)
    add("", bytes, end..<range.upperBound, &parts)
  }

  private static func endsWithSeparator(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> Bool {
    let end = bytes.trimmed(range).upperBound
    return KeywordList.separatorLength(bytes, at: end - 1) == 1
      || KeywordList.separatorLength(bytes, at: end - 3) == 3
  }

  private mutating func add(
    _ label: String, _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, _ parts: inout Parts
  ) {
    let range = Self.withoutPunctuation(bytes, bytes.trimmed(range))
    guard !range.isEmpty else { return }
    let text = parts.text(bytes, range, sentences: label.isEmpty)
    sections.append(PaperContent.Section(label: label, text: text))
  }

  /// A text that follows keywords or a label, without the full stop or colon that ended those.
  private static func withoutPunctuation(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> Range<Int> {
    var range = range
    while !range.isEmpty {
      let index = range.lowerBound
      var length = KeywordList.separatorLength(bytes, at: index)
      if length == 0 { length = bytes.colonLength(at: index) }
      if length == 0, bytes.matches("。", at: index) { length = 3 }
      if length == 0, bytes[index] == UInt8(ascii: "."), Byte.isSpace(bytes[or0: index + 1]) {
        length = 1
      }
      guard length > 0 else { break }
      range = bytes.trimmed(index + length..<max(index + length, range.upperBound))
    }
    return range
  }
}

extension Summary {
  /// The breaks of an outline, walked from front to back along with the parts.
  struct Parts {
    private let breaks: [SummaryOutline.Break]
    private var next = 0

    init(outline: SummaryOutline) { breaks = outline.breaks }

    /// Where the first paragraph of a range ends; its end when it has but one.
    mutating func endOfParagraph(_ range: Range<Int>) -> Int {
      moveTo(range.lowerBound)
      var index = next
      while index < breaks.count, breaks[index].range.lowerBound < range.upperBound {
        if breaks[index].kind == .paragraph { return breaks[index].range.lowerBound }
        index += 1
      }
      return range.upperBound
    }

    /// A range as text, paragraph breaks restored; where it has none, the ends of sentences that a
    /// space follows are taken for them if `sentences` says so.
    mutating func text(
      _ bytes: borrowing Span<UInt8>, _ range: Range<Int>, sentences: Bool
    ) -> String {
      let range = bytes.trimmed(range)
      moveTo(range.lowerBound)
      var last = next
      var hasParagraphs = false
      while last < breaks.count, breaks[last].range.upperBound < range.upperBound {
        if breaks[last].kind == .paragraph { hasParagraphs = true }
        last += 1
      }
      let usesSentences = sentences && !hasParagraphs
      var result = ""
      var start = range.lowerBound
      for item in breaks[min(next, last)..<last]
      where item.range.lowerBound >= start && (item.kind != .sentence || usesSentences) {
        result += bytes.validText(start..<item.range.lowerBound)
        result += item.kind == .marker ? " " : "\n\n"
        start = item.range.upperBound
      }
      if result.isEmpty { return bytes.validText(range) }
      return result + bytes.validText(start..<range.upperBound)
    }

    /// Goes to the first break after a place. Ranges come nearly in order, so all calls together
    /// are about one walk.
    private mutating func moveTo(_ place: Int) {
      while next > 0, breaks[next - 1].range.upperBound > place { next -= 1 }
      while next < breaks.count, breaks[next].range.upperBound <= place { next += 1 }
    }
  }
}
