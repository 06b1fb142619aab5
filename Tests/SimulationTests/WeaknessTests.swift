import Simulator
import Store
import Testing

/// The test of the tests: with one rule taken away, the simulation must notice. `simulate
/// --weaknesses`, which CI runs, takes each away over many seeds; these are told by hand.
@Suite struct WeaknessTests {
  /// Dies at each of its commits: with the cursor first, one of them loses what was not yet applied.
  @Test func aCursorThatRunsAheadIsNoticed() {
    func failures(_ weaknesses: Set<Weakness>) -> [String] {
      (1...6).flatMap { commit in
        let steps: [Step] = [
          .edit(0, .tag, 1), .sync(0), .crashingSync(1, .commit(commit)), .edit(1, .status, 3),
          .sync(1),
        ]
        let script = Script(seed: 5, devices: 2, steps: steps)
        return Simulation(script, weaknesses: weaknesses).run()
      }
    }
    #expect(failures([]) == [])
    #expect(failures([.cursorBeforeApply]) != [])
  }
}
