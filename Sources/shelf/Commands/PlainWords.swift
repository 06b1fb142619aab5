import ArgumentParser

/// The words of a plain command line: no options but those with a value that its verb takes.
///
/// They are read without the parser. That one looks at the properties of a verb through `Mirror`,
/// and asks Swift's runtime some forty times whether a type conforms to a protocol; each new
/// question walks through all 7,800 conformances of the binary. `shelf list` took 2.4 times the
/// instructions for it. Whatever is not plain, and every mistake, is left to the parser;
/// CommandTreeTests compare what both read.
struct PlainWords {
  /// The words that are no options, in their order.
  private(set) var values: [String] = []
  /// The flags that were given.
  private(set) var flags: [String] = []
  private var options: [(name: String, value: String)] = []

  /// Nil when there is an option that is not one of `names`, that lacks its value, or is there
  /// twice, or a flag that is not one of `known`.
  init?(_ words: ArraySlice<String>, options names: [String], flags known: [String] = []) {
    var words = words
    while let word = words.popFirst() {
      // `-` alone is standard input.
      guard word.utf8.first == UInt8(ascii: "-"), word != "-" else {
        values.append(word)
        continue
      }
      if known.contains(word) {
        flags.append(word)
        continue
      }
      guard names.contains(word), self[word] == nil, let value = words.popFirst(),
        value.utf8.first != UInt8(ascii: "-")
      else { return nil }
      options.append((word, value))
    }
  }

  /// The value of an option, nil where it is not there.
  subscript(name: String) -> String? { options.first { $0.name == name }?.value }
}

/// A verb that can be read from plain words.
protocol PlainVerb: Verb {
  /// The options it takes besides `--home`.
  static var plainOptions: [String] { get }
  /// The flags it takes.
  static var plainFlags: [String] { get }
  /// The verb, every property set, as the parser would; nil where that one has to complain.
  init?(_ words: PlainWords)
}

extension PlainVerb {
  static var plainOptions: [String] { [] }
  static var plainFlags: [String] { [] }

  /// The verb of these words, if they are plain.
  static func read(_ words: ArraySlice<String>) -> Self? {
    PlainWords(words, options: ["--home"] + plainOptions, flags: plainFlags).flatMap(Self.init)
  }
}

extension CommandTree {
  /// The verbs that can be read from plain words. What comes after a verb's words is its own: a
  /// verb stands behind those that begin with its words.
  private static let plainVerbs: [(words: [String], verb: any PlainVerb.Type)] = [
    (["list"], ListCommand.self), (["search"], SearchCommand.self), (["show"], ShowCommand.self),
    (["count"], CountCommand.self), (["mark"], MarkCommand.self), (["read"], ReadCommand.self),
    (["unread"], UnreadCommand.self), (["queue"], QueueCommand.self),
    (["reading"], ReadingCommand.self), (["skip"], SkipCommand.self), (["star"], StarCommand.self),
    (["unstar"], UnstarCommand.self), (["tag", "add"], TagAdd.self),
    (["tag", "remove"], TagRemove.self), (["note", "add"], NoteAdd.self),
    (["undo"], UndoCommand.self), (["redo"], RedoCommand.self), (["stats"], StatsCommand.self),
    (["sync"], SyncRun.self), ([], Shelf.self),
  ]

  /// The verb of a plain command line; nil where the parser has to read it.
  static func plainVerb(_ words: [String]) -> (any Verb)? {
    guard let plain = plainVerbs.first(where: { words.starts(with: $0.words) }) else { return nil }
    return plain.verb.read(words[plain.words.count...])
  }
}

// MARK: What verbs share

extension HomeOptions {
  init(_ words: PlainWords) {
    self.init()
    directory = words["--home"]
  }
}

extension WriteOptions {
  /// Without any of them.
  static var plain: WriteOptions {
    var options = WriteOptions()
    (options.dryRun, options.json) = (false, false)
    return options
  }

  static let plainFlags = ["-n", "--dry-run", "--json"]

  init(_ words: PlainWords) {
    self = .plain
    dryRun = words.flags.contains { $0 == "-n" || $0 == "--dry-run" }
    json = words.flags.contains("--json")
  }
}

extension RequiredFilter {
  init(plain words: some Sequence<String>) {
    self.init()
    self.words = Array(words)
  }
}

extension RowOptions {
  static let plainOptions = ["--limit"]

  /// Nil when the limit is no number.
  init?(_ words: PlainWords) {
    self.init()
    (limit, all) = (nil, false)
    guard let text = words["--limit"] else { return }
    guard let number = Int(text) else { return nil }
    limit = number
  }
}

extension PaperOutput {
  /// The form for people.
  static var plain: PaperOutput {
    var output = PaperOutput()
    (output.flags, output.null, output.template) = ([], false, nil)
    return output
  }
}

// MARK: The verbs

extension Shelf: PlainVerb {
  init?(_ words: PlainWords) {
    guard words.values.isEmpty else { return nil }
    self.init()
    home = HomeOptions(words)
  }
}

extension ListCommand: PlainVerb {
  static var plainOptions: [String] { RowOptions.plainOptions }

  init?(_ words: PlainWords) {
    guard let rows = RowOptions(words) else { return nil }
    self.init()
    (self.words, sort, self.rows, output) = (words.values, nil, rows, .plain)
    home = HomeOptions(words)
  }
}

extension SearchCommand: PlainVerb {
  static var plainOptions: [String] { RowOptions.plainOptions }

  init?(_ words: PlainWords) {
    guard let rows = RowOptions(words) else { return nil }
    self.init()
    (self.words, self.rows, output, home) = (words.values, rows, .plain, HomeOptions(words))
  }
}

extension ShowCommand: PlainVerb {
  init?(_ words: PlainWords) {
    self.init()
    (names, output, home) = (words.values, .plain, HomeOptions(words))
  }
}

extension CountCommand: PlainVerb {
  init?(_ words: PlainWords) {
    self.init()
    (self.words, home) = (words.values, HomeOptions(words))
  }
}

extension StatsCommand: PlainVerb {
  init?(_ words: PlainWords) {
    guard words.values.isEmpty else { return nil }
    self.init()
    (json, home) = (false, HomeOptions(words))
  }
}

extension MarkCommand: PlainVerb {
  static var plainFlags: [String] { WriteOptions.plainFlags }

  init?(_ words: PlainWords) {
    guard let status = words.values.first else { return nil }
    self.init()
    (self.status, which) = (status, RequiredFilter(plain: words.values.dropFirst()))
    (write, home) = (WriteOptions(words), HomeOptions(words))
  }
}

/// A verb that takes a filter and nothing else.
protocol FilterVerb: PlainVerb {
  var which: RequiredFilter { get set }
  var write: WriteOptions { get set }
  var home: HomeOptions { get set }
}

extension FilterVerb {
  static var plainFlags: [String] { WriteOptions.plainFlags }

  init?(_ words: PlainWords) {
    self.init()
    (which, write, home) = (
      RequiredFilter(plain: words.values), WriteOptions(words), HomeOptions(words)
    )
  }
}

extension StarCommand: FilterVerb {}
extension UnstarCommand: FilterVerb {}

extension TagAdd: PlainVerb {
  static var plainFlags: [String] { WriteOptions.plainFlags }

  init?(_ words: PlainWords) {
    guard let tags = words.values.first else { return nil }
    self.init()
    (self.tags, which) = (tags, RequiredFilter(plain: words.values.dropFirst()))
    (write, home) = (WriteOptions(words), HomeOptions(words))
  }
}

extension TagRemove: PlainVerb {
  static var plainFlags: [String] { WriteOptions.plainFlags }

  init?(_ words: PlainWords) {
    guard let tags = words.values.first else { return nil }
    self.init()
    (self.tags, which) = (tags, RequiredFilter(plain: words.values.dropFirst()))
    (write, home) = (WriteOptions(words), HomeOptions(words))
  }
}

extension NoteAdd: PlainVerb {
  static var plainOptions: [String] { ["-m"] }

  init?(_ words: PlainWords) {
    guard words.values.count == 1 else { return nil }
    self.init()
    var text = NoteText()
    (text.message, text.file) = (words["-m"], nil)
    (name, self.text, write, home) = (words.values[0], text, .plain, HomeOptions(words))
  }
}

/// `undo` and `redo`.
protocol StepsVerb: PlainVerb {
  var steps: Int { get set }
  var write: WriteOptions { get set }
  var home: HomeOptions { get set }
}

extension StepsVerb {
  init?(_ words: PlainWords) {
    guard words.values.count <= 1, let steps = Int(words.values.first ?? "1") else { return nil }
    self.init()
    (self.steps, write, home) = (steps, .plain, HomeOptions(words))
  }
}

extension UndoCommand: StepsVerb {}
extension RedoCommand: StepsVerb {}

extension SyncRun: PlainVerb {
  /// With every remote: a word may be the name of one, or a verb of `sync`.
  init?(_ words: PlainWords) {
    guard words.values.isEmpty else { return nil }
    self.init()
    (name, dryRun, json, home) = (nil, false, false, HomeOptions(words))
  }
}
