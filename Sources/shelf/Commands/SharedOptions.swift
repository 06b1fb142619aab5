import ArgumentParser
import Papers
import Store

/// `--home`, of every command.
struct HomeOptions: ParsableArguments {
  @Option(
    name: .customLong("home"),
    help: ArgumentHelp("Keep configuration, library and state in DIR.", valueName: "dir"))
  var directory: String?
}

/// Options of every command that writes.
struct WriteOptions: ParsableArguments {
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "Print {\"changed\",\"ids\"} as JSON.")
  var json = false
}

/// Which papers, where none at all is a mistake.
struct RequiredFilter: ParsableArguments {
  @Argument(help: ArgumentHelp("Which papers; `all` for every one.", valueName: "filter"))
  var words: [String] = []

  /// The filter.
  func filter(_ session: Session, verb: String) throws -> Filter {
    guard !words.isEmpty else {
      throw Failure(
        .usage, "`shelf \(verb)` needs to know which papers",
        advice: "give ids or a filter, or say `all`: shelf \(verb) all")
    }
    return try session.filter(words)
  }
}
