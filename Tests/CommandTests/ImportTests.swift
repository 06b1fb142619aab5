import Foundation
import TestSupport
import Testing

@Suite struct ImportTests {
  @Test func countsNewUpdatedAndSeenAgain() throws {
    let home = try Home()
    let first = try home.file("series/2025-10-02.md", Sample.day)
    let second = try home.file("series/2025-10-03.md", Sample.nextDay)
    let run = try home.shelf("import", first, "--json")
    #expect(run.code == 0)
    #expect(
      run.out == #"{"papers":3,"new":3,"updated":0,"seenAgain":0,"problems":[]}"# + "\n")
    let again = try home.shelf("import", first)
    #expect(again.out == "" && again.notes == "3 papers: 0 new, 0 updated, 3 seen again\n")
    let later = try home.shelf("import", second, "--json").object
    #expect(later["new"] as? Int == 1 && later["updated"] as? Int == 1)
    #expect(try home.shelf("count").out == "4\n")
    #expect(try home.shelf("list", "is:repeated", "--ids").out == "2509.00002\n")
  }

  /// Files share a transaction; one that cannot be read takes none of those before it along.
  @Test func aFileThatCannotBeReadKeepsThoseBeforeIt() throws {
    let home = try Home()
    let first = try home.file("series/2025-10-02.md", Sample.day)
    let second = try home.file("series/2025-10-03.md", Sample.nextDay)
    // Opens, and answers every read with an error.
    let broken = home.url.appendingPathComponent("series/broken.md")
    try FileManager.default.createSymbolicLink(
      at: broken, withDestinationURL: URL(fileURLWithPath: "/proc/self/mem"))
    let run = try home.shelf("import", first, second, broken.path)
    #expect(run.code != 0)
    #expect(run.notes.contains("broken.md"), "\(run.notes)")
    #expect(try home.shelf("count").out == "4\n")
    #expect(try home.shelf("undo").code == 0)
    #expect(try home.shelf("count").out == "0\n")
  }

  @Test func readingAnythingTwiceChangesNothing() throws {
    let home = try Sample.home()
    _ = try home.run(["import", try home.file("series/2025-10-03.md", Sample.nextDay)])
    let before = try home.export()
    let log = try home.shelf("log").out
    _ = try home.run(["import", home.url.appendingPathComponent("series").path])
    #expect(try home.export() == before)
    #expect(try home.shelf("log").out == log)
  }

  @Test func importNeverChangesWhatThePersonDid() throws {
    let home = try Sample.home()
    _ = try home.shelf("read", "00002")
    _ = try home.shelf("tag", "add", "ml/kv", "00002")
    _ = try home.shelf("note", "add", "00002", "-m", "mine")
    _ = try home.run(["import", try home.file("series/2025-10-03.md", Sample.nextDay)])
    let paper = try #require(try home.shelf("show", "00002", "--json").array.first)
    #expect(paper["status"] as? String == "read")
    #expect(paper["tags"] as? [String] == ["ml/kv"])
    #expect((paper["notes"] as? [[String: Any]])?.first?["text"] as? String == "mine")
    #expect(paper["tldr"] as? String == "更好的综述。")
  }

  @Test func aFolderIsOneOperation() throws {
    let home = try Home()
    _ = try home.file("series/2025-10-02.md", Sample.day)
    _ = try home.file("series/deep/2025-10-03.md", Sample.nextDay)
    _ = try home.file("series/.hidden/2025-10-04.md", Sample.nextDay)
    _ = try home.file("series/picture.png", "no digest")
    let series = home.url.appendingPathComponent("series")
    try FileManager.default.createSymbolicLink(
      at: series.appendingPathComponent("loop"), withDestinationURL: series)
    let run = try home.shelf("import", series.path)
    #expect(run.code == 0)
    #expect(run.notes.hasPrefix("5 papers in 2 files: 4 new, 1 updated, 0 seen again\n"))
    #expect(try home.shelf("undo").code == 0)
    #expect(try home.shelf("count").out == "0\n")
    #expect(try home.shelf("redo").code == 0)
    #expect(try home.shelf("count").out == "4\n")
  }

  @Test func standardInputAndSource() throws {
    let home = try Home()
    #expect(try home.shelf("import", "-", "--source", "mine", input: Sample.day).code == 0)
    let digests = try home.shelf("show", "00001", "--json").array.first?["digests"]
    let first = (digests as? [[String: Any]])?.first
    #expect(first?["source"] as? String == "mine")
    #expect(first?["date"] as? String == "2025-10-02")
  }

  @Test func problemsAreToldAndTheRestIsTaken() throws {
    let home = try Home()
    let good = try home.file("2025-10-02.md", Sample.day)
    let bad = try home.file("bad.md", "nothing to see here\n")
    let run = try home.shelf("import", bad, good)
    #expect(run.code == 2)
    #expect(run.notes.contains("\(bad): no papers found"))
    #expect(try home.shelf("count").out == "3\n")
    let json = try home.shelf("import", bad, good, "--json").object
    let problem = try #require((json["problems"] as? [[String: Any]])?.first)
    #expect(Set(problem.keys) == ["file", "line", "message"])
    #expect(problem["file"] as? String == bad)
  }

  @Test func missingFilesAndUrls() throws {
    let home = try Home()
    #expect(try home.shelf("import", "/nowhere/x.md").code == 66)
    #expect(try home.shelf("import").code == 64)
  }

  @Test func twoAtOnceBothSucceed() throws {
    let home = try Home()
    for day in 1...20 {
      let text = Sample.day.replacingOccurrences(
        of: "2509.0000", with: "25\(10 + day % 3).1\(day / 10)\(day % 10)0")
      _ = try home.file("a/2025-09-\(day < 10 ? "0" : "")\(day).md", text)
    }
    _ = try home.file("b/2025-10-02.md", Sample.day)
    let first = try home.start(["import", home.url.appendingPathComponent("a").path])
    let second = try home.start(["import", home.url.appendingPathComponent("b").path])
    let codes = [try first.end().code, try second.end().code]
    #expect(codes == [0, 0])
    #expect(try home.shelf("count").out == "63\n")
    #expect(try home.shelf("doctor").code == 0)
  }

  @Test func anExportNeverTakesBackWhatWasDoneSince() throws {
    let home = try Sample.home()
    _ = try home.shelf("tag", "add", "old,kept", "00001")
    _ = try home.shelf("read", "00002")
    let file = home.url.appendingPathComponent("all.jsonl").path
    _ = try home.shelf("export", "jsonl", "-o", file)
    _ = try home.shelf("tag", "remove", "old", "00001")
    _ = try home.shelf("unread", "00002")
    _ = try home.shelf("skip", "00003")
    let before = try home.export()
    _ = try home.shelf("import", file)
    #expect(try home.export() == before)
  }
}

@Suite(.enabled(if: PackageRoot.digests != nil, "the real digests are not here"))
struct RealDigestTests {
  @Test(arguments: ["json", "jsonl", "markdown"])
  func exportsComeBackWithoutLoss(format: String) throws {
    let digests = try #require(PackageRoot.digests)
    let home = try Home()
    _ = try home.run(["import", digests.path])
    _ = try home.shelf("tag", "add", "kv,ml/注意力", "title:KV")
    _ = try home.shelf("star", "is:tagged")
    _ = try home.shelf("read", "date:2025-10-02", "title:reasoning")
    _ = try home.shelf(
      "note", "add", "26507", "-m", "一\n <!-- two --> \"三\"\u{1F469}\u{200D}\u{1F4BB}")
    _ = try home.shelf("add", "10.1145/3292500.3330701", "--title", "a <b> -- \"c\"")
    let file = home.url.appendingPathComponent("all.\(format)").path
    #expect(try home.shelf("export", format, "-o", file).code == 0)
    let other = try Home()
    #expect(try other.shelf("import", file).code == 0)
    let whole = try home.export()
    #expect(try other.export() == whole)
    // And onto itself it changes nothing.
    _ = try home.shelf("import", file)
    #expect(try home.export() == whole)
  }
}
