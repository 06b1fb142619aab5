import Changes
import Papers

/// What the journal and the notes must show in the end, worked out from what each person had before
/// them when they edited; not from what the program wrote down of it (`Change.seen`).
struct EditModel {
  /// What a person had before them of some registers when they read them; of the others nothing.
  typealias Reading = [RegisterName: Set<Written>]

  /// One edit, and which edits of the same register its author had before them.
  private struct Edit {
    var written: Written
    var known: Set<Written>
  }

  private var edits: [RegisterName: [Edit]] = [:]
  /// What the operations of a life wrote, by their words.
  private var operations: [String: Set<Written>] = [:]

  private static func rule(_ name: RegisterName) -> MergeRule { Registers.standard.merge(name) }

  private static func isModelled(_ name: RegisterName) -> Bool {
    rule(name).isJournalled || rule(name) == .versions
  }

  /// What a library holds of some registers.
  static func reading(
    _ names: [RegisterName], entries: (String) throws -> [Change]
  ) rethrows -> Reading {
    var reading: Reading = [:]
    for name in names {
      reading[name] = Set(try entries(name.entity).filter { $0.name == name }.map(Written.init))
    }
    return reading
  }

  /// Takes note of an edit, and looks whether it holds on its own machine.
  /// - Parameters:
  ///   - undone: the words of the operations taken back, where it was an undo.
  ///   - reading: what its author had read before, where they did not look within the same transaction.
  ///   - entries: all changes to an entity on that machine, after the edit.
  /// - Returns: what is wrong.
  mutating func note(
    _ changes: [Change], words: String, undoing undone: [String], reading: Reading?,
    entries: (String) throws -> [Change]
  ) rethrows -> [String] {
    var problems: [String] = []
    let new = Set(changes.map(Written.init))
    for change in changes { operations[words, default: []].insert(Written(change)) }
    for change in changes where Self.isModelled(change.name) {
      let register = try entries(change.entity).filter { $0.name == change.name }
      let before = register.filter {
        $0.stamp != change.stamp && ($0.stamp < change.stamp || !new.contains(Written($0)))
      }
      let known = reading.map { $0[change.name] ?? [] } ?? Set(before.map(Written.init))
      edits[change.name, default: []].append(Edit(written: Written(change), known: known))
      if let latest = before.max(by: { $0.stamp < $1.stamp }), latest.stamp > change.stamp {
        problems.append("an edit made after seeing \(latest.value) loses to it: \(change)")
      }
      // What two copies of a machine each sent under an id of its own came after it was read. Two
      // machines may do the same at the same time, too.
      let doubles = Dictionary(grouping: before, by: Written.init).filter { $0.value.count > 1 }
      let seen = doubles.isEmpty ? [] : Self.seen(by: change, among: before)
      let read = before.filter {
        known.contains(Written($0)) && (doubles[Written($0)] == nil || seen.contains($0.stamp))
      }
      problems += noteProblems(change, read + [change])
      if !undone.isEmpty { problems += undoProblems(change, before, undone) }
    }
    return problems
  }

  /// What the author of a change has seen, as the changes tell it.
  private static func seen(by change: Change, among others: [Change]) -> Set<Stamp> {
    let byStamp = Dictionary(others.map { ($0.stamp, $0.seen) }) { first, _ in first }
    var seen = Set<Stamp>()
    var queue = change.seen
    while let stamp = queue.popLast() {
      if seen.insert(stamp).inserted { queue += byStamp[stamp] ?? [] }
    }
    return seen
  }

  /// Who edits a note replaces all of it that they saw.
  private func noteProblems(_ change: Change, _ register: [Change]) -> [String] {
    guard
      Self.rule(change.name) == .versions, let version = Noted.value(change.value),
      let now = NoteMerge.note(register), !now.text.hasBytes(of: version.text)
    else { return [] }
    return ["a note reads otherwise than it was just written: \(change) \(now)"]
  }

  /// An undo leaves alone what somebody has changed since.
  private func undoProblems(
    _ change: Change, _ before: [Change], _ undone: [String]
  ) -> [String] {
    guard Self.rule(change.name) != .versions, undone.count == 1, let own = operations[undone[0]],
      let latest = before.max(by: { $0.stamp < $1.stamp })
    else { return [] }
    let isOwn = own.contains {
      $0.name == latest.name && $0.value == ByteText(latest.value)
    }
    return isOwn ? [] : ["an undo overrules \(latest.value): \(change)"]
  }

  // MARK: In the end

  /// What is told of an edit in the journal that need not be there.
  static let needless = "in the journal although everybody later had seen it"

  /// Compares the journal with what it must hold.
  /// - Parameters:
  ///   - held: all changes of the library.
  ///   - journal: the edits that are listed as lost.
  func journalProblems(_ held: [Change], journal: Set<Written>) -> [String] {
    var problems: [String] = []
    for (register, changes) in registers(held) where Self.rule(register).isJournalled {
      guard let edits = matched(changes, register),
        let winner = changes.max(by: { $0.stamp < $1.stamp })
      else { continue }
      for change in changes where change.stamp != winner.stamp {
        let lost = Written(change)
        let isSeen = edits.values.contains { $0.contains(lost) }
        if !isSeen, !change.value.hasBytes(of: winner.value), !journal.contains(lost) {
          problems.append("lost and not in the journal: \(change)")
        }
        let isBeaten = changes.contains {
          $0.stamp > change.stamp && edits[Written($0)]?.contains(lost) == false
        }
        // Undoing the settlement of a conflict lists it again: said anew, at its own time.
        let isListedAgain = changes.contains {
          $0.stamp < change.stamp && $0.time == change.at && $0.value.hasBytes(of: change.value)
        }
        if !isBeaten, !isListedAgain, journal.contains(lost) {
          problems.append("\(Self.needless): \(change)")
        }
      }
    }
    return problems
  }

  /// What stands only in versions of a note that nobody saw when they edited must be in its text.
  func noteProblems(_ held: [Change]) -> [String] {
    var problems: [String] = []
    for (register, changes) in registers(held) where Self.rule(register) == .versions {
      guard let edits = matched(changes, register), let note = NoteMerge.note(changes) else {
        continue
      }
      let present = Set(Self.lines(note.text))
      for change in changes where !edits.values.contains(where: { $0.contains(Written(change)) }) {
        let others = changes.filter { $0.stamp != change.stamp }.flatMap(Self.lines)
        let lost = Set(Self.lines(change)).subtracting(others).subtracting(present)
        if !lost.isEmpty { problems.append("a note lost \(lost): \(change) in \(note)") }
      }
    }
    return problems
  }

  private static func lines(_ change: Change) -> [ByteText] {
    lines(Noted.value(change.value)?.text)
  }

  private static func lines(_ text: String?) -> [ByteText] {
    (text ?? "").utf8.split(separator: 0x0A).map { ByteText(String(Substring($0))) }
  }

  private func registers(_ held: [Change]) -> [(RegisterName, [Change])] {
    Dictionary(grouping: held, by: \.name).filter { Self.isModelled($0.key) }
      .map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
  }

  /// What each author of the changes had before them; nil where it cannot be told, because twins
  /// wrote the same at the same time.
  private func matched(_ changes: [Change], _ register: RegisterName) -> [Written: Set<Written>]? {
    var known: [Written: Set<Written>] = [:]
    for edit in edits[register] ?? [] {
      guard known.updateValue(edit.known, forKey: edit.written) == nil else { return nil }
    }
    let written = changes.map(Written.init)
    guard Set(written).count == written.count, written.allSatisfy({ known[$0] != nil }) else {
      return nil
    }
    let held = Set(written)
    return known.filter { held.contains($0.key) }
  }
}
