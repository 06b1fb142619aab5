import Changes
import Papers
import Sealing
import Store

/// What a library remembers of one remote, each under its own name in ``SyncMemory`` so that it can
/// be written in the transaction of the changes it speaks of: `REMOTE/PART`, `REMOTE/PART/DEVICE`,
/// and `REMOTE/segment/NUMBER` for each segment we wrote, with what its bytes can be made from
/// again.
package struct RemoteState: Hashable {
  package var header: String?
  /// The header that a change of the passphrase here was about to put there.
  var sealing: String?
  package var ownLog: OwnLog
  var listed: ListedSize?
  package var queue = PlaceSet()
  package var received = PlaceSet()
  package var pending: Run?
  var writer: String?
  /// Where a folder of this machine lay.
  var root: String?
  package var peers: [DeviceID: PeerLog] = [:]
  /// Where asking a crowd of strangers stopped.
  var lastMet: DeviceID?
  /// How far asking them is.
  var crowd = Crowd()
  /// How many looks in a row a listing was not worth asking for, or not asked for because of that:
  /// see `SyncEngine.isListingWorthIt`.
  var poorLooks = 0
  /// How many files our log had when it was last put together.
  var compacted: Int?
  /// What of other devices' logs this build could not take.
  var untaken: [DeviceID: [Untaken]] = [:]
  /// Segments of other devices' logs that were passed over.
  var holes: [DeviceID: PlaceSet] = [:]
  /// Segments of others whose changes stand in another log.
  var covered: [DeviceID: PlaceSet] = [:]
  /// Segments of others that cannot be read, and whose changes our log holds.
  var covers = Covers()
  /// What of others we need and cannot read, as our head tells it.
  var complaint: [DeviceID: PlaceSet] = [:]
  /// What stands for the bytes that were read of it.
  var sight: UInt64 = 0
  /// By how many bytes our head is longer for it: see ``DeviceHead/excess``.
  var excess = 0
  /// The lengths of heads whose complaints do not concern us.
  var heard: [DeviceID: Int] = [:]
  /// What stands for what the folder showed of a device's log behind what we have, when that was
  /// nothing but the beginning of a run.
  var begun: [DeviceID: Int] = [:]
  /// Who holds up the removal of our old segments.
  var held: [DeviceID: Held] = [:]
  /// What a listing told of the writing of our log.
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
      if let first = try memory.value(self[.same]) { self.init(remote: first) }
    }

    /// The other names of a folder that was met by this one first.
    static func sharing(_ remote: String, _ memory: SyncMemory) throws -> [Names] {
      try all(with: .same, in: memory).filter { $0.value.hasBytes(of: remote) }.map(\.names)
    }

    /// The remotes of which a part is kept.
    fileprivate static func all(
      with part: Part, in memory: SyncMemory, _ start: String = ""
    ) throws -> [(names: Names, value: String)] {
      try memory.all(prefix: start).compactMap { name, value in
        let names = Names(remote: String(name.dropLast(part.rawValue.count + 1)))
        return name.hasBytes(of: names[part]) ? (names, value) : nil
      }
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

    subscript(_ part: Part) -> String { remote + "/" + part.rawValue }

    subscript(_ part: PartOfDevice, _ device: DeviceID) -> String {
      remote + "/" + part.rawValue + "/" + device.description
    }

    /// In the order of names all else comes before: that is read before every step, and these may
    /// be many.
    var segments: String { remote + "/segment/" }

    func segment(_ number: UInt64) -> String {
      let digits = String(number)
      return segments + String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    }
  }

  /// What is kept of a remote in one value each.
  enum Part: String {
    /// The folder's header as it was last believed.
    case header
    /// The header that a change of the passphrase here is about to put there.
    case sealing
    /// This device's log there.
    case ownLog = "own"
    /// Where a folder of this machine lay.
    case root
    /// Segments of others that ours stands for, and whether it was told.
    case covers
    /// What of others we need and cannot read, as it was told to them.
    case complaint
    /// What stands for the bytes that were read of it, and the head's excess.
    case sight = "complaint-sight"
    /// The lengths of heads whose complaints do not concern us.
    case heard
    /// What the folder shows of runs of others that are not there to their ends.
    case begun
    /// Who holds up the removal of old segments, and for how long: see `Held`.
    case held
    /// What a listing told of the writing of our log: see `LogVersions`.
    case versions = "look"
    /// The other name under which all of this is kept: one folder, two addresses.
    case same
    /// Where asking a crowd of devices stopped.
    case lastMet = "met"
    /// How far asking a crowd is: see `Crowd`.
    case crowd = "met-crowd"
    /// How many looks in a row a listing was not worth asking for.
    case poorLooks = "hidden"
    /// How many files our log had when it was last put together.
    case compacted
    /// How many bytes of it a listing shows: see `ListedSize`.
    case listed
    /// Places of our log to be sent again.
    case queue
    /// Places after `upTo` that came from this remote and need not be sent to it.
    case received = "got"
    /// The segment about to be written.
    case pending
    /// What names the process that last began to write it.
    case writer = "pending-writer"
  }

  /// What is kept of each other device's log.
  enum PartOfDevice: String {
    /// What of it was passed over: see `Untaken`.
    case untaken = "aside"
    /// Segments of it that were passed over and are asked for.
    case hole
    /// Segments of it that nobody needs: their changes stand in another log.
    case covered
    /// How much of it was applied.
    case peer
  }

  /// Whether there may be a segment of ours.
  var hasWritten: Bool { !ownLog.isEmpty || pending != nil }

  /// Of a remote never met.
  init() { ownLog = OwnLog(device: Self.nobody) }

  /// An id that no device has.
  private static let nobody = DeviceID(bits: 0)

  init(_ memory: SyncMemory, _ names: Names, withRuns: Bool = false) throws {
    self.init()
    // In one query: this is read before every step.
    let start = names.remote.utf8.count + 1
    for (name, value) in try memory.all(prefix: names.remote + "/", before: names.segments) {
      let parts = Substring(name.utf8.dropFirst(start)).fields(by: "/", atMost: 2)
      if parts.count == 1, let part = Part(rawValue: String(parts[0])) {
        recall(part, value)
      } else if parts.count == 2, let part = PartOfDevice(rawValue: String(parts[0])),
        let device = DeviceID(parts[1])
      {
        recall(part, of: device, value)
      }
    }
    if ownLog.device == Self.nobody { ownLog = try Self.newLog(memory) }
    guard withRuns else { return }
    for (_, text) in try memory.all(prefix: names.segments) {
      if let run = Run(text) { runs[run.number] = run }
    }
  }

  private mutating func recall(_ part: Part, _ value: String) {
    switch part {
    case .header: header = value
    case .sealing: sealing = value
    case .ownLog:
      if let log = OwnLog(value) { ownLog = log }
    case .listed: listed = ListedSize(value)
    case .queue: queue = PlaceSet(value)
    case .received: received = PlaceSet(value)
    case .pending: pending = Run(value)
    case .writer: writer = value
    case .root: root = value
    case .lastMet: lastMet = DeviceID(value)
    case .crowd: crowd = Crowd(value)
    case .poorLooks: poorLooks = Int(value) ?? 0
    case .compacted: compacted = Int(value)
    case .covers: covers = Covers(value)
    case .complaint: complaint = [DeviceID: PlaceSet](remembered: value)
    case .sight:
      let parts = Substring(value).fields()
      sight = parts.first.flatMap { UInt64($0) } ?? 0
      excess = parts.count > 1 ? min(511, max(0, Int(parts[1]) ?? 0)) : 0
    case .heard: heard = [DeviceID: Int](remembered: value)
    case .begun: begun = [DeviceID: Int](remembered: value)
    case .held: held = [DeviceID: Held](remembered: value)
    case .versions: versions = LogVersions(value)
    case .same: break
    }
  }

  private mutating func recall(_ part: PartOfDevice, of device: DeviceID, _ value: String) {
    switch part {
    case .hole: holes[device] = PlaceSet(value)
    case .covered: covered[device] = PlaceSet(value)
    case .untaken:
      untaken[device] = Substring(value).fields(by: ",").compactMap { Untaken($0) }
    case .peer: peers[device] = PeerLog(value)
    }
  }

  /// Our log where we meet a folder: its numbers go on from those of the remotes that were removed,
  /// of which it may be one that was set up anew.
  private static func newLog(_ memory: SyncMemory) throws -> OwnLog {
    let device = try memory.device()
    var last: UInt64 = 0
    let start = Names.removedStart
    for (_, value) in try Names.all(with: .ownLog, in: memory, start) {
      if let log = OwnLog(value), log.device == device { last = max(last, log.newest) }
    }
    for (_, value) in try Names.all(with: .pending, in: memory, start) {
      if let run = Run(value) { last = max(last, run.last) }
    }
    return OwnLog(device: device, after: last)
  }

  /// The remotes of which anything of our log is remembered.
  static func remotes(_ memory: SyncMemory) throws -> [Names] {
    try Names.all(with: .ownLog, in: memory).map(\.names)
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
    if header != old.header { try keep(names[.header], header) }
    if ownLog != old.ownLog { try keep(names[.ownLog], ownLog.text) }
    if listed != old.listed { try keep(names[.listed], listed?.text) }
    if queue != old.queue { try keep(names[.queue], queue.description) }
    if sealing != old.sealing { try keep(names[.sealing], sealing) }
    if received != old.received { try keep(names[.received], received.description) }
    if pending != old.pending { try keep(names[.pending], pending?.text) }
    if writer != old.writer { try keep(names[.writer], writer) }
    if root != old.root { try keep(names[.root], root) }
    if crowd != old.crowd { try keep(names[.crowd], crowd.text) }
    if lastMet != old.lastMet { try keep(names[.lastMet], lastMet?.description) }
    if poorLooks != old.poorLooks { try keep(names[.poorLooks], "\(poorLooks)") }
    if compacted != old.compacted { try keep(names[.compacted], compacted.map { "\($0)" }) }
    for device in devices ?? Set(peers.keys).union(old.peers.keys)
    where peers[device] != old.peers[device] {
      try keep(names[.peer, device], peers[device]?.text)
    }
    for device in devices ?? Set(untaken.keys).union(old.untaken.keys)
    where untaken[device] != old.untaken[device] {
      let text = untaken[device].map { $0.map(\.text).joined(separator: ",") }
      try keep(names[.untaken, device], text)
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
    for (now, before, part) in [
      (holes, old.holes, PartOfDevice.hole), (covered, old.covered, .covered),
    ] {
      for device in devices ?? Set(now.keys).union(before.keys) where now[device] != before[device]
      {
        try keep(names[part, device], now[device]?.description)
      }
    }
    if covers != old.covers { try keep(names[.covers], covers.text) }
    if complaint != old.complaint {
      try keep(names[.complaint], complaint.isEmpty ? nil : complaint.remembered)
    }
    if (sight, excess) != (old.sight, old.excess) {
      try keep(names[.sight], "\(sight) \(excess)")
    }
    if heard != old.heard { try keep(names[.heard], heard.isEmpty ? nil : heard.remembered) }
    if begun != old.begun { try keep(names[.begun], begun.isEmpty ? nil : begun.remembered) }
    if held != old.held { try keep(names[.held], held.isEmpty ? nil : held.remembered) }
    if versions != old.versions { try keep(names[.versions], versions?.text) }
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
