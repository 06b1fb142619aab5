import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

/// Two processes that sync one home at the same time are one machine, whatever comes between what.
@Suite struct SameHomeTests {
  @Test("One syncs while the other is at a request", arguments: 0..<16, [true, false])
  func oneComesBetween(request: Int, lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add("2509.00001")
    #expect(try differences([desk, laptop], server) == [])
    try desk.tag("2509.00001", "first")
    try laptop.add("2509.00002")
    try laptop.sync(server)
    let device = try desk.library.read { try $0.device() }
    let first = try desk.engine(server)
    server.interruption = (
      request,
      {
        try? desk.tag("2509.00001", "between")
        _ = try? desk.sync(server)
      }
    )
    let report = try first.sync()
    server.interruption = nil
    #expect(report.problems == [])
    #expect(try desk.library.read { try $0.device() } == device, "it took itself for a twin")
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper("2509.00001")?.tags.contains(Tag(trusted: "first")) == true)
  }

  /// What it reads back is what it wrote, from before another process, to which it was shown torn,
  /// tore it.
  @Test func oneTearsWhatTheOtherHasWritten() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: "2509.00001", server)
    try desk.tag("2509.00001", "first")
    let engine = try desk.engine(server)
    let name = RemoteLayout.segment(
      try desk.library.read { try $0.device() }, try engine.newestSegment + 1)
    server.didWrite = { written, whole in
      guard written == name else { return }
      server.didWrite = { _, _ in }
      server.interruption = (
        0,
        {
          server.files[name] = Array(whole.dropLast(9))
          server.faults.tornWrite = 1000
          #expect(throws: (any Error).self) { try desk.sync(server) }
          server.faults = SimServer.Faults()
          let torn = server.files[name]
          server.files[name] = whole
          // Until it has been read back.
          server.interruption = (0, { server.files[name] = torn })
        }
      )
    }
    #expect(try engine.sync().problems == [])
    try laptop.sync(server)
    #expect(try laptop.paper("2509.00001")?.tags.map(\.name) == ["first"])
  }

  @Test("One puts the log together while the other sends", arguments: 0..<16)
  func oneCompacts(request: Int) throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    desk.compactAt = 4
    try desk.add("2509.00001")
    #expect(try differences([desk, laptop], server) == [])
    for index in 0..<3 {
      try desk.tag("2509.00001", "t\(index)")
      try desk.sync(server)
    }
    let device = try desk.library.read { try $0.device() }
    try desk.tag("2509.00001", "first")
    let first = try desk.engine(server)
    server.interruption = (
      request,
      {
        try? desk.tag("2509.00001", "between")
        _ = try? desk.sync(server)
      }
    )
    #expect(try first.sync().problems == [])
    server.interruption = nil
    #expect(try desk.library.read { try $0.device() } == device, "it took itself for a twin")
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
    let edits = try desk.library.read { try $0.operations() }.count { $0.what.hasPrefix("tag") }
    #expect(try laptop.paper("2509.00001")?.tags.count == edits)
  }
}
