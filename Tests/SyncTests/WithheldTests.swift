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

/// What a server withholds is told by what others have sealed to have read.
@Suite struct WithheldTests {
  private func id(_ machine: Machine) throws -> DeviceID {
    try machine.library.read { try $0.device() }
  }

  /// Two machines, and the folder as it was on Tuesday of the desk, and is now of the laptop.
  private func tuesday(lists: Bool) throws -> (SimServer, Machine, Machine) {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let tuesday = server.files
    for round in 0..<4 {
      try desk.tag(one, "t\(round)")
      try desk.sync(server)
    }
    try laptop.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
    let device = try id(desk)
    for name in server.files.keys where name.text.hasPrefix("\(device).") {
      server.files[name] = tuesday[name]
    }
    if !lists { server.files[RemoteLayout.peers] = tuesday[RemoteLayout.peers] }
    return (server, desk, laptop)
  }

  /// Its head was torn by its last sync, and nobody else knows where its log starts.
  @Test("The rest of a machine that is gone is found by who read it", arguments: [true, false])
  func theRestOfAMachineThatIsGone(isRetired: Bool) throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    desk.compactAt = 4
    let phone = try Machine("phone")
    try phone.sync(server)
    for round in 0..<6 {
      try desk.tag(one, "t\(round)")
      for machine in [desk, laptop] { try machine.sync(server) }
    }
    let device = try id(desk)
    let list = try PeerList(server.files[RemoteLayout.peers] ?? [])
    let start = try #require(list.logs[device])
    #expect(start > 2)
    for number in 1..<start { server.files[RemoteLayout.segment(device, number)] = nil }
    server.files[RemoteLayout.peers] = PeerList(list.devices).bytes
    server.files[try desk.file("head")] = Array("PSHELF".utf8)
    if isRetired { try laptop.engine(server).retire(device, called: "desk") }
    try laptop.sync(server)
    try SyncEngine.forget("home", in: phone.library)
    for _ in 0..<2 { for machine in [phone, laptop] { try machine.sync(server) } }
    #expect(try phone.library.dump() == laptop.library.dump())
    #expect(try phone.sync(server).problems == [])
  }

  /// One says that it stands for all that a machine ever wrote, or will, and the server has a page
  /// for every name.
  @Test("Who says to hold for another what nobody wrote costs a bounded number of requests")
  func aCoverWithoutEnd() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let (liar, gone) = (HostilePeer(server, 1), DeviceID(bits: 2))
    let covers = [gone: [1...1 << 40] as [ClosedRange<UInt64>]]
    try liar.send([], opening: Segment.Opening(log: 1, peers: [gone], covers: covers))
    for number in 1...3_000 as ClosedRange<UInt64> {
      server.files[RemoteLayout.segment(gone, number)] = Array("<html>".utf8)
    }
    try desk.tag(one, "desk")
    try desk.sync(server)
    // 256 that are passed over, 16 times eight behind them, and what every sync asks.
    #expect(try laptop.sync(server).requests < 450)
    #expect(try laptop.paper(one)?.tags.map(\.name) == ["desk"])
  }

  @Test(
    "A log as of Tuesday is told at the first sync, and as long as it is so",
    arguments: [true, false], [[], [AbsentRule.withheldUntold]])
  func tuesdaysLog(lists: Bool, _ weaknesses: [AbsentRule]) throws {
    let (server, desk, laptop) = try tuesday(lists: lists)
    let phone = try Machine("phone")
    phone.weaknesses = Set(weaknesses)
    let first = try phone.sync(server)
    let told = first.problems.contains {
      if case .withheld("desk", _, "laptop", let read) = $0 { read >= 5 } else { false }
    }
    #expect(told == weaknesses.isEmpty, "\(first)")
    guard weaknesses.isEmpty else { return }
    for _ in 0..<2 { #expect(try phone.sync(server).problems != []) }
    #expect(try phone.engine(server).verify().problems != [])
    // Whoever knows better sends it.
    _ = try laptop.engine(server).repair()
    try phone.sync(server)
    let mended = try phone.sync(server)
    #expect(mended.problems == [], "\(mended)")
    #expect(try phone.engine(server).verify().problems == [])
    #expect(try differences([laptop, phone], server) == [])
    #expect(try differences([desk, laptop, phone], server) == [])
  }

  /// What a newcomer is told agrees with what is missing: one file of a log is gone.
  @Test(arguments: [true, false], 1...5)
  func aNewcomerOverAGap(lists: Bool, _ missing: UInt64) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    for round in 0..<4 {
      try desk.tag(one, "t\(round)")
      try desk.sync(server)
    }
    #expect(try differences([desk, laptop], server) == [])
    server.files[RemoteLayout.segment(try id(desk), missing)] = nil
    let phone = try Machine("phone")
    for _ in 0..<2 { #expect(try phone.sync(server).problems != []) }
    #expect(try phone.engine(server).verify().problems != [])
    #expect(try phone.paper(one)?.tags.count ?? 0 >= 3)
    #expect(try differences([desk, laptop, phone], server) == [])
    #expect(try phone.sync(server).problems == [])
  }

  @Test(
    "Who claims to have read what nobody wrote costs the others little", arguments: [true, false])
  func aLiar(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let peer = HostilePeer(server)
    try peer.send([peer.tag("liar")])
    let header = try RemoteHeader(try #require(server.files[RemoteLayout.header]))
    let keys = try header.keys(passphrase: nil)
    var claims: [DeviceID: UInt64] = [try id(desk): 1 << 61, try id(laptop): 1 << 60]
    for bits in 1...40 as ClosedRange<UInt64> { claims[DeviceID(bits: bits)] = .max >> 1 }
    let head = DeviceHead(
      log: 1, newest: 1 << 60, hash: peer.previous, name: "liar", peers: [], applied: claims,
      missing: [try id(desk): [1...(1 << 61)]])
    server.files[RemoteLayout.head(peer.device)] = try head.sealed(device: peer.device, with: keys)
    if !lists {
      let list = try PeerList(try #require(server.files[RemoteLayout.peers]))
      server.files[RemoteLayout.peers] =
        PeerList(list.devices + [peer.device], newest: list.newest).bytes
    }
    let phone = try Machine("phone")
    for machine in [phone, desk, laptop, phone, desk, laptop] {
      try machine.tag(one, "of-\(machine.name)")
      let report = try machine.sync(server)
      #expect(report.requests < 400, "\(report.requests)")
    }
    _ = try phone.engine(server).verify()
    let different = try differences([desk, laptop, phone], server)
    #expect(different == [], "\(different)")
    #expect(try phone.paper(one)?.tags.count == 4)
  }

  /// A right that is missing, a cache, a page for what is gone: shown, and not given.
  @Test("A segment that a listing shows and nobody gets is told, until it comes")
  func shownAndNotGiven() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    try desk.tag(one, "desk")
    try desk.sync(server)
    let newest = try #require(
      server.files.keys.filter { $0.text.hasPrefix("\(try id(desk)).") }.sorted()
        .last { !$0.text.hasSuffix("head") })
    server.withheld = [newest]
    for _ in 0..<3 {
      let report = try laptop.sync(server)
      #expect(report.problems.count == 1 && report.requests < 8, "\(report)")
      #expect(try laptop.engine(server).verify().problems.count == 1)
    }
    server.withheld = []
    #expect(try laptop.sync(server).problems == [])
    #expect(try laptop.paper(one)?.tags.map(\.name) == ["desk"])
  }
}
