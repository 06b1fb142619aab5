import Filters

/// `-video` where there is no such option, as other searches have it: `not video`.
///
/// Only where nothing is written, and where the word is not near an option: whoever mistypes one is
/// told so, and is not answered by what they did not ask.
enum NegatedWords {
  /// The command line with `not WORD` in the place of each `-WORD`; nil where there is none, or
  /// where it is not to be read so.
  static func read(_ words: [String]) -> [String]? {
    let typed = TypedCommand(words)
    guard let outline = try? typed.outline(), outline.option("--dry-run") == nil,
      outline.positionals.contains(where: { $0.isRepeating && $0.value != "id" })
    else { return nil }
    var out = typed.path
    var isNegated = false
    var rest = typed.rest[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("-"), word != "-" else {
        out.append(word)
        continue
      }
      if word == "--" { return nil }
      if let option = outline.option(String(word.prefix { $0 != "=" })) {
        out.append(word)
        if option.kind == .option, !word.contains("="), let value = rest.popFirst() {
          out.append(value)
        }
        continue
      }
      guard isWord(word, outline) else { return nil }
      out += ["not", String(word.dropFirst())]
      isNegated = true
    }
    return isNegated ? out : nil
  }

  private static func isWord(_ word: String, _ outline: CommandOutline) -> Bool {
    let name = String(word.dropFirst())
    guard !name.hasPrefix("-"), name.count >= 3, name.first?.isNumber == false else { return false }
    let options = outline.options.flatMap(\.names).map { String($0.drop { $0 == "-" }) }
    // What other programs take as an option: `-tag rl`, `-since 7d`.
    let habits = [
      "tag", "tags", "label", "since", "after", "from", "until", "before", "to", "view",
    ]
    return !options.contains(name) && !habits.contains(name)
      && Spelling.closest(to: name, among: options) == nil
  }
}
