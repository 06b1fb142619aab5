import ArgumentParser

/// A command: what it is given, and what it does with the session.
protocol Verb: ParsableCommand {
  /// `--home`
  var home: HomeOptions { get }
  /// Does it. What went wrong is thrown.
  func run(_ session: Session) throws -> ExitStatus
}

extension CommandConfiguration {
  /// The configuration of a verb of `shelf`. It names its parent, so that the parser, run on the
  /// verb alone (``CommandTree/parse(_:)``), does not look for the options of a whole program: a
  /// third of the instructions of `shelf list`.
  init(
    verb: String, abstract: String, usage: String? = nil, discussion: String = "",
    subcommands: [any ParsableCommand.Type] = [],
    defaultSubcommand: (any ParsableCommand.Type)? = nil, aliases: [String] = []
  ) {
    self.init(
      commandName: verb, _superCommandName: "shelf", abstract: abstract, usage: usage,
      discussion: discussion, subcommands: subcommands, defaultSubcommand: defaultSubcommand,
      aliases: aliases)
  }
}

/// The tree of all commands: add a new one to ``groups``.
enum CommandTree {
  /// A verb and the word for it.
  typealias Entry = (word: String, command: any ParsableCommand.Type)

  /// The verbs in the order of help. The words stand here once more, so that a command finds its
  /// own type without the configurations of all others being made; CommandTests compare them.
  static let groups: [(name: String, entries: [Entry])] = [
    ("Capture", [("import", ImportCommand.self), ("add", AddCommand.self)]),
    ("Arrive", [("source", SourceCommand.self), ("fetch", FetchCommand.self)]),
    (
      "See",
      [
        ("list", ListCommand.self), ("search", SearchCommand.self), ("show", ShowCommand.self),
        ("open", OpenCommand.self), ("count", CountCommand.self),
      ]
    ),
    ("The day", [("triage", TriageCommand.self)]),
    (
      "Decide",
      [
        ("mark", MarkCommand.self), ("read", ReadCommand.self), ("unread", UnreadCommand.self),
        ("queue", QueueCommand.self), ("reading", ReadingCommand.self),
        ("skip", SkipCommand.self), ("star", StarCommand.self), ("unstar", UnstarCommand.self),
        ("remove", RemoveCommand.self),
      ]
    ),
    (
      "Annotate",
      [("tag", TagCommand.self), ("note", NoteCommand.self), ("view", ViewCommand.self)]
    ),
    (
      "Time",
      [
        ("undo", UndoCommand.self), ("redo", RedoCommand.self), ("log", LogCommand.self),
        ("stats", StatsCommand.self),
      ]
    ),
    ("Out", [("export", ExportCommand.self)]),
    (
      "Sync",
      [
        ("remote", RemoteCommand.self), ("sync", SyncCommand.self),
        ("conflicts", ConflictsCommand.self),
      ]
    ),
    (
      "Upkeep",
      [
        ("doctor", DoctorCommand.self), ("backup", BackupCommand.self),
        ("restore", RestoreCommand.self), ("config", ConfigCommand.self),
        ("completion", CompletionCommand.self), ("help", HelpCommand.self),
      ]
    ),
  ]

  static let configuration = CommandConfiguration(
    commandName: "shelf", abstract: "Your reading list of research papers.",
    usage: "shelf [VERB] [FILTER ...] [--home DIR]",
    discussion: """
      Without a verb: what is new and what you are reading.
      Most verbs take a FILTER that says which papers: `shelf help filters`.
      """,
    version: Version.text,
    groupedSubcommands: groups.map { group in
      CommandGroup(name: group.name, subcommands: group.entries.map(\.command))
    })

  /// All verbs, in the order of the groups.
  static var verbs: [any ParsableCommand.Type] { groups.flatMap(\.entries).map(\.command) }

  /// The word of a command.
  static func name(of command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? ""
  }

  /// The command the words mean.
  /// - Throws: ``Failure`` for words that mean nothing; ``VerbGuide`` for an unknown verb.
  static func parse(_ words: [String]) throws -> any Verb {
    // What is being typed may be anything.
    if words.first == CompleteCommand.word { return CompleteCommand(Array(words.dropFirst())) }
    let words = verbFirst(words)
    if words.first == BackgroundCommand.word {
      return try BackgroundCommand.parse(Array(words.dropFirst()))
    }
    if let verb = plainVerb(words) { return verb }
    let command = try command(of: words)
    // The verb alone, when the words fit it: making the parsers of all verbs to use one of them
    // took a fifth of `shelf list`. Complaints and help are worded by the whole tree.
    if let command, let verb = try? command.parseAsRoot(Array(words.dropFirst())) as? any Verb {
      return verb
    }
    do {
      if let verb = try Shelf.parseAsRoot(words) as? any Verb { return verb }
      // A verb that is nothing without another.
      return try help(words)
    } catch {
      guard Shelf.exitCode(for: error).isSuccess else {
        if let meant = NegatedWords.read(words),
          let verb = try? Shelf.parseAsRoot(meant) as? any Verb
        {
          return verb
        }
        throw try ParserComplaint(words).failure(
          Shelf.message(for: error).split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
      }
      return words.contains("--version") ? try VersionOption.parse([]) : try help(words)
    }
  }

  private static func help(_ words: [String]) throws -> any Verb {
    let home = words.firstIndex(of: "--home").map { Array(words[$0...].prefix(2)) } ?? []
    return try HelpCommand.parse(
      ["--verb"] + TypedCommand(words).path + (home.count == 2 ? home : []))
  }

  /// `shelf --home DIR VERB` is `shelf VERB --home DIR`.
  static func verbFirst(_ words: [String]) -> [String] {
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

  /// The command of the first word; nil when that is an option.
  private static func command(of words: [String]) throws -> (any ParsableCommand.Type)? {
    guard let word = words.first, !word.hasPrefix("-") else { return nil }
    let entries = groups.flatMap(\.entries)
    if let entry = entries.first(where: { $0.word == word }) { return entry.command }
    throw VerbGuide(words: words)
  }
}
