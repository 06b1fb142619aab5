import ArgumentParser
import Filters
import Store

/// `shelf help [TOPIC|VERB]`
struct HelpCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "help", abstract: "Explain a verb, or filters, formats, sync, exit-codes.")
  @Argument(help: ArgumentHelp("A verb or topic.", valueName: "topic"))
  var topic: [String] = []
  @Flag(help: .hidden)
  var man = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    if man || topic == ["man"] {
      try session.out.text(try ManPage.text())
      return .ok
    }
    let screen = try session.screen()
    try session.page(
      try text(screen, session.features).split(
        separator: "\n", omittingEmptySubsequences: false
      ).map { Styled(String($0)) }, screen)
    return .ok
  }

  private func text(_ screen: Screen, _ features: Features) throws -> String {
    let columns = screen.isTerminal ? min(screen.width, 100) : 100
    guard let first = topic.first else {
      return Shelf.helpMessage(columns: columns) + "\n" + Self.topics
    }
    if topic.count == 1, let topic = HelpTopic(rawValue: first) {
      return topic.text(columns, features)
    }
    var children = CommandTree.verbs
    var found: (any ParsableCommand.Type)?
    for word in topic {
      guard let next = children.first(where: { CommandTree.name(of: $0) == word }) else {
        throw unknown(
          word, among: children.map(CommandTree.name) + HelpTopic.allCases.map(\.rawValue))
      }
      children = next.configuration.subcommands
      found = next
    }
    return found.map { Shelf.helpMessage(for: $0, columns: columns) } ?? ""
  }

  private func unknown(_ word: String, among known: [String]) -> Failure {
    Failure(
      .usage, "there is no help on “\(word)”",
      advice: Spelling.closest(to: word, among: known).map { "did you mean `shelf help \($0)`?" }
        ?? "`shelf help` has all verbs and topics")
  }

  private static var topics: String {
    "TOPICS: shelf help "
      + HelpTopic.allCases.map(\.rawValue).joined(separator: "|")
  }
}
