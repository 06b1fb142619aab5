/// Time, waiting and chance as the transport sees them, handed in so that tests run without
/// sleeping and simulations are deterministic.
public struct Pace {
  /// Seconds since 1970.
  public var now: () -> Double
  /// Waits so many seconds.
  public var sleep: (Double) -> Void
  /// A random number in 0 ..< 1.
  public var random: () -> Double

  /// A pace of three functions.
  public init(
    now: @escaping () -> Double, sleep: @escaping (Double) -> Void,
    random: @escaping () -> Double
  ) {
    self.now = now
    self.sleep = sleep
    self.random = random
  }
}
