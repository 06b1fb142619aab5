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
  @OptionGroup var rows: RowOptions
  @OptionGroup var output: PaperOutput
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let order = try ListOrder.named(sort ?? session.configuration().sort)
    // What every listing has from the configuration is not asked for in each export.
    let exporter = try output.exporter(session, isJudged: sort != nil && order.key == .taste)
    let limit = try rows.checked()
    let filter = try session.filter(words)
    let context = try session.filterContext()
    let list = PaperList(session, filter, context, order)
    try list.print(exporter, limit: limit, isAll: rows.all, session)
    return .ok
  }
}

/// Papers that a verb finds and prints; the rows are kept for `%3`.
protocol PrintedPapers {
  /// Through an exporter, streaming.
  func export(_ exporter: any Exporter, limit: Int?) throws
  /// As rows in a pipe, streaming: it may be every paper there is.
  func printAll(_ screen: Screen, limit: Int?) throws
  /// As rows on a terminal: as many as fit, and how many more there are.
  func printPage(_ screen: Screen, limit: Int?, isAll: Bool) throws
}

extension PrintedPapers {
  /// Through an exporter, where there is one; else as rows.
  func print(
    _ exporter: (any Exporter)?, limit: Int?, isAll: Bool, _ session: Session
  ) throws {
    if let exporter { return try export(exporter, limit: limit) }
    let screen = try session.screen()
    if screen.isTerminal {
      try printPage(screen, limit: limit, isAll: isAll)
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

  init(
    _ session: Session, _ filter: Filter, _ context: FilterContext, _ order: LibraryReader.Order
  ) {
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
    let known = try PersonalTaste.known(reader, session)
    guard let taste = known.taste else {
      try session.say(PersonalTaste.tooLittle(known.liked))
      return try reader.forEachRow(filter, in: context, limit: limit) { try body($0, nil) }
    }
    var counter = BucketCounter()
    try reader.forEachByTaste(
      filter, in: context, limit: limit,
      score: { taste.model.score($0.tasteWords, with: &counter) }
    ) { try body($0, taste) }
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
    let listing = Listing(
      columns: try session.configuration().columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone)
    var kept = KeptRows()
    defer { kept.keep(session) }
    try session.read { reader in
      try forEachRow(reader, limit) { row, _ in
        kept.add(row.id)
        try session.out.line(listing.row(row.asPaper))
      }
    }
    if kept.isEmpty { try session.hintAtUnknownTags(filter) }
  }

  func printPage(_ screen: Screen, limit: Int?, isAll: Bool) throws {
    let configured = try session.configuration().limit
    // The header, the line that counts the rest, and the prompt.
    let fitting = configured > 0 ? configured : max(1, screen.height - 3)
    let limit = isAll ? nil : limit ?? fitting
    let page = try session.read { reader in
      var rows: [LibraryReader.Row] = []
      try forEachRow(reader, limit) { row, _ in rows.append(row) }
      let isFull = rows.count == limit
      return (rows: rows, all: isFull ? try reader.count(filter, in: context) : rows.count)
    }
    guard let page else { return }
    try print(page.rows, screen)
    if page.rows.isEmpty {
      try session.say("no paper fits")
      try session.hintAtUnknownTags(filter)
    }
    if page.all > page.rows.count {
      try session.say("… \(page.all - page.rows.count) more (--all, or --limit N)")
    }
  }

  private func print(_ rows: [LibraryReader.Row], _ screen: Screen) throws {
    let papers = rows.map(\.asPaper)
    let listing = Listing(
      columns: try session.configuration().columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone, width: screen.width, rows: papers)
    if !rows.isEmpty, let header = listing.header() { try session.out.line(header) }
    for (index, paper) in papers.enumerated() {
      try session.out.line(listing.row(paper, number: index + 1))
    }
    session.listing.keep(rows.map(\.id))
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
