import Foundation
import Papers
import TestSupport
import Testing
import Transport

@testable import shelf

/// What is done in the background after a change. Processes are waited for by the lock they hold;
/// how long they wait is told by a clock of the test's.
@Suite struct BackgroundTests {
  /// A home whose changes go by themselves into a folder, and into a page.
  private struct Desk {
    let home: Home
    let folder: TemporaryFolder
    var page: String { home.url.path + "/page.html" }
    var paths: Paths { Paths(home: home.url.path, variable: { _ in nil }) }

    init(auto: Bool = true, more: String = "") throws {
      home = try Sample.home()
      folder = try TemporaryFolder()
      _ = try home.file(
        "config.toml",
        """
        [sync]
        auto = \(auto)
        [sync.stick]
        url = "\(folder.path)"
        \(more)
        """)
    }

    /// A command, after which the background does not wait to see whether another one follows.
    func run(_ words: String...) throws -> Home.Run {
      try home.run(words, variables: ["SHELF_CALM": "0"])
    }

    /// Until nobody works in the background: whoever does holds the lock, and was handed it before
    /// its command ended.
    func settle() {
      let lock = open(paths.state + "/background/lock", O_RDWR)
      guard lock >= 0 else { return }
      flock(lock, LOCK_EX)
      close(lock)
    }

    func files() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }

    /// How many changes wait to be sent.
    func waiting() throws -> Int? {
      try home.shelf("sync", "status", "--json").object["waiting"] as? Int
    }

    /// The work, by a clock of the test's, in this process.
    func work(_ clock: WaitingClock) throws {
      var world = World.real
      world.now = { clock.look() }
      world.sleep = { clock.sleep($0) }
      let folder = home.url.path
      world.variable = { $0 == "HOME" ? folder : nil }
      let session = Session(world, home: folder)
      session.isBackground = true
      let lock = try #require(BackgroundDoor(session.paths).enter())
      BackgroundWork(session).run(holding: lock)
    }
  }

  @Test func aChangeIsSentAndNobodyWaits() throws {
    let desk = try Desk()
    let run = try desk.run("star", "00001")
    #expect(run.code == 0)
    desk.settle()
    #expect(try desk.waiting() == 0)
    let first = try desk.files()
    #expect(first.contains { $0.hasSuffix(".1") })
    // What nobody changed starts nobody, and a rehearsal changes nothing.
    for words in [["list"], ["read", "00001", "--dry-run"], ["star", "00001"]] {
      _ = try desk.home.run(words, variables: ["SHELF_CALM": "0"])
      desk.settle()
    }
    #expect(try desk.files() == first)
    _ = try desk.run("undo")
    desk.settle()
    #expect(try desk.waiting() == 0)
  }

  @Test func withoutSyncAutoNothingIsStarted() throws {
    let desk = try Desk(auto: false)
    _ = try desk.run("star", "00001")
    #expect(!FileManager.default.fileExists(atPath: desk.paths.state + "/background"))
    #expect(try desk.files() == [])
    #expect(try desk.home.shelf("sync").code == 0)
    #expect(!FileManager.default.fileExists(atPath: desk.paths.state + "/background"))
  }

  @Test func aBurstHasOneWorkerAndOneSync() throws {
    let desk = try Desk()
    // The test is the worker that waits: no command finds the lock free.
    let door = BackgroundDoor(desk.paths)
    try FileManager.default.createDirectory(
      atPath: door.folder, withIntermediateDirectories: true)
    let lock = try #require(door.enter())
    for words in [["star", "00001"], ["read", "00002"], ["tag", "add", "x", "00003"]] {
      #expect(try desk.home.run(words).code == 0)
    }
    #expect(try desk.files() == [])
    #expect(door.news.count == 3 * 21)
    #expect(door.enter() == nil)
    let clock = WaitingClock(door.news.time + 500)
    // The lock is given back here.
    lock.giveBack()
    try desk.work(clock)
    #expect(clock.slept == [1.5])
    #expect(try desk.files().filter { $0.hasSuffix(".1") || $0.hasSuffix(".2") }.count == 1)
    #expect(try desk.waiting() == 0)
  }

  @Test func whatIsToldDuringTheWorkIsDone() throws {
    let desk = try Desk(more: "[keep.page]\nfile = \"~/page.html\"\n")
    let start: Int64 = 1_800_000_000_000
    _ = BackgroundDoor(desk.paths).tell(start)
    let clock = WaitingClock(start)
    // The page stands, and the sync begins: what comes now finds the lock taken.
    clock.whenLookedAt = { clock in
      guard FileManager.default.fileExists(atPath: desk.page) else { return }
      clock.whenLookedAt = { _ in }
      _ = try? desk.run("add", "2511.00009", "--title", "Elsewhere")
    }
    try desk.work(clock)
    #expect(try String(contentsOfFile: desk.page, encoding: .utf8).contains("Elsewhere"))
    #expect(try desk.waiting() == 0)
  }

  @Test func aServerThatIsAwayIsLeftAlone() throws {
    let desk = try Desk()
    _ = try desk.home.file(
      "config.toml", "[sync]\nauto = true\n[sync.stick]\nurl = \"\(desk.folder.path)/no/where\"\n")
    let start = try #require(Timestamp.milliseconds("2026-03-01T08:00:00Z"))
    let clock = WaitingClock(start)
    _ = BackgroundDoor(desk.paths).tell(start)
    try desk.work(clock)
    // It gave up after a day: 1, 2, 4, 8, 16, 32 minutes, then an hour each.
    let trouble = try #require(BackgroundTroubles(desk.paths).known(.sync, "stick"))
    #expect(trouble.since >= start && trouble.mayPass)
    #expect((26...30).contains(trouble.tries), "\(trouble)")
    let hours = Double(clock.now - start) / 3_600_000
    #expect((24...26).contains(hours), "\(hours)")
    #expect(clock.slept.allSatisfy { $0 <= 30 })
    // Not once more before its time, though something was changed.
    _ = BackgroundDoor(desk.paths).tell(clock.now)
    try desk.work(WaitingClock(trouble.last + 1000))
    #expect(BackgroundTroubles(desk.paths).known(.sync, "stick") == trouble)
    // Everybody is told, and told no more once it went well.
    let told = "failed by itself at 2026-03-0"
    #expect(try desk.home.shelf().out.contains("look: shelf sync stick: " + told))
    #expect(try desk.home.shelf("sync", "status").out.contains("  " + told))
    let status = try desk.home.shelf("sync", "status", "--json").object
    #expect((status["failure"] as? String)?.contains("/no/where") == true)
    _ = try desk.home.file(
      "config.toml", "[sync]\nauto = true\n[sync.stick]\nurl = \"\(desk.folder.path)\"\n")
    #expect(try desk.home.shelf("sync").code == 0)
    #expect(try !desk.home.shelf().out.contains("failed by itself"))
    #expect(try desk.home.shelf("sync", "status", "--json").object["failure"] is NSNull)
  }

  @Test func tooMuchAgainIsOneMinuteAtLeast() {
    let failure = Failure(.unreachable, "away")
    var trouble = BackgroundTrouble(failure, after: nil, 0, spread: 0)
    var pauses: [Int64] = []
    for _ in 0..<9 {
      pauses.append((trouble.next - trouble.last) / 60_000)
      trouble = BackgroundTrouble(failure, after: trouble, trouble.next, spread: 0)
    }
    #expect(pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60])
    // What nobody but the person can mend is not tried again by itself.
    let refused = BackgroundTrouble(Failure(.refused, "no"), after: nil, 0, spread: 0.5)
    #expect(refused.retry == nil && !refused.isOver(59_000) && refused.isOver(66_000))
    #expect(BackgroundTrouble(refused.text) == refused)
    // A network that wants a login answers for a server, and soon does so no more.
    for (kind, reason, mayPass) in [
      (.refusedByUs, .redirected, true), (.tls, nil, true), (.tls, .expiredCertificate, true),
      (.handshake, nil, true), (.garbled, .webPage, true), (.refusedByUs, nil, false),
      (.unauthorized, nil, false),
    ] as [(TransportError.Kind, TransportError.Reason?, Bool)] {
      let met = TransportError(kind: kind, method: "GET", url: "u", detail: "", reason: reason)
      let trouble = BackgroundTrouble(met, after: nil, 0, spread: 0)
      #expect((trouble.retry != nil) == mayPass, "\(kind) \(String(describing: reason))")
    }
    // A server that says when to come again is believed, but not for years; and its words are one
    // line that moves no cursor.
    for (seconds, pause) in [(7200, 7200), (30, 60), (400 * 86_400, 60)] as [(Int64, Int64)] {
      let asked = BackgroundTrouble(
        TransportError(
          kind: .busy, method: "read", url: "http://h/", detail: "a\u{1B}[2J\nb",
          reason: .notBefore(seconds)), after: nil, 0, spread: 0)
      #expect(asked.next == pause * 1000)
      #expect(!asked.message.contains { $0 == "\n" || $0 == "\u{1B}" }, "\(asked.message)")
    }
    // A clock that was set back.
    #expect(refused.isOver(-1))
    for text in ["", "1 2 3\nx", "x", "1 2 3 4 y\nz"] { #expect(BackgroundTrouble(text) == nil) }
  }

  @Test func whoeverIsBusyForLongDoesNotHoldItUp() throws {
    let desk = try Desk(auto: false, more: "[keep.page]\nfile = \"~/page.html\"\n")
    let door = BackgroundDoor(desk.paths)
    let start: Int64 = 1_800_000_000_000
    _ = door.tell(start)
    let clock = WaitingClock(start)
    // Something is changed all the time until the page is there, for five minutes at most.
    clock.whenLookedAt = { clock in
      let isMade = FileManager.default.fileExists(atPath: desk.page)
      if !isMade, clock.now < start + 300_000 { _ = door.tell(clock.now) }
    }
    try desk.work(clock)
    #expect((30_000...40_000).contains(clock.now - start), "\(clock.now - start)")
  }

  @Test func aHomeThatIsTakenAwayHasNoWorker() throws {
    let desk = try Desk()
    let start: Int64 = 1_800_000_000_000
    _ = BackgroundDoor(desk.paths).tell(start)
    let lock = desk.paths.state + "/background/lock"
    let clock = WaitingClock(start) { _ in unlink(lock) }
    _ = try desk.home.file(
      "config.toml", "[sync]\nauto = true\n[sync.stick]\nurl = \"\(desk.folder.path)/no/where\"\n")
    try desk.work(clock)
    #expect(clock.slept.count <= 2, "\(clock.slept)")
  }

  @Test func filesAreKeptInStep() throws {
    let desk = try Desk(
      auto: false,
      more: """
        [keep.page]
        file = "~/page.html"
        [keep.read]
        format = "bibtex"
        filter = "is:read"
        file = "~/refs.bib"
        [keep.broken]
        format = "atom"
        file = "~/no/folder/feed.xml"
        """)
    let refs = try desk.home.file("refs.bib", "@book{mine, title={My own}}\n")
    _ = try desk.run("read", "00002")
    desk.settle()
    let page = try String(contentsOfFile: desk.page, encoding: .utf8)
    #expect(page.contains("A Survey of Small Things"))
    let bibliography = try String(contentsOfFile: refs, encoding: .utf8)
    #expect(bibliography.contains("@book{mine") && bibliography.contains("2509.00002"))
    #expect(try desk.files() == [])
    #expect(try desk.home.shelf().out.contains("look: keep.broken: failed by itself at "))
    // What tells the same is not touched, and what somebody took away is made again.
    let before = try modified(refs)
    _ = try desk.run("star", "00003")
    desk.settle()
    #expect(try modified(refs) == before)
    #expect(try String(contentsOfFile: desk.page, encoding: .utf8) != page)
    unlink(desk.page)
    _ = try desk.run("unstar", "00003")
    desk.settle()
    #expect(FileManager.default.fileExists(atPath: desk.page))
  }

  private func modified(_ path: String) throws -> [Int] {
    var status = stat()
    try #require(stat(path, &status) == 0)
    return [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, Int(status.st_ino)]
  }

  @Test func whatComesFromElsewhereIsKeptInStepToo() throws {
    let desk = try Desk(auto: false, more: "[keep.page]\nfile = \"~/page.html\"\n")
    let other = try Home()
    _ = try other.file("config.toml", "[sync.stick]\nurl = \"\(desk.folder.path)\"\n")
    #expect(try desk.home.shelf("sync").code == 0)
    #expect(try other.shelf("sync").code == 0)
    #expect(try other.shelf("add", "2511.00009", "--title", "Elsewhere").code == 0)
    #expect(try other.shelf("sync").code == 0)
    #expect(try desk.run("sync").code == 0)
    desk.settle()
    #expect(try String(contentsOfFile: desk.page, encoding: .utf8).contains("Elsewhere"))
  }

  @Test func aPageThatTellsTheSameIsLeftAlone() throws {
    let home = try Sample.home()
    let path = home.url.path + "/page.html"
    func export(_ minute: String) throws -> String {
      var world = World.real
      world.now = { Timestamp.milliseconds(minute) ?? 0 }
      world.variable = { _ in nil }
      world.zone = { _ in 0 }
      let session = Session(world, home: home.url.path)
      _ = try Exporting(session, .html, []).keep(path)
      return try String(contentsOfFile: path, encoding: .utf8)
    }
    let first = try export("2026-03-01T08:00:00Z")
    #expect(first.contains("all papers · 2026-03-01 08:00</p>"))
    let stamp = try modified(path)
    #expect(try export("2026-03-02T09:30:00Z") == first)
    #expect(try modified(path) == stamp)
    _ = try home.shelf("star", "00001")
    let second = try export("2026-03-03T10:00:00Z")
    #expect(second.contains("all papers · 2026-03-03 10:00</p>"))
    #expect(!second.contains("2026-03-01 08:00"))
    // A file of somebody else's that holds no such place is replaced.
    try Data("<p class=\"made\">".utf8).write(to: URL(fileURLWithPath: path))
    #expect(try export("2026-03-03T10:00:00Z") == second)
  }
}

/// A clock that goes on only when somebody waits. Used by one thread.
private final class WaitingClock: @unchecked Sendable {
  private(set) var now: Int64
  private(set) var slept: [Double] = []
  var whenLookedAt: (WaitingClock) -> Void = { _ in }
  private let wake: @Sendable (Double) -> Void

  init(_ now: Int64, wake: @escaping @Sendable (Double) -> Void = { _ in }) {
    self.now = now
    self.wake = wake
  }

  func look() -> Int64 {
    whenLookedAt(self)
    return now
  }

  func sleep(_ seconds: Double) {
    slept.append(seconds)
    now += Int64((seconds * 1000).rounded(.up))
    wake(seconds)
  }
}
