import Foundation
import TestSupport
import Testing

@testable import Papers

/// The first sentence of a text, which stands for a TL;DR where a source has none.
@Suite struct LeadTests {
  static let sentences: [(text: String, lead: String?)] = [
    ("We fold paper. Twice.", "We fold paper."),
    ("  One line\nand more. Next", "One line and more."), ("我们折纸。很好。", "我们折纸。"),
    ("他说“折纸！”然后走了。", "他说“折纸！”"), ("折纸？（见下）", "折纸？"), ("No end at all", "No end at all"), ("", nil),
    (" \n\t ", nil),
    ("First paragraph\n\nSecond. Third.", "First paragraph"), ("Lost break  next. X", "Lost break"),
    ("It is 3.5 times faster than v1.2 was. Yes.", "It is 3.5 times faster than v1.2 was."),
    ("Cats (e.g. Tom) walk. Then", "Cats (e.g. Tom) walk."),
    ("As Lee et al. Show in Fig. 3, it works. So", "As Lee et al. Show in Fig. 3, it works."),
    ("By J. R. Lee. Next", "By J. R. Lee."), ("It is a. b of cs. Done", "It is a. b of cs."),
    ("Why not? Because.", "Why not?"), ("He said \"go.\" She went.", "He said \"go.\""),
    ("Ends here.", "Ends here."), ("Space before . Then", "Space before . Then"),
    ("使用 vLLM v0.6.1 加速推理，快 2.5 倍。 然后", "使用 vLLM v0.6.1 加速推理，快 2.5 倍。"),
    ("Wide！」 rest", "Wide！」"), ("e\u{301}tude. Then", "e\u{301}tude."), ("ends? yes", "ends? yes"),
    ("A\0b. C", "A\0b."), ("One.\r\nTwo.", "One."), ("One\r\n\r\nTwo.", "One"),
  ]

  @Test(arguments: sentences.indices)
  func firstSentence(_ place: Int) {
    let (text, lead) = Self.sentences[place]
    #expect(Paper.firstSentence(text) == lead)
  }

  /// The independent reader of Tests/remote-reader finds the same.
  @Test func theOtherReaderAgrees() throws {
    let script = """
      import json, sys
      sys.path.insert(0, sys.argv[1])
      import read_remote
      print(json.dumps([read_remote.first_sentence(text) for text in json.load(sys.stdin)]))
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let folder = PackageRoot.url.appendingPathComponent("Tests/remote-reader").path
    process.arguments = ["python3", "-B", "-c", script, folder]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let texts = Self.sentences.map(\.text)
    try input.fileHandleForWriting.write(contentsOf: JSONSerialization.data(withJSONObject: texts))
    try input.fileHandleForWriting.close()
    let answer = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let read = try #require(try JSONSerialization.jsonObject(with: answer) as? [Any])
    #expect(read.map { $0 as? String } == texts.map { Paper.firstSentence($0) })
  }

  private func paper(
    summary: String, keywords: [String] = [], tldr: String? = nil, sections: [String] = [],
    abstract: String? = nil
  ) -> Paper {
    var paper = Paper(id: PaperID(trusted: "2510.00001"))
    paper.content = PaperContent(
      title: "T", summary: summary, keywords: keywords, tldr: tldr,
      sections: sections.map { .init(label: "", text: $0) })
    paper.bibliography.abstract = abstract
    return paper
  }

  @Test func itIsBehindTheKeywordsAndOnlyWithoutATLDR() {
    #expect(paper(summary: "A one. B.").lead == "A one.")
    #expect(paper(summary: "A one. B.", tldr: "Said").lead == nil)
    #expect(paper(summary: "cats, maps A one. B.", sections: ["", "A one. B."]).lead == "A one.")
    #expect(paper(summary: "cats, maps", keywords: ["cats", "maps"]).lead == nil)
    #expect(paper(summary: "", abstract: "It folds. Twice.").lead == "It folds.")
    #expect(paper(summary: "").lead == nil)
  }
}
