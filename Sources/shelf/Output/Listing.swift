import Papers

/// The table of `list`: one line a paper, columns aligned by cells with two spaces between.
///
/// On a terminal the rows are numbered, so that `%3` names the third. In a pipe the widths are
/// fixed by column, so rows stream, and nothing is truncated. On a terminal the rows shown are
/// known: identifiers and tags get what they need up to a bound, the title gets the rest, and no
/// line is wider than the terminal while it has room for every other column.
struct Listing: Sendable {
  private let layout: [(column: ListColumn, width: Int)]
  private let isTruncating: Bool
  /// What all rows have in common, where no column says it.
  private let common: String
  private let palette: Palette
  private let cells: CellWidth
  private let zone: Timestamp.Zone

  /// The smallest title column for which the other columns are kept.
  private static let narrowestTitle = 16

  /// A table for a pipe or a file.
  init(
    columns: [ListColumn] = ListColumn.standard, palette: Palette = Palette(isOn: false),
    cells: CellWidth = CellWidth(), zone: @escaping Timestamp.Zone
  ) {
    layout = columns.filter { $0 != .row }.map { ($0, $0.fixedWidth(cells)) }
    isTruncating = false
    common = ""
    self.palette = palette
    self.cells = cells
    self.zone = zone
  }

  /// A table for a terminal of `width` cells that shows `rows`.
  /// - Parameters:
  ///   - isNumbered: with the rows' numbers, which a pipe has none of.
  ///   - omitsConstants: without columns that say the same in every row; the header says it once.
  init(
    columns: [ListColumn] = ListColumn.standard, palette: Palette, cells: CellWidth,
    zone: @escaping Timestamp.Zone, width: Int, rows: [Paper], isNumbered: Bool = true,
    omitsConstants: Bool = false
  ) {
    let constants = omitsConstants ? Self.constants(columns, rows, zone) : []
    common = constants.map(\.text).filter { !$0.isEmpty }.joined(separator: ", ")
    let columns = columns.filter { column in
      (isNumbered || column != .row) && !constants.contains { $0.column == column }
    }
    let natural = columns.map { column in
      let widest =
        column == .row
        ? "%\(rows.count)".utf8.count
        : rows.reduce(column.fixedWidth(cells)) {
          column == .title ? 0 : max($0, cells.width(of: column.text(of: $1, zone: zone)))
        }
      let needed = widest == 0 ? 0 : max(widest, column.heading.count)
      return (column: column, width: min(needed, Self.bound(column, terminal: width)))
    }
    layout = Self.fit(natural, into: width)
    isTruncating = true
    self.palette = palette
    self.cells = cells
    self.zone = zone
  }

  /// The names of the columns, for a terminal only; nil in a pipe.
  func header() -> Styled? {
    guard isTruncating else { return nil }
    let title = common.isEmpty ? "title" : "title (all: \(common))"
    return line { column, _ in (column == .title ? title : column.heading, .date) }
  }

  /// The columns that say the same in all of several rows, and what they say.
  private static func constants(
    _ columns: [ListColumn], _ rows: [Paper], _ zone: Timestamp.Zone
  ) -> [(column: ListColumn, text: String)] {
    guard rows.count > 1, columns.contains(.title) else { return [] }
    return columns.filter { ![.row, .id, .title].contains($0) }.compactMap { column in
      let first = column.text(of: rows[0], zone: zone)
      let isSame = rows.dropFirst().allSatisfy { column.text(of: $0, zone: zone) == first }
      return isSame ? (column, first) : nil
    }
  }

  /// The line of one paper, without a line break.
  /// - Parameter number: its place in the listing, from 1; only seen on a terminal.
  func row(_ paper: Paper, number: Int = 0) -> Styled {
    line { column, _ in
      (column.text(of: paper, row: number, zone: zone), column.role(of: paper))
    }
  }

  private func line(_ cell: (ListColumn, Int) -> (String, Palette.Role?)) -> Styled {
    var line = Styled()
    var pending = 0  // spaces owed; a line never ends in them
    for (column, width) in layout {
      let (full, role) = cell(column, width)
      let text = isTruncating ? truncated(full, column, to: width) : full
      if !text.isEmpty {
        line.append(spaces: pending)
        if let role { line.append(text, role, in: palette) } else { line += text }
        pending = 0
      }
      pending += max(0, width - cells.width(of: text)) + 2
    }
    return line
  }

  /// An identifier keeps its end, because any unique suffix names the paper.
  private func truncated(_ text: String, _ column: ListColumn, to width: Int) -> String {
    column == .id ? cells.truncatedAtFront(text, to: width) : cells.truncated(text, to: width)
  }

  private static func bound(_ column: ListColumn, terminal width: Int) -> Int {
    switch column {
    case .id: max(10, width / 4)
    case .tags: max(8, width / 5)
    default: width
    }
  }

  /// Gives the title what is left. Tags, date and star go, in this order, where too little is left.
  private static func fit(
    _ natural: [(column: ListColumn, width: Int)], into width: Int
  ) -> [(column: ListColumn, width: Int)] {
    // A column that no row fills (tags, star) still keeps its place only if it has a width.
    var columns = natural.filter { $0.column == .title || $0.width > 0 }
    guard columns.contains(where: { $0.column == .title }) else { return columns }
    func room() -> Int {
      width - columns.reduce(0) { $0 + $1.width } - 2 * max(0, columns.count - 1)
    }
    for victim in [ListColumn.tags, .date, .star, .status, .row] where room() < narrowestTitle {
      columns.removeAll { $0.column == victim }
    }
    let left = max(1, room())
    return columns.map { ($0.column, $0.column == .title ? left : $0.width) }
  }
}
