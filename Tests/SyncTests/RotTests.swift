import Changes
import Papers
import Sealing
import Simulator
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// Damage that keeps a file's size: its owner mends it, and anybody's `repair` makes up for it.
@Suite struct RotTests {
  private func lives(lists: Bool, versions: Bool = false) throws -> (SimServer, Machine, Machine) {
    try Machine.lives(6, lists: lists, versions: versions)
  }

  enum Damage: CaseIterable { case flip, zeros, swap, gone, short, page }

  private func damage(_ server: SimServer, _ name: RemoteName, _ kind: Damage) throws {
    let bytes = try #require(server.files[name])
    switch kind {
    case .flip: server.files[name]?[bytes.count / 2] ^= 1
    case .zeros: server.files[name] = [UInt8](repeating: 0, count: bytes.count)
    case .swap:
      let other = server.files.first {
        $0.key != name && $0.key.text.split(separator: ".").last.flatMap { UInt64($0) } != nil
      }
      server.files[name] = try #require(other?.value)
    case .gone: server.files[name] = nil
    case .short: server.files[name]?.removeLast(bytes.count / 2)
    case .page: server.files[name] = Array("<html>Please sign in".utf8)
    }
  }

  /// What stands behind a segment that cannot be read is read all the same, what is missing is told
  /// in each sync and asked for again, and its owner mends it when somebody could not read it.
  @Test(
    "One bad segment stops only itself", arguments: [true, false], Damage.allCases)
  func readsOn(lists: Bool, _ kind: Damage) throws {
    let (server, desk, laptop) = try lives(lists: lists)
    let whole = server.files
    try damage(server, try desk.file("3"), kind)
    let phone = try Machine("phone")
    for _ in 0..<2 {
      let report = try phone.sync(server)
      #expect(!report.problems.isEmpty, "\(report)")
      #expect(try phone.paper(one)?.tags.map(\.name).sorted() == ["t0", "t2", "t3", "t4", "t5"])
    }
    // Quiet as long as nobody mends it.
    #expect(try phone.sync(server).bytesSent == 0)
    try desk.sync(server)
    #expect(server.files[try desk.file("3")] == whole[try desk.file("3")])
    let mended = try phone.sync(server)
    #expect(mended.problems == [] && mended.pulled > 0)
    #expect(try differences([desk, laptop, phone], server) == [])
    for machine in [desk, laptop, phone] {
      let costs = try (0..<3).map { _ in try machine.sync(server).requests }
      #expect(try #require(costs.last) <= (lists ? 1 : 3), "\(costs)")
      #expect(try machine.engine(server).verify().problems == [])
    }
  }

  @Test("A listing that tells of the writing shows its owner what was written over")
  func ownerSeesIt() throws {
    let (server, desk, _) = try lives(lists: true, versions: true)
    let whole = server.files
    for number in 1...7 {
      let name = try desk.file("\(number)")
      let place = try #require(server.files.keys.sorted().firstIndex(of: name))
      var touching = UInt64(place) * 2
      while server.files[name] == whole[name] {
        server.rot(touching)
        touching += 2 * UInt64(server.files.count)
      }
      #expect(try desk.sync(server).notices == [.refilled(segments: 1)])
      #expect(server.files == whole)
      #expect(try desk.sync(server).requests == 1)
    }
  }

  /// Also when nothing was synced between the last edit and the damage.
  @Test func ownerSeesItAtOnce() throws {
    let (server, desk, _) = try lives(lists: true, versions: true)
    try desk.tag(one, "last")
    try desk.sync(server)
    let whole = server.files
    let names = server.files.keys.sorted()
    let place = try #require(names.firstIndex(of: try desk.file("2")))
    server.rot(UInt64(place) * 2)
    #expect(server.files != whole)
    #expect(try desk.sync(server).notices == [.refilled(segments: 1)])
    #expect(server.files == whole)
  }

  @Test("A folder whose files are all touched again and again costs little")
  func touchedForNothing() throws {
    let (server, desk, _) = try lives(lists: true, versions: true)
    let whole = server.files
    var costs: [Int] = []
    for _ in 0..<20 {
      for (name, bytes) in whole { try SimFolder(server).write(name, bytes) }
      costs.append(try desk.sync(server).requests)
    }
    #expect(costs.filter { $0 > 1 }.count <= LogVersions.mostAlarms, "\(costs)")
  }

  /// Which segments are damaged how, who repairs, and whether their owner is gone.
  @Test("36 storms of damage", arguments: 0..<36)
  func repairMakesUpForIt(_ storm: Int) throws {
    var generator = SeededGenerator(seed: UInt64(storm))
    let lists = storm % 2 == 0
    let (server, desk, laptop) = try lives(lists: lists)
    let phone = try Machine("phone")
    phone.compactAt = 4
    try phone.tag(one, "phone")
    #expect(try differences([desk, laptop, phone], server) == [])
    let isOwnerGone = storm % 3 == 0
    let repairer = storm % 4 < 2 ? laptop : phone
    let segments = server.files.keys.filter {
      $0.text.split(separator: ".").last.flatMap { UInt64($0) } != nil
    }.sorted()
    for name in segments where Int.random(in: 0..<2, using: &generator) == 0 {
      try damage(server, name, try #require(Damage.allCases.randomElement(using: &generator)))
    }
    let whole = try repairer.library.dump()
    _ = try repairer.engine(server).repair()
    // Whoever comes now gets everything that was in any log.
    let late = try Machine("late")
    for _ in 0..<2 { try late.sync(server) }
    let lacking = Set(whole).subtracting(try late.library.dump())
    #expect(lacking.isEmpty, "\(lacking)")
    if !isOwnerGone {
      for _ in 0..<2 { for one in [desk, laptop, phone] { try one.sync(server) } }
    }
    let living = isOwnerGone ? [repairer, late] : [desk, laptop, phone, late]
    if isOwnerGone { _ = try repairer.engine(server).repair() }
    #expect(try differences(living, server) == [])
    for machine in living {
      let report = try machine.sync(server)
      #expect(report.problems == [], "\(machine.name): \(report)")
      let found = try machine.engine(server).verify()
      #expect(found.problems == [] && found.absent == 0, "\(machine.name): \(found)")
    }
  }

  @Test(arguments: [[], [AbsentRule.holesForgotten], [.complaintsUnheard]])
  func whatEachRuleIsFor(_ weaknesses: [AbsentRule]) throws {
    let (server, desk, _) = try lives(lists: true)
    let phone = try Machine("phone")
    (desk.weaknesses, phone.weaknesses) = (Set(weaknesses), Set(weaknesses))
    try damage(server, try desk.file("3"), .flip)
    for machine in [phone, desk, phone] { try machine.sync(server) }
    #expect((try phone.paper(one)?.tags.count == 6) == weaknesses.isEmpty)
  }

  /// The list of devices is in clear: what it says of a log's start is believed only when the log
  /// says so too.
  @Test(arguments: [true, false])
  func aStartThatOnlyTheServerTells(lists: Bool) throws {
    let (server, desk, _) = try lives(lists: lists)
    let device = try desk.library.read { try $0.device() }
    let list = try PeerList(try #require(server.files[RemoteLayout.peers]))
    server.files[RemoteLayout.peers] =
      PeerList(list.devices, logs: [device: 5], newest: list.newest).bytes
    let phone = try Machine("phone")
    try phone.sync(server)
    try phone.sync(server)
    #expect(try phone.paper(one)?.tags.count == 6)
  }
}
