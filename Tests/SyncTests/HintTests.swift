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

/// A hint may be old, torn or gone. It must not run ahead of what it tells of.
@Suite struct HintTests {
  /// A machine that was putting its log together dies, comes back, dies again and is gone for good.
  /// Another looks just then, and one segment is not shown to it. What was delivered must still
  /// reach it.
  ///
  /// Without a listing nobody follows a head alone: there it is `peers` that must not run ahead.
  /// (Also where the head runs ahead: where a log goes on is kept only when something of it was
  /// applied.)
  @Test(arguments: [true, false], [[], [AbsentRule.headBeforeSegment]])
  func theWriterIsGoneBeforeItsLogIsPutTogether(
    _ lists: Bool, _ weaknesses: [AbsentRule]
  ) throws {
    for request in 0..<16 {
      let server = SimServer()
      server.lists = lists
      let (desk, laptop) = try Machine.pair(sharing: one, server)
      try desk.tag(one, "delivered")
      try desk.sync(server)
      let sent = server.files
      desk.weaknesses = Set(weaknesses)
      try desk.engine(server).renew()
      server.crashAfter = request
      // It dies at this request, or has got through.
      _ = try? desk.sync(server)
      server.crashAfter = nil
      let all = server.files
      let device = try desk.library.read { try $0.device() }
      for name in sent.keys where name.text.hasPrefix("\(device).") && !name.text.hasSuffix("head")
      {
        server.files[name] = nil
      }
      try laptop.sync(server)
      server.files.merge(all) { shown, _ in shown }
      for _ in 0..<2 { try laptop.sync(server) }
      let tags = try #require(try laptop.paper(one)).tags.map(\.name)
      #expect(tags == ["delivered"], "died at request \(request)")
    }
  }

  /// A write that came late tore a segment after it was read back, and it is not the newest. The
  /// listing shows another size; a server that tells sizes of its own is looked at once and then
  /// believed.
  @Test func aSegmentTornLaterIsSentAgain() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    try desk.tag(one, "first")
    try desk.sync(server)
    try desk.tag(one, "second")
    try desk.sync(server)
    let device = try desk.library.read { try $0.device() }
    let names = server.files.keys.filter {
      $0.text.hasPrefix("\(device).") && !$0.text.hasSuffix("head")
    }.sorted { $0.text < $1.text }
    #expect(names.count == 3)
    for torn in names {
      let whole = try #require(server.files[torn])
      server.files[torn]?.removeLast(7)
      let report = try desk.sync(server)
      #expect(report.notices.contains(.refilled(segments: 1)))
      #expect(server.files[torn] == whole)
    }
    let late = try Machine("late")
    #expect(try differences([desk, laptop, late], server) == [])
    #expect(try desk.sync(server).traffic.requests == 1)
  }

  /// Who is gone cannot put its name back into a list that two wrote at once: whoever has its
  /// segments does.
  @Test func theNameOfOneThatIsGoneIsPutBack() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let gone = try Machine("gone")
    try gone.sync(server)
    try gone.tag(one, "gone")
    try gone.sync(server)
    try laptop.sync(server)
    let device = try gone.library.read { try $0.device() }
    let list = try PeerList(try #require(server.files[RemoteLayout.peers]))
    server.files[RemoteLayout.peers] =
      PeerList(list.devices.filter { $0 != device }, logs: list.logs, newest: list.newest).bytes
    for machine in [laptop, desk] { try machine.sync(server) }
    #expect(try #require(try desk.paper(one)).tags.map(\.name) == ["gone"])
    let late = try Machine("late")
    #expect(try differences([desk, laptop, late], server) == [])
  }

  /// Without a listing only that list tells others whom to ask: nothing is called delivered that is
  /// not in it.
  @Test(arguments: [false, true]) func aFolderThatDoesNotKeepTheName(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    server.didWrite = { name, _ in if name == RemoteLayout.peers { server.files[name] = nil } }
    let desk = try Machine("desk")
    try desk.add(one)
    let report = try desk.sync(server)
    #expect(report.pushed > 0)
    #expect(report.problems == (lists ? [] : [.unnamed]))
    server.didWrite = { _, _ in }
    #expect(try desk.sync(server).problems == [])
    #expect(try differences([desk, try Machine("late")], server) == [])
  }

  /// Who died while it sent, and is gone, costs the others its file, its head and a look whether
  /// their complaint stands, in each sync, not more, and once that it is told.
  @Test func aTornSegmentOfOneThatIsGone() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    try desk.tag(one, "kept")
    try desk.sync(server)
    try laptop.sync(server)
    try desk.tag(one, "torn")
    try desk.sync(server)
    let device = try desk.library.read { try $0.device() }
    let newest = try #require(
      server.files.keys.filter { $0.text.hasPrefix("\(device).") }
        .filter { !$0.text.hasSuffix("head") }.max { $0.text < $1.text })
    server.files[newest]?.removeLast(7)
    for round in 0..<2 {
      let report = try laptop.sync(server)
      #expect(report.problems.count == 1)
      let told = round == 0 ? 1 : 0
      #expect(report.requests <= 4 + told + (report.pushed > 0 ? 9 : 0), "\(report)")
    }
  }

  /// A copy that looks the same has put the log together and died before it wrote its head: the
  /// other finds that out by the segments themselves, and they do not take the log from one another
  /// for ever.
  @Test(arguments: [true, false]) func aTwinThatWroteNoHead(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let desk = try Machine("desk")
    try desk.add(one)
    try desk.sync(server)
    try desk.tag(one, "kv")
    try desk.sync(server)
    let twin = try desk.copy("twin")
    twin.identity = desk.identity
    let head = RemoteLayout.head(try desk.library.read { try $0.device() })
    let headBefore = server.files[head]
    desk.compactAt = 2
    try desk.tag(one, "agents")
    #expect(
      try desk.sync(server).notices.contains { if case .compacted = $0 { true } else { false } })
    server.files[head] = headBefore
    let notices = try twin.sync(server).notices
    #expect(notices.contains { if case .newIdentity = $0 { true } else { false } }, "\(notices)")
    #expect(try differences([desk, twin], server) == [])
  }

  /// Written once more it could be torn by a second crash, after others have taken it in.
  @Test("A segment that was stored is not written again", arguments: 8...14, [true, false])
  func storedSegmentsStay(request: Int, lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let desk = try Machine("desk")
    try desk.add(one)
    let name = RemoteLayout.segment(try desk.library.read { try $0.device() }, 1)
    var count = 0
    server.didWrite = { if $0 == name, $1.count > 0 { count += 1 } }
    (server.crashAfter, server.crashesAtAnswer) = (request, true)
    _ = try? desk.sync(server)
    (server.crashAfter, server.crashesAtAnswer) = (nil, false)
    try desk.sync(server)
    #expect(count == 1)
    #expect(try differences([desk, try Machine("laptop")], server) == [])
  }
}
