import Papers
import Simulator
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// Stories that go wrong when one rule is taken away: those that seeds meet too seldom.
@Suite struct AbsentRuleTests {
  @Test(arguments: [[], [AbsentRule.noRestamping]])
  func twinsWithOneStampForTwoEdits(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let desk = try Machine("desk")
    try desk.add(one)
    try desk.sync(server)
    let twin = try desk.copy("twin")
    twin.identity = "desk"
    twin.weaknesses = Set(weaknesses)
    for machine in [desk, twin] { machine.setClock(1_770_000_000_000) }
    try desk.tag(one, "desks")
    try twin.tag(one, "twins")
    let different = try differences([desk, twin, try Machine("phone")], server)
    #expect(different.isEmpty == weaknesses.isEmpty)
  }

  @Test(arguments: [[], [AbsentRule.chainUnchecked]])
  func aSegmentThatATwinReplaced(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    laptop.weaknesses = Set(weaknesses)
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    let before = server.files
    let twin = try desk.copy("twin")
    twin.identity = "desk"
    try desk.tag(one, "desks")
    try desk.sync(server)
    try laptop.sync(server)
    // The twin looked before the desk wrote, and wrote over it.
    server.files = before
    for tag in ["first", "second"] {
      try twin.tag(one, tag)
      try twin.sync(server)
    }
    let report = try laptop.sync(server)
    #expect(report.notices.contains(.rewritten(machine: "desk")) == weaknesses.isEmpty)
    let tags = try #require(try laptop.paper(one)).tags.map(\.name)
    #expect(tags.contains("first") == weaknesses.isEmpty)
    #expect(tags.contains("desks"))
  }

  /// Another segment under a number that was applied, and nothing after it: only its length, or
  /// what `peers` says of it, tells.
  @Test(arguments: [true, false], [[], [AbsentRule.chainUnchecked]])
  func aMachineAndItsServerSetBack(lists: Bool, _ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    laptop.weaknesses = Set(weaknesses)
    let (files, backup) = (server.files, try desk.backup())
    try desk.tag(one, "before")
    #expect(try differences([desk, laptop], server) == [])
    server.restore(files)
    try desk.restore(backup)
    try desk.tag(one, "afterwards")
    try desk.sync(server)
    try laptop.sync(server)
    let tags = try #require(try laptop.paper(one)).tags.map(\.name)
    #expect(tags.contains("afterwards") == weaknesses.isEmpty)
    #expect(tags.contains("before"))
    // A repair looks everywhere, with the rule or without.
    _ = try laptop.engine(server).repair()
    #expect(try differences([desk, laptop], server) == [])
  }

  /// The machine's clock stands a year behind what it counts on from, and nothing tells it that it
  /// was set back.
  @Test(arguments: [[], [AbsentRule.stampsRepeat]])
  func aMachineItsServerAndItsClockSetBack(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let weak = WeakLibrary(without: Set(weaknesses))
    desk.setClock(1_730_000_000_000)
    let backup = try desk.backup()
    func goOn(from state: Library) throws {
      desk.library = try Library(
        inMemory: weak.surroundings(desk.surroundings), copying: state)
    }
    try goOn(from: backup)
    try desk.tag(one, "before")
    #expect(try differences([desk, laptop], server) == [])
    server.files = [:]
    try goOn(from: backup)
    try desk.tag(one, "afterwards")
    for machine in [desk, laptop] { try machine.sync(server) }
    _ = try laptop.engine(server).repair()
    #expect(try differences([desk, laptop], server).isEmpty == weaknesses.isEmpty)
    let tags = try [desk, laptop].map { try $0.paper(one)?.tags.map(\.name).sorted() }
    #expect((tags == [["afterwards", "before"], ["afterwards", "before"]]) == weaknesses.isEmpty)
  }

  @Test(arguments: [[], [AbsentRule.rollbackUnnoticed]])
  func aServerSetBack(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    laptop.weaknesses = Set(weaknesses)
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    let earlier = server.files
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
    server.restore(earlier)
    let notices = try laptop.sync(server).notices
    #expect(notices.contains(.rolledBack(machine: "desk")) == weaknesses.isEmpty)
  }

  @Test(arguments: [[], [AbsentRule.unsentForgotten]])
  func whatATwinWroteOver(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    desk.weaknesses = Set(weaknesses)
    let twin = try desk.copy("twin")
    twin.identity = "desk"
    twin.setClock(1_770_000_000_000)
    let before = server.files
    try desk.tag(one, "desks")
    try desk.sync(server)
    // The twin looked before the desk wrote, and wrote over it before anybody read it.
    server.files = before
    try twin.tag(one, "twins")
    try twin.sync(server)
    // A machine looks at its own log before it writes.
    try desk.tag(one, "again")
    _ = try differences([desk, twin, laptop], server)
    let tags = try #require(try laptop.paper(one)).tags.map(\.name)
    #expect(tags.contains("twins"))
    #expect(tags.contains("desks") == weaknesses.isEmpty)
  }

  @Test(arguments: [[], [AbsentRule.gapPassed]])
  func aSegmentThatIsShownLate(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    laptop.weaknesses = Set(weaknesses)
    try desk.add(one)
    try desk.sync(server)
    try desk.tag(one, "later")
    try desk.sync(server)
    let all = server.files
    let device = try desk.library.read { try $0.device() }
    server.files[try #require(RemoteName("\(device).1"))] = nil
    try laptop.sync(server)
    server.files.merge(all) { shown, _ in shown }
    let different = try differences([desk, laptop], server)
    #expect(different.isEmpty == weaknesses.isEmpty)
  }

  @Test(arguments: [[], [AbsentRule.undoOverrules]])
  func anUndoOfWhatSomebodyChangedSince(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    let weak = WeakLibrary(without: Set(weaknesses))
    try desk.add(one)
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
    try laptop.mark(one, .skipped)
    #expect(try differences([desk, laptop], server) == [])
    let undone = try #require(try weak.undo(desk.library).first)
    #expect(undone.leftAlone == 1)
    #expect((try desk.paper(one)?.status == .skipped) == weaknesses.isEmpty)
  }
}
