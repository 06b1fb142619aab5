/// A title out of a piece of Markdown: markup, markers, dates and words that are no title taken
/// off.
enum TitleText {
  /// The longest piece that is looked at, bytes.
  static let maximumLength = 1000

  /// Words that stand where a link is and name no paper.
  private static let noise: Set<String> = [
    "pdf", "abs", "arxiv", "html", "paper", "papers", "link", "links", "url", "doi", "code",
    "project", "project page", "website", "page", "here", "huggingface", "hugging face", "hf",
    "alphaxiv", "read more", "more", "abstract", "source", "preprint", "read more on", "or", "and",
    "arxiv link", "paper link", "view", "download", "full text", "publication", "et al", "et.al",
    "论文", "链接", "原文", "详情", "论文链接", "论文地址", "地址", "摘要", "代码", "项目", "来源",
  ]

  private static let edges: Set<Character> = [
    " ", "\t", "\n", ":", "：", ",", "，", "、", ";", "；", "|", "·", "-", "–", "—", "(", ")", "（",
    "）", "[", "]", "*", "_", "`", ">", "<", "•", "/", "。", "=", "→", "\u{FEFF}",
  ]

  /// The title in a range of a line, or nil when there is none.
  static func read(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> String? {
    var end = min(range.upperBound, range.lowerBound + maximumLength)
    if end < range.upperBound {
      while end > range.lowerBound, Byte.continues(line[end]) { end -= 1 }
    }
    let start = afterMarkers(line, range.lowerBound, end)
    let text = plain(line.title(start..<max(start, end)))
    let title = String(trimmed(text[...]))
    return isTitle(title) ? title : nil
  }

  /// Where the text begins after list markers, hashes, quotes, check boxes and a date.
  private static func afterMarkers(
    _ line: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    var index = line.skippingSpace(from: start, to: end)
    for _ in 0..<6 {
      let before = index
      while index < end, line[index] == Byte.hash || line[index] == Byte.greater { index += 1 }
      let marker = SummaryOutline.listMarker(line, at: index)
      if marker > 0, Byte.isSpace(line[or0: index + marker]) { index += marker }
      if line.matches("[ ]", at: index) || line.matches("[x]", at: index) { index += 3 }
      if Byte.isDigit(line[or0: index]),
        let spot = DayHeading.spot(in: line, index..<min(end, index + 12)),
        spot.range.lowerBound == index
      {
        index = spot.range.upperBound
        if line[or0: index] == UInt8(ascii: ",") { index += 1 }
      }
      index = line.skippingSpace(from: index, to: end)
      if index == before || index >= end { break }
    }
    return min(index, end)
  }

  /// Text without stars, backticks and tags.
  private static func plain(_ text: String) -> String {
    guard
      text.utf8.contains(where: { $0 == Byte.star || $0 == UInt8(ascii: "`") || $0 == Byte.less })
    else { return text }
    var result = ""
    var rest = text[...]
    while let mark = rest.firstIndex(where: { "*`<".contains($0) }) {
      result += rest[..<mark]
      let isTag = rest[mark] == "<"
      rest = rest[rest.index(after: mark)...]
      guard isTag else { continue }
      if let close = rest.prefix(200).firstIndex(of: ">"),
        let first = rest.first, first.isLetter || first == "/"
      {
        rest = rest[rest.index(after: close)...]
      } else {
        result += "<"
      }
    }
    return result + rest
  }

  /// Text without punctuation and words of no title at its end, and punctuation at its beginning.
  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    let pairs = Set(text).intersection("()（）[]")
    while let first = text.first, edges.contains(first), !has(partnerOf: first, pairs) {
      text.removeFirst()
    }
    for _ in 0..<6 {
      let before = text.endIndex
      while let last = text.last, edges.contains(last), !has(partnerOf: last, pairs) {
        text.removeLast()
      }
      let wasMarked = text.endIndex != before
      let words = text.split(separator: " ").suffix(3)
      for count in stride(from: words.count, through: 1, by: -1) {
        let tail = words.suffix(count).joined(separator: " ").lowercased()
        let word = String(tail.drop { edges.contains($0) })
        // `Title, Paper:` ends in noise; a title that ends in `paper` of itself keeps it.
        guard noise.contains(word), wasMarked || count > 1 || tail == text.lowercased(),
          let start = words.suffix(count).first?.startIndex
        else { continue }
        text = text[..<start]
        break
      }
      if text.endIndex == before { break }
    }
    return text
  }

  /// Whether a bracket at an end of the text belongs to one inside.
  private static func has(partnerOf bracket: Character, _ brackets: Set<Character>) -> Bool {
    switch bracket {
    case "(": brackets.contains(")")
    case ")": brackets.contains("(")
    case "（": brackets.contains("）")
    case "）": brackets.contains("（")
    case "[": brackets.contains("]")
    case "]": brackets.contains("[")
    default: false
    }
  }

  /// Whether text can be a title: it has letters and is no address, id or word of the noise.
  static func isTitle(_ text: String) -> Bool {
    guard text.utf8.contains(where: { Byte.isLetter($0) || $0 >= 0x80 }) else { return false }
    let lower = text.lowercased()
    if noise.contains(lower) || lower.hasPrefix("http") || lower.hasPrefix("www.") { return false }
    if lower.hasPrefix("arxiv:") || lower.hasPrefix("arxiv.org") || lower.hasPrefix("doi:")
      || lower.hasPrefix("![") || lower.hasPrefix("10.")
    {
      return false
    }
    return !lower.contains("et al") || lower.utf8.count > 60
  }
}
