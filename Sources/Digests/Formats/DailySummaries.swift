import Papers

/// The main format: a day's papers, each a heading with a link and a `summary:` line.
///
/// An entry ends where the next one, another heading or a rule begins, so what is wrong in one
/// costs no other.
struct DailySummaries {
  private let source: String
  private var date: PaperDate?
  private var nextIndex = 0
  private var open: Open?
  /// The raw bytes of the summary being read.
  private var summary: [UInt8] = []
  private var blankLines = 0
  private let limit: Int

  private struct Open {
    var heading: EntryHeading
    var title: String
    var line: Int
    var hasSummary = false
    var isTooLong = false
  }

  /// - Parameters:
  ///   - source: the series, put into each appearance.
  ///   - date: the day when no heading names one.
  ///   - limit: the longest summary, bytes.
  init(source: String, date: PaperDate?, limit: Int) {
    self.source = source
    self.date = date
    self.limit = limit
  }

  /// Whether a line is proof of this format.
  static func isProof(_ line: borrowing Span<UInt8>, afterHeading: Bool) -> Bool {
    if afterHeading, contentOfSummary(line) != nil { return true }
    return EntryHeading(line)?.isTitleLine ?? false
  }

  /// Whether an entry is open that has no summary yet.
  var awaitsSummary: Bool { open.map { !$0.hasSummary } ?? false }

  /// Whether it does since a line.
  func awaitsSummary(since line: Int) -> Bool { awaitsSummary && open?.line == line }

  /// Takes one line.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    let range = line.trimmed(0..<line.count)
    guard !range.isEmpty else {
      blankLines += 1
      return
    }
    let first = line[range.lowerBound]
    if first == Byte.hash || first | 0x20 == UInt8(ascii: "t"), let heading = EntryHeading(line) {
      close(&findings)
      begin(heading, line, place)
    } else if first == Byte.hash {
      close(&findings)
      if let day = DayHeading.date(line) { begin(day, &findings) }
    } else if let start = Self.contentOfSummary(line) {
      take(summary: line, start, place, &findings)
    } else if Self.isRule(line, range) {
      close(&findings)
    } else if open?.hasSummary == true {
      append(line, 0..<line.count, blankLines: blankLines)
    }
    blankLines = 0
  }

  /// Ends the digest.
  mutating func finish(_ findings: inout Findings) { close(&findings) }

  private mutating func begin(_ day: PaperDate, _ findings: inout Findings) {
    date = day
    nextIndex = 0
    findings.beginDay()
  }

  private mutating func begin(
    _ heading: EntryHeading, _ line: borrowing Span<UInt8>, _ place: LineReader.Place
  ) {
    var title = line.title(heading.title)
    // Nothing but what could not be decoded names no paper.
    if title.unicodeScalars.first == "\u{FFFD}",
      title.unicodeScalars.allSatisfy({ $0 == "\u{FFFD}" || $0 == " " })
    {
      title = ""
    }
    open = Open(heading: heading, title: title, line: place.number)
  }

  private mutating func take(
    summary line: borrowing Span<UInt8>, _ start: Int, _ place: LineReader.Place,
    _ findings: inout Findings
  ) {
    guard let entry = open else {
      findings.report("a summary without a paper above it", line: place.number)
      return
    }
    if entry.hasSummary {
      append(line, 0..<line.count, blankLines: blankLines)
      return
    }
    open?.hasSummary = true
    let content = line.trimmed(start..<line.count)
    line.withUnsafeBufferPointer { summary.append(contentsOf: $0[content]) }
  }

  /// Adds a further line to the summary, line ends restored.
  private mutating func append(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, blankLines: Int
  ) {
    let range = line.trimmed(range)
    guard summary.count + range.count + 2 <= limit else {
      open?.isTooLong = true
      return
    }
    if !summary.isEmpty { summary.append(Byte.lineFeed) }
    if !summary.isEmpty, blankLines > 0 { summary.append(Byte.lineFeed) }
    line.withUnsafeBufferPointer { summary.append(contentsOf: $0[range]) }
  }

  /// Hands out the open entry.
  private mutating func close(_ findings: inout Findings) {
    guard let entry = open else { return }
    open = nil
    defer { summary.removeAll(keepingCapacity: summary.capacity <= 1 << 20) }
    let index = entry.heading.number ?? nextIndex
    nextIndex = index + 1
    guard let id = entry.heading.id else {
      let named = entry.title.isEmpty ? "an entry" : "“\(entry.title.prefix(80))”"
      findings.report("\(named) has no link to a paper; left out", line: entry.line)
      return
    }
    if !entry.hasSummary { findings.report("\(id) has no summary line", line: entry.line) }
    if entry.isTooLong {
      findings.report("the summary of \(id) was too long; cut", line: entry.line)
    }
    let bytes = summary.span
    let parts = Summary(bytes)
    let content = PaperContent(
      title: entry.title, summary: bytes.validText(0..<bytes.count), keywords: parts.keywords,
      tldr: parts.tldr, sections: parts.sections)
    findings.add(
      DigestEntry(
        id: id, content: content,
        appearance: Appearance(date: date, index: index, source: source), line: entry.line))
  }

  /// Where the text of a `summary:` line begins; nil when the line is none.
  private static func contentOfSummary(_ line: borrowing Span<UInt8>) -> Int? {
    var index = line.skippingSpace(from: 0, to: line.count)
    let isBold = line.matches("**", at: index)
    if isBold { index += 2 }
    guard line.matches("summary", at: index) else { return nil }
    index = line.skippingSpace(from: index + 7, to: line.count)
    var colon = line.colonLength(at: index)
    index += colon
    if isBold {
      guard line.matches("**", at: index) else { return nil }
      index += 2
      let after = line.colonLength(at: index)
      colon += after
      index += after
    }
    return colon > 0 ? index : nil
  }

  /// Whether a line is a horizontal rule, a comment or a tag: the end of what was above.
  private static func isRule(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    let first = line[range.lowerBound]
    if first == Byte.less { return true }
    guard range.count >= 3,
      first == UInt8(ascii: "-") || first == UInt8(ascii: "_")
        || first == Byte.star
    else { return false }
    for index in range where line[index] != first && line[index] != Byte.space { return false }
    return true
  }
}

extension Span<UInt8> {
  /// A range as a title: on one line, every run of white space one space.
  func title(_ range: Range<Int>) -> String {
    let range = trimmed(range)
    var isPlain = true
    for index in range
    where Byte.isSpace(self[index])
      && (self[index] != Byte.space || self[or0: index + 1] == Byte.space)
    {
      isPlain = false
      break
    }
    if isPlain { return text(range) }
    return text(range).split(whereSeparator: { $0.isWhitespace }).joined(separator: " ")
  }
}
