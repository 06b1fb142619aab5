import Changes
import Digests
import Papers
import Testing

@Suite struct LinkListTests {
  @Test(arguments: [
    "- 2022-11-30, **A Good Title**, Ann et.al., Paper: [http://arxiv.org/abs/2401.00001v1](http://arxiv.org/abs/2401.00001v1)",
    "* [A Good Title](https://arxiv.org/abs/2401.00001) by Ann",
    "1. **A Good Title** [pdf](https://arxiv.org/pdf/2401.00001) [abs](https://arxiv.org/abs/2401.00001)",
    "- A Good Title: https://arxiv.org/abs/2401.00001",
    "- [x] A Good Title ([arXiv](https://huggingface.co/papers/2401.00001))",
    "- [2401.00001](https://arxiv.org/abs/2401.00001) A Good Title",
    "### 1. [A Good Title](https://arxiv.org/abs/2401.00001v1)",
    "### A Good Title\n\n[paper](https://www.alphaxiv.org/abs/2401.00001)",
    "A Good Title\n<https://arxiv.org/html/2401.00001v2>",
    "https://arxiv.org/abs/2401.00001\nA Good Title",
    "<a href=\"https://arxiv.org/abs/2401.00001\">A Good Title</a>",
    "- **A Good Title**. Ann et al. arXiv:2401.00001 (2024)",
    "[![arXiv](https://img.shields.io/badge/x.svg)](https://arxiv.org/abs/2401.00001) **A Good Title**",
    "| Date | Paper |\n|---|---|\n| 2024-01-01 | [A Good Title](https://arxiv.org/abs/2401.00001) |",
    "| Date | Title | Link |\n|---|---|---|\n| 2024-01-01 | A Good Title | [pdf](https://arxiv.org/pdf/2401.00001) |",
    "| A Good Title | [link](https://arxiv.org/abs/2401.00001) |",
  ])
  func theBestTitleNearALink(_ text: String) throws {
    let reading = try Reading(text)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001"])
    #expect(reading.entries.first?.content.title == "A Good Title")
    #expect(reading.problems.isEmpty)
  }

  /// Lists carry an English and a Chinese column for one thing, or two dates.
  @Test func ofTwoColumnsForOneThingTheFirstTells() throws {
    let text = """
      | Title | Link | Summary | Keywords | 关键词 | TL;DR | 一句话 | Published | Publish Date |
      |---|---|---|---|---|---|---|---|---|
      | A Good Title | [pdf](https://arxiv.org/abs/2401.00001) | It says. | rest, lists | 休息 \
      | They rest. | 休息。 | 2024-01-01 | 2024-02-02 |
      """
    // The order of a dictionary is another one in each.
    for _ in 0..<16 {
      let entry = try #require(try Reading(text).entries.first)
      #expect(entry.content.title == "A Good Title")
      #expect(entry.content.keywords == ["rest", "lists"])
      #expect(entry.content.tldr == "They rest.")
      #expect(entry.bibliography.published?.text == "2024-01-01")
    }
  }

  @Test func everyPaperIsFoundOnce() throws {
    let reading = try Reading(
      """
      # Reading — 2026-07-05
      - [First](https://arxiv.org/abs/2401.00001), [Second](https://doi.org/10.1145/3292500.3330701)
      - again [First](https://arxiv.org/pdf/2401.00001) and [code](https://github.com/x/y)
      [ref]: https://arxiv.org/abs/hep-th/9901001
      ## Other
      [Outer [Inner](https://arxiv.org/abs/2401.00002) text](https://arxiv.org/abs/2401.00003)
      """)
    #expect(
      reading.entries.map(\.id.rawValue) == [
        "2401.00001", "doi:10.1145/3292500.3330701", "hep-th/9901001", "2401.00002", "2401.00003",
      ])
    #expect(reading.entries.map(\.content.title).prefix(2) == ["First", "Second"])
    #expect(reading.entries.map(\.appearance.index) == [0, 1, 2, 3, 4])
    #expect(reading.entries.allSatisfy { $0.appearance.date?.text == "2026-07-05" })
    #expect(reading.problems.isEmpty)
  }

  @Test func aQuotationBelowIsTheSummary() throws {
    let reading = try Reading(
      "### 1. [A](https://arxiv.org/abs/2401.00001)\n**Ann** · `cs.CL` · [pdf](https://arxiv.org/pdf/2401.00001)\n<br>x\n\n> One.\n> Two.\n\n### 2. [B](https://arxiv.org/abs/2401.00002)"
    )
    #expect(reading.entries.map(\.content.title) == ["A", "B"])
    #expect(reading.entries.map(\.content.summary) == ["One.\nTwo.", ""])
    #expect(
      reading.entries.allSatisfy { $0.content.sections.isEmpty && $0.content.keywords.isEmpty })
  }

  @Test func tablesWithBrokenCells() throws {
    let link = { (id: String) in
      "(Read more on [arXiv](https://arxiv.org/abs/\(id)) or [HuggingFace](https://huggingface.co/papers/\(id)))"
    }
    let reading = try Reading(
      """
      ## Papers for 2025-01-15

      | Title | Authors | Summary |
      |-------|---------|---------|
      | On Tables with
        Broken Titles \(link("2401.00001"))| Ann, Bo | It says a \\| b. |
      | P(x|y) \(link("2401.00002"))|  | Two
      lines | and a pipe |
      | Last \(link("2401.00003"))| Cy | **TL;DR**: short.  **Key Methodology**: long. |

      After.
      """)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002", "2401.00003"])
    #expect(
      reading.entries.map(\.content.title) == ["On Tables with Broken Titles", "P(x|y)", "Last"])
    #expect(
      reading.entries.map(\.content.summary).prefix(2) == [
        "It says a | b.", "Two lines | and a pipe",
      ])
    #expect(reading.entries.last?.content.tldr == "short.")
    #expect(reading.entries.last?.content.sections.map(\.label) == ["Key Methodology"])
    #expect(reading.entries.map(\.line) == [5, 7, 9])
    #expect(reading.entries.allSatisfy { $0.appearance.date?.text == "2025-01-15" })
    #expect(reading.problems.isEmpty)
  }

  @Test func aLongListIsHandedOutAsItIsRead() throws {
    var reader = DigestReader(name: "x.md", source: "s", object: Registers.standard.paperObject)
    var count = 0
    for number in 0..<5000 {
      let line = "- [Paper number \(number)](https://arxiv.org/abs/2401.\(10000 + number))\n"
      try Array(line.utf8).withUnsafeBytes { try reader.feed($0) { _ in count += 1 } }
    }
    #expect(count > 4000)
    try reader.finish { _ in count += 1 }
    #expect(count == 5000)
  }
}
