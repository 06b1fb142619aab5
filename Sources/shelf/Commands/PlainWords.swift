/// The words of a plain command line: each option a word of its own and its value the next one.
///
/// They are read without the parser. That one looks at the properties of a verb through `Mirror`,
/// and asks Swift's runtime some forty times whether a type conforms to a protocol; each new
/// question walks through all conformances of the binary: twice the instructions of `shelf list`.
/// Whatever is not plain, and every mistake, is left to the parser. How each verb is read is made
/// from what the parser knows of it (PlainVerbs.swift), and CommandTreeTests compare what both
/// read.
struct PlainWords {
  /// What a verb takes: all names of each option with a value and of each flag. The first of them
  /// stands for the others.
  struct Names {
    let options: [[String]]
    let flags: [[String]]
  }

  /// The words that are no options and not yet read.
  private var values: ArraySlice<String>
  private var flags: [String] = []
  private var options: [(name: String, value: String)] = []

  /// Nil when there is an option that is not one of `names`, that lacks its value, or is there
  /// twice.
  init?(_ words: ArraySlice<String>, _ names: Names) {
    var words = words
    values = []
    while let word = words.popFirst() {
      // `-` alone is standard input.
      guard word.utf8.first == UInt8(ascii: "-"), word != "-" else {
        values.append(word)
        continue
      }
      if let flag = names.flags.first(where: { $0.contains(word) })?.first {
        flags.append(flag)
        continue
      }
      guard let option = names.options.first(where: { $0.contains(word) })?.first,
        self.option(option) == nil, let value = words.popFirst(),
        value.utf8.first != UInt8(ascii: "-")
      else { return nil }
      options.append((option, value))
    }
  }

  /// Whether every word was read.
  var isAtEnd: Bool { values.isEmpty }

  /// The next word that is no option.
  mutating func next() -> String? { values.popFirst() }

  /// The next word as a number, or the one that stands for none; nil when it is no number.
  mutating func nextNumber(_ none: Int) -> Int? { next().map { Int($0) } ?? none }

  /// All words that are left.
  mutating func rest() -> [String] {
    defer { values = [] }
    return Array(values)
  }

  /// The value of an option, nil where it is not there.
  func option(_ name: String) -> String? { options.first { $0.name == name }?.value }

  /// The value of an option as a number, which may not be there; nil when it is no number.
  func number(_ name: String) -> Int?? {
    guard let text = option(name) else { return .some(nil) }
    guard let number = Int(text) else { return .none }
    return .some(number)
  }

  /// Whether a flag is there.
  func flag(_ name: String) -> Bool { flags.contains(name) }
}

/// A verb that can be read from plain words.
protocol PlainVerb: Verb {
  /// What it takes.
  static var plainNames: PlainWords.Names { get }
  /// The verb, every property set, as the parser would; nil where that one has to complain.
  init?(_ words: inout PlainWords)
}

extension PlainVerb {
  /// The verb of these words, if they are plain.
  static func read(_ words: ArraySlice<String>) -> Self? {
    guard var plain = PlainWords(words, plainNames), let verb = Self(&plain), plain.isAtEnd else {
      return nil
    }
    return verb
  }
}

extension CommandTree {
  /// The verbs that are read from plain words. What comes after a verb's words is its own: a verb
  /// stands behind those that begin with its words.
  static let plainVerbs: [(words: [String], verb: any PlainVerb.Type)] = [
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
