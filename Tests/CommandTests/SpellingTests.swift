import Foundation
import TestSupport
import Testing

/// Names are composed (NFC). What an old library holds decomposed is found, renamed and removed,
/// however it is typed.
@Suite struct SpellingTests {
  private static let composed = "caf\u{E9}"
  private static let decomposed = "cafe\u{301}"
  static let typed = [composed, decomposed]

  /// A library as an old build left it: 00001 bears the tag decomposed, 00002 composed, 00003 a
  /// child of it.
  private func old() throws -> Home {
    let home = try Sample.home()
    _ = try home.shelf("export", "jsonl", "-o", home.url.path + "/all.jsonl")
    let text = try String(contentsOfFile: home.url.path + "/all.jsonl", encoding: .utf8)
    var all = text.split(separator: "\n").map(String.init)
    for (place, tag) in [(0, Self.decomposed), (1, Self.composed), (2, Self.decomposed + "/x")] {
      let number = "2509.0000\(place + 1)"
      let index = try #require(all.firstIndex { $0.contains("\"id\":\"\(number)\"") })
      all[index] = all[index].replacingOccurrences(of: "\"tags\":[]", with: "\"tags\":[\"\(tag)\"]")
    }
    let other = try Home()
    let run = try other.shelf(
      "import", try other.file("old.jsonl", all.joined(separator: "\n") + "\n"))
    #expect(run.code == 0, "\(run.notes)")
    #expect(try tags(other).count == 3)
    return other
  }

  private func tags(_ home: Home) throws -> [[UInt8]] {
    try home.shelf("tag", "list", "--json").array.compactMap {
      ($0["tag"] as? String).map { Array($0.utf8) }
    }
  }

  @Test(arguments: typed) func bothAreFound(_ typed: String) throws {
    let home = try old()
    #expect(try home.shelf("count", "+" + typed).out == "3\n")
    #expect(try home.shelf("count", "tag=" + typed).out == "2\n")
    #expect(try home.shelf("count", "not", "+" + typed).out == "0\n")
  }

  @Test(arguments: typed) func bothAreRemoved(_ typed: String) throws {
    let home = try old()
    let run = try home.shelf("tag", "remove", typed, "all", "--json")
    #expect(run.object["changed"] as? Int == 2, "\(run.notes)")
    #expect(try tags(home) == [Array((Self.decomposed + "/x").utf8)])
    _ = try home.shelf("undo")
    #expect(try tags(home).count == 3)
  }

  @Test(arguments: typed) func bothAreRenamed(_ typed: String) throws {
    let home = try old()
    let run = try home.shelf("tag", "rename", typed, "tea")
    #expect(run.code == 0, "\(run.notes)")
    #expect(try tags(home) == [Array("tea".utf8), Array("tea/x".utf8)])
    #expect(try home.shelf("count", "tag=tea").out == "2\n")
    _ = try home.shelf("undo")
    // Renamed to itself, there is one spelling left.
    _ = try home.shelf("tag", "rename", typed, typed)
    #expect(try tags(home) == [Array(Self.composed.utf8), Array((Self.composed + "/x").utf8)])
  }

  @Test(arguments: typed) func aTagIsNotAddedTwice(_ typed: String) throws {
    let home = try old()
    #expect(try home.shelf("tag", "add", typed, "00001", "--json").object["changed"] as? Int == 0)
    #expect(try home.shelf("tag", "add", typed, "00003", "--json").object["changed"] as? Int == 1)
  }

  @Test func whatIsTypedIsComposed() throws {
    let home = try Sample.home()
    _ = try home.shelf("tag", "add", Self.decomposed, "00001")
    _ = try home.shelf("view", "save", Self.decomposed, "+" + Self.decomposed)
    #expect(try tags(home) == [Array(Self.composed.utf8)])
    let view = try #require(try home.shelf("view", "list", "--json").array.first)
    #expect((view["name"] as? String).map { Array($0.utf8) } == Array(Self.composed.utf8))
    for name in Self.typed { #expect(try home.shelf("count", "@" + name).out == "1\n") }
    #expect(try home.shelf("view", "remove", Self.decomposed).code == 0)
    #expect(try home.shelf("view", "list").out == "")
  }

  /// Those that `remote add` makes are plain; one with an accent stands in quotes in config.toml.
  @Test func aRemoteIsOneHoweverItIsTyped() throws {
    let home = try Sample.home()
    let folder = try Home()
    for name in Self.typed {
      let run = try home.shelf("remote", "add", name, folder.url.path)
      #expect(run.code == 64 && run.notes.contains("is no name for a remote"), "\(run.notes)")
    }
    _ = try home.file(
      "config.toml", "[sync.\"\(Self.decomposed)\"]\nurl = \"\(folder.url.path)\"\n")
    for name in Self.typed {
      let run = try home.shelf("sync", name)
      #expect(run.code == 0, "\(run.notes)")
    }
    #expect(try home.shelf("sync", "devices").out.split(separator: "\n").count == 2)
  }
}
