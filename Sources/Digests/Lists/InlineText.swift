import Papers

/// One line of Markdown or HTML as a reader sees it: emphasis, tags, images and links that name no
/// paper taken off, escapes and entities taken back once.
///
/// What only looks like markup stays: a lone star (`V*`), a code span with its backticks, a
/// formula, a tag that HTML has not (`<think>`).
///
/// Linear: what an opening byte looks for is looked for over a bounded number of bytes.
struct InlineText {
  /// How far the closing of something is looked for, bytes.
  private static let reach = 1000

  private var result: [UInt8] = []
  /// Runs of `*` and `_` that may open emphasis: where in `result`, and how long.
  private var openers: [(byte: UInt8, at: Int, length: Int)] = []
  /// Emphasis found, to be cut from `result`.
  private var cuts: [Range<Int>] = []
  private let depth: Int

  /// Stands in ``marked(_:_:)`` where a link was that names no paper.
  static let linkMark: Character = "\u{1F}"
  private static let linkByte: UInt8 = 0x1F

  /// The text of a range on one line.
  static func plain(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> String {
    // Most text has nothing to take off.
    if !hasMarkup(line, range) { return line.title(range) }
    return oneLine(read(line, range).map { $0 == linkByte ? Byte.space : $0 })
  }

  /// The text of a range on one line, with ``linkMark`` for each link left out.
  static func marked(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> String {
    if !hasMarkup(line, range) { return line.title(range) }
    return oneLine(read(line, range))
  }

  /// Text on one line. A limit may have cut a character, so it is looked at.
  private static func oneLine(_ bytes: [UInt8]) -> String {
    let text = Array(String(decoding: bytes, as: UTF8.self).utf8)
    return text.span.title(0..<text.count)
  }

  /// The text of some bytes on one line.
  static func plain(_ bytes: [UInt8]) -> String { plain(bytes.span, 0..<bytes.count) }

  /// Markdown as it stands, only the tags of HTML taken off and entities taken back.
  static func untagged(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> String {
    var hasAny = false
    for index in range where line[index] == Byte.less || line[index] == UInt8(ascii: "&") {
      hasAny = true
      break
    }
    guard hasAny else { return line.text(range) }
    var text = InlineText(depth: 0)
    var index = range.lowerBound
    while index < range.upperBound {
      let next =
        switch line[index] {
        case Byte.less: text.tag(line, index, range.upperBound)
        case UInt8(ascii: "&"): text.entity(line, index, range.upperBound)
        default: index
        }
      if next == index { text.result.append(line[index]) }
      index = max(next, index + 1)
    }
    let bytes = Array(String(decoding: text.result, as: UTF8.self).utf8)
    return bytes.span.text(bytes.span.trimmed(0..<bytes.count))
  }

  private static func read(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var text = InlineText(depth: 0)
    text.read(line, range)
    return text.finished()
  }

  private init(depth: Int) { self.depth = depth }

  private static func hasMarkup(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      switch line[index] {
      case Byte.star, Byte.backslash, Byte.openBracket, Byte.less, UInt8(ascii: "_"),
        UInt8(ascii: "`"), UInt8(ascii: "&"), UInt8(ascii: "!"), UInt8(ascii: "~"):
        return true
      default: continue
      }
    }
    return false
  }

  private mutating func read(_ line: borrowing Span<UInt8>, _ range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      let next = take(line, index, range)
      if next == index {
        result.append(line[index])
        index += 1
      } else {
        index = next
      }
    }
  }

  /// Takes what begins at a place; returns where to go on, the place itself when nothing does.
  private mutating func take(
    _ line: borrowing Span<UInt8>, _ index: Int, _ range: Range<Int>
  ) -> Int {
    let end = range.upperBound
    switch line[index] {
    case Byte.backslash:
      guard index + 1 < end, Self.isPunctuation(line[index + 1]) else { return index }
      result.append(line[index + 1])
      return index + 2
    case UInt8(ascii: "$"), UInt8(ascii: "`"): return verbatim(line, index, end)
    case UInt8(ascii: "!") where line[or0: index + 1] == Byte.openBracket:
      guard let link = Self.link(line, index + 1, end) else { return index }
      result.append(Self.linkByte)
      return link.end
    case Byte.openBracket:
      guard let link = Self.link(line, index, end) else { return index }
      appendLink(line, link)
      return link.end
    case Byte.less: return tag(line, index, end)
    case UInt8(ascii: "&"): return entity(line, index, end)
    case Byte.star, UInt8(ascii: "_"): return emphasis(line, index, range)
    case UInt8(ascii: "~") where line[or0: index + 1] == UInt8(ascii: "~"): return index + 2
    default: return index
    }
  }

  /// `$…$` and code spans stand as they are.
  private mutating func verbatim(
    _ line: borrowing Span<UInt8>, _ index: Int, _ end: Int
  ) -> Int {
    let limit = min(end, index + 300)
    guard index + 1 < limit, !Byte.isSpace(line[index + 1]),
      let close = line.first(line[index], in: index + 1..<limit), close > index + 1
    else { return index }
    line.withUnsafeBufferPointer { result.append(contentsOf: $0[index...close]) }
    return close + 1
  }

  // MARK: Links

  /// `[text](target)`, `[text][reference]` or `[[target][text]]`.
  struct Link {
    /// What stands for it.
    var text: Range<Int>
    /// Where it leads; empty for a reference.
    var target: Range<Int>
    /// Where it ends.
    var end: Int
  }

  /// The link that begins with the bracket at a place.
  static func link(_ line: borrowing Span<UInt8>, _ open: Int, _ end: Int) -> Link? {
    let limit = min(end, open + reach)
    if line[or0: open + 1] == Byte.openBracket, let link = orgLink(line, open, limit) {
      return link
    }
    guard let close = closing(line, open, limit) else { return nil }
    if line[or0: close + 1] == Byte.openParenthesis, close + 1 < end {
      let target = LinkTarget(line, from: close + 2, to: end).range
      // A title may follow the address.
      let after = min(end, target.upperBound + 300)
      let paren = line.first(Byte.closeParenthesis, in: target.upperBound..<after)
      return Link(text: open + 1..<close, target: target, end: (paren ?? after - 1) + 1)
    }
    if line[or0: close + 1] == Byte.openBracket, close + 1 < end,
      let last = closing(line, close + 1, min(end, close + 200))
    {
      return Link(text: open + 1..<close, target: close..<close, end: last + 1)
    }
    return nil
  }

  /// The link of org mode.
  private static func orgLink(_ line: borrowing Span<UInt8>, _ open: Int, _ limit: Int) -> Link? {
    guard line.matches("http", at: open + 2) || line.matches("doi:", at: open + 2),
      let close = line.first(Byte.closeBracket, in: open + 2..<max(open + 2, limit))
    else { return nil }
    let target = open + 2..<close
    if line[or0: close + 1] == Byte.closeBracket {
      return Link(text: target, target: target, end: close + 2)
    }
    guard line[or0: close + 1] == Byte.openBracket,
      let last = closing(line, close + 1, limit), line[or0: last + 1] == Byte.closeBracket
    else { return nil }
    return Link(text: close + 2..<last, target: target, end: last + 2)
  }

  private static func closing(
    _ line: borrowing Span<UInt8>, _ open: Int, _ limit: Int
  ) -> Int? {
    guard open < limit, line.first(Byte.closeBracket, in: open..<limit) != nil else { return nil }
    var depth = 0
    var index = open
    while index < limit {
      switch line[index] {
      case Byte.backslash: index += 1
      case Byte.openBracket: depth += 1
      case Byte.closeBracket:
        depth -= 1
        if depth == 0 { return index }
      default: break
      }
      index += 1
    }
    return nil
  }

  /// A link whose text only says what it leads to is no part of the text around it.
  private mutating func appendLink(_ line: borrowing Span<UInt8>, _ link: Link) {
    guard depth < 3 else { return }
    var inner = InlineText(depth: depth + 1)
    inner.read(line, link.text)
    let bytes = inner.finished()
    let text = String(decoding: bytes, as: UTF8.self)
    if NamelessText.isNameless(text) { result.append(Self.linkByte) } else { result += bytes }
  }

  // MARK: HTML

  private static let tags: Set<String> = [
    "a", "abbr", "b", "br", "center", "cite", "code", "dd", "del", "details", "div", "dl", "dt",
    "em", "figcaption", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img",
    "ins", "kbd", "li", "mark", "ol", "p", "picture", "q", "s", "samp", "section", "small",
    "source", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th",
    "thead", "time", "tr", "tt", "u", "ul", "article", "header", "footer", "main", "nav", "button",
    "label", "input", "blockquote", "video", "iframe", "svg", "path", "html",
    "body", "head", "title", "meta", "link", "script", "style", "form", "picture", "ruby", "rt",
    "aside", "big", "wbr", "noscript", "address", "pre",
  ]

  /// The name and end of the HTML tag at a place; the name is empty for a comment or an address in
  /// angle brackets, and nil when it is neither.
  static func htmlTag(
    _ line: borrowing Span<UInt8>, _ index: Int, _ end: Int
  ) -> (name: String, isClosing: Bool, end: Int)? {
    let limit = min(end, index + reach)
    let isClosing = line[or0: index + 1] == UInt8(ascii: "/")
    var stop = index + (isClosing ? 2 : 1)
    if line.matches("!--", at: stop) || line.matches("http", at: stop) {
      guard let close = line.first(Byte.greater, in: stop..<max(stop, limit)) else { return nil }
      return ("", false, close + 1)
    }
    let start = stop
    while stop < limit, stop - start < 12, Byte.isLetter(line[stop]) || Byte.isDigit(line[stop]) {
      stop += 1
    }
    guard stop > start, stop < limit,
      Byte.isSpace(line[stop]) || line[stop] == Byte.greater || line[stop] == UInt8(ascii: "/"),
      let close = line.first(Byte.greater, in: stop..<limit)
    else { return nil }
    let name = line.text(start..<stop).lowercased()
    return tags.contains(name) ? (name, isClosing, close + 1) : nil
  }

  private mutating func tag(_ line: borrowing Span<UInt8>, _ index: Int, _ end: Int) -> Int {
    guard let tag = Self.htmlTag(line, index, end) else { return index }
    if ["br", "p", "div", "li", "td", "th", "tr"].contains(tag.name) { result.append(Byte.space) }
    return tag.end
  }

  private mutating func entity(_ line: borrowing Span<UInt8>, _ index: Int, _ end: Int) -> Int {
    let limit = min(end, index + 12)
    guard index + 2 < limit,
      let close = line.first(UInt8(ascii: ";"), in: index + 2..<limit)
    else { return index }
    guard let text = HTMLEntities.text(line.text(index + 1..<close)[...]) else { return index }
    result += Array(text.utf8)
    return close + 1
  }

  // MARK: Emphasis

  /// A run of `*` or `_`, which opens or closes emphasis where CommonMark (6.2) says it may.
  private mutating func emphasis(
    _ line: borrowing Span<UInt8>, _ index: Int, _ range: Range<Int>
  ) -> Int {
    let byte = line[index]
    var end = index
    while end < range.upperBound, line[end] == byte { end += 1 }
    let length = end - index
    let before = index > range.lowerBound ? line[index - 1] : Byte.space
    let after = end < range.upperBound ? line[end] : Byte.space
    // Chinese punctuation is told from letters by nobody who writes these lists: both are letters.
    let opensBefore = Byte.isSpace(before) || Self.isPunctuation(before)
    let closesAfter = Byte.isSpace(after) || Self.isPunctuation(after)
    var isOpening = !Byte.isSpace(after) && (!Self.isPunctuation(after) || opensBefore)
    var isClosing = !Byte.isSpace(before) && (!Self.isPunctuation(before) || closesAfter)
    // A run of two at the very edge is markup even where a space was left by mistake.
    if length >= 2, byte == Byte.star, index == range.lowerBound { isOpening = true }
    if length >= 2, byte == Byte.star { isClosing = isClosing || closesAfter }
    if byte == UInt8(ascii: "_") {
      isOpening = isOpening && opensBefore
      isClosing = isClosing && closesAfter
    }
    let at = result.count
    for _ in 0..<length { result.append(byte) }
    if isClosing, length <= 3,
      let place = openers.lastIndex(where: { $0.byte == byte && $0.length == length })
    {
      let opener = openers[place]
      cuts.append(opener.at..<opener.at + length)
      cuts.append(at..<at + length)
      openers.removeSubrange(place...)
    } else if isOpening, length <= 3, openers.count < 32 {
      openers.append((byte, at, length))
    }
    return end
  }

  private func finished() -> [UInt8] {
    guard !cuts.isEmpty else { return result }
    var kept: [UInt8] = []
    kept.reserveCapacity(result.count)
    var start = 0
    for cut in cuts.sorted(by: { $0.lowerBound < $1.lowerBound }) where cut.lowerBound >= start {
      kept += result[start..<cut.lowerBound]
      start = cut.upperBound
    }
    return kept + result[start...]
  }

  static func isPunctuation(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && !Byte.isLetter(byte) && !Byte.isDigit(byte)
  }
}
