import Store

/// Makes a failing script short by leaving out what is not needed for the failure.
package enum Shrinking {
  /// The shortest script found that fails, and how.
  package static func shrink(
    _ script: Script, _ weaknesses: Set<AbsentRule> = []
  ) -> (Script, [String]) {
    var best = script
    var reasons = run(script, weaknesses)
    var size = max(1, script.steps.count / 2)
    while size >= 1 {
      var start = 0
      while start < best.steps.count {
        var shorter = best
        shorter.steps.removeSubrange(start..<min(start + size, best.steps.count))
        let failures = run(shorter, weaknesses)
        if failures.isEmpty {
          start += size
        } else {
          best = shorter
          reasons = failures
        }
      }
      size /= 2
    }
    return simplify(best, reasons, weaknesses)
  }

  /// Fewer machines, one server, in clear, where that fails too.
  private static func simplify(
    _ script: Script, _ reasons: [String], _ weaknesses: Set<AbsentRule>
  ) -> (Script, [String]) {
    var (best, reasons) = (script, reasons)
    let simpler: [(inout Script) -> Void] = [
      { $0.names = .plain }, { $0.encrypted = false }, { $0.tellsVersions = false },
      { $0.servers = 1 }, { $0.old = [] }, { $0.decides = false }, { $0.reseals = false },
      { if $0.devices > 2 { $0.devices -= 1 } }, { if $0.devices > 2 { $0.devices -= 1 } },
    ]
    for simplify in simpler {
      var candidate = best
      simplify(&candidate)
      guard candidate != best else { continue }
      let failures = run(candidate, weaknesses)
      if !failures.isEmpty { (best, reasons) = (candidate, failures) }
    }
    return (best, reasons)
  }

  private static func run(_ script: Script, _ weaknesses: Set<AbsentRule>) -> [String] {
    let simulation = Simulation(script, weaknesses: weaknesses)
    // What was looked at in the failing run must be looked at in the shorter ones: by the same
    // seed.
    return simulation.run()
  }
}
