/// The clock, the randomness and the name of the machine, handed in so that every test can set them.
public struct Surroundings: Sendable {
  /// The wall clock, milliseconds since 1970 UTC.
  public var now: @Sendable () -> Int64
  /// 64 random bits.
  public var random: @Sendable () -> UInt64
  /// What the person calls this machine.
  public var machineName: String

  /// Surroundings with everything said.
  public init(
    now: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64,
    machineName: String
  ) {
    self.now = now
    self.random = random
    self.machineName = machineName
  }
}
