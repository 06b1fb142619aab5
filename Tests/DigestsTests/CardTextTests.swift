import Digests
import Papers
import Testing

private let one = "https://arxiv.org/abs/2401.00001"
private let two = "https://arxiv.org/abs/2401.00002"
private let three = "https://arxiv.org/abs/2401.00003"

@Suite struct CardTextTests {
  @Test(arguments: [
    "### [T](\(one))\n\nIt is so, and it stays so.",
    "### T\n\n**Link**: [PDF](\(one))\n\n**Abstract**: It is so, and it stays so.",
    "- [T](\(one))\n  - It is so, and it stays so.",
    "- **T**\n  Ann Lee, Bo Chen\n  _2026-01-22_ · \(one) · `cs.CV`\n  <details><summary>Abstract"
      + "</summary>\n\n  It is so, and it stays so.\n\n  </details>",
    "<details>\n<summary>T - [[pdf]](\(one))</summary>\n\n**Abstract:** It is so, and it stays so."
      + "\n\n**arXiv ID:** 2401.00001\n</details>\n\nA footer that is of nobody.",
    "> **T**\n> \(one)\n> It is so, and it stays so.",
    "### T\n\n\(one)\n\n> It is so, and it\n> stays so.",
    "### T\n\nIt is so, and it stays so.\n\n[pdf](\(one)) | [code](https://github.com/a/b)",
    "- [T](\(one)) - It is so, and it stays so.",
    "- **T** – It is so, and it stays so. ([paper](\(one)), [code](https://github.com/a/b))",
    "1. [T](\(one))\n\nAbstract: It is so, and\nit stays so.\n\n2. no paper",
    "| Title | Abstract |\n|--|--|\n| [T](\(one)) | It is so, and it stays so. |",
    "| Paper | Links & Summary |\n|--|--|\n| **T**<br><sub>**机构:** Lab<br>It is so, and it stays so."
      + "</sub> | [![a](https://img.shields.io/x)](\(one)) |",
    "- title: T\n  link: \(one)\n  abstract: >\n    It is so, and it\n    stays so.\n",
    "---\ntitle: T\narxiv: 2401.00001\ndescription: It is so, and it stays so.\n---\n",
  ])
  func theTextIsTheSummary(_ text: String) throws {
    let entry = try #require(try Reading(text).entries.first)
    #expect(
      entry.content.summary == (entry.content.summary.hasPrefix("- ") ? "- " : "")
        + "It is so, and it stays so.")
    #expect(entry.content.title == "T")
  }

  @Test func anotherPapersTextIsNot() throws {
    let reading = try Reading(
      """
      ## One
      - [A Title](\(one))
        The text of the first one is here.
      - [B Title](\(two))

      ## Two
      Words about the section that follows.

      - [C Title](\(three)): The text of the third one is here.
      """)
    #expect(
      reading.entries.map(\.content.summary) == [
        "The text of the first one is here.", "", "The text of the third one is here.",
      ])
  }

  @Test func labelledPartsAreSections() throws {
    let reading = try Reading(
      """
      ### [1] [A Title](\(one))
      *A. Author, B. Author*

      Main category: cs.CL

      TL;DR: It is so.

      <details>
        <summary>Details</summary>
      Motivation: It was not so.

      Method: Making it so
      by hand.

      Abstract: We make it so. It compares with arXiv:2312.00009.

      </details>
      """)
    let entry = try #require(reading.entries.first)
    #expect(reading.entries.count == 1)
    #expect(entry.content.tldr == "It is so.")
    #expect(entry.content.sections.map(\.label) == ["Motivation", "Method", "Abstract"])
    #expect(entry.content.sections.map(\.text)[1] == "Making it so by hand.")
    #expect(entry.bibliography.authors == ["A. Author", "B. Author"])
    #expect(entry.bibliography.categories == ["cs.CL"])
    #expect(
      entry.bibliography.abstract == "We make it so. It compares with arXiv:2312.00009.")
  }

  @Test func aPageOfOnePaper() throws {
    let reading = try Reading(
      """
      ---
      title: "A Good Title"
      tags: [paper]
      ---

      # A Good Title

      **日期**: 2026-03-01
      **arXiv**: [2401.00001](\(one))
      **代码**: 无
      **关键词**: sleep, nets

      ## 一句话总结

      网络会睡觉。

      ## 方法详解

      一段虚构的文字。
      """)
    let entry = try #require(reading.entries.first)
    #expect(entry.content.title == "A Good Title")
    #expect(entry.content.keywords == ["sleep", "nets"])
    #expect(entry.content.tldr == "网络会睡觉。")
    #expect(entry.content.sections == [PaperContent.Section(label: "方法详解", text: "一段虚构的文字。")])
    #expect(entry.appearance.date?.text == "2026-03-01")
    #expect(entry.bibliography == Bibliography())
  }

  @Test(arguments: [
    """
    ## 1. A Good Title
    - **Authors:** Ann Lee, Bo Chen
    - **Published:** 2026-03-04
    - **Categories:** cs.LG, cs.AI
    - **Comments:** 12 pages. Code: https://github.com/a/b.
    - **Upvotes:** 12
    - **Link:** \(one)
    """,
    """
    ### A Good Title
    **作者**：Ann Lee、Bo Chen | **分类**：cs.LG, cs.AI | **发布日期**：2026年3月4日
    **链接**：\(one)
    **代码**：https://github.com/a/b
    点赞：12
    """,
    """
    - title: A Good Title
      url: \(one)
      authors:
        - Ann Lee
        - Bo Chen
      categories: [cs.LG, cs.AI]
      published: March 4, 2026
      code: https://github.com/a/b
      upvotes: 12
    """,
    """
    | Published | Title | Authors | Categories | Code | Votes |
    |--|--|--|--|--|--|
    | 4 Mar 2026 | [A Good Title](\(one)) | Ann Lee, Bo Chen | cs.LG, cs.AI | [code](https://github.com/a/b) | 12 |
    """,
  ])
  func bibliography(_ text: String) throws {
    let entry = try #require(try Reading(text).entries.first)
    #expect(entry.content.title == "A Good Title")
    #expect(entry.content.summary == "")
    #expect(entry.bibliography.authors == ["Ann Lee", "Bo Chen"])
    #expect(entry.bibliography.categories == ["cs.LG", "cs.AI"])
    #expect(entry.bibliography.published?.text == "2026-03-04")
    #expect(entry.bibliography.code == ["https://github.com/a/b"])
    #expect(entry.bibliography.votes == 12)
  }

  @Test(arguments: [
    "# Papers of March 5, 2026\n- [T](\(one))", "# 5 Mar 2026\n- [T](\(one))",
    "# 论文（2026年3月5日）\n- [T](\(one))", "Date: 2026-03-05\n\n- [T](\(one))",
    "---\ndate: 2026-03-05\n---\n- [T](\(one))", "- 2026-03-05, [T](\(one))",
    "- **T**\n  _2026-03-05_ · \(one)",
    "| Date | Title |\n|--|--|\n| 2026-03-05 | [T](\(one)) |",
  ])
  func theDay(_ text: String) throws {
    #expect(try Reading(text).entries.first?.appearance.date?.text == "2026-03-05")
  }

  @Test func aBetterMentionCompletesTheFirst() throws {
    let reading = try Reading(
      """
      - our [paper](\(one))
      - [B](\(two))

      ## [A Good Title](\(one))
      Authors: Ann Lee

      It is so, and it stays so.
      """)
    let entry = try #require(reading.entries.first)
    #expect(reading.entries.count == 2)
    #expect(entry.content.title == "A Good Title")
    #expect(entry.content.summary == "It is so, and it stays so.")
    #expect(entry.bibliography.authors == ["Ann Lee"])
    #expect((entry.appearance.index, entry.line) == (0, 1))
  }
}
