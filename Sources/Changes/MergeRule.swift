import Papers

/// Which of several writes to one register holds, what an edit of it replaces, and what takes an
/// edit back.
package enum MergeRule: Hashable, Sendable {
  /// The last writer's. Journalled: what lost unseen is kept, to be restored.
  case lastWriter(journalled: Bool)
  /// A graph of versions, merged line by line (``NoteMerge``).
  case versions

  /// Whether an edit that lost unseen is listed.
  package var isJournalled: Bool { self == .lastWriter(journalled: true) }

  /// What an edit made now has seen: the one that holds, or all heads of a note. `text` gives the
  /// value of a change that is not read with the register.
  package func heads(
    of register: [Change], text: (Change) throws -> String
  ) rethrows -> [Stamp] {
    switch self {
    case .lastWriter:
      // Beyond the horizon it is not the stamps that tell what is later: all that is there is seen.
      Set(
        register.lazy.map(\.stamp).filter { $0.milliseconds >= StampClock.horizon }
          + [Merge.winner(of: register)?.stamp].compactMap(\.self)
      ).sorted()
    case .versions: try NoteMerge.heads(register, text: text)
    }
  }

  /// Whether a value holds already. `text` gives the value of a change that is not read with the
  /// register.
  package func holds(
    _ value: String, in register: [Change], text: (Change) throws -> String
  ) rethrows -> Bool {
    switch self {
    case .lastWriter:
      guard let winner = Merge.winner(of: register) else { return false }
      return try text(winner).hasBytes(of: value)
    case .versions:
      guard let version = Noted.value(value) else { return false }
      return try NoteMerge.note(register, text: text)?.text.hasBytes(of: version.text)
        ?? (version.text == nil)
    }
  }

  // MARK: Undo

  /// What takes an edit back.
  package enum Step: Hashable, Sendable {
    /// This value, written anew, by somebody who has seen these besides what holds.
    case write(String, settling: [Stamp] = [])
    /// This value, and before it, unseen by it, these edits again: they had lost to another
    /// machine's, and what is taken back had settled that.
    case relist(String, lost: [Change])
    /// Nothing: somebody has changed it since.
    case leave
    /// Nothing: it cannot be taken back, and does no harm.
    case nothing
  }

  /// What takes back the writes of one operation to a register: the value that its author had seen
  /// before it.
  /// - Parameters:
  ///   - written: the operation's changes to the register, in the order they were made.
  ///   - register: all changes to the register.
  ///   - unsaid: the value before anything was said.
  ///   - text: the value of a change.
  package func takingBack(
    _ written: [Change], in register: [Change], unsaid: String?,
    text: (Change) throws -> String
  ) rethrows -> Step {
    guard let first = written.first, let last = written.last else { return .nothing }
    switch self {
    case .lastWriter:
      guard let winner = Merge.winner(of: register) else { return .nothing }
      guard try winner.stamp == last.stamp || text(winner).hasBytes(of: text(last)) else {
        return .leave
      }
      guard let seen = first.seen.last else { return unsaid.map { .write($0) } ?? .nothing }
      guard let before = register.first(where: { $0.stamp == seen }) else { return .leave }
      let lost = try register.filter { first.seen.dropLast().contains($0.stamp) }.map { change in
        var change = change
        change.value = try text(change)
        return change
      }
      if isJournalled, !lost.isEmpty { return .relist(try text(before), lost: lost) }
      let settled = isJournalled && written.count > 1 ? written.map(\.stamp) : []
      return .write(try text(before), settling: settled)
    case .versions:
      guard let version = Noted.value(try text(last)) else { return .leave }
      if let rest = try Self.withdrawing(written, from: register, text) { return .write(rest) }
      let now = try NoteMerge.note(register, text: text)
      guard now?.text.hasBytes(of: version.text) ?? false else { return .leave }
      let before = register.filter { $0.stamp < first.stamp }
      let was = try NoteMerge.note(Self.ancestors(of: first.seen, among: before), text: text)
      return .write(Noted.json(NoteVersion(text: was?.text)))
    }
  }

  /// The note without versions that others were written beside, and that still holds as they made
  /// it together: what the others say stays.
  private static func withdrawing(
    _ written: [Change], from register: [Change], _ text: (Change) throws -> String
  ) rethrows -> String? {
    guard let last = written.last?.stamp, let now = try NoteMerge.note(register, text: text) else {
      return nil
    }
    let then = register.filter { $0.stamp <= last }
    for versions in [register, then] {
      guard let merged = try NoteMerge.note(versions, text: text), merged.heads.count > 1,
        merged.heads.contains(last), merged.text.hasBytes(of: now.text)
      else { continue }
      let stamps = Set(written.map(\.stamp))
      let rest = try NoteMerge.note(versions.filter { !stamps.contains($0.stamp) }, text: text)
      if let rest, !rest.conflicted { return Noted.json(NoteVersion(text: rest.text)) }
    }
    return nil
  }

  /// The versions that led to what the author saw.
  private static func ancestors(of seen: [Stamp], among changes: [Change]) -> [Change] {
    let byStamp = Dictionary(
      changes.map { ($0.stamp, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [Stamp: Change] = [:]
    var queue = seen
    while let stamp = queue.popLast() {
      guard found[stamp] == nil, let change = byStamp[stamp] else { continue }
      found[stamp] = change
      queue += change.seen
    }
    return Array(found.values)
  }
}
