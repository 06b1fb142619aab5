import Papers
import Store

/// `shelf` alone: what is new, what is being read, what comes next.
struct Dashboard {
  private let session: Session
  private let screen: Screen
  private var shown: [PaperID] = []
  private static let rowsInPart = 5

  init(_ session: Session) throws {
    self.session = session
    screen = try session.screen()
  }

  /// Prints it.
  static func run(_ session: Session) throws -> ExitStatus {
    var dashboard = try Dashboard(session)
    guard let library = try session.existingLibrary(),
      let content = try library.read(dashboard.content)
    else {
      try dashboard.welcome()
      return .ok
    }
    try dashboard.print(content)
    session.listing.keep(dashboard.shown)
    return .ok
  }

  // MARK: What is on it

  private struct Part {
    var heading: String
    var count: Int
    var rows: [LibraryReader.Row]
    /// The command that lists all of it.
    var command: String
  }

  private struct Content {
    var statistics: Statistics
    var parts: [Part]
  }

  /// Nil when nothing is on the list.
  private func content(_ reader: LibraryReader) throws -> Content? {
    let statistics = try reader.statistics(top: 1)
    guard statistics.papers > 0 else { return nil }
    var parts: [Part] = []
    if let day = statistics.newestDay {
      parts.append(try part("New on \(day)", "date:\(day) is:unread", .newest, reader))
    }
    let byChange = LibraryReader.Order(.updated, descending: true)
    parts.append(try part("Reading", "is:reading", byChange, reader))
    parts.append(
      try part("Queue", "is:queued", LibraryReader.Order(.updated, descending: false), reader))
    parts.append(try part("Starred", "is:starred is:unfinished", byChange, reader))
    parts.append(try part("Noted", "is:noted", byChange, reader))
    return Content(statistics: statistics, parts: parts.filter { !$0.rows.isEmpty })
  }

  private func part(
    _ heading: String, _ words: String, _ order: LibraryReader.Order, _ reader: LibraryReader
  ) throws -> Part {
    let filter = try session.filter([words])
    let context = try session.filterContext()
    let rows = try reader.rows(filter, in: context, order: order, limit: Self.rowsInPart)
    let count =
      rows.count < Self.rowsInPart ? rows.count : try reader.count(filter, in: context)
    return Part(heading: heading, count: count, rows: rows, command: "shelf list " + words)
  }

  // MARK: Printing

  private mutating func print(_ content: Content) throws {
    try session.out.line(summary(content.statistics))
    let papers = content.parts.flatMap { $0.rows.map(\.asPaper) }
    let listing = listing(papers)
    for part in content.parts {
      try session.out.line("")
      let heading = screen.palette.paint(part.heading, .bold)
      let more = part.count > part.rows.count ? "  " + part.command : ""
      try session.out.line(heading + "  \(part.count)" + screen.palette.paint(more, .dim))
      for row in part.rows {
        shown.append(row.id)
        // A number that `%3` does not know would only mislead.
        let number = session.listing.isKept ? "%\(shown.count)" : ""
        try session.out.line(screen.cells.padded(number, to: 4) + listing.row(row.asPaper))
      }
    }
    try session.out.line("")
    try session.out.line(screen.palette.paint(Self.hint(content), .dim))
  }

  private func listing(_ papers: [Paper]) -> Listing {
    let columns: [ListColumn] = [.id, .status, .star, .title, .tags]
    guard screen.columns != nil else {
      return Listing(
        columns: columns, palette: screen.palette, cells: screen.cells, zone: session.world.zone)
    }
    return Listing(
      columns: columns, palette: screen.palette, cells: screen.cells, zone: session.world.zone,
      width: max(20, screen.width - 4), rows: papers)
  }

  private func summary(_ statistics: Statistics) -> String {
    let parts = statistics.byStatus.filter { $0.papers > 0 }
      .map { "\($0.papers) \($0.status.rawValue)" }
    let starred = statistics.starred > 0 ? ", \(statistics.starred) ★" : ""
    let conflicts = statistics.conflicted
    return "\(Words.papers(statistics.papers)): " + parts.joined(separator: ", ") + starred
      + (conflicts > 0 ? ", \(conflicts) with conflicts (shelf conflicts)" : "")
  }

  private static func hint(_ content: Content) -> String {
    guard !content.parts.isEmpty else { return "next: shelf list   shelf search WORDS" }
    return "next: shelf show %1   shelf read|queue|skip %1   shelf search WORDS"
  }

  private func welcome() throws {
    let lines = [
      "Your shelf is empty. To begin:",
      "",
      "  shelf import PATH        read digests: files, folders, or - for standard input",
      "  shelf add 2509.26507     put one paper on the list, by id or link",
      "  shelf restore FILE       bring back a backup",
      "  shelf help               everything else",
    ]
    for line in lines { try session.out.line(line) }
  }
}
