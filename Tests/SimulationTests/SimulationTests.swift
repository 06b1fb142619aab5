import Foundation
import Sync
import Testing

@Suite struct SimulationTests {
  /// How many seeds a run takes: `PAPERSHELF_SEEDS=100000 swift test -c release --filter Simulation`.
  static let count = ProcessInfo.processInfo.environment["PAPERSHELF_SEEDS"].flatMap(UInt64.init)
  static let first = ProcessInfo.processInfo.environment["PAPERSHELF_FIRST"].flatMap(UInt64.init)

  @Test func promisesHoldInEveryStorm() {
    let start = Self.first ?? 1
    var failed = 0
    for seed in start..<(start + (Self.count ?? 200)) {
      if Self.first != nil { print("seed", seed) }
      let script = Script(seed: seed, encrypted: seed % 50 == 0)
      let failures = Simulation(script).run()
      if !failures.isEmpty {
        failed += 1
        if failed <= 3 {
          let (short, reasons) = Shrinking.shrink(script)
          if Self.count == 1 {
            let told = Simulation(short)
            told.isTold = true
            _ = told.run()
          }
          Issue.record("\(reasons.prefix(4).joined(separator: "\n"))\n\(short)")
        }
      }
    }
    #expect(failed == 0)
  }

  @Test func theSameSeedGivesTheSameTrace() {
    for seed in 1...10 as ClosedRange<UInt64> {
      let (a, b) = (Simulation(Script(seed: seed)), Simulation(Script(seed: seed)))
      _ = a.run()
      _ = b.run()
      #expect(a.trace == b.trace, "seed \(seed)")
    }
  }
}

/// Makes a failing script short by leaving out what is not needed for the failure.
enum Shrinking {
  static func shrink(_ script: Script, _ weaknesses: Set<Weakness> = []) -> (Script, [String]) {
    var best = script
    var reasons = Simulation(script, weaknesses: weaknesses).run()
    var size = max(1, script.steps.count / 2)
    while size >= 1 {
      var start = 0
      while start < best.steps.count {
        var shorter = best
        shorter.steps.removeSubrange(start..<min(start + size, best.steps.count))
        let failures = Simulation(shorter, weaknesses: weaknesses).run()
        if failures.isEmpty {
          start += size
        } else {
          best = shorter
          reasons = failures
        }
      }
      size /= 2
    }
    return (best, reasons)
  }
}
