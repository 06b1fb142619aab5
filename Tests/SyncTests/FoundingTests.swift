import Changes
import Papers
import Sealing
import Store
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// Machines that set one folder up at the same moment: whoever's header lasts, all go on under it.
@Suite struct FoundingTests {
  /// Whoever put it back died, or the disk was full; and nothing else is left to know the folder
  /// by.
  @Test("A beginning of our header is put right", arguments: [0, 1, 40], [true, false])
  func tornHeader(length: Int, lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add("2509.00001")
    #expect(try differences([desk, laptop], server) == [])
    let header = try #require(server.files[RemoteLayout.header])
    server.files = [RemoteLayout.header: Array(header.prefix(length))]
    try desk.sync(server)
    #expect(server.files[RemoteLayout.header] == header)
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
    // Nothing else is lost, and nobody has anything to send: the listing shows its length.
    server.files[RemoteLayout.header] = Array(header.prefix(length))
    try laptop.sync(server)
    #expect(!lists || server.files[RemoteLayout.header] == header)
    server.files[RemoteLayout.header] = Array(header.prefix(length))
    _ = try laptop.engine(server).repair()
    #expect(server.files[RemoteLayout.header] == header)
  }

  @Test("What is no header of ours is put right when the person says so")
  func damagedHeader() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add("2509.00001")
    #expect(try differences([desk, laptop], server) == [])
    server.files = [RemoteLayout.header: Array(#"{"papershelf":"remote","form"#.utf8) + [0]]
    let before = server.files
    #expect(throws: SyncError.header(.damaged)) { try desk.sync(server) }
    #expect(server.files == before)
    _ = try desk.engine(server).repair()
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
  }

  /// It sent nothing, so nothing of its own tells it that the folder is the one it knows.
  @Test("A machine that only read goes on under another header")
  func readerGoesOn() throws {
    let (server, other) = (SimServer(), SimServer())
    let (desk, laptop, phone) = (try Machine("desk"), try Machine("laptop"), try Machine("phone"))
    try desk.add("2509.00001")
    try desk.sync(server)
    try laptop.sync(server)
    #expect(try laptop.engine(server).newestSegment == 0)
    try phone.sync(other)
    server.files[RemoteLayout.header] = other.files[RemoteLayout.header]
    let report = try laptop.sync(server)
    #expect(report.notices.contains(.foundingLost) || report.notices == [], "\(report.notices)")
    #expect(try differences([laptop, desk], server) == [])
  }

  /// Who had read the log under the header before asks for the numbers after those it knows.
  @Test("Who joins a folder anew writes no number twice", arguments: [true, false], [true, false])
  func numbersGoOn(lists: Bool, isRemoved: Bool) throws {
    let (server, other) = (SimServer(), SimServer())
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    for tag in ["t1", "t2"] {
      try laptop.tag(one, tag)
      try laptop.sync(server)
    }
    try desk.sync(server)
    let device = try laptop.library.read { try $0.device() }
    try Machine("phone").sync(other)
    server.files[RemoteLayout.header] = other.files[RemoteLayout.header]
    try desk.tag(one, "desk")
    #expect(try desk.sync(server).notices.contains(.foundingLost))
    server.files = [:]
    try desk.sync(server)
    try laptop.tag(one, "t3")
    #expect(throws: SyncError.header(.otherLibrary)) { try laptop.sync(server) }
    if isRemoved {
      try SyncEngine.forget("home", in: laptop.library)
      try laptop.sync(server, remote: "again")
    } else {
      _ = try laptop.engine(server).joinOther()
    }
    let report = try desk.sync(server)
    #expect(report.problems == [])
    #expect(report.notices.allSatisfy { $0 == .rewritten(machine: "laptop") })
    #expect(try desk.library.dump() == laptop.library.dump())
    #expect(try laptop.library.read { try $0.device() } == device)
    #expect(server.files.keys.allSatisfy { $0.text != "\(device).1" })
    let phone = try Machine("phone")
    #expect(try phone.sync(server).problems == [])
    #expect(try phone.library.dump() == laptop.library.dump())
    // In another folder too, where nobody knows the numbers before.
    let fresh = SimServer()
    fresh.lists = lists
    try laptop.sync(fresh, remote: "new")
    let tablet = try Machine("tablet")
    #expect(try tablet.sync(fresh).problems == [])
    #expect(try tablet.library.dump() == laptop.library.dump())
  }

  /// A twin of it, from a backup of before, has sent under their id what it would pass over.
  @Test(arguments: [true, false])
  func whoJoinsAnewLooksForATwin(lists: Bool) throws {
    let (server, anew) = (SimServer(), SimServer())
    anew.lists = lists
    let (desk, twin, phone) = (try Machine("desk"), try Machine("desk"), try Machine("phone"))
    try twin.restore(desk.library)
    // Not at the same millisecond.
    twin.clock.now.withLock { $0 += 1_000_000 }
    try desk.add(one)
    for tag in ["a", "b"] {
      try desk.tag(one, tag)
      try desk.sync(server)
    }
    try phone.sync(anew)
    try twin.tag(one, "twin")
    try twin.sync(anew)
    _ = try desk.engine(anew).joinOther()
    #expect(try differences([desk, twin, phone], anew) == [])
    #expect(try desk.paper(one)?.tags.count == 3)
  }

  @Test("The header changes before any request of a machine that joins", arguments: 1...24)
  func headerChangesWhileJoining(request: Int) throws {
    let (server, other) = (SimServer(), SimServer())
    let names = ["desk", "laptop", "phone"]
    let machines = try names.map { try Machine($0) }
    for (index, machine) in machines.enumerated() { try machine.add("2509.0000\(index)") }
    try machines[0].sync(server)
    // The phone founded too, and its header comes last; its segments never came.
    try machines[2].sync(other)
    let header = try #require(other.files[RemoteLayout.header])
    server.interruption = (request, { server.files[RemoteLayout.header] = header })
    try machines[1].sync(server)
    server.interruption = nil
    server.files[RemoteLayout.header] = header
    let rest = [machines[1], machines[0]]
    #expect(try differences(rest, server) == [])
    #expect(try rest[0].paper("2509.00000") != nil)
    #expect(try rest[1].paper("2509.00001") != nil)
  }

  /// Another header in its place would make unreadable all that stands there.
  @Test("A folder that does not show its header is not set up anew", arguments: [true, false])
  func headerIsNotShown(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    try desk.sync(server)
    server.files[RemoteLayout.header] = nil
    let before = server.files
    #expect(throws: SyncError.header(.damaged)) { try laptop.sync(server) }
    #expect(server.files == before)
    try desk.tag(one, "kv")
    #expect(try differences([desk, laptop], server) == [])
  }

  /// A machine that is back from a backup finds what it has sent since, and the header of another
  /// library.
  @Test(
    "What a former life sent is taken in before another header is believed",
    arguments: [true, false])
  func formerLifeUnderAReplacedHeader(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.sync(server)
    let backup = try desk.backup()
    try desk.add(one)
    try desk.sync(server)
    server.files[RemoteLayout.header] = RemoteHeader(library: 99, generation: 1).bytes
    try desk.restore(backup)
    let notices = try desk.sync(server).notices
    #expect(notices.contains(.foundingLost), "\(notices)")
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one) != nil)
  }
}
