import Changes
import Store

/// Becoming another device when another copy of this library bears the same id.
extension SyncEngine {
  /// Where the library remembers which machine and file it lives in.
  static let identityName = "identity"

  /// Notes where a library that was just made lives, so that a copy taken before its first sync
  /// knows itself for one. Without it the two are told apart by what the folder has of them.
  /// - Throws: ``LibraryError``.
  package static func settle(_ library: Library, identity: String) throws {
    try library.remember { try $0.set(identityName, identity) }
  }

  /// Looks whether the library lives where it did; if not, it was copied, and gets an id of its
  /// own.
  func confirmIdentity() throws {
    guard !weaknesses.contains(.cloneUnnoticed) else { return }
    guard try library.memory({ try $0.value(Self.identityName) }) != identity else { return }
    var change: (was: DeviceID, now: DeviceID)?
    try library.remember { memory in
      // Another process of this home may have done it meanwhile.
      let known = try memory.value(Self.identityName)
      guard known != identity else { return }
      if known != nil { change = try becomeAnother(common: nil, &memory) }
      try memory.set(Self.identityName, identity)
    }
    try reload()
    if let change { note(.newIdentity(was: change.was, now: change.now)) }
  }

  /// Gives the library a new device id. The old id's log is read from now on like anybody's; what
  /// of our edits is not in the part of it that the folder has as we wrote it is sent under the new
  /// id.
  /// - Parameters:
  ///   - common: our log as far as it was found to be as we wrote it.
  ///   - seen: what the judgement rests on; nothing is done where another process of this home has
  ///     moved it.
  /// - Returns: whether it was done.
  func takeNewIdentity(
    common: OwnLog, unlessMoved seen: (ownLog: OwnLog, pending: Run?)
  ) throws -> Bool {
    let names = names
    let change: (was: DeviceID, now: DeviceID)? = try library.remember { memory in
      let now = try RemoteState(memory, names)
      guard now.ownLog == seen.ownLog, now.pending == seen.pending else { return nil }
      return try becomeAnother(common: common, &memory)
    }
    try reload()
    if let change { note(.newIdentity(was: change.was, now: change.now)) }
    return change != nil
  }

  /// - Parameter common: as above; nil to believe all of it.
  private func becomeAnother(
    common: OwnLog?, _ memory: inout SyncMemory
  ) throws -> (was: DeviceID, now: DeviceID) {
    let new = DeviceID(bits: surroundings.random())
    let was = try memory.device()
    var sent: Int64 = 0
    for remote in try Self.remotes(memory) {
      let state = try RemoteState(memory, remote)
      sent = max(sent, state.ownLog.upTo, state.pending?.upTo ?? 0)
      let isThis = remote.remote == names.remote
      try leave(was, for: new, state, isThis ? common : nil, &memory, remote)
    }
    let place = weaknesses.contains(.noRestamping) ? Int64.max : sent
    try memory.become(new, restampingAfter: place)
    return (was, new)
  }

  static func remotes(_ memory: SyncMemory) throws -> [RemoteState.Names] {
    try memory.all(prefix: "").filter { $0.name.hasSuffix("/own") }
      .map { RemoteState.Names(remote: String($0.name.dropLast(4))) }
  }

  /// Closes the log under the old id on one remote.
  private func leave(
    _ old: DeviceID, for new: DeviceID, _ state: RemoteState, _ common: OwnLog?,
    _ memory: inout SyncMemory, _ names: RemoteState.Names
  ) throws {
    let common = common ?? state.ownLog
    var queue = state.queue
    for run in try RemoteState.runs(memory, names) {
      if run.last > common.newest, !weaknesses.contains(.unsentForgotten) {
        queue.formUnion(run.places)
      }
      try memory.remove(names.segment(run.number))
    }
    if let pending = state.pending {
      queue.formUnion(pending.places)
      try memory.remove(names.pending)
    }
    if let last = queue.last, last > state.ownLog.upTo {
      queue.remove((state.ownLog.upTo + 1)...last)
    }
    var ownLog = OwnLog(device: new)
    ownLog.upTo = state.ownLog.upTo
    try memory.set(names.ownLog, ownLog.text)
    try memory.set(names.queue, queue.description)
    let log = PeerLog(applied: common.newest, hash: common.newest > 0 ? common.hash : nil)
    try memory.set(names.peer(old), log.text)
  }
}
