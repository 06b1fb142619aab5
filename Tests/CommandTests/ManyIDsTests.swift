import Foundation
import Testing

/// Many papers named one by one, and filters as long as a command line.
@Suite struct ManyIDsTests {
  /// A home with so many papers.
  private func home(_ count: Int) throws -> Home {
    let home = try Home()
    var text = "# Papers for 2025-10-02\n\n"
    for index in 0..<count {
      text +=
        "## \(index).[Title \(index)](https://arxiv.org/pdf/2509.\(10000 + index))\n\nsummary:x\n\n"
    }
    #expect(try home.run(["import", try home.file("2025-10-02.md", text)]).code == 0)
    return home
  }

  @Test(arguments: [" ", "\n", "\0", "\r\n", "\t \n"])
  func idsOfStandardInputAreOneOperation(separator: String) throws {
    let home = try Sample.home()
    let ids = ["2509.00001", "00003", "https://arxiv.org/abs/2509.00001v2"]
      .joined(separator: separator)
    let run = try home.shelf("read", "-", input: ids + separator)
    #expect(run.code == 0 && run.notes.hasPrefix("2 papers marked read"), "\(run.notes)")
    #expect(try home.shelf("star", "-", "--json", input: ids).object["changed"] as? Int == 2)
    #expect(try home.shelf("tag", "add", "kv", "-", input: ids).code == 0)
    #expect(try home.shelf("show", "-", "--ids", input: ids).lines.count == 3)
    #expect(try home.shelf("open", "-", "--print", input: ids).lines.count == 3)
    #expect(try home.shelf("undo", "3").code == 0)
    #expect(try home.shelf("count", "is:read or is:starred or +kv").out == "0\n")
  }

  /// Of a link with an accent in one character, in two, and in escapes.
  @Test func aLinkIsOnePaperHoweverItIsTyped() throws {
    let home = try Home()
    let links = ["caf\u{E9}", "cafe\u{301}", "caf%C3%A9"].map { "https://a.example/\($0)" }
    for link in links { #expect(try home.shelf("add", link).code == 0) }
    #expect(try home.shelf("list", "--ids").lines == ["url:https://a.example/caf%C3%A9"])
    let run = try home.shelf(
      "tag", "add", "caf\u{E9},cafe\u{301}", "-", input: links.joined(separator: " "))
    #expect(run.code == 0 && run.notes.hasPrefix("1 paper"), "\(run.notes)")
    for link in links { #expect(try home.shelf("count", link).out == "1\n") }
    #expect(try home.shelf("tag", "list", "--json").out.utf8.contains(0xCC) == false)
    for filter in ["+caf\u{E9}", "+cafe\u{301}"] {
      #expect(try home.shelf("count", filter).out == "1\n")
    }
  }

  @Test func aWrongIDWritesNothing() throws {
    let home = try Sample.home()
    let run = try home.shelf("read", "-", input: "2509.00001 2509.99999")
    #expect(run.code == 1 && run.notes.contains("2509.99999"), "\(run.notes)")
    #expect(try home.shelf("show", "-", input: "2509.00001 2509.99999").out == "")
    #expect(try home.shelf("count", "is:read").out == "0\n")
    let none = try home.shelf("read", "-", input: " \n")
    #expect(none.code == 0 && none.notes.contains("standard input"), "\(none.notes)")
    #expect(try home.shelf("read", "-", "is:unread", input: "2509.00001").code == 64)
  }

  /// What makes no sense as a filter is a title that was pasted to a verb that reads, and nothing at
  /// all to one that writes.
  @Test(arguments: [["Lamps", "(and", "shades"], ["Lamps:", "a", "view)"]])
  func aPastedTitleWritesNothing(_ words: [String]) throws {
    let home = try Sample.home()
    #expect(try home.run(["list"] + words).code == 0)
    #expect(try home.run(["read"] + words).code == 64)
    #expect(try home.run(["view", "save", "x"] + words).code == 64)
    #expect(try home.shelf("count", "is:read").out == "0\n")
  }

  @Test func thousandsOfIDsOnACommandLine() throws {
    let home = try home(5000)
    let ids = try home.shelf("list", "--ids").lines
    let run = try home.run(["read"] + ids + ["--json"])
    #expect(run.object["changed"] as? Int == 5000, "\(run.notes.prefix(500))")
    #expect(try home.shelf("unread", "-", input: ids.joined(separator: "\n")).code == 0)
    #expect(try home.run(["count", "not", "("] + ids.dropLast() + [")"]).out == "1\n")
  }

  @Test(arguments: ["or", "and", "not"]) func filtersOfTwentyThousandTerms(word: String) throws {
    let home = try Sample.home()
    let terms = (0..<20_000).map { word == "and" ? "status:unread" : "title~t\($0)" }
    let text = terms.joined(separator: word == "not" ? " not " : " \(word) ")
    let file = try home.file("config.toml", "views.many = \"\(text)\"\n")
    _ = file
    let run = try home.shelf("count", "@many")
    #expect(run.code == 0, "\(run.notes.prefix(500))")
  }

  @Test func tooDeepIsAMistakeOfTheFilterNotOfTheLibrary() throws {
    let home = try Sample.home()
    for depth in [1, 20, 50, 60, 90, 200, 5000] {
      for (open, close) in [
        ("is:read or (is:unread ", ")"), ("not (is:starred or ", ")"), ("(", ")"),
        ("is:read and not (+x or ", ")"),
      ] {
        let filter =
          String(repeating: open, count: depth) + "is:unread"
          + String(repeating: close, count: depth)
        let run = try home.shelf("count", filter)
        #expect([0, 64].contains(run.code), "\(depth) \(open): \(run.notes.prefix(300))")
        if depth <= 20 { #expect(run.code == 0) }
      }
    }
  }
}
