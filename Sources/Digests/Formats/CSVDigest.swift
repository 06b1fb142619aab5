import Papers

/// Comma-separated values with a header: Zotero, Pocket, Raindrop, Readwise, Instapaper, Matter,
/// our own export, and any other whose columns have the usual names.
struct CSVFormat: DigestFormat {
  let explanation = "CSV with a header"
  let name = "csv"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    // A header begins with a letter, in quotes or not; Chinese ones too.
    guard Byte.isLetter(head[0]) || head[0] == UInt8(ascii: "\"") || head[0] >= 0x80 else {
      return .no
    }
    var end = 0
    while end < head.count, head[end] != Byte.lineFeed, head[end] != Byte.carriageReturn {
      end += 1
    }
    guard end < head.count || isWhole else { return .needsMore }
    return Self.header(head.extracting(0..<end)) == nil ? .no : .yes
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { CSVDigest(opening) }

  /// What separates the cells of a header, and what they mean; nil where a line is no header.
  static func header(
    _ line: borrowing Span<UInt8>
  ) -> (separator: UInt8, columns: CSVColumns)? {
    for separator in [UInt8(ascii: ","), Byte.tab, UInt8(ascii: ";")] {
      guard line.first(separator, in: 0..<line.count) != nil else { continue }
      var columns: CSVColumns?
      var records = CSVRecords(separator: separator, limit: 1 << 16, line: 1)
      let take = { (item: CSVRecords.Item) in
        if case .record(let cells, _, _) = item {
          columns = columns ?? CSVColumns(header: cells, separator: separator)
        }
      }
      records.feed(line, take)
      _ = records.finish(take)
      if let columns { return (separator, columns) }
    }
    return nil
  }
}

/// Reads CSV record by record.
struct CSVDigest: DigestFormatReader {
  private let opening: DigestOpening
  private var references: References
  /// The header, until it is whole.
  private var head: [UInt8] = []
  private var records: CSVRecords?
  private var columns: CSVColumns?

  init(_ opening: DigestOpening) {
    self.opening = opening
    references = References(opening)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    var start = 0
    while records == nil, start < bytes.count {
      let byte = bytes[start]
      if byte == Byte.lineFeed || byte == Byte.carriageReturn {
        begin(&findings)
      } else {
        head.append(byte)
        start += 1
      }
    }
    if start < bytes.count { read(bytes.extracting(start..<bytes.count), &findings) }
  }

  mutating func finish(into findings: inout Findings) {
    if records == nil { begin(&findings) }
    guard var records, let columns else { return }
    var unclosed: Int?
    withReferences { references in
      unclosed = records.finish { Self.take($0, columns, &references, &findings) }
    }
    if let unclosed {
      findings.report("a quote is not closed; what follows it is one cell", line: unclosed)
    }
    references.finish(&findings)
  }

  private mutating func begin(_ findings: inout Findings) {
    findings.isRecognised = true
    let header = CSVFormat.header(head.span)
    columns = header?.columns
    if header == nil {
      findings.report("the header names no column of titles and links", line: opening.line)
    }
    head = []
    // The line end of the header is still to come, and makes no record.
    records = CSVRecords(
      separator: header?.separator ?? UInt8(ascii: ","),
      isQuoting: columns?.isEscaped != true, limit: opening.limits.line,
      line: opening.line)
  }

  private mutating func read(_ bytes: borrowing Span<UInt8>, _ findings: inout Findings) {
    guard let columns, var records else { return }
    self.records = nil  // leaves one owner, so that its buffers are not copied
    withReferences { references in
      records.feed(bytes) { Self.take($0, columns, &references, &findings) }
    }
    self.records = records
  }

  private mutating func withReferences(_ body: (inout References) -> Void) { body(&references) }

  private static func take(
    _ item: CSVRecords.Item, _ columns: CSVColumns, _ references: inout References,
    _ findings: inout Findings
  ) {
    switch item {
    case .tooLarge(let line): findings.report("the row is too large; left out", line: line)
    case .record(let cells, let line, let isRepaired):
      if isRepaired { findings.report("bytes that are no UTF-8 text were replaced", line: line) }
      let (reference, source) = columns.reference(cells, line: line)
      references.take(reference, source: source, &findings)
    }
  }
}
