import Foundation
import Testing

/// `%3` and its kind: what they name, and for whom; and what is no row is not guessed at.
@Suite struct RowTests {
  private func ids(_ home: Home, _ filter: String...) throws -> [String] {
    try home.run(["list", "--ids", "--sort", "id"] + filter).lines
  }

  @Test(arguments: [
    (["%1..3"], 3), (["%1-3"], 3), (["%1-%3"], 3), (["%1,%3"], 2), (["%1,3"], 2), (["%1-2,3"], 3),
    (["%1-2", "00003"], 3), (["%2", "%3"], 2), (["(%1-2", "or", "%3)"], 3), (["not", "%1-2"], 1),
  ])
  func rangesAreRowsOneByOne(words: [String], count: Int) throws {
    let home = try Sample.home()
    _ = try home.shelf("list", "--sort", "id")
    let run = try home.run(["skip"] + words + ["--json"])
    #expect(run.code == 0 && run.object["changed"] as? Int == count, "\(run.notes)")
    #expect(try home.run(["show", "%1-2", "--json"]).array.count == 2)
  }

  @Test(arguments: [
    "%", "%0", "%x", "%1-", "%-3", "%3-1", "%1..x", "%1,", "%1-2-3", "%１", "%1.5",
  ])
  func whatIsNoRowIsAUsageErrorWithACaret(word: String) throws {
    let home = try Sample.home()
    _ = try home.shelf("list")
    for verb in [["skip"], ["list"], ["show"]] {
      let run = try home.run(verb + [word])
      #expect(run.code == 64, "\(verb) \(word): \(run.notes)")
      #expect(run.notes.contains("^") && run.notes.contains("%1-3,7"), "\(run.notes)")
    }
    #expect(try home.shelf("count", "is:skipped").out == "0\n")
  }

  @Test func aRowThatIsNotThereIsTold() throws {
    let home = try Sample.home()
    _ = try home.shelf("list")
    for word in ["%4", "%1-4", "%1-999999999", "%999999999"] {
      #expect(try home.shelf("skip", word).code == 1, "\(word)")
    }
    #expect(try home.shelf("count", "is:skipped").out == "0\n")
  }

  @Test(arguments: [
    ["mark", "read"], ["read"], ["unread"], ["queue"], ["reading"], ["skip"], ["star"], ["unstar"],
    ["tag", "add", "kv"], ["tag", "remove", "old"],
  ])
  func aBareNumberInAWriteIsNotGuessedAt(verb: [String]) throws {
    let home = try Sample.home()
    _ = try home.shelf("tag", "add", "old", "all")
    let before = try home.export()
    for words in [["1"], ["2", "3"], ["100"], ["is:unread", "7"], ["not", "5"], ["(1)"]] {
      let run = try home.run(verb + words)
      #expect(run.code == 64, "\(verb) \(words): \(run.notes)")
      #expect(run.notes.contains("text:"), "\(run.notes)")
    }
    let said = try home.run(verb + ["2", "3"]).notes
    #expect(said.contains("shelf \(verb.joined(separator: " ")) %2 %3"), "\(said)")
    #expect(try home.export() == before)
    #expect(try home.run(verb + ["text:1"]).code == 0)
    #expect(try home.shelf("count", "1").code == 0, "reading guesses as before")
  }

  @Test func aPaperInThePlaceOfTheTags() throws {
    let home = try Sample.home()
    for name in ["00001", "2509.00001", "%1", "https://arxiv.org/abs/2509.00001"] {
      let run = try home.shelf("tag", "add", name, "llm")
      #expect(run.code == 64 && run.notes.contains("shelf tag add llm \(name)\n"), "\(run.notes)")
    }
    #expect(try home.shelf("tag", "list").out == "")
    #expect(try home.shelf("tag", "add", "+26507", "00001").code == 0)
  }

  @Test func severalPapersThatEndSoAreNamedWithTheirTitles() throws {
    let home = try Home()
    _ = try home.shelf("add", "2501.10184", "--title", "One End")
    _ = try home.shelf("add", "2502.10184", "--title", "Another End")
    for words in [
      ["show", "184"], ["read", "184"], ["show", "10184"], ["list", "10184"], ["read", "10184"],
      ["read", "not", "0184"],
    ] {
      let run = try home.run(words)
      #expect(run.code == 1, "\(words): \(run.notes)")
      #expect(run.notes.contains("2501.10184  One End\n"), "\(words): \(run.notes)")
      #expect(run.notes.contains("2502.10184  Another End\n"), "\(words): \(run.notes)")
    }
    #expect(try home.shelf("count", "is:read").out == "0\n")
  }

  @Test func eachTerminalHasItsOwnRows() throws {
    let home = try Sample.home()
    let (desk, sofa) = (try Terminal(), try Terminal())
    #expect(try desk.shelf(home, ["list", "--sort", "id"]).screen.contains("%1  2509.00001"))
    #expect(try sofa.shelf(home, ["list", "--sort", "id-"]).screen.contains("%1  2509.00003"))
    // Neither a cron job nor a pipe moves what a terminal shows.
    _ = try home.shelf("list", "--sort", "id-")
    _ = try desk.shelf(home, ["list", "--sort", "id-"], piped: true)
    _ = try desk.shelf(home, ["search", "机器人", "--ids"], piped: true)
    #expect(try desk.shelf(home, ["open", "%1", "--print"]).screen.contains("00001"))
    #expect(try sofa.shelf(home, ["open", "%1", "--print"]).screen.contains("00003"))
    #expect(try home.shelf("open", "%1", "--print").out.contains("00003"))
    _ = try sofa.shelf(home, ["search", "机器人"])
    #expect(try home.shelf("open", "%2", "--print").out.contains("00002"))
    // A terminal that has listed nothing has no rows of others.
    #expect(try Terminal().shelf(home, ["skip", "%1"]).code == 1)
  }

  @Test func rowsAreNumberedOnATerminalOnly() throws {
    let home = try Sample.home()
    let terminal = try Terminal()
    let list = try terminal.shelf(home, ["list"])
    #expect(list.lines[0].hasPrefix("    id "), "\(list.screen)")
    #expect(list.lines[1].hasPrefix("%1  2509.00001  "), "\(list.screen)")
    #expect(list.lines[3].hasPrefix("%3  2509.00003  "), "\(list.screen)")
    #expect(try terminal.shelf(home, ["search", "缓存"]).lines[0].hasPrefix("%1  2509.00001"))
    #expect(try terminal.shelf(home, []).screen.contains("%1  2509.00001"))
    #expect(try home.shelf("list").out.hasPrefix("2509.00001"))
    _ = try home.file("config.toml", "list.columns = [\"id\", \"title\"]\n")
    #expect(try terminal.shelf(home, ["list"]).lines[1].hasPrefix("2509.00001"))
  }

  @Test func terminalsOfLongAgoAreForgotten() throws {
    let home = try Sample.home()
    let folder = home.url.appendingPathComponent("state/listings")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for number in 0..<60 {
      let file = try home.file("state/listings/old-\(number)", "2509.00001\n")
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSince1970: 1_000_000 + Double(number))],
        ofItemAtPath: file)
    }
    _ = try home.shelf("list")
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(left.count == 32 && left.contains("none") && left.contains("old-59"))
  }
}
