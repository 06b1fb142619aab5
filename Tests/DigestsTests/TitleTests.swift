import Digests
import Papers
import TestSupport
import Testing

/// The titles of a text by paper.
func titles(_ text: String, name: String = "list.md") throws -> [String: String] {
  let entries = try Reading(text, name: name).entries
  return Dictionary(
    entries.map { ($0.id.rawValue, $0.content.title) }, uniquingKeysWith: { first, _ in first })
}

private let one = "https://arxiv.org/abs/2401.00001"
private let two = "https://arxiv.org/abs/2401.00002"

@Suite struct TitleTests {
  @Test(arguments: [
    "**A Good Title**\n\n- Paper: \(one)\n- Code: https://github.com/a/b",
    "**A Good Title**\n\n- Homepage: https://example.org\n- Paper(Oral): \(one)",
    "**3. A Good Title**\n\nSome words about it come first.\n\nLink: \(one)",
    "# A Good Title\n\n**Authors**: A. Author\n\n**Link**: [PDF](\(one))",
    "### A Good Title\n\n#### Links\n\n- [pdf](\(one))",
    "- **A Good Title**  \n  A. Author, B. Author  \n  _2026-01-22_ · \(one) · `cs.CV`",
    "- A Good Title\n  - Authors: Ann Lee\n  - Link: \(one)",
    "1. A Good Title\nAuthors: Ann Lee\nLink: \(one)",
    "<summary><strong>A Good Title</strong> - A. Author - [[pdf]](\(one))</summary>",
    "<details>\n<summary>1. <b>A Good Title</b></summary>\n\n- **Link:** \(one)\n</details>",
    "<details><summary>A Good Title (<a href=\"\(one)\">PDF</a>)</summary></details>",
    "> **A Good Title**\n> Ann Lee, Bo Chen\n> \(one)",
    "** TODO [[\(one)][A Good Title]]",
    "** DONE A Good Title\n   \(one)",
    "\(one) | A Good Title",
    "arxiv.org/abs/2401.00001v2 | [2401.00001] A Good Title",
    "* Foo et al., \"A Good Title\", CVPR 2023 [[arXiv]](\(one))",
    "- [2025/02] A Good Title. [[pdf]](\(one))",
    "- [2025/02] **A Good Title.** *Ann Lee (Some Lab) et al.* [[paper](\(one))]",
    "**A Good Title** \\\n*Ann Lee, Bo Chen* \\\narXiv 2025. [[Paper](\(one))] \\\n2 Mar 2025",
    "|Date|Title|Paper|\n|-|-|-|\n|2025.02|🔥[**AGT**] A Good Title(@some-lab)|[[pdf]](\(one))|",
    "| **Paper** | **Links** |\n|-|-|\n| 4) **A Good Title** - it is good. | [Paper](\(one)) |",
    "| **Paper** | **Links** |\n|-|-|\n| 4) **A Good Title** -it is good. | [Paper](\(one)) |",
    """
    | **Paper** | **Links** |
    |-|-|
    | 2) A Good Title  Some lab introduces \(String(repeating: "words ", count: 40)) | [P](\(one)) |
    """,
    "- A Good Title, ICML 2024. [[Paper]](\(one)) ![Stars](https://img.shields.io/a)",
    "- `ICLR'25` **A Good Title** [Paper](\(one))",
    "1. A Good Title. *Ann Lee, Bo Chen*. [[pdf]](\(one))",
    "- [CVPR 2026] **A Good Title** | [📄 Paper](\(one)) | [💻 Code](https://github.com/a/b)",
    "### 📌 A Good Title\n\n> 🔗 [arXiv](\(one)) · [PDF](\(one))",
    "论文标题：A Good Title\n论文地址：\(one)",
    "- title: 'A Good Title'\n  venue: X\n  url: \(one)",
    "- arxiv_id: \"2401.00001\"\n  title: A Good Title\n",
    "#### [A Good Title](notes/good.md)\n\n<div><span>arXiv 2401.00001</span></div>",
    "Title | Link\n--- | ---\nA Good Title | [pdf](\(one))",
    "| # | Paper |\n|--|--|\n| 1 | <a href='\(one)'>A Good Title</a><br>*Ann Lee* |",
    "| &nbsp;Date | Paper | Links |\n|--|--|--|\n| 07-29 | **A Good Title**<br><sub>x</sub> "
      + "| [![arXiv](https://img.shields.io/a)](\(one)) |",
    "News: our work [📖 Paper](\(one)) is out.\n\n| Title |\n|--|\n| [A Good Title](\(one)) |",
    "NeurIPS 2025, [Paper](\(one))\n\n- [A Good Title](\(one))",
    "---\ntitle: \"A Good Title\"\npdf: \"\(one)\"\n---\n\nText.",
    "---\ntitle: A Good Title\n---\n\n[论文原文](\(one))",
  ])
  func theBestCandidateWins(_ text: String) throws {
    #expect(try titles(text) == ["2401.00001": "A Good Title"])
  }

  @Test(arguments: [
    "V*: A Planner With `cat.n.01`", "Let's <think> About $DD^*$ Mesons", "A* and B* Meet",
    "C_1 and snake_case Names", "Data: A Study of Words", "Regression With One Line of Code",
    "Foo (PDF)", "Is It 2 * 3?", "P(x|y)", "Score: Music for Robots",
  ])
  func whatOnlyLooksLikeMarkupStays(_ title: String) throws {
    let escaped = title.replacing("|", with: "\\|")
    for text in [
      "- [\(title)](\(one))", "- **\(title)**, Ann et.al., Paper: [\(one)](\(one))",
      "| Title | Link |\n|--|--|\n| \(escaped) | [pdf](\(one)) |",
      "| Title |\n|--|\n| \(escaped) (Read more on [arXiv](\(one)) or [HuggingFace](\(one)))|",
    ] {
      #expect(try titles(text) == ["2401.00001": title], "\(text)")
    }
  }

  @Test(arguments: [
    (#"A \*Good\* Title \& More"#, "A *Good* Title & More"), ("A &amp; B &#8211; C", "A & B – C"),
    ("*A Good Title*", "A Good Title"), ("<b>A Good</b> Title<br>", "A Good Title"),
    ("A ~~bad~~ Title", "A bad Title"),
  ])
  func markupIsTakenOffOnce(_ written: String, _ title: String) throws {
    #expect(try titles("- [\(written)](\(one))") == ["2401.00001": title])
  }

  /// Nothing of these is a title, wherever it stands; that there is none is told.
  @Test(arguments: [
    "[pdf]", "Paper", "arXiv", "📄 Paper Link", "Read more on arXiv", "论文链接", "查看原文", "2026-01-01",
    "January 5, 2026", "12:30", "cs.CL", "`stat.ML`", "NeurIPS 2025", "CVPR'24 Oral", "Code",
    "2401.00001v1", "Date: 2026-01-01", "Authors: Ann Lee, Bo Chen", "A. Author, B. Author",
    "![badge](https://img.shields.io/x)", "<img src=\"x.png\">", "TODO", "year = {2025}", "👍 12",
    "Accepted to ICML 2024", "Submitted on 3 Mar 2026",
  ])
  func neverATitle(_ text: String) throws {
    for list in [
      "- \(text) [pdf](\(one))", "\(text)\n\n- \(one)", "\(text)\n\(one)",
      "- [pdf](\(one)) \(text)",
    ] {
      #expect(try titles(list) == ["2401.00001": ""], "\(list)")
    }
  }

  @Test func anIdInATitleOrTextIsNotTheRowsPaper() throws {
    let text = """
      | Title | Summary |
      |---|---|
      | A Comment on (arXiv:2312.00009): No (Read more on [arXiv](\(one))) | Like arXiv:2312.00008. |

      ### [Other Title](https://arxiv.org/abs/2401.00002)

      Abstract: It compares with arXiv:2312.00007, arXiv 2312.00006 and doi:10.1000/xyz.
      """
    #expect(
      try titles(text) == [
        "2401.00001": "A Comment on (arXiv:2312.00009): No", "2401.00002": "Other Title",
      ])
  }

  /// OpenReview and others are papers, too; beside an arXiv id they are one more page of it.
  @Test func pagesWithoutAnIDArePapers() throws {
    let review = "https://openreview.net/forum?id=aB3"
    #expect(
      try titles("# Day\n\n- [A Good Title](\(review))\n- [Another Title](\(one))\n")
        == ["url:" + review: "A Good Title", "2401.00001": "Another Title"])
    #expect(
      try titles("- **A Good Title** [[review](\(review))] [[arXiv](\(one))]\n")
        == ["2401.00001": "A Good Title"])
    #expect(
      try titles("- **A Good Title**\n  - [review](\(review))\n  - [arXiv](\(one))\n")
        == ["2401.00001": "A Good Title"])
    #expect(
      try titles("## [A Good Title](\(one))\n\nText, and its [review](\(review)).\n")
        == ["2401.00001": "A Good Title"])
    #expect(
      try titles("- A Good Title: https://papers.cool/arxiv/2401.00002\n")
        == ["2401.00002": "A Good Title"])
    #expect(
      try titles("A Good Title\n\(review)\n\nAnother Title\n\(review)9\n").count == 2)
  }

  @Test func foldedCellsAndThoseBelowABadge() throws {
    let table = """
      | Title | Date | Abstract |
      |-|-|-|
      | **[A Good Title](\(one))** | 2025-01-01 | <details><summary>Show</summary><p>It is good.</p></details> |
      | ![Star](https://img.shields.io/a.svg) <br> [**Another Title**](\(two)) <br> | 2025-01-02 | |
      """
    let entries = try Reading(table, name: "list.md").entries
    #expect(entries.map(\.content.title) == ["A Good Title", "Another Title"])
    #expect(entries.map(\.content.summary) == ["It is good.", ""])
  }

  @Test func idsOneALine() throws {
    let text = """
      # my list
      2401.00001
      - 2401.00002v2
      arXiv:2401.00003
      `hep-th/9901001`
      10.1038/nature14539
      doi:10.1000/xyz
      https://arxiv.org/abs/2401.00007
      """
    let reading = try Reading(text, name: "ids.txt")
    #expect(
      reading.entries.map(\.id.rawValue) == [
        "2401.00001", "2401.00002", "2401.00003", "hep-th/9901001", "doi:10.1038/nature14539",
        "doi:10.1000/xyz", "2401.00007",
      ])
    #expect(reading.entries.allSatisfy { $0.content.title.isEmpty })
    #expect(reading.problems.isEmpty)
  }

  @Test func aDOIOfTheSameCardIsNoSecondPaper() throws {
    let text = "## A Good Title\n\n- arXiv: \(one)\n- DOI: https://doi.org/10.1000/xyz\n"
    #expect(try titles(text) == ["2401.00001": "A Good Title"])
  }

  @Test func titlesThatAreNotThereAreTold() throws {
    let reading = try Reading("- see [this](\(one)) and more of it\n- [B Title](\(two))\n")
    #expect(reading.problems.map(\.line) == [1])
    #expect(reading.problems.first?.message.contains("no title") == true)
  }

  @Test func linksToPapersOfOtherSitesAreTold() throws {
    let reading = try Reading(
      "# Papers of 2026-01-05\n\n- [A Title](https://dl.acm.org/paper/x)\n- [B](https://dl.acm.org/y)\n"
    )
    #expect(reading.entries.isEmpty)
    #expect(reading.problems.map(\.line) == [3])
    #expect(reading.problems.first?.message.contains("2 links") == true)
  }

  /// Words in any shape of entry: the title that was written is the title that is read.
  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func whatIsWrittenIsRead(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let words = [
      "Nets", "That", "Sleep", "of", "the", "Folding", "A", "3D", "Fields:", "for", "Robots", "V*",
      "(Almost)", "`x`", "网络", "für", "B&B", "$x^2$", "Code", "Paper", "$5",
    ]
    var wanted: [String: String] = [:]
    let shape = Int.random(in: 0..<Self.shapes.count, using: &random)
    var text = ""
    for number in 0..<8 {
      let middle = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        words[Int.random(in: words.indices, using: &random)]
      }
      let title = (["Title"] + middle + ["End"]).joined(separator: " ")
      let id = "2401.\(10000 + number)"
      wanted[id] = title
      text += Self.shapes[shape](title, "https://arxiv.org/abs/\(id)")
    }
    #expect(try titles(text) == wanted, "seed \(seed): \(text)")
  }

  private static let shapes: [@Sendable (String, String) -> String] = [
    { "- [\($0)](\($1))\n" },
    { "## \($0)\n\n**Authors**: Ann Lee\n\n**Link**: [PDF](\($1))\n\n**Abstract**: It is so.\n\n" },
    { "**\($0)**\n\n- Paper: \($1)\n- Code: None\n\n" },
    { "- **\($0)**  \n  A. Author  \n  _2026-01-22_ · \($1) · `cs.CV`\n" },
    { "<details>\n<summary><b>\($0)</b> [[pdf]](\($1))</summary>\n\nIt is so.\n</details>\n\n" },
    { "- title: \($0)\n  author: Ann Lee\n  link: \($1)\n" },
    { "### [1] [\($0)](\($1))\n*Ann Lee*\n\nTL;DR: It is so.\n\n" },
  ]
}
