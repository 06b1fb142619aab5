import Changes
import Papers
import Sealing
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

@Suite struct CostTests {
  @Test(arguments: [true, false], [2, 3])
  func quietWhenNothingIsNew(lists: Bool, count: Int) throws {
    let server = SimServer()
    server.lists = lists
    let machines = try ["desk", "laptop", "phone"].prefix(count).map { try Machine($0) }
    for (index, machine) in machines.enumerated() { try machine.add("2509.0000\(index)") }
    #expect(try differences(machines, server) == [])
    let before = server.files
    for machine in machines {
      let report = try machine.sync(server)
      #expect(report.requests <= (lists ? 1 : machines.count))
      #expect(report.bytesSent == 0 && report.problems == [] && report.notices == [])
    }
    #expect(server.files == before)
  }

  @Test func aListingThatLeftSomethingOutCostsNothingLater() throws {
    let server = SimServer()
    let (desk, _) = try Machine.pair(sharing: "2509.00001", server)
    try desk.tag("2509.00001", "kv")
    try desk.sync(server)
    #expect(try desk.sync(server).requests == 1)
    server.faults.cutListing = 1000
    // Enough that each segment is left out of some, and shown alone by others.
    let requests = try (0..<20).map { _ in try desk.sync(server).requests }
    #expect(requests.contains { $0 > 1 })
    server.faults = SimServer.Faults()
    #expect(try desk.sync(server).requests == 1)
  }

  @Test(arguments: [true, false])
  func aHundredEditsTakeSixRequestsMore(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let machines = [try Machine("desk"), try Machine("laptop")]
    for index in 0..<100 { try machines[0].add("2509.\(10_000 + index)") }
    #expect(try differences(machines, server) == [])
    let quiet = try machines[0].sync(server).requests
    for index in 0..<100 { try machines[0].tag("2509.\(10_000 + index)", "kv") }
    let report = try machines[0].sync(server)
    #expect(report.requests <= quiet + 6)
    #expect(report.pushed == 200)
    #expect(report.bytesSent <= 10_000 + DeviceHead.length + 200)
  }

  @Test("Progress adds up to what the report says")
  func progressAddsUp() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    // Random text, so that it takes several segments.
    var random = SeededGenerator(seed: 4)
    for index in 0..<6 {
      let noise = (0..<200_000).map { _ in
        Character(Unicode.Scalar(UInt8.random(in: 0x23...0x5B, using: &random)))
      }
      try desk.add("2509.0000\(index)")
      try desk.note("2509.0000\(index)", "n00001", String(noise))
    }
    for machine in [desk, laptop] {
      var (pushed, pulled, steps) = (0, 0, 0)
      let engine = SyncEngine(
        library: machine.library, folder: SimFolder(server, caller: machine.name), remote: "home",
        identity: machine.identity, surroundings: machine.surroundings
      ) { progress in
        steps += 1
        switch progress {
        case .pushed(let changes): pushed += changes
        case .pulled(_, let changes): pulled += changes
        }
      }
      let report = try engine.sync()
      #expect(steps >= 2 && pushed == report.pushed && pulled == report.pulled)
    }
  }

  @Test func compactionKeepsTheFolderSmallAndLosesNothing() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    desk.compactAt = 8
    try desk.add("2509.00001", title: "first title")
    try desk.sync(server)
    try laptop.sync(server)
    for index in 0..<30 {
      try desk.tag("2509.00001", "t\(index)")
      let report = try desk.sync(server)
      #expect(report.problems == [])
      if index % 3 == 0 { try laptop.sync(server) }
    }
    #expect(try differences([desk, laptop], server) == [])
    let device = try desk.library.read { try $0.device() }
    let segments = server.files.keys.filter { $0.text.hasPrefix("\(device).") }
    #expect(segments.count <= 20)
    // A late joiner, and the laptop restored from its first day.
    let phone = try Machine("phone")
    #expect(try differences([desk, laptop, phone], server) == [])
    #expect(try phone.paper("2509.00001")?.tags.count == 30)
    #expect(try desk.engine(server).verify().problems == [])
  }

  @Test func aServerThatRemovesNothingKeepsOldSegments() throws {
    let server = SimServer()
    server.deletes = false
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    desk.compactAt = 4
    try desk.add("2509.00001")
    #expect(try differences([desk, laptop], server) == [])
    for index in 0..<12 {
      try desk.tag("2509.00001", "t\(index)")
      try desk.sync(server)
      try laptop.sync(server)
    }
    let device = try desk.library.read { try $0.device() }
    #expect(server.files[try #require(RemoteName("\(device).1"))] != nil)
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
    // They are asked for once and then left alone.
    desk.compactAt = 64
    try desk.tag("2509.00001", "before")
    try desk.sync(server)
    try desk.tag("2509.00001", "last")
    #expect(try desk.sync(server).requests <= 7)
  }

  @Test func aMachineThatDoesNotAnswerHoldsOldSegmentsUntilRetired() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    desk.compactAt = 4
    try desk.add("2509.00001")
    #expect(try differences([desk, laptop], server) == [])
    let backup = try laptop.backup()
    func edit(_ count: Int) throws {
      for index in 0..<count {
        try desk.tag("2509.00001", "t\(index)")
        try desk.sync(server)
      }
      for index in 0..<count {
        try desk.tag("2509.00001", "t\(index)", false)
        try desk.sync(server)
      }
    }
    try edit(10)
    let device = try desk.library.read { try $0.device() }
    let first = try #require(RemoteName("\(device).1"))
    #expect(server.files[first] != nil)
    let engine = try desk.engine(server)
    #expect(throws: SyncError.noSuchMachine("desk")) { try engine.machine(called: "desk") }
    try engine.retire(engine.machine(called: "laptop"), called: "laptop")
    try edit(3)
    #expect(server.files[first] == nil)
    // It comes back all the same, even from its backup.
    try laptop.restore(backup)
    try laptop.tag("2509.00001", "back")
    #expect(try differences([desk, laptop], server) == [])
    #expect(try desk.paper("2509.00001")?.tags == [Tag(trusted: "back")])
  }
}
