import Filters
import Glibc

/// A paper that the person took or turned down.
package struct TasteExample: Sendable {
  /// What it is about.
  package var features: PaperFeatures
  /// Whether it was taken.
  package var isLiked: Bool
  /// How much it tells, over 0; only the proportion to others that were taken, or turned down,
  /// counts.
  package var weight: Double

  /// An example with everything said.
  package init(_ features: PaperFeatures, isLiked: Bool, weight: Double = 1) {
    self.features = features
    self.isLiked = isLiked
    self.weight = weight
  }
}

/// What a person likes to read: a logistic regression over the words of papers.
///
/// Each paper is a unit vector of tf-idf over its words, pairs of neighbours, and authors, hashed
/// into 2¹⁷ buckets; pairs with one word between make it no better on real picks, and slower by a
/// third. Taken and turned down papers weigh the same in sum. Eight steps of Nesterov's gradient
/// from nothing come as close to the optimum as helps an order: the figures on real picks are those
/// of a scientific library's solver run to its end (`swift run -c release rank`).
///
/// Knows nothing of SQLite, files or the clock. The same examples in the same order give the same
/// model, bit by bit; in another order nearly the same one, so whoever fits orders them.
package struct TasteModel: Sendable {
  /// What is known of a bucket; together, for they are needed together and lie far apart.
  struct Bucket: Hashable {
    /// What it says: over 0 it speaks for a paper.
    var weight: Float
    /// How rare it is; 0 for what one paper alone has.
    var rarity: Float
  }

  var table: [Bucket]
  /// Of each bucket, which feature most of its papers have.
  var marks: [UInt16]
  /// The raw values that become 0.12 and 0.88.
  var low: Float
  var high: Float

  /// Raised whenever papers are cut into features, or fitted, in another way: what was kept before
  /// is made again.
  package static let version = 2

  static let buckets = 1 << Feature.bucketBits
  private static let steps = 8
  private static let stepLength: Float = 4
  private static let shrinking: Float = 0.01
  /// Of what more papers share than this, half, nothing is told as a reason.
  private static let leastRarity: Float = 1.7

  // MARK: Fitting

  /// Fits a model; papers without a word, and weights that are no number over 0, tell nothing.
  package init(_ examples: [TasteExample]) {
    var vectors = Vectors()
    for example in examples where example.weight > 0 && example.weight.isFinite {
      vectors.append(example)
    }
    let rarity = vectors.rarity
    let values = vectors.takeUnitVectors(rarity)
    let weights: [Float]
    (weights, low, high) = Self.fit(vectors, values)
    table = zip(weights, rarity).map { Bucket(weight: $0, rarity: $1) }
    marks = vectors.cells.map(\.mark)
  }

  /// The features of examples, one after the other.
  private struct Vectors {
    struct Cell {
      /// Examples that have it.
      var papers: UInt32 = 0
      var mark: UInt16 = 0
      /// How much the mark leads (the majority vote of Boyer and Moore).
      var lead: UInt16 = 0
    }

    var buckets: [UInt32] = []
    var counts: [UInt8] = []
    var ends: [Int] = []
    /// Over 0 for what was taken.
    var pulls: [Float] = []
    var cells = [Cell](repeating: Cell(), count: TasteModel.buckets)

    mutating func append(_ example: TasteExample) {
      guard !example.features.cells.isEmpty else { return }
      cells.withUnsafeMutableBufferPointer { cells in
        for feature in example.features.cells {
          let (place, mark) = (Feature.bucket(of: feature), Feature.mark(of: feature))
          var cell = cells[place]
          cell.papers += 1
          if cell.lead == 0 {
            (cell.mark, cell.lead) = (mark, 1)
          } else if cell.mark == mark {
            cell.lead = min(cell.lead, .max - 1) + 1
          } else {
            cell.lead -= 1
          }
          cells[place] = cell
        }
      }
      buckets += example.features.cells.lazy.map { UInt32(Feature.bucket(of: $0)) }
      counts += example.features.counts
      ends.append(buckets.count)
      pulls.append(Float(example.isLiked ? example.weight : -example.weight))
    }

    var rarity: [Float] {
      let all = Float(1 + ends.count)
      return cells.map { $0.papers < 2 ? 0 : logf(all / Float(1 + $0.papers)) + 1 }
    }

    /// The values of the unit vectors. What one paper alone has is left out from here on: it is
    /// half of all and says nothing of another.
    mutating func takeUnitVectors(_ rarity: [Float]) -> [Float] {
      let damped = BucketCounter.damped
      var kept = 0
      let values = [Float](unsafeUninitializedCapacity: buckets.count) { values, written in
        buckets.withUnsafeMutableBufferPointer { buckets in
          counts.withUnsafeBufferPointer { counts in
            var start = 0
            for paper in ends.indices {
              var sum: Float = 0
              let first = kept
              for place in start..<ends[paper] {
                let value = damped[Int(counts[place])] * rarity[Int(buckets[place])]
                guard value > 0 else { continue }
                buckets[kept] = buckets[place]
                values[kept] = value
                sum += value * value
                kept += 1
              }
              let scale = sum > 0 ? 1 / sum.squareRoot() : 0
              for place in first..<kept { values[place] *= scale }
              start = ends[paper]
              ends[paper] = kept
            }
          }
        }
        written = kept
      }
      counts = []
      return values
    }
  }

  private static func fit(
    _ vectors: Vectors, _ values: [Float]
  ) -> (weights: [Float], low: Float, high: Float) {
    let liked = vectors.pulls.reduce(0) { $0 + max(0, $1) }
    let declined = vectors.pulls.reduce(0) { $0 - min(0, $1) }
    let pulls = vectors.pulls.map {
      $0 > 0 ? $0 / liked : declined > 0 ? $0 / declined : 0
    }
    var weights = [Float](repeating: 0, count: buckets)
    var (low, high): (Float, Float) = (0, 0)
    vectors.buckets.withUnsafeBufferPointer { places in
      values.withUnsafeBufferPointer { values in
        weights.withUnsafeMutableBufferPointer { weights in
          descend(places, values, vectors.ends, pulls, weights)
          var start = 0
          for (end, pull) in zip(vectors.ends, pulls) {
            let raw = dot(weights.baseAddress, places, values, start..<end)
            if pull > 0 { high += pull * raw } else { low -= pull * raw }
            start = end
          }
        }
      }
    }
    return (weights, low, high)
  }

  @inline(__always)
  private static func dot(
    _ weights: UnsafeMutablePointer<Float>?, _ places: UnsafeBufferPointer<UInt32>,
    _ values: UnsafeBufferPointer<Float>, _ range: Range<Int>
  ) -> Float {
    guard let weights else { return 0 }
    // Two sums, so that one addition need not wait for the other.
    var (even, odd): (Float, Float) = (0, 0)
    var place = range.lowerBound
    while place + 1 < range.upperBound {
      even += weights[Int(places[place])] * values[place]
      odd += weights[Int(places[place + 1])] * values[place + 1]
      place += 2
    }
    if place < range.upperBound { even += weights[Int(places[place])] * values[place] }
    return even + odd
  }

  /// Steps downhill from weights of 0; what a paper adds to the slope is added at once to the
  /// weights of the next step, which this one does not read.
  private static func descend(
    _ places: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>, _ ends: [Int],
    _ pulls: [Float], _ weights: UnsafeMutableBufferPointer<Float>
  ) {
    let before = UnsafeMutableBufferPointer<Float>.allocate(capacity: buckets)
    let ahead = UnsafeMutableBufferPointer<Float>.allocate(capacity: buckets)
    before.initialize(repeating: 0)
    ahead.initialize(repeating: 0)
    defer {
      before.deallocate()
      ahead.deallocate()
    }
    var (bias, biasBefore): (Float, Float) = (0, 0)
    for step in 0..<steps {
      let momentum = Float(step) / Float(step + 3)
      for bucket in 0..<buckets {
        let now = weights[bucket]
        let further = now + momentum * (now - before[bucket])
        before[bucket] = now
        ahead[bucket] = further
        weights[bucket] = further * (1 - stepLength * shrinking)
      }
      let biasAhead = bias + momentum * (bias - biasBefore)
      biasBefore = bias
      bias = biasAhead
      var start = 0
      for (end, pull) in zip(ends, pulls) {
        let sum = biasAhead + dot(ahead.baseAddress, places, values, start..<end)
        // The slope of the logistic loss.
        let slope = pull / (1 + expf(pull > 0 ? sum : -sum))
        bias += stepLength * slope
        let push = stepLength * slope
        for place in start..<end { weights[Int(places[place])] += push * values[place] }
        start = end
      }
    }
  }

  // MARK: Judging

  /// What the model says of a paper: the higher, the more to the person's taste. For ordering; see
  /// ``share(_:)`` for a number to show.
  package func score(_ words: PaperWords, with counter: inout BucketCounter) -> Float {
    table.withUnsafeBufferPointer { table in
      var (sum, square): (Float, Float) = (0, 0)
      counter.counted(words) { cells, counts in
        for place in cells.indices {
          let bucket = table[Feature.bucket(of: cells[place])]
          let value = BucketCounter.damped[Int(counts[place])] * bucket.rarity
          sum += value * bucket.weight
          square += value * value
        }
      }
      return square > 0 ? sum / square.squareRoot() : 0
    }
  }

  /// A score between 0 and 1: .5 lies in the middle between papers taken and turned down, the means
  /// of which are at .88 and .12.
  package func share(_ score: Float) -> Double {
    guard high > low else { return 0.5 }
    let place = Double(score - (low + high) / 2) / Double(high - low) * 4
    return 1 / (1 + exp(-place))
  }
}

extension TasteModel {
  /// Why a paper is ranked as it is.
  package struct Reasons: Hashable, Sendable {
    /// Words that speak for it, the strongest first.
    package var words: [String] = []
    /// Words that speak against it, the strongest first.
    package var against: [String] = []
  }

  private struct Reason {
    var pull: Float
    var count = 0
    /// Where it stands first.
    var text: Int
    var range: Range<Int>
    /// How many characters that are words of their own.
    var characters: Int
  }

  /// The few words of a paper that say most: they are in the paper, and were in examples.
  package func reasons(_ words: PaperWords, atMost most: Int = 4) -> Reasons {
    var found: [UInt64: Reason] = [:]
    FeatureReader.forEach(words) { feature in
      let (first, last) = feature.words
      guard first.isCharacter == last.isCharacter, marks[feature.bucket] == feature.mark,
        table[feature.bucket].rarity >= Self.leastRarity
      else { return }
      let range = first.range.lowerBound..<last.range.upperBound
      guard range.count > 1 else { return }
      let isPair = first.range != last.range
      found[
        feature.hash,
        default: Reason(
          pull: table[feature.bucket].weight * table[feature.bucket].rarity, text: feature.text,
          range: range, characters: first.isCharacter ? isPair ? 2 : 1 : 0)
      ].count += 1
    }
    let all = found.values.map { reason in
      var reason = reason
      reason.pull *= BucketCounter.damped[min(255, reason.count)]
      return reason
    }
    let least = (all.map { abs($0.pull) }.max() ?? 0) / 5
    let strong = all.filter { abs($0.pull) >= least }
    return Reasons(
      words: told(strong.filter { $0.pull > 0 }, words, most),
      against: told(strong.filter { $0.pull < 0 }, words, most))
  }

  private func told(_ reasons: [Reason], _ words: PaperWords, _ most: Int) -> [String] {
    let sorted = reasons.sorted {
      (abs($1.pull), $0.text, $0.range.lowerBound, $0.range.upperBound)
        < (abs($0.pull), $1.text, $1.range.lowerBound, $1.range.upperBound)
    }
    var told: [String] = []
    for reason in sorted {
      // One Chinese character is no word that says much.
      guard reason.characters != 1 else { continue }
      let text = Self.text(of: reason, words)
      let isSaid = told.contains { Self.overlap($0, text, reason.characters > 0) }
      if !isSaid { told.append(text) }
      if told.count == most { break }
    }
    return told
  }

  /// Whether one text is in the other, or two Chinese ones share a character.
  private static func overlap(_ a: String, _ b: String, _ isChinese: Bool) -> Bool {
    if isChinese { return a.contains { b.contains($0) } }
    let (a, b) = (a.split(separator: " "), b.split(separator: " "))
    return a.contains { word in b.contains { $0 == word } }
  }

  private static func text(of reason: Reason, _ words: PaperWords) -> String {
    let isAuthor = reason.text >= words.texts.count
    let text =
      isAuthor ? words.authors[reason.text - words.texts.count] : words.texts[reason.text]
    let piece = String(decoding: Array(text.utf8)[reason.range], as: UTF8.self)
    if isAuthor { return piece }
    return SearchTokens.tokens(of: piece).map(\.text)
      .joined(separator: reason.characters > 0 ? "" : " ")
  }
}
