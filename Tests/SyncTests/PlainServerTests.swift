import Changes
import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// Where nothing is listed, `peers` shows in each sync what a listing would.
@Suite struct PlainServerTests {
  @Test func aPlainServerSetBackIsNoticedByOneSync() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    let earlier = server.files
    try desk.mark(one, .read)
    try laptop.tag(one, "kv")
    #expect(try differences([desk, laptop], server) == [])
    server.restore(earlier)
    let notices = try laptop.sync(server).notices
    #expect(notices.contains(.refilled(segments: 1)), "\(notices)")
    #expect(notices.contains(.rolledBack(machine: "desk")), "\(notices)")
    #expect(try desk.sync(server).notices.contains(.refilled(segments: 1)))
    #expect(try laptop.sync(server).notices == [])
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
  }

  @Test(arguments: [true, false])
  func devicesTellHowFarTheyAre(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    for tag in ["a", "b"] {
      try desk.tag(one, tag)
      try desk.sync(server)
    }
    let line = try #require(try laptop.engine(server).devices().first { !$0.isMine })
    #expect(line.applied == 1 && line.newest == 3)
  }

  /// The list of devices is a hint: what others write over it hides nothing for long.
  @Test func aPlainServerSetBackBehindTheListOfDevices() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    let earlier = server.files
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
    let list = server.files[RemoteLayout.peers]
    server.restore(earlier)
    server.files[RemoteLayout.peers] = list
    #expect(try desk.sync(server).notices == [])
    try laptop.tag(one, "kv")
    try laptop.sync(server)
    #expect(try desk.sync(server).notices.contains(.refilled(segments: 1)))
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
  }

  @Test func aTwinThatOnlyReadsIsNoticedByOneSync() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    let twin = try desk.copy("twin")
    twin.identity = "desk"
    try desk.mark(one, .read)
    try desk.sync(server)
    let notices = try twin.sync(server).notices
    #expect(notices.contains { if case .newIdentity = $0 { true } else { false } })
    #expect(try twin.paper(one)?.status == .read)
    #expect(try differences([desk, laptop, twin], server) == [])
  }
}
