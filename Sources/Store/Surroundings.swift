/// The clock, the randomness and the name of the machine, handed in so that every test can set
/// them.
package struct Surroundings: Sendable {
  /// The wall clock, milliseconds since 1970 UTC.
  package var now: @Sendable () -> Int64
  /// 64 random bits.
  package var random: @Sendable () -> UInt64
  /// What the person calls this machine.
  package var machineName: String

  /// Milliseconds a writer waits for another process that writes.
  package var patience: Int
  /// Told once by a writer that has waited for half a second.
  package var whenWaiting: @Sendable () -> Void

  /// Surroundings with everything said.
  package init(
    now: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64,
    machineName: String, patience: Int = Self.patience,
    whenWaiting: @escaping @Sendable () -> Void = {}
  ) {
    self.now = now
    self.random = random
    self.machineName = machineName
    self.patience = patience
    self.whenWaiting = whenWaiting
  }

  /// The usual ``patience``: ten times as long as an import keeps others waiting, for a slow disk.
  package static let patience = 30_000
}
