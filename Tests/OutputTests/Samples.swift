import Changes
import Papers
import TestSupport

@testable import shelf

/// Papers of our own invention, and random text that is hard on terminals and formats.
enum Samples {
  static let plain = Paper(
    id: PaperID(trusted: "2509.26507"),
    content: PaperContent(
      title: "Small Cats Learn Large Maps",
      summary: "**TL;DR**：猫会用地图。  方法是先走路，再画图。",
      keywords: ["cats", "maps", "地图 (topological, metric)"],
      tldr: "Cats can learn maps of large houses.",
      sections: [
        .init(label: "研究动机", text: "猫不会读地图，但会走路。\n\n这是第二段。"),
        .init(label: "Method", text: "We let cats walk & draw < 5 maps."),
      ]),
    bibliography: bibliography,
    status: .queued, starred: true,
    tags: [Tag(trusted: "kv"), Tag(trusted: "survey/猫")],
    notes: [
      Note(
        id: "n1", text: "first line\nsecond line", created: 1_759_392_000_123,
        updated: 1_759_392_060_000)
    ],
    appearances: [
      Appearance(date: nil, index: 0, source: "list"),
      Appearance(date: PaperDate(trusted: "2025-10-02"), index: 3, source: "daily_cats"),
    ],
    added: 1_759_392_000_123, updated: 1_759_392_060_000)

  /// All of it, with names as sources spell them.
  static let bibliography = {
    var bibliography = Bibliography()
    bibliography.authors = ["Cat, Tom", "毛 小咪", "María José \"Pepa\""]
    bibliography.categories = ["cs.CL", "cs.LG"]
    bibliography.published = PublicationDate("2025-09-30")
    bibliography.code = ["https://github.com/cats/maps"]
    bibliography.votes = 61
    bibliography.abstract = "Cats walk.\nMaps follow."
    bibliography.citekey = "cat2025maps"
    return bibliography
  }()

  /// A paper of a title and nothing else.
  static func titled(_ title: String, id: String = "2510.00001") -> Paper {
    Paper(id: PaperID(trusted: id), content: PaperContent(title: title))
  }

  /// Titles that break out of one format or another where it does not escape.
  static let nastyTitles = [
    "0", "$\\pi_0$ and $E = mc^2$ Walk Home", "Cheap: $5 and $10 Houses", "a ](b) [c](d \\] e",
    "A | B || C", "Sets {x} and }{ Braces", "</script><script>alert(1)</script>",
    "]]> --> -- --- <!--",
    "\u{1B}]0;owned\u{07} Title", "\"quoted\" 'single' \\back\\slash", "=1+1", "+cmd", "-2", "@x",
    "100% of C# & F_1 ~ A^B", "$\\input{/etc/passwd}$ Trick", "ends with backslash \\",
    "\u{202E}reversed\u{202C}", "ER  - \nTY  - X", "第一行\u{2028}第二行", "🏴\u{E0067}\u{E0062} 👩‍👩‍👧 ❤️",
    "αβγ e\u{301}\u{302} שלום", "<!-- papershelf {\"id\":\"x\"} -->", "{{id}} #{1} `code` ***",
    "@misc{x,",
  ]

  /// Every text field filled with each nasty title.
  static let nasty: [Paper] = nastyTitles.enumerated().map { index, text in
    var paper = plain
    paper.id = PaperID(trusted: "2510.\(10000 + index)")
    paper.content = PaperContent(
      title: text, summary: text + "\n" + text, keywords: [text], tldr: text,
      sections: [.init(label: text, text: text + "\n\n" + text)])
    paper.notes = [Note(id: "n\(index)", text: text + "\n" + text, created: 0, updated: 1)]
    paper.bibliography.authors = [text, text + "\n" + text]
    paper.bibliography.citekey = text
    paper.bibliography.abstract = text + "\n" + text
    return paper
  }

  private static let clusters: [String] = [
    "a", "Z", "9", " ", " ", "-", "，", "。", "（", "）", "“", "”", "中", "文", "字", "カ", "が", "각", "é",
    "e\u{301}",
    "👩‍👩‍👧", "👍🏽", "🇨🇳", "❤️", "❤", "1️⃣", "א", "ע", "ب", "का", "★", "…", "\u{FF21}", "ﬁ", "word", "🏴",
  ]

  /// Text of up to `length` random clusters.
  static func text(_ length: Int, _ random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...length, using: &random))
      .map { _ in clusters.randomElement(using: &random) ?? "" }.joined()
  }

  /// The whole output of an exporter.
  static func export(_ papers: [Paper], as format: ExportFormat) -> String {
    String(decoding: exportBytes(papers, as: format), as: UTF8.self)
  }

  /// The whole output of an exporter, the buffer emptied between calls as a caller does.
  static func exportBytes(_ papers: [Paper], as format: ExportFormat) -> [UInt8] {
    var exporter = format.exporter(.standard)
    var all: [UInt8] = []
    var out: [UInt8] = []
    exporter.begin(into: &out)
    for paper in papers {
      all += out
      out.removeAll(keepingCapacity: true)
      exporter.append(paper, into: &out)
    }
    exporter.end(into: &out)
    return all + out
  }
}
