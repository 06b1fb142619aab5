import ArgumentParser
import Changes
import Filters
import Glibc
import Papers
import Store

/// `shelf export FORMAT [FILTER] [-o FILE]`
struct ExportCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "export", abstract: "Write papers in a format for other programs.",
    discussion: """
      FORMAT is one of \(words(ExportFormat.standard)); `shelf help formats`.
      `shelf import` reads these back without loss: \(words(ExportFormat.standard.filter(\.isLossless))).
      """)
  private static func words(_ formats: [ExportFormat]) -> String {
    formats.map(\.name).joined(separator: " ")
  }

  @Argument(
    help: ArgumentHelp("The format.", valueName: "format"),
    completion: .list(ExportFormat.standard.map(\.name)))
  var format: String
  @Argument(help: ArgumentHelp("Which papers; none is all.", valueName: "filter"))
  var words: [String] = []
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "Write to a file, as a whole; one that holds the same is not touched.", valueName: "file"))
  var output: String?
  @Option(
    help: ArgumentHelp(
      "Bring our entries of a BibTeX file in step; all others stay.", valueName: "file"))
  var keep: String?
  @Option(help: ArgumentHelp("The order, as for list.", valueName: "key"))
  var sort: String?
  @Option(help: ArgumentHelp("At most so many papers.", valueName: "n"))
  var limit: Int?
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let format = try chosen(session)
    let order = try sort.map(ListOrder.named) ?? .newest
    try checkFile()
    if let limit, limit < 1 {
      throw Failure(.usage, "--limit is a number from 1 on, not \(limit)")
    }
    let export = try Exporting(session, format, words, order: order, limit: limit)
    if let keep {
      guard format == .bibtex, output == nil, limit == nil else {
        throw Failure(
          .usage, "--keep is for bibtex, without -o and --limit",
          advice: Programs.line(["shelf", "export", "bibtex"] + words + ["--keep", keep]))
      }
      try KeptFile(path: keep).bringInStep(export)
      return .ok
    }
    guard let output, output != "-" else {
      try export.print()
      return .ok
    }
    let (count, isWritten) = try export.keep(output)
    try session.say(
      "\(Words.papers(count)) \(isWritten ? "written to" : "stand already in") \(output)")
    return .ok
  }

  /// `export bibtex out.bib` would look for papers with these words in them.
  private func checkFile() throws {
    let endings = [
      "bib", "bibtex", "ris", "json", "jsonl", "md", "markdown", "html", "htm", "csv", "tsv", "txt",
      "atom", "xml",
    ]
    guard output == nil, keep == nil, let last = words.last else { return }
    let dot = last.lastIndex(of: ".")
    let isFile =
      dot.map { $0 > last.startIndex && endings.contains(last[$0...].dropFirst().lowercased()) }
      ?? false
    let isPath = ["./", "../", "/", "~/"].contains { last.hasPrefix($0) }
    guard isPath || isFile, !last.contains(":"), !last.contains("=") else { return }
    throw Failure(
      .usage, "“\(last)” stands where the filter does, and looks like a file to write",
      advice: Programs.line(["shelf", "export", format] + words.dropLast() + ["-o", last]))
  }

  private func chosen(_ session: Session) throws -> ExportFormat {
    let formats = session.features.exportFormats
    if let chosen = formats.first(where: { $0.name == format }) { return chosen }
    let known = formats.map(\.name)
    throw Failure(
      .usage, "“\(format)” is no format; they are \(known.joined(separator: " "))",
      advice: Spelling.closest(to: format, among: known).map { "did you mean “\($0)”?" })
  }
}
