import Changes
import Foundation
import Papers
import TestSupport
import Testing

@testable import Store

/// One paper, view or machine of which more was said than is looked at.
@Suite struct CrowdedTests {
  private static let paper = PaperID(trusted: "2510.00001")
  private static let other = PaperID(trusted: "2510.00002")
  private static let entity = "p:2510.00001"

  private static func small(_ most: Int, authors: Int = 1024) -> Understanding {
    var small = Understanding.standard
    (small.mostSaid, small.mostAuthors) = (most, authors)
    return small
  }

  private static func change(
    _ field: String, _ value: String, _ milliseconds: Int64, _ counter: UInt32 = 0,
    on device: UInt64, seeing seen: [Stamp] = []
  ) -> Change {
    let stamp = Stamp(
      milliseconds: 1_760_000_000_000 + milliseconds, counter: counter,
      device: DeviceID(bits: device))
    return Change(
      stamp: stamp, operation: stamp, entity: entity, field: field, value: value, seen: seen)
  }

  /// All that may be said of a paper, by five machines, one of which says most.
  private static func changes(_ random: inout SeededGenerator) -> [Change] {
    var changes: [Change] = []
    for index in 0..<Int.random(in: 1...80, using: &random) {
      let note = NoteVersion(text: Bool.random(using: &random) ? "text \(index)\nsame" : nil)
      let said =
        [
          ("tag:t\(Int.random(in: 0..<9, using: &random))", "\(Bool.random(using: &random))"),
          ("note:aaaa", Noted.json(note)), ("note:bbbb", Noted.json(note)),
          ("starred", "\(Bool.random(using: &random))"), ("added", "5"), ("removed", "true"),
          ("digest:2025-10-0\(Int.random(in: 1...9, using: &random))/daily", "\(index)"),
          ("content", "{\"title\":\"Title \(index)\",\"summary\":\"\"}"),
          ("title", "\"T\(index)\""),
        ].randomElement(using: &random)
      guard let (field, value) = said else { continue }
      let device = Bool.random(using: &random) ? 1 : UInt64.random(in: 2...5, using: &random)
      let before = changes.filter { $0.field == field }.randomElement(using: &random)
      let seen = Bool.random(using: &random) ? [before?.stamp].compactMap(\.self) : []
      changes.append(
        change(
          field, value, Int64.random(in: 0..<40, using: &random), UInt32(index), on: device,
          seeing: seen))
    }
    return changes
  }

  /// What is looked at, by its definition.
  private static func newest(
    _ entries: [ChangeLog.Entry], _ understanding: Understanding
  ) -> Set<Int64> {
    let most = understanding.mostSaid
    func size(_ entry: ChangeLog.Entry) -> Int {
      let seen = entry.change.seen.map(\.description).joined(separator: " ")
      return 128 + entry.change.field.utf8.count + seen.utf8.count
    }
    func isOfDigest(_ entry: ChangeLog.Entry) -> Bool {
      Registers.standard.find(entry.change.name)?.register.author == .digest
    }
    var found = Set<Int64>()
    for part in [true, false] {
      let said = entries.filter { isOfDigest($0) == part }
      let all = Dictionary(grouping: said, by: \.change.stamp.device)
      let last = all.mapValues { $0.map(\.change.stamp).max() }
        .compactMapValues(\.self).sorted { $0.value > $1.value }
      let isLooked = entries.reduce(0) { $0 + (isOfDigest($1) == part ? size($1) : 0) } > most
      let latest = Set(last.prefix(understanding.mostAuthors).map(\.key))
      let authors = all.filter { !isLooked || latest.contains($0.key) }
      let sizes = authors.mapValues { $0.reduce(0) { $0 + size($1) } }
      // The greatest share of which all fit; all where they do.
      func fits(_ share: Int) -> Bool { sizes.values.reduce(0) { $0 + min($1, share) } <= most }
      var share = 0
      while share < most, fits(share + 1) { share += 1 }
      for entries in authors.values {
        var left = share
        for entry in entries.sorted(by: { $0.change.stamp > $1.change.stamp }) {
          left -= size(entry)
          guard left >= 0 else { break }
          found.insert(entry.seq)
        }
      }
      let both = authors.values.joined()
      if !both.contains(where: { found.contains($0.seq) }),
        let latest = both.max(by: { $0.change.stamp < $1.change.stamp })
      {
        found.insert(latest.seq)
      }
    }
    return found
  }

  @Test func ofEachMachineItsNewestChangesAreLookedAt() throws {
    var left = 0
    for seed in 1...80 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let understanding = Self.small(
        Int.random(in: 0...6000, using: &random), authors: Int.random(in: 1...6, using: &random))
      let library = try Library(
        inMemory: Workspace(seed: seed).surroundings, understanding: understanding)
      let received = try library.receive(Self.changes(&random))
      let places: (all: [ChangeLog.Entry], held: [ChangeLog.Entry], leavesOut: Bool) =
        try library.read { reader in
          var log = ChangeLog(reader.db, understanding)
          let kept = Set(
            try reader.db.all("SELECT seq FROM unapplied") { $0.integer(0) })
          let all = try log.entries(of: Self.entity, .everything).filter { !kept.contains($0.seq) }
          return (all, try log.entries(of: Self.entity), log.leavesOut)
        }
      let expected = Self.newest(places.all, understanding)
      #expect(Set(places.held.map(\.seq)) == expected, "seed \(seed)")
      #expect(places.leavesOut == (expected.count < places.all.count), "seed \(seed)")
      #expect(received.crowded == (places.leavesOut ? [Self.entity] : []), "seed \(seed)")
      left += places.leavesOut ? 1 : 0
    }
    #expect(left > 20 && left < 75)
  }

  /// In whatever order they come, and how many at a time.
  @Test func allMachinesComeToTheSame() throws {
    for seed in 1...80 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let understanding = Self.small(
        Int.random(in: 0...6000, using: &random), authors: Int.random(in: 1...6, using: &random))
      let changes = Self.changes(&random)
      var dumps: [[String]] = []
      for round in 0..<3 {
        let library = try Library(
          inMemory: Workspace(seed: seed).surroundings, understanding: understanding)
        var left = round == 0 ? changes : changes.shuffled(using: &random)
        while !left.isEmpty {
          let count = round == 0 ? left.count : Int.random(in: 1...9, using: &random)
          try library.receive(Array(left.prefix(count)))
          left.removeFirst(min(count, left.count))
        }
        let problems = try library.problems()
        #expect(problems == [], "seed \(seed) round \(round)")
        dumps.append(try library.dump())
      }
      #expect(dumps[1] == dumps[0] && dumps[2] == dumps[0], "seed \(seed)")
    }
  }

  /// What the person does to such a paper holds, whatever is left out for it, and is taken back.
  @Test func whatThePersonDoesHolds() throws {
    for seed in 1...80 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let understanding = Self.small(
        Int.random(in: 1500...6000, using: &random),
        authors: Int.random(in: 1...6, using: &random))
      let library = try Library(
        inMemory: Workspace(seed: seed).surroundings, understanding: understanding)
      try library.receive(Self.changes(&random))
      for step in 0..<12 {
        let (tag, isOn) = (try #require(Tag("mine\(step % 3)")), Bool.random(using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0:
          try library.record("tag") { try $0.write([.tag(Self.paper, tag, isOn)]) }
          let tags = try library.read { try $0.paper(Self.paper) }?.tags ?? []
          #expect(tags.contains(tag) == isOn, "seed \(seed)")
        case 1:
          try library.record("star") { try $0.write([.starred(Self.paper, isOn)]) }
          #expect(try library.read { try $0.paper(Self.paper) }?.starred ?? false == isOn)
        case 2:
          let text = NoteVersion(text: "mine \(step)")
          try library.record("note") { try $0.write([.note(Self.paper, id: "cccc", text)]) }
          let notes = try library.read { try $0.paper(Self.paper) }?.notes ?? []
          // Beside a version that was out of sight when it was written, it may be a conflict.
          #expect(notes.contains { $0.text.contains("mine \(step)") }, "seed \(seed)")
        case 3: try library.receive(Self.changes(&random))
        case 4: _ = try? library.undo()
        default: _ = try? library.redo()
        }
        #expect(try library.problems() == [], "seed \(seed), step \(step)")
      }
    }
  }

  /// A build before the eighth looked at all, and merged all versions of a note.
  @Test(arguments: [1, 7]) func whatWasFoldedOtherwiseIsFoldedAgain(
    _ before: Int64
  ) throws {
    let workspace = try Workspace()
    let whole = Self.small(.max)
    do {
      let library = try Library(
        at: workspace.url.appendingPathComponent("library.sqlite").path,
        surroundings: workspace.surroundings, understanding: whole)
      let text = NoteVersion(text: String(repeating: "\n", count: 5_000))
      try library.receive(
        (1...30).map { Self.change("note:aaaa", Noted.json(text), Int64($0), on: $0) })
      let seen = (0..<60_000).map { counter in
        Stamp(milliseconds: 1_760_000_000_000, counter: counter, device: DeviceID(bits: 9))
      }
      var changes = [Self.change("tag:first", "true", 0, on: 7)]
      changes += (1...6).map { Self.change("starred", "true", Int64($0), on: 7, seeing: seen) }
      for index in changes.indices {
        changes[index].name = RegisterName(.paper, Self.other.rawValue, changes[index].field)
      }
      try library.receive(changes)
      #expect(try library.read { try $0.paper(Self.other) }?.tags.map(\.name) == ["first"])
      try library.database.run("UPDATE note SET created = 7")
      try Meta.set(library.database, "understands", SQLValue(before))
      #expect(try library.problems() != [])
    }
    let library = try workspace.library()
    #expect(try library.problems() == [])
    #expect(try library.read { try $0.paper(Self.other) }?.tags == [])
  }

  /// A tag on many papers is taken back at once, but where one of them is so crowded that it puts
  /// something else out of sight.
  @Test func aTagOnManyPapersIsTakenBackWhereOneIsCrowded() throws {
    for most in stride(from: 300, through: 1200, by: 20) {
      let library = try Library(
        inMemory: Workspace().surroundings, understanding: Self.small(most))
      let papers = (1...3).map { PaperID(trusted: "2510.0000\($0)") }
      try library.record("add") { try $0.write(papers.map { .added($0, 5) }) }
      try library.receive((0..<3).map { Self.change("tag:t\($0)", "true", Int64($0), on: 7) })
      let tag = try #require(Tag("mine"))
      try library.record("tag") { try $0.write(papers.map { .tag($0, tag, true) }) }
      #expect(try library.problems() == [])
      _ = try library.undo()
      #expect(try library.problems() == [], "\(most)")
      #expect(try library.read { try $0.paper(papers[0]) }?.tags.contains(tag) == false)
    }
  }

  @Test func aShareIsTheGreatestOfWhichAllFit() {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let sizes = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        Int64.random(in: 0...60, using: &random)
      }
      let room = Int64.random(in: 0...300, using: &random)
      func taken(_ share: Int64) -> Int64 { sizes.reduce(0) { $0 + min($1, share) } }
      let share = NewestChanges.share(of: room, sizes)
      #expect(taken(share) <= room, "seed \(seed)")
      #expect(sizes.allSatisfy { $0 <= share } || taken(share + 1) > room, "seed \(seed)")
    }
  }

  /// However often a paper was said anew, each is told once.
  @Test func whatIsSupersededIsToldOnce() throws {
    let library = try Workspace().library()
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      try library.receive(
        (0..<9).map { index in
          var change = Self.change(
            "content", "{\"title\":\"a\"}", Int64.random(in: 0..<5, using: &random),
            UInt32(index) + 10 * UInt32(seed), on: 7)
          let paper = "p:\(Int.random(in: 1...3, using: &random))"
          change.name = RegisterName(entity: paper, field: "content")
          return change
        })
      let replacing = Set(
        (1...400).filter { _ in Bool.random(using: &random) }.map { Int64($0) })
      let pairs = try library.read { reader in
        try reader.db.all(
          """
          SELECT a.seq, b.seq FROM change a JOIN change b ON b.entity = a.entity
          WHERE a.field = 'content' AND b.field = 'content' AND b.ms > a.ms
          """
        ) { ($0.integer(0), $0.integer(1)) }
      }
      var told: [Int64] = []
      try library.forEachSupersededContent(by: replacing.contains) { told.append($0) }
      let expected = Set(pairs.filter { replacing.contains($0.1) }.map(\.0))
      #expect(Set(told) == expected && told.count == expected.count, "seed \(seed)")
    }
  }
}
