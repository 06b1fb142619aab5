import ArgumentParser

/// The words of a command line, told apart: the command that the first of them name, and the rest.
struct TypedCommand {
  /// The words of the command: `tag`, `add`.
  let path: [String]
  /// The command; `shelf` itself where no word names one.
  let command: any ParsableCommand.Type
  /// The words behind it.
  let rest: [String]

  /// Finds the command that words begin with.
  init(_ words: [String]) {
    var path: [String] = []
    var command: any ParsableCommand.Type = Shelf.self
    var children = CommandTree.verbs
    for word in words {
      guard let next = children.first(where: { CommandTree.name(of: $0) == word }) else { break }
      path.append(word)
      command = next
      children = next.configuration.subcommands
    }
    self.path = path
    self.command = command
    rest = Array(words.dropFirst(path.count))
  }

  /// The words of the commands below it.
  var children: [String] { command.configuration.subcommands.map(CommandTree.name) }

  /// What it takes; for one that stands for another of its own (`sync` for `sync run`), what that
  /// takes.
  func outline() throws -> CommandOutline {
    try CommandOutline(command.configuration.defaultSubcommand ?? command)
  }

  /// The whole command, with other words behind it, as it can be typed.
  func line(_ rest: [String]) -> String { Programs.line(["shelf"] + path + rest) }

  /// Another command with the words that were meant for this one; where there are none, with what
  /// it needs.
  static func line(_ path: [String], _ rest: [String]) -> String {
    guard path.first?.hasPrefix("-") != true, let outline = try? TypedCommand(path).outline() else {
      return Programs.line(["shelf"] + path)
    }
    let known = rest.filter { word in
      word.hasPrefix("-") && word != "-"
        ? outline.option(word) != nil : !outline.positionals.isEmpty
    }
    guard known.isEmpty else { return Programs.line(["shelf"] + path + known) }
    return Programs.line(["shelf"] + path + outline.needed)
  }
}

extension CommandOutline {
  /// What must stand behind the command: `STATUS FILTER`.
  var needed: [String] {
    positionals.filter(isNeeded).map { $0.value.uppercased() }
  }

  /// A filter may be left out for the parser, and must not where something is written.
  private func isNeeded(_ argument: Argument) -> Bool {
    switch argument.value {
    case "filter": option("--dry-run") != nil
    case "words", "id", "path", "note": !(argument.isOptional && !argument.isRepeating)
    default: !argument.isOptional
    }
  }

  /// How the command is used, in one line: `shelf mark STATUS FILTER… [options]`.
  func usage(_ path: [String]) -> String {
    let words = positionals.map { argument in
      let name = argument.value.uppercased() + (argument.isRepeating ? "…" : "")
      return isNeeded(argument) ? name : "[\(name)]"
    }
    return (["shelf"] + path + words + (options.isEmpty ? [] : ["[options]"]))
      .joined(separator: " ")
  }
}
