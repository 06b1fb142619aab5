import Foundation
import TestSupport
import Testing

/// Half-correct files: cut in the middle, two formats in one, called something else, in another
/// encoding. What can be read comes in, and what cannot is told with its line; never a wrong title,
/// and never exit 0 for a file that was not understood.
@Suite struct SpoiledInputTests {
  /// A file, and what becomes of it.
  struct Spoiled: CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: [UInt8]
    var code: Int32
    /// The numbers of the papers that come in: 1 and 2 are those of every list here.
    var papers: [Int]
    /// What is said, in this order; with the line where there is one.
    var words: [String] = []

    init(
      _ name: String, _ text: String, _ code: Int32 = 0, _ papers: [Int] = [1, 2],
      _ words: String...
    ) {
      self.init(name, Array(text.utf8), code, papers, words)
    }

    init(_ name: String, _ bytes: [UInt8], _ code: Int32, _ papers: [Int], _ words: [String]) {
      (self.name, self.bytes, self.code, self.papers, self.words) = (
        name, bytes, code, papers, words
      )
    }

    var testDescription: String { name }
  }

  private static let titles = [
    1: "Caches That Remember", 2: "Lamps That Dim", 3: "", 11: "Caches That Remember",
  ]

  private static let day = """
    # Papers for 2025-10-02

    ## 0.[Caches That Remember](https://arxiv.org/abs/2509.00001)
    summary:**核心关键词**：**缓存**  **主要成果**：Caches remember.

    ## 1.[Lamps That Dim](https://arxiv.org/abs/2509.00002)
    summary:Lamps dim when oil is low.

    """
  private static let bib = """
    @misc{a,
      title = {Caches That Remember},
      eprint = {2509.00001},
      archivePrefix = {arXiv}
    }
    @misc{b,
      title = {Lamps That Dim},
      eprint = {2509.00002},
      archivePrefix = {arXiv}
    }

    """
  private static let ris = """
    TY  - JOUR
    TI  - Caches That Remember
    UR  - https://arxiv.org/abs/2509.00001
    ER  -
    TY  - JOUR
    TI  - Lamps That Dim
    UR  - https://arxiv.org/abs/2509.00002
    ER  -

    """
  private static let json = """
    {"papers": [
      {"id": "2509.00001", "title": "Caches That Remember"},
      {"id": "2509.00002", "title": "Lamps That Dim"}
    ]}

    """
  private static let csv = """
    title,url
    Caches That Remember,https://arxiv.org/abs/2509.00001
    Lamps That Dim,https://arxiv.org/abs/2509.00002

    """
  private static let feed = """
    <?xml version="1.0"?><rss version="2.0"><channel><title>t</title>
    <item><title>Caches That Remember</title><link>https://arxiv.org/abs/2509.00001</link></item>
    <item><title>Lamps That Dim</title><link>https://arxiv.org/abs/2509.00002</link></item>
    </channel></rss>
    """

  private static func cut(_ text: String, before mark: String) -> String {
    String(text[..<(text.range(of: mark, options: .backwards)?.lowerBound ?? text.endIndex)])
  }

  private static let replaced = "bytes that are no UTF-8 text were replaced"
  private static let lfs =
    "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
  private static let page = "<!DOCTYPE html><html><title>404</title><h1>Not Found</h1></html>"

  static let cutShort = [
    Spoiled("day.md", cut(day, before: "oil is low")),
    Spoiled(
      "day-in-link.md", cut(day, before: "00002)"), 2, [1], ":6: “Lamps That Dim” has no link"),
    Spoiled(
      "day-in-character.md", Array(cut(day, before: "存").utf8) + [0xE5, 0xAD], 2, [1],
      [":4: \(replaced)"]),
    Spoiled(
      "list.bib", cut(bib, before: "2509.00002"), 2, [1], ":6: the entry is not closed", "1 entry"),
    Spoiled("list.ris", cut(ris, before: "ER"), 2, [1, 2], ":5: the record has no end"),
    Spoiled("list.json", cut(json, before: "Dim"), 2, [1], ":1: the object is cut off"),
    Spoiled("list.csv", cut(csv, before: "Lamps") + "\"Lamps", 2, [1], ":3: a quote is not closed"),
    Spoiled("list.xml", cut(feed, before: "<link>"), 2, [1], "the feed cannot be read further"),
    Spoiled("empty.md", "", 2, [], "the file is empty"),
  ]

  static let called = [
    Spoiled("bib.md", bib), Spoiled("json.csv", json), Spoiled("day.json", day),
    Spoiled("ris.bib", ris), Spoiled("feed.txt", feed), Spoiled("csv.md", csv),
    Spoiled("page.md", page, 2, [], "no papers found"),
    Spoiled("pdf.md", "%PDF-1.7\n1 0 obj\n", 65, [], "this is a PDF"),
    Spoiled("pointer.md", lfs, 65, [], "git lfs pull"),
  ]

  static let two = [
    Spoiled(
      "bib-and-ris.bib", bib + ris.replacing("2509", with: "2510"), 2, [1, 2],
      ":13: 2 lines with an address outside of the entries"),
    Spoiled(
      "json-and-day.json", json + day.replacing("2509", with: "2510"), 2, [1, 2],
      ":5: something that is no object"),
    Spoiled(
      "bib-in-day.md", day + "\n```bibtex\n" + bib.replacing("00002", with: "00007") + "```\n"),
    Spoiled("two-days.md", day + day.replacing("2509.00001", with: "2510.00001"), 0, [1, 2, 11]),
  ]

  static let encoded = [
    Spoiled(
      "latin1.md", Array(day.utf8) + [0xE9], 2, [1, 2],
      [":8: \(replaced)"]),
    Spoiled(
      "nul.md", day.replacing("Lamps dim", with: "La\u{0}mps dim"), 2, [1, 2], ":7: \(replaced)"),
    Spoiled(
      "utf16.csv", [0xFF, 0xFE] + csv.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, 0,
      [1, 2], []),
    Spoiled(
      "two-encodings.md",
      Array(day.utf8) + Array("## 2.[".utf8) + [0xB5, 0xC6]
        + Array("](https://arxiv.org/abs/2509.00003)\nsummary:x\n".utf8), 2, [1, 2, 3],
      [":8: \(replaced)"]),
  ]

  @Test(arguments: cutShort + called + two + encoded)
  func whatIsRead(_ spoiled: Spoiled) throws {
    let home = try Home()
    let path = home.url.appendingPathComponent(spoiled.name)
    try Data(spoiled.bytes).write(to: path)
    let run = try home.shelf("import", path.path)
    #expect(run.code == spoiled.code, "\(run.notes)")
    var rest = run.notes[...]
    for words in spoiled.words {
      let place = try #require(rest.range(of: words), "\(words) is not said: \(run.notes)")
      rest = rest[place.upperBound...]
    }
    let rows = spoiled.papers.map { number in
      let id = number > 10 ? "2510.0000\(number - 10)" : "2509.0000\(number)"
      return "\(id) \(Self.titles[number] ?? "")"
    }
    let listed = try home.shelf("list", "--sort", "id", "--format", "{id} {title}")
    #expect(listed.lines.map { String($0) } == rows)
    // Read again it changes nothing.
    let before = try home.export()
    _ = try home.shelf("import", path.path)
    #expect(try home.export() == before)
  }

  @Test func thereAreAsManyAsPromised() {
    #expect((Self.cutShort + Self.called + Self.two + Self.encoded).count >= 24)
  }
}
