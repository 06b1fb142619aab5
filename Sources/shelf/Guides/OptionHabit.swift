import Filters
import Papers

/// An option that another program has, and the words of a filter, or the option of ours, that say
/// the same: `--tag rl` is `+rl`.
struct OptionHabit {
  private let typed: TypedCommand
  private let outline: CommandOutline
  private let vocabulary: FilterVocabulary
  private let index: Int

  /// The option at a place in the words behind a command.
  init(
    _ typed: TypedCommand, _ outline: CommandOutline, _ vocabulary: FilterVocabulary, at index: Int
  ) {
    self.typed = typed
    self.outline = outline
    self.vocabulary = vocabulary
    self.index = index
  }

  /// The whole command line as it was meant; nil where nobody can tell.
  var meant: String? {
    let word = typed.rest[index]
    let name = String(word.drop { $0 == "-" }.prefix { $0 != "=" }).lowercased()
    guard !name.isEmpty else { return nil }
    let inside = word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) }
    let behind = typed.rest.dropFirst(index + 1).first.flatMap { $0.hasPrefix("-") ? nil : $0 }
    let value = inside ?? behind
    let count = inside == nil ? 2 : 1
    if let words = option(name, value) { return instead(count, words) }
    guard takesFilter else { return nil }
    if let value, let words = condition(name, value) { return instead(count, words) }
    if isTrait(name) { return instead(1, ["is:" + name]) }
    // `-video`: what other searches leave out.
    let options = outline.options.flatMap(\.names).map { String($0.drop { $0 == "-" }) }
    guard !word.hasPrefix("--"), name.count >= 2,
      name.count < 3 || Spelling.closest(to: name, among: options) == nil
    else { return nil }
    return instead(1, ["not", String(word.dropFirst())])
  }

  private var takesFilter: Bool {
    outline.positionals.contains { ["filter", "words"].contains($0.value) }
  }

  /// An option of ours that goes by another name elsewhere.
  private func option(_ name: String, _ value: String?) -> [String]? {
    let limits = ["n", "max", "max-count", "count", "top", "head", "number", "lines", "num"]
    if outline.option("--limit") != nil {
      if limits.contains(name), let value, Int(value) != nil { return ["--limit", value] }
      // `-5`, as head and tail have it.
      if Int(name) != nil { return ["--limit", name] + (value.map { [$0] } ?? []) }
    }
    let orders = ["order", "order-by", "orderby", "sort-by", "sortby", "s", "o"]
    if outline.option("--sort") != nil, orders.contains(name), let value, ListOrder.isKnown(value) {
      return ["--sort", value]
    }
    return nil
  }

  private func condition(_ name: String, _ value: String) -> [String]? {
    switch name {
    case "tag", "tags", "t", "label": Tag(typed: value).map { ["+" + $0.name] }
    case "since", "after", "from": ["date:\(value).."]
    case "until", "before", "to": ["date:..\(value)"]
    case "view", "filter": ["@" + value]
    default:
      [name, String(name.dropLast()), name.dropLast(3) + "y"]
        .first { vocabulary.field($0) != nil }.map { ["\($0):\(value)"] }
    }
  }

  private func isTrait(_ name: String) -> Bool {
    vocabulary.names(of: .is).contains(name)
  }

  private func instead(_ count: Int, _ words: [String]) -> String {
    let rest = typed.rest
    return typed.line(
      Array(rest[..<index]) + words + rest.dropFirst(min(index + count, rest.count)))
  }
}
