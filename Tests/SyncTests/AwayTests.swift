import Changes
import Papers
import Sealing
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// A machine that is away for long costs the others little, and finds its way back.
@Suite struct AwayTests {
  /// A server, and two machines that have met there, of which one writes many edits, each sent at
  /// once, while the other is away.
  private func lives(
    lists: Bool, deletes: Bool, edits: Int = 120, compactAt: Int = 16
  ) throws -> (server: SimServer, desk: Machine, laptop: Machine) {
    let server = SimServer()
    (server.lists, server.deletes) = (lists, deletes)
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    desk.compactAt = compactAt
    for edit in 0..<edits {
      try desk.tag(one, "t\(edit % 40)", edit / 40 % 2 == 0)
      try desk.sync(server)
    }
    return (server, desk, laptop)
  }

  private func segments(_ server: SimServer, of machine: Machine) throws -> Int {
    let device = try machine.library.read { try $0.device() }
    return server.files.keys.count {
      $0.text.hasPrefix("\(device).") && !$0.text.hasSuffix("head")
    }
  }

  @Test(arguments: [true, false], [true, false])
  func aNewcomerBeginsWhereALogStarts(lists: Bool, deletes: Bool) throws {
    let (server, desk, laptop) = try lives(
      lists: lists, deletes: deletes, edits: 400, compactAt: 64)
    #expect(try segments(server, of: desk) > 400)
    let phone = try Machine("phone")
    let report = try phone.sync(server)
    #expect(report.requests < 100 && report.problems == [] && report.notices == [], "\(report)")
    #expect(try phone.library.dump() == desk.library.dump())
    // And whoever was away.
    let back = try laptop.sync(server)
    #expect(back.requests < 100 && back.problems == [] && back.notices == [], "\(back)")
    #expect(try differences([desk, laptop, phone], server) == [])
    for machine in [desk, laptop, phone] {
      #expect(try machine.sync(server).requests <= (lists ? 1 : 3))
    }
  }

  /// A head may be old, or from before the folder lost what it tells of: then the log is read from
  /// where it begins.
  @Test(arguments: [true, false], [true, false])
  func aStartThatIsNotThere(lists: Bool, isAllLost: Bool) throws {
    let (server, desk, _) = try lives(lists: lists, deletes: false)
    let device = try desk.library.read { try $0.device() }
    let engine = try desk.engine(server)
    try engine.reload()
    let head = try #require(try engine.readHead(of: device))
    #expect(head.log > 40)
    let lost = head.log...(isAllLost ? try desk.engine(server).newestSegment : head.log)
    for number in lost { server.files[RemoteLayout.segment(device, number)] = nil }
    let phone = try Machine("phone")
    #expect(try phone.sync(server).pulled > 2 * Int(head.log) - 40)
    for _ in 0..<2 { for machine in [desk, phone] { try machine.sync(server) } }
    #expect(try differences([desk, phone], server) == [])
  }
}
