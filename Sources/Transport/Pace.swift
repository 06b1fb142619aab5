/// Time, waiting and chance as the transport sees them, handed in so that tests run without
/// sleeping and simulations are deterministic.
package struct Pace {
  /// Seconds since 1970.
  package var now: () -> Double
  /// Waits so many seconds.
  package var sleep: (Double) -> Void
  /// A random number in 0 ..< 1.
  package var random: () -> Double
  /// Told where a wait becomes so long that the person wonders: the first time, and of a longer
  /// one.
  package var onWait: (Wait) -> Void = { _ in }

  /// A wait that a person wants to know of.
  package enum Wait: Hashable, Sendable {
    /// A host has not answered for ten seconds, and is waited for, for so many in all.
    case answer(host: String, atMost: Double)
    /// A host wants to be asked again only after so many seconds.
    case pause(host: String, seconds: Double)
  }

  /// A pace of three functions.
  package init(
    now: @escaping () -> Double, sleep: @escaping (Double) -> Void,
    random: @escaping () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
  }
}
