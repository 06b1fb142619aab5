import Papers

/// Any text that links papers: lists, headings, cards, paragraphs, and tables through
/// ``PaperTable``.
///
/// A paper's link makes a ``Card``: the lines above it that are its head, its own line, and those
/// below up to the end of what holds the card together. Every paper is found once, by the best of
/// its mentions (``HeldEntries``).
struct LinkList {
  private let source: String
  private let fileDate: PaperDate?
  private var date: PaperDate?
  /// The day that a labelled line above the entries tells, for where nothing better does.
  private var labelledDate: PaperDate?
  private let limit: Int
  private var table: PaperTable
  private var card: Card?
  /// Lines that may belong to the card above or be the head of the next.
  private var pending: [CardLine] = []
  private var pendingSize = 0
  private var held = HeldEntries()
  private var isAfterBlank = true
  private var isInQuote = false
  /// The tag that ends the script or style being passed over.
  private var script: StaticString?
  /// How many `<details>` are open.
  private var details = 0
  private var frontMatter = FrontMatter()
  /// What is known of the line that is being read.
  private var marks: LineMarks?
  /// The first link to a paper that is none of those whose identity is known.
  private var unknown: (host: String, line: Int)?
  private var unknownCount = 0

  /// Lines kept while no card is open, or the card above may not be closed yet.
  private static let pendingLines = 400

  /// - Parameters:
  ///   - source: the series, put into each appearance.
  ///   - date: the day when no heading names one.
  ///   - limit: the longest row, or text of an entry, bytes.
  init(source: String, date: PaperDate?, limit: Int) {
    self.source = source
    fileDate = date
    self.limit = limit
    table = PaperTable(limit: limit)
  }

  private var day: PaperDate? { date ?? fileDate }

  /// Takes one line.
  /// - Parameter marks: what is known of what the person did to the paper of the line.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, marks: LineMarks? = nil,
    _ findings: inout Findings
  ) {
    self.marks = marks
    let range = line.trimmed(0..<line.count)
    switch frontMatter.take(line, range, place) {
    case .taken: return
    case .ended(let lines, let isClosed):
      read(lines, &findings)
      if isClosed { endFrontMatter(&findings) }
    case .notMine: read(line, range, place.number, &findings)
    }
  }

  /// Reads lines that were held.
  private mutating func read(_ lines: [FrontMatter.Line], _ findings: inout Findings) {
    for line in lines {
      let span = line.bytes.span
      read(span, span.trimmed(0..<span.count), line.number, &findings)
    }
  }

  private mutating func read(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, _ number: Int, _ findings: inout Findings
  ) {
    if table.wants(line, range) {
      if table.isAtStart { close(&findings) }
      table.take(line, range, line: number)
      addRows(&findings)
      isAfterBlank = true
      return
    }
    table.end()
    addRows(&findings)
    guard !range.isEmpty else {
      isAfterBlank = true
      return
    }
    if skipsScript(line, range) { return }
    let isQuote = line[range.lowerBound] == Byte.greater
    if isQuote != isInQuote { isAfterBlank = true }
    isInQuote = isQuote
    let content = isQuote ? Self.withoutMarks(line, range) : range
    guard !content.isEmpty else {
      isAfterBlank = true
      return
    }
    table.note(line, range)
    var item = CardLine(line, content, isAfterBlank: isAfterBlank, number: number)
    item.isQuote = isQuote
    if item.kind == .item || marks != nil { item.takeMarks(marks) }
    isAfterBlank = false
    countDetails(line, range)
    if let card, card.ends(at: item, details: details) { close(&findings) }
    let scan = LinkScan(item.bytes.span, in: 0..<item.bytes.count)
    let spots = self.spots(scan, item)
    if spots.isEmpty {
      take(item, &findings)
    } else {
      add(spots, scan, item, &findings)
    }
  }

  /// A quoted line without the marks of quotation.
  private static func withoutMarks(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> Range<Int> {
    var start = range.lowerBound
    while start < range.upperBound, line[start] == Byte.greater || line[start] == Byte.space {
      start += 1
    }
    return start..<range.upperBound
  }

  /// Whether a line is of a script or style of an HTML page.
  private mutating func skipsScript(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = range.lowerBound
    if let tag = script {
      for index in range where line[index] == Byte.less && line.matches(tag, at: index) {
        script = nil
        break
      }
      return true
    }
    guard line[start] == Byte.less else { return false }
    for (open, close) in [("<script", "</script"), ("<style", "</style")]
      as [(StaticString, StaticString)]
    where line.matches(open, at: start) {
      var isClosed = false
      for index in range where line[index] == Byte.less && line.matches(close, at: index) {
        isClosed = true
      }
      script = isClosed ? nil : close
      return true
    }
    return false
  }

  /// Ends the digest.
  mutating func finish(_ findings: inout Findings) {
    read(frontMatter.unclosed(), &findings)
    table.end()
    addRows(&findings)
    close(&findings)
    held.finish(frontMatter.title, &findings)
    guard let unknown else { return }
    findings.report(
      "\(unknownCount) links to papers were not understood, the first to \(unknown.host)",
      line: unknown.line)
  }

  private mutating func countDetails(_ line: borrowing Span<UInt8>, _ range: Range<Int>) {
    guard line.first(Byte.less, in: range) != nil else { return }
    for index in range where line[index] == Byte.less {
      if line.matches("<details", at: index) { details = min(details + 1, 64) }
      if line.matches("</details", at: index) { details = max(details - 1, 0) }
    }
  }

  /// The papers that a line names; an id in the text of a card names none.
  private func spots(_ scan: LinkScan, _ line: CardLine) -> [LinkScan.Spot] {
    let spots = scan.papers
    guard let card, let first = spots.first, !spots.contains(where: { $0.id == card.id }) else {
      return spots
    }
    let isApart = line.isAfterBlank || !pending.isEmpty
    if first.isMention || first.isPage && !card.endsBeforePage(isApart: isApart) { return [] }
    // `DOI: https://doi.org/…` in the card of an arXiv id is another name of the paper.
    let span = line.bytes.span
    if spots.count == 1, first.id.kind != card.id.kind, !pending.contains(where: \.isBold),
      let label = FieldLabel(span, 0..<span.count), label.kind == .link,
      Byte.isSpace(span[or0: label.content - 1])
    {
      return []
    }
    return spots
  }

  // MARK: Lines without a link

  private mutating func take(_ line: CardLine, _ findings: inout Findings) {
    let span = line.bytes.span
    if line.level != nil, let day = DayHeading.date(in: span, 0..<min(span.count, 400)) {
      close(&findings)
      begin(day, &findings)
      return
    }
    if line.kind == .rule {
      clearPending()
      return
    }
    noteDate(line)
    noteUnknown(line)
    if let card {
      // What stands right below a link without a title is its title, so it is no head.
      let isNext = pending.isEmpty && !line.isAfterBlank && card.isUntitled
      self.card?.considerBelow(line, isNext: isNext)
      if isNext || pending.isEmpty && !line.isAfterBlank {
        append(line)
        return
      }
    }
    pending.append(line)
    pendingSize += line.bytes.count
    if pending.count > Self.pendingLines || pendingSize > 256 << 10 { commitPending() }
  }

  private mutating func noteDate(_ line: CardLine) {
    guard card == nil, day == nil, labelledDate == nil else { return }
    let span = line.bytes.span
    guard let label = FieldLabel(span, 0..<span.count), label.kind == .date else { return }
    labelledDate = DayHeading.date(in: span, label.content..<min(span.count, label.content + 60))
  }

  private static let paperHosts: [StaticString] = [
    "openreview.net/", "aclanthology.org/", "semanticscholar.org/", "papers.cool/",
    "proceedings.mlr.press/", "biorxiv.org/", "medrxiv.org/", "dl.acm.org/", "ieeexplore.ieee.org/",
    "openaccess.thecvf.com/", "papers.nips.cc/", "proceedings.neurips.cc/", "ssrn.com/",
  ]

  /// An item that links a paper of a site whose pages are not told apart is not passed over without
  /// a word.
  private mutating func noteUnknown(_ line: CardLine) {
    guard card == nil, line.kind == .item || line.level != nil else { return }
    let span = line.bytes.span
    for index in 0..<span.count where span[index] == UInt8(ascii: "/") {
      guard
        let host = Self.paperHosts.first(where: {
          span.matches($0, at: index + 1 - $0.utf8CodeUnitCount)
        })
      else { continue }
      unknownCount += 1
      let name = host.withUTF8Buffer { String(decoding: $0.dropLast(), as: UTF8.self) }
      unknown = unknown ?? (name, line.number)
      return
    }
  }

  private mutating func append(_ line: CardLine) {
    guard let size = card?.size, size + line.bytes.count <= limit else {
      card?.cut()
      return
    }
    card?.append(line)
  }

  /// Gives the older half of the lines that wait to the card, or up.
  private mutating func commitPending() {
    let half = max(1, pending.count / 2)
    if card != nil { for line in pending[..<half] { append(line) } }
    pending.removeFirst(half)
    pendingSize = pending.reduce(0) { $0 + $1.bytes.count }
  }

  private mutating func clearPending() {
    pending.removeAll(keepingCapacity: true)
    pendingSize = 0
  }

  private mutating func begin(_ day: PaperDate, _ findings: inout Findings) {
    held.flush(&findings)
    date = day
    findings.beginDay()
  }

  // MARK: Lines with links

  private mutating func add(
    _ spots: [LinkScan.Spot], _ scan: LinkScan, _ line: CardLine, _ findings: inout Findings
  ) {
    var start = 0
    var index = 0
    while index < spots.count {
      let id = spots[index].id
      var last = index
      while last + 1 < spots.count, spots[last + 1].id == id { last += 1 }
      let next = last + 1 < spots.count ? spots[last + 1].range.lowerBound : line.bytes.count
      let piece = Piece(
        spots: Array(spots[index...last]),
        before: start..<max(start, spots[index].range.lowerBound),
        after: min(next, spots[last].range.upperBound)..<next,
        isOnly: index == 0 && last == spots.count - 1)
      if card?.id == id || card?.takes(identity: spots[index]) ?? false {
        for line in pending { append(line) }
        clearPending()
      } else {
        begin(id, piece, line, &findings)
      }
      if (card?.size ?? 0) + line.bytes.count <= limit { card?.take(piece, scan, line) }
      start = max(start, spots[last].range.upperBound)
      index = last + 1
    }
  }

  private mutating func begin(
    _ id: PaperID, _ piece: Piece, _ line: CardLine, _ findings: inout Findings
  ) {
    let split = HeadSearch(pending, card?.isUntitled ?? false).start(piece, line)
    let head = Array(pending[split...])
    if pending.isEmpty, card?.isBareUnderHeading ?? false, line.level == nil { card?.loseHeading() }
    if card != nil { for line in pending[..<split] { append(line) } }
    clearPending()
    close(&findings)
    card = Card(id: id, head: head, anchor: line, details: details)
  }

  private mutating func close(_ findings: inout Findings) {
    if card != nil { for line in pending { append(line) } }
    clearPending()
    guard let card else { return }
    self.card = nil
    let text = CardText(card)
    if card.isCut {
      findings.report("the text of \(card.id) was too long; cut", line: card.line)
    }
    let date = day ?? text.date ?? labelledDate ?? text.bibliography.published?.day
    var entry = DigestEntry(
      id: card.id, content: text.content(title: card.titles.title),
      bibliography: text.bibliography,
      appearance: Appearance(date: date, index: 0, source: source), line: card.line)
    card.marks?.mark(&entry)
    held.add(entry, card.titles.score, hasWords: card.isUntitled && card.hasWords, &findings)
  }

  /// Takes a paper that was read by other rules between the lines.
  mutating func take(_ entry: DigestEntry, _ findings: inout Findings) {
    close(&findings)
    var entry = entry
    entry.appearance = Appearance(date: day, index: 0, source: source)
    held.add(entry, TitleCandidates.Place.labelled.rawValue, hasWords: true, &findings)
  }

  private mutating func addRows(_ findings: inout Findings) {
    for row in table.takeRows() {
      var entry = row.entry
      entry.appearance.date = day ?? row.date ?? labelledDate
      entry.appearance.source = source
      held.add(entry, row.score, hasWords: true, &findings)
    }
  }

  // MARK: Front matter

  /// Where the front matter names a paper, the page is about it.
  private mutating func endFrontMatter(_ findings: inout Findings) {
    for line in pending where card != nil { append(line) }
    clearPending()
    card?.becomePage()
    isAfterBlank = true
  }
}

extension LinkList {
  /// The part of a line that belongs to one paper: its links, what is before and after them.
  struct Piece {
    var spots: [LinkScan.Spot]
    var before: Range<Int>
    var after: Range<Int>
    var isOnly: Bool
  }
}
