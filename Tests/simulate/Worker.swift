import Foundation
import Simulator
import Store

/// Lives one after the other, in one process; tells its failures at once, then `= ` and the lines
/// of its tally.
struct Worker {
  let options: Options
  /// Failures told with their story; more are only counted.
  private static let toldFailures = 3
  private static let namedFailures = 100

  init(_ options: Options) { self.options = options }

  func run() {
    let weaknesses = Set([options.weakness].compactMap(\.self))
    let start = ContinuousClock.now
    // A database keeps what takes a rule away.
    let (pool, whole) = (MemoryPool(), MemoryPool())
    var progress = Progress(isWanted: options.showsProgress)
    EarlyEnd.heed()
    var tally = Tally()
    var failed = 0
    var index: UInt64 = 0
    while index * options.stride < options.count, !EarlyEnd.isWished {
      if let seconds = options.seconds, ContinuousClock.now - start > .seconds(seconds) { break }
      let script = Script(
        seed: options.first + index * options.stride, isHostile: options.isHostile)
      index += 1
      let simulation = Simulation(script, weaknesses: weaknesses, pool: pool)
      let failures = simulation.run()
      tally.add(simulation.tally)
      progress.show(lives: index * options.stride, failed: failed)
      guard !failures.isEmpty else { continue }
      // A life that fails with all rules in place tells nothing of the one taken away.
      if options.weakness != nil, !Simulation(script, pool: whole).run().isEmpty { continue }
      failed += 1
      progress.clear()
      if options.weakness != nil {
        say("seed \(script.seed): \(failures[0].prefix(160))")
        break
      }
      if failed <= Self.toldFailures {
        tell(script)
      } else if failed < Self.namedFailures {
        complain("seed \(script.seed): \(failures[0].prefix(200))")
      }
    }
    progress.clear()
    tally.add("failed", failed)
    for line in tally.lines { say("= \(line)") }
  }

  private func tell(_ script: Script) {
    let (short, reasons) = Shrinking.shrink(script)
    complain("\(short)\n" + reasons.prefix(4).map { "  FAILED: \($0)" }.joined(separator: "\n"))
  }
}
