import Papers

/// The papers that one line names and its bold phrases: one pass over the bytes.
struct LinkScan {
  /// One link to a paper, or its id in the text.
  struct Spot {
    var id: PaperID
    /// The whole of it, markup included.
    var range: Range<Int>
    /// The text of the link; empty where it is a bare address.
    var text: Range<Int>
    /// Whether only an id stands there, as in `a comment on arXiv:1706.03762`: it names a paper
    /// where nothing else does.
    var isMention = false
    /// Whether it is the page of a paper at a site whose addresses hold no id, which may well be
    /// the second page of a paper that another link names.
    var isPage: Bool { id.kind == .url }
  }

  /// The links in order.
  private(set) var spots: [Spot] = []
  /// The bold phrases in order, without their marks; at most 16.
  private(set) var bold: [Range<Int>] = []

  private var brackets: [Int] = []
  private var closed: (open: Int, close: Int) = (-1, -2)
  private var boldStart: Int?

  init(_ line: borrowing Span<UInt8>, in range: Range<Int>) {
    if let spot = Self.lone(line, range) {
      spots = [spot]
      return
    }
    var index = range.lowerBound
    while index < range.upperBound {
      switch line[index] {
      case Byte.backslash: index += 1
      case Byte.openBracket: if brackets.count < 64 { brackets.append(index) }
      case Byte.closeBracket: if let open = brackets.popLast() { closed = (open, index) }
      case Byte.star where line[or0: index + 1] == Byte.star:
        bold(from: index, to: index + 2)
        index += 1
      case Byte.less: tag(line, at: index)
      case Byte.colon:
        index = take(line, colon: index, range.upperBound)
        continue
      case UInt8(ascii: "/"):
        index = take(line, slash: index, range)
        continue
      case UInt8(ascii: "."):
        index = take(line, point: index, range)
        continue
      default: break
      }
      index += 1
    }
  }

  /// The links that are papers: pages without an id only where no other link is, and ids in the
  /// text only where none is at all.
  var papers: [Spot] {
    let links = spots.filter { !$0.isMention }
    guard !links.isEmpty else { return spots }
    let identified = links.filter { !$0.isPage }
    return identified.isEmpty ? links : identified
  }

  // MARK: Bold

  private mutating func bold(from start: Int, to end: Int) {
    if let first = boldStart {
      boldStart = nil
      if start > first, bold.count < 16 { bold.append(first..<start) }
    } else {
      boldStart = end
    }
  }

  private mutating func tag(_ line: borrowing Span<UInt8>, at index: Int) {
    let next = line[or0: index + 1]
    guard next | 0x20 == UInt8(ascii: "b") || next | 0x20 == UInt8(ascii: "s") || next == 0x2F
    else {
      return
    }
    for (opening, closing) in [("<b>", "</b>"), ("<strong>", "</strong>")]
      as [(StaticString, StaticString)]
    {
      if line.matches(opening, at: index) {
        boldStart = nil
        bold(from: index, to: index + opening.utf8CodeUnitCount)
      } else if line.matches(closing, at: index), boldStart != nil {
        bold(from: index, to: index)
      }
    }
  }

  // MARK: Ids without an address

  /// An id that is all of a line but for a marker or a label: `- 1706.03762`, `arXiv ID: hep-th/…`.
  private static func lone(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Spot? {
    guard range.count <= 200 else { return nil }
    var start = range.lowerBound
    let marker = SummaryOutline.listMarker(line, at: start)
    if marker > 0, Byte.isSpace(line[or0: start + marker]) {
      start = line.skippingSpace(from: start + marker, to: range.upperBound)
    }
    var isLabelled = false
    if let label = FieldLabel(line, start..<range.upperBound), label.kind == .link {
      // `arXiv:1706.03762` is the id itself.
      isLabelled = Byte.isSpace(line[or0: label.content - 1])
      start = label.content
    }
    var end = range.upperBound
    while start < end, isAround(line[start]) { start += 1 }
    while end > start, isAround(line[end - 1]) || line[end - 1] == Byte.colon { end -= 1 }
    guard end - start >= 9, end - start <= 100 else { return nil }
    let first = line[start]
    guard Byte.isDigit(first) || Byte.isLetter(first) else { return nil }
    var hasDigit = false
    for index in start..<end {
      let byte = line[index]
      if Byte.isSpace(byte) || byte == Byte.openParenthesis || byte == Byte.openBracket
        || byte == Byte.less
      {
        return nil
      }
      if line.matches("://", at: index) { return nil }
      hasDigit = hasDigit || Byte.isDigit(byte)
    }
    guard hasDigit, let id = PaperID(link: line.extracting(start..<end)), id.kind != .url else {
      return nil
    }
    return Spot(id: id, range: start..<end, text: start..<start, isMention: isLabelled)
  }

  private static func isAround(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
      || byte == Byte.less || byte == Byte.greater || byte == UInt8(ascii: ",")
      || byte == Byte.openBracket || byte == Byte.closeBracket || byte == Byte.star
      || Byte.isSpace(byte)
  }

  /// `arXiv 1706.03762` around the point of the number.
  private mutating func take(
    _ line: borrowing Span<UInt8>, point: Int, _ range: Range<Int>
  ) -> Int {
    let start = point - 4
    guard start > range.lowerBound, Byte.isDigit(line[start]), Byte.isDigit(line[point - 1]),
      Byte.isDigit(line[or0: point + 1]), spots.last.map({ $0.range.upperBound <= start }) ?? true
    else { return point + 1 }
    var end = point + 1
    while end < range.upperBound, Byte.isDigit(line[end]) { end += 1 }
    if line[or0: end] | 0x20 == UInt8(ascii: "v"), Byte.isDigit(line[or0: end + 1]) {
      end += 1
      while end < range.upperBound, Byte.isDigit(line[end]) { end += 1 }
    }
    // In the text of a link it is the link that counts.
    if line[or0: end] == Byte.closeBracket, line[or0: end + 1] == Byte.openParenthesis {
      return end
    }
    var before = start
    while before > range.lowerBound, " :#[*`".utf8.contains(line[before - 1]) { before -= 1 }
    guard before < start, line.matches("arxiv", at: before - 5), end - start <= 16,
      let id = PaperID(link: line.extracting(start..<end))
    else { return end }
    spots.append(Spot(id: id, range: before - 5..<end, text: start..<start, isMention: true))
    return end
  }

  // MARK: Addresses

  /// Reads the address around a colon; returns where to go on.
  private mutating func take(_ line: borrowing Span<UInt8>, colon: Int, _ end: Int) -> Int {
    var start = colon
    var isMention = false
    if line.matches("https://", at: colon - 5) {
      start = colon - 5
    } else if line.matches("http://", at: colon - 4) {
      start = colon - 4
    } else if line.matches("arxiv:", at: colon - 5) {
      (start, isMention) = (colon - 5, true)
    } else if line.matches("doi:", at: colon - 3) {
      (start, isMention) = (colon - 3, true)
    } else {
      return colon + 1
    }
    return take(line, address: start, from: colon + 1, end, isMention) ?? colon + 1
  }

  private static let hosts: [StaticString] = [
    "arxiv.org", "doi.org", "huggingface.co", "hf.co", "alphaxiv.org",
  ]

  /// Reads the address without `https:` whose host ends at a slash; returns where to go on.
  private mutating func take(
    _ line: borrowing Span<UInt8>, slash: Int, _ range: Range<Int>
  ) -> Int {
    guard line[or0: slash - 1] | 0x20 == UInt8(ascii: "g") || line[or0: slash - 1] | 0x20 == 0x6F,
      let host = Self.hosts.first(where: { line.matches($0, at: slash - $0.utf8CodeUnitCount) })
    else { return slash + 1 }
    var start = slash - host.utf8CodeUnitCount
    while start > range.lowerBound,
      Byte.isLetter(line[start - 1]) || Byte.isDigit(line[start - 1]) || line[start - 1] == 0x2E
    { start -= 1 }
    return take(line, address: start, from: slash, range.upperBound, false) ?? slash + 1
  }

  private mutating func take(
    _ line: borrowing Span<UInt8>, address start: Int, from: Int, _ end: Int, _ isMention: Bool
  ) -> Int? {
    if let last = spots.last, last.range.upperBound > start { return nil }
    let isQuoted = line[or0: start - 1] == UInt8(ascii: "'")
    let target = start..<Self.endOfAddress(line, from: from, to: end, isQuoted: isQuoted)
    guard var id = PaperID(link: line.extracting(target)) else {
      return max(from, target.upperBound)
    }
    if id.kind == .url {
      guard let paper = PaperPage.paper(of: id.url) else { return max(from, target.upperBound) }
      id = paper
    }
    var spot = spot(line, id, target, end)
    spot.isMention = isMention && spot.text.isEmpty
    spots.append(spot)
    return target.upperBound
  }

  private static func endOfAddress(
    _ line: borrowing Span<UInt8>, from start: Int, to end: Int, isQuoted: Bool
  ) -> Int {
    var index = start
    var depth = 0
    while index < end {
      switch line[index] {
      case 0...0x20, 0x7F..., Byte.less, Byte.greater, UInt8(ascii: "\""), UInt8(ascii: "`"),
        Byte.pipe, Byte.backslash, Byte.openBracket, Byte.closeBracket:
        return index
      case UInt8(ascii: "'") where isQuoted: return index
      case Byte.openParenthesis: depth += 1
      case Byte.closeParenthesis:
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
      index += 1
    }
    return end
  }

  private func spot(
    _ line: borrowing Span<UInt8>, _ id: PaperID, _ target: Range<Int>, _ end: Int
  ) -> Spot {
    // A link inside the text of another came first: what is before its end is not ours.
    let free = spots.last?.range.upperBound ?? 0
    var start = target.lowerBound
    if start > free, line[start - 1] == Byte.less { start -= 1 }
    if closed.close == start - 2, closed.open >= free, line[start - 1] == Byte.openParenthesis {
      let isClosed = line[or0: target.upperBound] == Byte.closeParenthesis
      return Spot(
        id: id, range: closed.open..<min(end, target.upperBound + (isClosed ? 1 : 0)),
        text: closed.open + 1..<closed.close)
    }
    if line[or0: start - 1] == Byte.openBracket, line[or0: start - 2] == Byte.openBracket,
      start - 2 >= free, let link = InlineText.link(line, start - 2, end)
    {
      let text = link.text == link.target ? link.end..<link.end : link.text
      return Spot(id: id, range: start - 2..<link.end, text: text)
    }
    let quote = line[or0: target.upperBound]
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
      let open = line.first(
        Byte.greater, in: target.upperBound..<min(end, target.upperBound + 200)),
      let close = Self.endOfAnchor(line, open + 1, end)
    {
      var first = target.lowerBound
      while first > max(free, start - 200), line[first] != Byte.less { first -= 1 }
      if line[first] != Byte.less { first = target.lowerBound }
      let last = line.matches("</a>", at: close) ? close + 4 : close
      return Spot(id: id, range: first..<last, text: open + 1..<close)
    }
    return Spot(id: id, range: target, text: start..<start)
  }

  /// Where the text of an HTML link ends.
  private static func endOfAnchor(_ line: borrowing Span<UInt8>, _ start: Int, _ end: Int) -> Int? {
    let limit = min(end, start + 1000)
    var index = start
    while let less = line.first(Byte.less, in: index..<max(index, limit)) {
      if line.matches("</a", at: less) { return less }
      index = less + 1
    }
    return line.first(Byte.less, in: start..<max(start, limit))
  }
}
