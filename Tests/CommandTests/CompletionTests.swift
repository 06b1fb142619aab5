import Foundation
import TestSupport
import Testing

@testable import shelf

/// Completion, by really pressing Tab in each shell. What then stands on the line is what a command
/// gets: every word arrives whole, whatever is in it, and nothing of it is run.
@Suite(.serialized) struct CompletionTests {
  /// What is typed, and the words that `shelf` is called with. `⇥` is Tab.
  struct Case: Sendable {
    var typed: String
    var words: [String]
    init(_ typed: String, _ words: String...) { (self.typed, self.words) = (typed, words) }
  }

  private static let view = "my view $(touch RUN) `touch RUN`"
  /// Quotes that a combining mark makes another character of, for Swift and for nobody else.
  private static let melted = "comb\u{301}' '\u{301}; touch RUN; '\u{301}"
  private static let quotes = #"it's "so" \ !x"#

  static let cases: [Case] = [
    Case("li⇥is:unr⇥", "list", "is:unread"), Case("list titl⇥x", "list", "title:x"),
    Case("list has:no⇥", "list", "has:note"), Case("list +sur⇥", "list", "+survey/猫"),
    Case("list status:read,ski⇥", "list", "status:read,skipped"),
    Case("list '(is:unr⇥", "list", "(is:unread"), Case("list --lim⇥3", "list", "--limit", "3"),
    Case("list --sort upd⇥", "list", "--sort", "updated"),
    Case("list @pl⇥", "list", "@plain"), Case("list @my⇥", "list", "@" + view),
    Case("list '@my⇥", "list", "@" + view), Case("list \"@my⇥", "list", "@" + view),
    Case("list @it⇥", "list", "@" + quotes), Case("list '@it⇥", "list", "@" + quotes),
    Case("list \"@it⇥", "list", "@" + quotes), Case("list \"@ends⇥", "list", "@ends!"),
    Case("list '@tail⇥", "list", "@tail'"), Case("list @com⇥", "list", "@" + melted),
    Case("list @tw⇥", "list", "@two\nlines"),
    Case("tag add kv,sur⇥x", "tag", "add", "kv,survey/猫", "x"),
    Case("import two⇥", "import", "two words.md"),
    Case("export bib⇥-o two⇥", "export", "bibtex", "-o", "two words.md"),
    Case("note edit NOTE⇥", "note", "edit", "NOTE"), Case("show 2510⇥", "show", "2510.00004"),
    Case("mark ski⇥", "mark", "skipped"), Case("sync hom⇥", "sync", "home"),
    Case("view remove pl⇥", "view", "remove", "plain"), Case("help fil⇥", "help", "filters"),
    Case("list --home /nowhere @pl⇥", "list", "--home", "/nowhere", "@pl"),
  ]

  private static func home() throws -> (Home, folder: URL, note: String) {
    let home = try Sample.home()
    _ = try home.run(["import", try home.file("series/2025-10-03.md", Sample.nextDay)])
    _ = try home.shelf("tag", "add", "survey/猫,kv", "00002")
    _ = try home.shelf("note", "add", "00001", "-m", "a thought")
    let note = try #require(try home.shelf("note", "list", "--json").array.first?["id"] as? String)
    let escaped = quotes.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"")
    _ = try home.file(
      "config.toml",
      """
      [views]
      "\(view)" = "is:unread"
      "\(escaped)" = "is:read"
      "two\\nlines" = "is:read"
      "ends!" = "is:read"
      "tail'" = "is:read"
      "\(melted)" = "is:read"
      plain = "is:read"
      [sync.home]
      url = "/tmp/nowhere"

      """)
    _ = try home.file("work/two words.md", "")
    return (home, home.url.appendingPathComponent("work"), note)
  }

  @Test(arguments: ShellTerminal.Shell.all)
  func tabFillsIn(_ shell: ShellTerminal.Shell) throws {
    guard let program = shell.program else { return }
    let (home, folder, note) = try Self.home()
    let terminal = try ShellTerminal(shell, program, home, in: folder)
    for one in Self.cases {
      var (typed, words) = (one.typed, one.words)
      if typed.hasPrefix("note edit") {
        (typed, words) = ("note edit \(note.prefix(5))⇥", ["note", "edit", note])
      }
      let keys = "shelf " + typed.replacingOccurrences(of: "⇥", with: "\t") + "\r"
      let line = words.map { "[\($0)]" }.joined().replacingOccurrences(of: "\n", with: "\r\n")
      try terminal.type(keys, until: line)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["two words.md"])
  }

  /// Papers are shown with their titles where the shell can.
  @Test(arguments: [ShellTerminal.Shell.zsh, .fish])
  func idsHaveTitles(_ shell: ShellTerminal.Shell) throws {
    guard let program = shell.program else { return }
    let (home, folder, _) = try Self.home()
    let terminal = try ShellTerminal(shell, program, home, in: folder)
    try terminal.type("shelf show 2509.\t\t", until: "Robots Fold Paper")
  }

  @Test func everyKindOfValueIsKnown() throws {
    func check(_ outline: CommandOutline) {
      for argument in outline.arguments where argument.kind != .flag {
        #expect(
          ValueKind(rawValue: argument.value) != nil,
          "nobody said what completes \(argument.value) of \(outline.name)")
      }
      outline.verbs.forEach(check)
    }
    check(try CommandOutline(Shelf.self))
  }

  /// Whatever stands on the line, and whatever the library is: no word but candidates, and 0.
  @Test func itNeverComplains() throws {
    let home = try Home()
    _ = try home.file("config.toml", "[list\n")
    _ = try home.file("library.sqlite", "no database")
    let lines = [
      "", "shelf", "shelf ", "shelf 'a", "shelf \\", "shelf list is:", "shelf -", "x=1 ",
    ]
    for line in lines {
      let run = try home.shelf("__complete", "bash", line, ":=@")
      #expect(run.code == 0 && run.notes.isEmpty, "\(line): \(run.notes)")
    }
    for words in [[], ["csh", "x"], ["zsh"], ["fish", "--"], ["zsh", "--", "list", "--", "x"]] {
      let run = try home.run(["__complete"] + words)
      #expect(run.code == 0 && run.notes.isEmpty, "\(words): \(run.notes)")
    }
    #expect(try home.shelf("__complete", "bash", "shelf show ", "").out == "words\n")
    let files = try FileManager.default.contentsOfDirectory(atPath: home.url.path)
    #expect(files.sorted() == ["config.toml", "library.sqlite"])
  }
}
