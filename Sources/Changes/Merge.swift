import Papers

/// Which of several changes to one register holds, and which lost without having been seen.
///
/// Laws, property-tested in MergeTests. Merge is a function of the *set* of changes, so it is
/// * commutative and associative: the order in which changes arrive does not matter;
/// * idempotent: a change that arrives again does not matter;
/// * total: of any non-empty set exactly one change holds: the greatest stamp of those that no
///   other change has seen. Where clocks are what they should be that is the greatest stamp, for a
///   change has a greater one than all it has seen; but who writes after seeing a stamp from beyond
///   ``StampClock/horizon`` cannot have a greater one, and wins for having seen it.
///
/// A change L is in the journal when some greater change was written by an author who had not seen
/// anything as late as L, and nobody who saw L replaced it on purpose. Stamps are a hybrid logical
/// clock, so "had seen nothing as late as L" is: every stamp in its `seen` is less than L.
package enum Merge {
  /// The outcome for one register.
  package struct Outcome: Hashable, Sendable {
    /// The change that holds.
    package var winner: Change
    /// Edits that lost to a concurrent edit, ascending; each could be restored.
    package var journal: [Change]
  }

  /// Merges the changes to one register; nil for none. `changes` may hold repetitions.
  package static func register(_ changes: [Change], journalled: Bool) -> Outcome? {
    guard let winner = winner(of: changes) else { return nil }
    guard journalled, changes.count > 1, !isOneAfterTheOther(changes) else {
      return Outcome(winner: winner, journal: [])
    }
    return Outcome(winner: winner, journal: journal(of: changes, winner: winner))
  }

  /// The change that holds; nil for none.
  package static func winner(of changes: [Change]) -> Change? {
    guard let latest = changes.max(by: { $0.stamp < $1.stamp }) else { return nil }
    guard changes.contains(where: { $0.stamp != latest.stamp && $0.seen.contains(latest.stamp) })
    else { return latest }
    var replaced = Set<Stamp>()
    for change in changes {
      for stamp in change.seen where stamp != change.stamp { replaced.insert(stamp) }
    }
    // Each may say that it has seen another: then none is later.
    return changes.filter { !replaced.contains($0.stamp) }.max { $0.stamp < $1.stamp } ?? latest
  }

  /// Changes to one register of which not all values were read, as a fold looks at them: the one
  /// that holds has its value, and so have others whose values are short; those of the rest are
  /// that one or another.
  package static func comparable(
    _ changes: [Change], _ text: (Change) throws -> String
  ) rethrows -> [Change] {
    guard changes.contains(where: \.value.isEmpty), let winner = winner(of: changes) else {
      return changes
    }
    let value = try text(winner)
    let another = value.hasBytes(of: "0") ? "1" : "0"
    var changes = changes
    for index in changes.indices where changes[index].value.isEmpty {
      let own = try text(changes[index])
      let isKept = own.utf8.count <= shortValue
      changes[index].value = isKept ? own : own.hasBytes(of: value) ? value : another
    }
    return changes
  }

  /// Numbers and truths, of which a fold may need more than the one that holds, are no longer.
  private static let shortValue = 64

  /// Whether each author saw the change before, as on one machine: then none lost unseen. So it is
  /// with most registers, and this is seen without the sets that a journal takes.
  private static func isOneAfterTheOther(_ changes: [Change]) -> Bool {
    zip(changes, changes.dropFirst()).allSatisfy { $0.stamp < $1.stamp && $1.seen.last == $0.stamp }
  }

  private static func journal(of changes: [Change], winner: Change) -> [Change] {
    var replaced = Set<Stamp>()
    for change in changes { replaced.formUnion(change.seen) }
    var lost: [Change] = []
    // From the latest back: the least that any later author had seen of the register.
    var leastSeen: Stamp?
    var later: Stamp?
    for change in changes.sorted(by: { $0.stamp > $1.stamp }) where change.stamp != later {
      if later != nil, leastSeen.map({ $0 < change.stamp }) ?? true,
        !replaced.contains(change.stamp), !change.value.hasBytes(of: winner.value)
      {
        lost.append(change)
      }
      let seen = change.seen.last
      if later == nil {
        leastSeen = seen
      } else {
        leastSeen = Self.earlier(leastSeen, seen)
      }
      later = change.stamp
    }
    return lost.reversed()
  }

  /// The earlier of two; nil is "saw nothing", the earliest of all.
  private static func earlier(_ a: Stamp?, _ b: Stamp?) -> Stamp? {
    guard let a, let b else { return nil }
    return min(a, b)
  }
}
