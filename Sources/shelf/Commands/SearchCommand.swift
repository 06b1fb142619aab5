import ArgumentParser
import Filters
import Papers
import Store

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
  @OptionGroup var rows: RowOptions
  @OptionGroup var output: PaperOutput
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard !words.isEmpty else {
      throw Failure(.usage, "`shelf search` needs words to look for")
    }
    let exporter = try output.exporter(session)
    let limit = try rows.checked()
    let filter = try session.filter(words)
    let found = FoundPapers(session, filter, try session.filterContext())
    try found.print(exporter, limit: limit, isAll: rows.all, session)
    return .ok
  }
}

/// Papers that a search finds, printed with their snippets.
private struct FoundPapers: PrintedPapers {
  private let session: Session
  private let filter: Filter
  private let context: FilterContext

  init(_ session: Session, _ filter: Filter, _ context: FilterContext) {
    self.session = session
    self.filter = filter
    self.context = context
  }

  func export(_ exporter: any Exporter, limit: Int?) throws {
    var stream = ExportStream(exporter, session)
    var kept = KeptRows()
    defer { kept.keep(session) }
    try session.read { reader in
      try reader.forEachFound(filter, in: context, limit: limit) { row in
        kept.add(row.id)
        // Ids stand in the rows; whole papers would be read for nothing.
        let paper = exporter.needsOnlyIDs ? row.asPaper : try reader.paper(row.id)
        if let paper { try stream.append(paper) }
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
      try reader.forEachFound(filter, in: context, limit: limit) { row in
        kept.add(row.id)
        try print(row, try reader.snippet(of: row, for: filter), listing, screen)
      }
    }
    if kept.isEmpty { try session.say("nothing found") }
  }

  func printPage(_ screen: Screen, limit: Int?, isAll: Bool) throws {
    // Two lines a hit, the line that counts the rest, and the prompt.
    let fitting = max(1, (screen.height - 3) / 2)
    let bound = isAll ? Int(Int32.max) : limit ?? fitting
    let page = try session.read { reader in
      let hits = try reader.search(filter, in: context, limit: bound)
      return (hits: hits, all: bound == fitting ? try reader.count(filter, in: context) : 0)
    }
    let hits = page?.hits ?? []
    let listing = Listing(
      columns: try session.configuration().columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone, width: screen.width, rows: hits.map(\.row.asPaper))
    if !hits.isEmpty { session.listing.keep(hits.map(\.row.id)) }
    for (index, hit) in hits.enumerated() {
      try print(hit.row, hit.snippet, listing, screen, number: index + 1)
    }
    if hits.isEmpty { try session.say("nothing found") }
    if let page, page.all > hits.count {
      try session.say("… \(page.all - hits.count) more (--all, or --limit N)")
    }
  }

  private func print(
    _ row: LibraryReader.Row, _ snippet: Snippet, _ listing: Listing, _ screen: Screen,
    number: Int = 0
  ) throws {
    try session.out.line(listing.row(row.asPaper, number: number))
    let line = SnippetLine(screen).text(snippet)
    if !line.isEmpty { try session.out.line("    " + line) }
  }
}

/// A snippet on one line, what was found marked; on a terminal cut to its width around the first
/// hit.
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
    guard screen.isTerminal else { return Styled(parts.map(\.text).joined()) }
    let room = max(8, screen.width - Self.indent)
    if let first = parts.first, !first.isHit {
      parts[0].text = screen.cells.truncatedAtFront(first.text, to: room / 3)
    }
    return painted(parts, room)
  }

  /// Without the marks of bold text that digests are full of.
  private static func unmarked(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "*")) else { return text }
    return text.split(separator: "**", omittingEmptySubsequences: false).joined()
  }

  private func painted(_ parts: [Snippet.Part], _ room: Int) -> Styled {
    var left = room
    var line = Styled()
    for part in parts where left > 0 {
      var text = screen.cells.truncated(part.text, to: left)
      if text.hasSuffix("……") { text.removeLast() }
      left -= screen.cells.width(of: text)
      line.append(text, part.isHit ? .yellow : nil, in: screen.palette)
    }
    return line
  }
}
