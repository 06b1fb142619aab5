import Changes
import Store

/// Becoming another device when another copy of this library bears the same id.
extension SyncEngine {
  /// Where the library remembers which machine and file it lives in.
  static let identityName = "identity"

  /// Looks whether the library lives where it did; if not, it was copied, and gets an id of its own.
  func confirmIdentity() throws {
    guard !weaknesses.contains(.cloneUnnoticed) else { return }
    let known = try library.memory { try $0.value(Self.identityName) }
    if known == identity { return }
    if known != nil { try takeNewIdentity(common: nil) }
    try library.remember { try $0.set(Self.identityName, identity) }
  }

  /// Gives the library a new device id. The old id's log is read from now on like anybody's; what of
  /// our edits is not in the part of it that the folder has as we wrote it is sent under the new id.
  /// - Parameter common: our log as far as it was found to be as we wrote it; nil to believe all of it.
  func takeNewIdentity(common: OwnLog?) throws {
    let new = DeviceID(bits: surroundings.random())
    let (names, was) = (names, state.own.device)
    try library.remember { memory in
      let was = try memory.device()
      var sent: Int64 = 0
      for remote in try Self.remotes(memory) {
        let state = try RemoteState(memory, remote)
        sent = max(sent, state.own.upTo, state.pending?.upTo ?? 0)
        let isThis = remote.remote == names.remote
        try leave(was, for: new, state, isThis ? common : nil, &memory, remote)
      }
      let place = weaknesses.contains(.noRestamping) ? Int64.max : sent
      try memory.become(new, restampingAfter: place)
    }
    try reload()
    note(.newIdentity(was: was, now: new))
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
    let common = common ?? state.own
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
    if let last = queue.last, last > state.own.upTo { queue.remove((state.own.upTo + 1)...last) }
    var own = OwnLog(device: new)
    own.upTo = state.own.upTo
    try memory.set(names.own, own.text)
    try memory.set(names.queue, queue.description)
    let log = PeerLog(applied: common.newest, hash: common.newest > 0 ? common.hash : nil)
    try memory.set(names.peer(old), log.text)
  }
}
