import ArgumentParser
import Changes
import Filters
import Papers
import Store
import Taste

/// `shelf search WORDS… [FILTER]`
struct SearchCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "search", abstract: "Find papers by words, the best first.",
    discussion: """
      Words of any script, Chinese from one character, atten* for a beginning, "a phrase" for words
      in a row. Conditions of a filter may stand among them: shelf search 缓存 is:unread
      """)

  @Argument(help: ArgumentHelp("Words, and conditions of a filter.", valueName: "words"))
  var words: [String] = []
  @Option(
    help: ArgumentHelp("Another order than the best first, as for list.", valueName: "key"))
  var sort: String?
  @OptionGroup var rows: RowOptions
  @OptionGroup var output: PaperOutput
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard !words.isEmpty else {
      throw Failure(.usage, "`shelf search` needs words to look for")
    }
    let limit = try rows.checked()
    let filter = try session.filter(words)
    let order = try sort.map(ListOrder.named)
    let exporter = try output.exporter(session, isJudged: order?.key == .taste)
    let context = try session.filterContext()
    var found = FoundPapers(session, filter, context, order)
    if let title = try pastedTitle(filter, context, session) {
      found = FoundPapers(session, title, context, order)
    }
    try found.print(exporter, rows, limit: limit, session)
    return .ok
  }
}

extension SearchCommand {
  /// The words as those of a title, where they find something, and nothing as the filter that they
  /// are as well; says so. `Why Models Do Not Hallucinate` is a paper that has the word.
  private func pastedTitle(
    _ filter: Filter, _ context: FilterContext, _ session: Session
  ) throws -> Filter? {
    let text = FilterParser.join(arguments: words, session.registers)
    guard let title = FilterParser.title(text, session.registers),
      let isBetter = try session.read({ reader in
        try reader.count(filter, in: context) == 0 && reader.count(title, in: context) > 0
      }), isBetter
    else { return nil }
    try session.say("nothing fits this as a filter; “and”, “or” and “not” were taken as words")
    return title
  }
}

/// Papers that a search finds, printed with their snippets.
private struct FoundPapers: PrintedPapers {
  private let session: Session
  private let filter: Filter
  private let context: FilterContext
  /// Nil is the best first.
  private let order: LibraryReader.Order?

  init(
    _ session: Session, _ filter: Filter, _ context: FilterContext, _ order: LibraryReader.Order?
  ) {
    self.order = order
    self.session = session
    self.filter = filter
    self.context = context
  }

  func export(_ exporter: any Exporter, limit: Int?) throws {
    var stream = ExportStream(exporter, session)
    var kept = KeptRows()
    defer { kept.keep(session) }
    try session.read { reader in
      var counter = BucketCounter()
      try forEachFound(reader, limit) { row, taste in
        kept.add(row.id)
        // Ids stand in the rows; whole papers would be read for nothing.
        guard var paper = exporter.needsOnlyIDs ? row.asPaper : try reader.paper(row.id) else {
          return
        }
        if !exporter.needsOnlyIDs {
          paper.judgement = taste?.judgement(of: paper, with: &counter)
        }
        try stream.append(paper)
      }
    }
    try stream.end()
  }

  /// The papers found, in order; with what is known of the person's taste where it is that.
  private func forEachFound(
    _ reader: LibraryReader, _ limit: Int?,
    _ body: (LibraryReader.Row, PersonalTaste?) throws -> Void
  ) throws {
    guard order?.key == .taste else {
      return try reader.forEachFound(filter, in: context, order: order, limit: limit) {
        try body($0, nil)
      }
    }
    try PersonalTaste.forEachRow(reader, session, filter, context, limit: limit, body)
  }

  private func hits(_ reader: LibraryReader, limit: Int?) throws -> [LibraryReader.Hit] {
    var hits: [LibraryReader.Hit] = []
    try forEachFound(reader, limit) { row, _ in
      hits.append(LibraryReader.Hit(row: row, snippet: try reader.snippet(of: row, for: filter)))
    }
    return hits
  }

  func printAll(_ screen: Screen, limit: Int?) throws {
    guard screen.columns == nil else {
      let hits = try session.read { try self.hits($0, limit: limit) } ?? []
      try keep(hits)
      for line in try rows(hits, screen) { try session.out.line(line) }
      return
    }
    let listing = Listing(
      columns: try session.configuration().columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone)
    var kept = KeptRows()
    defer { kept.keep(session) }
    try session.read { reader in
      try forEachFound(reader, limit) { row, _ in
        kept.add(row.id)
        let snippet = try reader.snippet(of: row, for: filter)
        for line in lines(row, snippet, listing, screen) { try session.out.line(line) }
      }
    }
    if kept.isEmpty { try sayNothing() }
  }

  private func sayNothing() throws {
    try session.say("nothing found")
    try session.hintAtWhatIsNear(filter)
  }

  func printPage(_ screen: Screen, limit: Int?, isAll: Bool) throws {
    // Two lines a hit, the line that counts the rest, and the prompt.
    let fitting = max(1, (screen.height - 3) / 2)
    let bound = isAll ? nil : limit ?? fitting
    let page = try session.read { reader in
      let hits = try self.hits(reader, limit: bound)
      return (hits: hits, all: hits.count == bound ? try reader.count(filter, in: context) : 0)
    }
    let hits = page?.hits ?? []
    try keep(hits)
    let lines = try rows(hits, screen)
    if isAll {
      try session.page(lines, screen)
    } else {
      for line in lines { try session.out.line(line) }
    }
    if let page, page.all > hits.count {
      try session.say("… \(page.all - hits.count) more (--all, or --limit N)")
    }
  }

  private func keep(_ hits: [LibraryReader.Hit]) throws {
    if hits.isEmpty { try sayNothing() }
    if !hits.isEmpty { session.listing.keep(hits.map(\.row.id)) }
  }

  /// The hits as lines for a width.
  private func rows(_ hits: [LibraryReader.Hit], _ screen: Screen) throws -> [Styled] {
    let listing = Listing(
      columns: try session.configuration().columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone, width: screen.width, rows: hits.map(\.row.asPaper),
      isNumbered: screen.isTerminal, omitsConstants: screen.isTerminal)
    return hits.enumerated().flatMap { index, hit in
      lines(hit.row, hit.snippet, listing, screen, number: index + 1)
    }
  }

  private func lines(
    _ row: LibraryReader.Row, _ snippet: Snippet, _ listing: Listing, _ screen: Screen,
    number: Int = 0
  ) -> [Styled] {
    let line = SnippetLine(screen).text(snippet)
    return [listing.row(row.asPaper, number: number)] + (line.isEmpty ? [] : ["    " + line])
  }
}

/// A snippet on one line, what was found marked; cut to the width, where there is one, around the
/// first hit.
struct SnippetLine {
  private let screen: Screen
  private static let indent = 4

  init(_ screen: Screen) { self.screen = screen }

  /// The line, without its indent.
  func text(_ snippet: Snippet) -> Styled {
    var parts = snippet.parts.map { part in
      Snippet.Part(text: Printable.line(Self.unmarked(part.text)), isHit: part.isHit)
    }
    guard !parts.isEmpty else { return Styled() }
    if snippet.isCutBefore { parts[0].text = "…" + parts[0].text }
    if snippet.isCutAfter { parts[parts.count - 1].text += "…" }
    guard let columns = screen.columns else { return Styled(parts.map(\.text).joined()) }
    let room = max(8, columns - Self.indent)
    if let first = parts.first, !first.isHit {
      parts[0].text = screen.cells.truncatedAtFront(first.text, to: room / 3)
    }
    return painted(parts, room)
  }

  /// Without the marks of bold text that digests are full of. By bytes: to split it at a string
  /// was a twentieth of a search.
  private static func unmarked(_ text: String) -> String {
    let star = UInt8(ascii: "*")
    guard text.utf8.contains(star) else { return text }
    var kept: [UInt8] = []
    var isMark = false
    for byte in text.utf8 {
      isMark = byte == star && !isMark && kept.last == star
      if isMark { kept.removeLast() } else { kept.append(byte) }
    }
    return String(decoding: kept, as: UTF8.self)
  }

  private func painted(_ parts: [Snippet.Part], _ room: Int) -> Styled {
    var left = room
    var line = Styled()
    for part in parts where left > 0 {
      var text = screen.cells.truncated(part.text, to: left)
      if text.hasSuffix("……") { text.removeLast() }
      left -= screen.cells.width(of: text)
      if part.isHit { line.append(text, .hit, in: screen.palette) } else { line += text }
    }
    return line
  }
}
