import Changes
import Foundation
import Papers
import Store
import TestSupport
import Testing

@Suite struct LibraryTests {
  @Test func recordsAndReadsBack() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    let id = try #require(PaperID(link: "2509.26507"))
    let content = DigestContent(
      PaperContent(
        title: "A Hatchling", summary: "**关键**：缓存  一句。", keywords: ["KV 缓存"], tldr: "一句。"),
      date: PaperDate("2025-10-02"), source: "demo")
    let recorded = try library.record("import demo") { recorder in
      try recorder.write([
        .content(id, content), .added(id, 1000),
        .appearance(id, PaperDate("2025-10-02"), source: "demo", index: 0),
      ])
    }
    #expect(recorded.papers == [id])
    let paper = try #require(try library.read { try $0.paper(id) })
    #expect(paper.content == content.content)
    #expect(paper.added == 1000)
    #expect(
      paper.appearances == [Appearance(date: PaperDate("2025-10-02"), index: 0, source: "demo")])
    let hits = try library.read { try $0.search(.text("缓"), in: workspace.context, limit: 5) }
    #expect(hits.map(\.row.id) == [id])
    #expect(hits.first?.snippet.parts.contains { $0.isHit && $0.text == "缓" } == true)
    #expect(try library.problems() == [])
    _ = try library.undo()
    #expect(try library.read { try $0.paper(id) } == nil)
    _ = try library.redo()
    #expect(try library.read { try $0.paper(id) }?.content == content.content)
    #expect(try library.problems() == [])
  }

  @Test func aMachineThatRetiresItselfFirstOfAllKeepsItsName() throws {
    let library = try Workspace(seed: 31).library()
    let device = try library.read { try $0.device() }
    try library.record("retire") { try $0.write([.retired(device, true)]) }
    #expect(try library.problems() == [])
    #expect(try library.read { try $0.machineNames() }[device] != nil)
  }
}
