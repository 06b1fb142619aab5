import Papers

/// Texts of records: laid out, escaped or marked up in whatever way their makers chose.
enum RecordText {
  /// Text on one line, every run of white space one space.
  static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Text without white space at both ends.
  static func trimmed(_ text: some StringProtocol) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }

  /// Hard-wrapped text as paragraphs: lines become one, a blank line stays a blank line, and so
  /// does the indentation that begins a paragraph where all else begins at the margin.
  static func paragraphs(_ text: String) -> String {
    var paragraphs: [String] = []
    var words: [Substring] = []
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let parts = line.split(whereSeparator: \.isWhitespace)
      if parts.isEmpty, !words.isEmpty {
        paragraphs.append(words.joined(separator: " "))
        words = []
      }
      words += parts
    }
    if !words.isEmpty { paragraphs.append(words.joined(separator: " ")) }
    return paragraphs.joined(separator: "\n\n")
  }

  // MARK: HTML

  /// Text out of HTML: tags taken out, those that end a block as a line break, entities decoded
  /// once. Text without a tag or an entity is left as it is.
  static func withoutTags(_ html: String) -> String {
    guard html.utf8.contains(where: { $0 == Byte.less || $0 == UInt8(ascii: "&") }) else {
      return html
    }
    let bytes = Array(html.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if bytes[index] == Byte.less, let tag = tag(bytes, at: index) {
        if blocks.contains(tag.name) { out.append(Byte.lineFeed) }
        index = tag.end
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return withoutEntities(String(decoding: out, as: UTF8.self))
  }

  private static let blocks: Set<String> = [
    "p", "br", "div", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre",
  ]

  /// The tag at a `<`, or nil where it is but a sign: `a < b`, `<think`.
  private static func tag(_ bytes: [UInt8], at start: Int) -> (name: String, end: Int)? {
    var index = start + 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "/") { index += 1 }
    let name = index
    while index < bytes.count, index - name < 16,
      Byte.isLetter(bytes[index]) || Byte.isDigit(bytes[index])
    {
      index += 1
    }
    let word = String(decoding: bytes[name..<index], as: UTF8.self).lowercased()
    guard known.contains(word) else { return nil }
    // Bounded, so that a run of `<p` is linear.
    let limit = min(bytes.count, start + 2000)
    while index < limit, bytes[index] != Byte.greater { index += 1 }
    return index < limit ? (word, index + 1) : nil
  }

  /// The tags that texts bear; anything else in angle brackets is text.
  private static let known = blocks.union([
    "a", "abbr", "article", "b", "body", "center", "cite", "code", "dd", "del", "details", "dl",
    "dt", "em", "figure", "font", "h5", "h6", "header", "hr", "html", "i", "img", "ins", "jats",
    "kbd", "mark", "math", "q", "s", "section", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "th", "thead", "title", "tt", "u", "video", "wbr",
    "scp", "inf", "italic", "bold",
  ])

  /// Text with its entities decoded once (``HTMLEntities``).
  static func withoutEntities(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var result = ""
    var rest = text[...]
    while let mark = rest.firstIndex(of: "&") {
      result += rest[..<mark]
      rest = rest[mark...]
      let body = rest.dropFirst().prefix(10)
      guard let end = body.firstIndex(of: ";"), let plain = HTMLEntities.text(body[..<end]) else {
        result += "&"
        rest = rest.dropFirst()
        continue
      }
      result += plain
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  // MARK: Lists

  /// At most so many authors, keywords, tags or links of one paper are kept.
  static let mostParts = 4096

  /// A text cut at any of some signs, parts trimmed, empty ones left out.
  static func parts(_ text: String, at signs: String) -> [String] {
    text.split(whereSeparator: signs.contains).prefix(mostParts).map(trimmed).filter { !$0.isEmpty }
  }

  /// Keywords of a list: cut at semicolons where it has any, else at commas.
  static func keywords(_ text: String) -> [String] {
    let hasSemicolon = text.contains(";") || text.contains("；")
    return unique(parts(text, at: hasSemicolon ? ";；\n" : ",，、\n").map(oneLine))
  }

  /// Each text once, by bytes.
  static func unique(_ texts: [String]) -> [String] {
    var seen: Set<ByteText> = []
    return texts.filter { seen.insert(ByteText($0)).inserted }
  }
}
