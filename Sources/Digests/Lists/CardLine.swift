import Papers

/// A line of a list, as far as it is needed to tell whose it is.
struct CardLine {
  /// What a line is by its first marks.
  enum Kind: Equatable {
    case heading(Int)
    case item
    case rule
    /// Nothing but tags of HTML, `<details>` say, or another format's drawers.
    case tags
    /// `<summary>`.
    case summary
    case text
  }

  /// Without white space at the ends.
  var bytes: [UInt8]
  var kind: Kind
  /// Columns before it.
  var indent: Int
  /// Whether a blank line stands above.
  var isAfterBlank: Bool
  /// Its number in the file.
  var number: Int
  /// Whether all of it is bold, and no label.
  var isBold = false
  /// Whether it stands in a quotation, whose marks are taken off.
  var isQuote = false
  /// Whether it is what follows a title in its line.
  var isTail = false
  /// What it says that the person did, where it is of a list of things to do.
  var marks: LineMarks?

  init(
    _ line: borrowing Span<UInt8>, _ whole: Range<Int>, isAfterBlank: Bool, number: Int
  ) {
    var range = whole
    // A hard line break (CommonMark 6.7); of TeX no line ends so.
    if range.count > 2, line[range.upperBound - 1] == Byte.backslash,
      Byte.isSpace(line[range.upperBound - 2])
    {
      range = line.trimmed(range.lowerBound..<range.upperBound - 1)
    }
    kind = Self.kind(line, range)
    indent = Self.indent(line, range.lowerBound)
    bytes = line.withUnsafeBufferPointer { Array($0[range]) }
    self.isAfterBlank = isAfterBlank
    self.number = number
    isBold = Self.isBold(line, range) && FieldLabel(line, range) == nil
  }

  /// The level of a heading.
  var level: Int? {
    if case .heading(let level) = kind { return level }
    return nil
  }

  private static func indent(_ line: borrowing Span<UInt8>, _ end: Int) -> Int {
    var columns = 0
    for index in 0..<end { columns += line[index] == Byte.tab ? 4 : 1 }
    return columns
  }

  static func kind(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Kind {
    let start = range.lowerBound
    switch line[start] {
    case Byte.hash:
      var level = 0
      while line[or0: start + level] == Byte.hash, start + level < range.upperBound { level += 1 }
      return level <= 6 ? .heading(level) : .text
    case Byte.colon where isDrawer(line, range): return .tags
    case Byte.less: return html(line, range)
    case Byte.star, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="):
      if isRule(line, range) { return .rule }
      if line[start] == Byte.star, let level = orgLevel(line, range) { return .heading(level) }
    default: break
    }
    let marker = SummaryOutline.listMarker(line, at: start)
    if marker > 0, Byte.isSpace(line[or0: start + marker]) { return .item }
    // Org's time stamps and the names of Obsidian's callouts.
    for word in ["scheduled: <", "deadline: <", "closed: [", "[!note]", "[!tip]", "[!abstract]"]
      as [StaticString]
    where line.matches(word, at: start) {
      return .tags
    }
    return .text
  }

  /// Org's headings have as many stars as they are deep; one star is a list item's.
  private static func orgLevel(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound, line[index] == Byte.star { index += 1 }
    let level = index - range.lowerBound
    return level >= 2 && level <= 6 && line[or0: index] == Byte.space ? level : nil
  }

  /// `:PROPERTIES:` of org, and what is in it.
  private static func isDrawer(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let colon = line.first(Byte.colon, in: range.lowerBound + 1..<range.upperBound) else {
      return false
    }
    let name = range.lowerBound + 1..<colon
    guard !name.isEmpty, name.count < 40 else { return false }
    for index in name
    where !Byte.isLetter(line[index]) && line[index] != 0x5F && line[index] != 0x2D {
      return false
    }
    return true
  }

  private static func isRule(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count >= 3 else { return false }
    let first = line[range.lowerBound]
    for index in range where line[index] != first && line[index] != Byte.space { return false }
    return true
  }

  private static func html(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Kind {
    if line.matches("<summary", at: range.lowerBound) { return .summary }
    if line[or0: range.lowerBound + 1] | 0x20 == UInt8(ascii: "h"),
      case let digit = line[or0: range.lowerBound + 2], digit >= 0x31, digit <= 0x36
    {
      return .heading(Int(digit - 0x30))
    }
    if line.matches("<hr", at: range.lowerBound) { return .rule }
    if line.matches("<li", at: range.lowerBound), line[or0: range.lowerBound + 3] != 0x6E {
      return .item
    }
    var index = range.lowerBound
    while index < range.upperBound, line[index] == Byte.less,
      let tag = InlineText.htmlTag(line, index, range.upperBound)
    {
      if tag.name == "summary" { return .summary }
      index = line.skippingSpace(from: tag.end, to: range.upperBound)
    }
    return index >= range.upperBound ? .tags : .text
  }

  private static func isBold(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    var (start, end) = (range.lowerBound, range.upperBound)
    if Byte.isDigit(line[start]) {
      start = line.skippingSpace(from: start + SummaryOutline.listMarker(line, at: start), to: end)
    }
    while end > start, line[end - 1] == Byte.backslash || Byte.isSpace(line[end - 1]) { end -= 1 }
    guard end - start > 4 else { return false }
    if line.matches("**", at: start), line.matches("**", at: end - 2) {
      return !hasPair(line, start + 2..<end - 2)
    }
    return line.matches("<b>", at: start) && line.matches("</b>", at: end - 4)
      || line.matches("<strong>", at: start) && line.matches("</strong>", at: end - 9)
  }

  private static func hasPair(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range where line.matches("**", at: index) { return true }
    return false
  }
}
