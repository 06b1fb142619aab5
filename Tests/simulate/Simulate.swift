import Foundation
import Simulator

/// Runs simulated lives from seeds, in processes of its own, and says what was met.
///
///     simulate [--first N] [--count N] [--seconds S] [--jobs J]    many lives
///     simulate --hostile [--first N] [--count N]                   lives with liars in them
///     simulate --show SEED [--hostile] [--weakness X]              one life, step by step
///     simulate --weaknesses [--count N] [--jobs J]                 takes each rule away in turn
///
/// A long run says in a terminal how far it is, tells a failure when it meets it, and ends early,
/// with its sum, when it is interrupted.
///
/// Exits with 1 when a promise did not hold, or a rule could be taken away unnoticed.
@main
enum Simulate {
  static func main() throws {
    let options: Options
    do {
      options = try Options(CommandLine.arguments.dropFirst())
    } catch {
      FileHandle.standardError.write(Data("\(error)\n".utf8))
      exit(64)
    }
    if let seed = options.show {
      exit(show(Script(seed: seed, isHostile: options.isHostile), options.weakness) ? 0 : 1)
    } else if options.isWorker {
      Worker(options).run()
    } else if options.tellsWeaknesses {
      exit(try Weakening(options).run() ? 0 : 1)
    } else {
      exit(try Manager(options).run() ? 0 : 1)
    }
  }

  /// One life told step by step, then the shortest one that fails the same.
  private static func show(_ script: Script, _ weakness: AbsentRule?) -> Bool {
    let weaknesses = Set([weakness].compactMap(\.self))
    say(script)
    let failures = life(script, weaknesses)
    guard !failures.isEmpty else { return true }
    let (short, _) = Shrinking.shrink(script, weaknesses)
    say("\n\(short)\n")
    _ = life(short, weaknesses)
    return false
  }

  private static func life(_ script: Script, _ weaknesses: Set<AbsentRule>) -> [String] {
    let simulation = Simulation(script, weaknesses: weaknesses)
    simulation.isTold = true
    let failures = simulation.run()
    say("\ntrace \(simulation.trace)")
    for failure in failures { say("FAILED: \(failure)") }
    return failures
  }
}
