import Papers

/// Any Markdown that links papers: lists, headings, paragraphs, and tables through ``PaperTable``.
/// Every linked paper is found once, with the best title near it; a quotation below it is its
/// summary.
struct LinkList {
  private let source: String
  private var date: PaperDate?
  private var nextIndex = 0
  private let limit: Int
  private var table: PaperTable
  private var open: DigestEntry?
  private var quotation: [UInt8] = []
  /// What the line before said, for a link that stands alone.
  private var lineBefore: String?
  private var headingBefore: String?

  /// - Parameters:
  ///   - source: the series, put into each appearance.
  ///   - date: the day when no heading names one.
  ///   - limit: the longest row or quotation, bytes.
  init(source: String, date: PaperDate?, limit: Int) {
    self.source = source
    self.date = date
    self.limit = limit
    table = PaperTable(limit: limit)
  }

  /// Takes one line.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    let range = line.trimmed(0..<line.count)
    if table.wants(line, range) {
      close(&findings)
      table.take(line, range, line: place.number)
      addRows(&findings)
      return
    }
    table.end()
    addRows(&findings)
    guard !range.isEmpty else {
      lineBefore = nil
      return
    }
    let first = line[range.lowerBound]
    if first == Byte.greater, open != nil, takeQuotation(line, range) { return }
    let scan = LinkScan(line, in: range)
    if first == Byte.hash {
      close(&findings)
      if scan.spots.isEmpty, let day = DayHeading.date(line) { begin(day, &findings) }
    }
    if scan.spots.isEmpty {
      remember(line, range, isHeading: first == Byte.hash)
    } else {
      add(scan, line, range, place, &findings)
      lineBefore = nil
      headingBefore = nil
    }
  }

  /// Ends the digest.
  mutating func finish(_ findings: inout Findings) {
    table.end()
    addRows(&findings)
    close(&findings)
  }

  private mutating func begin(_ day: PaperDate, _ findings: inout Findings) {
    date = day
    nextIndex = 0
    findings.beginDay()
  }

  /// A line without a link: the title of the paper above it or of the one below.
  private mutating func remember(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, isHeading: Bool
  ) {
    guard let title = TitleText.read(line, range) else { return }
    if !isHeading, open?.content.title.isEmpty == true {
      open?.content.title = title
      return
    }
    if isHeading { headingBefore = title } else { lineBefore = title }
  }

  private mutating func add(
    _ scan: LinkScan, _ line: borrowing Span<UInt8>, _ range: Range<Int>,
    _ place: LineReader.Place, _ findings: inout Findings
  ) {
    var start = range.lowerBound
    var index = 0
    while index < scan.spots.count {
      let id = scan.spots[index].id
      var last = index
      while last + 1 < scan.spots.count, scan.spots[last + 1].id == id { last += 1 }
      let isOnly = index == 0 && last == scan.spots.count - 1
      let next =
        last + 1 < scan.spots.count ? scan.spots[last + 1].range.lowerBound : range.upperBound
      let piece = Piece(
        spots: index...last, before: start..<scan.spots[index].range.lowerBound,
        after: scan.spots[last].range.upperBound..<next, isOnly: isOnly)
      var title = piece.title(scan, line) ?? ""
      if title.isEmpty {
        let isItem = SummaryOutline.listMarker(line, at: range.lowerBound) > 0
        title = lineBefore ?? (isItem ? nil : headingBefore) ?? ""
      }
      begin(id, title, place, &findings)
      start = scan.spots[last].range.upperBound
      index = last + 1
    }
  }

  private mutating func begin(
    _ id: PaperID, _ title: String, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    if open?.id == id {
      if open?.content.title.isEmpty == true { open?.content.title = title }
      return
    }
    close(&findings)
    open = DigestEntry(
      id: id, content: PaperContent(title: title),
      appearance: Appearance(date: date, index: nextIndex, source: source), line: place.number)
  }

  private mutating func takeQuotation(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> Bool {
    var start = range.lowerBound
    while start < range.upperBound, line[start] == Byte.greater || line[start] == Byte.space {
      start += 1
    }
    guard LinkScan(line, in: start..<range.upperBound).spots.isEmpty else { return false }
    guard quotation.count + range.upperBound - start < limit else { return true }
    if !quotation.isEmpty { quotation.append(Byte.lineFeed) }
    line.withUnsafeBufferPointer { quotation.append(contentsOf: $0[start..<range.upperBound]) }
    return true
  }

  private mutating func close(_ findings: inout Findings) {
    guard var entry = open else { return }
    open = nil
    if !quotation.isEmpty {
      entry.content = PaperContent(
        title: entry.content.title, described: String(decoding: quotation, as: UTF8.self))
      quotation.removeAll(keepingCapacity: quotation.capacity <= 1 << 20)
    }
    add(entry, &findings)
  }

  /// Hands out an entry; only a paper that was not there before takes an index.
  private mutating func add(_ entry: DigestEntry, _ findings: inout Findings) {
    if findings.add(entry, tellsRepeats: false) { nextIndex += 1 }
  }

  private mutating func addRows(_ findings: inout Findings) {
    for row in table.takeRows() {
      add(
        DigestEntry(
          id: row.id, content: PaperContent(title: row.title, described: row.summary),
          appearance: Appearance(date: date, index: nextIndex, source: source), line: row.line),
        &findings)
    }
  }
}

extension LinkList {
  /// The part of a line that belongs to one paper: its links, what is before and after them.
  struct Piece {
    var spots: ClosedRange<Int>
    var before: Range<Int>
    var after: Range<Int>
    var isOnly: Bool

    /// The best title: the text of a link, a bold phrase, the text before the link or after it.
    func title(_ scan: LinkScan, _ line: borrowing Span<UInt8>) -> String? {
      for spot in scan.spots[spots] {
        if let title = TitleText.read(line, spot.text) { return title }
      }
      for phrase in scan.bold
      where phrase.lowerBound >= before.lowerBound
        && phrase.upperBound <= (isOnly ? after.upperBound : before.upperBound)
      {
        if let title = TitleText.read(line, phrase) { return title }
      }
      return TitleText.read(line, before) ?? TitleText.read(line, after)
    }
  }
}
