import Papers
import Store

/// `shelf` alone: what is new, what is being read, what comes next.
struct Dashboard {
  private let session: Session
  private let screen: Screen
  private var shown: [PaperID] = []
  private static let rowsInPart = 5
  private static let daysOfStreak = 14
  /// After so many days it is told that nothing was synced.
  private static let daysWithoutSync = 7

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
    /// How many are unread of each day, the newest first.
    var left: [(day: LibraryReader.ShelfDay, papers: Int)]
    /// Whether something was done on each of the last days, today last.
    var deeds: [Bool]
    /// What needs a look.
    var attention: [String]
  }

  /// Nil when nothing is on the list.
  private func content(_ reader: LibraryReader) throws -> Content? {
    let statistics = try reader.statistics(top: 1)
    guard statistics.papers > 0 else { return nil }
    var parts: [Part] = []
    if let day = statistics.newestDay {
      let heading = day == session.world.today ? "New today" : "New on \(day)"
      parts.append(try part(heading, "date:\(day) is:unread", .newest, reader))
    }
    let byChange = LibraryReader.Order(.updated, descending: true)
    parts.append(try part("Reading", "is:reading", byChange, reader))
    parts.append(
      try part("Queue", "is:queued", LibraryReader.Order(.updated, descending: false), reader))
    parts.append(try part("Starred", "is:starred is:unfinished", byChange, reader))
    parts.append(try part("Noted", "is:noted", byChange, reader))
    return Content(
      statistics: statistics, parts: parts.filter { !$0.rows.isEmpty },
      left: try reader.unreadDays(), deeds: try deeds(reader),
      attention: try attention(statistics, reader))
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

  private func deeds(_ reader: LibraryReader) throws -> [Bool] {
    let today = CalendarDay(session.world.today)
    let first = today.adding(days: 1 - Self.daysOfStreak)
    var days = Array(repeating: false, count: Self.daysOfStreak)
    for (time, what) in try reader.deeds(since: session.world.startOfDay(first.date)) {
      // What a timer does is no deed of a person.
      guard !["import", "fetch"].contains(what.prefix { $0 != " " }) else { continue }
      let day = PaperDate(trusted: Timestamp.day(time, in: session.world.zone))
      let place = CalendarDay(day).number - first.number
      if days.indices.contains(place) { days[place] = true }
    }
    return days
  }

  /// One line each; another thing to look after is another line here.
  private func attention(
    _ statistics: Statistics, _ reader: LibraryReader
  ) throws -> [String] {
    var lines: [String] = []
    if statistics.conflicted > 0 {
      lines.append(
        "\(Words.papers(statistics.conflicted)) with edits of two machines: shelf conflicts")
    }
    for name in try session.configuration().remotes.keys.sorted() {
      let days = SyncTimes(session.paths).daysAgo(name, session.world.now())
      if let days, days < Self.daysWithoutSync { continue }
      let when = days.map { "no sync with \(name) for \($0) days" }
      lines.append("\(when ?? "no sync with \(name) yet"): shelf sync")
    }
    lines += try troubles()
    let world = session.world
    for source in try KnownSource.all(reader, world) {
      if let line = source.attention(world.today, session.features) { lines.append(line) }
    }
    return lines
  }

  /// What nobody saw go wrong in the background.
  private func troubles() throws -> [String] {
    let configuration = try session.configuration()
    let troubles = BackgroundTroubles(session.paths)
    let syncs = configuration.remotes.keys.sorted().compactMap { name in
      troubles.known(.sync, name).map { trouble in
        "shelf sync \(name): " + trouble.words(session.world)
      }
    }
    let keeps = configuration.keeps.keys.sorted().compactMap { name in
      troubles.known(.keep, name).map { "keep.\(name): " + $0.words(session.world) }
    }
    return syncs + keeps
  }

  // MARK: Printing

  private mutating func print(_ content: Content) throws {
    var content = content
    if screen.isTerminal { fit(&content) }
    try session.out.line(cut(summary(content.statistics)))
    for line in pictures(content) { try session.out.line(line) }
    let papers = content.parts.flatMap { $0.rows.map(\.asPaper) }
    let listing = listing(papers)
    for part in content.parts {
      try session.out.line("")
      try session.out.line(heading(part))
      for row in part.rows {
        shown.append(row.id)
        // A number that `%3` does not know would only mislead.
        let number = session.listing.isKept ? "%\(shown.count)" : ""
        try session.out.line(screen.cells.padded(number, to: 4) + listing.row(row.asPaper))
      }
    }
    if !content.attention.isEmpty { try session.out.line("") }
    for line in content.attention {
      try session.out.line(screen.palette.paint(cut("look: " + line), .yellow))
    }
    try session.out.line("")
    try session.out.line(screen.palette.paint(cut(Self.hint(content)), .dim))
  }

  private func heading(_ part: Part) -> Styled {
    let words = part.heading + "  \(part.count)"
    let more = part.count > part.rows.count ? "  " + part.command : ""
    let room = screen.isTerminal ? screen.width - screen.cells.width(of: words) : Int.max
    return screen.palette.paint(part.heading, .bold) + "  \(part.count)"
      + screen.palette.paint(screen.cells.truncated(more, to: max(0, room)), .dim)
  }

  private func cut(_ text: String) -> String {
    screen.isTerminal ? screen.cells.truncated(text, to: screen.width) : text
  }

  /// As many rows, then parts, as a terminal has room for above its prompt.
  private func fit(_ content: inout Content) {
    let fixed =
      1 + pictures(content).count + content.attention.count
      + (content.attention.isEmpty ? 0 : 1) + 2 + 1
    var room = screen.height - fixed
    // A part is a blank line, a heading and a row at least.
    content.parts = Array(content.parts.prefix(max(0, room / 3)))
    room -= 2 * content.parts.count
    var taken = content.parts.map { _ in 0 }
    while room > 0 {
      let before = room
      for place in taken.indices where room > 0 && taken[place] < content.parts[place].rows.count {
        taken[place] += 1
        room -= 1
      }
      if room == before { break }
    }
    for place in taken.indices {
      content.parts[place].rows = Array(content.parts[place].rows.prefix(taken[place]))
    }
  }

  /// What is left of which days, and the days on which something was done.
  private func pictures(_ content: Content) -> [Styled] {
    var lines: [Styled] = []
    let left = content.left
    if !left.isEmpty {
      let all = left.reduce(0) { $0 + $1.papers }
      let bars = Self.bars(left.prefix(Self.daysOfStreak).reversed().map(\.papers))
      let days = left.prefix(3).map { "\($0.day.words) \($0.papers)" }.joined(separator: ", ")
      let more = left.count > 3 ? ", …" : ""
      let from = "\(all) of \(Words.number(left.count, "day")): \(days)\(more)"
      lines.append(picture("Left", bars, from))
    }
    if content.deeds.contains(true) {
      let marks = content.deeds.map { $0 ? "■" : "·" }.joined()
      // Today is not over.
      let days = content.deeds.last == true ? content.deeds[...] : content.deeds.dropLast()
      let streak = days.reversed().prefix { $0 }.count
      let least = streak == content.deeds.count ? "at least " : ""
      lines.append(picture("Days", marks, "\(least)\(Words.number(streak, "day")) in a row"))
    }
    return lines
  }

  private func picture(_ name: String, _ marks: String, _ words: String) -> Styled {
    let width = screen.cells.width(of: "■") * Self.daysOfStreak
    let text = cut(
      screen.cells.padded(name, to: 6) + screen.cells.padded(marks, to: width) + "  " + words)
    return Styled(text)
  }

  private static func bars(_ numbers: [Int]) -> String {
    let greatest = max(1, numbers.max() ?? 1)
    let signs = Array("▁▂▃▄▅▆▇█")
    return String(numbers.map { signs[min(7, $0 * 8 / (greatest + 1))] })
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
    return "\(Words.papers(statistics.papers)): " + parts.joined(separator: ", ") + starred
  }

  private static func hint(_ content: Content) -> String {
    let decide = content.left.isEmpty ? "shelf read|queue|skip %1" : "shelf triage"
    guard !content.parts.isEmpty else {
      return content.left.isEmpty
        ? "next: shelf list   shelf search WORDS" : "next: shelf triage   shelf search WORDS"
    }
    return "next: \(decide)   shelf show %1   shelf search WORDS"
  }

  private func welcome() throws {
    let lines = [
      "Your shelf is empty. To begin:",
      "",
      "  shelf import PATH        read digests: files, folders, or - for standard input",
      "  shelf add 2509.26507     put one paper on the list, by id or link",
      "  shelf source add hf hf:daily && shelf fetch    let digests come by themselves",
      "  shelf restore FILE       bring back a backup",
      "  shelf help               everything else",
    ]
    for line in lines { try session.out.line(line) }
  }
}
