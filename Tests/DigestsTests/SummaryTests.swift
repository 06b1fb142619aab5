import Digests
import Foundation
import Papers
import TestSupport
import Testing

/// The content of a digest of one paper with this summary.
func content(_ summary: String) throws -> PaperContent {
  let reading = try Reading("## 0.[T](https://arxiv.org/pdf/2401.00001)\nsummary:" + summary)
  let entry = try #require(reading.entries.first)
  #expect(reading.entries.count == 1)
  #expect(reading.problems.isEmpty)
  return entry.content
}

private typealias Section = PaperContent.Section

@Suite struct SummaryTests {
  @Test(arguments: [
    "**核心关键词**：甲, 乙 (c, d)，丙  本文好。", "**核心关键词**: **甲**, **乙 (c, d)**, **丙**  本文好。",
    "**核心关键词**： **甲, 乙 (c, d), 丙**  本文好。", "**核心关键字** 甲、乙 (c, d)、丙  本文好。",
    "核心关键词：甲，乙 (c, d)，丙  本文好。", "核心关键词: 甲；乙 (c, d); 丙。  本文好。",
    "核心关键词 甲, 乙 (c, d), 丙  本文好。", "Core Keywords: 甲, 乙 (c, d), 丙 本文好。",
    "**Core Keywords**: **甲**, **乙 (c, d)**, **丙** 本文好。", "**core keywords：** 甲, 乙 (c, d), 丙  本文好。",
    "i) **Core Keywords**: 甲、乙 (c, d)、丙  本文好。", "1. **核心关键词**：甲、乙 (c, d)、丙  本文好。",
    "**甲**，**乙 (c, d)**，**丙** 本文好。", "**甲**, **乙 (c, d)**, **丙**  本文好。",
    "**甲, 乙 (c, d), 丙** 本文好。", "**甲**、**乙** (c, d)、**丙** 本文好。", "甲, 乙 (c, d), 丙。 本文好。",
    "**核心关键词：甲, 乙 (c, d), 丙**  本文好。", "**核心关键词 (Core Keywords)**：甲,  乙 (c, d),  丙  本文好。",
    "### 核心关键词：甲, 乙 (c, d), 丙, 甲  本文好。",
  ])
  func keywords(_ summary: String) throws {
    let content = try content(summary)
    #expect(content.keywords == ["甲", "乙 (c, d)", "丙"])
    #expect(content.sections.map(\.text) == ["本文好。"])
    #expect(content.sections.map(\.label) == [""])
    #expect(content.tldr == nil)
    #expect(content.summary == summary)
  }

  @Test(arguments: [
    "一句话核心总结", "一句话核心摘要", "一句话核心概要", "一句话核心概述", "单句核心摘要", "一句核心总结",
    "1-Sentence Core Summary", "1-Sentence 核心总结", "TL;DR", "1-sentence core summary",
  ])
  func tldr(_ label: String) throws {
    for mark in [
      "**\(label)**：", "**\(label)**: ", "**\(label)：**", "**\(label)** ", "\(label)：",
      "ii) **\(label)**: ",
    ] {
      let content = try content("核心关键词：甲，乙  \(mark)好，**快**。  主要结果：二")
      #expect(content.tldr == "好，**快**。", "\(mark)")
      #expect(content.keywords == ["甲", "乙"])
      #expect(content.sections == [Section(label: "主要结果", text: "二")])
    }
  }

  @Test(arguments: [
    "主要研究问题或目标", "关键方法论", "关键方法", "主要成果", "主要结果", "核心影响/启示", "对AI从业者的主要启示",
    "主要研究问题/目标", "使用的关键方法", "采用的关键方法论", "Main Research Question or Objective",
    "Principal Implication for AI Practitioners", "Key Methodology", "对AI实践者的主要启示", "论文概述",
  ])
  func labels(_ label: String) throws {
    for mark in [
      "**\(label)**：", "**\(label):** ", "**\(label)** ", "\(label)：", "iv) \(label) ",
      "iv) **\(label)**：",
    ] {
      let content = try content("i) 论文总结 开头。  \(mark)甲  乙 **主要** 丙")
      #expect(
        content.sections == [
          Section(label: "论文总结", text: "开头。"), Section(label: label, text: "甲\n\n乙 **主要** 丙"),
        ], "\(mark)")
    }
  }

  @Test func boldInsideASectionIsNoSection() throws {
    let content = try content("**关键方法**：先 **稀疏表示**：小。  **课程学习**：慢。 **核心方法创新**：无  **主要结果**：好")
    #expect(content.sections.map(\.label) == ["关键方法", "主要结果"])
    #expect(content.sections.first?.text == "先 **稀疏表示**：小。\n\n**课程学习**：慢。 **核心方法创新**：无")
  }

  @Test func listMarkersStayWithTheirText() throws {
    let content = try content("**关键方法论**： 如下。 1.  **甲**：一。  2.  **乙**：  *   **丙**：二  **主要成果**：好")
    #expect(content.sections.first?.text == "如下。\n\n1. **甲**：一。\n\n2. **乙**：\n\n* **丙**：二")
  }

  @Test func romanPartsWithoutALabelAreSections() throws {
    let content = try content("i) 本文提出甲。  ii) 主要研究问题是乙。  vi) i) 又一次")
    #expect(
      content.sections == [
        Section(label: "", text: "本文提出甲。"), Section(label: "主要研究问题", text: "主要研究问题是乙。"),
        Section(label: "", text: "又一次"),
      ])
  }

  /// A phrase in bold keeps its opening, and no sign is cut in two.
  @Test(arguments: [
    ("ii) **短语** 乙", "", "**短语** 乙"), ("ii）  **短语** 乙", "", "**短语** 乙"),
    ("**ii) 短语** 乙", "", "**ii) 短语** 乙"), ("**ii）短语** 乙", "", "**ii）短语** 乙"),
    ("**ii、 短语** 乙", "", "**ii、 短语** 乙"), ("**ii)** 短语乙", "", "短语乙"),
    ("**ii）**短语乙", "", "短语乙"), ("ii) ** 短语** 乙", "", "** 短语** 乙"),
    ("**ii)** 主要结果：乙", "主要结果", "乙"), ("**ii) 主要结果**：乙", "主要结果", "乙"),
    ("**ii)** **主要结果**：乙", "主要结果", "乙"),
  ])
  func boldAroundARomanNumber(_ text: String, _ label: String, _ rest: String) throws {
    let content = try content("i) 甲。  \(text)")
    #expect(
      content.sections == [
        Section(label: "", text: "甲。"), Section(label: label, text: rest),
      ], "\(text)")
  }

  @Test func paragraphsLostEvenTheirTwoSpaces() throws {
    let content = try content("**甲**, **乙** 本文一。 目标二。 结果 3.5 三。")
    #expect(content.sections == [Section(label: "", text: "本文一。\n\n目标二。\n\n结果 3.5 三。")])
  }

  @Test(arguments: [
    "本文提出一种方法，用于训练，推理，部署，效果好。  结果好。", "**Foo**是一个模型，**Bar**也是。",
    "We propose X, Y, and Z, which work.", "",
  ])
  func noKeywords(_ summary: String) throws {
    let content = try content(summary)
    #expect(content.keywords.isEmpty)
    #expect(content.tldr == nil)
    #expect(content.sections.count == (summary.isEmpty ? 0 : 1))
  }

  @Test func anEmptyLabelledPartIsNothing() throws {
    let content = try content("**核心关键词**：  **一句话核心总结**：  **主要结果**：好")
    #expect(content.keywords.isEmpty)
    #expect(content.tldr == nil)
    #expect(content.sections == [Section(label: "主要结果", text: "好")])
  }

  @Test func paragraphsAfterAListOverTwoSpacesAreKept() throws {
    let content = try content("核心关键词：甲,  乙 本文一，  二。  三。")
    #expect(content.keywords == ["甲", "乙"])
    #expect(content.sections.map(\.text) == ["本文一，\n\n二。\n\n三。"])
  }

  @Test func keywordsAreBounded() throws {
    let many = (0..<500).map { "词\($0)" }.joined(separator: ", ")
    let long = String(repeating: "长", count: 1000)
    #expect(try content("核心关键词：\(many)  本文").keywords.count == 64)
    for word in try content("**核心关键词**：**\(long)**, **短**  本文").keywords {
      #expect(word.utf8.count <= 200)
    }
    #expect(try content("核心关键词：甲 (乙, 丙, 丁  本文").keywords.count == 3)
  }

  /// Nothing is lost: what the parts hold is the summary's text in order, but for labels and space.
  @Test(arguments: [11, 12, 13] as [UInt64])
  func partsHoldTheText(_ seed: UInt64) throws {
    let pieces = [
      "**核心关键词**：", "甲, 乙", "**丙**", "  ", " ", "一句话核心总结：", "**主要结果**: ", "ii) 关键方法 ",
      "i) ", "**iii）", "**v)**", "本文好。", "字", "1.  ", "(", ")", "**", "，", "：", "\u{301}", "🙂",
      "主要成果",
    ]
    var random = SeededGenerator(seed: seed)
    for _ in 0..<3000 {
      var summary = ""
      for _ in 0..<Int.random(in: 1...14, using: &random) {
        summary += pieces[Int.random(in: pieces.indices, using: &random)]
      }
      let content = try content(summary)
      let texts = content.sections.map(\.text) + [content.tldr ?? ""]
      for line in texts.flatMap({ $0.components(separatedBy: "\n\n") })
      where !line.isEmpty && !line.unicodeScalars.contains("1") {
        #expect(
          Data(summary.utf8).range(of: Data(line.utf8)) != nil,
          "seed \(seed): \(summary.debugDescription)")
      }
    }
  }
}
