import Papers

/// Comma-separated values with a header: Zotero, Pocket, Raindrop, Readwise, Instapaper, Matter,
/// our own export, and any other whose columns have the usual names.
struct CSVFormat: DigestFormat {
  let explanation = "CSV with a header"
  let name = "csv"
  /// What the person says that columns hold.
  var choices: [ColumnChoice] = []

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

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    CSVDigest(opening, choices)
  }

  /// What separates the cells of a header, and what they mean; nil where a line is no header.
  static func header(
    _ line: borrowing Span<UInt8>
  ) -> (separator: UInt8, columns: CSVColumns)? {
    for separator in separators {
      guard line.first(separator, in: 0..<line.count) != nil else { continue }
      let cells = cells(line, separator)
      if let columns = CSVColumns(header: cells, separator: separator) {
        return (separator, columns)
      }
    }
    return nil
  }

  /// What a header means of which the person says what columns hold; the separator is that by which
  /// it has the most.
  static func header(
    _ line: borrowing Span<UInt8>, _ choices: [ColumnChoice]
  ) throws(DigestReader.ReadError) -> (separator: UInt8, columns: CSVColumns)? {
    if choices.isEmpty { return header(line) }
    var best: (separator: UInt8, cells: [String]) = (UInt8(ascii: ","), [])
    for separator in separators {
      let cells = cells(line, separator)
      if cells.count > best.cells.count { best = (separator, cells) }
    }
    let columns = try CSVColumns(
      header: Array(best.cells.prefix(CSVColumns.most)), separator: best.separator, choices)
    return columns.holdIdentities ? (best.separator, columns) : nil
  }

  private static let separators = [UInt8(ascii: ","), Byte.tab, UInt8(ascii: ";")]

  /// The cells of the first record of a header.
  private static func cells(_ line: borrowing Span<UInt8>, _ separator: UInt8) -> [String] {
    var first: [String]?
    var records = CSVRecords(separator: separator, limit: 1 << 16, line: 1)
    let take = { (item: CSVRecords.Item) in
      if case .record(let cells, _, _) = item { first = first ?? cells }
    }
    records.feed(line, take)
    _ = records.finish(take)
    return first ?? []
  }
}

/// Reads CSV record by record.
struct CSVDigest: DigestFormatReader {
  private let opening: DigestOpening
  private let choices: [ColumnChoice]
  private var references: References
  private static let longestHeader = 1 << 16
  /// The header, until it is whole.
  private var head: [UInt8] = []
  private var records: CSVRecords?
  private var columns: CSVColumns?

  init(_ opening: DigestOpening, _ choices: [ColumnChoice] = []) {
    self.opening = opening
    self.choices = choices
    references = References(opening)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    var start = 0
    while records == nil, start < bytes.count {
      let byte = bytes[start]
      if byte == Byte.lineFeed || byte == Byte.carriageReturn || head.count >= Self.longestHeader {
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
    let header = header(&findings)
    columns = header?.columns
    head = []
    // The line end of the header is still to come, and makes no record.
    records = CSVRecords(
      separator: header?.separator ?? UInt8(ascii: ","),
      isQuoting: columns?.isEscaped != true, limit: opening.limits.line,
      line: opening.line)
  }

  private func header(
    _ findings: inout Findings
  ) -> (separator: UInt8, columns: CSVColumns)? {
    do throws(DigestReader.ReadError) {
      if let header = try CSVFormat.header(head.span, choices) { return header }
      findings.report(
        "the header names no column of titles and links; --column url=NAME says which is one",
        line: opening.line)
    } catch {
      findings.stop(error)
    }
    return nil
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
