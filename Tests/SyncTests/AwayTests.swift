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
    // Four hundred names are dearer than four questions.
    let costs = try [desk, laptop, phone].map { try $0.sync(server) }
    #expect(costs.allSatisfy { $0.requests <= (lists ? 4 : 3) }, "\(costs)")
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

  // MARK: Patience

  private static let day: Int64 = 86_400_000

  /// What the desk was told in so many days of an edit a day, by the day, and the most that a sync cost.
  private struct Diary {
    var told: [Int: SyncNotice] = [:]
    var requests = 0
    /// How many segments it had there when it was told of somebody first.
    var segments = 0
  }

  /// The desk edits and syncs once a day; another machine reads it once a week.
  private func keep(
    _ days: Int, _ desk: Machine, _ reader: Machine, _ server: SimServer
  ) throws -> Diary {
    var diary = Diary()
    for day in 1...days {
      desk.clock.now.withLock { $0 += Self.day }
      try desk.tag(one, "d\(day % 8)", day / 8 % 2 == 0)
      let before = try segments(server, of: desk)
      let report = try desk.sync(server)
      #expect(report.problems == [])
      for notice in report.notices {
        if case .compacted = notice { continue }
        if diary.told.isEmpty { diary.segments = before }
        #expect(diary.told.updateValue(notice, forKey: day) == nil)
      }
      diary.requests = max(diary.requests, report.requests)
      guard day % 7 == 0 else { continue }
      try reader.sync(server)
      // With nothing new it is quiet, whoever is away.
      let quiet = try desk.sync(server)
      #expect(quiet.requests <= (server.lists ? 1 : 4) && quiet.notices == [])
    }
    return diary
  }

  @Test(arguments: [true, false], [true, false])
  func sixtyDaysAway(lists: Bool, deletes: Bool) throws {
    let (server, desk, laptop) = try lives(lists: lists, deletes: deletes, edits: 20)
    let phone = try Machine("phone")
    #expect(try differences([desk, laptop, phone], server) == [])
    try laptop.tag(one, "unsent")
    try laptop.note(one, "n00001", "written on the way")
    // It is waited for from the day that the log was put together without it.
    let diary = try keep(90, desk, phone, server)
    #expect(Array(diary.told.values) == [.waitedLong(machine: "laptop")], "\(diary.told)")
    #expect(try #require(diary.told.keys.first) > 60)
    #expect(diary.requests < 120, "\(diary.requests)")
    let left = try segments(server, of: desk)
    #expect(deletes ? left < 50 && diary.segments > 70 : left > 110, "\(diary.segments) \(left)")
    // It comes back.
    laptop.setClock(desk.clock.now.withLock { $0 })
    let back = try laptop.sync(server)
    #expect(back.problems == [] && back.notices == [] && back.requests < 60, "\(back)")
    #expect(try differences([desk, laptop, phone], server) == [])
    let paper = try #require(try desk.paper(one))
    #expect(paper.tags.contains(Tag(trusted: "unsent")) && paper.notes.count == 1)
    #expect(try differences([desk, laptop, try Machine("late")], server) == [])
    #expect(try desk.engine(server).verify().problems == [])
    // And is waited for again.
    let again = try keep(40, desk, phone, server)
    #expect(again.told.isEmpty, "\(again.told)")
  }

  /// Of a clock nothing is believed but that a day has passed.
  @Test func timeThatIsCounted() {
    let days: [(steps: [Int64], waited: Int64)] = [
      ([1, 1, 1], 3), ([3650, 1], 2), ([-3650, 1, 3650], 2), ([30, 30], 2),
    ]
    for (steps, waited) in days {
      var now: Int64 = 1_760_000_000_000
      var held = Held(moved: 7, now: now)
      for step in steps {
        now += step * Self.day
        held.see(moved: 7, at: now)
      }
      #expect(held.waited == waited * Self.day)
      #expect(held == Held(held.text[...]))
      // Minutes add up.
      for _ in 0..<(24 * 60) {
        now += 60_000
        held.see(moved: 7, at: now)
      }
      #expect(held.waited == (waited + 1) * Self.day)
      // An old head is no move.
      held.see(moved: 6, at: now)
      #expect(held.waited == (waited + 1) * Self.day)
      held.see(moved: 8, at: now)
      #expect(held.waited == 0)
    }
  }

  @Test("A listing that makes no sense, or fails, is none where the header is there")
  func aListingThatFails() throws {
    for (kind, reason) in [
      (TransportError.Kind.garbled, nil), (.garbled, .webPage), (.unreachable, .serverFault),
      (.refusedByUs, .redirected),
    ] as [(TransportError.Kind, TransportError.Reason?)] {
      let server = SimServer()
      let (desk, laptop) = try Machine.pair(sharing: "2509.00001", server)
      server.listingFails = TransportError(
        kind: kind, method: "PROPFIND", url: "sim:/", detail: "", reason: reason)
      try desk.tag("2509.00001", "desk")
      var told = 0
      for _ in 0..<9 {
        for machine in [desk, laptop] {
          let report = try machine.sync(server)
          #expect(report.problems == [])
          told += report.notices.count
        }
      }
      #expect(told == 2, "once each")
      #expect(try laptop.paper("2509.00001")?.tags.map(\.name) == ["desk"])
      #expect(try laptop.engine(server).verify().problems == [])
      #expect(try laptop.engine(server).devices().count == 2)
      // Without the header it is no folder of ours: the reason is told.
      server.files[RemoteLayout.header] = nil
      #expect(throws: TransportError.self) { try laptop.engine(server).devices() }
      // And it is asked for again.
      server.listingFails = nil
      for _ in 0..<17 { try desk.sync(server) }
      #expect(try desk.sync(server).requests == 1)
    }
  }
}
