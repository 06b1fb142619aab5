import JSONText
import Papers

/// Leads the text of a digest to the reader of its format.
struct FormatRouter {
  private enum Stage { case sniffing, json, export, text }
  private var stage = Stage.sniffing
  private let limits: DigestReader.Limits
  private var sniffer = FormatSniffer()
  private var lines: LineReader
  private var elements: JSONElements
  private var markdown: MarkdownDigest
  private var export: PapershelfMarkdown
  private var papers: PaperObjectReader
  private var out: Outbox

  init(name: String, source: String, object: PaperObject, limits: DigestReader.Limits) {
    self.limits = limits
    let date = DigestSource.date(path: name)
    lines = LineReader(limit: limits.line)
    elements = JSONElements(limit: limits.element, line: 1)
    markdown = MarkdownDigest(source: source, date: date, file: name, limits: limits)
    papers = PaperObjectReader(source: source, date: date, object: object)
    export = PapershelfMarkdown(papers: papers)
    out = Outbox(file: name, limit: limits.problems)
  }

  /// Takes the next bytes.
  mutating func feed(
    _ bytes: borrowing Span<UInt8>, _ emit: (DigestReader.Event) throws -> Void
  ) throws {
    var start = 0
    while stage == .sniffing, start < bytes.count {
      let kind = sniffer.take(bytes[start])
      start += 1
      if let kind { try begin(kind, emit) }
    }
    if start < bytes.count { try read(bytes.extracting(start..<bytes.count), emit) }
  }

  /// Ends the text.
  mutating func finish(_ emit: (DigestReader.Event) throws -> Void) throws {
    if stage == .sniffing { try begin(sniffer.kindOfAll(), emit) }
    switch stage {
    case .json: elements.finish { item in Self.take(item, &papers, &out) }
    case .export:
      lines.finish { line, place in
        Self.tell(place, &out)
        export.take(line, place, &out)
      }
    case .text, .sniffing:
      lines.finish { line, place in
        Self.tell(place, &out)
        markdown.take(line, place, &out)
      }
      markdown.finish(&out)
    }
    if !out.hasContent, !out.hasProblems {
      out.report(
        "no papers found; a digest is Markdown that links papers (arXiv, Hugging Face, DOI), or "
          + "the JSON of `shelf export` or of Hugging Face's daily papers", line: 0)
    }
    out.reportRest()
    try out.drain(emit)
  }

  private mutating func begin(
    _ kind: FormatSniffer.Kind, _ emit: (DigestReader.Event) throws -> Void
  ) throws {
    let isExport = kind == .export
    lines = LineReader(
      limit: isExport ? limits.element : limits.line, number: sniffer.line,
      afterCarriageReturn: sniffer.isAfterCarriageReturn)
    elements = JSONElements(limit: limits.element, line: sniffer.line)
    stage = isExport ? .export : kind == .json ? .json : .text
    let head = sniffer.head
    // `[]` is an empty list, and no problem.
    if head.first == Byte.openBracket, kind == .json { out.hasContent = true }
    sniffer = FormatSniffer()
    try read(head.span, emit)
  }

  private mutating func read(
    _ bytes: borrowing Span<UInt8>, _ emit: (DigestReader.Event) throws -> Void
  ) throws {
    switch stage {
    case .json:
      try elements.feed(bytes) { item in
        Self.take(item, &papers, &out)
        try out.drain(emit)
      }
    case .export:
      try lines.feed(bytes) { line, place in
        Self.tell(place, &out)
        export.take(line, place, &out)
        try out.drain(emit)
      }
    case .text, .sniffing:
      try lines.feed(bytes) { line, place in
        Self.tell(place, &out)
        markdown.take(line, place, &out)
        try out.drain(emit)
      }
    }
  }

  /// Reports what had to be done to a line.
  private static func tell(_ place: LineReader.Place, _ out: inout Outbox) {
    if place.isRepaired {
      out.report("bytes that are no UTF-8 text were replaced", line: place.number)
    }
    if place.isCut {
      out.report("the line is too long; the rest of it is left out", line: place.number)
    }
  }

  private static func take(
    _ item: JSONElements.Item, _ papers: inout PaperObjectReader, _ out: inout Outbox
  ) {
    switch item {
    case .object(let bytes, let line): papers.take(bytes, line: line, &out)
    case .cutOff(let line): out.report("the object is cut off; left out", line: line)
    case .tooLarge(let line): out.report("the object is too large; left out", line: line)
    case .notAnObject(let line): out.report("something that is no object; left out", line: line)
    }
  }
}
