import Papers
import TestSupport
import Testing

@testable import Changes

/// Notes whose versions are many or long: what is merged is bounded, and what is read late is
/// merged as if it had been there.
@Suite struct LongNoteTests {
  private static let field = "note:aaaa"

  private static func version(
    _ milliseconds: Int64, on device: UInt64, _ text: String?, seeing seen: [Change] = []
  ) -> Change {
    let stamp = Stamp(milliseconds: milliseconds, counter: 0, device: DeviceID(bits: device))
    return Change(
      stamp: stamp, operation: stamp, entity: "p:1", field: field,
      value: Noted.json(NoteVersion(text: text)), seen: seen.map(\.stamp))
  }

  /// Lines of 64 bytes.
  private static func lines(_ count: Int, _ word: Character = "x") -> String {
    String(repeating: String(repeating: word, count: 63) + "\n", count: count)
  }

  @Test func longTextsAreMergedByLinesUpToABound() throws {
    let base = Self.version(1, on: 1, Self.lines(20_000))
    let first = Self.version(2, on: 1, "first\n" + Self.lines(20_000), seeing: [base])
    let second = Self.version(2, on: 2, Self.lines(20_000) + "second\n", seeing: [base])
    let merged = try #require(NoteMerge.note([base, first, second]))
    #expect(merged.text == "first\n" + Self.lines(20_000) + "second\n" && !merged.conflicted)
    // Twice as long they are beyond it.
    let long = Self.version(3, on: 1, "first\n" + Self.lines(40_000), seeing: [first])
    let other = Self.version(4, on: 2, Self.lines(40_000) + "second\n", seeing: [second])
    for set in [[base, first, second, long, other], [other, second, long, base, first]] {
      let held = try #require(NoteMerge.note(set))
      #expect(
        held.text == Self.lines(40_000) + "second\n\n" + NoteMerge.tooLongMark && held.conflicted)
      #expect(held.heads == [long.stamp, other.stamp])
    }
    // An edit that has seen both settles it.
    let settled = Self.version(5, on: 2, "short", seeing: [long, other])
    let whole = try #require(NoteMerge.note([base, first, second, long, other, settled]))
    #expect(whole.text == "short" && !whole.conflicted)
  }

  @Test func equalLongTextsAreOne() throws {
    let text = Self.lines(90_000)
    let held = try #require(
      NoteMerge.note([Self.version(1, on: 1, text), Self.version(2, on: 2, text)]))
    #expect(held.text == text && !held.conflicted && held.heads.count == 2)
  }

  @Test func aLineForEveryByteIsNotMergedByLines() throws {
    let first = String(repeating: "\n", count: NoteMerge.mostLines - 10)
    let held = try #require(
      NoteMerge.note([Self.version(1, on: 1, first), Self.version(2, on: 2, first + "b")]))
    #expect(held.conflicted && held.text == first + "b\n" + NoteMerge.tooLongMark)
  }

  /// A base that is too long to look at is none.
  @Test func aLongBaseIsNone() throws {
    let base = Self.version(1, on: 1, Self.lines(90_000))
    let held = try #require(
      NoteMerge.note([
        base, Self.version(2, on: 1, "a", seeing: [base]),
        Self.version(2, on: 2, "b", seeing: [base]),
      ]))
    #expect(
      held.text
        == [NoteMerge.firstMark, "a", NoteMerge.secondMark, "b", NoteMerge.endMark]
        .joined(separator: "\n"))
  }

  /// The more were written at the same time, the fewer bytes and lines each may have.
  @Test func manyTextsAreMergedByLinesUpToABound() throws {
    func note(_ heads: UInt64, lines: Int) throws -> NoteMerge.Outcome {
      let text = String(repeating: "\n", count: lines - 1)
      return try #require(
        NoteMerge.note((1...heads).map { Self.version(2, on: $0, text + "\($0)") }))
    }
    // 362 times 361 lines are as many as there may be.
    let merged = try note(362, lines: 1)
    #expect(merged.left == [] && merged.conflicted && merged.heads.count == 362)
    #expect((1...362).allSatisfy { merged.text?.contains("\n\($0)\n") ?? false })
    for (heads, lines) in [(363, 1), (120, 10), (60_000, 1)] as [(UInt64, Int)] {
      let held = try note(heads, lines: lines)
      let text = String(repeating: "\n", count: lines - 1) + "\(heads)\n"
      #expect(held.text == text + NoteMerge.tooLongMark && held.conflicted)
      #expect(held.left.count == Int(heads) - 1 && held.left == held.heads.dropLast())
    }
    // A base that would be gone through each time counts as often.
    let long = String(repeating: "\n", count: 70_000) + "end"
    let base = Self.version(1, on: 4, long)
    let texts = ["1\nend", "end\n2", "3\nend"]
    let three = texts.enumerated().map { Self.version(2, on: UInt64($0), $1, seeing: [base]) }
    #expect(NoteMerge.note([base] + three)?.text == NoteMerge.note(three)?.text)
    let other = Self.version(2, on: 5, long + "\n2", seeing: [base])
    #expect(NoteMerge.note([base, three[0], other])?.text == "1\nend\n2")
  }

  /// A long history that many go on from is looked through once for each.
  @Test func aLongHistoryIsLookedThroughUpToABound() throws {
    var versions = [Self.version(1, on: 1, "a\nb")]
    for index in 2...20_000 as ClosedRange<Int64> {
      versions.append(Self.version(index, on: 1, "a\nb\(index)", seeing: [versions.last!]))
    }
    func note(_ heads: UInt64) throws -> NoteMerge.Outcome {
      let heads = (2...heads + 1).map {
        Self.version(30_000, on: $0, "a\($0)\nb20000", seeing: [versions.last!])
      }
      return try #require(NoteMerge.note(versions + heads))
    }
    #expect(try note(20).left == [])
    #expect(try note(60).left.count == 59)
  }

  /// What texts have in common is what it always was: the latest version that all before and this
  /// one descend from.
  @Test func basesAreThoseOfAllThatWasMergedBefore() {
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      var versions: [Change] = []
      for index in 0..<Int64.random(in: 2...14, using: &random) {
        let seen = versions.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
        let words = ["a", "b", "c", "d"].map { "\($0)\(Int.random(in: 0...2, using: &random))" }
        versions.append(
          Self.version(
            index, on: UInt64.random(in: 1...4, using: &random), words.joined(separator: "\n"),
            seeing: seen))
      }
      #expect(NoteMerge.note(versions)?.text == Self.merged(versions), "seed \(seed)")
    }
  }

  /// A note by the definition.
  private static func merged(_ versions: [Change]) -> String? {
    let byStamp = Dictionary(uniqueKeysWithValues: versions.map { ($0.stamp, $0) })
    func text(_ stamp: Stamp) -> String {
      byStamp[stamp].flatMap { Noted.value($0.value)?.text } ?? ""
    }
    func ancestors(_ stamp: Stamp) -> Set<Stamp> {
      (byStamp[stamp]?.seen ?? []).reduce(into: [stamp]) { $0.formUnion(ancestors($1)) }
    }
    let seen = Set(versions.flatMap(\.seen))
    let heads = byStamp.keys.filter { !seen.contains($0) }.sorted()
    var groups: [[Stamp]] = []
    for head in heads {
      if let place = groups.firstIndex(where: { text($0[0]) == text(head) }) {
        groups[place].append(head)
      } else {
        groups.append([head])
      }
    }
    guard var merged = groups.first.map({ text($0[0]) }) else { return nil }
    for index in groups.indices.dropFirst() {
      let all = groups[...index].joined().map { ancestors($0) }
      let base = all.dropFirst().reduce(all[0]) { $0.intersection($1) }.max()
      merged = ThreeWay.merge(base: base.map(text) ?? "", merged, text(groups[index][0])).text
    }
    return merged
  }

  /// No text is asked for twice as often as there are versions and heads, however many they are.
  @Test func textsAreAskedForOneByOne() throws {
    let base = Self.version(1, on: 1, "a\nb")
    let heads = (1...200).map { Self.version(2, on: $0, "a\nb\($0)", seeing: [base]) }
    var asked = 0
    let late = ([base] + heads).map { change in
      var change = change
      change.value = ""
      return change
    }
    let values = Dictionary(uniqueKeysWithValues: ([base] + heads).map { ($0.stamp, $0.value) })
    let merged = NoteMerge.note(late) { change in
      asked += 1
      return values[change.stamp] ?? ""
    }
    #expect(merged == NoteMerge.note([base] + heads))
    #expect(asked <= 201 + 3 * 200)
  }

  @Test func papersFoldTheSameWhereValuesAreReadLate() {
    for seed in 1...400 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let set = MergeLawTests.changesToAPaper(seed)
      let values = Dictionary(
        set.map { (Written(field: ByteText($0.field), stamp: $0.stamp), $0.value) },
        uniquingKeysWith: { first, _ in first })
      let late = set.map { change in
        var change = change
        if Bool.random(using: &random) { change.value = "" }
        return change
      }
      let id = PaperID(trusted: "1")
      let now = PaperFold(id, set)
      let then = PaperFold(id, late, .standard, room: [0, 3, .max].randomElement(using: &random)!) {
        values[Written(field: ByteText($0.field), stamp: $0.stamp)] ?? ""
      }
      var paper = now.paper
      for index in paper.notes.indices where then.unreadNotes.contains(paper.notes[index].id) {
        paper.notes[index].text = ""
      }
      #expect(then.paper == paper && then.conflictedNotes == now.conflictedNotes, "seed \(seed)")
      #expect(then.journal.map(\.stamp) == now.journal.map(\.stamp), "seed \(seed)")
      #expect(then.added == now.added && then.updated == now.updated, "seed \(seed)")
      #expect(then.isListed == now.isListed && then.content == now.content, "seed \(seed)")
    }
  }

  private struct Written: Hashable {
    var field: ByteText
    var stamp: Stamp
  }
}
