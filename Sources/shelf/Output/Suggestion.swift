/// The "did you mean" of verbs, fields, formats, tags and views.
enum Suggestion {
  /// The candidate nearest to `word` by edits (insert, delete, replace, swap two neighbours); nil
  /// where none is near: one edit for short words, a third of the letters for longer ones.
  static func closest(to word: String, in candidates: some Sequence<String>) -> String? {
    let typed = Array(word.lowercased().prefix(64))
    guard !typed.isEmpty else { return nil }
    var best: (text: String, edits: Int)?
    for candidate in candidates {
      let edits = distance(typed, Array(candidate.lowercased().prefix(64)))
      if edits <= max(1, typed.count / 3), edits < best?.edits ?? Int.max {
        best = (candidate, edits)
      }
    }
    return best?.text
  }

  /// Optimal string alignment distance, row by row.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var before: [Int] = []
    var last = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var row = [i + 1]
      for (j, y) in b.enumerated() {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (x == y ? 0 : 1))
        if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, before[j - 1] + 1) }
        row.append(cost)
      }
      before = last
      last = row
    }
    return last[b.count]
  }
}
