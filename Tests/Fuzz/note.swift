// fuzz: URLText Papers JSONText Filters Changes
import Papers

@testable import Changes

/// Versions of one note, written by several machines that see each other's by chance. What they add
/// up to is a function of their set, and no line that somebody wrote and nobody saw goes away.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNote(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var choices = Choices(start, count)
  var life = NoteLife()
  while !choices.isEmpty, life.changes.count < 12 { life.step(&choices) }
  life.checkLaws(&choices)
  return 0
}

struct NoteLife {
  private(set) var changes: [Change] = []
  private var texts: [Stamp: String] = [:]
  private var known: [Set<Stamp>] = [[], [], []]

  /// One machine hears of some versions, and writes its own over what it knows.
  mutating func step(_ choices: inout Choices) {
    let machine = choices.choose(3)
    let heard = choices.choose(256)
    for (index, change) in changes.enumerated() where heard >> (index % 8) & 1 == 1 {
      // Whoever hears of a version has heard of what it replaced: logs are read in order.
      known[machine].formUnion(ancestry(of: change.stamp))
    }
    let mine = changes.filter { known[machine].contains($0.stamp) }
    let before = NoteMerge.note(mine)
    let text = choices.choose(9) == 0 ? nil : edited(before?.text ?? "", &choices)
    let stamp = Stamp(
      milliseconds: Int64(changes.count + 1), counter: 0, device: DeviceID(bits: UInt64(machine)))
    let fact = Fact.note(PaperID(trusted: "1"), id: "aaaa", NoteVersion(text: text))
    changes.append(
      Change(
        stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: fact.value,
        seen: before?.heads ?? []))
    texts[stamp] = text
    known[machine].insert(stamp)
  }

  private func ancestry(of stamp: Stamp) -> Set<Stamp> {
    var found = Set<Stamp>()
    var queue = [stamp]
    while let next = queue.popLast() {
      guard found.insert(next).inserted else { continue }
      queue += changes.first { $0.stamp == next }?.seen ?? []
    }
    return found
  }

  /// A few lines put in, taken out or changed: from a small alphabet, so that texts meet.
  private func edited(_ text: String, _ choices: inout Choices) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0...choices.choose(3) {
      let at = choices.choose(lines.count + 1)
      let line = Self.alphabet[choices.choose(Self.alphabet.count)]
      switch choices.choose(3) {
      case 0: lines.insert(line + "\(changes.count)", at: at)
      case 1: if at < lines.count { lines[at] = line }
      default: if at < lines.count { lines.remove(at: at) }
      }
    }
    return lines.joined(separator: "\n")
  }

  private static let alphabet = ["a", "b", "c", "", "灯", NoteMerge.firstMark, NoteMerge.secondMark]

  func checkLaws(_ choices: inout Choices) {
    guard let outcome = NoteMerge.note(changes) else {
      check(changes.isEmpty, "nothing of \(changes.count) versions")
      return
    }
    check(NoteMerge.note(changes.reversed()) == outcome, "another order, another note")
    check(NoteMerge.note(changes + changes) == outcome, "twice the same is not the same")
    let half = changes.count / 2
    check(NoteMerge.note(Array(changes[half...] + changes[..<half])) == outcome, "another order")
    checkHeads(outcome)
    checkNoLineIsLost(outcome)
  }

  private func checkHeads(_ outcome: NoteMerge.Outcome) {
    let replaced = Set(changes.flatMap(\.seen))
    check(Set(outcome.heads) == Set(changes.map(\.stamp)).subtracting(replaced), "other heads")
    check((outcome.text == nil) == outcome.heads.allSatisfy { texts[$0] == nil }, "an edit is gone")
    if outcome.heads.count == 1 { check(outcome.text == texts[outcome.heads[0]], "another text") }
  }

  /// A line of a head that stands in no version its author had seen is new: it must be in the note.
  private func checkNoLineIsLost(_ outcome: NoteMerge.Outcome) {
    guard let text = outcome.text else { return }
    let kept = Set(text.split(separator: "\n", omittingEmptySubsequences: false))
    for head in outcome.heads {
      var old = Set<Substring>()
      for stamp in ancestry(of: head) where stamp != head {
        old.formUnion((texts[stamp] ?? "").split(separator: "\n", omittingEmptySubsequences: false))
      }
      let own = (texts[head] ?? "").split(separator: "\n", omittingEmptySubsequences: false)
      for line in own where !line.isEmpty && !old.contains(line) {
        check(kept.contains(line), "“\(line)” of \(head) is lost in “\(text)”")
      }
    }
  }
}
