import Digests
import Papers
import Testing

@Suite struct MainFormatTests {
  @Test(arguments: [
    ("## 7.[A](https://arxiv.org/pdf/2401.00001)", "A", 7),
    ("## [A](https://arxiv.org/pdf/2401.00001)", "A", 0),
    ("title:[A](https://arxiv.org/pdf/2401.00001", "A", 0),
    ("Title：[A](https://arxiv.org/pdf/2401.00001", "A", 0),
    ("### 3、[A](https://huggingface.co/papers/2401.00001v2)", "A", 3),
    ("## 7.[0](https://arxiv.org/pdf/2401.00001)", "0", 7),
    ("## 7.[A [b](c) d](https://arxiv.org/pdf/2401.00001)", "A [b](c) d", 7),
    ("## 7.[A ](x) b](https://arxiv.org/pdf/2401.00001)", "A ](x) b", 7),
    ("## 7.[A ] b [ c](https://arxiv.org/pdf/2401.00001)", "A ] b [ c", 7),
    (
      "## 7.[On (a) $x^2$ | \"q\" α 🙂](https://arxiv.org/pdf/2401.00001)",
      "On (a) $x^2$ | \"q\" α 🙂", 7
    ),
    ("## 7.[A](https://arxiv.org/pdf/2401.00001) [code](https://github.com/x/y)", "A", 7),
    ("## 7.[ A   b\t](https://arxiv.org/pdf/2401.00001 )", "A b", 7),
    ("## 7.[](https://arxiv.org/pdf/2401.00001)", "", 7),
  ])
  func headings(_ heading: String, _ title: String, _ index: Int) throws {
    let reading = try Reading("# Papers for 2025-10-02\n\n\(heading)\nsummary:甲\n")
    let entry = try #require(reading.entries.first)
    #expect(reading.entries.count == 1)
    #expect(reading.problems.isEmpty)
    #expect(entry.id.rawValue == "2401.00001")
    #expect(entry.content.title == title)
    #expect(entry.content.summary == "甲")
    #expect(
      entry.appearance
        == Appearance(date: PaperDate("2025-10-02"), index: index, source: "series"))
    #expect(entry.line == 3)
  }

  @Test(arguments: [
    "summary:甲", "summary: 甲 ", "Summary：甲", "**summary**: 甲", "**Summary:** 甲", "summary :甲",
  ])
  func summaryLines(_ line: String) throws {
    let reading = try Reading("## 0.[A](https://arxiv.org/pdf/2401.00001)\n\n\(line)")
    #expect(reading.entries.first?.content.summary == "甲")
    #expect(reading.problems.isEmpty)
  }

  @Test func aReadmeHoldsAPreambleAndADay() throws {
    let reading = try Reading(
      """
      # My digests
      Made with [a method](https://arxiv.org/abs/2301.00001), see [this](https://example.org).

      | a | b |
      |---|---|
      | [x](https://arxiv.org/abs/2301.00002) | y |

      # Papers for 2025-10-02
      ## 0.[A](https://arxiv.org/pdf/2401.00001)
      summary:甲
      ## 1.[B](https://arxiv.org/pdf/2401.00002)
      summary:乙
      """, name: "README.md")
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002"])
    #expect(reading.entries.map(\.appearance.date?.text) == ["2025-10-02", "2025-10-02"])
    #expect(reading.problems.isEmpty)
  }

  @Test func eachEntryTakesTheDayAboveIt() throws {
    let day = { (date: String) in
      "# Papers for \(date)\n## [A](https://arxiv.org/pdf/2401.00001)\nsummary:\(date)\n"
        + "## [B](https://arxiv.org/pdf/2401.00002)\nsummary:b\n"
    }
    let reading = try Reading(day("2025-10-02") + day("2025-10-03"))
    #expect(
      reading.entries.map(\.appearance.date?.text) == [
        "2025-10-02", "2025-10-02", "2025-10-03", "2025-10-03",
      ])
    #expect(reading.entries.map(\.appearance.index) == [0, 1, 0, 1])
    #expect(reading.problems.isEmpty)
  }

  @Test func theFileNameGivesTheDayWhereTheTextHasNone() throws {
    let text = "## 0.[A](https://arxiv.org/pdf/2401.00001)\nsummary:甲"
    #expect(
      try Reading(text, name: "a/2025-10-02.md").entries.first?.appearance.date?.text
        == "2025-10-02")
    #expect(try Reading(text, name: "x.md").entries.first?.appearance.date == nil)
  }

  @Test func anEmptyDayIsNoProblem() throws {
    let reading = try Reading("\n\n# Papers for 2025-10-01\n")
    #expect(reading == (try Reading("## Papers for 2025-10-01")))
    #expect(reading.entries.isEmpty)
    #expect(reading.problems.isEmpty)
  }

  @Test func oneEntrysDamageCostsNoOther() throws {
    let reading = try Reading(
      """
      # Papers for 2025-10-02
      ## 0.[A](https://arxiv.org/pdf/2401.00001)
      summary:甲
      ## 1.[No link
      summary:乙
      ## 2.[B](not a link)
      summary:丙
      ## 3.[C](https://arxiv.org/pdf/2401.00003)
      ## 4.[D](https://arxiv.org/pdf/2401.00004)
      summary:丁
      ---
      summary:lost
      ## 5.[A again](https://arxiv.org/pdf/2401.00001)
      summary:other
      ## 6.[D](https://arxiv.org/pdf/2401.00004)
      summary:丁
      """)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00003", "2401.00004"])
    #expect(reading.entries.map(\.content.summary) == ["甲", "", "丁"])
    #expect(reading.problems.map(\.line) == [4, 6, 8, 12, 13])
    #expect(reading.problems.allSatisfy { $0.file == "digest.md" })
  }

  @Test func aSummaryMayGoOnOverLines() throws {
    let reading = try Reading(
      "## 0.[A](https://arxiv.org/pdf/2401.00001)\nsummary:**核心关键词**：甲，乙\n\n**主要结果**：好\n还好\n## 1.[B](https://arxiv.org/pdf/2401.00002)\nsummary:x"
    )
    let content = try #require(reading.entries.first?.content)
    #expect(content.summary == "**核心关键词**：甲，乙\n\n**主要结果**：好\n还好")
    #expect(content.keywords == ["甲", "乙"])
    #expect(content.sections == [PaperContent.Section(label: "主要结果", text: "好\n\n还好")])
    #expect(reading.entries.count == 2)
  }

  @Test func nothingRecognisedIsOneProblem() throws {
    for text in ["", "hello\nworld", "# Notes\n\n[x](https://example.org)\n"] {
      let reading = try Reading(text)
      #expect(reading.entries.isEmpty)
      #expect(reading.problems.count == 1)
      #expect(reading.problems.first?.line == 0)
      let words = text.isEmpty ? "the file is empty" : "no papers found"
      #expect(reading.problems.first?.message.hasPrefix(words) == true)
    }
  }
}
