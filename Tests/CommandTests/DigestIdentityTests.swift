import Foundation
import TestSupport
import Testing

/// A digest is the same digest however it came, and counts once.
@Suite struct DigestIdentityTests {
  private func digests(_ home: Home, _ id: String = "00002") throws -> [String] {
    let paper = try #require(try home.shelf("show", id, "--json").array.first)
    return ((paper["digests"] as? [[String: Any]]) ?? []).compactMap { $0["source"] as? String }
  }

  /// That there is one digest, of this series.
  private func expectOne(
    _ home: Home, _ source: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try digests(home) == [source], sourceLocation: sourceLocation)
    #expect(try home.shelf("count", "is:repeated").out == "0\n", sourceLocation: sourceLocation)
    #expect(
      try home.shelf("stats", "--json").object["digests"] as? Int == 1,
      sourceLocation: sourceLocation)
    let card = try home.shelf("show", "00002").out.components(separatedBy: "\nHistory")[0]
    #expect(card.components(separatedBy: "2025-10-02").count == 2, sourceLocation: sourceLocation)
    #expect(try home.shelf("doctor").code == 0, sourceLocation: sourceLocation)
  }

  @Test func byPathPipeAndOtherNames() throws {
    let home = try Sample.home()
    try expectOne(home, "series")
    let log = try home.shelf("log").out
    let ways = [
      try home.file("elsewhere/2025-10-02.md", Sample.day),
      try home.file("down/loaded.md", Sample.day), try home.file("x/2025/10/02.md", Sample.day),
      try home.file("y/README.md", Sample.day), "-",
    ]
    for way in ways {
      let run = try home.run(["import", way], input: Sample.day)
      #expect(run.notes == "3 papers: 0 new, 0 updated, 3 seen again\n", "\(run.notes)")
    }
    try expectOne(home, "series")
    #expect(try home.shelf("log").out == log)
  }

  @Test func whatCameByAPipeGetsTheNameOfThePath() throws {
    let home = try Home()
    _ = try home.shelf("import", "-", input: Sample.day)
    try expectOne(home, "stdin")
    let path = try home.file("series/2025-10-02.md", Sample.day)
    #expect(try home.shelf("import", path).notes.hasPrefix("3 papers: 0 new, 0 updated, 3 seen"))
    try expectOne(home, "series")
    let log = try home.shelf("log").out
    _ = try home.shelf("import", "-", input: Sample.day)
    _ = try home.shelf("import", path)
    #expect(try home.shelf("log").out == log)
    _ = try home.shelf("undo")
    try expectOne(home, "stdin")
    // It says something else since.
    _ = try home.shelf("redo")
    _ = try home.file(
      "series/2025-10-02.md", Sample.day.replacingOccurrences(of: "列出了一切", with: "列出了全部"))
    #expect(try home.shelf("import", path).notes.hasPrefix("3 papers: 0 new, 1 updated"))
    try expectOne(home, "series")
  }

  @Test func publishedAgainWithOneMore() throws {
    let home = try Sample.home()
    let more =
      Sample.day + "## 3.[One More](https://arxiv.org/pdf/2509.00009)\n\nsummary:**主要成果**: 多一篇。\n"
    let run = try home.shelf("import", "-", input: more)
    #expect(run.notes.hasPrefix("4 papers: 1 new, 0 updated, 3 seen again\n"), "\(run.notes)")
    #expect(run.notes.contains("  00009 One More\n"), "\(run.notes)")
    try expectOne(home, "series")
    #expect(try digests(home, "00009") == ["series"])
    // And what was there before, by the other way again.
    _ = try home.shelf("import", "-", input: Sample.day)
    try expectOne(home, "series")
  }

  @Test func anotherSeriesIsAnother() throws {
    let home = try Sample.home()
    let other = """
      # Picks for 2025-10-02

      ## 0.[Something Else](https://arxiv.org/pdf/2509.00007)

      summary:**主要成果**: 别的。

      ## 1.[Robots Fold Paper](https://arxiv.org/pdf/2509.00003)

      summary:**主要成果**: 折得很好。

      """
    _ = try home.shelf("import", try home.file("picks/2025-10-02.md", other))
    #expect(try digests(home, "00003") == ["picks", "series"])
    #expect(try home.shelf("count", "is:repeated").out == "1\n")
    #expect(try home.shelf("stats", "--json").object["digests"] as? Int == 2)
  }

  @Test func whatThePersonSaysHolds() throws {
    let home = try Home()
    _ = try home.shelf("import", "-", "--source", "mine", input: Sample.day)
    try expectOne(home, "mine")
    _ = try home.shelf("import", "-", input: Sample.day)
    try expectOne(home, "mine")
    let run = try home.shelf("import", "-", "--source", "other", input: Sample.day)
    #expect(run.code == 0)
    #expect(try home.shelf("count", "source:other").out == "3\n")
  }

  @Test func anotherDayIsAnother() throws {
    let home = try Sample.home()
    let later = Sample.day.replacingOccurrences(of: "2025-10-02", with: "2025-10-03")
    _ = try home.shelf("import", "-", input: later)
    #expect(try digests(home) == ["series", "stdin"])
    #expect(try home.shelf("count", "is:repeated").out == "3\n")
  }

  @Test func onTwoMachinesThatMeetLater() throws {
    let pair = try Pair()
    let other = try Home()
    _ = try other.shelf("remote", "add", "folder", pair.folder.url.path)
    _ = try other.shelf("import", "-", input: Sample.day)
    _ = try other.shelf("sync")
    try pair.meet()
    for home in [pair.one, pair.two, other] { try expectOne(home, "series") }
    #expect(try pair.one.export() == other.export())
    let log = try other.shelf("log").out
    for home in [pair.one, other] {
      _ = try home.shelf("import", "-", input: Sample.day)
      _ = try home.shelf("import", try home.file("third/2025-10-02.md", Sample.day))
      try expectOne(home, "series")
    }
    #expect(try other.shelf("log").out == log)
  }

  /// More papers in a day than are held back, and several days in a file.
  @Test func manyPapersOfManyDays() throws {
    let home = try Home()
    var text = ""
    for (day, papers) in [("2025-10-01", 30), ("2025-10-02", 2500), ("2025-10-03", 30)] {
      text += "# Papers for \(day)\n\n"
      let month = day.suffix(2) == "02" ? "2509" : "25" + day.suffix(2)
      for number in 0..<papers {
        text +=
          "## \(number).[Paper \(number)](https://arxiv.org/pdf/\(month).\(10000 + number))\n\n"
        text += "summary:**主要成果**: 好。\n\n"
      }
    }
    _ = try home.shelf("import", try home.file("series/all.md", text), "--source", "series")
    #expect(try home.shelf("stats", "--json").object["digests"] as? Int == 3)
    let run = try home.shelf("import", "-", input: text)
    #expect(run.notes == "2560 papers: 0 new, 0 updated, 2560 seen again\n", "\(run.notes)")
    #expect(try home.shelf("count", "source:stdin").out != "60\n")
    #expect(try home.shelf("count", "is:repeated").out == "0\n")
    #expect(try home.shelf("stats", "--json").object["digests"] as? Int == 3)
  }
}
