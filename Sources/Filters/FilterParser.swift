import Papers

/// Reads the filter grammar of the command line:
///
///     filter = or ;   or = and { ("or" | "|") and } ;   and = not { ["and"] not } ;
///     not    = ["not"] prim ;
///     prim   = "(" or ")" | "@"view | "+"tag | field op value | id | "phrase" | word | "all" ;
///
/// What people bring from elsewhere means what they mean: `AND`, `OR`, `NOT`; `-x` is `not x`,
/// `#tag` is `+tag`; a word that ends in a colon is a word; a sign alone among words says nothing.
///
/// Pure: ids, views and rows of a listing are looked up later, when the filter meets a library. The
/// parser is linear, bounded in depth, and never traps.
package struct FilterParser {
  /// The longest filter, characters: more than a command line can hold.
  package static let maximumLength = 8_000_000
  /// The deepest nesting of parentheses and `not`.
  package static let maximumDepth = 100

  private let source: String
  private let text: [Character]
  private let today: PaperDate
  private let vocabulary: FilterVocabulary
  private var tokens: [Token] = []
  private var position = 0
  private var depth = 0

  /// Parses `text`, composed (NFC) first. An empty text is ``Filter/all``.
  /// - Parameters:
  ///   - today: the day that `today`, `7d` and the like count from.
  ///   - vocabulary: what can be asked.
  package static func parse(
    _ text: String, today: PaperDate, vocabulary: FilterVocabulary
  ) throws(FilterError) -> Filter {
    var parser = FilterParser(text, today: today, vocabulary: vocabulary)
    try parser.tokenize()
    guard !parser.tokens.isEmpty else { return .all }
    let filter = try parser.or()
    guard parser.position == parser.tokens.count else {
      throw parser.failure(.unbalanced, at: parser.tokens[parser.position].range)
    }
    return filter
  }

  /// Parses the words of a person, among which a title may be pasted: where they make no sense as a
  /// filter, are three or more, and none of them can only be a condition, they are words to look
  /// for.
  package static func parse(
    forgiving text: String, today: PaperDate, vocabulary: FilterVocabulary
  ) throws(FilterError) -> Filter {
    do {
      return try parse(text, today: today, vocabulary: vocabulary)
    } catch {
      let words = text.composed.split(whereSeparator: \.isWhitespace)
      let isTitle = words.allSatisfy { isTitleWord($0, vocabulary) }
      let sought = words.map(String.init).filter(SearchTokens.hasAny)
      guard isTitle, sought.count >= 3, text.count <= maximumLength else { throw error }
      return .and(sought.map { .text($0.hasSuffix("*") ? String($0.dropLast()) : $0) })
    }
  }

  /// A pasted title that has an `and`, `or` or `not` in it, as what it may be as well: words to
  /// look for. Nil where no such word is in it, or anything that can only be a condition, or fewer
  /// than four words.
  package static func title(_ text: String, vocabulary: FilterVocabulary) -> Filter? {
    let words = text.composed.split(whereSeparator: \.isWhitespace)
    guard words.count >= 4,
      words.contains(where: { ["and", "or", "not", "all"].contains($0.lowercased()) }),
      words.allSatisfy({ isTitleWord($0, vocabulary) })
    else { return nil }
    let sought = words.map(String.init).filter(SearchTokens.hasAny)
    return sought.isEmpty ? nil : .and(sought.map { .text($0) })
  }

  /// Whether a word may stand in a title: it is none that can only be a condition.
  private static func isTitleWord(_ whole: Substring, _ vocabulary: FilterVocabulary) -> Bool {
    let word = whole.drop { "(-!".contains($0) }
    if "+@%#".contains(word.first ?? "x"), word.count > 1 { return false }
    guard let (name, _, value) = splitField(Array(word)) else { return true }
    return value == word.count || !isMeant(name, vocabulary)
  }

  /// Whether the name of a field is one, or nearly one.
  private static func isMeant(_ name: String, _ vocabulary: FilterVocabulary) -> Bool {
    vocabulary.field(name) != nil
      || Spelling.closest(to: name, among: vocabulary.fields.map(\.name)) != nil
  }

  /// One filter text from the words of a command line. A word with white space in it was quoted in
  /// the shell: plain words become a phrase again, `field:two words` keeps its value whole, and
  /// anything else is a piece of filter as it stands.
  package static func join(arguments: [String], vocabulary: FilterVocabulary) -> String {
    arguments.map { argument in
      guard argument.contains(where: \.isWhitespace), !argument.contains("\"") else {
        return argument
      }
      let words = argument.split(whereSeparator: \.isWhitespace)
      if words.allSatisfy({ isPlain($0, vocabulary) }) {
        return "\"" + argument.split(separator: "\\").joined(separator: " ") + "\""
      }
      if words.dropFirst().allSatisfy({ isPlain($0, vocabulary) }), let first = words.first,
        let (name, op, _) = splitField(Array(first)), vocabulary.field(name) != nil
      {
        let head = name + op.rawValue
        return head + "\"" + argument.dropFirst(head.count) + "\""
      }
      return argument
    }.joined(separator: " ")
  }

  private static func isPlain(_ word: Substring, _ vocabulary: FilterVocabulary) -> Bool {
    if ["and", "or", "not", "AND", "OR", "NOT", "|"].contains(word) { return false }
    if let first = word.first, "+@(#-".contains(first), word.count > 1 { return false }
    guard !word.hasSuffix(")") else { return false }
    guard let (name, _, value) = splitField(Array(word)) else { return true }
    return value == word.count || !isMeant(name, vocabulary)
  }

  // MARK: Tokens

  private enum Lexeme: Hashable {
    case open, close, and, or, not
    case quoted(String)
    /// A word, its quoted parts already without quotes; `quotedFrom` is where the first quote was.
    case word([Character], quotedFrom: Int?)
  }

  private struct Token {
    var lexeme: Lexeme
    var range: FilterRange
  }

  private mutating func tokenize() throws(FilterError) {
    guard text.count <= Self.maximumLength else {
      throw failure(.tooLong(limit: Self.maximumLength), at: FilterRange(start: 0, length: 1))
    }
    var index = 0
    while index < text.count {
      if text[index].isWhitespace {
        index += 1
      } else if text[index] == "(" || text[index] == ")" || text[index] == "|" {
        let lexeme: Lexeme = text[index] == "(" ? .open : text[index] == ")" ? .close : .or
        tokens.append(Token(lexeme: lexeme, range: FilterRange(start: index, length: 1)))
        index += 1
      } else {
        index = try word(from: index)
      }
    }
    dropBareSigns()
  }

  /// A dash or an ampersand between words says nothing; alone it is still told to be no word.
  private mutating func dropBareSigns() {
    func isSign(_ token: Token) -> Bool {
      guard case .word(let word, quotedFrom: nil) = token.lexeme else { return false }
      return (word.count == 1 || !"+@%#".contains(word[0])) && !SearchTokens.hasAny(String(word))
    }
    func isWord(_ token: Token) -> Bool {
      switch token.lexeme {
      case .word, .quoted: !isSign(token)
      default: false
      }
    }
    guard tokens.contains(where: isWord), tokens.contains(where: isSign) else { return }
    tokens.removeAll(where: isSign)
  }

  /// Takes the word that starts at `start`; returns where it ends. A closing parenthesis ends a
  /// word unless the word opened it.
  private mutating func word(from start: Int) throws(FilterError) -> Int {
    var index = start
    var out: [Character] = []
    var quotedFrom: Int?
    var open = 0
    scan: while index < text.count {
      switch text[index] {
      case "\"":
        quotedFrom = quotedFrom ?? out.count
        index = try quoted(from: index, into: &out)
        continue
      case "(": open += 1
      case ")":
        guard open > 0 else { break scan }
        open -= 1
      case let character where character.isWhitespace: break scan
      default: break
      }
      out.append(text[index])
      index += 1
    }
    let range = FilterRange(start: start, length: index - start)
    tokens.append(Token(lexeme: Self.lexeme(out, quotedFrom), range: range))
    return index
  }

  private func quoted(from start: Int, into out: inout [Character]) throws(FilterError) -> Int {
    var index = start + 1
    while index < text.count, text[index] != "\"" {
      if text[index] == "\\", index + 1 < text.count { index += 1 }
      out.append(text[index])
      index += 1
    }
    guard index < text.count else {
      throw failure(.unclosedQuote, at: FilterRange(start: start, length: text.count - start))
    }
    return index + 1
  }

  private static func lexeme(_ word: [Character], _ quotedFrom: Int?) -> Lexeme {
    if quotedFrom == 0 { return .quoted(String(word)) }
    guard quotedFrom == nil else { return .word(word, quotedFrom: quotedFrom) }
    // A word of a title may begin with a capital.
    switch String(word).lowercased() {
    case "and": return .and
    case "or": return .or
    case "not": return .not
    default: return .word(word, quotedFrom: nil)
    }
  }

  // MARK: Grammar

  private mutating func or() throws(FilterError) -> Filter {
    var parts = [try and()]
    while position < tokens.count, tokens[position].lexeme == .or {
      position += 1
      parts.append(try and())
    }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func and() throws(FilterError) -> Filter {
    var parts = [try not()]
    while position < tokens.count {
      let lexeme = tokens[position].lexeme
      if lexeme == .or || lexeme == .close { break }
      if lexeme == .and { position += 1 }
      parts.append(try not())
    }
    return parts.count == 1 ? parts[0] : .and(parts)
  }

  private mutating func not() throws(FilterError) -> Filter {
    var negated = false
    while position < tokens.count, tokens[position].lexeme == .not {
      negated.toggle()
      position += 1
    }
    let filter = try primary()
    return negated ? .not(filter) : filter
  }

  private mutating func primary() throws(FilterError) -> Filter {
    guard position < tokens.count else {
      throw failure(.missingOperand(after: lastWord), at: lastRange)
    }
    let token = tokens[position]
    position += 1
    switch token.lexeme {
    case .open: return try parenthesized(token.range)
    case .quoted(let phrase): return try fullText(phrase, token.range)
    case .word(let word, let quotedFrom): return try term(word, quotedFrom, token.range)
    case .close: throw failure(.unbalanced, at: token.range)
    case .and, .or, .not: throw failure(.missingOperand(after: lastWord), at: token.range)
    }
  }

  private mutating func parenthesized(_ open: FilterRange) throws(FilterError) -> Filter {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.maximumDepth else {
      throw failure(.tooDeep(limit: Self.maximumDepth), at: open)
    }
    let inner = try or()
    guard position < tokens.count, tokens[position].lexeme == .close else {
      throw failure(.unbalanced, at: open)
    }
    position += 1
    return inner
  }

  private func term(
    _ word: [Character], _ quotedFrom: Int?, _ range: FilterRange
  ) throws(FilterError) -> Filter {
    let whole = String(word)
    if whole == "all" { return .all }
    if word.first == "@" { return .view(String(word.dropFirst()), range) }
    if word.first == "+" { return .tag(try tag(String(word.dropFirst()), range)) }
    if word.first == "#", quotedFrom == nil, let tag = Tag(String(word.dropFirst())) {
      return .tag(tag)
    }
    if word.first == "-", word.count > 1, quotedFrom != 0 {
      return .not(try term(Array(word.dropFirst()), quotedFrom.map { $0 - 1 }, range))
    }
    if quotedFrom == nil, word.first == "!" { try checkNegation(word, range) }
    if quotedFrom == nil, word.first == "%" { return try rows(whole, range) }
    if quotedFrom == nil, Self.looksLikeID(whole) { return .id(whole, range) }
    if let (name, op, value) = Self.splitField(Array(word[..<(quotedFrom ?? word.count)])) {
      let values = FilterValueReader(
        source: source, today: today, range: range, isQuoted: quotedFrom != nil,
        vocabulary: vocabulary)
      let rest = String(word[value...])
      // `Title: a subtitle` is pasted.
      if rest.isEmpty, quotedFrom == nil, op == .matches, position < tokens.count {
        return try fullText(name, range)
      }
      return try values.comparison(name, op, rest)
    }
    return try fullText(whole, range)
  }

  /// `!is:read` is a condition of other programs; `Surprise!` and `!important` are words.
  private func checkNegation(_ word: [Character], _ range: FilterRange) throws(FilterError) {
    let rest = Array(word.drop { $0 == "!" })
    let isCondition =
      Self.splitField(rest).map { vocabulary.field($0.0) != nil && $0.2 < rest.count }
      ?? (rest.count > 1 && "+@".contains(rest[0]))
    guard isCondition else { return }
    throw FilterError(
      kind: .badNegation(String(word)), text: source, range: range,
      suggestion: "not " + String(rest))
  }

  private func fullText(_ phrase: String, _ range: FilterRange) throws(FilterError) -> Filter {
    guard SearchTokens.hasAny(phrase) else {
      throw failure(.nothingToSearch(phrase), at: range)
    }
    return .text(phrase)
  }

  private func tag(_ name: String, _ range: FilterRange) throws(FilterError) -> Tag {
    guard let tag = Tag(name) else { throw failure(.badTag(name), at: range) }
    return tag
  }

  /// `name op`, and where the value starts; nil when the word is not of that form.
  static func splitField(_ word: [Character]) -> (String, FilterOperator, Int)? {
    guard let end = word.firstIndex(where: { !($0.isASCII && $0.isLetter) }), end > 0 else {
      return nil
    }
    let rest = String(word[end...].prefix(2))
    let longest = FilterOperator.allCases.filter { rest.hasPrefix($0.rawValue) }
      .max { $0.rawValue.count < $1.rawValue.count }
    guard let op = longest else { return nil }
    return (String(word[..<end]), op, end + op.rawValue.count)
  }

  private func rows(_ word: String, _ range: FilterRange) throws(FilterError) -> Filter {
    guard let names = RowName.all(in: word) else { throw failure(.badRow(word), at: range) }
    return names.count == 1 ? .id(names[0], range) : .or(names.map { .id($0, range) })
  }

  /// The bare numbers of one to four digits among the words of a filter: they may be meant as rows,
  /// or as the end of an id.
  package static func bareNumbers(
    in text: String, today: PaperDate, vocabulary: FilterVocabulary
  ) throws(FilterError) -> [(number: String, range: FilterRange)] {
    var parser = FilterParser(text, today: today, vocabulary: vocabulary)
    try parser.tokenize()
    return parser.tokens.compactMap { token in
      guard case .word(let word, quotedFrom: nil) = token.lexeme, word.count <= 4,
        word.allSatisfy({ $0.isASCII && $0.isNumber })
      else { return nil }
      return (String(word), token.range)
    }
  }

  /// Words that can only mean a paper: `%3`, links, arXiv ids, DOIs, and five digits, which is the
  /// second half of an arXiv id.
  package static func looksLikeID(_ word: String) -> Bool {
    if word.hasPrefix("%") { return RowName.all(in: word) != nil }
    for prefix in ["http://", "https://", "doi:", "url:", "arxiv:", "arXiv:"] {
      if word.hasPrefix(prefix), word != prefix { return true }
    }
    // `10.5%` is none.
    if word.hasPrefix("10."), word.contains("/") { return true }
    if word.utf8.count == 5, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return true }
    return PaperID(link: word)?.kind == .arXiv
  }

  // MARK: Errors

  private var lastRange: FilterRange { tokens.last?.range ?? FilterRange(start: 0, length: 1) }

  private var lastWord: String {
    guard position > 0, position <= tokens.count else { return "" }
    let range = tokens[min(position, tokens.count) - 1].range
    return String(text[range.start..<min(range.start + range.length, text.count)])
  }

  private func failure(_ kind: FilterError.Kind, at range: FilterRange) -> FilterError {
    FilterError(kind: kind, text: source, range: range)
  }

  private init(_ source: String, today: PaperDate, vocabulary: FilterVocabulary) {
    self.source = source.composed
    text = Array(self.source)
    self.today = today
    self.vocabulary = vocabulary
  }
}
