import Papers

/// Leads the text of a digest to the reader of its format.
struct FormatChoice {
  /// So many bytes are read at a time, so that what is found of a large chunk is not all held.
  private static let piece = 64 << 10

  private let formats: [any DigestFormat]
  private var opening: DigestOpening
  private var head = DigestHead()
  private var reader: (any DigestFormatReader)?
  private var findings: Findings
  private var size = 0

  init(among formats: [any DigestFormat], _ opening: DigestOpening) {
    self.formats = formats
    self.opening = opening
    findings = opening.noFindings
  }

  /// Takes the next bytes.
  mutating func feed(
    _ bytes: borrowing Span<UInt8>, _ emit: (DigestReader.Event) throws -> Void
  ) throws {
    var start = 0
    size += bytes.count
    while reader == nil, start < bytes.count {
      head.take(bytes[start])
      start += 1
      if let format = head.format(among: formats, isWhole: false) { try begin(format, emit) }
    }
    if start < bytes.count { try read(bytes.extracting(start..<bytes.count), emit) }
  }

  /// Ends the text.
  mutating func finish(_ emit: (DigestReader.Event) throws -> Void) throws {
    if reader == nil, let format = head.format(among: formats, isWhole: true) {
      try begin(format, emit)
    }
    reader?.finish(into: &findings)
    if let end = findings.end { throw end }
    if !findings.isRecognised, !findings.hasProblems {
      findings.report(
        size == 0
          ? "the file is empty"
          : "no papers found; it is none of what `shelf help formats` lists, or links none",
        line: 0)
    }
    findings.reportEmptiness(of: size)
    findings.reportRest()
    try findings.handOut(emit)
  }

  private mutating func begin(
    _ format: any DigestFormat, _ emit: (DigestReader.Event) throws -> Void
  ) throws {
    opening.line = head.line
    opening.isAfterCarriageReturn = head.isAfterCarriageReturn
    reader = format.reader(of: opening)
    let first = head.bytes
    head = DigestHead()
    try read(first.span, emit)
  }

  private mutating func read(
    _ bytes: borrowing Span<UInt8>, _ emit: (DigestReader.Event) throws -> Void
  ) throws {
    var start = 0
    while start < bytes.count {
      let end = min(start + Self.piece, bytes.count)
      reader?.feed(bytes.extracting(start..<end), into: &findings)
      if let end = findings.end { throw end }
      try findings.handOut(emit)
      start = end
    }
  }
}
