import Foundation
import Sync
import Testing

/// The test of the tests: with one rule taken away, the simulation must notice.
@Suite struct WeaknessTests {
  /// For each rule that the simulation watches, a seed that notices its absence, found by
  /// `PAPERSHELF_FIND=1 swift test --filter findSeeds`.
  static let caughtBy: [(Weakness, UInt64)] = [
    (.noForwarding, 1), (.unknownDropped, 1), (.compactionDropsLive, 2), (.cloneUnnoticed, 7),
    (.peersOverwritten, 7), (.noRefill, 9), (.listingIsTruth, 18), (.cursorBeforeApply, 51),
    (.noReadBack, 68), (.noRestamping, 204),
  ]

  @Test(arguments: caughtBy)
  func anAbsentRuleIsNoticed(_ weakness: Weakness, _ seed: UInt64) {
    let script = Script(seed: seed)
    #expect(Simulation(script).run() == [])
    #expect(Simulation(script, weaknesses: [weakness]).run() != [])
  }

  /// Dies at each of its commits: with the cursor first, one of them loses what was not yet applied.
  @Test func aCursorThatRunsAheadIsNoticed() {
    func failures(_ weaknesses: Set<Weakness>) -> [String] {
      (1...6).flatMap { commit in
        var script = Script(seed: 5)
        script.devices = 2
        script.steps = [
          .edit(0, .tag, 1), .sync(0), .crashingSync(1, at: -commit), .edit(1, .star, 3), .sync(1),
        ]
        return Simulation(script, weaknesses: weaknesses).run()
      }
    }
    #expect(failures([]) == [])
    #expect(failures([.cursorBeforeApply]) != [])
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
        let line = "(.\(weakness.rawValue), \(seed)),  // \(first.prefix(90))\n"
        FileHandle.standardError.write(Data(line.utf8))
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
