/// What the order by taste says of a paper. It is made on this machine from what the person did,
/// and is no fact about the paper: nothing stores or syncs it.
package struct Judgement: Hashable, Sendable {
  /// From 0 to 1: .88 is the mean of papers that were taken, .12 of those turned down.
  package var share: Double
  /// Words that speak for the paper, the strongest first.
  package var words: [String]
  /// Words that speak against it, the strongest first.
  package var against: [String]

  /// A judgement with everything said.
  package init(share: Double, words: [String], against: [String]) {
    self.share = share
    self.words = words
    self.against = against
  }

  /// ``share`` as JSON and tables have it, with three digits: `0.875`.
  package var shareText: String {
    let thousandths = Int((min(max(share.isNaN ? 0.5 : share, 0), 1) * 1000).rounded())
    let digits = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}
