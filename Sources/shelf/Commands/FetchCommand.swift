import ArgumentParser
import Papers
import Store

/// `shelf fetch [NAME…]`
struct FetchCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "fetch", abstract: "Ask your sources for what is new, and read it.",
    discussion: """
      Without a name: every source once, politely. Days that were missed are asked for, the oldest
      first; what is not there yet is asked for again. Safe to stop at any moment, and to run from a
      timer: it ends with 0 whether something came or not, with 2 where a source failed, and with 69
      where none could be reached. `shelf help sources` says what can be asked.
      """)
  @Argument(
    help: ArgumentHelp("The sources; all of them when none is named.", valueName: "source"))
  var names: [String] = []
  @Option(
    help: ArgumentHelp(
      "Ask for the days since then again, be they read already: 2025-10-02, 7d.", valueName: "day"))
  var since: String?
  @Flag(name: [.customShort("n"), .long], help: "Say what would come, and change nothing.")
  var dryRun = false
  @Flag(help: "Tell only what went wrong.") var quiet = false
  @Flag(help: "Print counts and what became of each source as JSON.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let since = try since.map { try StatsCommand.day($0, session) }
    let sources = try session.existingLibrary()?.read { try $0.sources() } ?? []
    if sources.isEmpty, names.isEmpty, !quiet, !json {
      try session.say("no source yet: shelf source add NAME WHAT (`shelf help sources`)")
    }
    guard session.hasLibrary else {
      _ = try KnownSource.named(names, among: [])
      return try finish(FetchOutcome(), session)
    }
    guard !dryRun else { return try fetch(since, session) }
    let lock = try HomeLock(
      session.paths, "fetch.lock",
      busy: Failure(
        .busy, "another shelf is fetching",
        advice: "what it brings is on the list in a moment: shelf list"))
    defer { _ = lock }
    return try fetch(since, session)
  }

  private func fetch(_ since: PaperDate?, _ session: Session) throws -> ExitStatus {
    var fetching = try Fetching(
      session, try session.library(dryRun: dryRun), isRehearsal: dryRun)
    try fetching.run(names, since: since)
    return try finish(fetching.outcome, session)
  }

  private func finish(_ outcome: FetchOutcome, _ session: Session) throws -> ExitStatus {
    try outcome.say(session, asJSON: json, quiet: quiet)
    return outcome.status
  }
}
