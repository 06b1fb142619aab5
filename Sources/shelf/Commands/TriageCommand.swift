import ArgumentParser
import Filters
import Glibc
import Papers
import Store

/// `shelf triage [FILTER]`
struct TriageCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "triage", abstract: "Go through what is new, one key a paper.",
    discussion: """
      Day by day, the newest first; without a filter what is unread, with one what is unread of \
      it, unless it speaks of the status itself: `shelf triage is:queued`. Each verdict is stored \
      at once, and the next triage goes on where this one stopped. ? shows all keys; [keys] in \
      config.toml changes them.
      Without a terminal it reads verdicts from standard input, one a line (r, q, s, t TAG, \
      n TEXT, …), and prints after each the next paper as one JSON object, or null.
      """)

  @Argument(help: ArgumentHelp("Which papers; none is what is unread.", valueName: "filter"))
  var words: [String] = []
  @Option(
    help: ArgumentHelp(
      "The order within a day: "
        + Words.any(of: TriageOrder.allCases.map(\.rawValue)) + ".", valueName: "order"))
  var by: String?
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let configuration = try session.configuration()
    let order = try by.map(Self.order) ?? configuration.triageOrder
    guard let desk = try TriageDesk(session, words, order) else {
      _ = try session.read { _ in }
      return .ok
    }
    if order == .taste {
      let known = try session.read { try PersonalTaste.known($0, session) }
      if let known, known.taste == nil { try session.say(PersonalTaste.tooLittle(known.liked)) }
    }
    let state = TriageState(
      keys: configuration.keys, advances: configuration.triageAdvances,
      takesUnreadOnly: desk.takesUnreadOnly)
    let world = session.world
    let isTerminal = world.isTerminal(STDIN_FILENO) && world.isTerminal(STDOUT_FILENO)
    let term = world.variable("TERM")
    guard isTerminal, let term, term != "dumb" else {
      if isTerminal {
        try session.say(
          term == nil
            ? "TERM is not set, so there is no full screen: a verdict a line"
            : "this terminal is dumb (TERM=dumb), so there is no full screen: a verdict a line")
      }
      let ended = try TriageLines(
        session, desk, state, order: order, isForPerson: isTerminal
      ).run()
      try say(ended.state, session)
      return ended.status
    }
    try say(TriageLoop(session, desk, state).run(), session)
    return .ok
  }

  private static func order(_ name: String) throws -> TriageOrder {
    if let order = TriageOrder(rawValue: name) { return order }
    let known = TriageOrder.allCases.map(\.rawValue)
    throw Failure(
      .usage, "“\(name)” is no order of a day; there is \(Words.any(of: known))",
      advice: Spelling.closest(to: name, among: known).map { "did you mean “\($0)”?" })
  }

  /// What was done, and what is left.
  private func say(_ state: TriageState, _ session: Session) throws {
    let decided =
      state.decisions > 0 ? "\(Words.papers(state.decisions)) decided" : "nothing decided"
    if state.isAtEnd, state.passed == 0 {
      try session.say(state.decisions > 0 ? "\(decided); nothing is left" : "nothing is left")
    } else {
      let again = Programs.line(["shelf", "triage"] + (by.map { ["--by", $0] } ?? []) + words)
      try session.say("\(decided); `\(again)` goes on here")
    }
  }
}
