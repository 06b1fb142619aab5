import Papers

/// A web page that links papers, saved or fetched.
struct HTMLFormat: DigestFormat {
  let explanation = "a web page (HTML)"
  let name = "html"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    guard head[0] == Byte.less else { return .no }
    // XML's own first line, and comments, may come before.
    var start = 0
    while start < head.count, start < 2000 {
      if head.matches("<?", at: start) || head.matches("<!--", at: start) {
        guard let end = head.first(Byte.greater, in: start..<head.count) else { return .needsMore }
        start = head.skippingSpace(from: end + 1, to: head.count)
        continue
      }
      for word in ["<!doctype html", "<html", "<head", "<body", "<title", "<meta"]
        as [StaticString]
      where head.matches(word, at: start) {
        return .yes
      }
      return head.count - start < 15 && !isWhole ? .needsMore : .no
    }
    return start < 2000 ? .needsMore : .no
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { HTMLDigest(opening) }
}

/// Reads a page by the rules of lists in Markdown.
struct HTMLDigest: DigestFormatReader {
  private var tokens: HTMLTokens
  private var outline: HTMLOutline
  private var list: LinkList
  private var numbers = LineNumbers()

  init(_ opening: DigestOpening) {
    let limit = min(opening.limits.line, 1 << 20)
    tokens = HTMLTokens(limit: limit, line: opening.line)
    outline = HTMLOutline(limit: limit)
    list = LinkList(source: opening.source, date: opening.date, limit: opening.limits.line)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    let known = findings.events.count
    tokens.feed(bytes) { text, tag, line in
      outline.take(text, tag, line) { text, line in
        Self.take(text, numbers.next(line), &list, &findings)
      }
    }
    findings.renumber(from: known, LineNumbers.line)
  }

  mutating func finish(into findings: inout Findings) {
    let known = findings.events.count
    outline.finish { text, line in Self.take(text, numbers.next(line), &list, &findings) }
    list.finish(&findings)
    findings.renumber(from: known, LineNumbers.line)
  }

  private static func take(
    _ text: borrowing Span<UInt8>, _ number: Int, _ list: inout LinkList,
    _ findings: inout Findings
  ) {
    list.take(text, LineReader.Place(number: number), &findings)
  }
}

/// Numbers for lines of which several stand in one line of the file: they grow, and tell that line.
private struct LineNumbers {
  private var last = 0

  mutating func next(_ line: Int) -> Int {
    last = max(line << 24, last + 1)
    return last
  }

  /// The line of the file.
  static func line(_ number: Int) -> Int { number >> 24 }
}
