import Testing

@testable import shelf

@Suite struct HelpPageTests {
  /// Every command there is, by its words.
  private static func paths(_ outline: CommandOutline, _ above: [String] = []) -> [[String]] {
    outline.verbs.flatMap { verb in
      [above + [verb.name]] + paths(verb, above + [verb.name])
    }
  }

  /// A line ends between words, and goes beyond the width only for one word that is wider.
  @Test(arguments: [40, 50, 60, 72, 80, 120, 250])
  func noWordIsBrokenAtAnyWidth(_ columns: Int) throws {
    let paths = Self.paths(try CommandOutline(Shelf.self))
    #expect(paths.count > 50)
    for path in [[]] + paths {
      func lines(_ columns: Int) throws -> [String] {
        let page = HelpPage(columns: columns)
        return try path.isEmpty ? page.overview() : page.page(TypedCommand(path))
      }
      func words(_ lines: [String]) -> [Substring] { lines.flatMap { $0.split(separator: " ") } }
      let narrow = try lines(columns)
      #expect(words(narrow) == words(try lines(100)), "\(path)")
      for line in narrow where line.count > columns {
        let text = line.drop { $0 == " " }
        #expect(text.split(separator: " ").count <= 2, "\(path): \(line)")
      }
    }
  }

  @Test(arguments: [40, 60, 80, 250], HelpTopic.allCases)
  func topicsAreFilledBetweenWords(_ columns: Int, _ topic: HelpTopic) {
    func lines(_ columns: Int) -> [String] {
      HelpPage(columns: columns).topic(topic.text(min(columns, 100)))
    }
    func words(_ lines: [String]) -> [Substring] { lines.flatMap { $0.split(separator: " ") } }
    #expect(words(lines(columns)) == words(lines(100)))
    for line in lines(columns) where CellWidth().width(of: line) > columns {
      #expect(line.split(separator: " ").count == 1, "\(line)")
    }
  }

  @Test func aPageSaysHowItIsUsed() throws {
    let page = try HelpPage(columns: 80).page(TypedCommand(["note", "add"]))
    #expect(
      page.prefix(8) == [
        "Write a note on a paper; without -m or -F in the editor.", "",
        "Usage: shelf note add ID [options]", "", "Words",
        "  ID  An id, its last digits, a link, or %3.", "", "Options",
      ])
    let tag = try HelpPage(columns: 80).page(TypedCommand(["tag"]))
    #expect(tag.contains("  add TAGS FILTER     Tag papers."), "\(tag)")
    #expect(!tag.contains { $0.contains("SUBCOMMAND") || $0.contains("<") })
  }

  /// What a filter may be left out of, and what it must not be.
  @Test func usageTellsWhatIsNeeded() throws {
    func usage(_ path: String...) throws -> String {
      try TypedCommand(path).outline().usage(path)
    }
    #expect(try usage("list") == "shelf list [FILTER…] [options]")
    #expect(try usage("read") == "shelf read FILTER… [options]")
    #expect(try usage("show") == "shelf show ID… [options]")
    #expect(try usage("log") == "shelf log [ID] [options]")
    #expect(try usage("sync") == "shelf sync [REMOTE] [options]")
  }
}
