import Changes
import Store
import Transport

/// One remote folder and what one library remembers of it.
package final class SyncLoop: SyncActing {
  private let library: Library
  private let folder: any RemoteFolder
  private let remote: String
  /// What is remembered, as it was when it was last looked at: thousands of devices are not read
  /// again before every step.
  private var known: (state: RemoteState, edition: SyncMemory.Edition)?
  private let random: () -> UInt64

  /// A loop for the remote of this name.
  package init(
    library: Library, folder: any RemoteFolder, remote: String, random: @escaping () -> UInt64
  ) {
    self.library = library
    self.folder = folder
    self.remote = remote
    self.random = random
  }

  /// See ``SyncActing``.
  package func act(_ action: SyncAction) throws -> SyncEvent {
    switch action {
    case .list:
      return .listed(Result { () throws(TransportError) in try folder.list() })
    case .read(let names, let limit):
      let results = folder.read(names, limit: limit)
      return .read(
        names.indices.map { results.indices.contains($0) ? results[$0] : .success(.missing) })
    case .write(let name, let bytes):
      return .done(Self.error { () throws(TransportError) in try folder.write(name, bytes) })
    case .delete(let name):
      return .done(Self.error { () throws(TransportError) in try folder.delete(name) })
    case .recall(let withRuns):
      let (now, edition) = try library.memory { memory in
        (try recalled(memory, withRuns: withRuns), try memory.edition)
      }
      if !withRuns { known = (now, edition) }
      return .remembered(now, isMade: true)
    case .recallOthers(let withRuns):
      return try library.memory { memory in
        let mine = try names(memory).remote
        let others = try RemoteState.remotes(memory).filter { $0.remote != mine }
        return .others(
          try Dictionary(
            others.map { ($0.remote, try RemoteState(memory, $0, withRuns: withRuns)) },
            uniquingKeysWith: { first, _ in first }))
      }
    case .share(let other): return try share(with: other)
    case .remember(let transition): return try remember(transition)
    case .receive(let changes, let stretch, let untaken):
      return try receive(changes, stretch, untaken)
    case .settle(let identity): return try settle(identity)
    case .become(let succession): return try become(succession)
    case .liveOn:
      try library.liveOn()
      return .unchanged
    case .conclude(let conclusion): return .concluded(conclusion)
    }
  }

  /// Where this remote is remembered: under the name it was met by first. Asked each time, for
  /// another process may find out meanwhile that this is another name of a folder.
  private func names(_ memory: SyncMemory) throws -> RemoteState.Names {
    try RemoteState.Names(remote, memory)
  }

  private static func error(_ body: () throws(TransportError) -> Void) -> TransportError? {
    do throws(TransportError) { try body() } catch { return error }
    return nil
  }

  private func recalled(_ memory: SyncMemory, withRuns: Bool = false) throws -> RemoteState {
    if !withRuns, let known, try known.edition == memory.edition { return known.state }
    return try RemoteState(memory, try names(memory), withRuns: withRuns)
  }

  private func remember(_ transition: Transition) throws -> SyncEvent {
    let (now, edition, isMade) = try library.remember { memory in
      let old = try recalled(memory, withRuns: transition.needsRuns)
      var state = old
      let isMade = state.make(transition)
      try state.save(over: old, of: transition.devices, in: &memory, try names(memory))
      state.runs = [:]
      return (state, try memory.edition, isMade)
    }
    // Not before it is committed.
    known = (now, edition)
    return .remembered(now, isMade: isMade)
  }

  private func receive(
    _ changes: [Change], _ stretch: Stretch, _ untaken: Untaken?
  ) throws -> SyncEvent {
    var after = RemoteState()
    var edition: SyncMemory.Edition?
    let result = try library.receive(changes) { memory in
      let old = try recalled(memory)
      after = old
      let places = try changes.compactMap { try memory.place(of: $0.stamp) }
      _ = after.make(.received(places, of: stretch))
      if let untaken { _ = after.make(.passOver(stretch.device, untaken)) }
      try after.save(over: old, of: [stretch.device], in: &memory, try names(memory))
      after.runs = [:]
      edition = try memory.edition
    }
    known = edition.map { (after, $0) }
    return .received(after, result)
  }

  /// What this name remembers and the other does not know is added to it.
  private func share(with other: String) throws -> SyncEvent {
    known = nil
    return try library.remember { memory in
      let (mine, theirs) = (try names(memory), RemoteState.Names(remote: other))
      let state = try RemoteState(memory, mine)
      // Another process of this home found it out at the same time.
      guard mine.remote != other else { return .remembered(state, isMade: false) }
      let old = try RemoteState(memory, theirs)
      var merged = old
      _ = merged.make(.absorb(state))
      try merged.save(over: old, in: &memory, theirs)
      for (name, _) in try memory.all(prefix: mine.remote + "/") { try memory.remove(name) }
      for name in Set([remote, mine.remote]) {
        try memory.set(RemoteState.Names(remote: name)[.same], other)
      }
      return .remembered(merged, isMade: true)
    }
  }

  // MARK: Another id

  private func settle(_ identity: String) throws -> SyncEvent {
    try library.remember { memory in
      // Another process of this home may have done it meanwhile.
      let known = try memory.value(SyncEngine.identityName)
      guard known != identity else { return .unchanged }
      try memory.set(SyncEngine.identityName, identity)
      guard known != nil else { return .unchanged }
      return try become(common: nil, restampingAfter: 0, isSuccessor: false, &memory)
    }
  }

  private func become(_ succession: Succession) throws -> SyncEvent {
    try library.remember { memory in
      let now = try RemoteState(memory, try names(memory))
      guard now.ownLog == succession.seeing.ownLog, now.pending == succession.seeing.pending
      else { return .unchanged }
      return try become(
        common: succession.common, restampingAfter: succession.restampingAfter,
        isSuccessor: true, &memory)
    }
  }

  /// Gives the library a new device id. The old id's log is read from now on like anybody's; what
  /// of our edits is not in the part of it that the folder has as we wrote it is sent under the new
  /// id.
  /// - Parameters:
  ///   - common: that part; nil to believe all of it.
  ///   - isSuccessor: whether nobody lives under the old id any more, as far as is known: a
  ///     library that lives where it did was set back; one that lives elsewhere was copied, and the
  ///     original goes on.
  private func become(
    common: OwnLog?, restampingAfter: Int64, isSuccessor: Bool, _ memory: inout SyncMemory
  ) throws -> SyncEvent {
    let mine = try names(memory).remote
    let new = DeviceID(bits: random())
    let was = try memory.device()
    let remotes = try RemoteState.remotes(memory).map { remote in
      (names: remote, state: try RemoteState(memory, remote, withRuns: true))
    }
    let sent = remotes.reduce(restampingAfter) {
      max($0, $1.state.ownLog.upTo, $1.state.pending?.upTo ?? 0)
    }
    for (remote, old) in remotes {
      // What of it came back to us bears other stamps from now on: the others have it twice.
      let cameBack = try old.received.ranges.contains { range in
        try range.upperBound > sent
          && memory.hasOwnChange(in: max(range.lowerBound, sent + 1)...range.upperBound)
      }
      var state = old
      _ = state.make(
        .leave(to: new, common: remote.remote == mine ? common : nil, rereading: cameBack))
      try state.save(over: old, in: &memory, remote)
    }
    try memory.become(new, restampingAfter: sent, isSuccessor: isSuccessor)
    return .settled(was: was, now: new)
  }
}
