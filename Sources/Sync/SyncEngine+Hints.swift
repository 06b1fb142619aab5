import Changes
import Sealing
import Store
import Transport

/// The hints that make finding faster: `peers` and heads. Losing, tearing or overwriting them costs
/// time, never data.
extension SyncEngine {
  // MARK: The list of devices

  /// A list that is torn is asked for once more: somebody may be writing it.
  func readPeers() -> PeerList? {
    for _ in 0..<2 {
      guard case .success(.found(let bytes)) = read(RemoteLayout.peers, PeerList.maximumLength)
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
      look.named = look.named ?? readPeers()
      if let named = look.named, ownLog.isNamed(in: named, state.peers, lists: look.lists) { break }
      try writePeers(ownLog, in: look.named)
      look.named = readPeers()
    }
    guard let named = look.named, named.devices.contains(ownLog.device), !ownLog.isListed else {
      return
    }
    try remember { state, memory, names in
      state.ownLog.isListed = true
      try memory.set(names.ownLog, state.ownLog.text)
    }
  }

  /// Writes the list. It is in clear, but whoever does not know the folder's passphrase writes
  /// nothing there.
  /// - Returns: whether the server says that it is done.
  @discardableResult
  private func writePeers(_ ownLog: OwnLog, in list: PeerList?) throws -> Bool {
    _ = try keys()
    return (try? folder.write(RemoteLayout.peers, listing(ownLog, in: list).bytes)) != nil
  }

  /// The list with what it should say of us.
  private func listing(_ ownLog: OwnLog, in list: PeerList?) -> PeerList {
    let known = weaknesses.contains(.peersOverwritten) ? nil : list
    var (logs, newest) = (known?.logs ?? [:], known?.newest ?? [:])
    if ownLog.isStartStored { logs[ownLog.device] = ownLog.start }
    // Not told any more, its owner will look whether the folder lost it: nobody else can.
    for (device, tip) in lostTips where newest[device] == tip { newest[device] = nil }
    // A listing shows it better.
    newest[ownLog.device] = look.lists ? nil : ownLog.tip
    var devices = (known?.devices ?? []) + [ownLog.device]
    if !look.lists, !weaknesses.contains(.peersOverwritten) {
      devices += state.peers.filter { $0.value.applied > 0 }.keys
    }
    return PeerList(devices, logs: logs, newest: newest)
  }

  /// Remembers devices not met before; returns them.
  @discardableResult
  func rememberPeers(_ devices: some Sequence<DeviceID>) throws -> Set<DeviceID> {
    let fresh = Set(devices).subtracting(state.peers.keys).subtracting([state.ownLog.device])
    guard !fresh.isEmpty, state.peers.count + fresh.count <= Segment.maximumPeers else { return [] }
    try remember { state, memory, names in
      for device in fresh where state.peers[device] == nil {
        state.peers[device] = PeerLog()
        try memory.set(names.peer(device), PeerLog().text)
      }
    }
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
    if look.lists {
      let isLoud = weaknesses.contains(.notQuiet)
      if now != then || isFirst || isLoud || !look.heads.contains(state.ownLog.device) {
        try writeHead(now)
      }
      return
    }
    // Where nothing is listed `peers` tells our newest segment; a head for that alone is a request
    // too many.
    (then.newest, then.hash, now.newest, now.hash) = (0, [], 0, [])
    if now != then || isFirst { try writeHead(currentHead()) }
    // Others may have written `peers` while we sent for long, or joined together with us.
    if isFirst || state.ownLog.newest > before.newest + 1 { look.named = nil }
    if look.named?.devices.contains(state.ownLog.device) != true {
      try join()
    } else if let named = look.named,
      !state.ownLog.isNamed(in: named, state.peers, lists: false)
        || lostTips.contains(where: { named.newest[$0.key] == $0.value })
    {
      // Read back only after an error: it names us already, and another request a sync is too many.
      if try !writePeers(state.ownLog, in: named) {
        look.named = nil
        try join()
      }
    }
    // It may have been the last this machine does: what nobody can find is not delivered.
    if state.ownLog.newest > 0, look.named?.devices.contains(state.ownLog.device) != true {
      problem(.unnamed)
    }
  }

  /// A head is a hint: it is not read back, and failing to write it fails nothing.
  func writeHead(_ head: DeviceHead) throws {
    let bytes = try head.sealed(device: state.ownLog.device, with: keys())
    try? folder.write(RemoteLayout.head(state.ownLog.device), bytes)
  }

  /// Writes our head and the list of devices anew where they are there no more, or cannot be read.
  func writeLostHints() throws {
    if readHead(of: state.ownLog.device) == nil { try writeHead(currentHead()) }
    guard readPeers() == nil else { return }
    let known = PeerList(state.peers.filter { $0.value.applied > 0 }.keys.sorted())
    try writePeers(state.ownLog, in: known)
  }

  func readHead(of device: DeviceID) -> DeviceHead? {
    guard case .success(.found(let bytes)) = read(RemoteLayout.head(device)) else { return nil }
    // Not the keys of the header we know: perhaps of the one that is there now.
    guard let keys = try? keys() else {
      isHeaderDoubtful = true
      return nil
    }
    do throws(SegmentError) {
      return try DeviceHead(opening: bytes, device: device, with: keys)
    } catch {
      // Written under another header: who set up the folder last overwrote ours, and may never see
      // a segment of ours that makes us look.
      if error == .otherLibrary { isHeaderDoubtful = true }
      return nil
    }
  }
}
