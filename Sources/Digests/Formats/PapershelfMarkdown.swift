/// Our own Markdown export: one comment a paper holds all of it as JSON, and the rest is for
/// people.
///
///     <!-- papershelf export 1 -->
///     <!-- papershelf {"id":"2509.26507",…} -->
///
/// In the JSON `<`, `>` and the second of two dashes are `\u`-escaped, so no text of a paper can
/// end the comment, and any JSON decoder reads it.
struct PapershelfMarkdownFormat: DigestFormat {
  let explanation = "the Markdown of `shelf export`"
  private static let mark: StaticString = "<!-- papershelf export"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    let mark = UnsafeBufferPointer(
      start: Self.mark.utf8Start, count: Self.mark.utf8CodeUnitCount)
    for index in 0..<min(head.count, mark.count) where head[index] != mark[index] { return .no }
    return head.count >= mark.count ? .yes : .needsMore
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(PapershelfMarkdown(opening), of: opening, longest: opening.limits.element)
  }
}

/// Reads the comments of our own Markdown export.
struct PapershelfMarkdown: DigestLines {
  private static let opening: StaticString = "<!-- papershelf "
  private var papers: PaperObjectReader

  init(_ opening: DigestOpening) { papers = PaperObjectReader(opening) }

  /// A paper ends with its line.
  func finish(_ findings: inout Findings) { papers.finish(&findings) }

  /// Takes one line.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    let start = Self.opening.utf8CodeUnitCount
    guard line.matches(Self.opening, at: 0) else { return }
    if line.matches("export", at: start) {
      check(line, start + 6, place, &findings)
      return
    }
    let range = line.trimmed(start..<line.count)
    guard range.count >= 3, line.matches("-->", at: range.upperBound - 3),
      line[or0: range.lowerBound] == UInt8(ascii: "{")
    else {
      findings.report(
        "the comment of a paper is cut off; the paper is left out", line: place.number)
      return
    }
    let json = line.withUnsafeBufferPointer { Array($0[range.lowerBound..<range.upperBound - 3]) }
    papers.take(json, line: place.number, &findings)
  }

  /// The first line tells the version.
  private func check(
    _ line: borrowing Span<UInt8>, _ start: Int, _ place: LineReader.Place,
    _ findings: inout Findings
  ) {
    findings.isRecognised = true
    let version = line.skippingSpace(from: start, to: line.count)
    guard line[or0: version] == UInt8(ascii: "1"), !Byte.isDigit(line[or0: version + 1]) else {
      findings.report("made by a newer papershelf; read as far as it is known", line: place.number)
      return
    }
  }
}
