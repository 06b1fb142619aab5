import ArgumentParser
import Glibc
import Store

/// A command: what it is given, and what it does with the session.
protocol Verb: ParsableCommand {
  /// `--home`
  var home: HomeOptions { get }
  /// Does it. What went wrong is thrown.
  func run(_ session: Session) throws -> ExitStatus
}

/// The tree of all commands: add a new one to the list in ``configuration``.
enum CommandTree {
  static let configuration = CommandConfiguration(
    commandName: "shelf", abstract: "Your reading list of research papers.",
    usage: "shelf [VERB] [FILTER ...] [--home DIR]",
    discussion: """
      Without a verb: what is new and what you are reading.
      Most verbs take a FILTER that says which papers: `shelf help filters`.
      """,
    version: Version.text,
    groupedSubcommands: [
      CommandGroup(name: "Capture:", subcommands: [ImportCommand.self, AddCommand.self]),
      CommandGroup(
        name: "See:",
        subcommands: [
          ListCommand.self, SearchCommand.self, ShowCommand.self, OpenCommand.self,
          CountCommand.self,
        ]),
      CommandGroup(
        name: "Decide:",
        subcommands: [MarkCommand.self] + MarkShortForms.all
          + [StarCommand.self, UnstarCommand.self]),
      CommandGroup(
        name: "Annotate:", subcommands: [TagCommand.self, NoteCommand.self, ViewCommand.self]),
      CommandGroup(
        name: "Time:",
        subcommands: [UndoCommand.self, RedoCommand.self, LogCommand.self, StatsCommand.self]),
      CommandGroup(name: "Out:", subcommands: [ExportCommand.self]),
      CommandGroup(
        name: "Sync:",
        subcommands: [RemoteCommand.self, SyncCommand.self, ConflictsCommand.self]),
      CommandGroup(
        name: "Upkeep:",
        subcommands: [
          DoctorCommand.self, BackupCommand.self, RestoreCommand.self, ConfigCommand.self,
          CompletionCommand.self, HelpCommand.self,
        ]),
    ])

  /// All verbs, in the order of the groups.
  static var verbs: [any ParsableCommand.Type] {
    configuration.groupedSubcommands.flatMap { group in group.subcommands }
  }

  /// The word of a command.
  static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }

  /// The command the words mean.
  /// - Throws: ``Ending`` for help, the version, and words that mean nothing; ``Failure`` for an
  ///   unknown verb.
  static func parse(_ words: [String]) throws -> any Verb {
    let words = verbFirst(words)
    try checkVerb(words)
    do {
      if let verb = try Shelf.parseAsRoot(words) as? any Verb { return verb }
      throw CleanExit.helpRequest()
    } catch {
      throw Ending(text: Shelf.fullMessage(for: error), status: Shelf.exitCode(for: error).rawValue)
    }
  }

  /// Words of the parser itself: help on standard output, or a complaint.
  struct Ending: Error {
    var text: String
    var status: Int32

    func print() -> ExitStatus {
      let isHelp = status == 0
      let descriptor = isHelp ? STDOUT_FILENO : STDERR_FILENO
      let line = (isHelp ? text : text.replacingPrefix("Error: ", with: "shelf: ")) + "\n"
      try? Files.write(Array(line.utf8), to: descriptor, "standard output")
      return isHelp ? .ok : .usage
    }
  }

  /// `shelf --home DIR VERB` is `shelf VERB --home DIR`.
  private static func verbFirst(_ words: [String]) -> [String] {
    var rest = words[...]
    var moved: [String] = []
    while let word = rest.first {
      if word == "--home", rest.count >= 2 {
        moved += rest.prefix(2)
        rest = rest.dropFirst(2)
      } else if word.hasPrefix("--home=") {
        moved.append(word)
        rest = rest.dropFirst()
      } else {
        break
      }
    }
    guard let verb = rest.first, !verb.hasPrefix("-") else { return moved + rest }
    // A nested verb stays beside its own: `tag add`. Options may stand at the end; `--` may not.
    guard let end = rest.firstIndex(of: "--") else { return rest + moved }
    return rest[..<end] + moved + rest[end...]
  }

  /// An unknown verb gets the nearest one.
  private static func checkVerb(_ words: [String]) throws {
    guard let word = words.first, !word.hasPrefix("-") else { return }
    let known = verbs.map(name)
    guard !known.contains(word) else { return }
    let nearest = Spelling.closest(to: word, among: known)
    throw Failure(
      .usage, "there is no verb “\(word)”",
      advice: nearest.map { "did you mean `shelf \($0)`?" } ?? "`shelf help` has them all")
  }
}

extension String {
  fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
    hasPrefix(prefix) ? other + dropFirst(prefix.count) : self
  }
}
