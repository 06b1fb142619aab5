import ArgumentParser
import Filters
import Papers
import Store

/// `shelf show ID…`
struct ShowCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "show", abstract: "Show papers whole: summary, notes, history.")

  @Argument(help: ArgumentHelp("An id, its last digits, a link, or %3.", valueName: "id"))
  var names: [String] = []
  @OptionGroup var output: PaperOutput
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let exporter = try output.exporter()
    let found = try NamedPapers.find(names, session, verb: "show") { reader, paper in
      (paper, try reader.history(of: paper.id, limit: exporter == nil ? 20 : 0))
    }
    if let exporter {
      var stream = ExportStream(exporter, session)
      for (paper, _) in found { try stream.append(paper) }
      try stream.end()
    } else {
      try printCards(found, session)
    }
    return .ok
  }

  private func printCards(
    _ found: [(Paper, [LibraryReader.HistoryLine])], _ session: Session
  ) throws {
    let screen = try session.screen()
    let card = Card(
      width: screen.isTerminal ? screen.width : nil, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone)
    var lines: [String] = []
    for (paper, history) in found {
      if !lines.isEmpty { lines += ["", ""] }
      let words = HistoryWords(zone: session.world.zone)
      lines += card.lines(paper, history: history.compactMap(words.line))
    }
    try session.page(lines, screen)
  }
}

/// The papers that the arguments of a command name.
enum NamedPapers {
  /// Looks up each name, all or none, and hands the papers to `body` within one view of the library.
  /// - Parameter library: the library, where it is open already.
  /// - Throws: ``Failure`` when a name fits no paper or several.
  static func find<Value>(
    _ names: [String], _ session: Session, in library: Library? = nil, verb: String,
    _ body: (LibraryReader, Paper) throws -> Value
  ) throws -> [Value] {
    guard let first = names.first else {
      throw Failure(
        .usage, "`shelf \(verb)` needs to know which paper",
        advice: "give an id, its last digits, a link, or %3 for row 3 of the last listing")
    }
    let names = try names.flatMap(single)
    let context = try session.filterContext()
    func find(_ reader: LibraryReader) throws -> [Value] {
      try names.map { name in
        let id = try reader.resolve(name, in: context)
        guard let paper = try reader.paper(id) else { throw LibraryError.notFound(name) }
        return try body(reader, paper)
      }
    }
    let found = try library.map { try $0.read(find) } ?? session.read(find)
    guard let found else { throw LibraryError.notFound(first) }
    return found
  }

  /// `%1-3` is three names.
  private static func single(_ name: String) throws -> [String] {
    guard name.hasPrefix("%") else { return [name] }
    if let rows = RowName.all(in: name) { return rows }
    throw Failure(
      filter: FilterError(
        kind: .badRow(name), text: name, range: FilterRange(start: 0, length: name.count)))
  }

  /// The one paper a name names.
  static func one<Value>(
    _ name: String, _ session: Session, in library: Library? = nil, verb: String,
    _ body: (LibraryReader, Paper) throws -> Value
  ) throws -> Value {
    let found = try find([name], session, in: library, verb: verb, body)
    guard found.count == 1 else {
      throw Failure(.usage, "`shelf \(verb)` takes one paper; \(name) are \(found.count)")
    }
    return found[0]
  }
}
