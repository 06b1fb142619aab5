import Foundation
import Testing

/// Every write says which papers it changed, and so do `log`, `undo` and `redo`, on every machine.
@Suite struct WriteWordsTests {
  private func newest(_ home: Home) throws -> String? {
    try home.shelf("log", "--json").array.first?["what"] as? String
  }

  private func five() throws -> Home {
    let home = try Sample.home()
    _ = try home.shelf("add", "2501.00005", "--title", "Fifth")
    _ = try home.shelf("add", "doi:10.1000/x", "--title", "By DOI")
    return home
  }

  @Test(arguments: [
    (["read"], "marked read"), (["unread"], ""), (["queue"], "marked queued"),
    (["reading"], "marked reading"), (["skip"], "marked skipped"), (["star"], "starred"),
    (["mark", "read"], "marked read"), (["tag", "add", "kv"], "tagged +kv"),
  ])
  func onePaperIsNamed(verb: [String], done: String) throws {
    let home = try Sample.home()
    _ = try home.shelf("list")
    guard !done.isEmpty else { return }
    let run = try home.run(verb + ["%2"])
    #expect(run.notes == "1 paper \(done): 00002 A Survey of Small Things\nundo: shelf undo\n")
    let what = verb.joined(separator: " ") + " 00002 A Survey of Small Things"
    #expect(try newest(home) == what)
    #expect(try home.shelf("undo").notes == "undone: \(what) (1 paper)\nback: shelf redo\n")
    #expect(try home.shelf("redo").notes == "done again: \(what) (1 paper)\nback: shelf undo\n")
    #expect(try home.shelf("log").out.contains("undo: \(what)"))
  }

  @Test func threeAreNamedAndTheRestCounted() throws {
    let home = try five()
    let run = try home.shelf("read", "all")
    #expect(run.notes.hasPrefix("5 papers marked read\n  00001 Caches That Remember\n"))
    #expect(run.notes.hasSuffix("  and 2 more\nundo: shelf undo\n"))
    #expect(try newest(home) == "read all (5 papers)")
    let undo = try home.shelf("undo").notes
    #expect(
      undo.hasPrefix("undone: read all (5 papers)\n  00001 Caches That Remember\n"), "\(undo)")
    #expect(undo.contains("  and 2 more\n"))
  }

  @Test func papersNamedOneByOneAreNamed() throws {
    let home = try five()
    _ = try home.shelf("list")
    _ = try home.shelf("star", "%1-2")
    #expect(
      try newest(home) == "star 00001 Caches That Remember; 00002 A Survey of Small Things")
    _ = try home.shelf("skip", "%1-5")
    let what = try #require(try newest(home))
    #expect(what.hasPrefix("skip 00001 Caches") && what.hasSuffix(" and 2 more"), "\(what)")
    #expect(!what.contains("%"))
  }

  /// Only what really changed is named: the rest was so already.
  @Test func whatWasSoAlreadyIsNotNamed() throws {
    let home = try five()
    _ = try home.shelf("read", "00001", "00002")
    let run = try home.shelf("read", "date:2025-10-02")
    #expect(run.notes.hasPrefix("1 paper marked read; 2 already: 00003 Robots Fold Paper\n"))
    #expect(try newest(home) == "read 00003 Robots Fold Paper")
    #expect(try home.shelf("read", "all", "-n").notes.contains("would be marked read"))
    #expect(try newest(home) == "read 00003 Robots Fold Paper")
    #expect(
      try home.shelf("unstar", "all").notes == "nothing to change: 5 papers unstarred already\n")
  }

  @Test func theOtherWritesNameThemToo() throws {
    let home = try five()
    #expect(try newest(home) == "add doi:10.1000/x By DOI")
    _ = try home.shelf("list", "--sort", "id")
    let note = try home.shelf("note", "add", "%2", "-m", "a thought")
    #expect(note.notes.contains("): 00001 Caches That Remember\n"), "\(note.notes)")
    #expect(try newest(home) == "note add 00001 Caches That Remember")
    let id = try #require(try home.shelf("note", "list", "--json").array.first?["id"] as? String)
    _ = try home.shelf("note", "edit", id, "-m", "another")
    #expect(try newest(home) == "note edit 00001 Caches That Remember")
    let removed = try home.shelf("note", "remove", id)
    #expect(removed.notes.contains("00001 Caches That Remember"), "\(removed.notes)")
    #expect(try newest(home) == "note remove 00001 Caches That Remember")
    _ = try home.shelf("tag", "add", "ml", "all")
    let renamed = try home.shelf("tag", "rename", "ml", "ai")
    #expect(renamed.notes.contains("  and 2 more\n"), "\(renamed.notes)")
    #expect(try newest(home) == "tag rename ml ai (5 papers)")
    #expect(try home.shelf("undo").notes.contains("  and 2 more\n"))
  }

  @Test func aTitleIsCutToASaneLength() throws {
    let home = try Home()
    let title = String(repeating: "很长的题目 ", count: 50)
    _ = try home.shelf("add", "2501.00005", "--title", title)
    let what = try #require(try newest(home))
    #expect(what.count < 60 && what.hasSuffix("…"), "\(what)")
  }
}
