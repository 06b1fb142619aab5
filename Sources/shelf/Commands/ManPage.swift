import ArgumentParser
import Changes
import JSONText
import Store

/// The manual page, in roff (man(7)), made from the same tables as the parser: what the argument
/// parser says of the commands, the filter's fields and operators, and the exit codes.
enum ManPage {
  /// The page `shelf(1)`.
  static func text() throws -> String {
    let shelf = try JSONTextReader.read(Shelf._dumpHelp(), tool)
    var lines = [
      ".TH SHELF 1 \"\" \"papershelf \(Version.text)\"", ".SH NAME",
      "shelf \\- \(escaped(shelf.abstract ?? ""))", ".SH SYNOPSIS",
      ".B shelf", "[\\fIVERB\\fR] [\\fIFILTER\\fR ...] [\\fIoptions\\fR]", ".SH VERBS",
    ]
    for command in shelf.verbs { lines += verb(command, []) }
    lines.append(".SH FILTERS")
    lines += literal(HelpTopic.filters.text(76))
    lines.append(".SH FORMATS")
    lines += literal(HelpTopic.formats.text(76))
    lines.append(".SH EXIT STATUS")
    for status in ExitStatus.allCases {
      lines += [".TP", ".B \(status.rawValue)", escaped(status.explanation)]
    }
    lines += [".SH FILES", ".TP", ".I ~/.config/papershelf/config.toml", "Configuration."]
    lines += [".TP", ".I ~/.local/share/papershelf/library.sqlite", "The library."]
    lines += [".SH ENVIRONMENT", ".TP", ".B SHELF_HOME", "One folder for all files instead."]
    return lines.joined(separator: "\n")
  }

  private static func verb(_ command: Command, _ above: [String]) -> [String] {
    let path = above + [command.commandName]
    let positional = command.arguments.filter { $0.kind == "positional" }
    guard command.verbs.isEmpty else { return command.verbs.flatMap { verb($0, path) } }
    let words = positional.map { argument in
      "\\fI\(escaped((argument.valueName ?? "").uppercased()))\\fR"
        + (argument.isRepeating ? " ..." : "")
    }
    var lines = [
      ".TP", "\\fB\(escaped(path.joined(separator: " ")))\\fR \(words.joined(separator: " "))",
    ]
    lines.append(escaped(command.abstract ?? ""))
    if let discussion = command.discussion { lines += [".br", escaped(discussion)] }
    for option in command.arguments where option.isShown && option.kind != "positional" {
      let names = option.names.map { ($0.kind == "short" ? "-" : "--") + $0.name }
      let value = option.kind == "option" ? " \\fI\(escaped(option.valueName ?? ""))\\fR" : ""
      let name = escaped(names.joined(separator: ", "))
      lines += [".RS", ".TP", "\\fB\(name)\\fR\(value)", escaped(option.abstract ?? ""), ".RE"]
    }
    return lines
  }

  private static func literal(_ text: String) -> [String] {
    [".nf"]
      + text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
      + [".fi"]
  }

  /// Backslashes and dashes as they are, and no line that begins like a request.
  private static func escaped(_ text: String) -> String {
    let escaped = text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
    return escaped.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : String($0) }
      .joined(separator: "\n")
  }

  // MARK: What the parser says of itself

  private struct Command {
    var commandName = ""
    var abstract: String?
    var discussion: String?
    var subcommands: [Command] = []
    var arguments: [Argument] = []

    /// The parser adds a `help` to every command with verbs of its own.
    var verbs: [Command] { subcommands.filter { $0.commandName != "help" } }
  }

  private struct Argument {
    var kind = ""
    var isShown = true
    var isRepeating = false
    var names: [Name] = []
    var valueName: String?
    var abstract: String?
  }

  private struct Name {
    var kind = ""
    var name = ""
  }

  /// What ArgumentParser dumps of a tool: an object that holds its command.
  private static func tool(_ reader: inout JSONTextReader) throws -> Command {
    var found = Command()
    try reader.object { key, reader in
      if key == "command" { found = try command(&reader) } else { try reader.skip() }
    }
    return found
  }

  private static func command(_ reader: inout JSONTextReader) throws -> Command {
    var command = Command()
    try reader.object { key, reader in
      switch key {
      case "commandName": command.commandName = try reader.string()
      case "abstract": command.abstract = try reader.string()
      case "discussion": command.discussion = try reader.string()
      case "subcommands":
        try reader.array { command.subcommands.append(try Self.command(&$0)) }
      case "arguments": try reader.array { command.arguments.append(try argument(&$0)) }
      default: try reader.skip()
      }
    }
    return command
  }

  private static func argument(_ reader: inout JSONTextReader) throws -> Argument {
    var argument = Argument()
    try reader.object { key, reader in
      switch key {
      case "kind": argument.kind = try reader.string()
      case "shouldDisplay": argument.isShown = try reader.bool()
      case "isRepeating": argument.isRepeating = try reader.bool()
      case "names": try reader.array { argument.names.append(try name(&$0)) }
      case "valueName": argument.valueName = try reader.string()
      case "abstract": argument.abstract = try reader.string()
      default: try reader.skip()
      }
    }
    return argument
  }

  private static func name(_ reader: inout JSONTextReader) throws -> Name {
    var name = Name()
    try reader.object { key, reader in
      switch key {
      case "kind": name.kind = try reader.string()
      case "name": name.name = try reader.string()
      default: try reader.skip()
      }
    }
    return name
  }
}
