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
    let (desk, laptop) = try Machine.pair(sharing: one, server)
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
    let (desk, laptop) = try Machine.pair(sharing: one, server)
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
    let (desk, laptop) = try Machine.pair(sharing: one, server)
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

  /// A segment that was torn after its writer read it back, by a server that showed the copy
  /// before: whoever finds it so takes it out of the list of devices, and its writer sends it
  /// again.
  @Test(arguments: [0, 40, 200]) func aSegmentTornBehindItsWriter(length: Int) throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    try desk.mark(one, .read)
    try desk.sync(server)
    let name = RemoteLayout.segment(try desk.library.read { try $0.device() }, 2)
    let whole = try #require(server.files[name])
    #expect(whole.count > length)
    server.files[name] = Array(whole.prefix(length))
    #expect(try laptop.sync(server).problems.count <= 1)
    #expect(try desk.sync(server).notices.contains(.refilled(segments: 1)))
    #expect(server.files[name] == whole)
    #expect(try differences([desk, laptop], server) == [])
  }

  /// What a server lost of one machine while the list of devices still tells of it only another can
  /// notice: it takes that out of the list, which makes the owner look. Once: then all are quiet,
  /// also where the owner is gone.
  @Test(arguments: [false, true]) func theListTellsOfWhatWasLost(isOwnerGone: Bool) throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let earlier = server.files
    try desk.mark(one, .read)
    try desk.sync(server)
    let list = server.files[RemoteLayout.peers]
    server.restore(earlier)
    server.files[RemoteLayout.peers] = list
    try laptop.sync(server)
    #expect(server.files[RemoteLayout.peers] != list)
    let writes = server.writes
    if isOwnerGone {
      for _ in 0..<3 { #expect(try laptop.sync(server).requests <= 2) }
      #expect(server.writes == writes)
    } else {
      #expect(try desk.sync(server).notices.contains(.refilled(segments: 1)))
      try laptop.sync(server)
      #expect(try laptop.paper(one)?.status == .read)
      #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
    }
  }

  @Test func aTwinThatOnlyReadsIsNoticedByOneSync() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let twin = try desk.copy("twin")
    twin.identity = "desk"
    try desk.mark(one, .read)
    try desk.sync(server)
    let notices = try twin.sync(server).notices
    #expect(notices.contains { if case .newIdentity = $0 { true } else { false } })
    #expect(try twin.paper(one)?.status == .read)
    #expect(try differences([desk, laptop, twin], server) == [])
  }

  /// It was shown its newest segment from before the folder was lost, and sent only what comes
  /// after it.
  @Test func aSegmentBeforeOurNewestIsSentAgainWhenSomebodyMissesIt() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = try Machine.pair(sharing: "2509.00001", server)
    try desk.tag("2509.00001", "first")
    let engine = try desk.engine(server)
    let device = try desk.library.read { try $0.device() }
    let number = try engine.newestSegment + 1
    _ = try engine.sync()
    try desk.tag("2509.00001", "second")
    try desk.sync(server)
    server.files[RemoteLayout.segment(device, number)] = nil
    #expect(try differences([desk, laptop], server) == [])
    #expect(server.files[RemoteLayout.segment(device, number)] != nil)
  }
}
