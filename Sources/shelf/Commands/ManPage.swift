import ArgumentParser
import Foundation
import Store

/// The manual page, in roff (man(7)), made from the same tables as the parser: what the argument
/// parser says of the commands, the filter's fields and operators, and the exit codes.
enum ManPage {
  /// The page `shelf(1)`.
  static func text() throws -> String {
    let tool = try JSONDecoder().decode(Tool.self, from: Data(Shelf._dumpHelp().utf8))
    var lines = [
      ".TH SHELF 1 \"\" \"papershelf \(Version.text)\"", ".SH NAME",
      "shelf \\- \(escaped(tool.command.abstract ?? ""))", ".SH SYNOPSIS",
      ".B shelf", "[\\fIVERB\\fR] [\\fIFILTER\\fR ...] [\\fIoptions\\fR]", ".SH VERBS",
    ]
    for command in tool.command.verbs { lines += verb(command, []) }
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
    let positional = (command.arguments ?? []).filter { $0.kind == "positional" }
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
    for option in (command.arguments ?? []) where option.isShown && option.kind != "positional" {
      let names = (option.names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }
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
    let escaped = text.replacingOccurrences(of: "\\", with: "\\e")
      .replacingOccurrences(of: "-", with: "\\-")
    return escaped.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(".") || $0.hasPrefix("'") ? "\\&" + $0 : String($0) }
      .joined(separator: "\n")
  }

  // MARK: What the parser says of itself

  private struct Tool: Decodable { var command: Command }

  private struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var subcommands: [Command]?
    var arguments: [Argument]?

    /// The parser adds a `help` to every command with verbs of its own.
    var verbs: [Command] {
      let own = (subcommands ?? []).filter { $0.commandName != "help" || $0.discussion != nil }
      return own.filter { $0.commandName != "help" }
    }
  }

  private struct Argument: Decodable {
    var kind: String
    var shouldDisplay: Bool?
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var isShown: Bool { shouldDisplay ?? true }
  }

  private struct Name: Decodable {
    var kind: String
    var name: String
  }
}
