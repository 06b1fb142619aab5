import Changes
import Filters
import Foundation
import Papers
import Store
import Synchronization
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

  /// One writes while another has the library: it waits, says so once, and goes on when it is free.
  @Test func aWriterWaitsForAnother() throws {
    let workspace = try Workspace()
    let id = try #require(PaperID(link: "2509.26507"))
    let one = try workspace.library()
    let (held, freed, ended) = (
      DispatchSemaphore(value: 0), DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)
    )
    let told = Mutex(0)
    let path = workspace.url.path
    Thread.detachNewThread {
      defer { ended.signal() }
      var surroundings = workspace.surroundings
      surroundings.whenWaiting = {
        told.withLock { $0 += 1 }
        freed.signal()
      }
      held.wait()
      let other = try? Library(at: path + "/library.sqlite", surroundings: surroundings)
      _ = try? other?.record("star") { try $0.write([.starred(id, true)]) }
    }
    try one.record("add") { recorder in
      try recorder.write([.added(id, 1000)])
      held.signal()
      freed.wait()
    }
    ended.wait()
    #expect(told.withLock { $0 } == 1)
    #expect(try one.read { try $0.paper(id) }?.starred == true)
  }

  @Test func aWriterThatWaitsInVainChangesNothing() throws {
    let workspace = try Workspace()
    let id = try #require(PaperID(link: "2509.26507"))
    let one = try workspace.library()
    var hasty = workspace.surroundings
    hasty.patience = 50
    let path = workspace.url.path + "/library.sqlite"
    let other = try Library(at: path, surroundings: hasty)
    try one.record("add") { recorder in
      try recorder.write([.added(id, 1000)])
      #expect(throws: LibraryError.busy(path: path)) {
        try other.record("star") { try $0.write([.starred(id, true)]) }
      }
    }
    #expect(try other.read { try $0.paper(id) }?.starred == false)
    try other.record("star") { try $0.write([.starred(id, true)]) }
    #expect(try one.read { try $0.paper(id) }?.starred == true)
  }
}
