import ArgumentParser
import Glibc
import Papers
import Store

/// How `list`, `search` and `show` print papers, besides their own form for people.
struct PaperOutput: ParsableArguments {
  @Flag
  var flags: [FormatFlag] = []
  @Flag(name: [.customShort("0"), .customLong("null")], help: "Ids ended by NUL, for xargs -0.")
  var null = false
  @Option(
    name: .customLong("format"),
    help: ArgumentHelp("Each paper as a template says: '{id}\\t{title}'.", valueName: "template"))
  var template: String?

  /// The exporter that was asked for; nil for the form for people. `-0` with a template ends each
  /// paper by NUL.
  /// - Parameter isJudged: whether what the order by taste says is written, too.
  func exporter(_ session: Session, isJudged: Bool = false) throws -> (any Exporter)? {
    let form = PaperForm(session.registers, isJudged: isJudged)
    let chosen = FormatFlag.allCases.filter(flags.contains).map(\.format)
    let named = chosen.map { "--" + $0.name } + (template == nil ? [] : ["--format"])
    let conflicting = named + (null && chosen != [.ids] && template == nil ? ["-0"] : [])
    guard conflicting.count <= 1 else {
      throw Failure(.usage, "\(conflicting.joined(separator: " and ")) contradict each other")
    }
    if let template { return try exporter(template, form.fields) }
    return null ? IDExporter(terminator: end) : chosen.first?.exporter(form)
  }

  private func exporter(_ template: String, _ fields: [PaperField]) throws -> any Exporter {
    do throws(TemplateError) {
      return TemplateExporter(template: try Template(template, fields: fields), terminator: end)
    } catch {
      throw Failure(template: error, fields: fields)
    }
  }

  private var end: UInt8 { null ? 0 : 0x0A }
}

/// A format as a flag: `--json`.
struct FormatFlag: EnumerableFlag, CustomStringConvertible {
  /// Which.
  let format: ExportFormat

  static let allCases = ExportFormat.standard.filter { $0.flag != nil }.map(FormatFlag.init)

  static func name(for flag: FormatFlag) -> NameSpecification { .customLong(flag.format.name) }

  static func help(for flag: FormatFlag) -> ArgumentHelp? {
    flag.format.flag.map { ArgumentHelp($0) }
  }

  /// The parser tells flags apart by this.
  var description: String { format.name }
}

/// Which papers and in what order `list` and `search` print.
struct RowOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many papers.", valueName: "n"))
  var limit: Int?
  @Flag(help: "All papers, however many fit on the terminal.")
  var all = false
  @Option(help: .width)
  var width: Int?

  /// The bound given, if any.
  func checked() throws -> Int? {
    guard let limit else { return nil }
    guard limit > 0 else { throw Failure(.usage, "--limit is a number from 1 on, not \(limit)") }
    guard !all else { throw Failure(.usage, "--limit and --all contradict each other") }
    return limit
  }
}

/// Streams papers through an exporter to standard output.
struct ExportStream {
  private var exporter: any Exporter
  private let sink: Sink
  private let isForTerminal: Bool
  private var buffer: [UInt8] = []

  /// - Parameter isForTerminal: make control characters visible, so that no digest drives it.
  init(_ exporter: any Exporter, to sink: Sink, isForTerminal: Bool) {
    self.exporter = exporter
    self.sink = sink
    self.isForTerminal = isForTerminal
    self.exporter.begin(into: &buffer)
  }

  /// To standard output.
  init(_ exporter: any Exporter, _ session: Session) {
    self.init(
      exporter, to: session.out, isForTerminal: session.world.isTerminal(STDOUT_FILENO))
  }

  /// One paper.
  mutating func append(_ paper: Paper) throws {
    exporter.append(paper, into: &buffer)
    try pass()
  }

  /// The end.
  mutating func end() throws {
    exporter.end(into: &buffer)
    try pass()
  }

  private mutating func pass() throws {
    if isForTerminal {
      try sink.bytes(Array(Printable.block(String(decoding: buffer, as: UTF8.self)).utf8))
    } else {
      try sink.bytes(buffer)
    }
    buffer.removeAll(keepingCapacity: true)
  }
}
