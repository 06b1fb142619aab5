/// The oracle of every story: after the last edit all machines sync until nothing moves.
enum Settling {
  /// Syncs all machines until a whole round is quiet, then compares what they show.
  ///
  /// - Parameter strangers: device ids the story left behind, such as those of a clone.
  /// - Returns: what they all show.
  @discardableResult
  static func settle(
    _ machines: [Machine], _ spot: Spot, remote: String = "home", strangers: Int = 0
  ) throws -> String {
    let most = (spot.kind.lists ? 1 : machines.count + strangers) + spot.kind.opening
    var last: [Machine.SyncResult] = []
    for _ in 0..<8 {
      let before = try spot.files()
      last = try machines.map { try $0.syncs(remote) }
      guard last.allSatisfy({ $0.isQuiet && $0.requests <= most }) else { continue }
      try check(try spot.files() == before, "a quiet sync changed the folder")
      if machines.count == 2, strangers == 0 {
        Matrix.addQuiet(spot.kind, last.map(\.requests).max() ?? 0)
      }
      return try compare(machines)
    }
    throw Unexpected("the machines do not come to rest: \(last)")
  }

  /// What all of them show.
  @discardableResult
  static func compare(_ machines: [Machine]) throws -> String {
    let dumps = try machines.map { try $0.dump() }
    guard let first = dumps.first else { return "" }
    for (machine, dump) in zip(machines, dumps) where dump != first {
      throw Unexpected(difference(machines[0].name, first, machine.name, dump))
    }
    return first
  }

  private static func difference(
    _ a: String, _ dumpA: String, _ b: String, _ dumpB: String
  )
    -> String
  {
    let (linesA, linesB) = (dumpA.split(separator: "\n"), dumpB.split(separator: "\n"))
    let at = zip(linesA, linesB).enumerated().first { $0.element.0 != $0.element.1 }
    guard let at else { return "\(a) shows \(linesA.count) lines, \(b) \(linesB.count)" }
    return "\(a) and \(b) differ in line \(at.offset):\n\(at.element.0)\n\(at.element.1)"
  }
}
