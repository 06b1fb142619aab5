import ArgumentParser
import Filters
import Papers
import Store
import Taste

/// `shelf show ID…`
struct ShowCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "show", abstract: "Show papers whole: summary, notes, history.")

  @Argument(
    help: ArgumentHelp(
      "An id, its last digits, a link, or %3; - for ids on standard input.", valueName: "id"))
  var names: [String] = []
  @Option(help: .width)
  var width: Int?
  @OptionGroup var output: PaperOutput
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    if let exporter = try output.exporter(session) {
      var stream = ExportStream(exporter, session)
      try NamedPapers.forEach(names, session, verb: "show") { try stream.append($1) }
      try stream.end()
    } else {
      try printCards(session)
    }
    return .ok
  }

  private func printCards(_ session: Session) throws {
    let screen = try session.screen(width: width)
    let card = Card(
      width: screen.columns, palette: screen.palette, cells: screen.cells,
      zone: session.world.zone)
    let words = HistoryWords(zone: session.world.zone, registers: session.registers)
    var lines: [Styled] = []
    var isFirst = true
    var taste: PersonalTaste??
    var counter = BucketCounter()
    try NamedPapers.forEach(names, session, verb: "show") { reader, paper in
      var paper = paper
      let known = try taste ?? PersonalTaste.last(reader, session)
      taste = .some(known)
      paper.judgement = known?.judgement(of: paper, with: &counter)
      let history = try reader.history(of: paper.id, limit: 20).compactMap(words.line)
      lines += (isFirst ? [] : [Styled(), Styled()]) + card.lines(paper, history: history)
      isFirst = false
      guard !screen.isTerminal else { return }
      for line in lines { try session.out.line(line) }
      lines = []
    }
    try session.page(lines, screen)
  }
}

/// The papers that the arguments of a command name.
enum NamedPapers {
  /// Looks up each name, all or none, and hands the papers to `body` within one view of the
  /// library, one after the other. `-` alone is the ids on standard input.
  /// - Parameter library: the library, where it is open already.
  /// - Throws: ``Failure`` when a name fits no paper or several.
  static func forEach(
    _ names: [String], _ session: Session, in library: Library? = nil, verb: String,
    _ body: (LibraryReader, Paper) throws -> Void
  ) throws {
    guard !names.isEmpty else {
      throw Failure(
        .usage, "`shelf \(verb)` needs to know which paper",
        advice: "give an id, its last digits, a link, or %3 for row 3 of the last listing")
    }
    let names = names == ["-"] ? try session.idsOfInput() : try names.flatMap(single)
    guard let first = names.first else { return }
    let context = try session.filterContext()
    func each(_ reader: LibraryReader) throws {
      let ids = try names.map { name in
        let id = try reader.resolve(name, in: context)
        guard try reader.isListed(id) else { throw LibraryError.notFound(name) }
        return id
      }
      for id in ids { if let paper = try reader.paper(id) { try body(reader, paper) } }
    }
    let found: Void? = try library.map { try $0.read(each) } ?? session.read(each)
    guard found != nil else { throw LibraryError.notFound(first) }
  }

  /// What `body` makes of each paper.
  static func find<Value>(
    _ names: [String], _ session: Session, in library: Library? = nil, verb: String,
    _ body: (LibraryReader, Paper) throws -> Value
  ) throws -> [Value] {
    var found: [Value] = []
    try forEach(names, session, in: library, verb: verb) { found.append(try body($0, $1)) }
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
