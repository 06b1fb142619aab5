import Foundation
import Papers
import TestSupport
import Testing

@testable import shelf

/// The built program: two at once, killed, with no network.
@Suite struct FetchProcessTests {
  typealias Reply = DigestServer.Reply

  private func shelf(_ server: DigestServer, _ folder: TemporaryFolder) -> ShelfProcess {
    var shelf = ShelfProcess(home: URL(fileURLWithPath: folder.path + "/home"))
    shelf.variables = ["SHELF_LOOPBACK": String(server.port)]
    return shelf
  }

  private static func feed(_ name: String) -> String {
    let series = name.utf8.reduce(0) { ($0 &* 7 &+ Int($1)) % 900 }
    return Wording.feed(
      .atom, (1...4).map { (id: Wording.id(series, $0), day: "2026-06-0\($0)") })
  }

  @Test func theExitCodeTells() throws {
    let made = DigestServer {
      $0.host == "a.example" ? Reply(200, Self.feed("a")) : Reply(500, "x")
    }
    let server = try #require(made)
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let shelf = shelf(server, folder)
    #expect(try shelf.run("fetch").status == 0)
    #expect(try shelf.run("source", "add", "a", "https://a.example/f").status == 0)
    let first = try shelf.run("fetch")
    #expect(first.status == 0 && first.errors.contains("4 new papers"), "\(first.errors)")
    #expect(first.output == "")
    #expect(try shelf.run("source", "add", "b", "https://b.example/f").status == 0)
    #expect(try shelf.run("fetch").status == 2)
    #expect(try shelf.run("fetch", "b").status == 69)
    #expect(try shelf.run("fetch", "c").status == 1)
    var offline = shelf
    offline.variables["SHELF_LOOPBACK"] = "1"
    let run = try offline.run("fetch", "--quiet")
    #expect(run.status == 69 && run.errors.split(separator: "\n").count == 2, "\(run.errors)")
  }

  /// While one asks a server that is slow, another one does not ask again, and everything else of
  /// shelf goes on.
  @Test func twoAtOnce() throws {
    let made = DigestServer { _ in Reply(200, "x").on(.silent) }
    let server = try #require(made)
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let shelf = shelf(server, folder)
    _ = try shelf.run("source", "add", "a", "https://a.example/f")
    let slow = Process()
    slow.executableURL = ShelfProcess.binary
    slow.arguments = ["fetch"]
    slow.environment = ["SHELF_HOME": shelf.home.path, "SHELF_LOOPBACK": String(server.port)]
    slow.standardError = FileHandle.nullDevice
    try slow.run()
    while server.requests.isEmpty, slow.isRunning { usleep(2000) }
    let second = try shelf.run("fetch")
    #expect(second.status == 75 && second.errors.contains("another shelf is fetching"))
    #expect(try shelf.run("add", "2605.00001", "--title", "Mine").status == 0)
    #expect(server.requests.count == 1)
    kill(slow.processIdentifier, SIGKILL)
    slow.waitUntilExit()
    server.answer { _ in Reply(200, Self.feed("a")) }
    #expect(try shelf.run("fetch").status == 0, "the lock goes with the process")
  }

  /// Killed at any moment: what came is there whole, what did not comes with the next fetch, and
  /// nothing twice.
  @Test func killedAtAnyMoment() throws {
    let names = ["a", "b", "c", "d", "e", "f"]
    let made = DigestServer { request in
      let name = String(request.host.prefix(1))
      let tag = "\"\(name)\""
      return request.headers["if-none-match"] == tag
        ? Reply(304) : Reply(200, Self.feed(name), "ETag: \(tag)")
    }
    let server = try #require(made)
    defer { server.stop() }
    var generator = SeededGenerator(seed: 20)
    print("seed 20")
    // As long as a fetch lasts here, in microseconds: found out on the way.
    var longest: UInt32 = 60_000
    var allKills = 0
    for round in 0..<8 {
      let folder = try TemporaryFolder()
      let shelf = shelf(server, folder)
      for name in names { _ = try shelf.run("source", "add", name, "https://\(name).example/f") }
      var kills = 0
      for _ in 0..<5 {
        let delay = UInt32.random(in: 1000...longest, using: &generator)
        let isKilled = try shelf.kill(["fetch"], afterMicroseconds: delay) != 0
        if isKilled { kills += 1 }
        longest = isKilled ? longest / 8 * 9 : max(3000, longest / 5 * 4)
      }
      allKills += kills
      let last = try shelf.run("fetch")
      #expect(last.status == 0, "round \(round): \(last.errors)")
      let count = try shelf.run("count", "all").output
      #expect(count == "\(names.count * 4)\n", "round \(round), \(kills) kills")
      #expect(try shelf.run("count", "is:repeated").output == "0\n")
      #expect(try shelf.run("doctor").status == 0)
    }
    #expect(allKills >= 10, "only \(allKills) of 40 fetches were killed on their way")
    print("\(allKills) of 40 fetches killed on their way, at last within \(longest) µs")
  }
}
