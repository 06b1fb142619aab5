import Foundation
import Simulator

/// Starts the workers, one a core, and adds up what they tell.
struct Manager {
  let options: Options

  init(_ options: Options) { self.options = options }

  /// Whether every promise held.
  func run() throws -> Bool {
    let start = ContinuousClock.now
    let jobs = UInt64(options.jobs)
    var workers: [Child] = []
    for job in 0..<jobs {
      var words = [
        "--first", "\(options.first + job)", "--stride", "\(jobs)",
        "--count", "\(options.count - min(job, options.count))",
      ]
      if job == 0 { words.append("--progress") }
      if options.isHostile { words.append("--hostile") }
      if let weakness = options.weakness { words += ["--weakness", weakness.rawValue] }
      if let seconds = options.seconds { words += ["--seconds", "\(UInt64(seconds))"] }
      workers.append(try Child(words))
    }
    let watching = EarlyEnd.pass(to: workers)
    defer { watching.forEach { $0.cancel() } }
    var tally = Tally()
    var isWell = true
    for worker in workers {
      let (told, part, ended) = worker.wait()
      if !told.isEmpty { say(told) }
      tally.add(part)
      isWell = isWell && ended
    }
    let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1000
    report(tally, seconds)
    if !isWell { say("  a worker did not end as it should: this run proves nothing") }
    return isWell && tally.counts["failed"] == nil
  }

  private func report(_ tally: Tally, _ seconds: Double) {
    let scenarios = tally.counts["scenarios"] ?? 0
    say(
      String(
        format: "%d scenarios from seed %@ in %.1f s: %.0f a second, %d processes", scenarios,
        String(options.first), seconds, Double(scenarios) / max(seconds, 0.001), options.jobs))
    for line in tally.lines { say("  \(line)") }
    say(tally.counts["failed"] == nil ? "  every promise held" : "  PROMISES DID NOT HOLD")
  }
}

/// This program once more, as a worker.
final class Child: Sendable {
  private let process = Process()
  private let pipe = Pipe()

  init(_ words: [String]) throws {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = ["--worker"] + words
    process.standardOutput = pipe
    try process.run()
  }

  /// Asks it to take no further life.
  func end() { process.terminate() }

  /// Waits for its end: what it told, its tally, and whether it ended as it should.
  func wait() -> (told: String, tally: Tally, ended: Bool) {
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let lines = text.split(separator: "\n")
    let tally = Tally(lines: lines.filter { $0.hasPrefix("= ") }.map { $0.dropFirst(2) })
    let told = lines.filter { !$0.hasPrefix("= ") }.joined(separator: "\n")
    return (told, tally, process.terminationStatus == 0)
  }
}
