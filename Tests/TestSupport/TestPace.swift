import Transport

/// Time that passes only when somebody waits: tests of retries run without sleeping.
package final class TestPace: Sendable {
  private let state: Guarded<(now: Double, slept: [Double], generator: SeededGenerator)>

  /// Begins at the first second of 2026.
  package init(seed: UInt64 = 1) {
    state = Guarded((1_767_225_600, [], SeededGenerator(seed: seed)))
  }

  /// The waits so far, in seconds.
  package var slept: [Double] { state.withLock { $0.slept } }

  /// What to hand to the transport.
  package var pace: Pace {
    Pace(
      now: { [self] in state.withLock { $0.now } },
      sleep: { [self] seconds in
        state.withLock {
          $0.now += seconds
          $0.slept.append(seconds)
        }
      },
      random: { [self] in state.withLock { Double.random(in: 0..<1, using: &$0.generator) } })
  }
}
