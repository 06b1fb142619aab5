import Papers

/// Markdown, and any other text: what no other format knows.
struct MarkdownFormat: DigestFormat {
  let explanation = "Markdown that links papers (arXiv, Hugging Face, DOI)"
  let name = "markdown"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition { .yes }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(MarkdownDigest(opening), of: opening)
  }
}

/// A Markdown digest whose form is not known beforehand.
///
/// The main form proves itself by a `summary:` line below a heading, or a `title:` line. Until that
/// is seen both it and the reader of lists and tables read every line, and what they find is held
/// back; a file of many links is taken for a list before the held entries grow large.
struct MarkdownDigest: DigestLines {
  private enum Form { case undecided, summaries, links }
  private static let heldCount = 2000
  private static let heldBytes = 8 << 20

  private var form = Form.undecided
  private var summaries: DailySummaries
  private var links: LinkList
  /// The heading of what may be the main form's first entry, and blank lines below it. The reader
  /// of lists gets them only where no summary follows: to read one title as a list's costs as much
  /// as forty entries, and is a tenth of the import of a day.
  private var waiting: [(line: [UInt8], place: LineReader.Place)] = []
  private static let waitingLines = 16
  private var heldSummaries: Findings
  private var heldLinks: Findings

  init(_ opening: DigestOpening) {
    let (source, date, limit) = (opening.source, opening.date, opening.limits.line)
    summaries = DailySummaries(source: source, date: date, limit: limit)
    links = LinkList(source: source, date: date, limit: limit)
    heldSummaries = opening.noFindings
    heldLinks = opening.noFindings
  }

  /// Takes one line.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    switch form {
    case .summaries: summaries.take(line, place, &findings)
    case .links: links.take(line, place, &findings)
    case .undecided:
      if DailySummaries.isProof(line, afterHeading: summaries.awaitsSummary) {
        decide(.summaries, &findings)
        summaries.take(line, place, &findings)
      } else {
        takeByBoth(line, place)
        if isFull(heldSummaries) || isFull(heldLinks) { decide(.links, &findings) }
      }
    }
  }

  private mutating func takeByBoth(_ line: borrowing Span<UInt8>, _ place: LineReader.Place) {
    let isBlank = line.trimmed(0..<line.count).isEmpty
    if !isBlank || waiting.count >= Self.waitingLines { readWaiting() }
    summaries.take(line, place, &heldSummaries)
    if isBlank ? !waiting.isEmpty : summaries.awaitsSummary(since: place.number) {
      waiting.append((line.withUnsafeBufferPointer { Array($0) }, place))
    } else {
      links.take(line, place, &heldLinks)
    }
  }

  private mutating func readWaiting() {
    for (line, place) in waiting { links.take(line.span, place, &heldLinks) }
    waiting = []
  }

  /// Ends the digest.
  mutating func finish(_ findings: inout Findings) {
    if form == .undecided { decide(.links, &findings) }
    if form == .summaries { summaries.finish(&findings) } else { links.finish(&findings) }
  }

  private func isFull(_ held: Findings) -> Bool {
    held.events.count > Self.heldCount || held.size > Self.heldBytes
  }

  private mutating func decide(_ form: Form, _ findings: inout Findings) {
    self.form = form
    if form == .links { readWaiting() }
    findings.append(contentsOf: form == .summaries ? heldSummaries : heldLinks)
    let none = Findings(file: "", limit: 1)
    (heldSummaries, heldLinks) = (none, none)
  }
}
