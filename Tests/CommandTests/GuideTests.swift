import Foundation
import Testing

/// What people type who come from another program, or type in haste: each line is answered by the
/// command that was meant, filled in, and nothing is written by a line that was not understood.
@Suite struct GuideTests {
  /// One line, its exit code, and what must be among the words said.
  struct Typed: CustomTestStringConvertible, Sendable {
    var number: Int
    var words: [String]
    var code: Int32
    var says: [String]
    var writes = false

    init(_ number: Int, _ words: [String], _ code: Int32, _ says: String..., writes: Bool = false) {
      (self.number, self.words, self.code, self.says) = (number, words, code, says)
      self.writes = writes
    }

    var testDescription: String { "\(number): shelf \(words.joined(separator: " "))" }
  }

  private static let long = "large language models"

  /// The lines, under the numbers of the list that they were collected in. 7 is of the filter's
  /// own grammar.
  static let lines: [Typed] = [
    Typed(1, ["read", "%1..3"], 0, "3 papers marked read", writes: true),
    Typed(1, ["skip", "%1-%3"], 0, "3 papers marked skipped", writes: true),
    Typed(2, ["read", "%1,%2"], 0, "2 papers marked read", writes: true),
    Typed(3, ["read", "1"], 64, "“1” is a word", "shelf read %1", "text:1"),
    Typed(3, ["read", "2", "3"], 64, "shelf read %2 %3"),
    Typed(3, ["skip", "5"], 64, "shelf skip %5"),
    Typed(3, ["read", "100"], 64, "shelf read %100"),
    Typed(4, ["tag", "add", "00001", "llm"], 64, "shelf tag add llm 00001"),
    Typed(5, ["count", "NOT", "is:read"], 0), Typed(5, ["count", "a", "OR", "b"], 0),
    Typed(6, ["list", "unread"], 0, "did you mean is:unread?"),
    Typed(6, ["list", "starred"], 0, "did you mean is:starred?"),
    Typed(6, ["search", "queue"], 0, "did you mean is:queued?"),
    Typed(6, ["list", "done"], 0, "did you mean is:read?"),
    Typed(7, ["list", "!is:read"], 64, "“!is:read”", "did you mean “not is:read”?"),
    Typed(7, ["count", "a", "!+rl"], 64, "did you mean “not +rl”?"),
    Typed(7, ["count", "Surprise!", "!important"], 0),
    Typed(8, ["export", "bibtex", "out.bib"], 64, "“out.bib”", "shelf export bibtex -o out.bib"),
    Typed(
      8, ["export", "bibtex", "is:read", "./refs"], 64, "shelf export bibtex is:read -o ./refs"),
    Typed(9, ["import", "2509.26507"], 66, "shelf add 2509.26507"),
    Typed(
      10, ["remote", "add", "home", "example.com/dav"], 66, "a folder that is there",
      "https://example.com/dav"),
    Typed(11, ["remote", "add", "home", "/no/such/dir"], 66, "no folder", "mkdir -p /no/such/dir"),
    Typed(
      12, ["remote", "add", "home", "https://ann:pw@h/"], 64,
      "shelf remote add home https://h/ --user ann --password-file FILE"),
    Typed(13, ["import", "https://"], 64, "“https://” names no server"),
    Typed(14, ["tag", "2509.00001", "llm"], 64, "shelf tag add llm 2509.00001"),
    Typed(14, ["tag", "00001", "+llm"], 64, "shelf tag add llm 00001"),
    Typed(15, ["note", "00001", "a text"], 64, "shelf note add 00001 -m 'a text'"),
    Typed(16, ["note", "add", "00001", "a text"], 64, "shelf note add 00001 -m 'a text'"),
    Typed(17, ["note", "edit", "00001"], 1, "“00001” is a paper, with 1 note", "a thought"),
    Typed(17, ["note", "edit", "00002"], 1, "with 0 notes", "shelf note add 00002"),
    Typed(18, ["mark", "00001", "read"], 64, "“00001” is no status", "shelf mark read 00001"),
    Typed(18, ["mark", "done", "00001"], 64, "shelf mark read 00001"),
    Typed(19, ["done", "00001"], 64, "no verb “done”", "→ shelf read 00001"),
    Typed(20, ["todo", "00001"], 64, "→ shelf queue 00001"),
    Typed(20, ["todo"], 64, "→ shelf queue FILTER"),
    Typed(21, ["rm", "00001"], 64, "→ shelf remove 00001"),
    Typed(21, ["delete", "-rf", "00001"], 64, "→ shelf remove 00001"),
    Typed(22, ["ls"], 64, "→ shelf list"), Typed(22, ["find", "kv"], 64, "→ shelf search kv"),
    Typed(22, ["grep"], 64, "→ shelf search WORDS"), Typed(22, ["edit"], 64, "→ shelf note edit"),
    Typed(22, ["next"], 64, "→ shelf "), Typed(22, ["new"], 64, "→ shelf "),
    Typed(22, ["inbox"], 64, "→ shelf "), Typed(22, ["version"], 64, "→ shelf --version"),
    Typed(23, ["hot"], 64, "no verb “hot”", "→ shelf list @hot"),
    Typed(23, ["rl"], 64, "→ shelf list +rl"),
    Typed(23, ["00001"], 64, "→ shelf show 00001"),
    Typed(23, ["is:unread"], 64, "→ shelf list is:unread"),
    Typed(24, ["list", "--tag", "rl"], 64, "no option --tag", "→ shelf list +rl"),
    Typed(24, ["list", "--tag=rl", "--all"], 64, "→ shelf list +rl --all"),
    Typed(24, ["search", "-video"], 0), Typed(24, ["list", "-folding", "--limit", "2"], 0),
    Typed(24, ["list", "-rl"], 64, "→ shelf list not rl"),
    Typed(24, ["list", "-limt", "3"], 64, "did you mean --limit?"),
    Typed(24, ["skip", "-video"], 64, "→ shelf skip not video"),
    Typed(24, ["search", "-tag", "rl"], 64, "→ shelf search +rl"),
    Typed(25, ["list", "-n", "5"], 64, "→ shelf list --limit 5"),
    Typed(26, ["list", "--sort", "-date"], 64, "minus", "→ shelf list --sort date-"),
    Typed(26, ["list", "--limit", "-5"], 64, "--limit is a number from 1 on, not -5"),
    Typed(27, ["list", "added:7days"], 0), Typed(27, ["list", "date:2025/10/02"], 0),
    Typed(27, ["list", "date:10/02/2025"], 64, "did you mean “2025-10-02”?"),
    Typed(27, ["list", "date:\"last week\""], 64, "did you mean “1w”?"),
    Typed(28, ["list", "year:2025"], 64, "no field “year”", "date:2025"),
    Typed(29, ["list", "is:unraed"], 64, "no such kind of paper", "is:unread"),
    Typed(30, ["count", "is:"], 64, "is: needs a word behind it"),
    Typed(31, ["log", "5"], 64, "shelf log --limit 5"),
    Typed(31, ["stats", "7d"], 64, "“7d”"),
    Typed(31, ["stats", "7d"], 64, "shelf stats --since 7d"),
    Typed(31, ["tag", "ls"], 64, "→ shelf tag list"),
    Typed(31, ["config", "set", "list.sort", "id"], 64, "→ shelf config edit"),
    Typed(31, ["config", "get", "list.sort"], 64, "→ shelf config list"),
    Typed(31, ["note", "show"], 64, "→ shelf note list"),
    Typed(33, ["import", "/bin/true"], 65, "/bin/true: ", "nothing was read"),
    Typed(34, ["show", "00184"], 1, "2501.00184  Aloft", "2510.00184  Below"),
    Typed(35, ["read", "184"], 1, "2501.00184  Aloft", "2510.00184  Below"),
    Typed(37, ["tag", "add", long, "00001"], 64, "shelf tag add large-language-models 00001"),
    Typed(39, ["show", "is:starred"], 1, "shelf list is:starred"),
    Typed(39, ["show", "attention"], 1, "shelf search attention"),
    Typed(40, ["list", "--frob"], 64, "`shelf list` has no option --frob"),
    Typed(40, ["list", "--limt", "3"], 64, "did you mean --limit?"),
    Typed(40, ["mark"], 64, "needs STATUS"), Typed(40, ["tag", "add"], 64, "needs TAGS"),
    Typed(40, ["list", "--limit", "three"], 64, "--limit is a number, not “three”"),
    Typed(40, ["list", "--limit"], 64, "--limit needs a N behind it"),
    Typed(40, ["undo", "x"], 64, "takes a number, not “x”"),
    Typed(40, ["tag", "rename", "a", "b", "c"], 64, "“c”"),
    Typed(40, ["backup", "a", "b"], 64, "“b”"), Typed(40, ["sync", "--foo"], 64, "--foo"),
    Typed(40, ["tag", "frobnicate"], 64, "add", "remove", "rename", "list"),
    Typed(40, ["note", "add", "--", "a", "b"], 64, "-m"),
  ]

  private static func home() throws -> Home {
    let home = try Sample.home()
    _ = try home.shelf("add", "2501.00184", "--title", "Aloft")
    _ = try home.shelf("add", "2510.00184", "--title", "Below")
    _ = try home.shelf("view", "save", "hot", "is:unread")
    _ = try home.shelf("tag", "add", "rl", "00003")
    _ = try home.shelf("note", "add", "00001", "-m", "a thought")
    _ = try home.shelf("list")
    return home
  }

  private static func state(_ home: Home) throws -> [String] {
    // Whatever is written is an operation of the log; a remote is a file.
    let files = try FileManager.default.contentsOfDirectory(atPath: home.url.path)
      .filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.sorted()
    return [try home.shelf("log", "--json").out] + files
  }

  @Test func everyLineIsAnsweredByWhatWasMeant() throws {
    let home = try Self.home()
    var before = try Self.state(home)
    for line in Self.lines {
      let run = try home.run(line.words)
      let said = "\(line.testDescription)\n\(run.notes)"
      #expect(run.code == line.code, "\(said)")
      for words in line.says { #expect(run.notes.contains(words), "\(words) of \(said)") }
      let after = try Self.state(home)
      #expect((after != before) == line.writes, "\(said)")
      if line.code != 0 {
        #expect(run.out.isEmpty, "\(said)\(run.out)")
        #expect(run.notes.split(separator: "\n").count <= 4, "\(said)")
        #expect(!run.notes.contains("Error") && !run.notes.contains("<"), "\(said)")
      }
      before = after
    }
  }

  /// What is filled in can be typed as it stands: it does not end as a mistake of its own.
  @Test func whatIsFilledInIsACommand() throws {
    let home = try Self.home()
    for line in Self.lines where line.code == 64 {
      let notes = try home.run(line.words).notes
      guard let arrow = notes.firstRange(of: "→ shelf ") else { continue }
      let command = notes[arrow.upperBound...].prefix { $0 != "\n" }
      let isWhole = !command.split(separator: " ").contains { $0.allSatisfy(\.isUppercase) }
      guard isWhole, !command.hasPrefix("config edit"), !command.hasPrefix("note edit"),
        !command.contains(" -o ")
      else {
        continue
      }
      let words = try Self.shellWords(String(command))
      let run = try home.run(words)
      #expect(run.code != 64, "\(line.testDescription): \(command): \(run.notes)")
    }
  }

  private static func shellWords(_ line: String) throws -> [String] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "printf '%s\\n' \(line)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.split(separator: "\n").map(String.init)
  }

  /// `-word` is `not word`, and a title with a `not` in it finds its paper.
  @Test func signsAndWordsOfOthersMeanWhatTheyMean() throws {
    let home = try Self.home()
    let all = try home.shelf("count").out
    #expect(
      try home.shelf("list", "-Robots", "--ids").out
        == home.shelf("list", "not", "Robots", "--ids").out)
    #expect(try home.shelf("list", "-Robots", "--ids").lines.count == Int(all.dropLast())! - 1)
    _ = try home.shelf("add", "2511.00009", "--title", "Why Small Models Do Not Hallucinate")
    let title = ["search", "Why", "Small", "Models", "Do", "Not", "Hallucinate"]
    let found = try home.run(title + ["--ids"])
    #expect(found.out == "2511.00009\n" && found.notes.contains("taken as words"))
    #expect(
      try home.shelf("search", "Why Small Models Do Not Hallucinate", "--ids").out == "2511.00009\n"
    )
    // What finds something as the filter that it is stays one.
    let filter = try home.shelf("search", "small", "things", "survey", "not", "robots", "--ids")
    #expect(filter.out == "2509.00002\n" && filter.notes.isEmpty, "\(filter)")
  }

  /// More than there is: said before, and how to get it back.
  @Test func undoOfMoreThanThereIsSaysSo() throws {
    let home = try Sample.home()
    _ = try home.shelf("star", "00001")
    let undo = try home.shelf("undo", "999").notes
    #expect(undo.hasPrefix("there are only 2 commands to undo\n"), "\(undo)")
    #expect(undo.hasSuffix("back: shelf redo 2\n"), "\(undo)")
    #expect(try home.shelf("redo", "2").code == 0)
    #expect(try home.shelf("count", "is:starred").out == "1\n")
  }

  /// A broken configuration keeps nobody from reading help.
  @Test func helpNeedsNoConfiguration() throws {
    let home = try Home()
    _ = try home.file("config.toml", "[list]\nsotr = 1\n")
    for words in [["help"], ["list", "--help"], ["--version"], ["help", "filters"], ["tag"]] {
      #expect(try home.run(words).code == 0, "\(words)")
    }
    #expect(try home.shelf("sync", "--help").out.contains("Usage: shelf sync [REMOTE] [options]"))
    let wrong = try home.shelf("help", "lst")
    #expect(wrong.code == 64 && wrong.notes.contains("shelf help list"), "\(wrong.notes)")
  }
}
