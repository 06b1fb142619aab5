import Foundation
import Papers
import Testing

@testable import shelf

@Suite struct MarkdownExportTests {
  @Test func paperForPeopleAndForImport() {
    var paper = Samples.plain
    paper.content.summary = ""
    let text = Samples.export([paper], as: .markdown)
    #expect(
      text.hasPrefix(
        """
        <!-- papershelf export 1 -->

        ## [Small Cats Learn Large Maps](https://arxiv.org/abs/2509.26507)

        queued ★ +kv +survey/猫 (2025-10-02)

        Cat, Tom; 毛 小咪; María José "Pepa"

        published 2025-09-30, cs.CL cs.LG, 61 votes

        [code](https://github.com/cats/maps)

        **Keywords**: cats, maps, 地图 (topological, metric)

        **TL;DR**: Cats can learn maps of large houses.

        **研究动机**

        猫不会读地图，但会走路。

        这是第二段。

        **Method**

        We let cats walk \\& draw \\< 5 maps.

        **Abstract**

        Cats walk.
        Maps follow.

        > first line
        > second line

        <!-- papershelf {"id":"2509.26507","title":"Small Cats Learn Large Maps",
        """))
    #expect(text.contains(#"draw \u003c 5 maps."#))
    #expect(text.hasSuffix("Maps follow.\"} -->\n"))
    #expect(Samples.export([], as: .markdown) == "<!-- papershelf export 1 -->\n")
  }

  @Test func dataLinesAreTheOnlyComments() throws {
    let lines = Samples.export(Samples.nasty, as: .markdown).split(separator: "\n").map(String.init)
    let data = lines.filter { $0.hasPrefix(MarkdownExporter.dataStart + "{") }
    #expect(data.count == Samples.nasty.count)
    for (line, paper) in zip(data, Samples.nasty) {
      let json = line.dropFirst(MarkdownExporter.dataStart.count).dropLast(
        MarkdownExporter.dataEnd.count)
      #expect(!json.contains("--") && !json.contains("<") && !json.contains(">"))
      let read = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
      #expect(read?["title"] as? String == paper.content.title)
      #expect(read?["summary"] as? String == paper.content.summary)
    }
    #expect(lines.filter { $0.hasPrefix("## ") }.count == Samples.nasty.count)
    #expect(lines.filter { $0.hasPrefix("<!--") }.count == Samples.nasty.count + 1)
  }

  @Test(arguments: [
    ("# a", "\\# a"), ("- a", "\\- a"), ("12. a", "12\\. a"), ("===", "\\==="),
    ("a](b)", "a\\](b)"),
    ("```", "\\`\\`\\`"), ("    code", "code"), ("a\n\n> b", "a\n\n\\> b"), ("a\r\nb\rc", "a\nb c"),
    ("<b>", "\\<b\\>"),
    ("*x*", "\\*x\\*"),
  ])
  func blocks(_ text: String, _ escaped: String) { #expect(MarkdownText.block(text) == escaped) }

  @Test func links() {
    #expect(MarkdownText.link("https://x.org/a(b) <c>") == "https://x.org/a%28b%29%20%3Cc%3E")
  }
}
