/// "Did you mean": the known word nearest to what was typed.
package enum Spelling {
  /// The nearest of `known` by edits (insert, drop, replace, swap neighbours), if it is near enough
  /// to be what was meant; the first of equals.
  package static func closest(to word: String, among known: [String]) -> String? {
    let word = Array(word.lowercased().prefix(64))
    let bound = word.count <= 3 ? 1 : word.count <= 6 ? 2 : 3
    var best: (name: String, distance: Int)?
    for name in known {
      let candidate = Array(name.lowercased().prefix(64))
      var distance = edits(word, candidate)
      if candidate.starts(with: word), word.count >= 2 { distance = min(distance, 1) }
      if distance <= bound, distance < best?.distance ?? Int.max { best = (name, distance) }
    }
    return best?.name
  }

  /// How many letters to insert, drop, replace or swap with a neighbour make one of the other; of
  /// their first 64.
  package static func distance(_ a: String, _ b: String) -> Int {
    edits(Array(a.prefix(64)), Array(b.prefix(64)))
  }

  /// Optimal string alignment distance.
  private static func edits(_ a: [Character], _ b: [Character]) -> Int {
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var twoBack: [Int] = []
    var back = Array(0...b.count)
    for i in 1...a.count {
      var row = [i]
      for j in 1...b.count {
        let cost = a[i - 1] == b[j - 1] ? 0 : 1
        var best = min(back[j] + 1, row[j - 1] + 1, back[j - 1] + cost)
        if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
          best = min(best, twoBack[j - 2] + 1)
        }
        row.append(best)
      }
      (twoBack, back) = (back, row)
    }
    return back[b.count]
  }
}
