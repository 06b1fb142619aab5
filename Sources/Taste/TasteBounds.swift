/// How much of what a person did is looked at.
package enum TasteBounds {
  /// Fewer papers that were taken tell nothing.
  package static let fewest = 3
  /// At most so many taken papers are learned from, those of the newest days.
  package static let liked = 500
  /// At most so many papers that were turned down: with 4,000 the order on real picks
  /// is no better.
  package static let declined = 1500
}
