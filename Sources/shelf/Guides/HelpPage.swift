import ArgumentParser

/// Help on a command, for a width: headings that read, text wrapped between words.
struct HelpPage {
  private let columns: Int

  /// - Parameter columns: the terminal's; text takes a hundred of them at most, and forty at least.
  init(columns: Int) { self.columns = max(40, min(columns, 100)) }

  /// `shelf` without its verbs: the outline of the whole tree was six sevenths of `shelf help`.
  private struct Bare: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "shelf", version: Version.text)
    @OptionGroup var home: HomeOptions
  }

  /// All verbs and topics.
  func overview() throws -> [String] {
    let shelf = CommandTree.configuration
    let entries = CommandTree.groups.flatMap(\.entries)
    var lines = wrapped(shelf.abstract) + [""] + paragraphs(shelf.discussion)
    lines += ["", "Usage: shelf [VERB] [FILTER…] [options]"]
    let width = entries.map(\.word.count).max() ?? 0
    for group in CommandTree.groups {
      lines += ["", group.name]
      lines += table(
        group.entries.map { ($0.word, $0.command.configuration.abstract) }, names: width)
    }
    lines += ["", "Options of every verb"]
    lines += table(try CommandOutline(Bare.self).options.map { (Self.name(of: $0), $0.abstract) })
    lines += ["", "Topics"]
    lines += table(HelpTopic.allCases.map { ("shelf help " + $0.rawValue, $0.about) })
    return lines + [""] + wrapped("shelf help VERB explains one of them.")
  }

  /// One command.
  func page(_ typed: TypedCommand) throws -> [String] {
    let outline = try CommandOutline(typed.command)
    var lines = wrapped(outline.abstract)
    if !outline.discussion.isEmpty { lines += [""] + paragraphs(outline.discussion) }
    if !outline.verbs.isEmpty {
      let alone = typed.command.configuration.defaultSubcommand
      if alone != nil { lines += [""] + hanging("Usage: ", try typed.outline().usage(typed.path)) }
      let verb = (["shelf"] + typed.path).joined(separator: " ") + " VERB"
      lines += alone == nil ? ["", "Usage: " + verb] : ["       " + verb]
      lines += ["", "Verbs"]
      lines += table(outline.verbs.map { ($0.name + Self.words($0), $0.abstract) })
      let first = outline.verbs[0].name
      let path = (typed.path + [first]).joined(separator: " ")
      return lines + [""] + wrapped("shelf help \(path) has its options, and so for the others.")
    }
    lines += [""] + hanging("Usage: ", outline.usage(typed.path))
    let positionals = outline.positionals.map { argument in
      (argument.value.uppercased() + (argument.isRepeating ? "…" : ""), argument.abstract)
    }
    if !positionals.isEmpty { lines += ["", "Words"] + table(positionals) }
    let options = outline.options.filter { !$0.names.contains("--version") }
      .map { (Self.name(of: $0), $0.abstract) }
    return options.isEmpty ? lines : lines + ["", "Options"] + table(options)
  }

  /// A topic: paragraphs filled anew, and a line of a table that is too wide goes on below its last
  /// column.
  func topic(_ text: String) -> [String] {
    var lines: [String] = []
    var open: [Substring] = []
    func close() {
      if !open.isEmpty { lines += wrapped(open.joined(separator: " ")) }
      open = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.isEmpty || line.hasPrefix(" ") else {
        open.append(line)
        continue
      }
      close()
      lines += continued(String(line))
    }
    close()
    return lines
  }

  private func continued(_ line: String) -> [String] {
    guard CellWidth().width(of: line) > columns else { return [line] }
    let lead = line.prefix { $0 == " " }.count
    let gap = line.dropFirst(lead).ranges(of: "  ").last
    let column = gap.map { range in
      let end = line[range.upperBound...].firstIndex { $0 != " " } ?? line.endIndex
      return line.distance(from: line.startIndex, to: end)
    }
    guard let column, column <= columns / 2 else {
      return hanging(String(repeating: " ", count: lead), String(line.dropFirst(lead)))
    }
    let texts = wrapped(String(line.dropFirst(column)), columns - column)
    return texts.enumerated().map { index, text in
      (index == 0 ? line.prefix(column) + "" : String(repeating: " ", count: column)) + text
    }
  }

  private static func words(_ outline: CommandOutline) -> String {
    let words = outline.needed
    return words.isEmpty ? "" : " " + words.joined(separator: " ")
  }

  private static func name(of option: CommandOutline.Argument) -> String {
    let names = option.names.sorted { $0.count < $1.count }.joined(separator: ", ")
    return option.kind == .option ? names + " " + option.value.uppercased() : names
  }

  // MARK: Lines

  /// Name and explanation, the explanation beside the name; below it where the terminal is narrow.
  func table(_ rows: [(String, String)], names: Int? = nil) -> [String] {
    let longest = names ?? rows.map(\.0.count).max() ?? 0
    let width = min(longest, max(8, columns / 3)) + 4
    return rows.flatMap { name, about in
      let left = "  " + name
      if about.isEmpty { return [left] }
      let lines = wrapped(about, columns - width)
        .map { String(repeating: " ", count: width) + $0 }
      guard left.count + 2 <= width, let first = lines.first else { return [left] + lines }
      return [left + first.dropFirst(left.count)] + lines.dropFirst()
    }
  }

  /// Paragraphs, each filled anew; a line that begins with a command is an example and stays alone.
  private func paragraphs(_ text: String) -> [String] {
    var lines: [String] = []
    var open: [Substring] = []
    func close() {
      if !open.isEmpty { lines += wrapped(open.joined(separator: " ")) }
      open = []
    }
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.isEmpty || line.hasPrefix("shelf ") || line.hasPrefix(" ") {
        close()
        lines += line.isEmpty ? [""] : hanging("  ", line.drop { $0 == " " } + "")
      } else {
        open.append(line)
      }
    }
    close()
    return lines
  }

  private func hanging(_ start: String, _ text: String) -> [String] {
    let lines = wrapped(text, columns - start.count - 2)
    return lines.enumerated().map { index, line in
      (index == 0 ? start : String(repeating: " ", count: start.count + 2)) + line
    }
  }

  /// Text filled between words. A word that is wider than the line goes beyond its end: half an
  /// option, or half an address, helps nobody.
  private func wrapped(_ text: String, _ columns: Int? = nil) -> [String] {
    let room = max(10, columns ?? self.columns)
    let cells = CellWidth()
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, cells.width(of: line) + 1 + cells.width(of: String(word)) > room {
        lines.append(line)
        line = ""
      }
      line += (line.isEmpty ? "" : " ") + word
    }
    return lines + [line]
  }
}
