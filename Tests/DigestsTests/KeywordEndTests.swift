import Digests
import Papers
import Testing

/// Where a list of key words ends, and what is none.
@Suite struct KeywordEndTests {
  @Test(arguments: [
    "Foo-Net-2.0是一种虚构的序列模型，通过注意力实现了更快的训练。", "Foo Net (虚构网络) 提出了一种新的训练方法，效果很好。",
    "FooNet通过两阶段的训练让网络学会睡觉，并取得了更好的结果。", "FooNet旨在解决循环网络难以并行训练的问题，速度更快。",
    "FooNet is a network that learns to sleep, and it is faster.",
  ])
  func aSentenceThatBeginsWithALatinName(_ sentence: String) throws {
    for list in ["序列模型, 注意力, 机器翻译", "序列模型、注意力、机器翻译"] {
      let content = try content("**Core Keywords**: \(list) \(sentence)")
      #expect(content.keywords == ["序列模型", "注意力", "机器翻译"], "\(sentence)")
      #expect(content.sections.map(\.text).joined() == sentence)
    }
  }

  @Test(arguments: [
    "KV 缓存, LLM 推理, 基于 Transformer 的模型", "多模态 LLM, 在线 RL, GPU 是什么", "Foo-Net, Bar Net, B",
  ])
  func aKeywordMayHoldALatinName(_ list: String) throws {
    let words = list.split(separator: ",").map { $0.drop { $0 == " " } }.map(String.init)
    #expect(try content("核心关键词：\(list)  本文好。").keywords == words)
  }

  @Test(arguments: [
    "**-** This one is so. **-** It is fast.", "**Key Points:** - It is so, and so on.",
    "**Key Points**: It is so, and so on.", "**FooNet** is a network that sleeps, and learns.",
    "**We show that nets can sleep and learn while they do so.** It is fast.",
    "We study it in a net that\nhas none. Our\nkey contribution is a layer. The\nkey findings: it is so.",
  ])
  func anAuthorsTextHasNone(_ text: String) throws {
    let row = text.replacing("\n", with: "\\n").replacing("\"", with: "\\\"")
    let reading = try Reading(
      #"[{"id": "2401.00001", "title": "T", "summary": "\#(row)"}]"#, name: "x.json")
    let content = try #require(reading.entries.first?.content)
    #expect(content.keywords == [])
    #expect(content.sections == [])
    #expect(!content.summary.contains("\n"))
  }

  @Test func whatIsNoHardWrapStaysAsItIs() throws {
    let text = "One is so.\nTwo is so:\n- a\n- b\n\nThree."
    let row = text.replacing("\n", with: "\\n")
    let reading = try Reading(
      #"[{"id": "2401.00001", "title": "T", "summary": "\#(row)"}]"#, name: "x.json")
    #expect(reading.entries.first?.content.summary == text)
  }
}
