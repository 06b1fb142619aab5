import Foundation
import Sync
import Testing

/// The test of the tests: with one rule taken away, the simulation must notice.
@Suite struct WeaknessTests {
  /// For each rule that the simulation watches, a seed that notices its absence, found by
  /// `PAPERSHELF_FIND=1 swift test --filter findSeeds`.
  static let caughtBy: [(Weakness, UInt64)] = []

  @Test(arguments: caughtBy)
  func anAbsentRuleIsNoticed(_ weakness: Weakness, _ seed: UInt64) {
    let script = Script(seed: seed)
    #expect(Simulation(script).run() == [])
    #expect(Simulation(script, weaknesses: [weakness]).run() != [])
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["PAPERSHELF_FIND"] != nil, "a search"))
  func findSeeds() {
    var left = Set(Weakness.allCases)
    let last = Simulation.seeds(or: 200)
    for seed in 1...last {
      guard Simulation(Script(seed: seed)).run().isEmpty else { continue }
      for weakness in left.sorted(by: { $0.rawValue < $1.rawValue }) {
        let failures = Simulation(Script(seed: seed), weaknesses: [weakness]).run()
        guard let first = failures.first else { continue }
        print("(.\(weakness.rawValue), \(seed)),  // \(first.prefix(100))")
        left.remove(weakness)
      }
      if left.isEmpty { break }
    }
    #expect(left.isEmpty, "\(left)")
  }
}

extension Simulation {
  static func seeds(or count: UInt64) -> UInt64 {
    ProcessInfo.processInfo.environment["PAPERSHELF_SEEDS"].flatMap(UInt64.init) ?? count
  }
}
