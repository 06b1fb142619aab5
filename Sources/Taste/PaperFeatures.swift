import Glibc

/// The features of a paper, each bucket once, in the order of the text: what fitting needs of it,
/// at a fraction of the work of reading the text again.
package struct PaperFeatures: Hashable, Sendable {
  /// Bucket and mark of each.
  package let cells: [UInt32]
  /// How often each is met.
  package let counts: [UInt8]

  /// Features that were kept; nil for lists of two lengths.
  package init?(cells: [UInt32], counts: [UInt8]) {
    guard cells.count == counts.count else { return nil }
    self.cells = cells
    self.counts = counts
  }

  /// The features of a paper.
  package init(_ words: PaperWords, with counter: inout BucketCounter) {
    // Copies of their own: the counter keeps its memory.
    (cells, counts) = counter.counted(words) { ([UInt32]($0[...]), [UInt8]($1[...])) }
  }
}

/// Counts features by bucket; kept from paper to paper for its memory.
package struct BucketCounter {
  private var numbers = [UInt8](repeating: 0, count: TasteModel.buckets)
  private var memory: (cells: [UInt32], counts: [UInt8]) = ([], [])

  /// A counter of nothing yet.
  package init() {}

  /// How much a feature weighs that a paper has so many times: 1 + ln n.
  static let damped: [Float] = (0...255).map { $0 == 0 ? 0 : 1 + logf(Float($0)) }

  /// Calls `body` with each bucket of a paper once, in the order of the text, with the mark of its
  /// first feature, and how often each is met.
  @inline(__always)
  mutating func counted<Result>(
    _ words: PaperWords, _ body: (_ cells: [UInt32], _ counts: [UInt8]) -> Result
  ) -> Result {
    var (cells, counts) = (memory.cells, memory.counts)
    memory = ([], [])
    cells.removeAll(keepingCapacity: true)
    counts.removeAll(keepingCapacity: true)
    numbers.withUnsafeMutableBufferPointer { numbers in
      FeatureReader.forEach(words) { feature in
        let bucket = feature.bucket
        let number = numbers[bucket]
        if number == 0 { cells.append(feature.cell) }
        numbers[bucket] = number == .max ? number : number + 1
      }
      for cell in cells {
        let bucket = Feature.bucket(of: cell)
        counts.append(numbers[bucket])
        numbers[bucket] = 0
      }
    }
    let result = body(cells, counts)
    memory = (cells, counts)
    return result
  }
}
