import Papers

/// Markdown tables that link papers. A cell may be broken over lines: a row goes on until a line
/// that begins with a pipe, or is empty.
struct PaperTable {
  /// One row that links a paper.
  struct Row {
    var id: PaperID
    var title: String
    var summary: String
    var line: Int
  }

  private let limit: Int
  private var rows: [Row] = []
  /// The row being read, its lines joined by line feeds.
  private var row: [UInt8] = []
  private var rowLine = 0
  private var columns: Columns?
  /// The row before, in case the next one tells that it was the header.
  private var previous: [UInt8] = []

  fileprivate struct Columns {
    var count: Int
    var title: Int?
    var summary: Int?
  }

  /// - Parameter limit: the longest row, bytes; more of it is dropped.
  init(limit: Int) { self.limit = limit }

  /// Whether a line belongs to a table.
  func wants(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard !range.isEmpty else { return false }
    if line[range.lowerBound] == Byte.pipe { return true }
    return columns != nil && !row.isEmpty && line[range.lowerBound] != Byte.hash
  }

  /// Takes a line of a table.
  mutating func take(_ line: borrowing Span<UInt8>, _ range: Range<Int>, line number: Int) {
    if line[range.lowerBound] == Byte.pipe {
      completeRow()
      if Self.isDelimiter(line, range) {
        columns = Columns(header: previous)
        previous = []
        return
      }
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
    guard let spot = scan.spots.first else { return }
    let cells = Self.cells(row.span)
    guard let linked = cells.firstIndex(where: { $0.contains(spot.range.lowerBound) }) else {
      return
    }
    let places = places(cells, linked)
    let summary = places.summary.map { Self.cell(row.span, $0) } ?? ""
    let title = Self.title(row.span, scan, places.title, cells[linked])
    rows.append(Row(id: spot.id, title: title, summary: summary, line: rowLine))
  }

  /// Where title and summary of a row stand. A pipe that nobody escaped makes too many cells: those
  /// before the link belong to the title, the others to the last column.
  private func places(
    _ cells: [Range<Int>], _ linked: Int
  ) -> (title: Range<Int>?, summary: Range<Int>?) {
    guard let columns, !cells.isEmpty else { return (nil, nil) }
    var cells = cells
    let extra = cells.count - columns.count
    if extra > 0, columns.title == 0, linked > 0, linked <= extra {
      cells.replaceSubrange(0...linked, with: [cells[0].lowerBound..<cells[linked].upperBound])
    }
    if cells.count > columns.count, columns.count > 0, let end = cells.last?.upperBound {
      let start = cells[columns.count - 1].lowerBound
      cells.replaceSubrange((columns.count - 1)..., with: [start..<end])
    }
    func place(_ column: Int?) -> Range<Int>? {
      column.flatMap { cells.indices.contains($0) ? cells[$0] : nil }
    }
    return (place(columns.title), place(columns.summary))
  }

  /// The title in the title's cell, else the best text near the link.
  private static func title(
    _ row: borrowing Span<UInt8>, _ scan: LinkScan, _ cell: Range<Int>?, _ linked: Range<Int>
  ) -> String {
    let cell = cell ?? linked
    let inside = scan.spots.indices.filter { cell.contains(scan.spots[$0].range.lowerBound) }
    if let first = inside.first, let last = inside.last {
      let piece = LinkList.Piece(
        spots: first...last, before: cell.lowerBound..<scan.spots[first].range.lowerBound,
        after: min(scan.spots[last].range.upperBound, cell.upperBound)..<cell.upperBound,
        isOnly: true)
      if let title = piece.title(scan, row) { return unescaped(title) }
    } else if let title = TitleText.read(row, cell) {
      return unescaped(title)
    }
    // No column says it: the longest other cell.
    let others = cells(row).filter { $0 != cell }.sorted { $0.count > $1.count }
    for other in others.prefix(8) {
      if let title = TitleText.read(row, other) { return unescaped(title) }
    }
    return ""
  }

  private static func cell(_ row: borrowing Span<UInt8>, _ range: Range<Int>) -> String {
    unescaped(row.text(row.trimmed(range)))
  }

  /// Text of a cell with `\|` as the pipe it stands for (GFM 4.10).
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(Byte.backslash) else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte == Byte.pipe, bytes.last == Byte.backslash { bytes.removeLast() }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The cells of a row: between the pipes that no backslash escapes.
  fileprivate static func cells(_ row: borrowing Span<UInt8>) -> [Range<Int>] {
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

extension PaperTable.Columns {
  private static let titles = ["title", "paper", "name", "标题", "论文", "题目"]
  private static let summaries = ["summary", "abstract", "tl;dr", "tldr", "摘要", "总结", "简介", "概述"]

  /// The columns a header row names.
  fileprivate init(header: [UInt8]) {
    let names = PaperTable.cells(header.span).map { header.span.text($0).lowercased() }
    count = names.count
    func column(_ words: [String]) -> Int? {
      for word in words {
        if let found = names.firstIndex(where: { $0.contains(word) }) { return found }
      }
      return nil
    }
    title = column(Self.titles)
    let found = column(Self.summaries)
    summary = found == title ? nil : found
  }
}
