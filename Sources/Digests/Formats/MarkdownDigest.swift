import Papers

/// A Markdown digest whose form is not known beforehand.
///
/// The main form proves itself by a `summary:` line below a heading, or a `title:` line. Until that
/// is seen both it and the reader of lists and tables read every line, and what they find is held
/// back; a file of many links is taken for a list before the held entries grow large.
struct MarkdownDigest {
  private enum Form { case undecided, summaries, links }
  private static let heldCount = 2000
  private static let heldBytes = 8 << 20

  private var form = Form.undecided
  private var summaries: DailySummaries
  private var links: LinkList
  private var heldSummaries: Outbox
  private var heldLinks: Outbox

  init(source: String, date: PaperDate?, file: String, limits: DigestReader.Limits) {
    summaries = DailySummaries(source: source, date: date, limit: limits.line)
    links = LinkList(source: source, date: date, limit: limits.line)
    heldSummaries = Outbox(file: file, limit: limits.problems)
    heldLinks = Outbox(file: file, limit: limits.problems)
  }

  /// Takes one line.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ out: inout Outbox
  ) {
    switch form {
    case .summaries: summaries.take(line, place, &out)
    case .links: links.take(line, place, &out)
    case .undecided:
      if DailySummaries.isProof(line, afterHeading: summaries.awaitsSummary) {
        decide(.summaries, &out)
        summaries.take(line, place, &out)
        return
      }
      summaries.take(line, place, &heldSummaries)
      links.take(line, place, &heldLinks)
      if isFull(heldSummaries) || isFull(heldLinks) { decide(.links, &out) }
    }
  }

  /// Ends the digest.
  mutating func finish(_ out: inout Outbox) {
    if form == .undecided { decide(.links, &out) }
    if form == .summaries { summaries.finish(&out) } else { links.finish(&out) }
  }

  private func isFull(_ box: Outbox) -> Bool {
    box.events.count > Self.heldCount || box.size > Self.heldBytes
  }

  private mutating func decide(_ form: Form, _ out: inout Outbox) {
    self.form = form
    out.take(from: form == .summaries ? heldSummaries : heldLinks)
    let none = Outbox(file: "", limit: 1)
    (heldSummaries, heldLinks) = (none, none)
  }
}
