/// Time, waiting and chance as the transport sees them, handed in so that tests run without
/// sleeping and simulations are deterministic.
package struct Pace {
  /// Seconds since 1970.
  package var now: () -> Double
  /// Waits so many seconds.
  package var sleep: (Double) -> Void
  /// A random number in 0 ..< 1.
  package var random: () -> Double

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
