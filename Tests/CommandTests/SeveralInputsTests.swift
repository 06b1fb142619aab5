import Foundation
import TestSupport
import Testing

/// Several inputs of which one cannot be read: the others come in, and all is told.
@Suite struct SeveralInputsTests {
  private func files(_ home: Home) throws -> (first: String, second: String) {
    (
      try home.file("series/2025-10-02.md", Sample.day),
      try home.file("series/2025-10-03.md", Sample.nextDay)
    )
  }

  @Test func aMissingOneDoesNotStopTheOthers() throws {
    let home = try Home()
    let (first, second) = try files(home)
    let run = try home.shelf("import", first, "/nowhere/x.md", second)
    #expect(run.code == 2)
    #expect(run.notes.contains("there is no file /nowhere/x.md → look at the name\n"))
    #expect(run.notes.contains("5 papers in 2 files: 4 new, 1 updated, 0 seen again, 1 not read\n"))
    #expect(run.notes.hasSuffix("undo: shelf undo\n"))
    #expect(try home.shelf("count").out == "4\n")
    #expect(try home.shelf("undo").code == 0)
    #expect(try home.shelf("count").out == "0\n")
    #expect(try home.shelf("undo").code == 1)
  }

  @Test(arguments: [["/nowhere/x.md"], ["/nowhere/x.md", "--json"], ["-n", "/nowhere/x.md"]])
  func aMissingOneAloneIsAnError(_ words: [String]) throws {
    let home = try Home()
    let run = try home.run(["import"] + words)
    #expect(run.code == 66 && run.out == "")
    #expect(run.notes == "shelf: there is no file /nowhere/x.md\n  → look at the name\n")
  }

  @Test func jsonTellsIt() throws {
    let home = try Home()
    let first = try files(home).first
    let run = try home.shelf("import", "/nowhere/x.md", first, "--json")
    #expect(run.code == 2 && run.object["new"] as? Int == 3)
    #expect(Set(run.object.keys) == ["papers", "new", "updated", "seenAgain", "problems"])
    let problem = try #require((run.object["problems"] as? [[String: Any]])?.first)
    #expect(problem["file"] as? String == "/nowhere/x.md" && problem["line"] as? Int == 0)
    #expect(problem["message"] as? String == "there is no file /nowhere/x.md → look at the name")
  }

  @Test func whereNothingCouldBeReadTheReasonIsTheCode() throws {
    let home = try Home()
    let missing = try home.shelf("import", "/nowhere/x.md", "/nowhere/y.md")
    #expect(missing.code == 66)
    #expect(missing.notes.split(separator: "\n").count == 2)
    let picture = try home.file("a.png", "%PDF-1.4\n\u{0}\u{0}")
    #expect(try home.shelf("import", picture, "/nowhere/x.md").code == 65)
    let nothing = try home.file("2025-10-04.md", "# Papers for 2025-10-04\n")
    #expect(try home.shelf("import", nothing, "/nowhere/x.md").code == 2)
  }

  /// The one that fails opens, and answers every read with an error.
  @Test func oneThatFailsInTheMiddleLeavesTheOthersWhole() throws {
    let home = try Home()
    let (first, second) = try files(home)
    let broken = home.url.appendingPathComponent("series/2025-10-02a.md")
    try FileManager.default.createSymbolicLink(
      at: broken, withDestinationURL: URL(fileURLWithPath: "/proc/self/mem"))
    for words in [["-n"], []] {
      let run = try home.run(["import", first, broken.path, second] + words)
      #expect(run.code == 2)
      #expect(run.notes.contains("reading \(broken.path) failed"))
      #expect(run.notes.contains("5 papers in 2 files: 4 new, 1 updated, 0 seen again, 1 not read"))
    }
    #expect(try home.shelf("undo").code == 0)
    #expect(try home.shelf("count").out == "0\n")
  }

  @Test func aUrlThatFailsIsOneOfThem() throws {
    let home = try Home()
    let first = try files(home).first
    let run = try home.shelf("import", "http://127.0.0.1:9/list.md", first)
    #expect(run.code == 2 && run.notes.contains("http://127.0.0.1:9/list.md"))
    #expect(try home.shelf("count").out == "3\n")
    #expect(try home.shelf("import", "http://127.0.0.1:9/list.md").code == 69)
  }

  @Test func aFolderThatCannotBeReadIsOneOfThem() throws {
    let home = try Home()
    let first = try files(home).first
    #expect(try home.shelf("import", "/nowhere", first).code == 2)
    #expect(try home.shelf("count").out == "3\n")
  }

  /// What comes by a pipe is there for a second reading, too.
  @Test func aPipeAmongThemIsReadOnce() throws {
    let home = try Home()
    let second = try files(home).second
    let run = try home.shelf(
      "import", "-", "/proc/self/mem", second, "--source", "mine", input: Sample.day)
    #expect(run.code == 2)
    #expect(try home.shelf("count").out == "4\n")
  }

  @Test func aFolderSaysWhatItPassedOver() throws {
    let home = try Home()
    _ = try files(home)
    for name in ["a.pdf", "b.PDF", "c.pdf", "x.png", ".git/HEAD.md", ".note.md", "LICENSE"] {
      _ = try home.file("series/" + name, "x")
    }
    _ = try home.file("series/node_modules/left/README.md", Sample.day)
    _ = try home.file("series/env/pyvenv.cfg", "home = /usr/bin\n")
    _ = try home.file("series/env/lib/README.md", Sample.day)
    let series = home.url.appendingPathComponent("series")
    try FileManager.default.createSymbolicLink(
      at: series.appendingPathComponent("loop"), withDestinationURL: series)
    let run = try home.shelf("import", series.path)
    #expect(run.code == 0)
    #expect(
      run.notes.contains(
        "passed over: 3 .pdf, 1 .png, 1 file without an ending, 1 hidden file, 1 hidden folder, "
          + "1 node_modules, 1 more\n"), "\(run.notes)")
    let json = try home.shelf("import", series.path, "--json")
    #expect(Set(json.object.keys) == ["papers", "new", "updated", "seenAgain", "problems"])
  }

  @Test func whatIsNamedItselfIsNotPassedOver() throws {
    let home = try Home()
    let file = try home.file("series/.git/list", Sample.day)
    #expect(try home.shelf("import", file).code == 0)
    let folder = home.url.appendingPathComponent("series/.git").path
    #expect(
      try home.shelf("import", folder).notes.contains("passed over: 1 file without an ending\n"))
  }

  /// The server says what the bytes are.
  @Test func aUrlIsReadByTheEncodingItDeclares() throws {
    let home = try Home()
    let text = "# Papers for 2025-10-02\n\n## 0.[Caf\u{E9} Bar](https://arxiv.org/abs/2509.00009)\n"
    let page = try #require(
      OnePage(
        "2025-10-02.md", type: "text/markdown; charset=iso-8859-1",
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }))
    let run = try home.shelf("import", page.url)
    #expect(run.code == 0, "\(run.notes)")
    #expect(try home.shelf("list", "--format", "{title}").out == "Caf\u{E9} Bar\n")
    let packed = try #require(
      OnePage("2025-10-03.md", type: "application/gzip", Packing.gzip(Array(Sample.day.utf8))))
    #expect(try home.shelf("import", packed.url, "/nowhere/x.md").code == 2)
    #expect(try home.shelf("count").out == "4\n")
    let zip = try #require(
      OnePage(
        "lamps.zip?key=1", type: "application/zip",
        Packing.zip([.init("2025-10-04.md", Sample.nextDay)])))
    #expect(try home.shelf("import", zip.url).code == 0)
    let line = try home.shelf("list", "2510.00004", "--format", "{date} {source}").out
    #expect(line.contains("lamps"), "\(line)")
  }
}
