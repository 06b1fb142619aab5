import ArgumentParser

/// The manual page, in roff (man(7)), made from the same tables as the parser: what the argument
/// parser says of the commands, the filter's fields and operators, and the exit codes.
enum ManPage {
  /// The page `shelf(1)`.
  static func text() throws -> String {
    let shelf = try CommandOutline(Shelf.self)
    var lines = [
      ".TH SHELF 1 \"\" \"papershelf \(Version.text)\"", ".SH NAME",
      "shelf \\- \(escaped(shelf.abstract))", ".SH SYNOPSIS",
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

  private static func verb(_ command: CommandOutline, _ above: [String]) -> [String] {
    let path = above + [command.name]
    guard command.verbs.isEmpty else { return command.verbs.flatMap { verb($0, path) } }
    let words = command.positionals.map { argument in
      "\\fI\(escaped(argument.value.uppercased()))\\fR"
        + (argument.isRepeating ? " ..." : "")
    }
    var lines = [
      ".TP", "\\fB\(escaped(path.joined(separator: " ")))\\fR \(words.joined(separator: " "))",
    ]
    lines.append(escaped(command.abstract))
    if !command.discussion.isEmpty { lines += [".br", escaped(command.discussion)] }
    for option in command.options {
      let value = option.kind == .option ? " \\fI\(escaped(option.value))\\fR" : ""
      let name = escaped(option.names.joined(separator: ", "))
      lines += [".RS", ".TP", "\\fB\(name)\\fR\(value)", escaped(option.abstract), ".RE"]
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
}
