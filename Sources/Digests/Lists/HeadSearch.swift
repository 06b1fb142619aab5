import Papers

/// Where the lines that belong to a link begin above it.
///
/// The lines between two links are the text of the first and the head of the second; what marks a
/// head (a heading, bold, the list item that a link stands in) tells where it begins.
struct HeadSearch {
  private let lines: [CardLine]
  /// Whether the paper above has no title: then its title is what follows it.
  private let isAboveUntitled: Bool

  init(_ lines: [CardLine], _ isAboveUntitled: Bool) {
    self.lines = lines
    self.isAboveUntitled = isAboveUntitled
  }

  /// The first of the lines that are the link's own; their number when none is.
  func start(_ piece: LinkList.Piece, _ anchor: CardLine) -> Int {
    let none = lines.count
    guard !lines.isEmpty, anchor.level == nil else { return none }
    let isTitled = isTitled(piece, anchor)
    let heading = lines.lastIndex { $0.level != nil && isPlausible($0) }
    if let item = enclosingItem(anchor) { return isTitled ? none : item }
    if anchor.kind == .summary { return none }
    if isTitled { return none }
    if let start = paragraph(above: anchor) { return start }
    if let start = siblings(above: anchor) { return start }
    if let mark = lastMark(heading) { return mark }
    if let heading, isUnderHeading(anchor, piece) { return heading }
    guard !isAboveUntitled, anchor.kind != .item, let last = lines.last, last.kind == .text,
      last.bytes.count <= 300, let start = startOfParagraph(none - 1), isPlausible(lines[start])
    else { return none }
    return start
  }

  /// Whether the link's own line has a title.
  private func isTitled(_ piece: LinkList.Piece, _ anchor: CardLine) -> Bool {
    var titles = TitleCandidates()
    let span = anchor.bytes.span
    for spot in piece.spots { titles.consider(span, spot.text, .linkText) }
    let bold = LinkScan(span, in: 0..<span.count).bold
    for phrase in bold where phrase.upperBound <= piece.before.upperBound {
      titles.consider(span, phrase, .head)
    }
    titles.consider(span, piece.before, .before)
    return titles.score >= TitleCandidates.Place.before.rawValue - 10
  }

  private func isPlausible(_ line: CardLine) -> Bool {
    var titles = TitleCandidates()
    titles.consider(line.bytes.span, 0..<line.bytes.count, .head)
    return titles.score > 50
  }

  /// The list item that a line is nested in, or continues.
  private func enclosingItem(_ anchor: CardLine) -> Int? {
    guard anchor.indent > 0 || anchor.kind == .text else { return nil }
    for index in lines.indices.reversed() {
      let line = lines[index]
      if line.level != nil { return nil }
      if line.indent >= anchor.indent
        && !(line.kind == .item && anchor.kind == .text
          && line.indent == anchor.indent && isContiguous(index, anchor))
      {
        continue
      }
      return line.kind == .item ? index : nil
    }
    return nil
  }

  /// Whether no blank line is between a line and the link.
  private func isContiguous(_ index: Int, _ anchor: CardLine) -> Bool {
    !anchor.isAfterBlank && lines[(index + 1)...].allSatisfy { !$0.isAfterBlank }
  }

  /// The beginning of the paragraph that the link's line continues, where that names the paper.
  private func paragraph(above anchor: CardLine) -> Int? {
    guard !anchor.isAfterBlank, anchor.kind == .text, let start = startOfParagraph(lines.count - 1)
    else { return nil }
    return lines[start...].contains(where: isPlausible) ? start : nil
  }

  private func startOfParagraph(_ last: Int) -> Int? {
    guard lines.indices.contains(last) else { return nil }
    var index = last
    while index > 0, !lines[index].isAfterBlank, lines[index].level == nil,
      lines[index - 1].kind == .text || lines[index - 1].level != nil
    { index -= 1 }
    return index
  }

  /// The line above the list that the link is an item of: `**Title**`, then `- Paper:`.
  private func siblings(above anchor: CardLine) -> Int? {
    guard anchor.kind == .item else { return nil }
    var index = lines.count
    while index > 0, lines[index - 1].kind == .item || lines[index - 1].indent > anchor.indent,
      lines[index - 1].indent >= anchor.indent
    { index -= 1 }
    guard index > 0 else { return nil }
    let above = lines[index - 1]
    let isLabelled = FieldLabel(anchor.bytes.span, 0..<anchor.bytes.count) != nil
    guard above.kind == .text, above.isBold || isLabelled, isPlausible(above) else { return nil }
    return startOfParagraph(index - 1)
  }

  /// The last bold head or `<summary>` below the last heading.
  private func lastMark(_ heading: Int?) -> Int? {
    guard
      let mark = lines.lastIndex(where: {
        ($0.isBold || $0.kind == .summary) && isPlausible($0)
      }), mark > heading ?? -1
    else { return nil }
    return mark
  }

  /// Whether a heading may name the paper: not where it stands over a list of bare links.
  private func isUnderHeading(_ anchor: CardLine, _ piece: LinkList.Piece) -> Bool {
    guard anchor.kind == .item else { return true }
    let span = anchor.bytes.span
    return FieldLabel(span, 0..<span.count) != nil || piece.spots.contains { !$0.text.isEmpty }
  }
}
