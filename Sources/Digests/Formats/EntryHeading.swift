import Papers

/// The line that begins a paper of a daily summary: `## 3.[Title](url)`, `## [Title](url)` or
/// `title:[Title](url` with no closing parenthesis.
///
/// A title may hold anything, `](` included: the title ends where the brackets in it are balanced
/// and a paper's link follows, or else at the last link.
struct EntryHeading {
  /// The number the digest gives.
  var number: Int?
  /// Where the title stands in the line.
  var title: Range<Int>
  /// Whose it is; nil when the link is none.
  var id: PaperID?
  /// Whether it is the `title:` form.
  var isTitleLine: Bool
  /// Whether a link was there at all.
  var hasLink: Bool

  /// Nil when the line begins no paper.
  init?(_ line: borrowing Span<UInt8>) {
    let range = line.trimmed(0..<line.count)
    guard let open = Self.beginning(line, range) else { return nil }
    isTitleLine = open.isTitleLine
    number = open.number
    title = range.upperBound..<range.upperBound
    hasLink = false
    findLink(line, from: open.bracket + 1, to: range.upperBound)
    guard hasLink || number != nil || isTitleLine else { return nil }
    if !hasLink { title = open.bracket + 1..<range.upperBound }
    title = line.trimmed(title)
  }

  private struct Beginning {
    var bracket: Int
    var number: Int?
    var isTitleLine: Bool
  }

  private static func beginning(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Beginning? {
    var index = range.lowerBound
    if line.matches("title", at: index) {
      index = line.skippingSpace(from: index + 5, to: range.upperBound)
      let colon = line.colonLength(at: index)
      index = line.skippingSpace(from: index + colon, to: range.upperBound)
      guard colon > 0, line[or0: index] == Byte.openBracket else { return nil }
      return Beginning(bracket: index, number: nil, isTitleLine: true)
    }
    while index < range.upperBound, line[index] == Byte.hash { index += 1 }
    guard (2...6).contains(index - range.lowerBound) else { return nil }
    index = line.skippingSpace(from: index, to: range.upperBound)
    let digits = index
    var number: Int?
    while index - digits < 7, Byte.isDigit(line[or0: index]) {
      number = (number ?? 0) * 10 + Int(line[index] - 0x30)
      index += 1
    }
    if number != nil {
      let mark = line[or0: index]
      if mark == UInt8(ascii: ".") || mark == Byte.closeParenthesis || mark == Byte.colon {
        index += 1
      } else if line.matches("、", at: index) || line.matches("．", at: index) {
        index += 3
      } else {
        return nil
      }
      index = line.skippingSpace(from: index, to: range.upperBound)
    }
    guard line[or0: index] == Byte.openBracket else { return nil }
    return Beginning(bracket: index, number: number, isTitleLine: false)
  }

  /// Chooses among the places where `](` stands.
  private mutating func findLink(_ line: borrowing Span<UInt8>, from start: Int, to end: Int) {
    var depth = 0
    var scanned = start
    var index = start
    while let close = line.first(Byte.closeBracket, in: index..<end) {
      index = close + 1
      guard line[or0: index] == Byte.openParenthesis, index < end else { continue }
      while scanned < close {
        if line[scanned] == Byte.openBracket { depth += 1 }
        if line[scanned] == Byte.closeBracket { depth -= 1 }
        scanned += 1
      }
      let target = LinkTarget(line, from: index + 1, to: end)
      guard !target.range.isEmpty else { continue }
      let named = PaperID(link: line.extracting(target.range))
      let found = named.flatMap { PaperPage.lacksID($0) ? nil : $0 }
      let isPaper = found.map { $0.kind != .url } ?? false
      let isBetter = isPaper || !(id.map { $0.kind != .url } ?? false)
      if isBetter, found != nil || !hasLink || id == nil {
        title = start..<close
        id = found
        hasLink = true
      }
      if isPaper, depth == 0 { return }
    }
  }
}

/// The target of a Markdown link: from after `(` to the parenthesis that closes it, to white space,
/// or to the end of the line where nothing closes it.
struct LinkTarget {
  /// The target itself, without angle brackets.
  var range: Range<Int>

  init(_ line: borrowing Span<UInt8>, from start: Int, to end: Int) {
    var index = line.skippingSpace(from: start, to: end)
    let isAngled = line[or0: index] == Byte.less && index < end
    if isAngled { index += 1 }
    let first = index
    let limit = min(end, first + 2100)
    var depth = 0
    loop: while index < limit {
      switch line[index] {
      case Byte.greater where isAngled: break loop
      case Byte.openParenthesis: depth += 1
      case Byte.closeParenthesis:
        if depth == 0 { break loop }
        depth -= 1
      // No address holds `](`; ending there keeps a storm of them linear.
      case Byte.closeBracket where line[or0: index + 1] == Byte.openParenthesis: break loop
      case let byte where Byte.isSpace(byte): break loop
      default: break
      }
      index += 1
    }
    range = first..<max(first, index)
  }
}
