import Changes
import Filters
import Foundation
import Papers
import Store
import TestSupport
import Testing

@testable import shelf

/// A field of a paper that is declared in one file, ``Rating``, takes part in everything that
/// fields take part in.
@Suite struct NewRegisterTests {
  private let features = Features(understanding: .standard.adding(Rating.self))
  private let papers = (1...40).map { PaperID(trusted: "2510.\(10_000 + $0)") }

  private func library(_ seed: UInt64 = 1) throws -> Library {
    try Library(
      inMemory: try Workspace(seed: seed).surroundings, understanding: features.understanding)
  }

  /// A library with all papers on the list, unrated.
  private func filled(_ seed: UInt64 = 1) throws -> Library {
    let library = try library(seed)
    try library.record("add") { recorder in
      for id in papers { try recorder.write([.added(id, 5)]) }
    }
    return library
  }

  private func rate(_ library: Library, _ ids: ArraySlice<PaperID>, _ rating: Int64?) throws {
    try library.record("rate") { recorder in
      for id in ids { try recorder.write([.rating(id, rating)]) }
    }
  }

  private func ratings(_ library: Library) throws -> [Int64?] {
    try papers.map { id in
      try library.read { try $0.paper(id) }.flatMap { Rating.value(of: $0) }
    }
  }

  /// Everything that one library knows comes to another.
  private func pass(_ from: Library, _ to: Library) throws {
    try to.receive(try from.changes(after: 0, limit: 100_000).map(\.change))
  }

  // MARK: The library

  @Test func itIsRecordedAndFolded() throws {
    let library = try filled()
    try rate(library, papers[0..<1], 4)
    try rate(library, papers[1..<2], 2)
    try rate(library, papers[1..<2], nil)
    #expect(try ratings(library).prefix(3) == [4, nil, nil])
    let again = try library.record("rate") { try $0.write([.rating(papers[0], 4)]) }
    #expect(again.operation == nil, "what is said already is not said again")
    #expect(try library.problems() == [])
    let before = try library.dump()
    #expect(before.contains { $0.contains("rating") || $0.contains("|4") })
    try library.rebuild()
    #expect(try library.dump() == before)
  }

  @Test func rowsTellIt() throws {
    let (library, context) = (try filled(), try Workspace().context)
    try rate(library, papers[0..<2], 4)
    try rate(library, papers[1..<2], nil)
    let rows = try library.read {
      try $0.rows(.all, in: context, order: .init(.id, descending: false))
    }
    #expect(rows.prefix(2).map(\.others) == [[Rating.field: .integer(4)], [:]])
  }

  @Test func itKeepsAPaperOnTheList() throws {
    let library = try library()
    try rate(library, papers[0..<1], 3)
    #expect(try library.read { try $0.isListed(papers[0]) })
    try rate(library, papers[0..<1], nil)
    #expect(try !library.read { try $0.isListed(papers[0]) })
  }

  @Test func aValueThatIsNoneNeverHolds() throws {
    let library = try filled()
    try rate(library, papers[0..<1], 4)
    let stamp = Stamp(milliseconds: 1_900_000_000_000, counter: 0, device: DeviceID(bits: 3))
    try library.receive([
      Change(
        stamp: stamp, operation: stamp, entity: EntityKind.paper.entity(papers[0].rawValue),
        field: Rating.field, value: "\"good\"")
    ])
    #expect(try ratings(library).first == 4)
    #expect(try library.unappliedCount() == 1)
    #expect(try library.problems() == [])
  }

  @Test(arguments: [true, false])
  func itIsTakenBackAndRepeated(_ inBulk: Bool) throws {
    let library = try filled()
    let unrated = try ratings(library)
    func rate(_ ids: ArraySlice<PaperID>, _ rating: Int64) throws {
      try library.record("rate") { recorder in
        for id in ids { try recorder.write([.rating(id, rating)]) }
        // What wrote two things is taken back one paper after the other.
        if !inBulk { try recorder.write([.starred(ids[ids.startIndex], true)]) }
      }
    }
    try rate(papers[0..<30], 5)
    #expect(try library.undo().map(\.paperCount) == [30])
    #expect(try ratings(library) == unrated)
    #expect(try library.redo().map(\.paperCount) == [30])
    try rate(papers[20..<40], 1)
    #expect(try library.undo().map(\.paperCount) == [20])
    #expect(try ratings(library) == (0..<40).map { $0 < 30 ? 5 : nil })
    #expect(try library.problems() == [])
  }

  @Test func twoMachinesMeet() throws {
    let (desk, laptop) = (try filled(1), try library(2))
    try pass(desk, laptop)
    try rate(desk, papers[0..<1], 4)
    try rate(laptop, papers[0..<1], 2)
    try pass(desk, laptop)
    try pass(laptop, desk)
    #expect(try desk.dump() == laptop.dump())
    let conflicts = try desk.read { try $0.conflicts() }
    #expect(conflicts.map(\.field) == [Rating.field])
    let conflict = try #require(conflicts.first)
    let held = try #require(try ratings(desk).first)
    try desk.restore(conflict)
    #expect(try ratings(desk).first == (held == 4 ? 2 : 4))
    #expect(try desk.conflictCount() == 0)
    try pass(desk, laptop)
    #expect(try desk.dump() == laptop.dump())
    #expect(try desk.problems() == [] && laptop.problems() == [])
  }

  @Test func anOlderLibraryIsBroughtUpToDate() throws {
    let workspace = try Workspace()
    let version = Understanding.standard.version
    do {
      let library = try workspace.library()
      try library.record("add") { try $0.write([.added(papers[0], 5), .starred(papers[0], true)]) }
    }
    do {
      let library = try Library(
        at: workspace.url.appendingPathComponent("library.sqlite").path,
        surroundings: workspace.surroundings, understanding: features.understanding)
      try rate(library, papers[0..<1], 3)
      #expect(try library.read { try $0.paper(papers[0]) }?.starred == true)
      #expect(try ratings(library).first == 3)
      #expect(try library.problems() == [])
    }
    let backup = try workspace.library(
      "library.sqlite.before-v\(version + 1)", mode: .readOnly)
    #expect(try backup.read { try $0.paper(papers[0]) }?.starred == true)
  }

  /// A build that does not know it keeps it, passes it on, and shows it once it has learnt it.
  @Test func anOlderBuildPassesItOn() throws {
    let workspace = try Workspace(seed: 3)
    let (desk, laptop) = (try filled(1), try library(2))
    try rate(desk, papers[0..<1], 4)
    do {
      let old = try workspace.library()
      try pass(desk, old)
      #expect(try old.unappliedCount() == 1)
      #expect(try old.problems() == [])
      #expect(try old.read { try $0.paper(papers[0]) }?.others == [:])
      try pass(old, laptop)
    }
    #expect(try desk.dump() == laptop.dump())
    let learnt = try Library(
      at: workspace.url.appendingPathComponent("library.sqlite").path,
      surroundings: workspace.surroundings, understanding: features.understanding)
    #expect(try ratings(learnt).first == 4)
    #expect(try learnt.unappliedCount() == 0)
    #expect(try learnt.dump() == desk.dump())
  }

  // MARK: The commands

  /// Four papers, rated none, 3, 4 and 5.
  private func shelf() throws -> ShelfWithFeatures {
    let shelf = try ShelfWithFeatures(features)
    try shelf.run("add", "2510.10001", "2510.10002", "2510.10003", "2510.10004")
    let library = try shelf.library()
    for (place, rating) in [3, 4, 5].enumerated() {
      try rate(library, papers[(place + 1)...(place + 1)], Int64(rating))
    }
    return shelf
  }

  @Test(
    arguments: [
      ("rating:>=4", "34"), ("rating>=4", "34"), ("rating<4", "2"), ("rating:<4", "2"),
      ("rating:3..4", "23"),
      ("rating:4..", "34"), ("rating=5", "4"), ("rating:3,5", "24"), ("rating:none", "1"),
      ("rating:any", "234"), ("not rating>=4", "12"), ("is:rated", "234"), ("not is:rated", "1"),
      ("is:rated and not rating:4", "24"),
    ])
  func filtersAskForIt(_ filter: String, _ last: String) throws {
    let found = try shelf().run("list", filter, "--ids", "--sort", "id")
    #expect(found == last.map { "2510.1000\($0)\n" }.joined())
  }

  @Test func helpExplainsIt() throws {
    let help = HelpTopic.filters.text(100, features)
    #expect(help.contains("your rating, 1 to 5"))
    #expect(help.contains("rated"))
    #expect(HelpTopic.formats.text(100, features).contains(" rating"))
  }

  @Test func everyOutputHasIt() throws {
    let shelf = try shelf()
    let id = "2510.10003"
    #expect(try shelf.run("show", id).split(separator: "\n").contains("rating 4"))
    #expect(try shelf.run("show", id).contains("rating is 4"), "the history tells it")
    #expect(try !shelf.run("show", "2510.10001").contains("rating"))
    #expect(try shelf.run("show", id, "--format", "{id} {rating}") == "\(id) 4\n")
    #expect(try shelf.run("show", id, "--json").contains(#""rating":4"#))
    #expect(try shelf.run("show", "2510.10001", "--json").contains(#""rating":null"#))
    for (flag, mark) in [("--csv", ","), ("--tsv", "\t")] {
      let rows = try shelf.run("show", id, "2510.10001", flag)
        .split(whereSeparator: \.isNewline)
      #expect(rows[0].hasSuffix(mark + "rating") && rows[1].hasSuffix(mark + "4"))
      #expect(rows[2].hasSuffix(mark))
    }
    let error = #expect(throws: Failure.self) { try shelf.run("list", "--format", "{ratin}") }
    #expect(error?.advice == "did you mean “{rating}”?")
  }

  @Test func aListHasAColumnOfIt() throws {
    let shelf = try shelf()
    _ = try shelf.file("config.toml", "[list]\ncolumns = [\"id\", \"rating\", \"title\"]\n")
    let rows = try shelf.run("list", "--sort", "id", "--limit", "3").split(separator: "\n")
      .map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    #expect(rows.contains("2510.10003 4"), "\(rows)")
    #expect(try shelf.run("config", "list").contains("\"rating\""))
    // A build that does not know it says so.
    let other = try ShelfWithFeatures(.standard)
    _ = try other.file("config.toml", "[list]\ncolumns = [\"rating\"]\n")
    #expect(throws: Failure.self) { try other.run("list") }
  }

  @Test(arguments: ExportFormat.standard.filter(\.isLossless).map(\.name))
  func exportsBringItBack(_ format: String) throws {
    let shelf = try shelf()
    let file = shelf.folder.path + "/export"
    try shelf.run("export", format, "-o", file, "--sort", "id")
    let other = try ShelfWithFeatures(features)
    try other.run("import", file)
    let whole = try shelf.run("export", "jsonl", "--sort", "id")
    #expect(whole.contains(#""rating":5"#))
    #expect(try other.run("export", "jsonl", "--sort", "id") == whole)
    // What was said of it since stays.
    try rate(try other.library(), papers[3...3], 1)
    try other.run("import", file)
    #expect(try other.run("show", "2510.10004", "--format", "{rating}") == "1\n")
  }
}
