import Papers

/// Writes papers in one format, one after the other, so that an export streams.
///
/// The caller calls ``begin(into:)`` once, ``append(_:into:)`` for each paper, ``end(into:)`` once,
/// and may empty `out` between any two calls. An export of no papers is a valid file of its format.
/// Text is written as it is (escaped as the format asks); for a terminal, the caller passes what
/// was written through ``Printable/block(_:)``.
protocol Exporter: Sendable {
  /// Whether it writes ids only, so that nothing else of a paper need be read.
  var needsOnlyIDs: Bool { get }
  /// Writes what comes before the first paper.
  mutating func begin(into out: inout [UInt8])
  /// Writes one paper.
  mutating func append(_ paper: Paper, into out: inout [UInt8])
  /// Writes what comes after the last paper.
  mutating func end(into out: inout [UInt8])
}

extension Exporter {
  /// Most write more.
  var needsOnlyIDs: Bool { false }
  /// Most formats have nothing before the first paper.
  func begin(into out: inout [UInt8]) {}
  /// Most formats have nothing after the last paper.
  func end(into out: inout [UInt8]) {}
}
