import ArgumentParser
import Glibc
import Papers
import Store

/// How `list`, `search` and `show` print papers, besides their own form for people.
struct PaperOutput: ParsableArguments {
  @Flag(help: "One JSON array.")
  var json = false
  @Flag(help: "One JSON object a line.")
  var jsonl = false
  @Flag(help: "Comma-separated values with a header.")
  var csv = false
  @Flag(help: "Tab-separated values with a header.")
  var tsv = false
  @Flag(help: "Only the ids, one a line.")
  var ids = false
  @Flag(name: [.customShort("0"), .customLong("null")], help: "Ids ended by NUL, for xargs -0.")
  var null = false
  @Option(
    name: .customLong("format"),
    help: ArgumentHelp("Each paper as a template says: '{id}\\t{title}'.", valueName: "template"))
  var template: String?

  /// The exporter that was asked for; nil for the form for people. `-0` with a template ends each
  /// paper by NUL.
  func exporter() throws -> (any Exporter)? {
    let chosen = [
      json ? "--json" : nil, jsonl ? "--jsonl" : nil, csv ? "--csv" : nil, tsv ? "--tsv" : nil,
      ids ? "--ids" : nil, template == nil ? nil : "--format",
    ].compactMap { $0 }
    let conflicting = chosen + (null && !ids && template == nil ? ["-0"] : [])
    guard conflicting.count <= 1 else {
      throw Failure(.usage, "\(conflicting.joined(separator: " and ")) contradict each other")
    }
    if let template { return TemplateExporter(template: try Template(template), terminator: end) }
    if json { return JSONArrayExporter() }
    if jsonl { return JSONLinesExporter() }
    if csv { return CSVExporter() }
    if tsv { return TSVExporter() }
    return ids || null ? IDExporter(terminator: end) : nil
  }

  private var end: UInt8 { null ? 0 : 0x0A }
}

/// Which papers and in what order `list` and `search` print.
struct RowOptions: ParsableArguments {
  @Option(help: ArgumentHelp("At most so many papers.", valueName: "n"))
  var limit: Int?
  @Flag(help: "All papers, however many fit on the terminal.")
  var all = false

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
