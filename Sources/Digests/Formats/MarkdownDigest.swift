import Papers

/// A Markdown digest whose form is not known beforehand: the main form is told by its `summary:`
/// lines; until one is seen, what the reader of lists and tables finds is held back.
struct MarkdownDigest {
  private enum Form { case undecided, summaries, links }
  private var form = Form.undecided
  private var summaries: DailySummaries
  private var held: Outbox

  init(source: String, date: PaperDate?, file: String, limits: DigestReader.Limits) {
    summaries = DailySummaries(source: source, date: date, limit: limits.line)
    held = Outbox(file: file, limit: limits.problems)
  }

  /// Takes one line.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ out: inout Outbox
  ) {
    summaries.take(line, place, &out)
  }

  /// Ends the digest.
  mutating func finish(_ out: inout Outbox) {
    summaries.finish(&out)
  }
}
