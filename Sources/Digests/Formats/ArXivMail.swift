import Papers

/// The daily mail of arXiv, as a message, a mailbox or its text alone: records between lines of two
/// backslashes.
struct ArXivMailFormat: DigestFormat {
  let explanation = "arXiv's daily mail"
  let name = "arxiv-mail"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    guard Self.mayBegin(head) else { return .no }
    var index = 0
    while let feed = head.first(Byte.lineFeed, in: index..<head.count) {
      if Self.isMark(head, index..<feed) {
        let next = feed + 1
        guard head.count >= next + 6 else { return .needsMore }
        if head.matches("arxiv:", at: next) { return .yes }
      }
      index = feed + 1
    }
    return .needsMore
  }

  /// Whether text may be a mail: it begins with the line of a mailbox, the field of a header, the
  /// rule above the listing, or a record.
  private static func mayBegin(_ head: borrowing Span<UInt8>) -> Bool {
    let rule: StaticString = "--------------------"
    return begins(head, rule) || begins(head, "\\\\") || begins(head, "From ")
      || begins(head, "From:") || begins(head, "Received:") || begins(head, "Return-Path:")
      || begins(head, "Delivered-To:") || begins(head, "Date:") || begins(head, "Subject:")
      || begins(head, "To:") || begins(head, "Message-ID:") || begins(head, "MIME-Version:")
      || begins(head, "X-") || begins(head, "Reply-To:") || begins(head, "Sender:")
      || begins(head, "Send any comments") || begins(head, "Submissions to:")
  }

  private static func begins(_ head: borrowing Span<UInt8>, _ words: StaticString) -> Bool {
    for offset in 0..<min(words.utf8CodeUnitCount, head.count)
    where head[offset] != words.utf8Start[offset] { return false }
    return true
  }

  /// Whether a line is two backslashes and nothing else.
  private static func isMark(_ head: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    let range = head.trimmed(range)
    return range.count == 2 && head[range.lowerBound] == Byte.backslash
      && head[range.lowerBound + 1] == Byte.backslash
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(ArXivMailLines(opening), of: opening)
  }
}

/// Reads a listing line by line.
struct ArXivMailLines: DigestLines {
  private enum Place { case outside, fields, abstract }
  private let limit: Int
  private var references: References
  private var place = Place.outside
  private var reference = Reference(line: 0)
  /// The fields of the open record, each with its lines.
  private var fields: [(name: String, value: String)] = []
  private var abstract: [String] = []
  private var size = 0
  private var day: PaperDate?
  private var isAmongReplacements = false

  init(_ opening: DigestOpening) {
    references = References(opening)
    limit = opening.limits.line
  }

  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    let range = line.trimmed(0..<line.count)
    // `\\`, and `\\ ( https://arxiv.org/abs/… , 99kb)` at the end.
    if line.matches("\\\\", at: 0), range.count == 2 || Byte.isSpace(line[or0: 2]) {
      return mark(line, range, place.number, &findings)
    }
    switch self.place {
    case .outside: takeOutside(line, range)
    case .fields: takeField(line, range)
    case .abstract:
      size += range.count
      guard size < limit else { return }
      // What is indented begins a paragraph.
      if line[or0: 0] == Byte.space, !abstract.isEmpty { abstract.append("") }
      abstract.append(line.text(range))
    }
  }

  mutating func finish(_ findings: inout Findings) {
    if place != .outside, !fields.isEmpty {
      findings.report("the record is cut off; read as far as it goes", line: reference.line)
      end(&findings)
    }
    references.finish(&findings)
  }

  private mutating func mark(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, _ number: Int, _ findings: inout Findings
  ) {
    let isEnd = range.count > 2
    switch place {
    case .outside:
      guard !isEnd else { return }
      place = .fields
      (fields, abstract, size) = ([], [], 0)
      reference = Reference(line: number)
    case .fields where !isEnd && !fields.isEmpty: place = .abstract
    case .fields, .abstract:
      if isEnd { reference.clues.add(text: line.text(range)) }
      end(&findings)
      // A record without a last line ends where the next begins.
      if !isEnd { mark(line, range, number, &findings) }
    }
  }

  /// Between records: what part of the listing comes, and its days.
  private mutating func takeOutside(_ line: borrowing Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return }
    if line.matches("%%--", at: 0) { isAmongReplacements = true }
    if line.matches("%-%-", at: 0) { isAmongReplacements = false }
    if line.matches("date:", at: 0) {
      day = LooseDate(line.text(line.trimmed(5..<line.count)))?.day
    }
    // ` received from  Thu 26 Nov 26 19:00:00 GMT  to  Fri 27 Nov 26 19:00:00 GMT`
    if day == nil, line.matches("received from", at: range.lowerBound) {
      let words = line.text(range)
      let parts = words.split(separator: " to ", maxSplits: 1)
      day = parts.last.flatMap { LooseDate(RecordText.trimmed($0))?.day }
    }
  }

  private mutating func takeField(_ line: borrowing Span<UInt8>, _ range: Range<Int>) {
    size += range.count
    guard !range.isEmpty, size < limit, fields.count < 100 else { return }
    if line[0] == Byte.space, let last = fields.indices.last {
      fields[last].value += " " + line.text(range)
      return
    }
    guard let colon = line.first(Byte.colon, in: range), colon - range.lowerBound < 30 else {
      // `replaced with revised version Fri, 27 Nov 2026 …   (123kb)`
      fields.append((line.text(range.lowerBound..<min(range.upperBound, range.lowerBound + 8)), ""))
      return
    }
    let name = line.text(range.lowerBound..<colon).lowercased()
    fields.append((name, line.text(line.trimmed(colon + 1..<range.upperBound))))
  }

  private mutating func end(_ findings: inout Findings) {
    place = .outside
    var isReplacement = isAmongReplacements
    for (name, value) in fields {
      switch name {
      case "arxiv": reference.clues.add(link: "arXiv:" + value.prefix { $0 != " " })
      case "date":
        reference.bibliography.published = PublicationDate(
          loose: value.prefix { $0 != "(" }.description)
      case "title": reference.title = value
      case "authors", "author": reference.bibliography.authors = PersonNames.list(value)
      case "categories": reference.bibliography.categories = RecordText.parts(value, at: " ")
      case "comments", "journal-ref": reference.clues.add(remark: value)
      case "doi": reference.clues.add(text: value)
      default: if name.hasPrefix("replaced") { isReplacement = true }
      }
    }
    findings.isRecognised = true
    defer { fields = [] }
    // A new version is no new paper.
    guard !isReplacement else { return }
    reference.take(abstract: abstract.joined(separator: "\n"))
    reference.day = day
    references.take(reference, &findings)
  }
}
