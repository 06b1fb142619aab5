import Filters
import Store

extension Failure {
  /// A filter that makes no sense: the filter, a caret line under the word, and a suggestion.
  init(filter error: FilterError) {
    self.init(
      .usage, Self.complaint(error.kind), details: error.text.isEmpty ? [] : Self.pointed(error),
      advice: Self.meant(error).map { "did you mean “\($0)”?" }
        ?? "`shelf help filters` has them all")
  }

  /// The condition that was meant: the suggestion with its field, or one of ours for a field that
  /// goes by another name elsewhere.
  private static func meant(_ error: FilterError) -> String? {
    switch error.kind {
    case .badDate(let text): return error.suggestion ?? Habits.date(text)
    case .unknownValue(let field, _, _): return error.suggestion.map { "\(field):\($0)" }
    case .unknownField(let name):
      guard let field = Habits.field(name) else { return error.suggestion }
      let text = Array(error.text)
      let start = min(max(error.range.start, 0), text.count)
      let end = min(start + max(error.range.length, 0), text.count)
      let word = String(text[start..<end])
      guard word.hasPrefix(name), field != error.suggestion else { return error.suggestion }
      return field + word.dropFirst(name.count)
    default: return error.suggestion
    }
  }

  private static func noun(_ field: String) -> String {
    switch field {
    case "is": "kind of paper"
    case "has": "part of a paper"
    default: field
    }
  }

  /// The filter's text and, below it, carets under the word; a long filter is shown around it.
  private static func pointed(_ error: FilterError) -> [String] {
    let cells = CellWidth()
    let text = Array(error.text)
    let start = min(max(error.range.start, 0), text.count)
    let end = min(start + max(error.range.length, 1), text.count)
    let from = start > 60 ? start - 40 : 0
    let upTo = min(text.count, max(end, from + 100))
    let before = (from > 0 ? "…" : "") + Printable.line(String(text[from..<start]))
    let word = Printable.line(String(text[start..<end].prefix(100)))
    let after = Printable.line(String(text[min(end, upTo)..<upTo])) + (upTo < text.count ? "…" : "")
    let indent = String(repeating: " ", count: cells.width(of: before))
    let carets = String(repeating: "^", count: max(1, cells.width(of: word)))
    return [before + word + after, indent + carets]
  }

  private static func complaint(_ kind: FilterError.Kind) -> String {
    switch kind {
    case .unknownField(let name): "there is no field “\(name)”"
    case .unknownValue(let field, let value, let allowed):
      "\(field):\(value): there is no such \(noun(field)); there are "
        + allowed.joined(separator: " ")
    case .badDate(let text):
      "“\(text)” is no date (today yesterday 7d 2w 3mo 2025-10 2025-10-02 A..B)"
    case .badNumber(let text): "“\(text)” is no number (4 3..5 ..3)"
    case .badTag(let name):
      "“\(name)” is no tag: letters, digits and - _ . only, with / between levels"
    case .badRow(let name): "“\(name)” is no row; rows are %3 %1-3 %1..3 %1-3,7"
    case .bareNumber(let number):
      "“\(number)” is a word, not a row or an id; nothing was changed"
    case .badOperator(let field, let op, let allowed):
      "\(field) cannot be compared with \(op); it takes \(allowed.joined(separator: " "))"
    case .badNegation(let word): "“\(word)”: what is not wanted stands behind “not”"
    case .missingValue(let field): "\(field): needs a word behind it"
    case .unknownView(let name): "there is no view @\(name)"
    case .viewsTooDeep(let name): "the view @\(name) leads back to itself, or too deep"
    case .viewsTooLarge(let name): "the view @\(name) holds the same views too many times over"
    case .unbalanced: "a parenthesis has no partner"
    case .unclosedQuote: "a quotation mark is not closed"
    case .missingOperand(let word):
      word.isEmpty ? "something is missing here" : "something is missing after “\(word)”"
    case .nothingToSearch(let text): "“\(text)” holds no word to search for"
    case .tooLong(let limit): "the filter is longer than \(limit) characters"
    case .tooDeep(let limit): "the filter is nested deeper than \(limit) levels"
    }
  }
}
