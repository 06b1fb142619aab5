/// What was met, added up over many lives.
package struct Tally: Hashable, Sendable {
  /// By name.
  package private(set) var counts: [String: Int] = [:]
  /// Sum of the hashes of all traces: equal for equal lives, whatever their order.
  package private(set) var trace: UInt64 = 0

  /// Nothing.
  package init() {}

  /// Counts.
  package mutating func add(_ name: String, _ count: Int = 1) {
    if count != 0 { counts[name, default: 0] += count }
  }

  /// Adds another tally.
  package mutating func add(_ other: Tally) {
    for (name, count) in other.counts { add(name, count) }
    trace &+= other.trace
  }

  mutating func add(trace: UInt64) { self.trace &+= trace }

  /// As lines, to be read back by ``init(lines:)``.
  package var lines: [String] {
    ["trace \(trace)"] + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
  }

  /// Reads ``lines`` back.
  package init(lines: some Sequence<Substring>) {
    for line in lines {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      if parts[0] == "trace" {
        trace &+= UInt64(parts[1]) ?? 0
      } else if let count = Int(parts[0]) {
        add(String(parts[1]), count)
      }
    }
  }
}
