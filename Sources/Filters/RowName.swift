/// Rows of the last listing as a person writes them: `%3`, `%1-3`, `%1..3`, `%1-3,7`, `%1-%3`.
package enum RowName {
  /// The greatest row there can be.
  package static let greatest = 10_000

  /// The single rows a word means, each as `%3`; nil when it is none of these forms. Of a range
  /// that goes beyond the greatest row there can be, one row beyond is kept, so that it is told to
  /// be missing.
  package static func all(in word: String) -> [String]? {
    guard word.hasPrefix("%") else { return nil }
    var names: [String] = []
    for part in word.dropFirst().split(separator: ",", omittingEmptySubsequences: false) {
      guard names.count <= greatest, let range = range(part) else { return nil }
      let end = min(range.upperBound, max(range.lowerBound, greatest + 1))
      names += (range.lowerBound...end).map { "%\($0)" }
    }
    return names
  }

  private static func range(_ part: Substring) -> ClosedRange<Int>? {
    if let row = number(part) { return row...row }
    for mark in ["..", "-"] {
      guard let place = part.firstRange(of: mark) else { continue }
      guard let first = number(part[..<place.lowerBound]),
        let last = number(part[place.upperBound...]), first <= last
      else { return nil }
      return first...last
    }
    return nil
  }

  private static func number(_ text: Substring) -> Int? {
    let digits = text.hasPrefix("%") ? text.dropFirst() : text
    guard (1...9).contains(digits.utf8.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(digits), number >= 1
    else { return nil }
    return number
  }
}
