import Changes
import Sealing
import Transport

/// Where a log is begun.
extension SyncEngine {
  /// Applies a log from `number` on, or from where it starts, if that is ahead: where a server
  /// removes nothing, or somebody was away, all stays there that was put together since.
  /// - Returns: whether it stopped at a file that is there and cannot be used.
  func follow(_ device: DeviceID, from number: UInt64) throws -> Bool {
    guard let head = try headAhead(of: device, number),
      let run = try startingRun(of: device, at: head.log)
    else { return try pull(device, from: number) }
    try take(run, of: device)
    let isStuck = try pull(device, from: run.log.applied + 1)
    guard state.wholeUpTo(device) < head.newest else { return isStuck }
    // What the folder lost of it may still stand in what it was put together from.
    return try pull(device, from: number)
  }

  /// The head of a device whose log goes on for long after `number`, where it says that the log
  /// starts after that. Only the device's own head counts: it is sealed, and written when all of
  /// the log is stored; `peers` may tell a start whose log its writer died over.
  private func headAhead(of device: DeviceID, _ number: UInt64) throws -> DeviceHead? {
    let named = round.look.named
    let told = max(
      round.look.segments[device]?.last ?? 0, named?.newest(of: device) ?? 0,
      named?.logs[device] ?? 0)
    // A chain that was broken is read as it stands: a twin may have written what comes before.
    guard told >= number + mostWalked, !reread.contains(device),
      let head = try round.heads[device] ?? readHead(of: device)
    else { return nil }
    try meet(head.peers)
    return head.log > number ? head : nil
  }

  /// The run that a log starts with, if its own first line says so: a head may be old, and what is
  /// passed over for another reason is asked for for ever.
  private func startingRun(
    of device: DeviceID, at start: UInt64
  ) throws -> LogReader.ReadRun? {
    var reader = LogReader(device, from: start)
    while true {
      switch reader.take(try read(RemoteLayout.segment(device, reader.next)), segmentKeys) {
      case .part: continue
      case .run(let run): return run.segment.opening.log == start ? run : nil
      default: return nil
      }
    }
  }
}
