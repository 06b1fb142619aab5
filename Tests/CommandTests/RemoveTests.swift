import Foundation
import TestSupport
import Testing

/// `remove` takes a paper off the list with all that was on it, for good, and `undo` puts all back.
@Suite struct RemoveTests {
  /// The sample day; on its first two papers everything that a person can say.
  private func home() throws -> (home: Home, day: String) {
    let home = try Home()
    let day = try home.file("2025-10-02.md", Sample.day)
    #expect(try home.shelf("import", day).code == 0)
    for words in [
      ["reading", "00001"], ["star", "00001"], ["tag", "add", "缓存,ml/cache", "00001", "00002"],
      ["note", "add", "00001", "-m", "one"], ["note", "add", "00001", "-m", "two\nlines"],
    ] {
      #expect(try home.run(words).code == 0)
    }
    return (home, day)
  }

  @Test func whateverWasOnItGoesAndComesBackByUndo() throws {
    let (home, _) = try home()
    let before = try home.export()
    let run = try home.shelf("remove", "00001", "00002")
    #expect(run.code == 0)
    #expect(run.notes.contains("2 papers removed"), "\(run.notes)")
    #expect(run.notes.contains("Caches That Remember"), "it names what it changed")
    #expect(try home.shelf("list", "--ids").out == "2509.00003\n")
    #expect(try home.shelf("show", "2509.00001").code == 1)
    #expect(try home.shelf("tag", "list").out.isEmpty)
    #expect(try home.shelf("note", "list", "all").out.isEmpty)
    #expect(try home.shelf("search", "缓存", "--ids").out.isEmpty)
    #expect(try home.shelf("log").out.contains("remove 00001 Caches That Remember"))
    #expect(try home.shelf("undo").code == 0)
    // All but the times: the undo is a new change.
    let times = /"updated":"[^"]*"/
    #expect(try home.export().replacing(times, with: "") == before.replacing(times, with: ""))
    #expect(try home.shelf("redo").code == 0)
    #expect(try home.shelf("count", "all").out == "1\n")
    #expect(try home.shelf("doctor").code == 0)
  }

  @Test func aDigestDoesNotBringItBackAndAddDoes() throws {
    let (home, day) = try home()
    let export = try home.file("all.jsonl", try home.export())
    #expect(try home.shelf("remove", "00001").code == 0)
    for file in [day, export, try home.file("2025-10-03.md", Sample.day)] {
      let run = try home.shelf("import", file)
      #expect(run.code == 0)
      #expect(run.notes.contains("0 new"), "\(run.notes)")
      #expect(try home.shelf("count", "all").out == "2\n")
      let log = try home.shelf("log").out
      #expect(try home.shelf("import", file).code == 0)
      #expect(try home.shelf("log").out == log, "a second time changes nothing")
    }
    #expect(try home.shelf("add", "2509.00001").code == 0)
    let paper = try #require(try home.shelf("show", "2509.00001", "--json").array.first)
    #expect(paper["title"] as? String == "Caches That Remember")
    #expect(paper["status"] as? String == "unread")
    #expect((paper["tags"] as? [String])?.isEmpty == true)
    #expect((paper["notes"] as? [Any])?.isEmpty == true)
    // Off again, and on again by undo, which knows no reason to leave it.
    #expect(try home.shelf("remove", "00001").code == 0)
    #expect(try home.shelf("undo", "2").code == 0)
    #expect(try home.shelf("count", "all").out == "2\n", "as before `add`")
  }

  @Test func whatAnotherMachineWroteMeanwhileKeepsIt() throws {
    let (desk, _) = try home()
    let laptop = try Home()
    let folder = desk.url.appendingPathComponent("remote").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for home in [desk, laptop] {
      #expect(try home.shelf("remote", "add", "folder", folder).code == 0)
      #expect(try home.shelf("sync").code == 0)
    }
    #expect(try desk.shelf("remove", "00001", "00002").code == 0)
    #expect(try laptop.shelf("note", "add", "00001", "-m", "do not lose me").code == 0)
    for home in [desk, laptop, desk] { #expect(try [0, 3].contains(home.shelf("sync").code)) }
    for home in [desk, laptop] {
      #expect(try home.shelf("list", "--ids", "--sort", "id").out == "2509.00001\n2509.00003\n")
      #expect(try home.shelf("note", "list", "all").out.contains("do not lose me"))
    }
    #expect(try desk.export() == laptop.export())
    // When the note goes, so does the paper: nobody has put it back.
    let note = try #require(
      (try desk.shelf("show", "00001", "--json").array.first?["notes"] as? [[String: Any]])?
        .first?["id"] as? String)
    #expect(try desk.shelf("note", "remove", note).code == 0)
    #expect(try desk.shelf("list", "--ids").out == "2509.00003\n")
  }

  @Test func anImportThatWasTakenBackComesAgain() throws {
    let home = try Home()
    let day = try home.file("2025-10-02.md", Sample.day)
    #expect(try home.shelf("import", day).code == 0)
    #expect(try home.shelf("undo").code == 0)
    #expect(try home.shelf("count", "all").out == "0\n")
    #expect(try home.shelf("import", day).notes.contains("3 new"))
  }
}
