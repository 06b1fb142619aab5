import Disk
import Foundation
import Papers
import TestSupport
import Testing

@testable import shelf

/// When a remote was last synced with: what may be forgotten, and never makes a sync fail.
@Suite struct SyncTimesTests {
  private let folder: TemporaryFolder
  private let paths: Paths
  private var times: SyncTimes { SyncTimes(paths) }

  init() throws {
    folder = try TemporaryFolder()
    paths = Paths(home: folder.path, variable: { _ in nil })
  }

  private func file(of remote: String) -> String {
    Paths.join(Paths.join(paths.state, "synced"), Draft.name(remote))
  }

  @Test func whatIsKeptIsReadAgainByName() {
    let names = [
      "home", "Home", "家", "../home", "a/b", "é", "e\u{301}", String(repeating: "n", count: 400),
    ]
    for name in names { #expect(times.last(name, 2_000) == nil, "\(name)") }
    for (index, name) in names.enumerated() { times.keep(name, Int64(1_000 + index)) }
    for (index, name) in names.enumerated() {
      #expect(times.last(name, 2_000) == Int64(1_000 + index), "\(name)")
    }
  }

  /// A shorter time in the place of a longer one, a clock that went back, whole days.
  @Test func theLastOneHolds() {
    times.keep("home", 1_700_000_000_000)
    times.keep("home", 999)
    #expect(times.last("home", 1_000) == 999)
    #expect(times.last("home", 998) == nil)
    #expect(times.daysAgo("home", 998) == nil)
    #expect(times.daysAgo("home", 999 + 86_400_000 - 1) == 0)
    #expect(times.daysAgo("home", 999 + 3 * 86_400_000) == 3)
  }

  @Test(
    "Whatever stands there instead is as nothing",
    arguments: ["", "\n12", "12x\n", "99999999999999999999\n"])
  func otherBytes(text: String) throws {
    times.keep("home", 5)
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(of: "home")))
    #expect(times.last("home", .max) == nil)
    times.keep("home", 7)
    #expect(times.last("home", .max) == 7)
  }

  /// Nobody's file elsewhere is written, and nothing is waited for.
  @Test func linksAndPipesAreNotFollowed() throws {
    times.keep("other", 1)
    let elsewhere = Paths.join(folder.path, "elsewhere")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: elsewhere))
    #expect(symlink(elsewhere, file(of: "link")) == 0)
    times.keep("link", 5)
    #expect(try Data(contentsOf: URL(fileURLWithPath: elsewhere)) == Data("mine".utf8))
    #expect(mkfifo(file(of: "pipe"), 0o600) == 0)
    times.keep("pipe", 5)
  }
}
