import Papers

/// Addresses or ids, one a line, with words behind them or none: `URL | Title` of OneTab and its
/// like, `ID  # a remark`.
struct PlainLinksFormat: DigestFormat {
  let explanation = "addresses or ids, one a line (OneTab)"
  let name = "links"
  private static let longest = 4096

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    var links = 0
    var start = 0
    while start < head.count, start < Self.longest {
      let end = head.first(Byte.lineFeed, in: start..<head.count)
      guard let end = end ?? (isWhole ? head.count : nil) else {
        // The first word of a line that is not whole tells enough.
        let isOther = start == 0 && head.count > 400 && PlainLink(head, 0..<head.count) == nil
        return isOther ? .no : .needsMore
      }
      let line = head.trimmed(start..<end)
      start = end + 1
      if line.isEmpty { continue }
      if PlainLink.isRemark(head, line) { continue }
      guard PlainLink(head, line) != nil else { return .no }
      links += 1
    }
    if links == 0 { return isWhole || start >= Self.longest ? .no : .needsMore }
    return isWhole || start >= Self.longest ? .yes : .needsMore
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(PlainLinks(opening), of: opening)
  }
}

/// A line that begins with an address or an id.
struct PlainLink {
  /// Where the address ends, and where the words behind it begin.
  let address: Range<Int>
  let words: Range<Int>

  init?(_ line: borrowing Span<UInt8>, _ range: Range<Int>) {
    let start = range.lowerBound
    guard start < range.upperBound else { return nil }
    var end = start
    while end < range.upperBound, end - start < 2000, !Byte.isSpace(line[end]) { end += 1 }
    let isAddress = line.matches("http://", at: start) || line.matches("https://", at: start)
    guard isAddress || Self.isID(line, start..<end) else { return nil }
    address = start..<end
    words = line.trimmed(end..<range.upperBound)
  }

  private static func isID(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard (9...200).contains(range.count),
      Byte.isDigit(line[range.lowerBound]) || Byte.isLetter(line[range.lowerBound]),
      let id = PaperID(link: line.extracting(range))
    else { return false }
    return id.kind != .url || line.matches("arxiv.org", at: range.lowerBound)
  }

  /// `# A remark`, but no heading below the first level.
  static func isRemark(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    line[range.lowerBound] == Byte.hash && line[or0: range.lowerBound + 1] == Byte.space
  }
}

/// Reads links line by line.
struct PlainLinks: DigestLines {
  private var references: References
  private var day: PaperDate?
  private var strays = 0
  private var firstStray = 0

  init(_ opening: DigestOpening) { references = References(opening, expectsTitles: false) }

  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    let range = line.trimmed(0..<line.count)
    if range.isEmpty { return }
    if PlainLink.isRemark(line, range) {
      day = DayHeading.date(in: line, range.lowerBound..<min(range.upperBound, 400)) ?? day
      return
    }
    guard let link = PlainLink(line, range) else {
      if strays == 0 { firstStray = place.number }
      strays += 1
      return
    }
    var reference = Reference(line: place.number)
    reference.clues.add(link: line.text(link.address))
    reference.day = day
    take(line, link.words, into: &reference)
    references.take(reference, &findings)
  }

  mutating func finish(_ findings: inout Findings) {
    references.finish(&findings)
    guard strays > 0 else { return }
    let words = strays == 1 ? "1 line begins" : "\(strays) lines begin"
    findings.report("\(words) with neither an address nor an id; left out", line: firstStray)
  }

  /// Takes the words behind an address: a title, or a remark of the person.
  private func take(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, into reference: inout Reference
  ) {
    guard let first = range.first else { return }
    let isComment = line[first] == Byte.hash || line.matches("//", at: first)
    var start = first
    for mark in ["|", "#", "//", "- ", "–", "—", ":", ","] as [StaticString]
    where start == first && line.matches(mark, at: start) {
      start += mark.utf8CodeUnitCount
    }
    let words = line.trimmed(min(start, range.upperBound)..<range.upperBound)
    guard let letter = words.first else { return }
    let title = ReferenceTitle.clean(line.text(words))
    // Bare words in small letters are what a person says of it.
    let isBare = start == first
    if isComment || isBare && line[letter] &- 0x61 < 26 {
      reference.take(note: line.text(words))
    } else {
      reference.title = title
    }
  }
}
