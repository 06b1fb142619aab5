import Changes
import Filters
import JSONText
import Papers
import TestSupport
import Testing

@testable import Store

/// Values of a shape that only a later build can read: they never win, whenever they come; what
/// held before holds, and they are kept and passed on as they are.
@Suite struct NewerValueTests {
  private static let paper = PaperID(trusted: "2510.00001")
  private static let device = DeviceID(bits: 0xF)

  /// What this build reads, and after it what it cannot.
  private static let values: [(fact: Fact, newer: String)] = [
    (.content(paper, DigestContent(PaperContent(title: "Old", summary: "old words"))), "[1]"),
    (
      .content(paper, DigestContent(PaperContent(title: "Old", summary: "old words"))),
      "{\"title\":7}"
    ),
    (.added(paper, 5), "\"yesterday\""), (.status(paper, .read), "\"archived\""),
    (.status(paper, .read), "{\"read\":0.5}"), (.starred(paper, true), "{\"on\":true}"),
    (.starred(paper, true), "2"), (.tag(paper, Tag(trusted: "kv"), true), "{\"on\":false}"),
    (.appearance(paper, PaperDate("2025-10-02"), source: "demo", index: 2), "{\"page\":1}"),
    (.note(paper, id: "aaaa", NoteVersion(text: "old\nwords")), "{\"text\":[1]}"),
    (.note(paper, id: "aaaa", NoteVersion(text: "old\nwords")), "\"words\""),
    (.view("week", "is:read"), "{\"filter\":\"all\"}"),
    (.deviceName(device, "old name"), "{\"name\":\"new\"}"),
    (.retired(device, true), "\"perhaps\""),
  ]

  private func change(_ fact: Fact, _ value: String, at time: Int64, _ seen: [Stamp] = []) -> Change
  {
    let stamp = Stamp(milliseconds: time, counter: 0, device: DeviceID(bits: 7))
    return Change(
      stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: value,
      seen: seen)
  }

  /// Everything but what is only kept, and the operations, which are what they are.
  private func shown(_ library: Library) throws -> [String] {
    try library.dump().filter { !$0.hasPrefix("unapplied") && !$0.hasPrefix("operation") }
  }

  private func exported(_ library: Library) throws -> [String] {
    let context = try Workspace().context
    return try library.read { reader in
      var lines: [String] = []
      try reader.forEachPaper(.all, in: context) { lines.append("\($0)") }
      return lines
    }
  }

  @Test("It never wins", arguments: values.indices, [false, true])
  func whatHeldBeforeHolds(_ index: Int, isFirst: Bool) throws {
    let (fact, newer) = Self.values[index]
    let library = try Library(inMemory: try Workspace().surroundings)
    try library.record("add") { try $0.write([.tag(Self.paper, Tag(trusted: "x"), true)]) }
    let old = change(fact, fact.value, at: 1_770_000_000_000)
    let new = change(fact, newer, at: 1_780_000_000_000, [old.stamp])
    let without = try Library(inMemory: try Workspace().surroundings, copying: library)
    try without.receive([old])
    for change in isFirst ? [new, old] : [old, new] { try library.receive([change]) }
    #expect(try shown(library) == shown(without))
    #expect(try exported(library) == exported(without))
    #expect(try library.unappliedCount() == 1)
    #expect(try library.conflictCount() == 0)
    #expect(try library.problems() == [])
    // It is there as it came, to be passed on.
    let kept = try library.changes(after: 0, limit: 100).map(\.change).first {
      $0.stamp == new.stamp
    }
    #expect(kept == new)
    // The person goes on, and what they write holds.
    try library.record("star") { try $0.write([.starred(Self.paper, false)]) }
    try library.record("mark") { try $0.write([.status(Self.paper, .queued)]) }
    let paper = try #require(try library.read { try $0.paper(Self.paper) })
    #expect(paper.status == .queued && !paper.starred)
    _ = try library.undo()
    #expect(try exported(library).count == 1)
    #expect(try library.problems() == [])
  }

  @Test("Only it was said", arguments: values.indices)
  func aloneItSaysNothing(_ index: Int) throws {
    let (fact, newer) = Self.values[index]
    let library = try Library(inMemory: try Workspace().surroundings)
    let before = try shown(library)
    try library.receive([change(fact, newer, at: 9)])
    #expect(try shown(library) == before)
    #expect(try exported(library) == [])
    #expect(try library.unappliedCount() == 1)
    #expect(try library.problems() == [])
  }

  /// Names that this build takes for none.
  @Test(arguments: ["p:", "d:nobody", "o:x", "x:1", "", ":", "p"])
  func anEntityWithoutAName(_ entity: String) throws {
    let library = try Library(inMemory: try Workspace().surroundings)
    let before = try shown(library)
    let fields = ["status", "name", "did", "added", "filter", ""]
    let changes = fields.enumerated().map { index, field in
      let stamp = Stamp(milliseconds: 9, counter: UInt32(index), device: DeviceID(bits: 7))
      let value = field == "added" ? "5" : "\"read\""
      return Change(stamp: stamp, operation: stamp, entity: entity, field: field, value: value)
    }
    try library.receive(changes)
    #expect(try shown(library) == before)
    #expect(try library.unappliedCount() == fields.count)
    #expect(try library.problems() == [])
  }
}
