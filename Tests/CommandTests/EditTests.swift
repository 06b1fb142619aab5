import Foundation
import Testing

@Suite struct EditTests {
  private func status(_ home: Home, _ id: String) throws -> String? {
    try home.shelf("show", id, "--json").array.first?["status"] as? String
  }

  @Test(arguments: [
    ("read", "read"), ("unread", "unread"), ("queue", "queued"), ("reading", "reading"),
    ("skip", "skipped"),
  ])
  func shortFormsMark(verb: String, expected: String) throws {
    let home = try Sample.home()
    let first = verb == "unread" ? "read" : "unread"
    _ = try home.shelf("mark", first, "all")
    #expect(try home.shelf(verb, "00001").code == 0)
    #expect(try status(home, "00001") == expected)
    #expect(try status(home, "00002") == first)
    #expect(
      try home.shelf("undo").notes.hasPrefix("undone: \(verb) 00001 Caches That Remember (1 paper)")
    )
    #expect(try status(home, "00001") == first)
  }

  @Test func severalIDsMeanAnyOfThem() throws {
    let home = try Sample.home()
    let run = try home.shelf("star", "00001", "00003", "--json")
    #expect(run.out == #"{"changed":2,"ids":["2509.00001","2509.00003"]}"# + "\n")
    #expect(try home.shelf("count", "is:starred").out == "2\n")
    #expect(try home.shelf("unstar", "all", "--json").object["changed"] as? Int == 2)
  }

  @Test func dryRunChangesNothing() throws {
    let home = try Sample.home()
    let before = try home.export()
    let log = try home.shelf("log").out
    let next = try home.file("2025-10-03.md", Sample.nextDay)
    let writes: [[String]] = [
      ["mark", "read", "all"], ["read", "all"], ["star", "all"], ["tag", "add", "x", "all"],
      ["remove", "all"],
      ["note", "add", "00001", "-m", "x"], ["view", "save", "v", "is:read"], ["undo"],
      ["import", next], ["add", "2501.00001"],
    ]
    for words in writes {
      let run = try home.run(words + ["-n"])
      #expect(run.code == 0, "\(words): \(run.notes)")
      #expect(run.notes.contains("nothing was changed"), "\(words)")
    }
    #expect(try home.export() == before)
    #expect(try home.shelf("log").out == log)
  }

  @Test func writesNeedToKnowWhich() throws {
    let home = try Sample.home()
    for words in [
      ["read"], ["mark", "read"], ["star"], ["unstar"], ["remove"], ["tag", "add", "x"],
      ["tag", "remove", "x"],
    ] {
      let run = try home.run(words)
      #expect(run.code == (words == ["tag", "remove", "x"] ? 1 : 64), "\(words)")
      if run.code == 64 { #expect(run.notes.contains("all")) }
    }
    #expect(try home.shelf("read", "99999").code == 1)
    #expect(try home.shelf("count", "is:read").out == "0\n")
  }

  @Test func tagsAndTheirChildrenAreRenamed() throws {
    let home = try Sample.home()
    _ = try home.shelf("tag", "add", "ml/kv,ml", "00001")
    _ = try home.shelf("tag", "add", "+mlx", "00002")
    #expect(try home.shelf("tag", "rename", "ml", "ai").code == 0)
    #expect(
      try home.shelf("tag", "list", "--json").out
        == #"[{"tag":"ai","papers":1},{"tag":"ai/kv","papers":1},{"tag":"mlx","papers":1}]"# + "\n")
    _ = try home.shelf("undo")
    #expect(try home.shelf("count", "tag:ml").out == "1\n")
    #expect(try home.shelf("tag", "remove", "mlx", "all").code == 0)
    #expect(try home.shelf("count", "tag=mlx").out == "0\n")
    let slip = try home.shelf("tag", "rename", "mk", "x")
    #expect(slip.code == 1 && slip.notes.contains("did you mean “ml”?"))
    #expect(try home.shelf("tag", "add", "a//b", "all").code == 64)
  }

  @Test func aTagNobodyUsesIsToldOf() throws {
    let home = try Sample.home()
    _ = try home.shelf("tag", "add", "attention", "00001")
    let run = try home.shelf("list", "+atention")
    #expect(run.code == 0 && run.out == "")
    #expect(run.notes == "no paper is tagged atention; did you mean +attention?\n")
    #expect(try home.shelf("list", "+attention", "is:read").notes == "")
    #expect(try home.shelf("read", "tag:atention").notes.contains("did you mean +attention?"))
  }

  @Test func aDryRunMakesNoLibrary() throws {
    let home = try Home()
    let file = try home.file("2025-10-02.md", Sample.day)
    #expect(try home.shelf("import", file, "-n", "--json").object["new"] as? Int == 3)
    #expect(try home.shelf("add", "2501.00001", "-n").code == 0)
    #expect(!FileManager.default.fileExists(atPath: home.url.path + "/library.sqlite"))
  }

  @Test func notes() throws {
    let home = try Sample.home()
    #expect(try home.shelf("note", "add", "00001", "-m", "第一\nsecond line").code == 0)
    #expect(try home.shelf("note", "add", "00001", "-F", "-", input: "from a pipe\n\n").code == 0)
    let notes = try home.shelf("note", "list", "--json").array
    #expect(notes.map { $0["text"] as? String } == ["第一\nsecond line", "from a pipe"])
    #expect(Set(notes[0].keys) == ["paper", "id", "text", "created", "updated"])
    let id = try #require(notes[0]["id"] as? String)
    #expect(try home.shelf("note", "edit", id, "-m", "changed").code == 0)
    #expect(try home.shelf("count", "note:changed").out == "1\n")
    #expect(try home.shelf("note", "remove", id).code == 0)
    #expect(try home.shelf("note", "list", "--json").array.count == 1)
    #expect(try home.shelf("note", "remove", "zzzz").code == 1)
    #expect(try home.shelf("note", "add", "00001", "-m", "  \n").code == 64)
    #expect(try home.shelf("note", "add", "00001").code == 64)
    #expect(try home.shelf("note", "add", "00001", "-F", "/nowhere").code == 66)
  }

  @Test func aMegabyteNote() throws {
    let home = try Sample.home()
    let text = String(repeating: "缓存👩‍💻 e\u{301} ", count: 40_000)
    #expect(try home.shelf("note", "add", "00001", "-F", "-", input: text).code == 0)
    let note = try home.shelf("note", "list", "--json").array.first?["text"] as? String
    #expect(note == String(text.dropLast()))
  }

  @Test func views() throws {
    let home = try Sample.home()
    #expect(try home.shelf("view", "save", "mine", "is:unread", "title:survey or 机器人").code == 0)
    #expect(try home.shelf("count", "@mine").out == "2\n")
    #expect(
      try home.shelf("view", "list", "--json").array.first?["from"] as? String == "library")
    let slip = try home.shelf("list", "@mone")
    #expect(slip.code == 64 && slip.notes.contains("did you mean “mine”?"))
    #expect(try home.shelf("view", "save", "bad", "is:nothing").code == 64)
    #expect(try home.shelf("view", "save", "loop", "@loop").code == 64)
    #expect(try home.shelf("view", "save", "a b", "is:read").code == 64)
    #expect(try home.shelf("view", "remove", "nome").code == 1)
    #expect(try home.shelf("view", "remove", "mine").code == 0)
    #expect(try home.shelf("list", "@mine").code == 64)
    _ = try home.shelf("undo")
    #expect(try home.shelf("count", "@mine").out == "2\n")
  }

  @Test("Views that hold others twice cost no power of two")
  func viewsHeldTwice() throws {
    let home = try Sample.home()
    let views = (0..<15).map { number in
      "v\(number) = \"\(number == 0 ? "is:unread" : "@v\(number - 1) title:a or @v\(number - 1)")\""
    }
    _ = try home.file("config.toml", "[views]\n" + views.joined(separator: "\n") + "\n")
    for number in [1, 5, 10] {
      #expect(try home.shelf("count", "@v\(number)").out == "3\n")
    }
    let most = try home.shelf("count", "@v14 or @v14 or @v14")
    #expect(most.code == 64 || most.out == "3\n", "\(most.notes)")
    #expect(most.code == 0 || most.notes.contains("too many times"), "\(most.notes)")
    // A view saved here is read with those of the configuration.
    let wide = Array(repeating: "@v14", count: 400).joined(separator: " or ")
    let run = try home.shelf("count", wide)
    #expect(run.code == 64 && run.notes.contains("too many times"), "\(run.notes)")
  }

  @Test func addPutsOnTheList() throws {
    let home = try Home()
    let run = try home.shelf("add", "https://arxiv.org/pdf/2501.00001v2", "--title", "A  \n title")
    #expect(run.code == 0)
    #expect(try home.shelf("list", "--format", "{id}|{title}").out == "2501.00001|A title\n")
    #expect(try home.shelf("add", "2501.00001").notes.hasPrefix("nothing to change"))
    #expect(try home.shelf("add", "no paper").code == 64)
    #expect(try home.shelf("add").code == 64)
    _ = try home.shelf("undo")
    #expect(try home.shelf("count").out == "0\n")
  }

  @Test(arguments: [
    "https://arxiv.org/abs/2509", "arxiv.org/pdf/", "https://doi.org/10.", "https://doi.org/",
    "https://huggingface.co/papers/2509",
  ])
  func anAddressThatWasCutIsNoPaper(_ link: String) throws {
    let home = try Home()
    let run = try home.shelf("add", link)
    #expect(run.code == 64 && run.notes.contains("cut short"), "\(run.notes)")
    #expect(try home.shelf("count").out == "0\n")
  }

  /// Pages that a digest's reader knows, a person may paste.
  @Test(arguments: [
    ("https://papers.cool/arxiv/2501.00007", "2501.00007"),
    ("https://www.scirate.com/arxiv/2501.00008?x=1", "2501.00008"),
    ("https://dl.acm.org/doi/10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
    (
      "https://www.biorxiv.org/content/10.1101/2025.01.02.123456v2.full",
      "doi:10.1101/2025.01.02.123456"
    ),
    ("https://openreview.net/forum?id=aB3", "url:https://openreview.net/forum?id=aB3"),
    ("https://blog.example/post", "url:https://blog.example/post"),
  ])
  func pagesOfPapersAreKnown(_ page: String, _ id: String) throws {
    let home = try Home()
    #expect(try home.shelf("add", page).code == 0)
    #expect(try home.shelf("list", "--ids").out == id + "\n")
    #expect(try home.shelf("star", page).code == 0)
    #expect(try home.shelf("count", "is:starred").out == "1\n")
  }

  @Test func aTitleThatThePersonGaveStays() throws {
    let home = try Sample.home()
    func titles() throws -> String { try home.shelf("list", "00001", "--format", "{title}").out }
    let before = try titles()
    let run = try home.shelf("add", "2509.00001", "--title", "Lamplight 灯")
    #expect(run.code == 0 && run.notes.contains("Lamplight 灯"))
    #expect(try titles() == "Lamplight 灯\n")
    #expect(try home.shelf("show", "00001").out.contains("Lamplight 灯"))
    #expect(try home.shelf("search", "lamplight", "--ids").out == "2509.00001\n")
    #expect(try home.shelf("count", "title:Caches").out == "0\n")
    let text = "# 2025-12-01\n## 0.[Another Name](https://arxiv.org/abs/2509.00001)\nsummary:x\n"
    #expect(try home.shelf("import", home.file("again.md", text)).code == 0)
    #expect(try titles() == "Lamplight 灯\n")
    #expect(try home.shelf("doctor").code == 0)
    #expect(try home.shelf("search", "lamplight", "--ids").out == "2509.00001\n")
    #expect(try home.shelf("search", "another", "name", "--ids").out == "")
    #expect(try home.shelf("add", "2509.00001", "--title", "").code == 0)
    #expect(try titles() == "Another Name\n")
    #expect(try home.shelf("search", "lamplight", "--ids").out == "")
    _ = try home.shelf("undo", "3")
    #expect(try titles() == before)
  }

  @Test func undoAndRedoAsFarAsThereIs() throws {
    let home = try Sample.home()
    _ = try home.shelf("read", "00001")
    _ = try home.shelf("star", "all")
    #expect(try home.shelf("undo", "2").notes.contains("undone: star 00001 Caches That Remember; "))
    #expect(try home.shelf("count", "is:starred or is:read").out == "0\n")
    #expect(try home.shelf("redo", "9").code == 0)
    #expect(try home.shelf("count", "is:starred").out == "3\n")
    #expect(try home.shelf("undo", "99").code == 0)
    #expect(try home.shelf("count").out == "0\n")
    #expect(try home.shelf("undo").code == 1)
    #expect(try home.shelf("undo", "0").code == 64)
    let log = try home.shelf("log", "--json").array
    #expect(log.contains { $0["kind"] as? String == "undo" })
    #expect(
      Set(try #require(log.first).keys)
        == ["id", "time", "machine", "mine", "kind", "what", "changes", "undone"])
  }
}
