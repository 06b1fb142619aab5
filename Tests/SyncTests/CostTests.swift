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
    // Where it left something out three times in a row it was given up, and is tried again.
    for _ in 0..<16 { try desk.sync(server) }
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
      var (pushed, pulled, steps, looked) = (0, 0, 0, 0)
      let engine = SyncEngine(
        library: machine.library, folder: SimFolder(server, caller: machine.name), remote: "home",
        identity: machine.identity, surroundings: machine.surroundings
      ) { progress in
        steps += 1
        switch progress {
        case .pushed(let changes): pushed += changes
        case .pulled(_, let changes): pulled += changes
        case .looked: looked += 1
        }
      }
      let report = try engine.sync()
      #expect(steps >= 2 && pushed == report.pushed && pulled == report.pulled)
      #expect(looked == 0)
      // And all of a folder is looked at: each file of it but the header and the list of devices.
      _ = try engine.verify()
      #expect(looked >= server.files.count - 2)
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

  /// One provider shows 750 names of a folder, whichever; and where nothing can be removed a folder
  /// holds thousands.
  @Test("A listing that is dear is seldom asked for", arguments: [nil, 200, 120])
  func aDearListing(most: Int?) throws {
    let server = SimServer()
    server.deletes = false
    let machines = try ["desk", "laptop", "phone"].map { try Machine($0) }
    // As 750 names are of the real one.
    for machine in machines { machine.dearListing = 32 * 1024 }
    try machines[0].add("2509.00001")
    #expect(try differences(machines, server) == [])
    for round in 0..<90 {
      for machine in machines {
        try machine.tag("2509.00001", "t\(round)")
        try machine.sync(server)
      }
    }
    #expect(try differences(machines, server) == [])
    #expect(server.files.count > 250)
    server.mostListed = most
    for _ in 0..<5 { for machine in machines { try machine.sync(server) } }
    // What is new comes at once, whether the listing shows it or not.
    for round in 0..<6 {
      try machines[round % 3].tag("2509.00001", "n\(round)")
      try machines[round % 3].sync(server)
      #expect(try machines[(round + 1) % 3].sync(server).pulled > 0)
      #expect(try machines[(round + 2) % 3].sync(server).pulled > 0)
    }
    var (bytes, loud) = (0, 0)
    for _ in 0..<64 {
      let report = try machines[0].sync(server)
      bytes += report.bytesReceived
      if report.requests > 1 + machines.count { loud += 1 }
      #expect(report.requests < 24 && report.bytesSent == 0, "\(report)")
      #expect(report.notices == [] && report.problems == [])
    }
    #expect(bytes / 64 < 12_000, "\(bytes / 64) bytes a quiet sync")
    // When the listing is tried again, and hides something.
    #expect(loud <= 4)
    // The folder has become small: that is noticed.
    server.mostListed = nil
    for machine in machines {
      let log = try machine.engine(server).current().ownLog
      for number in 1..<log.start { server.files[try machine.file("\(number)")] = nil }
    }
    #expect(server.files.count < 120)
    for _ in 0..<70 { for machine in machines { try machine.sync(server) } }
    for machine in machines { #expect(try machine.sync(server).requests == 1) }
  }

  @Test("A listing that never shows all is given up", arguments: [6, 9, 12, 20])
  func aShortListing(most: Int) throws {
    let server = SimServer()
    let machines = try ["desk", "laptop", "phone"].map { try Machine($0) }
    try machines[0].add("2509.00001")
    #expect(try differences(machines, server) == [])
    for round in 0..<30 {
      try machines[round % 3].tag("2509.00001", "t\(round)")
      try machines[round % 3].sync(server)
    }
    #expect(try differences(machines, server) == [])
    server.mostListed = most
    var told = 0
    for round in 0..<30 {
      try machines[round % 3].tag("2509.00001", "n\(round)")
      for machine in machines {
        told += try machine.sync(server).notices.count { $0 == .listingHides }
      }
    }
    #expect(told == 3)
    #expect(try differences(machines, server) == [])
    for _ in 0..<32 { for machine in machines { try machine.sync(server) } }
    let costs = try (0..<16).map { _ in try machines[0].sync(server).requests }
    #expect(costs.filter { $0 > 4 }.count <= 1, "\(costs)")
    server.mostListed = nil
    for _ in 0..<64 { for machine in machines { try machine.sync(server) } }
    for machine in machines { #expect(try machine.sync(server).requests == 1) }
  }
}
