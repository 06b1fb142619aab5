import Papers
import TestSupport
import Testing

@testable import Changes

/// The laws at the head of Merge.swift, over random sets of changes with small alphabets.
@Suite struct MergeLawTests {
  /// A life of three machines that see each other's changes at random, so that `seen` is as real
  /// machines write it.
  static func changes(_ seed: UInt64, field: String, values: [String]) -> [Change] {
    var random = SeededGenerator(seed: seed)
    var clocks = (0..<3).map { StampClock(milliseconds: Int64($0) * 2) }
    var known: [[Change]] = [[], [], []]
    var all: [Change] = []
    for _ in 0..<Int.random(in: 1...9, using: &random) {
      let device = Int.random(in: 0..<3, using: &random)
      for change in all where Int.random(in: 0..<3, using: &random) == 0 {
        guard !known[device].contains(change) else { continue }
        known[device].append(change)
        clocks[device].observe(change.stamp)
      }
      let stamp = clocks[device].next(
        now: Int64.random(in: 0...9, using: &random), device: DeviceID(bits: UInt64(device)))
      let seen =
        field.utf8.starts(with: "note:".utf8)
        ? NoteMerge.note(known[device])?.heads ?? []
        : known[device].map(\.stamp).max().map { [$0] } ?? []
      let change = Change(
        stamp: stamp, operation: stamp, entity: "p:1", field: field,
        value: values.randomElement(using: &random) ?? "null", seen: seen)
      known[device].append(change)
      all.append(change)
    }
    return all
  }

  private static let statuses = ["\"read\"", "\"unread\"", "\"queued\""]
  /// Texts that Swift calls equal, and that are not.
  private static let filters = [
    "\"caf\u{E9}\"", "\"cafe\u{301}\"", "null", "\"\u{301}\"", "\"tag:x\"",
  ]
  private static let texts = [
    "{\"text\":null}", "{\"text\":\"\u{E9}\\nb\\nc\"}", "{\"text\":\"e\u{301}\\nb\\nc\"}",
    "{\"text\":\"\u{301}\\nb\\n\u{301}c\"}", "{\"text\":\"a\\nb\\nc\"}", "{\"text\":\"a\\nB\\nc\"}",
    "{\"text\":\"A\\nb\\nc\"}", "{\"text\":\"a\\nb\\nC\\nd\"}", "{\"text\":\"\"}",
  ]

  @Test func registersMergeAsSets() {
    for seed in 1...600 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      for (field, values) in [
        ("status", Self.statuses), ("tag:x", Self.statuses), ("content", Self.statuses),
        ("added", Self.statuses), ("tag:\u{301}", Self.filters), ("starred", Self.filters),
      ] {
        let set = Self.changes(seed, field: field, values: values)
        let outcome = Merge.register(set)
        // Total: exactly one holds, the greatest.
        #expect(outcome?.winner.stamp == set.map(\.stamp).max(), "seed \(seed)")
        // Commutative, associative, idempotent: a function of the set.
        let again = (set + set.shuffled(using: &random)).shuffled(using: &random)
        #expect(Merge.register(again) == outcome, "seed \(seed) \(field)")
        #expect(
          outcome?.journal.contains { $0.value.hasBytes(of: outcome?.winner.value ?? "") } == false)
        if !Merge.isJournalled(set) { #expect(outcome?.journal == []) }
      }
    }
    #expect(Merge.register([]) == nil)
  }

  @Test func notesMergeAsSets() {
    for seed in 1...600 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let set = Self.changes(seed, field: "note:aaaa", values: Self.texts)
      let outcome = NoteMerge.note(set)
      let again = (set + set.shuffled(using: &random)).shuffled(using: &random)
      #expect(NoteMerge.note(again) == outcome, "seed \(seed)")
      // An edit beats a deletion: gone only when every head says so.
      let heads = set.filter { outcome?.heads.contains($0.stamp) == true }
      let texts = heads.compactMap { Noted.value($0.value)?.text }
      // Where all heads but one were deleted, that one is taken as it was written, byte by byte.
      if texts.count == 1 { #expect(outcome?.text.hasBytes(of: texts[0]) == true, "seed \(seed)") }
      #expect((outcome?.text == nil) == heads.allSatisfy { $0.value.contains("null") })
    }
  }

  /// Changes to many registers of one paper.
  static func changesToAPaper(_ seed: UInt64) -> [Change] {
    var set = Self.changes(seed, field: "status", values: Self.statuses)
    set += Self.changes(seed &+ 1, field: "tag:x", values: ["true", "false"])
    set += Self.changes(seed &+ 2, field: "note:aaaa", values: Self.texts)
    set += Self.changes(seed &+ 3, field: "added", values: ["5", "null", "7"])
    set += Self.changes(seed &+ 4, field: "digest:2025-10-02/s", values: ["1", "null"])
    let (series, marked) = ("digest:2025-10-02/s\u{E9}", "digest:2025-10-02/\u{301}")
    set += Self.changes(seed &+ 6, field: series, values: ["2", "null"])
    set += Self.changes(seed &+ 7, field: series.decomposed, values: ["3", "null"])
    set += Self.changes(seed &+ 8, field: marked, values: ["4"])
    set += Self.changes(seed &+ 9, field: "tag:\u{E9}", values: ["true"])
    set += Self.changes(seed &+ 10, field: "tag:e\u{301}", values: ["true"])
    set += Self.changes(seed &+ 5, field: "mystery", values: ["1"])
    return set
  }

  @Test func papersFoldInAnyOrder() {
    for seed in 1...200 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let set = Self.changesToAPaper(seed)
      let id = PaperID(trusted: "1")
      let a = PaperFold(id, set)
      let b = PaperFold(id, set.shuffled(using: &random))
      #expect(a.paper == b.paper && a.conflictedNotes == b.conflictedNotes, "seed \(seed)")
      #expect(a.journal == b.journal && a.added == b.added && a.updated == b.updated)
      #expect(a.isListed == b.isListed)
      // Many changes are put together in another way than few.
      let often = PaperFold(id, Array(repeating: set, count: 8).flatMap(\.self))
      #expect(a.paper == often.paper && a.journal == often.journal, "seed \(seed)")
      // What is written in two ways is two things.
      let tags = Set(a.paper.tags)
      #expect(
        tags.isSuperset(of: [Tag(trusted: "\u{E9}"), Tag(trusted: "e\u{301}")]), "seed \(seed)")
      #expect(a.paper.appearances.contains { $0.source.hasBytes(of: "\u{301}") }, "seed \(seed)")
    }
  }

  @Test func anEditThatNobodySawIsInTheJournal() {
    func change(_ ms: Int64, _ device: UInt64, _ value: String, _ seen: [Stamp] = []) -> Change {
      let stamp = Stamp(milliseconds: ms, counter: 0, device: DeviceID(bits: device))
      return Change(
        stamp: stamp, operation: stamp, entity: "p:1", field: "status", value: value, seen: seen)
    }
    let first = change(1, 1, "\"read\"")
    let other = change(2, 2, "\"skipped\"")
    #expect(Merge.register([first, other])?.journal == [first])
    let knowing = change(3, 1, "\"queued\"", [other.stamp])
    #expect(Merge.register([first, other, knowing])?.journal.contains(other) == false)
    let after = change(3, 2, "\"queued\"", [first.stamp])
    #expect(Merge.register([first, after])?.journal == [])
  }

  /// One machine goes back to an old text that another one writes for the first time, while a third
  /// replaces it.
  @Test func aTextOldToOneAuthorAndNewToAnotherIsKept() throws {
    func version(_ ms: Int64, _ device: UInt64, _ text: String, _ seen: [Change] = []) -> Change {
      let stamp = Stamp(milliseconds: ms, counter: 0, device: DeviceID(bits: device))
      let fact = Fact.note(PaperID(trusted: "1"), id: "aaaa", NoteVersion(text: text))
      return Change(
        stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: fact.value,
        seen: seen.map(\.stamp))
    }
    let first = version(1, 1, "old")
    let replaced = version(2, 2, "replaced", [first])
    let (away, back) = (
      version(3, 1, "away", [first]), version(5, 1, "old", [version(3, 1, "away")])
    )
    let elsewhere = version(6, 3, "old")
    let outcome = try #require(NoteMerge.note([first, replaced, away, back, elsewhere]))
    #expect(outcome.heads == [replaced, back, elsewhere].map(\.stamp))
    let lines = outcome.text?.split(separator: "\n") ?? []
    #expect(outcome.conflicted && lines.contains("old") && lines.contains("replaced"))
    // Where nobody wrote it anew, who went back to the old text gives way.
    #expect(NoteMerge.note([first, replaced, away, back])?.text == "replaced")
  }

  @Test func threeWayMergeTakesWhatOneSideChanged() {
    for (base, a, b, expected) in [
      ("1\n2\n3", "1\n2\n3", "1\nx\n3", "1\nx\n3"),
      ("1\n2\n3", "0\n1\n2\n3", "1\n2\n3\n4", "0\n1\n2\n3\n4"),
      ("1\n2\n3", "1\n3", "1\n2\n3\n4", "1\n3\n4"), ("x", "y", "y", "y"), ("", "a", "a", "a"),
    ] {
      let merged = ThreeWay.merge(base: base, a, b)
      #expect(merged.text == expected && !merged.conflicted)
      #expect(ThreeWay.merge(base: base, b, a).text == expected)
    }
    let clash = ThreeWay.merge(base: "1\n2", "1\na", "1\nb")
    #expect(clash.conflicted)
    for part in ["a", "b", NoteMerge.firstMark, NoteMerge.secondMark, NoteMerge.endMark] {
      #expect(clash.text.split(separator: "\n").contains(Substring(part)))
    }
  }

  @Test func differencesAreCommonSubsequences() {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      func lines() -> [Substring] {
        (0..<Int.random(in: 0...12, using: &random)).map { _ in
          ["a", "b", "c", "d"].randomElement(using: &random) ?? "a"
        }
      }
      let (a, b) = (lines(), lines())
      for bound in [0, 1_000_000] {
        let pairs = LineDifference.matches(a, b, bound: bound)
        #expect(pairs.allSatisfy { a[$0.0] == b[$0.1] }, "seed \(seed)")
        for (one, next) in zip(pairs, pairs.dropFirst()) {
          #expect(one.0 < next.0 && one.1 < next.1, "seed \(seed) bound \(bound)")
        }
      }
    }
  }
}

extension Merge {
  fileprivate static func isJournalled(_ changes: [Change]) -> Bool {
    changes.first.map { Registers.standard.merge($0.name).isJournalled } ?? false
  }

  /// By the rule of the register.
  fileprivate static func register(_ changes: [Change]) -> Outcome? {
    register(changes, journalled: isJournalled(changes))
  }
}
