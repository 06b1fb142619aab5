import Simulator
import Store
import Testing

/// A few lives in each run of the tests; `Tests/run.sh` runs 100,000 with the program `simulate`.
@Suite struct SimulationTests {
  @Test func promisesHoldInEveryStorm() {
    let pool = MemoryPool()
    for seed in 1...120 as ClosedRange<UInt64> {
      let failures = Simulation(Script(seed: seed), pool: pool).run()
      guard !failures.isEmpty else { continue }
      let (short, reasons) = Shrinking.shrink(Script(seed: seed))
      Issue.record("\(reasons.prefix(4).joined(separator: "\n"))\n\(short)")
      return
    }
  }

  /// Whatever ran before in the same databases.
  @Test func theSameSeedGivesTheSameTrace() {
    let pool = MemoryPool()
    let seeds: [UInt64] = Array(1...12)
    func trace(_ seed: UInt64, _ pool: MemoryPool) -> UInt64 {
      let simulation = Simulation(Script(seed: seed), pool: pool)
      _ = simulation.run()
      return simulation.trace
    }
    let fresh = seeds.map { trace($0, MemoryPool()) }
    let reused = seeds.reversed().map { trace($0, pool) }
    #expect(fresh == reused.reversed())
    #expect(Set(fresh).count == fresh.count)
  }
}
