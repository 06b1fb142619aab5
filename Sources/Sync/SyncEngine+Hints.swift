import Changes
import Sealing
import Store
import Transport

/// The hints that make finding faster: `peers` and heads. Losing, tearing or overwriting them costs
/// time, never data.
extension SyncEngine {
  // MARK: The list of devices

  /// A list that is torn is asked for once more: somebody may be writing it.
  func readPeers() throws -> PeerList? {
    for _ in 0..<2 {
      guard case .success(.found(let bytes)) = try read(RemoteLayout.peers, PeerList.maximumLength)
      else { return nil }
      if let list = try? PeerList(bytes) { return list }
    }
    return nil
  }

  /// Writes ourselves into the list of devices, whoever else does the same. Of the others only the
  /// names of those whose segments we have, where nothing else shows them, and nothing of their
  /// logs: each device that does not find itself and its newest segment there knows from it that
  /// the folder was lost.
  func join() throws {
    let ownLog = state.ownLog
    for _ in 0..<3 {
      round.look.named = try round.look.named ?? readPeers()
      if let named = round.look.named,
        ownLog.isNamed(in: named, state.peers, lists: round.look.lists)
      {
        break
      }
      try writePeers(ownLog, in: round.look.named)
      round.look.named = try readPeers()
    }
    guard let named = round.look.named, named.devices.contains(ownLog.device), !ownLog.isListed
    else {
      return
    }
    try remember(.named)
  }

  /// Writes the list. It is in clear, but whoever does not know the folder's passphrase writes
  /// nothing there.
  /// - Returns: whether the server says that it is done.
  @discardableResult
  private func writePeers(_ ownLog: OwnLog, in list: PeerList?) throws -> Bool {
    _ = try keys()
    return try write(RemoteLayout.peers, listing(ownLog, in: list).bytes) == nil
  }

  /// The list with what it should say of us.
  private func listing(_ ownLog: OwnLog, in list: PeerList?) -> PeerList {
    var (logs, newest) = (list?.logs ?? [:], list?.newest ?? [:])
    if ownLog.isStartStored { logs[ownLog.device] = ownLog.start }
    // Not told any more, its owner will look whether the folder lost it: nobody else can.
    for (device, tip) in round.lostTips where newest[device] == tip { newest[device] = nil }
    // A listing shows it better.
    newest[ownLog.device] = round.look.lists ? nil : ownLog.tip
    var devices = (list?.devices ?? []) + [ownLog.device]
    if !round.look.lists {
      devices += state.peers.filter { $0.value.applied > 0 }.keys
    }
    return PeerList(devices, logs: logs, newest: newest)
  }

  /// Remembers devices not met before; returns them.
  @discardableResult
  func rememberPeers(_ devices: some Sequence<DeviceID>) throws -> Set<DeviceID> {
    let fresh = Set(devices).subtracting(state.peers.keys).subtracting([state.ownLog.device])
    guard !fresh.isEmpty, state.peers.count + fresh.count <= Segment.maximumPeers else { return [] }
    try remember(.meet(fresh.sorted()))
    return fresh
  }

  // MARK: Heads

  /// What our head should say now.
  func currentHead() -> DeviceHead {
    DeviceHead(
      log: state.ownLog.start, newest: state.ownLog.newest, hash: state.ownLog.hash,
      name: surroundings.machineName, peers: state.peers.keys.sorted(),
      applied: state.peers.compactMapValues { $0.applied > 0 ? $0.applied : nil })
  }

  /// Says in `peers` and in our head what is new of us.
  /// - Parameters:
  ///   - before: what our head said when the sync began.
  ///   - isFirst: whether this device joins the folder in this sync.
  func announce(before: DeviceHead, isFirst: Bool) throws {
    // Another process of this home may have gone further.
    try reload()
    var (then, now) = (before, currentHead())
    if round.look.lists {
      if now != then || isFirst || !round.look.heads.contains(state.ownLog.device) {
        try writeHead(now)
      }
      return
    }
    // Where nothing is listed `peers` tells our newest segment; a head for that alone is a request
    // too many.
    (then.newest, then.hash, now.newest, now.hash) = (0, [], 0, [])
    if now != then || isFirst { try writeHead(currentHead()) }
    // Others may have written `peers` while we sent for long, or joined together with us.
    if isFirst || state.ownLog.newest > before.newest + 1 { round.look.named = nil }
    if round.look.named?.devices.contains(state.ownLog.device) != true {
      try join()
    } else if let named = round.look.named,
      !state.ownLog.isNamed(in: named, state.peers, lists: false)
        || round.lostTips.contains(where: { named.newest[$0.key] == $0.value })
    {
      // Read back only after an error: it names us already, and another request a sync is too many.
      if try !writePeers(state.ownLog, in: named) {
        round.look.named = nil
        try join()
      }
    }
    // It may have been the last this machine does: what nobody can find is not delivered.
    if state.ownLog.newest > 0, round.look.named?.devices.contains(state.ownLog.device) != true {
      problem(.unnamed)
    }
  }

  /// A head is a hint: it is not read back, and failing to write it fails nothing.
  func writeHead(_ head: DeviceHead) throws {
    let bytes = try head.sealed(device: state.ownLog.device, with: keys())
    _ = try write(RemoteLayout.head(state.ownLog.device), bytes)
  }

  /// Writes our head and the list of devices anew where they are there no more, or cannot be read.
  func writeLostHints() throws {
    if try readHead(of: state.ownLog.device) == nil { try writeHead(currentHead()) }
    guard try readPeers() == nil else { return }
    let known = PeerList(state.peers.filter { $0.value.applied > 0 }.keys.sorted())
    try writePeers(state.ownLog, in: known)
  }

  func readHead(of device: DeviceID) throws -> DeviceHead? {
    guard case .success(.found(let bytes)) = try read(RemoteLayout.head(device)) else { return nil }
    // Not the keys of the header we know: perhaps of the one that is there now.
    guard let keys = try? keys() else {
      round.isHeaderDoubtful = true
      return nil
    }
    do throws(SegmentError) {
      return try DeviceHead(opening: bytes, device: device, with: keys)
    } catch {
      // Written under another header: who set up the folder last overwrote ours, and may never see
      // a segment of ours that makes us look.
      if error == .otherLibrary { round.isHeaderDoubtful = true }
      return nil
    }
  }
}
