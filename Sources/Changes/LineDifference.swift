import Papers

/// Which lines of two texts correspond: a longest common subsequence, bounded.
enum LineDifference {
  /// Pairs of equal lines, ascending in both.
  ///
  /// Equal beginnings and ends are taken off first. A middle of more than `bound` cells is aligned
  /// only by lines that occur once on each side (as in patience diff), so time stays bounded for
  /// notes of any size.
  static func matches(
    _ a: [Substring], _ b: [Substring], bound: Int = 1_000_000
  ) -> [(Int, Int)] {
    var numbers: [ByteText: Int] = [:]
    func numbered(_ lines: [Substring]) -> [Int] {
      lines.map { line in
        let line = ByteText(String(line))
        if let number = numbers[line] { return number }
        numbers[line] = numbers.count
        return numbers.count - 1
      }
    }
    return matches(numbered(a), numbered(b), bound)
  }

  /// Of lines by their numbers: the same for lines of the same bytes.
  private static func matches(_ a: [Int], _ b: [Int], _ bound: Int) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    var head = 0
    while head < min(a.count, b.count), a[head] == b[head] {
      pairs.append((head, head))
      head += 1
    }
    var tail = 0
    while tail < min(a.count, b.count) - head, a[a.count - 1 - tail] == b[b.count - 1 - tail] {
      tail += 1
    }
    let middleA = head..<(a.count - tail)
    let middleB = head..<(b.count - tail)
    let cells = middleA.count.multipliedReportingOverflow(by: middleB.count)
    if !cells.overflow, cells.partialValue <= bound {
      pairs += longest(a[middleA], b[middleB])
    } else {
      pairs += unique(a[middleA], b[middleB])
    }
    for index in stride(from: tail, to: 0, by: -1) {
      pairs.append((a.count - index, b.count - index))
    }
    return pairs
  }

  private static func longest(
    _ a: ArraySlice<Int>, _ b: ArraySlice<Int>
  ) -> [(Int, Int)] {
    guard !a.isEmpty, !b.isEmpty else { return [] }
    let width = b.count + 1
    var length = [Int32](repeating: 0, count: (a.count + 1) * width)
    for i in stride(from: a.count - 1, through: 0, by: -1) {
      for j in stride(from: b.count - 1, through: 0, by: -1) {
        length[i * width + j] =
          a[a.startIndex + i] == b[b.startIndex + j]
          ? length[(i + 1) * width + j + 1] + 1
          : max(length[(i + 1) * width + j], length[i * width + j + 1])
      }
    }
    var pairs: [(Int, Int)] = []
    var (i, j) = (0, 0)
    while i < a.count, j < b.count {
      if a[a.startIndex + i] == b[b.startIndex + j] {
        pairs.append((a.startIndex + i, b.startIndex + j))
        i += 1
        j += 1
      } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
        i += 1
      } else {
        j += 1
      }
    }
    return pairs
  }

  private static func unique(_ a: ArraySlice<Int>, _ b: ArraySlice<Int>) -> [(Int, Int)] {
    let placeInA = singles(a)
    let placeInB = singles(b)
    let candidates = placeInA.compactMap { line, i in placeInB[line].map { (i, $0) } }
      .sorted { $0.0 < $1.0 }
    return longestIncreasing(candidates)
  }

  private static func singles(_ lines: ArraySlice<Int>) -> [Int: Int] {
    var places: [Int: Int] = [:]
    var repeated = Set<Int>()
    for (index, line) in zip(lines.indices, lines)
    where places.updateValue(index, forKey: line) != nil {
      repeated.insert(line)
    }
    for line in repeated { places[line] = nil }
    return places
  }

  /// The longest run of pairs that ascends on both sides (patience sorting).
  private static func longestIncreasing(_ pairs: [(Int, Int)]) -> [(Int, Int)] {
    var tops: [Int] = []
    var before = [Int?](repeating: nil, count: pairs.count)
    for (index, pair) in pairs.enumerated() {
      var (low, high) = (0, tops.count)
      while low < high {
        let middle = (low + high) / 2
        if pairs[tops[middle]].1 < pair.1 { low = middle + 1 } else { high = middle }
      }
      before[index] = low > 0 ? tops[low - 1] : nil
      if low < tops.count { tops[low] = index } else { tops.append(index) }
    }
    var result: [(Int, Int)] = []
    var cursor = tops.last
    while let index = cursor {
      result.append(pairs[index])
      cursor = before[index]
    }
    return result.reversed()
  }
}
