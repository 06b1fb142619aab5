import Papers

/// Markdown tables that link papers. A cell may be broken over lines: a row goes on until a line
/// that begins with a pipe, or is empty.
struct PaperTable {
  /// One row that links a paper.
  struct Row {
    /// What it says; the day of the digest is not known here.
    var entry: DigestEntry
    /// The day in a column of days.
    var date: PaperDate?
    /// What the title is worth.
    var score: Int
  }

  private let limit: Int
  private var rows: [Row] = []
  /// The row being read, its lines joined by line feeds.
  private var row: [UInt8] = []
  private var rowLine = 0
  private var columns: TableColumns?
  /// The row before, in case the next one tells that it was the header.
  private var previous: [UInt8] = []

  /// A line that may be the header of a table without pipes at its edges.
  private var candidate: [UInt8] = []
  private var hasEdges = true

  /// - Parameter limit: the longest row, bytes; more of it is dropped.
  init(limit: Int) { self.limit = limit }

  /// Whether no row was read yet.
  var isAtStart: Bool { columns == nil && row.isEmpty }

  /// Whether a line belongs to a table.
  func wants(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return false }
    if line[range.lowerBound] == Byte.pipe { return true }
    if !candidate.isEmpty, line.first(Byte.pipe, in: range) != nil,
      Self.isDelimiter(line, range)
    {
      return true
    }
    guard columns != nil else { return false }
    if !hasEdges { return line.first(Byte.pipe, in: range) != nil }
    return !row.isEmpty && line[range.lowerBound] != Byte.hash
  }

  /// Takes note of a line of no table: it may be the header of one.
  mutating func note(_ line: borrowing Span<UInt8>, _ range: Range<Int>) {
    candidate = []
    guard range.count <= 400, line.first(Byte.pipe, in: range) != nil else { return }
    candidate = line.withUnsafeBufferPointer { Array($0[range]) }
  }

  /// Takes a line of a table.
  mutating func take(_ line: borrowing Span<UInt8>, _ range: Range<Int>, line number: Int) {
    if line[range.lowerBound] == Byte.pipe || !hasEdges || !candidate.isEmpty {
      completeRow()
      if Self.isDelimiter(line, range) {
        hasEdges = candidate.isEmpty
        columns = TableColumns(header: candidate.isEmpty ? previous : candidate)
        previous = []
        candidate = []
        return
      }
      candidate = []
      rowLine = number
    } else if row.count < limit {
      row.append(Byte.lineFeed)
    }
    let kept =
      range.lowerBound..<min(range.upperBound, range.lowerBound + limit - min(limit, row.count))
    line.withUnsafeBufferPointer { row.append(contentsOf: $0[kept]) }
  }

  /// A line that is of no table ends it.
  mutating func end() {
    completeRow()
    columns = nil
    previous = []
    candidate = []
    hasEdges = true
  }

  /// The rows completed since the last call.
  mutating func takeRows() -> [Row] {
    defer { rows = [] }
    return rows
  }

  private mutating func completeRow() {
    guard !row.isEmpty else { return }
    defer {
      previous = row.count <= 4096 ? row : []
      row.removeAll(keepingCapacity: row.capacity <= 1 << 20)
    }
    let scan = LinkScan(row.span, in: 0..<row.count)
    guard let spot = scan.papers.first else { return }
    var cells = Self.cells(row.span)
    guard let linked = cells.firstIndex(where: { $0.contains(spot.range.lowerBound) }) else {
      return
    }
    let link = cells[linked]
    columns?.join(&cells, linked)
    let whole = TableRow(
      row: row, cells: cells, columns: columns, spots: scan.papers, link: link)
    rows.append(whole.read(spot.id, line: rowLine))
  }

  /// The cells of a row: between the pipes that no backslash escapes.
  static func cells(_ row: borrowing Span<UInt8>) -> [Range<Int>] {
    var cells: [Range<Int>] = []
    var start = row[or0: 0] == Byte.pipe ? 1 : 0
    var index = start
    while index < row.count {
      if row[index] == Byte.backslash {
        index += 2
        continue
      }
      if row[index] == Byte.pipe {
        cells.append(start..<index)
        start = index + 1
      }
      index += 1
    }
    if !row.trimmed(min(start, row.count)..<row.count).isEmpty { cells.append(start..<row.count) }
    return cells
  }

  private static func isDelimiter(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    var dashes = 0
    for index in range {
      switch line[index] {
      case UInt8(ascii: "-"): dashes += 1
      case Byte.pipe, Byte.colon, Byte.space: break
      default: return false
      }
    }
    return dashes > 0
  }
}
