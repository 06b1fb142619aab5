import Foundation
import TestSupport
import Testing

@testable import shelf

/// `sync --watch` from outside, and what is published.
@Suite struct WatchTests {
  private struct Desk {
    let home: Home
    init(_ folder: String, _ more: String = "") throws {
      home = try Home()
      _ = try home.file("config.toml", "[sync.stick]\nurl = \"\(folder)\"\n\(more)")
    }
  }

  /// The next line of a process, as JSON; waits for it.
  private func line(_ running: Home.Running) throws -> [String: Any] {
    var bytes = Data()
    while let byte = try running.out.read(upToCount: 1), byte.count == 1, byte[0] != 0x0A {
      bytes.append(byte)
    }
    return try JSONSerialization.jsonObject(with: bytes) as? [String: Any] ?? [:]
  }

  @Test(.timeLimit(.minutes(2)))
  func whatIsChangedGoesAndWhatIsSentComes() throws {
    let folder = try TemporaryFolder()
    let (desk, laptop) = (try Desk(folder.path), try Desk(folder.path))
    _ = try desk.home.run(["import", try desk.home.file("series/2025-10-02.md", Sample.day)])
    #expect(try desk.home.shelf("sync").code == 0)
    let watching = try laptop.home.start(["sync", "--watch", "--json"])
    let first = try line(watching)
    #expect(first["remote"] as? String == "stick" && first["pulled"] as? Int ?? 0 > 0)
    // There is one.
    let second = try laptop.home.shelf("sync", "--watch")
    #expect(second.code == 75 && second.notes.contains("watches this home already"))
    // From elsewhere.
    #expect(try desk.home.shelf("star", "00001").code == 0)
    #expect(try desk.home.shelf("sync").code == 0)
    var came = try line(watching)
    while came["pulled"] as? Int == 0 { came = try line(watching) }
    #expect(try laptop.home.shelf("list", "is:starred", "--ids").out == "2509.00001\n")
    // From here.
    #expect(try laptop.home.shelf("read", "00002").code == 0)
    var went = try line(watching)
    while went["pushed"] as? Int == 0 { went = try line(watching) }
    #expect(try desk.home.shelf("sync").code == 3 - 3)
    #expect(try desk.home.shelf("list", "is:read", "--ids").out == "2509.00002\n")
    watching.process.terminate()
    #expect(try watching.end().code == 0)
    #expect(try laptop.home.shelf("sync", "--watch", "-n").code == 64)
  }

  @Test func itIsAskedOftenLessAndAfterFailuresLeftAlone() {
    var rhythm = WatchRhythm(0)
    #expect(rhythm.isDue(0))
    func pause(at now: Int64) -> Int64 {
      rhythm.answered(now)
      return rhythm.next - now
    }
    #expect(pause(at: 1000) == 1000)
    #expect(pause(at: 59_000) == 1000)
    // Sending and coming take a second; the look must leave room for them within five.
    #expect(pause(at: 61_000) == 3000)
    #expect(pause(at: 3_500_000) == 3000)
    #expect(pause(at: 3_700_000) == 30_000)
    rhythm.moved(3_700_000)
    #expect(pause(at: 3_700_001) == 1000)
    var pauses: [Int64] = []
    for _ in 0..<10 {
      rhythm.failed(4_000_000, spread: 0)
      pauses.append((rhythm.next - 4_000_000) / 1000)
    }
    #expect(pauses == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    #expect(rhythm.isFailing && !rhythm.isDue(4_299_999) && rhythm.isDue(4_300_000))
    // A clock that was set back.
    #expect(rhythm.isDue(1000))
    #expect(pause(at: 4_300_000) == 3000 && !rhythm.isFailing)
  }

  @Test func whatIsToBeSentGoesAtOnceButNotToAServerThatFails() {
    var rhythm = WatchRhythm(0)
    rhythm.answered(0)
    #expect(!rhythm.isTurn(500, early: false) && rhythm.isTurn(500, early: true))
    rhythm.failed(500, spread: 0)
    #expect(!rhythm.isTurn(2499, early: true) && rhythm.isTurn(2500, early: false))
    // What no look noticed is found within ten minutes all the same.
    #expect(!rhythm.isSyncDue(599_999) && rhythm.isSyncDue(600_000))
    rhythm.synced(600_000)
    #expect(!rhythm.isSyncDue(600_001) && rhythm.isSyncDue(599_999))
    // After a night's sleep it is asked, and synced with, at once.
    rhythm.wake(30_000_000)
    #expect(rhythm.isDue(30_000_000) && rhythm.isSyncDue(30_000_000))
    rhythm.failed(30_000_000, spread: 0)
    rhythm.wake(30_000_001)
    #expect(rhythm.isTurn(30_000_001, early: false) && !rhythm.isFailing)
  }

  @Test func aMachineThatSleptKnowsIt() {
    var sleep = WatchSleep(0)
    let looks: [Int64] = [30_000, 60_500, 120_400, 180_500, 180_400, 180_400]
    #expect(looks.map { sleep.hasSlept($0) } == [false, false, false, true, true, false])
  }

  // MARK: Published

  @Test func whatIsPublishedStandsThereAndDisturbsNobody() throws {
    let folder = try TemporaryFolder()
    let desk = try Desk(folder.path, "publish = [\"html\", \"atom\"]\n")
    let laptop = try Desk(folder.path)
    _ = try desk.home.run(["import", try desk.home.file("series/2025-10-02.md", Sample.day)])
    let run = try desk.home.shelf("sync")
    #expect(run.code == 0 && run.notes.contains("list.html and list.atom brought in step there"))
    #expect(run.notes.contains("whoever can read the folder can read the list"))
    let page = folder.path + "/list.html"
    let first = try String(contentsOfFile: page, encoding: .utf8)
    #expect(first.contains("Caches That Remember"))
    #expect(FileManager.default.fileExists(atPath: folder.path + "/list.atom"))
    // The other machine sees papers, and nothing else.
    #expect(try laptop.home.shelf("sync").code == 0)
    #expect(try laptop.home.shelf("count", "all").out == "3\n")
    #expect(try laptop.home.shelf("sync").notes.hasPrefix("stick: nothing new"))
    #expect(try laptop.home.shelf("sync", "verify").code == 0)
    // Nothing changed, nothing is written; what others change is.
    #expect(try !desk.home.shelf("sync").notes.contains("brought in step"))
    #expect(try laptop.home.shelf("star", "00003").code == 0)
    #expect(try laptop.home.shelf("sync").code == 0)
    #expect(try String(contentsOfFile: page, encoding: .utf8) == first)
    let second = try desk.home.shelf("sync")
    #expect(second.notes.contains("  list.html brought in step there"), "\(second.notes)")
    #expect(try String(contentsOfFile: page, encoding: .utf8) != first)
    // A folder that lost all gets it again.
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      unlink(folder.path + "/" + name)
    }
    #expect(try desk.home.shelf("sync").notes.contains("list.html and list.atom"))
  }

  @Test func nothingIsPublishedWhereAllIsSealed() throws {
    let folder = try TemporaryFolder()
    let desk = try Desk(
      folder.path, "encrypt = true\npassphrase_command = \"echo x\"\npublish = [\"html\"]\n")
    let run = try desk.home.shelf("sync")
    #expect(run.code == 78)
    #expect(run.notes.contains("config.toml:5: sync.stick is sealed"), "\(run.notes)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    _ = try desk.home.file(
      "config.toml", "[sync.stick]\nurl = \"\(folder.path)\"\npublish = [\"pdf\"]\n")
    #expect(try desk.home.shelf("sync").notes.contains("publish is a list of some of"))
  }
}
