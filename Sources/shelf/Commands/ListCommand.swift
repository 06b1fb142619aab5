import ArgumentParser
import Filters
import Papers
import Store
import Taste

/// `shelf list [FILTER]`
struct ListCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "list", abstract: "List papers, the newest digest first.",
    discussion: """
      On a terminal as many as fit; in a pipe all. A paper of the last listing is %1, %2, …
      A column that says the same of every paper is left out on a terminal, and named above the
      titles.
      """)

  @Argument(help: ArgumentHelp("Which papers; none is all.", valueName: "filter"))
  var words: [String] = []
  @Option(
    help: ArgumentHelp(
      """
      Order by date, added, updated, title, id or status; KEY- is the greatest first. taste: the \
      newest day first, within a day what is most like what you starred, read and tagged.
      """,
      valueName: "key"))
  var sort: String?
  @Flag(
    name: [.customShort("l"), .long],
    help: "A second line a paper: its TL;DR, or its first sentence.")
  var long = false
  @OptionGroup var rows: RowOptions
  @OptionGroup var output: PaperOutput
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let configuration = try session.configuration()
    let order = try ListOrder.named(sort ?? configuration.sort)
    // What every listing has from the configuration is not asked for in each export.
    let exporter = try output.exporter(session, isJudged: sort != nil && order.key == .taste)
    let limit = try rows.checked()
    let filter = try session.filter(words)
    let context = try session.filterContext()
    let isLong = long || configuration.isLong
    let list = PaperList(session, filter, context, order, isLong: isLong)
    try list.print(exporter, rows, limit: limit, session)
    return .ok
  }
}

/// Papers that a verb finds and prints; the rows are kept for `%3`.
protocol PrintedPapers {
  /// Through an exporter, streaming.
  func export(_ exporter: any Exporter, limit: Int?) throws
  /// As rows in a pipe, streaming: it may be every paper there is. Where a width is asked for,
  /// lines are cut to it.
  func printAll(_ screen: Screen, limit: Int?) throws
  /// As rows on a terminal: as many as fit, and how many more there are.
  func printPage(_ screen: Screen, limit: Int?, isAll: Bool) throws
}

extension PrintedPapers {
  /// Through an exporter, where there is one; else as rows.
  func print(
    _ exporter: (any Exporter)?, _ rows: RowOptions, limit: Int?, _ session: Session
  ) throws {
    if let exporter { return try export(exporter, limit: limit) }
    let screen = try session.screen(width: rows.width)
    if screen.isTerminal {
      try printPage(screen, limit: limit, isAll: rows.all)
    } else {
      try printAll(screen, limit: limit)
    }
  }
}

/// Papers of a filter.
struct PaperList: PrintedPapers {
  private let session: Session
  private let filter: Filter
  private let context: FilterContext
  private let order: LibraryReader.Order
  private let isLong: Bool

  init(
    _ session: Session, _ filter: Filter, _ context: FilterContext, _ order: LibraryReader.Order,
    isLong: Bool = false
  ) {
    self.isLong = isLong
    self.session = session
    self.filter = filter
    self.context = context
    self.order = order
  }

  /// The rows in order; with what is known of the person's taste where it is that.
  private func forEachRow(
    _ reader: LibraryReader, _ limit: Int?,
    _ body: (LibraryReader.Row, PersonalTaste?) throws -> Void
  ) throws {
    guard order.key == .taste else {
      return try reader.forEachRow(filter, in: context, order: order, limit: limit) {
        try body($0, nil)
      }
    }
    try PersonalTaste.forEachRow(reader, session, filter, context, limit: limit, body)
  }

  func export(_ exporter: any Exporter, limit: Int?) throws {
    var stream = ExportStream(exporter, session)
    var kept = KeptRows()
    defer { kept.keep(session) }
    try session.read { reader in
      // Ids stand in the rows; whole papers would be read for nothing.
      guard !(exporter.needsOnlyIDs) else {
        return try forEachRow(reader, limit) { row, _ in
          kept.add(row.id)
          try stream.append(row.asPaper)
        }
      }
      guard order.key != .taste else {
        var counter = BucketCounter()
        return try forEachRow(reader, limit) { row, taste in
          guard var paper = try reader.paper(row.id) else { return }
          kept.add(row.id)
          paper.judgement = taste?.judgement(of: paper, with: &counter)
          try stream.append(paper)
        }
      }
      try reader.forEachPaper(filter, in: context, order: order, limit: limit) { paper in
        kept.add(paper.id)
        try stream.append(paper)
      }
    }
    try stream.end()
  }

  func printAll(_ screen: Screen, limit: Int?) throws {
    guard screen.columns == nil else { return try printCut(screen, limit: limit) }
    let listing = Listing(
      columns: try session.configuration().columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone)
    var kept = KeptRows()
    defer { kept.keep(session) }
    try session.read { reader in
      try forEachRow(reader, limit) { row, _ in
        kept.add(row.id)
        try session.out.line(listing.row(row.asPaper))
        if let line = try second(row, reader, screen) { try session.out.line(line) }
      }
    }
    if kept.isEmpty { try session.hintAtWhatIsNear(filter) }
  }

  /// In a pipe of a width: as on a terminal, without its numbers and header.
  private func printCut(_ screen: Screen, limit: Int?) throws {
    let lines = try session.read { reader in
      let rows = try reader.rows(filter, in: context, order: order, limit: limit)
      if !rows.isEmpty { session.listing.keep(rows.map(\.id)) }
      return try self.lines(rows, reader, screen)
    }
    for line in lines ?? [] { try session.out.line(line) }
    if lines?.isEmpty == true { try session.hintAtUnknownTags(filter) }
  }

  func printPage(_ screen: Screen, limit: Int?, isAll: Bool) throws {
    let configured = try session.configuration().limit
    // The header, the line that counts the rest, and the prompt.
    let room = max(1, (screen.height - 3) / (isLong ? 2 : 1))
    let fitting = configured > 0 ? configured : room
    let limit = isAll ? nil : limit ?? fitting
    let page = try session.read { reader in
      var rows: [LibraryReader.Row] = []
      try forEachRow(reader, limit) { row, _ in rows.append(row) }
      let isFull = rows.count == limit
      return (
        rows: rows, lines: try self.lines(rows, reader, screen),
        all: isFull ? try reader.count(filter, in: context) : rows.count
      )
    }
    guard let page else { return }
    session.listing.keep(page.rows.map(\.id))
    if isAll {
      try session.page(page.lines, screen)
    } else {
      for line in page.lines { try session.out.line(line) }
    }
    if page.rows.isEmpty {
      try session.say("no paper fits")
      try session.hintAtWhatIsNear(filter)
    }
    if page.all > page.rows.count {
      try session.say("… \(page.all - page.rows.count) more (--all, or --limit N)")
    }
  }

  /// The rows as lines for a width, below a header on a terminal.
  private func lines(
    _ rows: [LibraryReader.Row], _ reader: LibraryReader, _ screen: Screen
  ) throws -> [Styled] {
    let papers = rows.map(\.asPaper)
    let listing = Listing(
      columns: try session.configuration().columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone, width: screen.width, rows: papers, isNumbered: screen.isTerminal,
      omitsConstants: screen.isTerminal)
    var lines: [Styled] = []
    if !rows.isEmpty, screen.isTerminal, let header = listing.header() { lines.append(header) }
    for (index, paper) in papers.enumerated() {
      lines.append(listing.row(paper, number: index + 1))
      if let line = try second(rows[index], reader, screen) { lines.append(line) }
    }
    return lines
  }

  /// The second line of a paper: what its source calls TL;DR, or its first sentence; nil where
  /// nobody wants it, or there is none.
  private func second(
    _ row: LibraryReader.Row, _ reader: LibraryReader, _ screen: Screen
  ) throws -> Styled? {
    guard isLong, let paper = try reader.paper(row.id),
      let text = paper.content.tldr ?? paper.lead
    else { return nil }
    let indent = "    "
    return screen.palette.paint(screen.cut(indent + Printable.line(OneLine.flat(text))), .dim)
  }
}

/// The first rows of a listing, gathered while it streams.
struct KeptRows {
  private var ids: [PaperID] = []

  /// Whether there was none.
  var isEmpty: Bool { ids.isEmpty }

  /// One more row.
  mutating func add(_ id: PaperID) { if ids.count < LastListing.capacity { ids.append(id) } }

  /// Keeps them; a listing without rows leaves the one before.
  func keep(_ session: Session) {
    if !ids.isEmpty { session.listing.keep(ids) }
  }
}

extension LibraryReader.Row {
  /// The paper as far as a row of a table tells it.
  var asPaper: Paper {
    var paper = Paper(
      id: id, content: PaperContent(title: title), status: status, starred: starred, tags: tags,
      appearances: date.map { [Appearance(date: $0, index: 0, source: "")] } ?? [], added: added)
    paper.others = others
    return paper
  }
}
