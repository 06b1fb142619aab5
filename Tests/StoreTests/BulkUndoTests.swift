import Changes
import Papers
import TestSupport
import Testing

@testable import Store

/// An edit of many papers is taken back at once where that is plain; both ways must say and leave
/// the same.
@Suite struct BulkUndoTests {
  @Test(arguments: 1...150)
  func bothWaysAgree(_ seed: UInt64) throws {
    let (atOnce, oneByOne) = (try after(seed, inBulk: true), try after(seed, inBulk: false))
    #expect(try atOnce.problems() == [], "seed \(seed)")
    #expect(try atOnce.dump().hasBytes(of: oneByOne.dump()), "seed \(seed)")
    #expect(try said(atOnce).hasBytes(of: said(oneByOne)), "seed \(seed)")
  }

  @Test func aTagOnManyPapersIsTakenBackAtOnce() throws {
    let library = try Library(inMemory: try Workspace().surroundings)
    let papers = (1...9).map { PaperID(trusted: "2510.0000\($0)") }
    try library.record("import") { recorder in
      for id in papers { try recorder.write([.added(id, 5), .tag(id, Tag(trusted: "ml"), true)]) }
    }
    let tag = Tag(trusted: "kv")
    let tagged = try library.record("tag add kv") { recorder in
      for id in papers { try recorder.write([.tag(id, tag, true)]) }
    }
    let operation = try #require(tagged.operation)
    let header = OperationHeader(kind: .undo, what: "", target: operation)
    let plain = try library.record(header, dryRun: true) { recorder in
      var log = ChangeLog(recorder.db, .standard)
      let number = try #require(try OperationTable(db: recorder.db).number(of: operation, &log))
      try recorder.begin()
      try BulkUndo(recorder.db, operation: number, operation, .standard)?.run(&recorder)
    }
    #expect(plain.papers == papers)
    let undone = try library.undo()
    #expect(undone.map(\.papers) == [papers] && undone.map(\.leftAlone) == [0])
    #expect(try library.read { try $0.paper(papers[4]) }?.tags == [Tag(trusted: "ml")])
    #expect(try library.redo().map(\.papers) == [papers])
    #expect(try library.read { try $0.paper(papers[4]) }?.tags == [tag, Tag(trusted: "ml")])
    #expect(try library.problems() == [])
  }

  /// A library after some edits here and elsewhere, the last of them taken back.
  private func after(_ seed: UInt64, inBulk: Bool) throws -> Library {
    let library = try Library(inMemory: try Workspace(seed: seed).surroundings)
    var random = SeededGenerator(seed: seed)
    for _ in 0..<Int.random(in: 1...6, using: &random) { try step(library, &random) }
    try edit(library, &random)
    if Int.random(in: 0..<3, using: &random) == 0 { try receive(library, &random) }
    do {
      if !inBulk { try addToLastOperation(library) }
      _ = try library.undo()
    } catch LibraryError.nothingTo {}
    try library.database.run("DELETE FROM change WHERE entity = 'other'")
    return library
  }

  /// An operation that wrote two things is taken back one paper after the other; the second is of
  /// a kind that nobody knows, so that nothing else comes of it.
  private func addToLastOperation(_ library: Library) throws {
    let last = "(SELECT max(number) FROM operation WHERE mine = 1 AND kind = 'do' AND state = 0)"
    try library.database.run(
      """
      INSERT INTO change (ms, counter, device, operation, entity, field, value)
      SELECT ms, 4000000000, device, number, 'other', 'field', '' FROM operation
      WHERE number = \(last)
      """)
    try library.database.run(
      "UPDATE operation SET last = (SELECT max(seq) FROM change) WHERE number = \(last)")
  }

  private func step(_ library: Library, _ random: inout SeededGenerator) throws {
    switch Int.random(in: 0..<6, using: &random) {
    case 0, 1: try bringIn(library, &random)
    case 2: try receive(library, &random)
    default: try edit(library, &random)
    }
  }

  private static let papers = [
    "2510.00001", "2510.00002", "2510.00003", "url:https://a.example/caf\u{E9}",
    "url:https://a.example/cafe\u{301}", "\u{301}2510.00006",
  ].map { PaperID(trusted: $0) }

  private func some(_ random: inout SeededGenerator) -> [PaperID] {
    Self.papers.filter { _ in Int.random(in: 0..<3, using: &random) > 0 }
  }

  private func bringIn(_ library: Library, _ random: inout SeededGenerator) throws {
    let day = PaperDate(trusted: "2025-10-0\(Int.random(in: 1...3, using: &random))")
    let ids = some(&random)
    try library.record("import") { recorder in
      for (index, id) in ids.enumerated() {
        try recorder.write([
          .added(id, 5), .appearance(id, day, source: "\u{301}demo", index: index),
        ])
      }
    }
  }

  private func edit(_ library: Library, _ random: inout SeededGenerator) throws {
    let choice = [0, 1, 2, 3, 4, 7, 8, 9].randomElement(using: &random) ?? 0
    let time: Int64? = Int.random(in: 0..<6, using: &random) == 0 ? 9_000_000_000_000 : nil
    let ids = some(&random)
    try library.record("edit") { recorder in
      for id in ids { try recorder.write([Self.fact(choice, id)], at: time) }
    }
  }

  private func receive(_ library: Library, _ random: inout SeededGenerator) throws {
    let fact = Self.fact(
      Int.random(in: 0..<11, using: &random), Self.papers[Int.random(in: 0..<6, using: &random)])
    let stamp = Stamp(
      milliseconds: 1_760_000_000_000 + Int64.random(in: 0..<20, using: &random),
      counter: UInt32.random(in: 0..<9, using: &random), device: DeviceID(bits: 7))
    try library.receive([
      Change(
        stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: fact.value)
    ])
  }

  private static func fact(_ choice: Int, _ id: PaperID) -> Fact {
    switch choice {
    case 0: .tag(id, Tag(trusted: "ml"), true)
    case 1: .tag(id, Tag(trusted: "kv"), true)
    case 2: .status(id, .read)
    case 3: .starred(id, true)
    case 4: .tag(id, Tag(trusted: "kv"), false)
    case 5: .added(id, nil)
    case 7: .tag(id, Tag(trusted: "caf\u{E9}"), true)
    case 8: .tag(id, Tag(trusted: "cafe\u{301}"), true)
    case 9: .removed(id, true)
    case 10: .removed(id, false)
    default: .status(id, .skipped)
    }
  }

  /// What the log says, but for the order of the stamps of one operation.
  private func said(_ library: Library) throws -> [String] {
    try library.changes(after: 0, limit: 1000).map { _, change in
      "\(change.entity) \(change.field) \(change.value) \(change.seen) \(change.operation)"
    }.sorted { $0.precedesByBytes($1) }
  }
}
