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

/// Ids cost work: thousands of real machines work, invented ones deafen nobody.
@Suite struct ManyMachinesTests {
  /// Each knows those before it, as machines that met do.
  private func plant(_ count: Int, on server: SimServer) throws -> [DeviceID] {
    var known: [DeviceID] = []
    return try (1...count).map { index in
      let peer = HostilePeer(server, UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
      let paper = PaperID(trusted: "2501.\(10_000 + index)")
      let time = 1_760_000_000_000 + Int64(index)
      try peer.send(
        [peer.change(time, 0, .added(paper, time))],
        knowing: known.suffix(Segment.maximumPeers).sorted())
      known.append(peer.device)
      return peer.device
    }
  }

  @Test("Three hundred machines, listed or named", arguments: [true, false])
  func aNewcomerMeetsHundreds(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let devices = try plant(300, on: server)
    if !lists {
      let list = try PeerList(try #require(server.files[RemoteLayout.peers]))
      server.files[RemoteLayout.peers] =
        PeerList(list.devices + devices, logs: list.logs, newest: list.newest).bytes
    }
    let phone = try Machine("phone")
    let report = try phone.sync(server)
    #expect(report.problems == [])
    #expect(report.notices == [])
    for index in 1...300 { #expect(try phone.paper("2501.\(10_000 + index)") != nil) }
    #expect(report.pulled >= 300)
    // Who has a head and no segment may have made room for somebody, and is asked once more.
    try phone.sync(server)
    #expect(try phone.sync(server).requests <= (lists ? 1 : 1 + 302))
    // Not the same are told in each segment, and no more than a reader takes.
    try phone.mark(one, .read)
    try phone.sync(server)
    let first = RemoteLayout.segment(try phone.library.read { try $0.device() }, 1)
    #expect(try #require(server.files[first]).count < 16_000)
    for machine in [desk, laptop, phone] { try machine.sync(server) }
    #expect(try differences([desk, laptop, phone], server, rounds: 1) == [])
  }

  /// Whoever reaches the folder may put names there; the list of devices and the heads name the
  /// real ones.
  @Test("Invented names keep no newcomer from those who are", arguments: [0, 1])
  func aNewcomerInACrowd(_ sealed: Int) throws {
    let server = SimServer()
    let names = ["desk", "laptop", "phone"]
    let machines = try names.map { try Machine($0) }
    if sealed == 1 { for machine in machines { machine.passphrase = Array("pass".utf8) } }
    try machines[0].add(one)
    try machines[1].tag(one, "laptop")
    #expect(try differences(Array(machines[..<2]), server) == [])
    for invented in 1...300 as ClosedRange<UInt64> {
      server.files[RemoteLayout.segment(DeviceID(bits: invented), 1)] = []
      server.files[RemoteLayout.head(DeviceID(bits: invented))] = []
    }
    let phone = machines[2]
    let report = try phone.sync(server)
    #expect(try phone.paper(one)?.tags.map(\.name) == ["laptop"])
    #expect(!report.problems.contains { if case .withheld = $0 { true } else { false } })
    #expect(report.notices.contains { if case .crowd = $0 { true } else { false } })
    // Nobody keeps the others from being asked in turn.
    var asked = 0
    for _ in 0..<8 {
      let next = try phone.sync(server)
      asked += 1
      if !next.notices.contains(where: { if case .crowd = $0 { true } else { false } }) { break }
    }
    #expect(asked < 8)
  }

  @Test("Names that somebody invented", arguments: [true, false])
  func aCrowdOfNobodies(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let invented = (1...2_000).map { DeviceID(bits: $0) }
    for device in invented { server.files[RemoteLayout.segment(device, 1)] = Array("junk".utf8) }
    let real = HostilePeer(server, 1_500 << 32)
    try real.send([real.tag("real")])
    let list = try PeerList(try #require(server.files[RemoteLayout.peers]))
    if !lists {
      server.files[RemoteLayout.peers] =
        PeerList(list.devices + invented + [real.device], logs: list.logs, newest: list.newest)
        .bytes
    }
    // What the others do arrives at once; each sync costs a bounded number of requests.
    try laptop.mark(one, .read)
    try laptop.sync(server)
    var syncs = 0
    var most = 0
    while try desk.paper(one)?.tags.map(\.name) != ["real"], syncs < 100 {
      most = max(most, try desk.sync(server).requests)
      syncs += 1
      #expect(try desk.paper(one)?.status == .read)
    }
    #expect(syncs < 2_000 / SyncEngine.mostStrangers + 3, "\(syncs)")
    #expect(most < 5 * SyncEngine.mostStrangers, "\(most)")
    // Nobody is told of them.
    let peers = try desk.engine(server).current().peers.filter { $0.value.applied > 0 }
    #expect(peers.count <= 2)
    let phone = try Machine("phone")
    // That some were not asked yet is told until all were.
    var told: [Bool] = []
    for _ in 0..<40 {
      told.append(
        try phone.sync(server).notices.contains { if case .crowd = $0 { true } else { false } })
    }
    #expect(told.first == true && told.last == false && told.count { $0 } < 40)
    #expect(try phone.paper(one)?.tags.map(\.name) == ["real"])
  }

  // MARK: Names

  @Test func machinesOfOneName() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let others = [try Machine("phone", seed: 1), try Machine("phone", seed: 2)]
    for other in others { try other.tag(one, "phone") }
    #expect(try differences([desk, laptop] + others, server) == [])
    let ids = try others.map { try $0.library.read { try $0.device() } }.sorted()
    let engine = try desk.engine(server)
    #expect(throws: SyncError.severalMachines("phone", ids: ids.map(\.description))) {
      try engine.machine(called: "phone")
    }
    for id in ids {
      #expect(try engine.machine(called: id.description) == id)
      #expect(try engine.machine(called: String(id.description.prefix(6))) == id)
    }
    for name in ["nobody", "", "0"] {
      #expect(throws: SyncError.noSuchMachine(name)) { try engine.machine(called: name) }
    }
    // Of two the one that is not retired is meant.
    try engine.retire(ids[0], called: "phone")
    #expect(try engine.machine(called: "phone") == ids[1])
    // And an id is who bears it, whoever is called so.
    let liar = try Machine("\(ids[1])", seed: 3)
    try liar.tag(one, "liar")
    #expect(try differences([desk, laptop, liar] + others, server) == [])
    #expect(try desk.engine(server).machine(called: "\(ids[1])") == ids[1])
  }

  // MARK: One folder under two names

  @Test("An address inside and one from outside", arguments: [true, false], [true, false])
  func oneFolderUnderTwoNames(lists: Bool, sealed: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    for machine in [desk, laptop] { machine.passphrase = sealed ? Array("pass".utf8) : nil }
    try desk.add(one)
    try laptop.sync(server)
    let device = try desk.library.read { try $0.device() }
    var notices: [SyncNotice] = []
    for round in 0..<6 {
      for (place, remote) in ["lan", "wan"].enumerated() {
        try desk.tag(one, "t\(round)\(place)")
        notices += try desk.sync(server, remote: remote).notices
        try laptop.sync(server)
      }
    }
    #expect(try desk.library.read { try $0.device() } == device)
    #expect(notices.filter { $0 == .sameFolder(as: "lan") }.count == 1)
    #expect(!notices.contains { if case .newIdentity = $0 { true } else { false } })
    #expect(try laptop.paper(one)?.tags.count == 12)
    // Both are quiet, and one removed leaves the other as it is.
    for remote in ["lan", "wan"] {
      #expect(try desk.sync(server, remote: remote).requests <= (lists ? 1 : 3))
    }
    try SyncEngine.forget("lan", in: desk.library)
    try desk.tag(one, "last")
    #expect(try desk.sync(server, remote: "wan").pushed == 2)
    #expect(try desk.library.read { try $0.device() } == device)
    try laptop.sync(server)
    #expect(try desk.library.dump() == laptop.library.dump())
  }

  /// Its owner hears of what nobody has met yet, and the folder comes to rest.
  @Test("Damage amid a crowd of names that somebody invented")
  func damageAmidACrowd() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    try desk.sync(server)
    let list = try PeerList(try #require(server.files[RemoteLayout.peers]))
    let invented = (1...200).map { DeviceID(bits: UInt64($0) &* 0x9E37_79B9_7F4A_7C15) }
    var newest = list.newest
    for device in invented { newest[device] = "7.0123456789abcdef" }
    server.files[RemoteLayout.peers] = PeerList(list.devices + invented, newest: newest).bytes
    server.files[try desk.file("1")]?[120] ^= 1
    for _ in 0..<6 { for machine in [laptop, desk] { try machine.sync(server) } }
    #expect(try laptop.paper(one) != nil)
    let before = server.writes
    for _ in 0..<4 { for machine in [laptop, desk] { try machine.sync(server) } }
    #expect(server.writes == before)
  }

  /// By the same name or another; the machine stays who it is, and what it did is told once.
  @Test("A remote that is removed and added again", arguments: [true, false], [true, false])
  func aRemoteRemovedAndAddedAgain(lists: Bool, sealed: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    for machine in [desk, laptop] { machine.passphrase = sealed ? Array("pass".utf8) : nil }
    try desk.add(one)
    let device = try desk.library.read { try $0.device() }
    try desk.sync(server)
    for (round, name) in ["home", "home", "elsewhere", "home"].enumerated() {
      try SyncEngine.forget(round == 3 ? "elsewhere" : "home", in: desk.library)
      try desk.tag(one, "t\(round)")
      try laptop.tag(one, "l\(round)")
      try laptop.sync(server)
      let report = try desk.sync(server, remote: name)
      #expect(report.pushed == 2 && report.pulled == (round == 0 ? 3 : 2))
      #expect(report.notices == [] && report.problems == [])
      #expect(report.requests <= 14)
      try laptop.sync(server)
    }
    #expect(try desk.library.read { try $0.device() } == device)
    #expect(try desk.sync(server).requests <= (lists ? 1 : 3))
    #expect(try desk.library.dump() == laptop.library.dump())
    #expect(try laptop.library.dump().filter { $0.hasPrefix("operation") }.count == 9)
  }

  /// All that it ever wrote came back from another machine: it has nothing to send, and its log is
  /// missed all the same.
  @Test(arguments: [true, false])
  func aRemoteAddedAgainWithNothingToSend(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    for machine in [desk, laptop] { machine.passphrase = Array("pass".utf8) }
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    // It sends all of the library.
    _ = try laptop.engine(server).rekey(Array("new".utf8))
    for machine in [desk, laptop] { machine.passphrase = Array("new".utf8) }
    server.files[try desk.file("1")] = nil
    try SyncEngine.forget("home", in: desk.library)
    for _ in 0..<3 { for machine in [desk, laptop] { try machine.sync(server) } }
    #expect(try desk.sync(server).notices == [])
    let last = try laptop.sync(server)
    #expect(last.notices == [] && last.problems == [], "\(last)")
  }

  /// Whatever is removed last can be met again, and the library does not grow for ever.
  @Test func manyRemotesRemoved() throws {
    let desk = try Machine("desk")
    try desk.add(one)
    var servers: [SimServer] = []
    for _ in 0..<20 {
      servers.append(SimServer())
      try desk.sync(servers[servers.count - 1])
      try SyncEngine.forget("home", in: desk.library)
    }
    #expect(try desk.library.memory { try RemoteState.remotes($0).count } == 8)
    let device = try desk.library.read { try $0.device() }
    for server in servers.suffix(8) {
      #expect(try desk.sync(server).pushed == 0)
      try SyncEngine.forget("home", in: desk.library)
    }
    #expect(try desk.library.read { try $0.device() } == device)
  }

  /// A server that fails just when the machine looks for itself makes no other of it.
  @Test(arguments: [true, false])
  func aRemoteAddedAgainWhileTheServerFails(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, _) = try Machine.pair(sharing: one, server)
    let device = try desk.library.read { try $0.device() }
    for request in 0..<12 {
      try SyncEngine.forget("home", in: desk.library)
      try desk.tag(one, "t\(request)")
      server.crashAfter = request
      _ = try? desk.sync(server)
      server.crashAfter = nil
      try desk.sync(server)
      #expect(try desk.library.read { try $0.device() } == device, "request \(request)")
    }
  }

  /// Two machines that were synced by both names before they were known to be one folder.
  @Test func aFolderThatWasAlreadyTakenForTwo() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    try desk.sync(server, remote: "lan")
    // As a build before this one left it: both names with a memory of their own.
    let rule: Set<AbsentRule> = [.sameFolderUnnoticed]
    desk.weaknesses = rule
    for round in 0..<3 {
      try desk.tag(one, "w\(round)")
      try desk.sync(server, remote: "wan")
      try desk.tag(one, "l\(round)")
      try desk.sync(server, remote: "lan")
    }
    for round in 0..<9 { try laptop.tag(one, "p\(round)") }
    try laptop.sync(server)
    try desk.sync(server, remote: "wan")
    desk.weaknesses = []
    let devices = try desk.library.read { try $0.machineNames() }.count
    #expect(devices > 3)
    for round in 0..<3 {
      try desk.tag(one, "x\(round)")
      // What came by the one name is not sent by the other.
      #expect(try desk.sync(server, remote: "wan").pushed < 10)
      try desk.tag(one, "y\(round)")
      try desk.sync(server, remote: "lan")
    }
    #expect(try desk.library.read { try $0.machineNames() }.count <= devices + 1)
    try laptop.sync(server)
    #expect(try laptop.paper(one)?.tags.count == 21)
  }

  /// Two names of one folder with a memory of each, as a build before left them.
  @Test func whatCameByOneNameIsNotSentByTheOther() {
    var (first, second) = (RemoteState(), RemoteState())
    let log = Stretch(device: DeviceID(bits: 7), first: 1, log: PeerLog(applied: 1))
    _ = first.make(.skip(to: 3))
    _ = second.make(.received([2, 4, 5], of: log))
    #expect(first.unsent(upTo: 7) == PlaceSet([4...7]))
    _ = first.make(.absorb(second))
    #expect(first.unsent(upTo: 7) == PlaceSet([6...7]))
    #expect(first.peers[log.device]?.applied == 1)
  }

  // MARK: A listing that hides

  @Test func aListingThatHidesWhatIsThereIsNone() throws {
    let server = SimServer()
    server.hidesAll = true
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    try desk.sync(server)
    let first = try laptop.sync(server)
    // Who comes later is found by `peers` alone.
    let phone = try Machine("phone")
    try phone.sync(server)
    try phone.tag(one, "phone")
    try phone.sync(server)
    #expect(try laptop.sync(server).pulled > 0)
    #expect(first.notices.contains(.listingHides) && first.pulled > 0)
    #expect(try laptop.paper(one) != nil)
    for round in 0..<4 {
      try desk.tag(one, "t\(round)")
      try desk.sync(server)
      let report = try laptop.sync(server)
      #expect(report.pulled > 0 && !report.notices.contains(.listingHides))
    }
    // By then hardly anybody lists any more.
    let costs = try (0..<8).map { _ in try laptop.sync(server).requests }
    #expect(costs.filter { $0 > 4 }.count <= 1 && costs.allSatisfy { $0 <= 6 }, "\(costs)")
    #expect(try differences([desk, laptop], server) == [])
    // It shows all again: that is noticed, the later the longer it did not.
    server.hidesAll = false
    for _ in 0..<16 { try laptop.sync(server) }
    #expect(try laptop.sync(server).requests == 1)
  }

  // MARK: Putting together

  /// Forty long summaries, a star each sync: what is sent is bounded by what changed.
  @Test func compactionDoesNotThrash() throws {
    let server = SimServer()
    let desk = try Machine("desk")
    var generator = SeededGenerator(seed: 11)
    for index in 0..<40 {
      let words = (0..<9_500).map { _ in
        String(UInt64.random(in: 0..<(1 << 24), using: &generator), radix: 16)
      }
      let id = PaperID(trusted: "2501.\(10_000 + index)")
      let content = PaperContent(title: "t", summary: words.joined(separator: " "))
      _ = try desk.library.record("add") {
        try $0.write([.added(id, 1), .content(id, DigestContent(content))])
      }
    }
    let whole = try desk.sync(server).bytesSent
    var sent = 0
    for round in 0..<100 {
      try desk.tag("2501.10001", "t\(round)")
      sent += try desk.sync(server).bytesSent
    }
    #expect(sent < whole + 400_000, "\(sent) bytes for 100 tags, beside \(whole)")
    let laptop = try Machine("laptop")
    #expect(try differences([desk, laptop], server) == [])
  }
}
