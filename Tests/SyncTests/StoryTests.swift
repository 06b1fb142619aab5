import Changes
import Papers
import Sealing
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"
private let two = "2509.00002"

@Suite struct StoryTests {
  /// What only a later build can read is passed on by one that cannot, whatever it is said of, as
  /// it was written.
  @Test func valuesOfANewerShapeArePassedOn() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: "2509.00001", server)
    try desk.tag("2509.00001", "kv")
    try desk.note("2509.00001", "aaaa", "words")
    let values = [
      ("content", "[\"e\u{301}\"]"), ("status", "\"archived\""), ("tag:kv", "{\"on\":false}"),
      ("note:aaaa", "{\"text\":[ 1 ]}"), ("added", "\"2026\""), ("tag:\u{301}", "true"),
    ]
    let later = values.enumerated().map { index, value in
      let stamp = Stamp(
        milliseconds: 1_770_000_000_000, counter: UInt32(index), device: DeviceID(bits: 9))
      return Change(
        stamp: stamp, operation: stamp, entity: "p:2509.00001", field: value.0, value: value.1)
    }
    try desk.library.receive(later)
    #expect(try differences([desk, laptop], server) == [])
    for machine in [desk, laptop] {
      #expect(try machine.library.unappliedCount() == values.count)
      let paper = try #require(try machine.paper("2509.00001"))
      #expect(paper.tags.map(\.name) == ["kv"] && paper.notes.map(\.text) == ["words"])
      #expect(paper.status == .unread)
      let held = Set(try machine.library.changes(after: 0, limit: 1000).map(\.change))
      #expect(held.isSuperset(of: later))
      #expect(try machine.library.problems() == [])
    }
  }

  @Test(arguments: [true, false])
  func twoMachinesShareAList(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one, title: "One")
    try desk.tag(one, "kv")
    let first = try desk.sync(server)
    #expect(first.pushed > 0 && first.problems == [] && first.notices == [.founded])
    let second = try laptop.sync(server)
    #expect(second.pulled == first.pushed && second.problems == [])
    #expect(try laptop.paper(one)?.tags == [Tag(trusted: "kv")])
    try laptop.mark(one, .read)
    try laptop.sync(server)
    try desk.sync(server)
    #expect(try desk.paper(one)?.status == .read)
    #expect(try differences([desk, laptop], server) == [])
  }

  @Test func clashingEditsAreListedAndRestored() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    try desk.sync(server)
    try laptop.sync(server)
    try desk.mark(one, .read)
    laptop.setClock(1_770_000_000_000)
    try laptop.mark(one, .skipped)
    try desk.sync(server)
    let report = try laptop.sync(server)
    #expect(report.conflicts == 1)
    #expect(try differences([desk, laptop], server) == [])
    #expect(try desk.paper(one)?.status == .skipped)
    let conflict = try #require(try desk.library.read { try $0.conflicts() }.first)
    #expect(conflict.lost == #""read""# && conflict.machine == "desk")
    try desk.library.restore(conflict)
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.status == .read)
    #expect(try laptop.library.conflictCount() == 0)
  }

  @Test func notesMergeAndAnEditBeatsADeletion() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.note(one, "n00001", "first\nsecond\nthird")
    try desk.note(one, "n00002", "kept?")
    #expect(try differences([desk, laptop], server) == [])
    try desk.note(one, "n00001", "FIRST\nsecond\nthird")
    try desk.note(one, "n00002", nil)
    try laptop.note(one, "n00001", "first\nsecond\nTHIRD")
    try laptop.note(one, "n00002", "kept!")
    #expect(try differences([desk, laptop], server) == [])
    #expect(try desk.paper(one)?.notes.map(\.text).sorted() == ["FIRST\nsecond\nTHIRD", "kept!"])
    try desk.note(one, "n00002", "desk")
    try laptop.note(one, "n00002", "laptop")
    #expect(try differences([desk, laptop], server) == [])
    let text = try #require(try desk.paper(one)?.notes.first { $0.id == "n00002" }?.text)
    #expect(text.contains("desk") && text.contains("laptop"))
    #expect(try laptop.library.conflictCount() == 1)
  }

  @Test func undoAfterSyncReachesTheOther() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
    _ = try desk.library.undo()
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.status == .unread)
  }

  @Test func clocksTenYearsApart() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    desk.setClock(1_760_000_000_000 + 315_000_000_000)
    try desk.add(one)
    try desk.sync(server)
    let report = try laptop.sync(server)
    #expect(
      report.notices.contains {
        if case .clockAhead(machine: _, by: let by) = $0 { return by > 300_000_000_000 }
        return false
      })
    try laptop.mark(one, .reading)
    #expect(try differences([desk, laptop], server) == [])
    #expect(try desk.paper(one)?.status == .reading)
  }

  @Test func aWipedServerIsRefilled() throws {
    for lists in [true, false] {
      let server = SimServer()
      server.lists = lists
      let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
      try desk.add(one)
      try laptop.add(two)
      #expect(try differences([desk, laptop], server) == [])
      let full = server.files
      server.files = [:]
      _ = try desk.sync(server)
      _ = try laptop.sync(server)
      #expect(try differences([desk, laptop], server) == [])
      let segments = full.filter { $0.key.text.contains(".") && !$0.key.text.hasSuffix("head") }
      for (name, bytes) in segments { #expect(server.files[name] == bytes, "\(name) \(lists)") }
      let phone = try Machine("phone")
      #expect(try differences([desk, laptop, phone], server) == [])
    }
  }

  @Test func aServerSetBackIsNoticedAndFilledAgain() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let earlier = server.files
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
    server.restore(earlier)
    let report = try laptop.sync(server)
    #expect(report.notices.contains(.rolledBack(machine: "desk")))
    let mended = try desk.sync(server)
    #expect(mended.notices.contains(.refilled(segments: 1)))
    #expect(try laptop.sync(server).notices == [])
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
  }

  @Test func aFolderSetUpAnewIsJoinedOnlyWhenAsked() throws {
    for lists in [true, false] {
      let server = SimServer()
      server.lists = lists
      let (desk, laptop) = try Machine.pair(sharing: one, server)
      try laptop.tag(one, "unsent")
      server.files = [:]
      let phone = try Machine("phone")
      try phone.add(two)
      try phone.sync(server)
      let before = server.files
      for machine in [desk, laptop] {
        #expect(throws: SyncError.header(.otherLibrary)) { try machine.sync(server) }
      }
      #expect(server.files == before)
      #expect(try desk.engine(server).joinOther().problems == [])
      #expect(try laptop.engine(server).joinOther().problems == [])
      #expect(try differences([desk, laptop, phone], server) == [])
      #expect(try phone.paper(one)?.tags == [Tag(trusted: "unsent")])
      #expect(try desk.paper(two) != nil)
      // To join what one is part of changes nothing.
      let files = server.files
      _ = try phone.engine(server).joinOther()
      #expect(server.files == files)
    }
  }

  @Test func repairSendsWhatAVanishedMachineHadSent() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    server.files = [:]
    _ = try laptop.sync(server)
    let phone = try Machine("phone")
    #expect(try phone.sync(server).pulled == 0)
    let report = try laptop.engine(server).repair()
    #expect(report.pushed > 0)
    #expect(try differences([laptop, phone], server) == [])
    #expect(try phone.paper(one) != nil)
    let verification = try laptop.engine(server).verify()
    #expect(verification.absent == 0 && verification.problems == [])
    // Nothing is asked about desk for ever, and when it is back nothing is doubled.
    #expect(try laptop.sync(server).requests == 1)
    #expect(try differences([desk, laptop, phone], server) == [])
  }

  @Test(arguments: [true, false])
  func aCopiedHomeBecomesAMachineOfItsOwn(isTold: Bool) throws {
    let server = SimServer()
    let desk = try Machine("desk")
    try desk.add(one)
    try desk.sync(server)
    try desk.tag(one, "unsent")
    let twin = try desk.copy("twin")
    twin.identity = isTold ? "twin" : "desk"
    // Both clocks show the same: the stamps of the twins collide.
    for machine in [desk, twin] { machine.setClock(1_770_000_000_000) }
    try desk.mark(one, .read)
    try twin.note(one, "n00001", "from the twin")
    try desk.sync(server)
    let report = try twin.sync(server)
    #expect(report.notices.contains { if case .newIdentity = $0 { true } else { false } })
    #expect(try differences([desk, twin], server) == [])
    #expect(try desk.paper(one)?.status == .read)
    #expect(try desk.paper(one)?.notes.map(\.text) == ["from the twin"])
    #expect(try differences([desk, twin, try Machine("phone")], server) == [])
    #expect(try twin.library.problems() == [])
  }

  @Test(arguments: [true, false])
  func aTornSegmentThatWeNeverWroteIsATwins(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (laptop, desk) = (try Machine("laptop"), try Machine("desk"))
    try laptop.sync(server)
    let twin = try desk.copy("twin")
    twin.identity = "desk"
    for machine in [desk, twin] { machine.setClock(1_760_000_000_000) }
    try desk.add(one)
    try twin.add(two)
    try desk.sync(server)
    let first = RemoteLayout.segment(try desk.library.read { try $0.device() }, 1)
    let whole = try #require(server.files[first])
    server.files[first] = Array(whole.dropLast(20))
    // Both gave their first edit the same stamp: under one id one of the two would be lost.
    let report = try twin.sync(server)
    #expect(report.notices.contains { if case .newIdentity = $0 { true } else { false } })
    #expect(try differences([laptop, desk, twin], server) == [])
    #expect(try [one, two].allSatisfy { try laptop.paper($0) != nil })
  }

  @Test(arguments: [true, false])
  func aCopyReadsWhatTheOriginalWroteAnewAfterBothWereLost(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.sync(server)
    try laptop.sync(server)
    let backup = try desk.backup()
    try desk.add(one)
    try desk.sync(server)
    let twin = try desk.copy("twin")
    // Nothing is left that shows the desk its first segment, and it writes another one.
    try desk.restore(backup)
    server.files = [:]
    try desk.note(two, "n00001", "a longer text than what stood there")
    _ = try differences([laptop, desk, twin], server)
    #expect(try twin.paper(two)?.notes.count == 1)
    // What the desk had sent before is on the twin alone, whose log it never was in.
    #expect(try twin.engine(server).repair().pushed > 0)
    #expect(try differences([laptop, desk, twin], server) == [])
    #expect(try desk.paper(one) != nil)
  }

  @Test func aRestoredBackupLosesNothing() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let backup = try desk.backup()
    try desk.mark(one, .read)
    try desk.sync(server)
    try desk.restore(backup)
    try desk.tag(one, "after")
    #expect(try differences([desk, laptop], server) == [])
    #expect(try desk.paper(one)?.status == .read)
    #expect(try laptop.paper(one)?.tags == [Tag(trusted: "after")])
  }

  @Test func twoRemotesShareOneHistory() throws {
    let (home, work) = (SimServer(), SimServer())
    let (desk, laptop, phone) = (
      try Machine("desk"), try Machine("laptop"), try Machine("phone")
    )
    try desk.add(one)
    try phone.add(two)
    try desk.sync(home)
    try phone.sync(work, remote: "work")
    for _ in 0..<2 {
      try laptop.sync(home, remote: "home")
      try laptop.sync(work, remote: "work")
    }
    try laptop.sync(home, remote: "home")
    try desk.sync(home)
    try phone.sync(work, remote: "work")
    #expect(try desk.paper(two) != nil)
    #expect(try phone.paper(one) != nil)
    #expect(try desk.library.dump() == phone.library.dump())
    let quiet = try laptop.sync(work, remote: "work")
    #expect(quiet.pushed == 0 && quiet.bytesSent == 0)
  }

  @Test func unknownChangesPassThrough() throws {
    let server = SimServer()
    let (desk, laptop, phone) = (
      try Machine("desk"), try Machine("laptop"), try Machine("phone")
    )
    let newer = DeviceID(bits: 99)
    let stamp = Stamp(milliseconds: 1_700_000_000_000, counter: 0, device: newer)
    try desk.library.receive([
      Change(
        stamp: stamp, operation: stamp, entity: "x:future", field: "mood",
        value: #"{"deep" : [1, 2.5e3, "字"]}"#)
    ])
    let report = try desk.sync(server)
    #expect(report.pushed == 1 && report.notices.contains(.needsNewerVersion(changes: 1)))
    #expect(try differences([desk, laptop, phone], server) == [])
    let change = try #require(try phone.library.changes(after: 0, limit: 9).first?.change)
    #expect(change.value == #"{"deep" : [1, 2.5e3, "字"]}"#)
    #expect(change.stamp == stamp)
  }

  @Test func machinesThatSetUpOneFolderAtOnceFindTogether() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add(one)
    try laptop.add(two)
    try desk.sync(server)
    // The laptop had looked before the desk wrote, and writes its header over the desk's.
    let aside = server.files
    server.files = [:]
    try laptop.sync(server)
    for (name, bytes) in aside where server.files[name] == nil { server.files[name] = bytes }
    #expect(try differences([desk, laptop], server, rounds: 5) == [])
    #expect(try desk.paper(two) != nil)
    #expect(try laptop.paper(one) != nil)
  }

  @Test func anotherLibrarysFolderIsRefused() throws {
    let (server, other) = (SimServer(), SimServer())
    let (desk, stranger) = (try Machine("desk"), try Machine("stranger"))
    try desk.add(one)
    try desk.sync(server)
    try stranger.add(two)
    try stranger.sync(other)
    try desk.tag(one, "new")
    server.files = other.files
    let before = server.files
    #expect(throws: SyncError.header(.otherLibrary)) { try desk.sync(server) }
    #expect(server.files == before)
  }

  @Test func aLoginPageIsNoFolder() throws {
    let server = SimServer()
    let desk = try Machine("desk")
    try desk.add(one)
    server.faults.loginPage = 1000
    #expect(throws: SyncError.header(.webPage)) { try desk.sync(server) }
    #expect(server.files == [:])
  }
}
