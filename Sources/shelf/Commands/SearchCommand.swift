import ArgumentParser
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
    let exporter = try output.exporter()
    let limit = try rows.checked()
    let filter = try session.filter(words)
    let context = try session.filterContext()
    let screen = try session.screen()
    // Two lines a hit, the line that counts the rest, and the prompt.
    let fitting = screen.isTerminal && !rows.all ? max(1, (screen.height - 3) / 2) : nil
    let bound = limit ?? (exporter == nil ? fitting : nil) ?? Int(Int32.max)
    let hits = try session.read { reader in
      (
        try reader.search(filter, in: context, limit: bound).map { hit in
          (hit, exporter == nil ? nil : try reader.paper(hit.row.id))
        }, bound == fitting ? try reader.count(filter, in: context) : 0
      )
    }
    try print(hits?.0 ?? [], of: hits?.1 ?? 0, exporter, session, screen)
    return .ok
  }

  private func print(
    _ hits: [(hit: LibraryReader.Hit, paper: Paper?)], of count: Int,
    _ exporter: (any Exporter)?, _ session: Session, _ screen: Screen
  ) throws {
    if !hits.isEmpty { LastListing(session.paths).keep(hits.map(\.hit.row.id)) }
    if let exporter {
      var stream = ExportStream(exporter, session)
      for (_, paper) in hits { if let paper { try stream.append(paper) } }
      return try stream.end()
    }
    let papers = hits.map(\.hit.row.asPaper)
    let columns = try session.configuration().columns
    let zone = session.world.zone
    let listing =
      screen.isTerminal
      ? Listing(
        columns: columns, palette: screen.palette, cells: screen.cells, zone: zone,
        width: screen.width, rows: papers)
      : Listing(columns: columns, palette: screen.palette, cells: screen.cells, zone: zone)
    for (paper, hit) in zip(papers, hits) {
      try session.out.line(listing.row(paper))
      let snippet = SnippetLine(screen).text(hit.hit.snippet)
      if !snippet.isEmpty { try session.out.line("    " + snippet) }
    }
    if hits.isEmpty { try session.say("nothing found") }
    if count > hits.count { try session.say("… \(count - hits.count) more (--all, or --limit N)") }
  }
}

/// A snippet on one line, what was found marked; on a terminal cut to its width around the first hit.
struct SnippetLine {
  private let screen: Screen
  private static let indent = 4

  init(_ screen: Screen) { self.screen = screen }

  /// The line, without its indent.
  func text(_ snippet: Snippet) -> String {
    var parts = snippet.parts.map { part in
      Snippet.Part(text: Printable.line(Self.unmarked(part.text)), isHit: part.isHit)
    }
    guard !parts.isEmpty else { return "" }
    if snippet.isCutBefore { parts[0].text = "…" + parts[0].text }
    if snippet.isCutAfter { parts[parts.count - 1].text += "…" }
    guard screen.isTerminal else { return parts.map(\.text).joined() }
    let room = max(8, screen.width - Self.indent)
    if let first = parts.first, !first.isHit {
      parts[0].text = screen.cells.truncatedAtFront(first.text, to: room / 3)
    }
    return painted(parts, room)
  }

  /// Without the marks of bold text that digests are full of.
  private static func unmarked(_ text: String) -> String {
    text.split(separator: "**", omittingEmptySubsequences: false).joined()
  }

  private func painted(_ parts: [Snippet.Part], _ room: Int) -> String {
    var left = room
    var line = ""
    for part in parts where left > 0 {
      var text = screen.cells.truncated(part.text, to: left)
      if text.hasSuffix("……") { text.removeLast() }
      left -= screen.cells.width(of: text)
      line += screen.palette.paint(text, part.isHit ? .yellow : nil)
    }
    return line
  }
}
