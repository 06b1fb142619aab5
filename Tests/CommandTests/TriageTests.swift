import Foundation
import TestSupport
import Testing

/// Digests for a stack: days of papers whose titles tell them apart.
enum Stack {
  /// A home with so many papers on each of so many days, the ids 2511.00001, 00002, … in the order
  /// of triage: the newest day first.
  static func home(days: Int = 2, papers: Int = 4) throws -> Home {
    let home = try Home()
    for day in 0..<days {
      var text = "# Papers\n\n"
      for index in 0..<papers {
        let number = day * papers + index + 1
        text += """
          ## \(index).[\(title(number))](https://arxiv.org/pdf/\(id(number)))

          summary:**核心关键词**: 缓存, tool use  **一句话核心总结**: 第\(number)篇。  **主要成果**: 更快。


          """
      }
      _ = try home.file("days/2025-10-\(String(String(120 - day).suffix(2))).md", text)
    }
    let run = try home.shelf("import", home.url.path + "/days")
    guard run.code == 0 else { throw LiveTerminal.Failure(description: run.notes) }
    return home
  }

  static func id(_ number: Int) -> String { "2511." + String(String(100_000 + number).suffix(5)) }
  static func title(_ number: Int) -> String { "Paper No\(number)" }

  /// What the card of a paper shows and no list.
  static func card(_ number: Int) -> String { id(number) + "  unread" }

  static func statuses(_ home: Home) throws -> [String: String] {
    let papers = try home.shelf("list", "--json").array
    return Dictionary(
      papers.compactMap { paper in
        guard let id = paper["id"] as? String, let status = paper["status"] as? String else {
          return nil
        }
        return (id, status)
      }
    ) { first, _ in first }
  }
}

/// Triage without a terminal: verdicts as lines, papers as JSON.
@Suite struct TriageLineTests {
  private func papers(_ run: Home.Run) -> [String] {
    run.lines.map { line in
      let object = try? JSONSerialization.jsonObject(
        with: Data(line.utf8), options: .fragmentsAllowed)
      return (object as? [String: Any])?["id"] as? String ?? "null"
    }
  }

  @Test func verdictsAsLines() throws {
    let home = try Stack.home()
    let run = try home.shelf(
      "triage",
      input: "r\nqueue\n*\nt kv,ml/缓存\nn 一个 想法\n\n \ns\nu\nQ\nr\n")
    let expected = [1, 2, 3, 3, 3, 3, 3, 4, 5, 4].map(Stack.id)
    #expect(papers(run) == expected)
    #expect(run.code == 0, "\(run.notes)")
    #expect(run.notes.contains("2 papers decided; `shelf triage` goes on here"), "\(run.notes)")
    let now = try home.shelf("list", "--json").array
    #expect(now.map { $0["status"] as? String }.prefix(3) == ["read", "queued", "unread"])
    #expect(now[2]["tags"] as? [String] == ["kv", "ml/缓存"])
    #expect(now[2]["starred"] as? Bool == true)
    let log = try home.shelf("log").out
    #expect(log.contains("read 00001 Paper No1") && log.contains("queue 00002 Paper No2"), "\(log)")
    // The same object as everywhere.
    #expect(run.lines[0].hasPrefix("{\"id\":\"2511.00001\",\"title\":"))
  }

  @Test func theNextRunGoesOn() throws {
    let home = try Stack.home()
    _ = try home.shelf("triage", input: " \ns\n \n")
    #expect(papers(try home.shelf("triage", input: "")) == [Stack.id(4)])
    // A new digest comes first; then the place of the older day.
    _ = try home.file(
      "days/2025-10-21.md",
      "# Papers\n\n## 0.[New](https://arxiv.org/pdf/2511.09999)\n\nsummary:**核心关键词**: 新。\n\n")
    _ = try home.shelf("import", home.url.path + "/days/2025-10-21.md", "--source", "days")
    #expect(
      papers(try home.shelf("triage", input: "s\nA\n"))
        == ["2511.09999", Stack.id(4), Stack.id(5)])
    // A skipped what had been passed over, too: all of that day.
    #expect(try Stack.statuses(home).values.count { $0 == "skipped" } == 5)
  }

  @Test func whatWasPassedOverComesLast() throws {
    let home = try Stack.home(days: 1, papers: 3)
    let run = try home.shelf("triage", input: " \ns\n \n \ns\ns\ns\n")
    #expect(
      papers(run) == [1, 2, 3].map(Stack.id) + ["null"] + [1, 3].map(Stack.id) + ["null", "null"])
    #expect(run.code == 2, "a verdict on nothing is told: \(run.notes)")
  }

  @Test func aFilterSaysWhich() throws {
    let home = try Stack.home()
    _ = try home.shelf("queue", "00002", "00006")
    #expect(
      papers(try home.shelf("triage", "is:queued", input: "r\nr\n"))
        == [Stack.id(2), Stack.id(6), "null"])
    #expect(papers(try home.shelf("triage", "date:2025-10-19", input: "")) == [Stack.id(5)])
    #expect(papers(try home.shelf("triage", "title:No9", input: "")) == ["null"])
    #expect(try home.shelf("triage", "statsu:x", input: "").code == 64)
    #expect(try home.shelf("triage", "--by", "tast", input: "").code == 64)
    let narrow = try home.shelf("triage", input: "/No7\ns\n/\nr\n")
    #expect(
      papers(narrow) == [1, 7].map(Stack.id) + ["null"] + [1, 3].map(Stack.id), "\(narrow.notes)")
  }

  @Test func mistakesAreToldAndTheRestIsDone() throws {
    let home = try Stack.home()
    let run = try home.shelf("triage", input: "x\ns now\nn\nt !\nt\ns\n")
    #expect(run.code == 2)
    #expect(papers(run) == [1, 1, 1, 1, 1, 1, 2].map(Stack.id))
    #expect(run.notes.contains("“x” is no verdict") && run.notes.contains("without “now”"))
    let none = try Home().shelf("triage", input: "s\n")
    #expect(none.code == 0 && none.out.isEmpty && none.notes.contains("shelf import"))
  }

  /// A day with more papers than are read at once.
  @Test func aDayOfAnySize() throws {
    let home = try Stack.home(days: 1, papers: 1300)
    let lines = Array(repeating: "s", count: 700).joined(separator: "\n")
    let run = try home.shelf("triage", input: lines)
    #expect(papers(run) == (1...701).map(Stack.id), "\(run.notes)")
    #expect(papers(try home.shelf("triage", input: "b\n \n")) == [701, 700, 701].map(Stack.id))
    #expect(
      papers(try home.shelf("triage", input: "A\nu\n")) == [Stack.id(701), "null", Stack.id(701)])
  }

  @Test func anImportIsNotUndoneByAKeyTooMany() throws {
    let home = try Stack.home()
    let run = try home.shelf("triage", input: "s\nu\nu\n")
    #expect(papers(run) == [1, 2, 1, 1].map(Stack.id) && run.code == 2)
    #expect(run.notes.contains("`shelf undo` takes back"), "\(run.notes)")
  }

  @Test(arguments: [
    ("[keys]\nread = \"s\"\n", ":2: keys.read is “s”, and so is keys.skip, by default"),
    ("[keys]\nskip = \"x\"\nqueue = [\"y\", \"x\"]\n", "keys.skip is “x”, and so is keys.queue;"),
    ("[keys]\nread = \"ctrl-c\"\n", ":2: keys.read is a key"),
    ("[keys]\nraed = \"x\"\n", ":2: there is no key “keys.raed”"),
    ("[triage]\norder = \"size\"\n", ":2: triage.order is one of"),
  ])
  func keysThatCannotBe(_ text: String, _ words: String) throws {
    let home = try Stack.home()
    _ = try home.file("config.toml", text)
    let run = try home.shelf("triage", input: "")
    #expect(run.code == 78 && run.notes.contains(words), "\(run.notes)")
  }
}

/// Triage on a terminal.
@Suite struct TriageTerminalTests {
  private func triage(
    _ home: Home, _ words: [String] = [], columns: UInt16 = 80, rows: UInt16 = 24,
    variables: [String: String] = [:]
  ) throws -> LiveTerminal {
    try LiveTerminal(
      home, ["triage"] + words, columns: columns, rows: rows, variables: variables)
  }

  @Test func aKeyAPaper() throws {
    let home = try Stack.home()
    let terminal = try triage(home)
    try terminal.wait(for: Stack.card(1))
    try terminal.type("s", for: Stack.card(2))
    try terminal.type("r", for: Stack.card(3))
    try terminal.type("q", for: Stack.card(4))
    try terminal.type("*", for: "★")
    try terminal.type("t", for: "tag: ")
    try terminal.type("kv\r", for: "+kv")
    try terminal.type("A", for: Stack.card(5))
    // A rest of a sequence, a paste, and keys that are none.
    terminal.type("\u{1B}[200~ssss\u{1B}[201~\u{1B}[<0;3;3M\u{1B}[15~")
    try terminal.type("?", for: "skip all that is left")
    terminal.type("x")
    try terminal.type("\u{1B}[B", for: Stack.card(6))
    terminal.type("Q")
    #expect(terminal.end() == 0)
    #expect(terminal.isGivenBack)
    let statuses = try Stack.statuses(home)
    #expect(
      (1...6).map { statuses[Stack.id($0)] } == [
        "skipped", "read", "queued", "skipped", "unread", "unread",
      ])
  }

  /// Whatever ends the process, the terminal is as it was before, and nothing is lost.
  @Test(arguments: [SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV])
  func everyEndGivesTheTerminalBack(_ number: Int32) throws {
    let home = try Stack.home()
    let terminal = try triage(home)
    try terminal.wait(for: Stack.card(1))
    #expect(!terminal.isGivenBack)
    try terminal.type("s", for: Stack.card(2))
    terminal.send(number)
    let code = terminal.end()
    let expected: [Int32: Int32] = [SIGTERM: 143, SIGHUP: 129, SIGINT: 130]
    if let status = expected[number] { #expect(code == status) }
    #expect(terminal.isGivenBack)
    #expect(try Stack.statuses(home)[Stack.id(1)] == "skipped")
  }

  /// Stopped, the terminal is the shell's; gone on, it is triage's again.
  @Test func stopsAndGoesOn() throws {
    let home = try Stack.home()
    let terminal = try triage(home)
    try terminal.wait(for: Stack.card(1))
    terminal.send(SIGTSTP)
    try terminal.wait(for: "\u{1B}[?1049l")
    try terminal.waitForStop()
    #expect(terminal.isGivenBack)
    terminal.send(SIGCONT)
    try terminal.wait(for: "\u{1B}[?1049h")
    try terminal.wait(for: Stack.card(1))
    try terminal.type("s", for: Stack.card(2))
    terminal.type("Q")
    #expect(terminal.end() == 0 && terminal.isGivenBack)
  }

  @Test func otherSizes() throws {
    let home = try Stack.home()
    let terminal = try triage(home)
    try terminal.wait(for: Stack.card(1))
    for (columns, rows): (UInt16, UInt16) in [(40, 10), (250, 60), (100, 4), (20, 3)] {
      terminal.resize(columns: columns, rows: rows)
      try terminal.wait(for: "\u{1B}[2J")
      try terminal.wait(for: columns >= 100 && rows > 4 ? "│" : Stack.title(1))
    }
    terminal.resize(columns: 1, rows: 1)
    try terminal.wait(for: "\u{1B}[2J")
    terminal.type("Q")
    #expect(terminal.end() == 0 && terminal.isGivenBack)
  }

  @Test(arguments: ["dumb", ""])
  func aDumbTerminalHasLines(_ term: String) throws {
    let home = try Stack.home()
    let terminal = try triage(home, variables: ["TERM": term])
    try terminal.wait(for: term.isEmpty ? "TERM is not set" : "this terminal is dumb")
    try terminal.wait(for: Stack.card(1))
    try terminal.type("s\n", for: Stack.card(2))
    terminal.type("Q\n")
    #expect(terminal.end() == 0)
    #expect(!terminal.bytes.contains(0x1B))
    #expect(try Stack.statuses(home)[Stack.id(1)] == "skipped")
  }

  /// `kill -9` between two keys: every verdict whose next card was seen holds.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func killedBetweenTwoKeys(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let home = try Stack.home(days: 3, papers: 12)
    var expected: [String: String] = [:]
    var paper = 1
    for _ in 0..<4 {
      let terminal = try triage(home)
      try terminal.wait(for: Stack.card(paper))
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let (key, status) =
          [("r", "read"), ("q", "queued"), ("s", "skipped"), (" ", "unread")]
          .randomElement(using: &random) ?? ("s", "skipped")
        expected[Stack.id(paper)] = status
        paper += 1
        try terminal.type(key, for: Stack.card(paper))
      }
      if Bool.random(using: &random) { terminal.type("s") }
      terminal.send(SIGKILL)
      terminal.end()
      let now = try Stack.statuses(home)
      for (id, status) in expected { #expect(now[id] == status, "seed \(seed)") }
      // The last key may have been stored before the end came.
      if now[Stack.id(paper)] == "skipped" {
        expected[Stack.id(paper)] = "skipped"
        paper += 1
      }
    }
    #expect(try home.shelf("doctor").code == 0)
  }

  /// Two terminals at once: a verdict on a card that somebody else decided about is told, and holds
  /// when it is given again.
  @Test func twoTerminals() throws {
    let home = try Stack.home()
    let (one, two) = (try triage(home), try triage(home))
    try one.wait(for: Stack.card(1))
    try two.wait(for: Stack.card(1))
    try one.type("s", for: Stack.card(2))
    // Without a second in which it could notice by itself.
    try two.type("r", for: "2511.00001  skipped")
    #expect(try Stack.statuses(home)[Stack.id(1)] == "skipped")
    try two.type("r", for: Stack.card(2))
    try one.type("q", for: Stack.card(3))
    two.type("Q")
    one.type("Q")
    #expect(one.end() == 0 && two.end() == 0)
    let statuses = try Stack.statuses(home)
    #expect((1...2).map { statuses[Stack.id($0)] } == ["read", "queued"])
    #expect(try home.shelf("conflicts").out.isEmpty)
  }

  /// A restored library is another file: verdicts go there.
  @Test func aRestoreMeanwhile() throws {
    let home = try Stack.home()
    let backup = home.url.path + "/backup"
    _ = try home.shelf("backup", backup)
    let terminal = try triage(home)
    try terminal.wait(for: Stack.card(1))
    try terminal.type("s", for: Stack.card(2))
    #expect(try home.shelf("restore", backup).code == 0)
    try terminal.type("r", for: Stack.card(3))
    terminal.type("Q")
    #expect(terminal.end() == 0)
    let statuses = try Stack.statuses(home)
    #expect((1...2).map { statuses[Stack.id($0)] } == ["unread", "read"])
  }

  private func editor(_ home: Home, _ script: String) throws -> [String: String] {
    let path = try home.file("editor.sh", "#!/bin/sh\n\(script)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return ["EDITOR": path]
  }

  @Test func aNoteInTheEditor() throws {
    let home = try Stack.home()
    let script = #"grep -q 'Paper No1' "$1" && grep -q '第1篇' "$1" && printf '一个想法\n' > "$1""#
    let terminal = try triage(home, variables: try editor(home, script))
    try terminal.wait(for: Stack.card(1))
    try terminal.type("n", for: "一个想法")
    try terminal.wait(for: "noted: 00001")
    terminal.type("Q")
    #expect(terminal.end() == 0 && terminal.isGivenBack)
    let notes = try home.shelf("note", "list", "--json").array
    #expect(notes.compactMap { $0["text"] as? String } == ["一个想法"])
  }

  /// What was typed is never lost.
  @Test func anEditorThatFails() throws {
    let home = try Stack.home()
    let script = #"printf 'a thought\n' > "$1"; exit 3"#
    let terminal = try triage(home, variables: try editor(home, script))
    try terminal.wait(for: Stack.card(1))
    try terminal.type("n", for: "what you wrote is kept in")
    try terminal.type("x", for: Stack.card(1))
    terminal.type("Q")
    #expect(terminal.end() == 0)
    let drafts = try FileManager.default.contentsOfDirectory(
      atPath: home.url.path + "/state/drafts")
    #expect(drafts.contains { $0.hasSuffix(".md") })
  }

  @Test func openingTakesTheAddress() throws {
    let home = try Stack.home()
    let path = try home.file("open.sh", "#!/bin/sh\necho \"$1\" > \(home.url.path)/opened\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    _ = try home.file("config.toml", "[open]\ncommand = \"\(path)\"\n[keys]\nskip = \"x\"\n")
    let terminal = try triage(home)
    try terminal.wait(for: Stack.card(1))
    try terminal.type("o", for: Stack.card(1))
    try terminal.type("x", for: Stack.card(2))
    terminal.type("Q")
    #expect(terminal.end() == 0)
    let opened = try String(contentsOfFile: home.url.path + "/opened", encoding: .utf8)
    #expect(opened == "https://arxiv.org/abs/2511.00001\n")
  }
}

/// `shelf` alone.
@Suite struct DashboardTests {
  @Test(arguments: [(80, 24), (40, 10), (120, 40), (20, 6), (200, 12)] as [(UInt16, UInt16)])
  func fitsTheTerminal(_ columns: UInt16, _ rows: UInt16) throws {
    let home = try Stack.home(days: 3, papers: 9)
    _ = try home.shelf("reading", "00001", "00002")
    _ = try home.shelf("queue", "date:2025-10-19")
    _ = try home.shelf("star", "00011")
    _ = try home.shelf("note", "add", "00012", "-m", "x")
    let run = try Terminal(columns: columns, rows: rows).shelf(home, [])
    #expect(run.code == 0)
    // The last one is the prompt's.
    #expect(run.lines.count <= Int(rows), "\(run.screen)")
    for line in run.lines where columns >= 40 {
      let wide = line.unicodeScalars.count { $0.value >= 0x2E80 }
      #expect(line.unicodeScalars.count + wide <= Int(columns), "\(line)")
    }
    #expect(run.screen.contains("next: shelf triage") || columns < 40)
  }

  @Test func saysWhatIsLeftAndWhatNeedsALook() throws {
    let home = try Stack.home(days: 3)
    _ = try home.shelf("read", "00001")
    _ = try home.file("config.toml", "[sync.stick]\nurl = \"\(home.url.path)/stick\"\n")
    let run = try home.shelf()
    #expect(
      run.out.contains("11 of 3 days: 2025-10-20 3, 2025-10-19 4, 2025-10-18 4"), "\(run.out)")
    #expect(run.out.contains("·············■  1 day in a row"), "\(run.out)")
    #expect(run.out.contains("look: no sync with stick yet: shelf sync"), "\(run.out)")
    #expect(run.out.contains("next: shelf triage"))
    try FileManager.default.createDirectory(
      atPath: home.url.path + "/stick", withIntermediateDirectories: true)
    #expect(try home.shelf("sync").code == 0)
    #expect(try !home.shelf().out.contains("look:"))
    let old = (Int64(Date().timeIntervalSince1970) - 9 * 86_400) * 1000
    _ = try home.file("state/synced/stick", "\(old)\n")
    #expect(try home.shelf().out.contains("look: no sync with stick for 9 days: shelf sync"))
    _ = try home.shelf("skip", "all")
    #expect(try !home.shelf().out.contains("shelf triage"))
  }
}
