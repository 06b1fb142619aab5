import Changes
import Sealing
import Store

/// Who is waited for before old segments go.
extension SyncEngine {
  /// Whether nobody is waited for any more before our log goes up to `number`: every living device
  /// says in its head that it has applied that, or has not moved for long. Removing loses nothing
  /// to anybody, for what matters stands in the log again; but who is not far behind goes on where
  /// it is, and need not read all of it.
  func isConfirmed(upTo number: UInt64) throws -> Bool {
    let retired = try retired()
    let living = state.peers.keys.filter { !retired.contains($0) }.sorted()
    let known = living.filter { state.held[$0] != nil }
    let asked = inTurn(known, atMost: Self.mostHeads)
    var isHeld = known.contains { !asked.contains($0) && !isOver(state.held[$0]) }
    for device in asked where try holdsUp(device, number) { isHeld = true }
    // Where that says it already, only a few are asked besides: whose time is to be counted too.
    let others = living.filter { state.held[$0] == nil }
    for device in inTurn(others, atMost: isHeld ? Self.mostHeads : others.count)
    where try holdsUp(device, number) {
      return false
    }
    return !isHeld
  }

  /// So many heads are read in a sync of those who are known to hold us up.
  private static let mostHeads = 8

  /// Some of many, others whenever our log has grown.
  private func inTurn(_ devices: [DeviceID], atMost count: Int) -> [DeviceID] {
    guard devices.count > count else { return devices }
    let first = Int(state.ownLog.newest % UInt64(devices.count))
    return Array((devices[first...] + devices[..<first]).prefix(count))
  }

  private func isOver(_ held: Held?) -> Bool { held.map { $0.waited >= patience } ?? false }

  /// Whether a device is still waited for.
  private func holdsUp(_ device: DeviceID, _ number: UInt64) throws -> Bool {
    let head = try readHead(of: device)
    let before = state.held[device]
    if let head, head.applied[state.ownLog.device] ?? 0 >= number {
      if before != nil { try remember(.held(device, nil)) }
      return false
    }
    let moved = (head?.applied.values ?? [:].values)
      .reduce(max(head?.newest ?? 0, state.peers[device]?.applied ?? 0), &+)
    var now = before ?? Held(moved: moved, now: surroundings.now())
    now.see(moved: moved, at: surroundings.now())
    if now != before { try remember(.held(device, now)) }
    // Of an id that never showed anything there is nothing to tell.
    if isOver(now), !isOver(before), moved > 0 { note(.waitedLong(machine: machine(device))) }
    return !isOver(now)
  }
}
