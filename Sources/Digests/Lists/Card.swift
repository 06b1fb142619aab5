import Papers

/// What a list says of one paper: the lines from its head to where the next thing begins.
struct Card {
  /// What holds a card together, and so where it ends.
  enum Base: Equatable {
    /// Everything below a heading of a level.
    case heading(Int)
    /// A list item at an indentation, and what is indented below it.
    case item(Int)
    /// A paragraph and those after it.
    case paragraph
    /// The whole file, whose front matter names the paper.
    case page
  }

  /// Whose.
  private(set) var id: PaperID
  /// The line of its link.
  let line: Int
  /// The best title so far, and the line it stands in.
  private(set) var titles = TitleCandidates()
  private var titleLine: Int?
  private(set) var lines: [CardLine]
  private(set) var size: Int
  /// What follows the title in its line.
  private var tail: Range<Int>?
  private var base: Base
  private let details: Int
  private let hasBoldHead: Bool
  /// Whether lines were left out.
  private(set) var isCut = false
  /// What the person did to it, by the line of its link, or the item or heading that it stands in.
  let marks: LineMarks?

  /// - Parameters:
  ///   - head: the lines above the link that are its own.
  ///   - details: how many `<details>` are open.
  init(id: PaperID, head: [CardLine], anchor: CardLine, details: Int) {
    self.id = id
    line = anchor.number
    lines = head
    size = 0
    self.details = details
    hasBoldHead = head.contains(where: \.isBold)
    marks = anchor.marks ?? head.last { $0.marks != nil }?.marks
    base = Self.base(head, anchor)
    // The nearest of several headings is the one.
    for index in head.indices.reversed() where head[index].level != nil { consider(head, index) }
    for index in head.indices where head[index].level == nil { consider(head, index) }
    for line in head { size += line.bytes.count }
  }

  private static func base(_ head: [CardLine], _ anchor: CardLine) -> Base {
    if let level = anchor.level { return .heading(level) }
    if let level = head.last(where: { $0.level != nil })?.level { return .heading(level) }
    if head.contains(where: { $0.kind == .summary }) { return .paragraph }
    if head.contains(where: \.isBold), head.first?.kind != .item { return .paragraph }
    if let first = head.first, first.kind == .item { return .item(first.indent) }
    return anchor.kind == .item ? .item(anchor.indent) : .paragraph
  }

  /// Considers a line above the link.
  private mutating func consider(_ head: [CardLine], _ index: Int) {
    let line = head[index]
    let span = line.bytes.span
    let place: TitleCandidates.Place =
      switch line.kind {
      case .heading: .heading
      case .summary: .head
      case .item: line.isBold ? .head : .heading
      case .text where line.isBold: .head
      case .text: .before
      default: .before
      }
    if line.kind == .tags || line.kind == .rule { return }
    let scan = LinkScan(span, in: 0..<span.count)
    if !line.isBold, let phrase = scan.bold.first, place != .heading || line.kind == .item,
      FieldLabel(span, 0..<span.count) == nil
    {
      consider(span, phrase, .head, at: index)
    }
    consider(span, 0..<span.count, place, at: index)
  }

  private mutating func consider(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, _ place: TitleCandidates.Place,
    at index: Int
  ) {
    let before = titles.score
    titles.consider(line, range, place)
    if titles.score > before {
      titleLine = index
      tail = place.isMarked && range.upperBound < line.count ? range.upperBound..<line.count : nil
    }
  }

  /// Takes the piece of a line that links the paper.
  mutating func take(_ piece: LinkList.Piece, _ scan: LinkScan, _ line: CardLine) {
    let span = line.bytes.span
    let index = lines.count
    append(line)
    // A later line that links the paper again is no better place for a title than what it has.
    if line.number != self.line, titles.score >= TitleCandidates.Place.before.rawValue { return }
    for spot in piece.spots {
      let before = titles.score
      consider(span, spot.text, .linkText, at: index)
      if titles.score > before { tail = spot.range.upperBound..<span.count }
    }
    for phrase in scan.bold where phrase.lowerBound >= piece.before.lowerBound {
      let isBefore = phrase.upperBound <= piece.before.upperBound
      guard isBefore || piece.isOnly && phrase.upperBound <= piece.after.upperBound else {
        continue
      }
      // In the middle of a sentence it names what the sentence is about.
      let isHead =
        Self.isWordless(span, 0..<phrase.lowerBound)
        || Self.isWordless(
          span, phrase.upperBound..<max(phrase.upperBound, piece.before.upperBound))
      consider(span, phrase, isBefore ? isHead ? .head : .before : .after, at: index)
    }
    consider(span, piece.before, line.level == nil ? .before : .head, at: index)
    if titles.score < TitleCandidates.Place.after.rawValue {
      consider(span, piece.after, .after, at: index)
    }
    if titles.score < TitleCandidates.Place.before.rawValue,
      let title = TitleText.quoted(span, piece.before.lowerBound..<piece.after.upperBound)
    {
      titles.consider(title, .before)
      if titles.title == title { titleLine = index }
    }
    // Of several papers in a line each has what follows it.
    if titleLine == index, let range = tail {
      let end = min(range.upperBound, piece.after.upperBound)
      tail = min(range.lowerBound, end)..<end
    }
    if let label = FieldLabel(span, 0..<span.count), label.kind == .title {
      consider(span, label.content..<span.count, .labelled, at: index)
    }
  }

  /// Whether no word stands in a range: markup, numbers and pictures at most.
  private static func isWordless(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    !NamelessText.hasLetter(InlineText.plain(line, range))
  }

  /// Whether the page of a paper without an id begins another card: below a heading or in an item
  /// it is one more link of the same paper.
  /// - Parameter isApart: whether a blank line or other text stands between.
  func endsBeforePage(isApart: Bool) -> Bool { id.kind == .url && base == .paragraph && isApart }

  /// Takes a better name of the same paper: below the heading or in the item that named it by a
  /// page without an id, its arXiv id or DOI.
  mutating func takes(identity spot: LinkScan.Spot) -> Bool {
    guard id.kind == .url, !spot.isPage, base != .paragraph else { return false }
    id = spot.id
    return true
  }

  /// Takes a line that names no paper, or this one again.
  mutating func append(_ line: CardLine) {
    size += line.bytes.count
    lines.append(line)
  }

  /// The page is about this paper, up to the link of another.
  mutating func becomePage() { base = .page }

  /// Notes that lines are left out.
  mutating func cut() { isCut = true }

  /// Considers a line below the link, the first there or one that is labelled as a title.
  mutating func considerBelow(_ line: CardLine, isNext: Bool) {
    let span = line.bytes.span
    if let label = FieldLabel(span, 0..<span.count) {
      // Below a blank line it is that of the next where this paper has one.
      guard label.kind == .title, isUntitled || !line.isAfterBlank else { return }
      titles.consider(span, label.content..<span.count, .labelled)
    } else if isNext, titles.score == 0, line.kind != .tags {
      consider(span, 0..<span.count, .below, at: lines.count)
    }
  }

  /// Whether nothing but a heading and a bare link was read so far.
  var isBareUnderHeading: Bool {
    guard let titleLine, lines.indices.contains(titleLine), lines[titleLine].level != nil,
      let last = lines.last, last.number == line
    else { return false }
    return lines.count == titleLine + 2
      && NamelessText.isNameless(InlineText.plain(last.bytes))
  }

  /// The heading is over a list of links, and names no paper.
  mutating func loseHeading() {
    titles = TitleCandidates()
    titleLine = nil
  }

  /// Whether the paper has no title yet.
  var isUntitled: Bool { titles.score == 0 }

  /// Whether a line is beyond this card.
  func ends(at line: CardLine, details open: Int) -> Bool {
    if base == .page { return false }
    if open < details { return true }
    if let level = line.level {
      if case .heading(let own) = base { return level <= own }
      return true
    }
    if line.kind == .rule { return true }
    switch base {
    case .heading, .page: return false
    case .item(let indent):
      guard line.indent <= indent else { return false }
      if line.kind == .item { return true }
      if !line.isAfterBlank || line.isQuote || line.kind == .tags { return false }
      if line.kind == .summary || Self.isNumbered(lines.first) { return line.isBold }
      return FieldLabel(line.bytes.span, 0..<line.bytes.count) == nil
    case .paragraph: return line.isBold && hasBoldHead && line.isAfterBlank
    }
  }

  private static func isNumbered(_ line: CardLine?) -> Bool {
    line?.bytes.first.map(Byte.isDigit) ?? false
  }

  /// Whether words stand by the link, so that it is no bare address in a list of them.
  var hasWords: Bool {
    lines.contains { line in
      guard line.kind != .tags, line.level == nil, line.bytes.count < 4000 else { return false }
      let text = InlineText.plain(line.bytes)
      return text.split(separator: " ").count > 2 && !NamelessText.isNameless(text)
    }
  }

  /// The day that the card's own line begins with, or bears in italics.
  var rowDate: PaperDate? {
    for line in lines
    where line.number == self.line || line.kind == .item && line.number < self.line {
      let span = line.bytes.span
      guard let spot = DayHeading.spot(in: span, 0..<min(span.count, 200)) else { continue }
      let before = span.trimmed(0..<spot.range.lowerBound)
      let words = InlineText.plain(span, before)
      if !NamelessText.hasLetter(words) || span[or0: spot.range.lowerBound - 1] == 0x5F {
        return spot.date
      }
    }
    return nil
  }

  /// The lines that are not the title, and what the line of the title says after it.
  var rest: [CardLine] {
    var rest: [CardLine] = []
    for (index, line) in lines.enumerated() {
      if index != titleLine {
        rest.append(line)
      } else if let tail, let line = Self.tail(line, tail) {
        rest.append(line)
      }
    }
    return rest
  }

  /// What follows the title in its line, where it says something.
  private static func tail(_ line: CardLine, _ range: Range<Int>) -> CardLine? {
    let span = line.bytes.span
    var start = range.lowerBound
    while start < range.upperBound, " \t)]-:.,;|*_".utf8.contains(span[start]) { start += 1 }
    for mark in ["–", "—", "：", "。", "，", "·"] as [StaticString]
    where span.matches(mark, at: start) { start += mark.utf8CodeUnitCount }
    start = span.skippingSpace(from: min(start, range.upperBound), to: range.upperBound)
    guard start < range.upperBound else { return nil }
    var tail = CardLine(span, start..<range.upperBound, isAfterBlank: false, number: line.number)
    tail.indent = line.indent + 2
    tail.isTail = true
    return tail
  }
}
