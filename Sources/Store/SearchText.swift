import Filters

/// Text prepared for SQLite's own tokenizer (`ascii`): the words of ``SearchWords``, each
/// folded as a query's are, so that nothing is left to the tokenizer but to part them at spaces. A
/// Chinese character is a word of its own: a word of any length, from one character, is a phrase of
/// them.
enum SearchText {
  /// The text to index, in UTF-8: as a string it would be looked through once more.
  static func index(_ text: String) -> [UInt8] { SearchWords.text(of: text) }

  /// The words a phrase of the person is made of, as an FTS5 query: `"kv 缓 存"`. Nil when there is
  /// nothing to look for in it. A `*` at the end makes the last word a beginning: of a word of the
  /// index, or, where the index has cut its ending off, that word: `training*` finds `train`.
  static func query(_ phrase: String) -> String? {
    guard phrase.hasSuffix("*") else {
      let words = SearchWords.words(of: phrase).map(\.text)
      return words.isEmpty ? nil : quoted(words)
    }
    guard let beginning = SearchWords.beginning(of: String(phrase.dropLast())) else { return nil }
    let begun = quoted(beginning.words + [beginning.begun]) + " *"
    if beginning.begun == beginning.whole { return begun }
    return "(\(begun) OR \(quoted(beginning.words + [beginning.whole])))"
  }

  private static func quoted(_ words: [String]) -> String {
    "\"" + words.joined(separator: " ") + "\""
  }
}
