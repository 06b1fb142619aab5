import ArgumentParser
import Digests
import Filters
import Papers
import Store

/// Finds what can stand at the cursor: verbs, options and values, from the command tree, the
/// library and the configuration. It reads only, and what cannot be read is left out: nobody wants
/// to hear of a broken library between two keys.
struct Completer {
  private let session: Session
  private let before: [String]
  private let word: String
  private let withTitles: Bool

  /// - Parameters:
  ///   - words: those before the cursor's, without the program's name.
  ///   - word: what stands of the cursor's word before the cursor.
  ///   - withTitles: the shell shows what a word means.
  init(_ session: Session, before words: [String], word: String, withTitles: Bool) {
    self.session = session
    before = CommandTree.verbFirst(words)
    self.word = word
    self.withTitles = withTitles
  }

  /// What can stand there.
  func completion() throws -> Completion {
    let typed = TypedCommand(before)
    var found = Completion()
    if typed.rest.isEmpty, !word.hasPrefix("-") {
      let verbs = typed.command.configuration.subcommands
      found.add(verbs.map(Self.verb), beginning: word)
      // Words that begin no verb of a command that is nothing without one.
      if !verbs.isEmpty, typed.command.configuration.defaultSubcommand == nil { return found }
    }
    let outline = try typed.outline()
    var taken = 0
    var hasEnded = false
    var waiting: CommandOutline.Argument?
    for word in typed.rest {
      if waiting != nil {
        waiting = nil
      } else if word == "--", !hasEnded {
        hasEnded = true
      } else if word.hasPrefix("-"), word != "-", !hasEnded {
        waiting = word.contains("=") ? nil : outline.option(word).flatMap(Self.withValue)
      } else {
        taken += 1
      }
    }
    if let waiting { return try values(of: waiting, word, "", found, outline) }
    if word.hasPrefix("-"), !hasEnded { return try options(outline, found) }
    let positionals = outline.positionals
    guard let last = positionals.last, taken < positionals.count || last.isRepeating else {
      return found
    }
    return try values(
      of: taken < positionals.count ? positionals[taken] : last, word, "", found, outline)
  }

  private static func verb(_ command: any ParsableCommand.Type) -> Completion.Candidate {
    Completion.Candidate(
      text: CommandTree.name(of: command), about: command.configuration.abstract)
  }

  private static func withValue(_ option: CommandOutline.Argument) -> CommandOutline.Argument? {
    option.kind == .option ? option : nil
  }

  // MARK: Options

  private func options(_ outline: CommandOutline, _ found: Completion) throws -> Completion {
    var found = found
    if let equals = word.firstIndex(of: "="),
      let option = outline.option(String(word[..<equals])).flatMap(Self.withValue)
    {
      let start = String(word[...equals])
      return try values(of: option, String(word.dropFirst(start.count)), start, found, outline)
    }
    for option in outline.options {
      // The long name says what it does; the short one is for who knows it.
      let names = option.names.filter { word.hasPrefix("--") == $0.hasPrefix("--") || word == "-" }
      let shown =
        names.filter { $0.hasPrefix("--") }.isEmpty ? names : names.filter { $0.hasPrefix("--") }
      found.add(
        shown.map { Completion.Candidate(text: $0, about: option.abstract) }, beginning: word)
    }
    return found
  }

  // MARK: Values

  /// - Parameter start: what of the word stands before the value: `--sort=`.
  private func values(
    of argument: CommandOutline.Argument, _ value: String, _ start: String, _ found: Completion,
    _ outline: CommandOutline
  ) throws -> Completion {
    guard let kind = ValueKind(rawValue: argument.value) else { return found }
    if kind.isFile, found.candidates.isEmpty { return .files }
    var values = found
    switch kind {
    case .filter, .words:
      let filter = FilterCompleter(library, withTitles: withTitles)
      let writes = kind == .filter && outline.option("--dry-run") != nil
      values.add(try filter.candidates(value, writes: writes), beginning: value)
    case .tags:
      let done = value.lastIndex(of: ",").map { String(value[...$0]) } ?? ""
      let tags = try library.tags(String(value.dropFirst(done.count)))
      values.add(tags.map { .init(text: done + $0) }, beginning: value)
    default: values.add(try named(kind, value), beginning: value)
    }
    guard !start.isEmpty else { return values }
    var whole = Completion()
    whole.add(
      values.candidates.map { .init(text: start + $0.text, about: $0.about, isOpen: $0.isOpen) },
      beginning: word)
    return whole
  }

  private var library: LibraryNames { LibraryNames(session) }

  private func named(_ kind: ValueKind, _ value: String) throws -> [Completion.Candidate] {
    switch kind {
    case .paper:
      let isWhole = withTitles || !value.isEmpty
      return isWhole ? try library.papers(value) : []
    case .note: return try library.notes(value)
    case .oldTag, .newTag: return try library.tags(value).map { .init(text: $0) }
    case .view: return try library.views()
    case .remote: return library.remotes
    case .source: return try library.sources()
    case .machine: return try library.machines()
    case .series: return try library.series().map { .init(text: $0) }
    default: return fixed(kind, value)
    }
  }

  /// Words that the program itself knows.
  private func fixed(_ kind: ValueKind, _ value: String) -> [Completion.Candidate] {
    switch kind {
    case .status: ReadingStatus.allCases.map { .init(text: $0.rawValue) }
    case .key:
      LibraryReader.Order.Key.allCases.flatMap { key in
        [.init(text: key.rawValue), .init(text: key.rawValue + "-", about: "the greatest first")]
      }
    case .order: TriageOrder.allCases.map { .init(text: $0.rawValue) }
    case .grouping: StatsCommand.Grouping.allCases.map { .init(text: $0.rawValue) }
    case .format:
      session.features.exportFormats.map { .init(text: $0.name, about: $0.explanation) }
    case .kind:
      session.features.digestFormats.filter { !$0.name.isEmpty }
        .map { .init(text: $0.name, about: $0.explanation) }
    case .shell: ShellScript.allCases.map { .init(text: $0.rawValue) }
    case .topic:
      HelpTopic.allCases.map { .init(text: $0.rawValue, about: $0.about) }
        + CommandTree.verbs.map(Self.verb)
    case .auth: ConfigurationKey.remoteWords("auth").map { .init(text: $0) }
    case .column:
      ColumnChoice.Field.allCases.map { .init(text: $0.rawValue + "=", isOpen: true) }
    default: []
    }
  }
}
