import Foundation
import TestSupport
import Testing

/// `conflicts`: its numbers are those of the list this terminal printed, and nothing that came
/// since is replaced unseen.
@Suite struct ConflictTests {
  private func status(_ home: Home, _ id: String = "00001") throws -> String? {
    try home.shelf("show", id, "--json").array.first?["status"] as? String
  }

  private func lost(_ home: Home) throws -> [String] {
    try home.shelf("conflicts", "--json").array.compactMap { $0["lost"] as? String }
  }

  /// Two homes after they marked one paper differently: `one` skipped it, which lost; `two` read
  /// it.
  private func disagreeing() throws -> Pair {
    let pair = try Pair()
    _ = try pair.one.shelf("skip", "00001")
    _ = try pair.two.shelf("read", "00001")
    try pair.meet()
    #expect(try status(pair.one) == "read")
    return pair
  }

  /// Numbers are those of the list that was printed, and so is what was seen: `restore` replaces
  /// what came since as another machine would, and lists it; `keep` keeps it.
  @Test(arguments: [("restore", "skipped", ["queued"]), ("keep", "queued", [])])
  func whatCameSinceTheListStays(verb: String, holds: String, listed: [String]) throws {
    let pair = try disagreeing()
    #expect(try lost(pair.one) == ["skipped"])
    _ = try pair.two.shelf("queue", "00001")
    try pair.meet()
    #expect(try status(pair.one) == "queued")
    let run = try pair.one.shelf("conflicts", verb, "1")
    #expect(run.code == 0, "\(run.notes)")
    try pair.meet()
    for home in [pair.one, pair.two] {
      #expect(try status(home) == holds)
      #expect(try lost(home) == listed)
    }
    #expect(try pair.one.export() == pair.two.export())
  }

  @Test(arguments: ["restore", "keep"])
  func aConflictThatIsSettledIsNotAnother(verb: String) throws {
    let pair = try disagreeing()
    _ = try pair.one.shelf("skip", "00002")
    _ = try pair.two.shelf("read", "00002")
    try pair.meet()
    #expect(try pair.one.shelf("conflicts").lines.count == 2)
    _ = try pair.two.shelf("conflicts")
    #expect(try pair.two.shelf("conflicts", "keep", "1").code == 0)
    try pair.meet()
    let run = try pair.one.shelf("conflicts", verb, "1")
    #expect(run.code == 1 && run.notes.contains("settled already"), "\(run.notes)")
    #expect(try status(pair.one, "00002") == "read")
    #expect(try pair.one.shelf("conflicts", verb, "2").code == 0)
  }

  /// An undo brings back what held, and lists what was settled.
  @Test(arguments: [("restore", "skipped"), ("keep", "read")])
  func settlingIsTakenBackAsAWhole(verb: String, settled: String) throws {
    let pair = try disagreeing()
    #expect(try lost(pair.one) == ["skipped"])
    for _ in 0..<2 {
      _ = try pair.one.shelf("conflicts", verb, "1")
      #expect(try status(pair.one) == settled)
      #expect(try lost(pair.one) == [])
      let undo = try pair.one.shelf("undo")
      #expect(undo.code == 0 && undo.notes.contains("conflicts \(verb)"), "\(undo.notes)")
      #expect(try status(pair.one) == "read")
      #expect(try lost(pair.one) == ["skipped"])
      #expect(try pair.one.shelf("redo").code == 0)
      #expect(try status(pair.one) == settled)
      #expect(try lost(pair.one) == [])
      #expect(try pair.one.shelf("undo").code == 0)
      #expect(try lost(pair.one) == ["skipped"])
    }
    try pair.meet()
    for home in [pair.one, pair.two] {
      #expect(try status(home) == "read")
      #expect(try lost(home) == ["skipped"])
    }
    #expect(try pair.one.export() == pair.two.export())
  }

  @Test func aViewInConflictIsNamed() throws {
    let pair = try Pair()
    _ = try pair.one.shelf("view", "save", "week", "added:7d")
    _ = try pair.two.shelf("view", "save", "week", "added:14d")
    try pair.meet()
    let conflict = try #require(try pair.one.shelf("conflicts", "--json").array.first)
    #expect(conflict["name"] as? String == "week")
    #expect(conflict["id"] is NSNull && conflict["lost"] as? String == "added:7d")
    let run = try pair.one.shelf("conflicts", "restore", "1")
    #expect(run.code == 0 && run.notes.contains("@week"), "\(run.notes)")
    #expect(try pair.one.shelf("view", "list").out == "@week  added:7d\n")
  }

  @Test func aViewThatIsReplacedIsTold() throws {
    let home = try Sample.home()
    _ = try home.shelf("view", "save", "week", "added:7d")
    let run = try home.shelf("view", "save", "week", "added:14d")
    #expect(run.notes.contains("in place of “added:7d”"), "\(run.notes)")
    #expect(run.notes.contains("undo: shelf undo"), "\(run.notes)")
    let same = try home.shelf("view", "save", "week", "added:14d")
    #expect(!same.notes.contains("in place of"), "\(same.notes)")
    _ = try home.shelf("undo")
    #expect(try home.shelf("view", "list").out == "@week  added:7d\n")
  }

  @Test func aRetiredMachineComesBackByUndo() throws {
    let pair = try Pair()
    _ = try pair.two.shelf("star", "00001")
    try pair.meet()
    func devices() throws -> String { try pair.one.shelf("sync", "devices").out }
    let before = try devices()
    let other = try #require(
      before.split(separator: "\n").first { $0.hasPrefix(" ") && !$0.contains("this machine") }?
        .split(separator: " ").first)
    let run = try pair.one.shelf("sync", "retire", String(other))
    #expect(run.code == 0, "\(run.notes)")
    #expect(try devices() != before)
    #expect(try pair.one.shelf("undo").code == 0)
    #expect(try devices() == before)
    #expect(try pair.one.shelf("redo").code == 0)
    #expect(try devices() != before)
  }
}
