import Foundation
import Synchronization
import TestSupport

/// Processes that die, and processes that meet.
extension Scenario {
  static let crowds = [killed, twoAtOnce, hundredSyncs]

  static let killed = Scenario("killed at random points, 100 times") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    var generator = SeededGenerator(seed: 20_251_004)
    // As long as a sync lasts here, in microseconds: found out on the way, whatever the machine
    // does.
    var most: UInt32 = 60_000
    var cut = 0
    for round in 0..<100 {
      let machine = round.isMultiple(of: 2) ? desk : laptop
      try machine.does("tag", "add", "r\(round)", OwnDigest().ids[round % 12])
      let status = try machine.shelf.kill(
        ["sync", "home"], afterMicroseconds: .random(in: 0...most, using: &generator))
      if status == 128 + 9 { cut += 1 }
      most = status == 128 + 9 ? most / 8 * 9 + 8 : max(2000, most / 5 * 4)
    }
    try check(cut >= 25, "only \(cut) of 100 syncs were killed on their way")
    try Settling.settle([desk, laptop], spot, strangers: 1)
    let papers = try laptop.papers()
    for round in 0..<100 {
      let id = OwnDigest().ids[round % 12]
      try check(papers[id]?.tags.contains("r\(round)") == true, "seed 20251004: r\(round) is lost")
    }
    try check(try desk.does("sync", "verify").contains("whole"), "not whole")
    print("killed: \(cut) of 100 syncs on their way, over \(place.kind)")
  }

  static let twoAtOnce = Scenario("two syncs at once on one home") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    for round in 0..<8 {
      try desk.does("tag", "add", "t\(round)", "all")
      try laptop.does("tag", "add", "l\(round)", OwnDigest().ids[round])
      try laptop.syncs()
      let outcomes = Mutex<[ShelfProcess.Outcome]>([])
      DispatchQueue.concurrentPerform(iterations: 2) { _ in
        if let outcome = try? desk.shelf.run("sync", "home") {
          outcomes.withLock { $0.append(outcome) }
        }
      }
      for outcome in outcomes.withLock({ $0 }) {
        try check([0, 3, 75].contains(outcome.status), "\(outcome.status): \(outcome.errors)")
      }
    }
    try Settling.settle([desk, laptop], spot)
    for round in 0..<8 {
      try check(try laptop.paper("2509.00012").tags.contains("t\(round)"), "t\(round) is lost")
    }
    let devices = try desk.does("sync", "devices").split(separator: "\n").count - 1
    try equal(devices, 2, "machines; two processes of one home are one machine")
  }

  static let hundredSyncs = Scenario("hundred concurrent syncs, five homes") { place, name in
    let spot = try place.spot(name)
    let machines = try (0..<5).map { try Machine("m\($0)") }
    for machine in machines { try machine.adds("home", spot) }
    let troubles = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 5) { index in
      do { try work(machines[index], index) } catch {
        troubles.withLock { $0.append("\(error)") }
      }
    }
    try equal(troubles.withLock { $0 }, [], "troubles")
    try Settling.settle(machines, spot)
    let papers = try machines[4].papers()
    try equal(papers.count, 72, "papers")
    for index in 0..<5 {
      for round in 0..<20 {
        let tags = papers[OwnDigest().ids[round % 12]]?.tags
        try check(tags?.contains("m\(index)r\(round)") == true, "m\(index)r\(round) is lost")
      }
    }
  }

  /// Twenty edits and syncs of one machine, while the others do the same.
  private static func work(_ machine: Machine, _ index: Int) throws {
    try machine.imports(OwnDigest())
    try machine.imports(OwnDigest("2025-09-0\(index + 2)", first: 100 + 12 * index))
    for round in 0..<20 {
      try machine.does("tag", "add", "m\(index)r\(round)", OwnDigest().ids[round % 12])
      let outcome = try machine.shelf.run("sync", "home")
      // 75: two machines set the folder up at the same moment; the next sync goes on.
      try check([0, 2, 3, 75].contains(outcome.status), "\(outcome.status): \(outcome.errors)")
    }
  }
}
