import Foundation
import TestSupport
import Testing

/// How `list` and `search` look: on a terminal for a person, in a pipe for a program.
@Suite struct ListFormTests {
  private func home() throws -> Home {
    let home = try Sample.home()
    _ = try home.run(["import", try home.file("series/2025-10-03.md", Sample.nextDay)])
    _ = try home.shelf("tag", "add", "kv", "00001")
    return home
  }

  /// What every row says alike stands once, above the titles, and only on a terminal.
  @Test func constantColumnsAreLeftOut() throws {
    let home = try home()
    let terminal = try Terminal(columns: 80)
    let page = try terminal.shelf(home, ["list", "date:2025-10-02", "--sort", "id"])
    #expect(
      page.lines.prefix(3) == [
        "    id          date        title (all: unread)                             tags",
        "%1  2509.00001  2025-10-02  Caches That Remember                            +kv",
        "%2  2509.00002  2025-10-03  A Survey of Small Things",
      ])
    let pipe = try home.shelf("list", "date:2025-10-02", "--sort", "id")
    #expect(pipe.lines.first == "2509.00001  unread      2025-10-02  Caches That Remember  +kv")
    // One paper is no column.
    let one = try terminal.shelf(home, ["list", "00001"])
    #expect(one.lines.first?.contains("status") == true, "\(one.screen)")
    let found = try terminal.shelf(home, ["search", "综述"])
    #expect(found.lines.first?.hasPrefix("%1  2509.00002  unread") == true, "\(found.screen)")
  }

  @Test func aSecondLineTellsWhatItIsAbout() throws {
    let home = try home()
    let long = try home.shelf("list", "-l", "00003")
    #expect(
      long.out
        == "2509.00003  unread      2025-10-02  Robots Fold Paper\n    机器人折纸。\n")
    let terminal = try Terminal(columns: 40, rows: 9)
    let page = try terminal.shelf(home, ["list", "--long"])
    // Three papers of two lines, the header, and the line that counts the rest.
    #expect(page.lines.filter { !$0.isEmpty }.count == 8, "\(page.screen)")
    #expect(page.screen.contains("… 1 more"), "\(page.screen)")
    _ = try home.file("config.toml", "[list]\nlong = true\n")
    #expect(try home.shelf("list", "00003").out == long.out)
  }

  /// In a pipe lines are as long as they are, unless a width is asked for; they have no numbers.
  @Test func aWidthIsHonouredInAPipe() throws {
    let home = try Home()
    let title = String(repeating: "长题目 ", count: 30)
    _ = try home.shelf("add", "2501.00005", "--title", title)
    _ = try home.shelf("note", "add", "00005", "-m", "wanted " + title)
    for (words, variables) in [
      (["list"], ["COLUMNS": "50"]), (["list", "--width", "50"], ["COLUMNS": "70"]),
      (["search", "wanted", "--width", "50"], [:]), (["show", "00005", "--width", "50"], [:]),
      (["log"], ["COLUMNS": "50"]), (["list", "-l"], ["COLUMNS": "50"]),
    ] {
      let run = try home.run(words, variables: variables)
      #expect(run.code == 0 && !run.out.contains("%1"), "\(words)")
      let cells = run.lines.map { line in
        line.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) }
      }
      #expect(cells.max() ?? 0 <= 50 && cells.max() ?? 0 > 30, "\(words): \(run.out)")
    }
    #expect(try home.shelf("list").out.contains(title.dropLast()))
    #expect(try home.shelf("list", variables: ["COLUMNS": "0"]).out.contains(title.dropLast()))
    #expect(try home.shelf("list", "--width", "5").code == 64)
  }

  /// What another machine calls itself does not push the commands out of sight.
  @Test func aLongNameOfAMachineIsCutInTheLog() throws {
    let home = try Sample.home()
    let name = String(repeating: "m", count: 500)
    try Shell.sqlite(
      home.url.path + "/library.sqlite",
      "INSERT OR REPLACE INTO machine (device, name, retired) SELECT id, '\(name)', 0 FROM device")
    let log = try home.shelf("log").out
    #expect(log.contains("  \(name.prefix(23))…  import "), "\(log)")
    #expect(try home.shelf("log", "--json").array.first?["machine"] as? String == name)
  }

  /// All of them go through the pager, with their numbers.
  @Test func allGoThroughThePager() throws {
    let home = try Home()
    let links = (1...60).map { "2501.\(10000 + $0)" }
    _ = try home.run(["add"] + links)
    let terminal = try Terminal(columns: 80, rows: 20)
    let pager = ["PAGER": "sed 's/^/| /'"]
    let all = try terminal.shelf(home, ["list", "--all"], variables: pager)
    #expect(all.lines.filter { $0.hasPrefix("| ") }.count == 61, "\(all.screen)")
    #expect(all.screen.contains("| %60  "))
    let some = try terminal.shelf(home, ["list"], variables: pager)
    #expect(!some.screen.contains("| ") && some.screen.contains("… 43 more"), "\(some.screen)")
    #expect(try home.shelf("list", variables: pager).lines.count == 60)
    // A terminal that cannot move its cursor has no use for a pager, and an empty one is none.
    for variables in [pager.merging(["TERM": "dumb"]) { $1 }, ["PAGER": ""]] {
      let plain = try terminal.shelf(
        home, ["list", "--all"], emptyPager: true, variables: variables)
      #expect(!plain.screen.contains("| ") && plain.screen.contains("%60  "), "\(plain.screen)")
    }
  }

  @Test func searchInAnotherOrderAndExportOfAFew() throws {
    let home = try home()
    let best = try home.shelf("search", "缓存", "or", "综述", "--ids").lines
    let sorted = try home.shelf("search", "缓存", "or", "综述", "--ids", "--sort", "id-").lines
    #expect(sorted == ["2509.00002", "2509.00001"] && Set(best) == Set(sorted))
    let lines = try home.shelf("search", "缓存", "or", "综述", "--sort", "id").lines
    #expect(lines.count == 4 && lines[0].hasPrefix("2509.00001"), "\(lines)")
    #expect(try home.shelf("export", "ids", "--sort", "id", "--limit", "2").lines.count == 2)
    #expect(try home.shelf("export", "ids", "--limit", "0").code == 64)
  }
}
