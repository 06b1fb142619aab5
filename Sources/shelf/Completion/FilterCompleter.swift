import Filters
import Papers

/// Words of a filter at the cursor: tags, views, fields, their values, papers.
struct FilterCompleter {
  private let library: LibraryNames
  private let withTitles: Bool

  init(_ library: LibraryNames, withTitles: Bool) {
    self.library = library
    self.withTitles = withTitles
  }

  /// What a word of a filter may become.
  /// - Parameters:
  ///   - typed: what is there of it.
  ///   - writes: the command needs a filter, and `all` says everything.
  func candidates(_ typed: String, writes: Bool) throws -> [Completion.Candidate] {
    // Parentheses stand before the word that they belong to.
    let lead = String(typed.prefix { $0 == "(" })
    let word = String(typed.dropFirst(lead.count))
    let found = try self.word(word, writes: writes)
    guard !lead.isEmpty else { return found }
    return found.map { .init(text: lead + $0.text, about: $0.about, isOpen: $0.isOpen) }
  }

  private func word(_ word: String, writes: Bool) throws -> [Completion.Candidate] {
    if word.hasPrefix("+") {
      return try library.tags(String(word.dropFirst())).map { .init(text: "+" + $0) }
    }
    if word.hasPrefix("@") { return try views() }
    if let values = try fieldValues(word) { return values }
    var found: [Completion.Candidate] = []
    if word.isEmpty {
      found += try library.tags("").prefix(40).map { .init(text: "+" + $0) }
      found += try views()
    }
    found += library.vocabulary.fields.map { field in
      .init(
        text: field.name + ":", about: library.vocabulary.explanation(of: field), isOpen: true)
    }
    if writes { found.append(.init(text: "all", about: "every paper")) }
    if !word.isEmpty { found += try library.papers(word) }
    return found
  }

  private func views() throws -> [Completion.Candidate] {
    try library.views().map { .init(text: "@" + $0.text, about: $0.about) }
  }

  // MARK: field:value

  /// Values behind `field:`, `status=read,`; nil where no field stands before the cursor.
  private func fieldValues(_ word: String) throws -> [Completion.Candidate]? {
    let name = String(word.prefix { $0.isASCII && $0.isLetter })
    guard let field = library.vocabulary.field(name) else { return nil }
    let operators = FilterOperator.allCases.map(\.rawValue).sorted { $0.count > $1.count }
    let rest = word.dropFirst(name.count)
    guard let op = operators.first(where: { rest.hasPrefix($0) }) else { return nil }
    let value = rest.dropFirst(op.count)
    // The last of several: `read,skipped`, `unread..read`.
    let comma = value.lastIndex(of: ",").map { value.index(after: $0) }
    let dots = value.ranges(of: "..").last?.upperBound
    let start = max(comma ?? value.startIndex, dots ?? value.startIndex)
    let done = String(word[..<start])
    return try values(of: field, String(word[start...])).map {
      .init(text: done + $0.text, about: $0.about)
    }
  }

  private func values(
    of field: FilterField, _ typed: String
  ) throws -> [Completion.Candidate] {
    func words(_ words: [String]) -> [Completion.Candidate] { words.map { .init(text: $0) } }
    switch field.kind {
    case .traits: return words(library.vocabulary.names(of: field))
    case .ordered(let names): return words(names.map(\.word))
    case .tag: return words(try library.tags(typed)) + words(["none", "any"])
    case .days:
      return words(["today", "yesterday", "7d", "2w", "3mo"]) + words(try library.days())
    case .number, .words, .text: break
    }
    switch field {
    case .source: return words(try library.series())
    case .digest:
      return try library.digests().map { .init(text: $0) }
    case .id: return try library.papers(typed)
    default: return words(["none", "any"])
    }
  }
}
