import Papers
import Simulator
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// A look between two syncs: it may see what is not there, and must see what is.
@Suite struct FolderWatchTests {
  /// A machine that watches: a look, and a sync where it says so.
  private struct Watcher {
    let machine: Machine
    let server: SimServer
    let folder: SimFolder
    var watch = FolderWatch()

    init(_ machine: Machine, _ server: SimServer) {
      (self.machine, self.server) = (machine, server)
      folder = SimFolder(server, caller: machine.name)
    }

    /// - Returns: whether it looked for a reason to sync and found one, and what the look cost.
    mutating func look() throws -> (isNews: Bool, requests: Int) {
      let before = folder.traffic.requests
      let isNews = try watch.look(folder)
      let requests = folder.traffic.requests - before
      if isNews { try sync(alarmed: true) }
      return (isNews, requests)
    }

    mutating func sync(alarmed: Bool = false) throws {
      let engine = try machine.engine(server)
      _ = try engine.sync()
      try watch.synced(engine, alarmed: alarmed)
    }

    /// Until a look finds nothing; it must not take long.
    mutating func settle() throws {
      var looks = 0
      while try look().isNews {
        looks += 1
        try #require(looks < 8)
      }
    }
  }

  @Test(arguments: [true, false])
  func whatComesIsSeenAndWhatDoesNotCostsOneRequest(_ lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    var watcher = Watcher(laptop, server)
    try watcher.sync()
    try watcher.settle()
    for _ in 0..<8 {
      let (isNews, requests) = try watcher.look()
      #expect(!isNews && requests <= 2)
    }
    var quiet: [Int] = []
    for _ in 0..<8 { quiet.append(try watcher.look().requests) }
    // Every fourth look asks for who is new, too.
    #expect(quiet.reduce(0, +) == (lists ? 10 : 8), "\(quiet)")
    for round in 0..<5 {
      try desk.tag(one, "round\(round)")
      try desk.sync(server)
      let (isNews, _) = try watcher.look()
      #expect(isNews, "round \(round)")
      #expect(try laptop.paper(one)?.tags.contains { $0.name == "round\(round)" } == true)
      try watcher.settle()
    }
    // What it sends itself alarms it once at most, and then no more.
    try laptop.tag(one, "mine")
    try watcher.sync()
    try watcher.settle()
    let last = try watcher.look()
    #expect(!last.isNews)
  }

  @Test(arguments: [true, false])
  func aNewMachineIsSeenWithinFourLooks(_ lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (_, laptop) = try Machine.pair(sharing: one, server)
    var watcher = Watcher(laptop, server)
    try watcher.sync()
    try watcher.settle()
    let third = try Machine("third")
    try third.sync(server)
    try third.tag(one, "third")
    try third.sync(server)
    var found = false
    for _ in 0..<4 where try watcher.look().isNews { found = true }
    #expect(found)
    #expect(try laptop.paper(one)?.tags.contains { $0.name == "third" } == true)
  }

  @Test func aServerThatFailsIsTold() throws {
    let server = SimServer()
    let (_, laptop) = try Machine.pair(sharing: one, server)
    var watcher = Watcher(laptop, server)
    try watcher.sync()
    try watcher.settle()
    server.crashAfter = 0
    let looked = Result { try watcher.look() }
    #expect(throws: (any Error).self) { _ = try looked.get() }
  }

  // MARK: The mark of a folder

  private func mark(_ text: String, settled: Bool = true) -> FolderMark {
    FolderMark(text, isSettled: settled)
  }

  @Test func aMarkThatMovesIsEnough() {
    var watched = WatchedMark()
    // The first tells nothing but that something may have come before it.
    var news = [watched.take(mark("a"))]
    #expect(!watched.isProven)
    watched.synced(alarmed: true, pulled: false, pushed: false)
    news += [watched.take(mark("a")), watched.take(mark("b"))]
    #expect(news == [true, false, true] && watched.isProven)
    watched.synced(alarmed: true, pulled: true, pushed: false)
    // In the second in which it moved it may have to move again.
    news = [watched.take(mark("c", settled: false))]
    watched.synced(alarmed: true, pulled: true, pushed: false)
    news.append(watched.take(mark("c")))
    watched.synced(alarmed: true, pulled: false, pushed: false)
    news.append(watched.take(mark("c")))
    #expect(news == [true, true, false] && watched.isProven)
  }

  @Test func aMarkThatStandsStillIsNotBelieved() {
    var watched = WatchedMark()
    _ = watched.take(mark("a"))
    watched.synced(alarmed: false, pulled: true, pushed: false)
    _ = watched.take(mark("a"))
    #expect(!watched.isOfUse)
    watched = WatchedMark()
    _ = watched.take(mark("a"))
    watched.synced(alarmed: false, pulled: false, pushed: true)
    _ = watched.take(mark("a"))
    #expect(!watched.isOfUse)
    watched = WatchedMark()
    _ = watched.take(nil)
    #expect(!watched.isOfUse)
  }

  @Test func aMarkThatMovesByItselfIsNotAskedForEver() {
    var watched = WatchedMark()
    var alarms = 0
    for number in 0..<40 where watched.isOfUse {
      guard watched.take(mark("\(number)")) else { continue }
      alarms += 1
      watched.synced(alarmed: true, pulled: false, pushed: false)
    }
    #expect(!watched.isOfUse && alarms == 6)
    // Our own writing is no reason to give it up.
    watched = WatchedMark()
    _ = watched.take(mark("x"))
    for number in 0..<40 {
      watched.synced(alarmed: false, pulled: false, pushed: true)
      let isNews = watched.take(mark("\(number)"))
      #expect(isNews)
      watched.synced(alarmed: true, pulled: false, pushed: false)
    }
    #expect(watched.isOfUse && watched.isProven)
  }
}
