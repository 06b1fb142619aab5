import Papers
import Testing

@testable import shelf

@Suite struct CardTests {
  private let off = Palette(isOn: false)

  @Test func wholeCard() {
    let card = Card(width: 30, palette: off, cells: CellWidth(), zone: { _ in 8 * 3600 })
    #expect(
      card.lines(Samples.plain, history: ["2025-10-02 starred on desk"]).map(\.rendered).joined(
        separator: "\n")
          == """
          Small Cats Learn Large Maps
          Cat, Tom; 毛 小咪; María José
            "Pepa"
          https://arxiv.org/abs/2509.26507
          published 2025-09-30, cs.CL
          cs.LG, 61 votes
          code https://github.com/cats/maps
          queued ★
          +kv +survey/猫
          seen on no known day #0 list
          seen 2025-10-02 #3 daily_cats
          added 2025-10-02 16:00,
          changed 2025-10-02 16:01

          TL;DR
            Cats can learn maps of large
            houses.

          Keywords
            cats, maps, 地图
            (topological, metric)

          研究动机
            猫不会读地图，但会走路。

            这是第二段。

          Method
            We let cats walk & draw < 5
            maps.

          Abstract
            Cats walk.
            Maps follow.

          Note
            n1  2025-10-02 16:01
              first line
              second line

          History
            2025-10-02 starred on desk
          """)
  }

  @Test func manyAuthorsAreCounted() {
    var paper = Samples.titled("Many")
    paper.bibliography.authors = (1...40).map { "A\($0) B" }
    paper.bibliography.votes = 1
    let lines = Card(width: nil, palette: off, cells: CellWidth(), zone: Timestamp.utc).lines(paper)
      .map(\.rendered)
    let names = (1...10).map { "A\($0) B" }.joined(separator: ", ")
    #expect(lines.prefix(4).last == "1 vote")
    #expect(lines.dropFirst().first == names + ", and 30 more")
    paper.bibliography.abstract = "Same"
    paper.content.summary = "Same"
    #expect(BibliographyWords.abstract(paper) == nil, "what stands there already is not said again")
  }

  @Test func pipeBreaksNoLine() {
    var paper = Samples.titled(String(repeating: "word ", count: 100) + "end")
    paper.content.summary = String(repeating: "长", count: 500) + "  第二段"
    let lines = Card(width: nil, palette: off, cells: CellWidth(), zone: Timestamp.utc).lines(paper)
      .map(\.rendered)
    #expect(lines.first == paper.content.title)
    #expect(lines.suffix(3) == ["  " + String(repeating: "长", count: 500), "", "  第二段"])
  }

  @Test func nothingFromOutsideDrivesTheTerminal() {
    let card = Card(width: 40, palette: off, cells: CellWidth(), zone: Timestamp.utc)
    for paper in Samples.nasty {
      let controls = card.lines(paper, history: [paper.content.title]).map(\.rendered).joined()
        .unicodeScalars
        .filter { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E }
      #expect(controls.isEmpty, "\(paper.content.title)")
    }
  }
}
