import ArgumentParser
import Filters

/// `shelf help [TOPIC|VERB]`
struct HelpCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "help", abstract: "Explain a verb, or filters, formats, sync, exit-codes.")
  @Argument(help: ArgumentHelp("A verb or topic.", valueName: "topic"))
  var topic: [String] = []
  @Flag(help: .hidden)
  var man = false
  /// The tree of commands as JSON, for tests that try every verb.
  @Flag(help: .hidden)
  var tree = false
  /// A verb, also where a topic is called the same: what `sync --help` asks.
  @Flag(help: .hidden)
  var verb = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    if man || topic == ["man"] {
      try session.out.text(try ManPage.text())
      return .ok
    }
    if tree {
      try session.out.text(Shelf._dumpHelp())
      return .ok
    }
    let screen = (try? session.screen()) ?? Screen(session.world, Configuration())
    try session.page(try lines(screen, session.features).map { Styled($0) }, screen)
    return .ok
  }

  private func lines(_ screen: Screen, _ features: Features) throws -> [String] {
    let page = HelpPage(columns: screen.columns ?? 100)
    guard let first = topic.first else { return try page.overview() }
    if topic.count == 1, !verb, let topic = HelpTopic(rawValue: first) {
      return page.topic(topic.text(min(screen.columns ?? 100, 100), features))
    }
    let typed = TypedCommand(topic)
    if let word = typed.rest.first {
      throw unknown(word, typed)
    }
    return try page.page(typed)
  }

  private func unknown(_ word: String, _ typed: TypedCommand) -> Failure {
    let isFirst = typed.path.isEmpty
    let verbs = isFirst ? CommandTree.groups.flatMap(\.entries).map(\.word) : typed.children
    let known = verbs + (isFirst ? HelpTopic.allCases.map(\.rawValue) : [])
    let meant =
      (isFirst ? Habits.verb(word) : Habits.child(word, of: verbs).map { [$0] })
      ?? Spelling.closest(to: word, among: known).map { [$0] }
    let path = meant.map { ["shelf", "help"] + typed.path + $0 }
    return Failure(
      .usage, "there is no help on “\((typed.path + [word]).joined(separator: " "))”",
      advice: path.map { "did you mean `\(Programs.line($0))`?" }
        ?? "`shelf help` has all verbs and topics")
  }
}
