import Changes
import Papers
import Sealing
import Store

/// What a library remembers of one remote, each under its own name in ``SyncMemory`` so that it can
/// be written in the transaction of the changes it speaks of. Everything is prefixed by the
/// remote's name.
///
///     header           the folder's header as it was last believed
///     sealing          the header that a change of the passphrase here is about to put there
///     own              this device's log there
///     root             where a folder of this machine lay
///     aside/DEVICE     what of another device's log was passed over: see `Untaken`
///     hole/DEVICE      segments of another device's log that were passed over and are asked for
///     covered/DEVICE   segments of it that nobody needs: their changes stand in another log
///     covers           segments of others that ours stands for, and whether it was told
///     complaint        what of others we need and cannot read, as it was told to them
///     complaint-sight  what stands for the bytes that were read of it, and the head's excess
///     heard            the lengths of heads whose complaints do not concern us
///     begun            what the folder shows of runs of others that are not there to their ends
///     held             who holds up the removal of old segments, and for how long: see `Held`
///     look             what a listing told of the writing of our log: see `LogVersions`
///     same             the other name under which all of this is kept: one folder, two addresses
///     met              where asking a crowd of devices stopped
///     met-crowd        how far asking a crowd is: see `Crowd`
///     hidden           how many looks in a row a listing was not worth asking for
///     compacted        how many files our log had when it was last put together
///     listed           how many bytes of it a listing shows: see `ListedSize`
///     queue            places of our log to be sent again
///     got              places after `upTo` that came from this remote and need not be sent to it
///     pending          the segment about to be written
///     pending-writer   what names the process that last began to write it
///     segment/NUMBER   each segment we wrote, with what its bytes can be made from again
///     peer/DEVICE      how much of another device's log was applied
package struct RemoteState: Hashable {
  package var header: String?
  /// The header that a change of the passphrase here was about to put there.
  var sealing: String?
  /// Kept under `own`.
  package var ownLog: OwnLog
  var listed: ListedSize?
  package var queue = PlaceSet()
  /// Kept under `got`.
  package var received = PlaceSet()
  package var pending: Run?
  var writer: String?
  /// Where a folder of this machine lay.
  var root: String?
  package var peers: [DeviceID: PeerLog] = [:]
  /// Where asking a crowd of strangers stopped. Kept under `met`.
  var lastMet: DeviceID?
  /// How far asking them is. Kept under `met-crowd`.
  var crowd = Crowd()
  /// How many looks in a row a listing was not worth asking for, or not asked for because of that:
  /// see `SyncEngine.isListingWorthIt`. Kept under `hidden`.
  var poorLooks = 0
  /// How many files our log had when it was last put together. Kept under `compacted`.
  var compacted: Int?
  /// What of other devices' logs this build could not take. Kept under `aside`.
  var untaken: [DeviceID: [Untaken]] = [:]
  /// Segments of other devices' logs that were passed over. Kept under `hole`.
  var holes: [DeviceID: PlaceSet] = [:]
  /// Segments of others whose changes stand in another log. Kept under `covered`.
  var covered: [DeviceID: PlaceSet] = [:]
  /// Segments of others that cannot be read, and whose changes our log holds.
  var covers = Covers()
  /// What of others we need and cannot read, as our head tells it.
  var complaint: [DeviceID: PlaceSet] = [:]
  /// What stands for the bytes that were read of it. Kept under `complaint-sight`.
  var sight: UInt64 = 0
  /// By how many bytes our head is longer for it: see ``DeviceHead/excess``. Kept with it.
  var excess = 0
  /// The lengths of heads whose complaints do not concern us.
  var heard: [DeviceID: Int] = [:]
  /// What stands for what the folder showed of a device's log behind what we have, when a run was
  /// read there whose end was missing.
  var begun: [DeviceID: Int] = [:]
  /// Who holds up the removal of our old segments.
  var held: [DeviceID: Held] = [:]
  /// What a listing told of the writing of our log. Kept under `look`.
  var versions: LogVersions?
  /// The runs of our log by the number of their first part: all of them where they were asked for,
  /// else those that were added.
  var runs: [UInt64: Run] = [:]

  /// Where everything of a remote is kept.
  struct Names {
    let remote: String

    init(remote: String) { self.remote = remote }

    /// Where a remote is remembered that may be another name of a folder met before.
    init(_ remote: String, _ memory: SyncMemory) throws {
      self.init(remote: remote)
      if let first = try memory.value(same) { self.init(remote: first) }
    }

    /// The other names of a folder that was met by this one first.
    static func sharing(_ remote: String, _ memory: SyncMemory) throws -> [Names] {
      try memory.all(prefix: "")
        .filter { $0.name.hasSuffix(Self.sameEnd) && $0.value.hasBytes(of: remote) }
        .map { Names(remote: String($0.name.dropLast(Self.sameEnd.count))) }
    }

    /// A name for what is known of a removed remote, which no person can give. Of those that were
    /// removed before and not met again so many are kept, the newest.
    static func removed(_ memory: inout SyncMemory) throws -> Names {
      var numbers = try RemoteState.remotes(memory).compactMap { names in
        names.isRemoved ? Int(names.remote.dropFirst(removedStart.count)) : nil
      }.sorted()
      let next = (numbers.last ?? 0) + 1
      while numbers.count >= 8 {
        let oldest = Names(remote: removedStart + String(numbers.removeFirst()))
        guard try sharing(oldest.remote, memory).isEmpty else { continue }
        for (name, _) in try memory.all(prefix: oldest.remote + "/") { try memory.remove(name) }
      }
      return Names(remote: removedStart + String(next))
    }

    var isRemoved: Bool { remote.hasPrefix(Self.removedStart) }

    fileprivate static let removedStart = "removed "
    private static let sameEnd = "/same"

    /// The name under which this folder was met before.
    var same: String { remote + Self.sameEnd }
    var header: String { remote + "/header" }
    var sealing: String { remote + "/sealing" }
    var ownLog: String { remote + "/own" }
    var listed: String { remote + "/listed" }
    var queue: String { remote + "/queue" }
    var received: String { remote + "/got" }
    var pending: String { remote + "/pending" }
    var writer: String { remote + "/pending-writer" }
    /// Where a folder of this machine lay.
    var root: String { remote + "/root" }
    var lastMet: String { remote + "/met" }
    var crowd: String { remote + "/met-crowd" }
    var poorLooks: String { remote + "/hidden" }
    var compacted: String { remote + "/compacted" }
    var holes: String { remote + "/hole/" }
    var covered: String { remote + "/covered/" }
    var covers: String { remote + "/covers" }
    var complaint: String { remote + "/complaint" }
    var sight: String { remote + "/complaint-sight" }
    var heard: String { remote + "/heard" }
    var begun: String { remote + "/begun" }
    var held: String { remote + "/held" }
    var versions: String { remote + "/look" }
    /// In the order of names all else comes before: that is read before every step, and these may
    /// be many.
    var segments: String { remote + "/segment/" }
    var peers: String { remote + "/peer/" }

    func segment(_ number: UInt64) -> String {
      let digits = String(number)
      return segments + String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    }

    /// Before ``segments`` in order.
    var untaken: String { remote + "/aside/" }

    func untaken(_ device: DeviceID) -> String { untaken + device.description }

    func peer(_ device: DeviceID) -> String { peers + device.description }
  }

  /// Whether there may be a segment of ours.
  var hasWritten: Bool { !ownLog.isEmpty || pending != nil }

  /// Of a remote never met.
  init() { ownLog = OwnLog(device: DeviceID(bits: 0)) }

  init(_ memory: SyncMemory, _ names: Names, withRuns: Bool = false) throws {
    var ownLog: OwnLog?
    // In one query: this is read before every step.
    let peersLength = names.peers.count
    for (name, value) in try memory.all(prefix: names.remote + "/", before: names.segments) {
      switch name {
      case names.header: header = value
      case names.sealing: sealing = value
      case names.ownLog: ownLog = OwnLog(value)
      case names.listed: listed = ListedSize(value)
      case names.queue: queue = PlaceSet(value)
      case names.received: received = PlaceSet(value)
      case names.pending: pending = Run(value)
      case names.writer: writer = value
      case names.root: root = value
      case names.lastMet: lastMet = DeviceID(value)
      case names.crowd: crowd = Crowd(value)
      case names.poorLooks: poorLooks = Int(value) ?? 0
      case names.compacted: compacted = Int(value)
      case names.covers: covers = Covers(value)
      case names.complaint: complaint = [DeviceID: PlaceSet](remembered: value)
      case names.sight:
        let parts = Substring(value).fields()
        sight = parts.first.flatMap { UInt64($0) } ?? 0
        excess = parts.count > 1 ? min(511, max(0, Int(parts[1]) ?? 0)) : 0
      case names.heard: heard = [DeviceID: Int](remembered: value)
      case names.begun: begun = [DeviceID: Int](remembered: value)
      case names.held: held = [DeviceID: Held](remembered: value)
      case names.versions: versions = LogVersions(value)
      case _ where name.hasPrefix(names.holes):
        guard let device = DeviceID(name.dropFirst(names.holes.count)) else { continue }
        holes[device] = PlaceSet(value)
      case _ where name.hasPrefix(names.covered):
        guard let device = DeviceID(name.dropFirst(names.covered.count)) else { continue }
        covered[device] = PlaceSet(value)
      case _ where name.hasPrefix(names.untaken):
        guard let device = DeviceID(name.dropFirst(names.untaken.count)) else { continue }
        untaken[device] = Substring(value).fields(by: ",").compactMap { Untaken($0) }
      default:
        guard name.hasPrefix(names.peers), let log = PeerLog(value),
          let device = DeviceID(name.dropFirst(peersLength))
        else { continue }
        peers[device] = log
      }
    }
    self.ownLog = try ownLog ?? Self.newLog(memory)
    guard withRuns else { return }
    for (_, text) in try memory.all(prefix: names.segments) {
      if let run = Run(text) { runs[run.number] = run }
    }
  }

  /// Our log where we meet a folder: its numbers go on from those of the remotes that were removed,
  /// of which it may be one that was set up anew.
  private static func newLog(_ memory: SyncMemory) throws -> OwnLog {
    let device = try memory.device()
    var last: UInt64 = 0
    for (name, value) in try memory.all(prefix: Names.removedStart) {
      if name.hasSuffix("/own"), let log = OwnLog(value), log.device == device {
        last = max(last, log.newest)
      } else if name.hasSuffix("/pending"), let run = Run(value) {
        last = max(last, run.last)
      }
    }
    return OwnLog(device: device, after: last)
  }

  /// The remotes of which anything of our log is remembered.
  static func remotes(_ memory: SyncMemory) throws -> [Names] {
    try memory.all(prefix: "").filter { $0.name.hasSuffix("/own") }
      .map { Names(remote: String($0.name.dropLast(4))) }
  }

  /// Writes what differs from what is kept.
  /// - Parameter devices: whose entries may differ; nil for all. Of thousands of devices a step
  ///   moves one.
  func save(
    over old: RemoteState, of devices: Set<DeviceID>? = nil, in memory: inout SyncMemory,
    _ names: Names
  ) throws {
    func keep(_ name: String, _ text: String?) throws {
      guard let text else { return try memory.remove(name) }
      try memory.set(name, text)
    }
    if header != old.header { try keep(names.header, header) }
    if ownLog != old.ownLog { try keep(names.ownLog, ownLog.text) }
    if listed != old.listed { try keep(names.listed, listed?.text) }
    if queue != old.queue { try keep(names.queue, queue.description) }
    if sealing != old.sealing { try keep(names.sealing, sealing) }
    if received != old.received { try keep(names.received, received.description) }
    if pending != old.pending { try keep(names.pending, pending?.text) }
    if writer != old.writer { try keep(names.writer, writer) }
    if root != old.root { try keep(names.root, root) }
    if crowd != old.crowd { try keep(names.crowd, crowd.text) }
    if lastMet != old.lastMet { try keep(names.lastMet, lastMet?.description) }
    if poorLooks != old.poorLooks { try keep(names.poorLooks, "\(poorLooks)") }
    if compacted != old.compacted { try keep(names.compacted, compacted.map { "\($0)" }) }
    for device in devices ?? Set(peers.keys).union(old.peers.keys)
    where peers[device] != old.peers[device] {
      try keep(names.peer(device), peers[device]?.text)
    }
    for device in devices ?? Set(untaken.keys).union(old.untaken.keys)
    where untaken[device] != old.untaken[device] {
      let text = untaken[device].map { $0.map(\.text).joined(separator: ",") }
      try keep(names.untaken(device), text)
    }
    try keepMissing(over: old, of: devices, names, keep)
    for (number, run) in runs where run != old.runs[number] {
      try keep(names.segment(number), run.text)
    }
    for number in old.runs.keys where runs[number] == nil { try keep(names.segment(number), nil) }
  }
}

extension RemoteState {
  private func keepMissing(
    over old: RemoteState, of devices: Set<DeviceID>?, _ names: Names,
    _ keep: (String, String?) throws -> Void
  ) throws {
    for (now, before, name) in [
      (holes, old.holes, names.holes), (covered, old.covered, names.covered),
    ] {
      for device in devices ?? Set(now.keys).union(before.keys) where now[device] != before[device]
      {
        try keep(name + device.description, now[device]?.description)
      }
    }
    if covers != old.covers { try keep(names.covers, covers.text) }
    if complaint != old.complaint {
      try keep(names.complaint, complaint.isEmpty ? nil : complaint.remembered)
    }
    if (sight, excess) != (old.sight, old.excess) {
      try keep(names.sight, "\(sight) \(excess)")
    }
    if heard != old.heard { try keep(names.heard, heard.isEmpty ? nil : heard.remembered) }
    if begun != old.begun { try keep(names.begun, begun.isEmpty ? nil : begun.remembered) }
    if held != old.held { try keep(names.held, held.isEmpty ? nil : held.remembered) }
    if versions != old.versions { try keep(names.versions, versions?.text) }
  }

  /// Where our head says that our log starts: whoever believes it reads nothing before, so not
  /// until all of what was put together is stored.
  var startToTell: UInt64 { ownLog.isStartStored && queue.isEmpty ? ownLog.start : 1 }

  /// What is still to be sent of a library whose log ends there: what this remote has not got from
  /// us.
  func unsent(upTo end: Int64) -> PlaceSet {
    var places = queue
    if end > ownLog.upTo {
      var fresh = PlaceSet((ownLog.upTo + 1)...end)
      fresh.subtract(received)
      places.formUnion(fresh)
    }
    return places
  }
}

extension Substring {
  /// The parts between separators. By bytes: what is remembered is read at every step of a sync.
  func fields(by separator: Unicode.Scalar = " ", atMost count: Int = .max) -> [Substring] {
    utf8.split(separator: UInt8(ascii: separator), maxSplits: count - 1).map { Substring($0) }
  }
}
