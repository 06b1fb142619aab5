import ArgumentParser
import Changes
import Filters
import Papers

/// What is wrong with a command line that the argument parser does not take: what, why, and the
/// command that was most likely meant, filled in.
///
/// The parser tells the words of its complaint, and no more. So the words are walked here once
/// more, along ``CommandOutline``; what is not found that way keeps the parser's own words.
struct ParserComplaint {
  private let typed: TypedCommand
  private let outline: CommandOutline
  private let words: FilterVocabulary

  /// - Parameter words: the command line, the verb first.
  init(_ words: [String], _ registers: Registers = .standard) throws {
    typed = TypedCommand(words)
    outline = try typed.outline()
    self.words = registers.vocabulary
  }

  /// The complaint.
  /// - Parameter parser: what the parser says, its first line.
  func failure(_ parser: String) -> Failure {
    if let failure = wrongChild() { return failure }
    var surplus: [Int] = []
    var taken = 0
    var index = 0
    let rest = typed.rest
    while index < rest.count {
      let word = rest[index]
      if word == "--" {
        surplus += (index + 1..<rest.count).dropFirst(max(0, room - taken))
        taken += rest.count - index - 1
        break
      }
      guard word.hasPrefix("-"), word != "-" else {
        if taken >= room { surplus.append(index) }
        taken += 1
        index += 1
        continue
      }
      let name = String(word.prefix { $0 != "=" })
      guard let option = outline.option(name) else { return unknown(index) }
      if option.kind == .flag || name != word {
        index += 1
        continue
      }
      if let failure = missingValue(of: option, at: index) { return failure }
      index += 2
    }
    if !surplus.isEmpty { return tooMany(surplus) }
    let missing = outline.positionals.dropFirst(taken).filter { !$0.isOptional }
    return missing.isEmpty ? other(parser) : tooFew(Array(missing))
  }

  /// How many words the command takes.
  private var room: Int {
    outline.positionals.contains(where: \.isRepeating) ? .max : outline.positionals.count
  }

  private var takesFilter: Bool {
    outline.positionals.contains { ["filter", "words"].contains($0.value) }
  }

  private var verb: String { (["shelf"] + typed.path).joined(separator: " ") }
  private var help: String { "`\(verb) --help` says what it takes" }

  private func refused(_ what: String, _ advice: String?) -> Failure {
    Failure(.usage, what, details: [outline.usage(typed.path)], advice: advice ?? help)
  }

  // MARK: A command that is nothing without another

  private func wrongChild() -> Failure? {
    let children = typed.children
    guard !children.isEmpty, typed.command.configuration.defaultSubcommand == nil,
      let word = typed.rest.first, !word.hasPrefix("-")
    else { return nil }
    let verbs = children.map { "`\(verb) \($0)`" }
    let failure = { (advice: String) in
      Failure(.usage, "there is no `\(verb) \(word)`", advice: advice)
    }
    if let child = Habits.child(word, of: children) {
      return failure(TypedCommand.line(typed.path + [child], Array(typed.rest.dropFirst())))
    }
    if let line = papersFirst() {
      return Failure(.usage, "`\(verb)` needs to know what to do", advice: line)
    }
    if let near = Spelling.closest(to: word, among: children) {
      return failure("did you mean `\(verb) \(near)`?")
    }
    return failure("there are " + Words.any(of: verbs).replacing(" or ", with: " and "))
  }

  /// `tag 26507 llm` and `note 26507 "text"`: the verb in between was left out.
  private func papersFirst() -> String? {
    let rest = typed.rest.filter { !$0.hasPrefix("-") }
    let papers = rest.filter(FilterParser.looksLikeID)
    let others = rest.filter { !FilterParser.looksLikeID($0) }
    switch (typed.path, papers.isEmpty) {
    case (["tag"], _) where rest.count >= 2:
      let tags = papers.isEmpty ? [rest[0]] : others.filter { Tag(typed: Self.plain($0)) != nil }
      let which = rest.filter { !tags.contains($0) }
      let names = tags.map(Self.plain).joined(separator: ",")
      return Programs.line(["shelf", "tag", "add", names.isEmpty ? "TAG" : names] + which)
    case (["note"], false):
      let text = others.joined(separator: " ")
      return Programs.line(
        ["shelf", "note", "add", papers[0]] + (text.isEmpty ? [] : ["-m", text]))
    default: return nil
    }
  }

  private static func plain(_ tag: String) -> String {
    String(tag.drop { $0 == "+" || $0 == "#" })
  }

  // MARK: Options

  private func unknown(_ index: Int) -> Failure {
    let word = typed.rest[index]
    let what = "`\(verb)` has no option \(word.prefix { $0 != "=" })"
    if let line = OptionHabit(typed, outline, words, at: index).meant {
      return refused(what, line)
    }
    // Without the dashes, which would make any two short names look alike.
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" })
    let names = outline.options.flatMap(\.names)
    let near = Spelling.closest(to: name, among: names.map { String($0.drop { $0 == "-" }) })
    let option = near.flatMap { near in names.first { $0.drop { $0 == "-" } == near } }
    return refused(what, option.map { "did you mean \($0)?" })
  }

  private func missingValue(of option: CommandOutline.Argument, at index: Int) -> Failure? {
    let name = typed.rest[index]
    let value = typed.rest.dropFirst(index + 1).first
    let kind = option.value.uppercased()
    guard let value, !value.hasPrefix("-") || value == "-" else {
      let bare = value.map { String($0.drop { $0 == "-" }) } ?? ""
      if option.value == "key", ListOrder.isKnown(bare), !bare.isEmpty {
        return refused(
          "\(name): the minus stands behind the key", instead(index, 2, [name, bare + "-"]))
      }
      if option.value == "n", Int(bare) != nil {
        return refused("\(name) is a number from 1 on, not -\(bare)", nil)
      }
      if option.value == "key" {
        return refused("\(name) needs a \(kind) behind it: \(ListOrder.expectation)", nil)
      }
      return refused("\(name) needs a \(kind) behind it", nil)
    }
    guard option.value == "n", Int(value) == nil else { return nil }
    return refused("\(name) is a number, not “\(value)”", nil)
  }

  /// The command line with some of its words replaced.
  private func instead(_ index: Int, _ count: Int, _ words: [String]) -> String {
    typed.line(
      Array(typed.rest[..<index]) + words
        + typed.rest.dropFirst(min(index + count, typed.rest.count)))
  }

  // MARK: Words

  private func tooMany(_ surplus: [Int]) -> Failure {
    let rest = typed.rest
    let first = rest[surplus[0]]
    let what =
      outline.positionals.isEmpty
      ? "`\(verb)` takes no “\(first)”" : "`\(verb)` takes no second word: “\(first)”"
    if outline.option("--message") != nil {
      let text = surplus.map { rest[$0] }.joined(separator: " ")
      let left = rest.indices.filter { !surplus.contains($0) }.map { rest[$0] }
        .filter { $0 != "--" }
      return refused("the text of a note stands behind -m", typed.line(left + ["-m", text]))
    }
    if outline.option("--since") != nil, surplus.count == 1 {
      return refused(what, instead(surplus[0], 1, ["--since", first]))
    }
    return refused(what, nil)
  }

  private func tooFew(_ missing: [CommandOutline.Argument]) -> Failure {
    let names = missing.map { $0.value.uppercased() }.joined(separator: " and ")
    let about = missing[0].abstract.isEmpty ? "" : ": " + Self.lowered(missing[0].abstract)
    return refused("`\(verb)` needs \(names)\(about)", nil)
  }

  private static func lowered(_ sentence: String) -> String {
    let text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    let second = text.dropFirst().first
    return second?.isLowercase == true || second == " "
      ? text.prefix(1).lowercased() + text.dropFirst() : text
  }

  private func other(_ parser: String) -> Failure {
    if let argument = outline.positionals.first(where: { $0.value == "n" }), !argument.isRepeating,
      let word = typed.rest.first(where: { !$0.hasPrefix("-") }), Int(word) == nil
    {
      return refused("`\(verb)` takes a number, not “\(word)”", nil)
    }
    return refused(Self.lowered(parser), nil)
  }
}
