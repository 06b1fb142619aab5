import Foundation
import Simulator

/// The test of the test: takes each rule away in turn and looks for a seed that notices.
struct Weakening {
  let options: Options

  /// Rules that so few lives meet that a story told by hand shows what each is for: the test that
  /// is red without it.
  private static let told: [AbsentRule: String] = [
    .chainUnchecked: "aSegmentThatATwinReplaced", .unsentForgotten: "whatATwinWroteOver",
    .stampsRepeat: "aMachineItsServerAndItsClockSetBack", .gapPassed: "aSegmentThatIsShownLate",
    .holesForgotten: "whatEachRuleIsFor", .complaintsUnheard: "whatEachRuleIsFor",
    .withheldUntold: "tuesdaysLog", .headerUnproven: "aServerThatRaisesTheGeneration",
    .undoOverrules: "anUndoOfWhatSomebodyChangedSince",
    .sameFolderUnnoticed: "oneFolderUnderTwoNames",
    .spoiltRunStops: "aRunThatNobodyTakesIsPassedOver",
  ]

  init(_ options: Options) { self.options = options }

  /// Whether every rule that was taken away was missed.
  func run() throws -> Bool {
    let told = Self.told.sorted { $0.key.rawValue < $1.key.rawValue }
    for (weakness, test) in told {
      say("caught by SyncTests, \(test): \(weakness.rawValue)")
    }
    var waiting = AbsentRule.allCases.filter { Self.told[$0] == nil }
    var running: [(weakness: AbsentRule, child: Child)] = []
    var survivors: [AbsentRule] = []
    while !waiting.isEmpty || !running.isEmpty {
      while running.count < options.jobs, let next = waiting.first {
        waiting.removeFirst()
        running.append((next, try start(next)))
      }
      let (weakness, child) = running.removeFirst()
      let (told, tally, _) = child.wait()
      let isCaught = tally.counts["failed"] != nil
      if !isCaught { survivors.append(weakness) }
      let seeds = tally.counts["scenarios"] ?? 0
      say("\(isCaught ? "caught" : "SURVIVED") after \(seeds): \(weakness.rawValue)  \(told)")
    }
    let all = AbsentRule.allCases.count
    say("\(all - survivors.count) of \(all) breakages caught")
    return survivors.isEmpty
  }

  private func start(_ weakness: AbsentRule) throws -> Child {
    try Child([
      "--first", "\(options.first)", "--count", "\(options.count)", "--weakness",
      weakness.rawValue,
    ])
  }
}
