/// A set of places of the log, kept as ascending ranges that do not touch: small where places come
/// in runs, as they do.
package struct PlaceSet: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<Int64>] = []

  init() {}

  init(_ range: ClosedRange<Int64>) { ranges = [range] }

  /// The number of a segment in a set of such.
  static func place(_ number: UInt64) -> Int64 { Int64(clamping: min(number, 1 << 62)) }

  /// Stretches of segments, as they are told.
  init(_ stretches: [ClosedRange<UInt64>]) {
    for stretch in stretches {
      insert(Self.place(stretch.lowerBound)...Self.place(stretch.upperBound))
    }
  }

  /// Stretches of segments, as they are told.
  var stretches: [ClosedRange<UInt64>] {
    ranges.map { UInt64(clamping: $0.lowerBound)...UInt64(clamping: $0.upperBound) }
  }

  var isEmpty: Bool { ranges.isEmpty }
  /// How many places it has.
  package var count: Int { ranges.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) + 1 } }
  /// The first place.
  package var first: Int64? { ranges.first?.lowerBound }
  var last: Int64? { ranges.last?.upperBound }

  func contains(_ place: Int64) -> Bool {
    let index = firstIndex(endingAtOrAfter: place)
    return index < ranges.count && ranges[index].lowerBound <= place
  }

  /// The first place of the set after `place`.
  func first(after place: Int64) -> Int64? {
    let index = firstIndex(endingAtOrAfter: place + 1)
    return index < ranges.count ? max(ranges[index].lowerBound, place + 1) : nil
  }

  /// The first place after `place` that is not of the set.
  func firstGap(after place: Int64) -> Int64 {
    let next = place + 1
    let index = firstIndex(endingAtOrAfter: next)
    guard index < ranges.count, ranges[index].lowerBound <= next else { return next }
    return ranges[index].upperBound + 1
  }

  /// Adds a place.
  package mutating func insert(_ place: Int64) { insert(place...place) }

  mutating func insert(_ range: ClosedRange<Int64>) {
    let from = firstIndex(endingAtOrAfter: range.lowerBound - 1)
    var to = from
    var merged = range
    while to < ranges.count, ranges[to].lowerBound <= range.upperBound + 1 {
      merged =
        min(
          merged.lowerBound, ranges[to].lowerBound)...max(
          merged.upperBound, ranges[to].upperBound)
      to += 1
    }
    ranges.replaceSubrange(from..<to, with: [merged])
  }

  /// Adds all places of another set.
  package mutating func formUnion(_ other: PlaceSet) { for range in other.ranges { insert(range) } }

  mutating func subtract(_ other: PlaceSet) { for range in other.ranges { remove(range) } }

  mutating func remove(_ range: ClosedRange<Int64>) {
    let from = firstIndex(endingAtOrAfter: range.lowerBound)
    var to = from
    var left: [ClosedRange<Int64>] = []
    while to < ranges.count, ranges[to].lowerBound <= range.upperBound {
      let old = ranges[to]
      if old.lowerBound < range.lowerBound { left.append(old.lowerBound...range.lowerBound - 1) }
      if old.upperBound > range.upperBound { left.append(range.upperBound + 1...old.upperBound) }
      to += 1
    }
    ranges.replaceSubrange(from..<to, with: left)
  }

  private func firstIndex(endingAtOrAfter place: Int64) -> Int {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < place { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension PlaceSet: CustomStringConvertible {
  /// `3-9,12`; `-` for none.
  package var description: String {
    guard !ranges.isEmpty else { return "-" }
    return ranges.map {
      $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
    }.joined(separator: ",")
  }

  /// Reads ``description`` back; what cannot be read is left out.
  package init(_ text: some StringProtocol) {
    for part in Substring(text).fields(by: ",") {
      let ends = part.fields(by: "-").compactMap { Int64($0) }
      guard let low = ends.first, let high = ends.last, low > 0, low <= high, high < Int64.max
      else { continue }
      insert(low...high)
    }
  }
}
