import Foundation
import Simulator
import Store
import TestSupport
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

  /// Sets and dictionaries have another order in every process: no life may depend on it. The seeds
  /// are some whose lives have several machines with an older build.
  @Test func theSameSeedGivesTheSameTraceInEveryProcess() throws {
    let simulate = ShelfProcess.binary.deletingLastPathComponent()
      .appendingPathComponent("simulate")
    func traces() throws -> [Substring] {
      let process = Process()
      process.executableURL = simulate
      process.arguments = ["--first", "882", "--count", "8", "--jobs", "1"]
      let said = Pipe()
      process.standardOutput = said
      try process.run()
      let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return text.split(separator: "\n").filter { $0.contains("trace") }
    }
    let first = try traces()
    #expect(first.count == 1)
    for _ in 0..<3 { #expect(try traces() == first) }
  }
}
