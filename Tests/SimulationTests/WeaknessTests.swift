import Simulator
import Store
import Testing

/// The test of the tests: with one rule taken away, the simulation must notice. `simulate
/// --weaknesses`, which CI runs, takes each away over many seeds; these are told by hand.
@Suite struct WeaknessTests {
  /// Dies at each of its commits: with the cursor first, one of them loses what was not yet
  /// applied.
  @Test func aCursorThatRunsAheadIsNoticed() {
    func failures(_ weaknesses: Set<AbsentRule>) -> [String] {
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

  /// Somebody reads a status, a note, a conflict; another machine's edit of it arrives; then it is
  /// saved. It must be in the journal, or in the note.
  @Test(
    arguments: [Step.Edit.status, .star, .tag, .view, .note, .amend], [Script.Names.plain, .twins])
  func whatIsReplacedUnseenIsNoticed(_ edit: Step.Edit, _ names: Script.Names) {
    func failures(_ weaknesses: Set<AbsentRule>) -> [String] {
      // Of one register, and three different values.
      let values: [UInt64] = edit == .star ? [3, 0, 3] : edit == .tag ? [3, 3, 3] : [3, 12, 21]
      let other: Step.Edit = edit == .tag ? .untag : edit
      var script = Script(
        seed: 5, devices: 2,
        steps: [
          .edit(1, other == .untag ? .tag : other, values[0]), .sync(1), .sync(0),
          .open(0, edit, values[2]), .edit(1, other, values[1]), .sync(1), .sync(0), .save(0),
        ])
      script.names = names
      return Simulation(script, weaknesses: weaknesses).run()
    }
    #expect(failures([]) == [])
    // Where what is saved is what holds then, nothing is written.
    #expect(failures([.gapOverlooked]) != [])
  }
}
