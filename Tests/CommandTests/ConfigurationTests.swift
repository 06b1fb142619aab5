import Foundation
import TestSupport
import Testing

@testable import shelf

@Suite struct ConfigurationTests {
  /// Foundation as the second opinion: what config.toml keeps must stay what it was.
  @Test(arguments: [
    "a", "./a", "../a", "/a/../../b", "/a//b/./c/", "/", "", "a/../x", ".", "..", "/..", "a/..",
    "a b", "é", "~x/y", "/a/b/..", "//a", "a%20b", "/a/./", "/a/\u{301}b", "缓/存",
  ])
  func aPathFromTheRoot(_ path: String) {
    let expected = URL(fileURLWithPath: path).standardizedFileURL.path
    #expect(World.real.absolutePath(path) == expected)
  }

  @Test func theSampleListsEveryKeyWithItsDefault() throws {
    let file = PackageRoot.url.appendingPathComponent("sample-config/config.toml")
    let text = try String(contentsOf: file, encoding: .utf8)
    let sample = try Configuration(text, path: file.path)
    for key in ConfigurationKey.all {
      #expect(sample.settings[key.name]?.toml == key.standard, "\(key.name)")
    }
    let remote = try #require(sample.remotes["example"])
    #expect(Set(remote.keys) == Set(ConfigurationKey.remote.map(\.name)))
    for key in ConfigurationKey.remote where key.name != "url" {
      #expect(remote[key.name]?.toml == key.standard, "\(key.name)")
    }
    #expect(sample.views == ["week": "is:unread added:7d"])
    let keep = try #require(sample.keeps["page"])
    #expect(Set(keep.keys) == Set(ConfigurationKey.keep.map(\.name)))
    for key in ConfigurationKey.keep {
      #expect(keep[key.name]?.toml == key.standard, "\(key.name)")
    }
    let named =
      ConfigurationKey.all.count + ConfigurationKey.remote.count + ConfigurationKey.keep.count
      + sample.views.count
    #expect(sample.settings.count == named)
    // Each key has its sentence above it.
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where line.contains(" = ") && !line.hasPrefix("#") {
      #expect(lines[index - 1].hasPrefix("# "), "\(line)")
    }
    #expect(sample.columns == Configuration().columns && sample.pager == Configuration().pager)
  }

  @Test(arguments: [
    ("[list]\nlimt = 3\n", ":2: there is no key “list.limt”", "list.limit"),
    ("\n[ui]\ncolor = \"sometimes\"\n", ":3: ui.color is one of", "config edit"),
    ("[list]\nlimit = \"3\"\n", ":2: list.limit is a number", "config edit"),
    ("[list]\ncolumns = [\"id\", \"titel\"]\n", ":2: list.columns is a list", "config edit"),
    ("[list]\nsort = \"dat\"\n", ":2: list.sort is one of", "config edit"),
    ("[lits]\nlimit = 3\n", ":1: there is no key “lits”", "list"),
    ("[sync.home]\nurll = \"x\"\n", ":2: there is no key “sync.home.urll”", "sync.home.url"),
    ("[ui]\nambiguous = 1.5\n", ":2: ui.ambiguous is a number", "config edit"),
    ("[views]\nx = 3\n", ":2: views.x is a text", "config edit"),
    ("[list\n", ":1: ", "config edit"),
    ("[sync]\nauto = 1\n", ":2: sync.auto is true or false", "config edit"),
    ("[sync]\natuo = true\n", ":2: there is no key “sync.atuo”", "sync.auto"),
    ("[sync]\nhome = 1\n", ":2: sync.home is a table of its own", "config edit"),
    ("[keep.page]\nformat = \"htm\"\n", ":2: keep.page.format is one of", "config edit"),
    ("[keep.page]\nfile = \"a.html\"\n", ":2: keep.page.file is a path from", "config edit"),
    ("[keep.page]\nfiel = \"/a\"\n", ":2: there is no key “keep.page.fiel”", "keep.page.file"),
  ])
  func mistakesAreToldWithTheirLine(text: String, message: String, advice: String) throws {
    let home = try Sample.home()
    let path = try home.file("config.toml", text)
    let run = try home.shelf("list")
    #expect(run.code == 78)
    #expect(run.notes.contains(path + message), "\(run.notes)")
    #expect(run.notes.contains(advice), "\(run.notes)")
    #expect(try home.shelf("doctor").code == 78)
  }

  @Test func keysTakeEffect() throws {
    let home = try Sample.home()
    _ = try home.file(
      "config.toml",
      """
      list.columns = ["title", "id"]
      list.sort = "id-"
      ui.color = "always"
      views.new = "date:2025-10-02 title:survey"
      """)
    let run = try home.shelf("list", variables: ["NO_COLOR": "1"])
    #expect(run.lines.first == "Robots Fold Paper  2509.00003")
    #expect(try home.shelf("list").out.contains("\u{1B}["))
    #expect(try home.shelf("list", "@new", "--ids").out == "2509.00002\n")
    #expect(
      try home.shelf("view", "list", "--json").array.first?["from"] as? String == "config.toml")
    #expect(try home.shelf("view", "remove", "new").code == 1)
    let list = try home.shelf("config", "list").lines
    #expect(list.contains(#"list.sort = "id-""#) && list.contains(#"# ui.pager = "less -FRX""#))
    #expect(try home.shelf("open", "00001", "--print").out.contains("00001"))
  }

  @Test func openRunsTheCommand() throws {
    let home = try Sample.home()
    _ = try home.file("config.toml", "[open]\ncommand = \"printf '<%s>'\"\n")
    #expect(try home.shelf("open", "00001").out == "<https://arxiv.org/abs/2509.00001>")
    _ = try home.file("config.toml", "[open]\ncommand = \"/nowhere/browser\"\n")
    #expect(try home.shelf("open", "00001").code == 78)
  }

  @Test func configEditMakesAndChecksTheFile() throws {
    let home = try Home()
    let run = try home.shelf("config", "edit", variables: ["EDITOR": "touch"])
    #expect(run.code == 0, "\(run.notes)")
    let text = try String(contentsOfFile: home.url.path + "/config.toml", encoding: .utf8)
    for key in ConfigurationKey.all { #expect(text.contains("# \(key.name) = ")) }
    #expect(try home.shelf("config", "edit", variables: ["EDITOR": "echo x >>"]).code == 78)
    #expect(try home.shelf("config", "edit", variables: ["EDITOR": "false"]).code == 74)
  }

  @Test func anExampleOfEachColourVariable() throws {
    let home = try Sample.home()
    func isColoured(_ variables: [String: String]) throws -> Bool {
      try home.run(["list"], variables: variables).out.contains("\u{1B}[")
    }
    #expect(try !isColoured([:]))
    #expect(try isColoured(["FORCE_COLOR": "1"]))
    #expect(try !isColoured(["FORCE_COLOR": "1", "NO_COLOR": "1"]))
    #expect(try !isColoured(["FORCE_COLOR": "0"]))
  }
}
