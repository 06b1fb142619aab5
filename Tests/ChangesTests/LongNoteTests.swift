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
