import Foundation
import Testing

@Suite struct OutputFormTests {
  @Test func thePaperObjectIsTheSameEverywhere() throws {
    let home = try Sample.home()
    let keys = [
      "id", "title", "url", "status", "starred", "tags", "keywords", "tldr", "sections", "summary",
      "notes", "digests", "added", "updated", "authors", "categories", "published", "code", "votes",
      "lead", "citekey", "abstract",
    ]
    for words in [["list", "00001"], ["search", "缓存"], ["show", "00001"]] {
      let run = try home.run(words + ["--json"])
      #expect(Set(try #require(run.array.first).keys) == Set(keys), "\(words)")
      var place = run.out.startIndex
      for key in keys {
        let found = try #require(run.out.range(of: "\"\(key)\":", range: place..<run.out.endIndex))
        place = found.upperBound
      }
    }
    let paper = try #require(try home.shelf("show", "00001", "--json").array.first)
    #expect(paper["keywords"] as? [String] == ["KV 缓存", "长上下文"])
    #expect(paper["tldr"] as? String == "缓存可以更小。")
  }

  @Test func forms() throws {
    let home = try Sample.home()
    #expect(try home.shelf("list", "--ids").lines == ["2509.00001", "2509.00002", "2509.00003"])
    #expect(try home.shelf("list", "-0").out == "2509.00001\0" + "2509.00002\0" + "2509.00003\0")
    #expect(try home.shelf("list", "--jsonl").lines.count == 3)
    #expect(try home.shelf("list", "--csv").out.hasPrefix("id,title,url,"))
    #expect(try home.shelf("list", "--tsv").out.hasPrefix("id\ttitle\t"))
    #expect(
      try home.shelf("list", "--format", #"{id}\t{status}"#, "--limit", "1").out
        == "2509.00001\tunread\n")
    #expect(try home.shelf("list", "--sort", "id-", "--ids", "--limit", "1").out == "2509.00003\n")
    #expect(
      try home.shelf("list").lines.first
        == "2509.00001  unread      2025-10-02  Caches That Remember")
    #expect(
      try home.shelf("list", "title:nothing", "--json").out.filter { !$0.isWhitespace } == "[]")
    #expect(try home.shelf("search", "缓存").lines.count == 2)
    for words in [
      ["--json", "--csv"], ["--ids", "--format", "{id}"], ["--limit", "0"], ["--sort", "x"],
      ["--format", "{nope}"], ["--limit", "1", "--all"], ["-0", "--json"],
    ] {
      #expect(try home.run(["list"] + words).code == 64, "\(words)")
    }
  }

  /// Whatever prints a row, and where the day is another one than in Greenwich.
  @Test(arguments: ["Pacific/Kiritimati", "America/Adak", "UTC"])
  func aPaperOfNoDigestShowsTheDayItCame(zone: String) throws {
    let home = try Home()
    _ = try home.shelf("add", "2501.00001", "--title", "Lamps")
    let added = try #require(try home.shelf("list", "--json").array.first?["added"] as? String)
    let moment = try Date(
      added,
      strategy: .iso8601.year().month().day().time(
        includingFractionalSeconds: true))
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: zone))
    let parts = calendar.dateComponents([.year, .month, .day], from: moment)
    let (year, month, day) = (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
    let expected = String(format: "%04d-%02d-%02d", year, month, day)
    for words in [["list"], ["list", "Lamps"], ["search", "Lamps"]] {
      let line = try home.run(words, variables: ["TZ": zone]).lines.first
      #expect(line == "2501.00001  unread      \(expected)  Lamps", "\(words)")
    }
  }

  @Test func rowsOfTheLastListing() throws {
    let home = try Sample.home()
    _ = try home.shelf("list", "--sort", "id-")
    #expect(try home.shelf("open", "%1", "--print").out == "https://arxiv.org/abs/2509.00003\n")
    _ = try home.shelf("skip", "%1")
    _ = try home.shelf("undo")
    #expect(
      try home.shelf("open", "%3", "--print", "--pdf").out == "https://arxiv.org/pdf/2509.00001\n")
    #expect(try home.shelf("show", "%4").code == 1)
    _ = try home.shelf("search", "机器人")
    #expect(try home.shelf("count", "%1").out == "1\n")
    #expect(try home.shelf("open", "%1", "--print").out.hasSuffix("00003\n"))
  }

  @Test func namesThatFitNothingOrSeveral() throws {
    let home = try Sample.home()
    _ = try home.shelf("add", "2501.10001", "2502.10001")
    let run = try home.shelf("show", "10001")
    #expect(run.code == 1 && run.notes.contains("2501.10001") && run.notes.contains("2502.10001"))
    #expect(try home.shelf("show", "98765").code == 1)
    #expect(try home.shelf("show").code == 64)
    #expect(try home.shelf("show", "https://huggingface.co/papers/2509.00001").code == 0)
  }

  @Test func filterErrorsPointAtTheWord() throws {
    let home = try Sample.home()
    let run = try home.shelf("list", "title:缓存", "statos:read")
    #expect(run.code == 64)
    let lines = run.notes.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1] == "  title:缓存 statos:read")
    // Two Chinese characters are four cells.
    #expect(lines[2] == "             ^^^^^^^^^^^")
    #expect(run.notes.contains("did you mean “status”?"))
    #expect(!run.notes.contains("unknownField"))
    for filter in ["status:raed", "date:2025-13-01", "(a", "a)", "\"a", "is:x", "tag:a//b", "not"] {
      #expect(try home.shelf("list", filter).code == 64, "\(filter)")
    }
  }

  @Test func textFromOutsideCannotDriveTheTerminal() throws {
    let home = try Home()
    let title = "bad \u{1B}]0;title\u{07} \u{202E}text"
    _ = try home.run([
      "import",
      try home.file(
        "2025-10-02.md",
        "# Papers for 2025-10-02\n\n## 0.[\(title)](https://arxiv.org/pdf/2509.00009)\n\nsummary:\u{1B}[31mred\n"
      ),
    ])
    for words in [["list"], ["show", "00009"], ["search", "bad"], []] {
      let run = try home.run(words)
      #expect(run.code == 0)
      #expect(!run.out.contains("\u{1B}") && !run.out.contains("\u{202E}"), "\(words)")
    }
  }

  @Test func exportsToAFileAsAWhole() throws {
    let home = try Sample.home()
    for format in ["bibtex", "ris", "csl-json", "markdown", "html", "json", "jsonl", "csv"] {
      let file = home.url.appendingPathComponent("out.\(format)").path
      let run = try home.shelf("export", format, "00001", "-o", file)
      #expect(run.code == 0 && run.out == "", "\(format)")
      let text = try String(contentsOfFile: file, encoding: .utf8)
      #expect(text.contains("2509.00001"), "\(format)")
      #expect(try home.shelf("export", format, "00001").out == text, "\(format)")
    }
    #expect(try home.shelf("export", "bibtx").code == 64)
    #expect(try home.shelf("export", "json", "-o", "/nowhere/x.json").code == 73)
    let left = try FileManager.default.contentsOfDirectory(atPath: home.url.path)
    #expect(!left.contains { $0.contains("partial") })
  }

  /// A home with more papers than fit into a pipe.
  private func largeHome() throws -> Home {
    let home = try Home()
    var text = "# Papers for 2025-10-02\n\n"
    for index in 0..<3000 {
      text += "## \(index).[Title of \(index)](https://arxiv.org/pdf/2509.\(10000 + index))\n\n"
      text += "summary:\(String(repeating: "words ", count: 30))\n\n"
    }
    _ = try home.run(["import", try home.file("2025-10-02.md", text)])
    return home
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let home = try largeHome()
    for words in [["list", "--json"], ["list"], ["export", "jsonl"]] {
      let running = try home.start(words)
      #expect(try running.out.read(upToCount: 10)?.count == 10)
      try running.out.close()
      running.process.waitUntilExit()
      #expect(running.process.terminationReason == .exit)
      #expect(running.process.terminationStatus == 0)
      #expect(try String(contentsOf: running.notes, encoding: .utf8) == "")
    }
  }

  @Test func ctrlCEndsWith130() throws {
    let home = try largeHome()
    let running = try home.start(["export", "jsonl"])
    // It writes, so it listens; the pipe is full, so it waits.
    #expect(try running.out.read(upToCount: 10)?.count == 10)
    running.process.interrupt()
    running.process.waitUntilExit()
    #expect(running.process.terminationReason == .exit)
    #expect(running.process.terminationStatus == 130)
    #expect(try home.shelf("doctor").code == 0)
  }
}
