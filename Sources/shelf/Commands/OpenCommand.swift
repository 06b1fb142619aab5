import ArgumentParser
import JSONText
import Papers

/// `shelf open ID`
struct OpenCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "open", abstract: "Open papers in the browser.")

  @Argument(
    help: ArgumentHelp(
      "An id, its last digits, a link, or %3; - for ids on standard input.", valueName: "id"))
  var names: [String] = []
  @Flag(help: "The PDF.")
  var pdf = false
  @Flag(help: "The page of the paper (the default).")
  var abs = false
  @Flag(help: "Print the address instead.")
  var print = false
  @Flag(help: "Print one JSON array of {\"id\",\"url\"} instead.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard !(pdf && abs) else { throw Failure(.usage, "--pdf and --abs contradict each other") }
    let papers = try NamedPapers.find(names, session, verb: "open") { _, paper in paper }
    let addresses = try papers.map(address)
    guard !json else {
      try session.print(array: Array(zip(papers, addresses))) { json, entry in
        json.member("id", entry.0.id.rawValue)
        json.member("url", entry.1)
      }
      return .ok
    }
    let command = try session.configuration().openCommand
    for address in addresses {
      if print { try session.out.line(address) } else { try Self.open(address, command, session) }
    }
    return .ok
  }

  private func address(_ paper: Paper) throws -> String {
    guard pdf else { return try Self.webLink(paper) }
    guard let address = paper.id.pdfURL else {
      throw Failure(
        .notFound, "nobody knows where the PDF of \(paper.id) is", advice: "leave out --pdf")
    }
    return address
  }

  /// The page of a paper. An id may come from another machine or file, and what is no web link is a
  /// flag or a file to the program that opens it.
  static func webLink(_ paper: Paper) throws -> String {
    guard PaperID.isWebLink(paper.url) else {
      throw Failure(
        .badInput, "\(paper.id) is no web link; only http and https are opened",
        advice: "`shelf log \(Programs.line([paper.id.rawValue]))` tells where it came from")
    }
    return paper.url
  }

  /// Opens an address as the person configured it.
  static func open(_ address: String, _ command: String, _ session: Session) throws {
    try session.flush()
    let code = Programs.run(command, [address])
    guard code == 0 else {
      throw Failure(
        .configuration, "`\(command)` could not open \(address) (exit code \(code))",
        advice: "set open.command in config.toml, or use --print")
    }
  }
}
