import ArgumentParser
import JSONText

/// What the argument parser says of a command: its words, arguments and options. Help, the manual
/// page, complaints about a command line, and completion are made from it.
///
/// Invariant: nothing of a command is said here a second time.
struct CommandOutline {
  /// The word of the command.
  fileprivate(set) var name = ""
  /// One line.
  fileprivate(set) var abstract = ""
  /// More about it; empty where there is no more to say.
  fileprivate(set) var discussion = ""
  /// The commands below it.
  fileprivate(set) var verbs: [CommandOutline] = []
  /// What it takes, in the order of its declaration.
  fileprivate(set) var arguments: [Argument] = []
  fileprivate var isShown = true

  /// One thing that a command takes.
  struct Argument {
    /// What it looks like on a command line.
    enum Kind: String { case positional, option, flag }

    /// What it looks like.
    fileprivate(set) var kind = Kind.flag
    /// `--dry-run`, `-n`; none of a positional one.
    fileprivate(set) var names: [String] = []
    /// What stands for its value in help: `filter`, `key`. The kinds of values that there are, and
    /// what completes each, is ``ValueKind``.
    fileprivate(set) var value = ""
    /// Whether it may be left out.
    fileprivate(set) var isOptional = true
    /// Whether there may be several.
    fileprivate(set) var isRepeating = false
    /// One line.
    fileprivate(set) var abstract = ""
    fileprivate var isShown = true
  }

  /// An empty one, to be read into.
  fileprivate init() {}

  /// That of a command.
  init(_ command: any ParsableCommand.Type) throws {
    self = try JSONTextReader.read(command._dumpHelp(), CommandOutline.tool)
    keepOwnVerbs(of: command)
  }

  /// Without the `help` that the parser adds to whatever is dumped, also beside one of our own.
  private mutating func keepOwnVerbs(of command: any ParsableCommand.Type) {
    verbs = command.configuration.subcommands.compactMap { child in
      var verb = verbs.first { $0.name == CommandTree.name(of: child) }
      verb?.keepOwnVerbs(of: child)
      return verb
    }
  }

  /// What stands in the place of a word: words before options.
  var positionals: [Argument] { arguments.filter { $0.kind == .positional } }

  /// The options and flags.
  var options: [Argument] { arguments.filter { $0.kind != .positional } }

  /// The option of this name; nil where there is none.
  func option(_ name: String) -> Argument? { options.first { $0.names.contains(name) } }

  // MARK: Reading what the parser dumps

  /// What ArgumentParser dumps of a tool: an object that holds its command.
  private static func tool(_ reader: inout JSONTextReader) throws -> CommandOutline {
    var found = CommandOutline()
    try reader.object { key, reader in
      if key == "command" { found = try command(&reader) } else { try reader.skip() }
    }
    return found
  }

  private static func command(_ reader: inout JSONTextReader) throws -> CommandOutline {
    var command = CommandOutline()
    try reader.object { key, reader in
      switch key {
      case "commandName": command.name = try reader.string()
      case "abstract": command.abstract = try reader.string()
      case "discussion": command.discussion = try reader.string()
      case "shouldDisplay": command.isShown = try reader.bool()
      case "subcommands":
        try reader.array { command.verbs.append(try Self.command(&$0)) }
      case "arguments": try reader.array { command.arguments.append(try argument(&$0)) }
      default: try reader.skip()
      }
    }
    command.verbs.removeAll { !$0.isShown }
    command.arguments.removeAll { !$0.isShown }
    return command
  }

  private static func argument(_ reader: inout JSONTextReader) throws -> Argument {
    var argument = Argument()
    try reader.object { key, reader in
      switch key {
      case "kind": argument.kind = Argument.Kind(rawValue: try reader.string()) ?? .flag
      case "shouldDisplay": argument.isShown = try reader.bool()
      case "isOptional": argument.isOptional = try reader.bool()
      case "isRepeating": argument.isRepeating = try reader.bool()
      case "names": try reader.array { argument.names.append(try name(&$0)) }
      case "valueName": argument.value = try reader.string()
      case "abstract": argument.abstract = try reader.string()
      default: try reader.skip()
      }
    }
    return argument
  }

  private static func name(_ reader: inout JSONTextReader) throws -> String {
    var (dashes, word) = ("--", "")
    try reader.object { key, reader in
      switch key {
      case "kind": dashes = try reader.string() == "short" ? "-" : "--"
      case "name": word = try reader.string()
      default: try reader.skip()
      }
    }
    return dashes + word
  }
}
