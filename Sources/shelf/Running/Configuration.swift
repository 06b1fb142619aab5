import Changes
import Disk
import Filters
import Store
import TOMLKit

/// What config.toml says. See ``ConfigurationKey`` for each key, its default and its meaning.
///
/// Invariant: a file with a key nobody knows, or a value of the wrong kind, is refused as a whole,
/// so that a slip of the finger is told and not passed over.
struct Configuration {
  /// When to use colours.
  enum Color: String, CaseIterable { case auto, always, never }

  /// The columns of `list`.
  var columns = ListColumn.standard
  /// The order of `list`.
  var sort = "date-"
  /// Rows of `list` on a terminal; 0 is as many as fit.
  var limit = 0
  /// Whether `list` has a second line a paper.
  var isLong = false
  /// When to use colours.
  var color = Color.auto
  /// How words of a list look that somebody wants otherwise.
  var colors: [Palette.Role: [Palette.Style]] = [:]
  /// Cells of a character of ambiguous width, 1 or 2.
  var ambiguousWidth = 1
  /// The pager; empty is none.
  var pager = "less -FRX"
  /// What opens a URL.
  var openCommand = "xdg-open"
  /// The order of the papers of a day in triage.
  var triageOrder = TriageOrder.date
  /// Whether a verdict goes to the next paper.
  var triageAdvances = true
  /// The keys of triage.
  var keys = TriageKeys.standard
  /// Views and their filters.
  var views: [String: String] = [:]
  /// The remotes: for each name the keys that are set, as in ``ConfigurationKey/remote``.
  var remotes: [String: [String: ConfigurationKey.Value]] = [:]
  /// Whether changes are synced without being asked to.
  var syncsByItself = false
  /// The files that are kept in step: for each name the keys that are set, as in
  /// ``ConfigurationKey/keep``.
  var keeps: [String: [String: ConfigurationKey.Value]] = [:]
  /// Everything that is set, by its full name.
  private(set) var settings: [String: ConfigurationKey.Value] = [:]

  /// The defaults.
  init() {}

  /// Reads a file; the defaults when it is not there.
  /// - Throws: ``Failure`` with file, line, and a suggestion.
  static func read(
    _ path: String, _ registers: Registers = .standard
  ) throws -> Configuration {
    let text: String
    do {
      text = try Files.text(path, limit: 1 << 20)
    } catch let error as FileError where [2, 20].contains(error.code) {  // ENOENT, ENOTDIR
      return Configuration()
    }
    return try Configuration(text, path: path, registers)
  }

  /// Reads the text of a file.
  init(_ text: String, path: String, _ registers: Registers = .standard) throws {
    let reader = ConfigurationReader(text: text, path: path, registers: registers)
    settings = try reader.settings()
    for (name, value) in settings { take(name, value, registers) }
    guard ListOrder.isKnown(sort) else {
      throw reader.failure("list.sort is \(ListOrder.expectation)", at: "list.sort")
    }
    try takeKeys(reader)
    for (name, settings) in remotes.sorted(by: { $0.key < $1.key }) {
      guard settings["encrypt"] == .truth(true), case .list(let formats)? = settings["publish"],
        !formats.isEmpty
      else { continue }
      throw reader.failure(
        "sync.\(name) is sealed, and what is published anybody reads who reads the folder; "
          + "keep it in a file of your own instead ([keep])", at: "sync.\(name).publish")
    }
    for (name, settings) in keeps.sorted(by: { $0.key < $1.key }) {
      let file = KeptExport.file(of: settings)
      guard file.isEmpty || file.hasPrefix("/") || file.hasPrefix("~/") else {
        // Commands run in any folder.
        throw reader.failure(
          "keep.\(name).file is a path from / or ~/ on, not “\(file)”", at: "keep.\(name).file")
      }
    }
  }

  private mutating func take(
    _ name: String, _ value: ConfigurationKey.Value, _ registers: Registers
  ) {
    switch (name, value) {
    case ("list.columns", .list(let words)):
      let known = ListColumn.all(of: registers)
      columns = words.compactMap { word in known.first { $0.name == word } }
    case ("list.sort", .text(let text)): sort = text
    case ("list.limit", .number(let number)): limit = number
    case ("list.long", .truth(let truth)): isLong = truth
    case ("ui.color", .text(let text)): color = Color(rawValue: text) ?? .auto
    case ("ui.colors", .list(let words)):
      colors = Dictionary(words.compactMap(Self.look), uniquingKeysWith: { $1 })
    case ("ui.ambiguous", .number(let number)): ambiguousWidth = number
    case ("ui.pager", .text(let text)): pager = text
    case ("open.command", .text(let text)): openCommand = text
    case ("triage.order", .text(let text)): triageOrder = TriageOrder(rawValue: text) ?? .date
    case ("triage.advance", .truth(let truth)): triageAdvances = truth
    case ("sync.auto", .truth(let truth)): syncsByItself = truth
    default: takeNamed(name, value)
    }
  }

  /// `hit=bold red`, and `hit=` for no style at all; nil for what is neither.
  static func look(_ words: String) -> (Palette.Role, [Palette.Style])? {
    let parts = words.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let role = Palette.Role(rawValue: String(parts[0])) else { return nil }
    let names = parts[1].split(separator: " ")
    let styles = names.compactMap { name in Palette.Style.allCases.first { $0.name == name } }
    return styles.count == names.count ? (role, styles) : nil
  }

  /// `[keys]`: two verbs of one key are refused.
  private mutating func takeKeys(_ reader: ConfigurationReader) throws {
    var changes: [TriageVerb: [Key]] = [:]
    for verb in TriageVerb.allCases {
      switch settings[verb.settingName] {
      case .text(let name): changes[verb] = [Key(name: name)].compactMap(\.self)
      case .list(let names): changes[verb] = names.compactMap { Key(name: $0) }
      default: break
      }
    }
    guard !changes.isEmpty else { return }
    do {
      keys = try TriageKeys(changing: changes)
    } catch {
      let (first, second) = (error.verbs[0], error.verbs[1])
      let set = changes[second] == nil ? first : second
      let other = set == first ? second : first
      let usual = changes[other] == nil ? ", by default" : ""
      throw reader.failure(
        "\(set.settingName) is “\(error.key.name)”, and so is \(other.settingName)\(usual); "
          + "a key does one thing", at: set.settingName)
    }
  }

  private mutating func takeNamed(_ name: String, _ value: ConfigurationKey.Value) {
    if name.hasPrefix("views."), case .text(let filter) = value {
      views[String(name.dropFirst(6))] = filter
    }
    guard let first = name.firstIndex(of: "."), let last = name.lastIndex(of: "."), first < last
    else { return }
    let (table, key) = (name[name.index(after: first)..<last], name[name.index(after: last)...])
    switch name[..<first] {
    case "sync": remotes[String(table), default: [:]][String(key)] = value
    case "keep": keeps[String(table), default: [:]][String(key)] = value
    default: break
    }
  }
}

/// Walks the tables of config.toml and checks every key and value.
struct ConfigurationReader {
  /// The file's text.
  let text: String
  /// The file, for complaints.
  let path: String
  /// What papers can be asked for.
  let registers: Registers

  /// Every key that is set, by its full name.
  /// - Throws: ``Failure``
  func settings() throws -> [String: ConfigurationKey.Value] {
    var settings: [String: ConfigurationKey.Value] = [:]
    for (section, value) in try table() {
      guard let table = value.table else { throw unknown(section, among: Self.sections) }
      switch section {
      case "views":
        for (name, value) in table {
          let full = "views." + name
          settings[full] = try checked(value, Self.view, full)
        }
      case "sync":
        try takeTables(table, section, ConfigurationKey.remote, into: &settings)
      case "keep": try takeTables(table, section, ConfigurationKey.keep, into: &settings)
      case _ where Self.sections.contains(section):
        try take(table, section, keys(of: section), into: &settings)
      default: throw unknown(section, among: Self.sections)
      }
    }
    return settings
  }

  private static let sections = ["list", "ui", "open", "triage", "keys", "views", "sync", "keep"]
  private static let view = ConfigurationKey(
    name: "a view", kind: .text, standard: "", about: "A filter with a name, used as @NAME.")

  private func table() throws -> TOMLTable {
    do {
      return try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw Failure(
        .configuration,
        "\(path):\(error.source.begin.line): \(Self.oneLine(error.description))",
        advice: "mend it with `shelf config edit`")
    }
  }

  private static func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).first.map(String.init) ?? "it is no TOML"
  }

  private func take(
    _ table: TOMLTable, _ section: String, _ keys: [ConfigurationKey],
    into settings: inout [String: ConfigurationKey.Value]
  ) throws {
    for (name, value) in table {
      guard let key = keys.first(where: { $0.name == name }) else {
        throw unknown(section + "." + name, among: keys.map { section + "." + $0.name })
      }
      settings[section + "." + name] = try checked(value, key, section + "." + name)
    }
  }

  /// Those below `[section]` with a fixed name, without that of the section.
  private func keys(of section: String) -> [ConfigurationKey] {
    ConfigurationKey.all(of: registers).filter { $0.name.hasPrefix(section + ".") }
      .map { key in
        var key = key
        key.name = String(key.name.dropFirst(section.utf8.count + 1))
        return key
      }
  }

  /// A section of keys of its own, and of tables that a person names.
  private func takeTables(
    _ table: TOMLTable, _ section: String, _ named: [ConfigurationKey],
    into settings: inout [String: ConfigurationKey.Value]
  ) throws {
    let own = keys(of: section)
    for (name, value) in table {
      let full = section + "." + name
      if let keys = value.table {
        try take(keys, full, named, into: &settings)
      } else if let key = own.first(where: { $0.name == name }) {
        settings[full] = try checked(value, key, full)
      } else if Spelling.closest(to: name, among: own.map(\.name)) != nil {
        throw unknown(full, among: own.map { section + "." + $0.name })
      } else {
        throw failure("\(full) is a table of its own: [\(full)]", at: full)
      }
    }
  }

  private func checked(
    _ value: any TOMLValueConvertible, _ key: ConfigurationKey, _ full: String
  ) throws -> ConfigurationKey.Value {
    let found = Self.value(value)
    guard let complaint = key.complaint(about: found) else { return found }
    throw failure(full + complaint.dropFirst(key.name.count), at: full)
  }

  private static func value(_ value: any TOMLValueConvertible) -> ConfigurationKey.Value {
    if let text = value.string { return .text(text) }
    if value.type == .bool, let truth = value.bool { return .truth(truth) }
    if value.type == .int, let number = value.int { return .number(number) }
    guard let array = value.array else { return .other }
    let words = array.compactMap(\.string)
    return words.count == array.count ? .list(words) : .other
  }

  // MARK: Complaints

  private func unknown(_ name: String, among known: [String]) -> Failure {
    var failure = failure("there is no key “\(name)”", at: name)
    failure.advice =
      Self.nearest(name, among: known).map { "did you mean “\($0)”?" }
      ?? "`shelf config list` prints all keys"
    return failure
  }

  /// The nearest key: by its whole name, or, under another section, by its last part.
  private static func nearest(_ name: String, among known: [String]) -> String? {
    let all = known + ConfigurationKey.all.map(\.name)
    if let near = Spelling.closest(to: name, among: all) { return near }
    let last = name.split(separator: ".").last.map(String.init) ?? name
    return ConfigurationKey.all.map(\.name).first { $0.hasSuffix("." + last) }
  }

  /// A complaint about a key, with the line it stands on.
  func failure(_ message: String, at name: String) -> Failure {
    let place = line(of: name).map { "\(path):\($0)" } ?? path
    return Failure(
      .configuration, "\(place): \(message)", advice: "mend it with `shelf config edit`")
  }

  /// The line on which a key is set. The library does not tell it, so the last part of the key's
  /// name is looked for at the beginning of a line below its section's heading.
  private func line(of name: String) -> Int? {
    var section = ""
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.filter { !$0.isWhitespace && $0 != "\"" }
      if line.hasPrefix("[") {
        section = String(line.dropFirst().prefix { $0 != "]" })
        if section == name { return index + 1 }
      } else if let equals = line.firstIndex(of: "=") {
        let key = String(line[..<equals])
        let full = section.isEmpty ? key : section + "." + key
        if full == name || full.hasPrefix(name + ".") { return index + 1 }
      }
    }
    return nil
  }
}
