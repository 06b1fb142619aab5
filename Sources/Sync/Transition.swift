import Changes
import Sealing

/// One move of what is remembered of a remote. Each is made on the state as it stands in the
/// transaction, which another process may have moved since it was looked at: so each says what it
/// rests on, and is not made where that no longer holds.
package enum Transition: Hashable {
  /// The folder is met for the first time.
  case join(header: String)
  /// Another header says the same of the same keys.
  case believe(header: String)
  /// A header with another seal is about to be written; nil where it does not stand there.
  case seal(header: String?)
  /// Where a folder of this machine lies.
  case root(String)
  /// Devices that were not met before.
  case meet([DeviceID])
  /// Devices that were not met before, in the place of all of which nothing was ever opened.
  case meetInstead([DeviceID])
  /// So many of a crowd of devices were asked: see ``Crowd/ask(_:before:of:now:)``.
  case asked(Int, before: String, of: Int, now: String)
  /// A device's log is to be read from its start.
  case reread(DeviceID)
  /// What of a device's log was passed over because that build could not take it is asked for
  /// again.
  case takeAgain(DeviceID)
  /// What of a device's log this build cannot take.
  case passOver(DeviceID, Untaken)
  /// What the folder shows of a device's newest segment was looked at.
  case mark(DeviceID, seeing: PeerLog, String)
  /// Changes that stand at these places came, and with them a stretch of a device's log.
  case received([Int64], of: Stretch)
  /// Segments of a device that somebody has read and that are not shown.
  case want(DeviceID, PlaceSet)
  /// These segments of others are passed over for good: their changes stand in another log.
  case covered([DeviceID: PlaceSet])
  /// These segments of others cannot be read, and our log holds their changes.
  case cover([DeviceID: PlaceSet])
  /// What of others we need and cannot read is told to them, with what stands for the bytes that
  /// were read of it, and by how much that makes our head longer.
  case complain([DeviceID: PlaceSet], UInt64, Int)
  /// What a head of this length complains of does not concern us.
  case heard(DeviceID, Int?)
  /// This stands for what the folder shows of a run that is not there to its end.
  case begun(DeviceID, Int)
  /// A device holds up the removal of our old segments; nil when it does no more.
  case held(DeviceID, Held?)
  /// What a listing tells of the writing of our log, and how often that was a false alarm.
  case versions(LogVersions)

  /// A run is about to be written.
  case begin(Run, seeing: OwnLog, by: String)
  /// A run that another process began is about to be written.
  case takeOver(Run, from: String?, by: String)
  /// A run that was remembered is made anew.
  case drop
  /// A run is stored, after this process had begun to write it.
  case sent(Run, writtenBy: String?)
  /// Nothing up to here needs sending.
  case skip(to: Int64)
  /// These are to be sent, and nothing else up to here.
  case enqueue(PlaceSet, upTo: Int64)
  /// `peers` names this device.
  case named
  /// A listing shows another sum of our log than it has, and all is whole.
  case accept(Int, seeing: OwnLog)
  /// Our log starts again: all in it but what is dropped is sent once more, and with it all of the
  /// library up to a place.
  case renew(header: String?, dropping: PlaceSet, resending: Int64)
  /// What another name of this folder knows of it.
  case absorb(RemoteState)
  /// So many looks in a row a listing was not worth asking for.
  case poorLooks(Int)
  /// Our log was put together into so many files.
  case compacted(Int)
  /// An old run is removed from the folder.
  case removed(UInt64)
  /// This device goes on under another id, and may read the logs of the others again.
  case leave(to: DeviceID, common: OwnLog?, rereading: Bool)

  /// The devices whose entries it may change; nil for all.
  var devices: Set<DeviceID>? {
    switch self {
    case .meet(let devices): Set(devices)
    case .reread(let device), .takeAgain(let device), .passOver(let device, _),
      .mark(let device, _, _), .want(let device, _), .heard(let device, _), .begun(let device, _),
      .held(let device, _):
      [device]
    case .received(_, let stretch): [stretch.device]
    case .covered(let numbers): Set(numbers.keys)
    case .begin, .takeOver, .drop, .sent, .skip, .enqueue, .named, .accept, .poorLooks, .asked,
      .complain, .cover, .versions, .believe, .seal, .root, .compacted, .removed:
      []
    case .join, .meetInstead, .renew, .absorb, .leave: nil
    }
  }

  /// Whether all runs of our log are looked at.
  var needsRuns: Bool {
    switch self {
    case .renew, .leave, .removed: true
    default: false
    }
  }
}

extension RemoteState {
  /// Makes a move.
  /// - Returns: whether it was made; false where what it rests on has moved meanwhile.
  mutating func make(_ transition: Transition) -> Bool {
    switch transition {
    case .join(let text):
      guard header == nil else { return false }
      header = text
    case .believe(let text): header = text
    case .seal(let text): sealing = text
    case .root(let text): root = text
    case .meet(let devices):
      for device in devices where peers[device] == nil { peers[device] = PeerLog() }
    case .meetInstead(let devices):
      for stranger in strangers { (peers[stranger], begun[stranger]) = (nil, nil) }
      for device in devices where peers[device] == nil { peers[device] = PeerLog() }
      lastMet = devices.last ?? lastMet
    case .asked(let count, let before, let all, let now):
      crowd.ask(count, before: before, of: all, now: now)
    case .reread(let device):
      peers[device] = PeerLog()
      begun[device] = nil
      holes[device] = nil
      untaken[device] = nil
    case .takeAgain(let device):
      for passed in untaken[device] ?? [] {
        holes[device, default: PlaceSet()].insert(PlaceSet.place(passed.segment))
      }
      untaken[device] = nil
    case .passOver(let device, let passed):
      // So many are told; the others are passed over too.
      guard untaken[device, default: []].count < Untaken.most else { return false }
      untaken[device, default: []].append(passed)
    case .mark(let device, let seen, let shown):
      guard let now = peers[device], now.applied == seen.applied, now.hash == seen.hash else {
        return false
      }
      peers[device]?.mark = shown
    case .received(let places, let stretch): receive(places, stretch)
    case .want(let device, let numbers): holes[device, default: PlaceSet()].formUnion(numbers)
    case .covered(let numbers):
      for (device, numbers) in numbers { covered[device, default: PlaceSet()].formUnion(numbers) }
    case .cover(let numbers):
      let before = covers
      for (device, numbers) in numbers {
        covers.numbers[device, default: PlaceSet()].formUnion(numbers)
      }
      if covers.numbers != before.numbers { covers.isTold = false }
    case .complain(let numbers, let seen, let bytes):
      (complaint, sight, excess) = (numbers, seen, bytes)
    case .heard(let device, let length): heard[device] = length
    case .begun(let device, let shown): begun[device] = shown
    case .held(let device, let waiting): held[device] = waiting
    case .versions(let seen): versions = seen
    case .absorb(let other): absorb(other)
    case .poorLooks(let looks): poorLooks = looks
    case .compacted(let files): compacted = files
    case .named: ownLog.isListed = true
    case .accept(let shown, let seen):
      guard ownLog == seen else { return false }
      listed?.accepted = shown
    case .removed(let number): runs[number] = nil
    case .leave(let device, let common, let rereads):
      if rereads {
        (peers, holes, received) = (peers.mapValues { _ in PeerLog() }, [:], PlaceSet())
      }
      leave(to: device, common)
    default: return makeSending(transition)
    }
    return true
  }

  private mutating func makeSending(_ transition: Transition) -> Bool {
    switch transition {
    case .begin(let run, let seen, let process):
      guard ownLog == seen, pending == nil else { return false }
      (pending, writer) = (run, process)
    case .takeOver(let run, let before, let process):
      guard pending == run, writer == before else { return false }
      writer = process
    case .drop: pending = nil
    case .sent(let run, let process):
      guard pending == run, writer == process else { return false }
      advance(past: run)
    case .skip(let end):
      queue = PlaceSet()
      settle(upTo: end)
    case .enqueue(let places, let end):
      queue.formUnion(places)
      settle(upTo: end)
    case .renew(let text, let dropped, let end):
      // Another process of this home has done it.
      if let text, header == text { return false }
      if let text { (header, sealing) = (text, nil) }
      renew(without: dropped, resending: end)
    default: return false
    }
    return true
  }

  private mutating func absorb(_ other: RemoteState) {
    queue.formUnion(other.queue)
    received.formUnion(other.received)
    settle(upTo: ownLog.upTo)
    for (device, log) in other.peers where log.applied > peers[device]?.applied ?? 0 {
      peers[device] = log
      holes[device] = other.holes[device]
    }
  }

  private mutating func receive(_ places: [Int64], _ stretch: Stretch) {
    for place in places where place > ownLog.upTo { received.insert(place) }
    let (device, log) = (stretch.device, stretch.log)
    var open = holes[device] ?? PlaceSet()
    // Another process of this machine may have gone further meanwhile.
    if (peers[device]?.applied ?? 0) < log.applied || isUnbound(device, at: log) {
      // What comes before the start of a log is contained in it; whatever else is passed over is
      // asked for again.
      let next = max((peers[device]?.applied ?? 0) + 1, stretch.start)
      if stretch.first > next {
        open.insert(PlaceSet.place(next)...PlaceSet.place(stretch.first - 1))
      }
      peers[device] = log
      begun[device] = nil
    }
    if stretch.first <= log.applied {
      open.remove(PlaceSet.place(stretch.first)...PlaceSet.place(log.applied))
    }
    if stretch.start > 1, stretch.first >= stretch.start {
      open.remove(1...PlaceSet.place(stretch.start - 1))
    }
    holes[device] = open.isEmpty ? nil : open
  }

  /// Whether anything may follow on what we have of a device's log.
  private func isUnbound(_ device: DeviceID, at log: PeerLog) -> Bool {
    peers[device].map { $0.hash == nil && $0.applied == log.applied } ?? true
  }

  /// The segments of a device that were passed over, but for those whose changes our log holds.
  func passedOver(of device: DeviceID) -> PlaceSet {
    var numbers = holes[device] ?? PlaceSet()
    if let ours = covers.numbers[device] { numbers.subtract(ours) }
    return numbers
  }

  /// Those that nobody says to hold in another log.
  func missing(of device: DeviceID) -> PlaceSet {
    var missing = passedOver(of: device)
    if let covered = covered[device] { missing.subtract(covered) }
    return missing
  }

  /// Up to where all of a device's log was applied.
  func wholeUpTo(_ device: DeviceID) -> UInt64 {
    let applied = peers[device]?.applied ?? 0
    return missing(of: device).first.map { min(applied, UInt64(clamping: $0 - 1)) } ?? applied
  }

  /// Nothing up to a place is sent for being new.
  private mutating func settle(upTo end: Int64) {
    ownLog.upTo = max(ownLog.upTo, end)
    if ownLog.upTo > 0 { received.remove(1...ownLog.upTo) }
  }

  private mutating func advance(past run: Run) {
    pending = nil
    if run.number == ownLog.start {
      listed = ListedSize(whole: run.size)
    } else {
      listed?.grow(by: run.size)
    }
    ownLog.newest = run.last
    ownLog.hash = run.lastHash
    queue.subtract(run.places)
    settle(upTo: run.upTo)
    runs[run.number] = run
    if run.opening.contains("\"\(Segment.Opening.coversKey)\"") { covers.isTold = true }
  }

  private mutating func renew(without dropped: PlaceSet, resending end: Int64) {
    // It may stand there, and a number is never written twice with different bytes.
    if let pending { advance(past: pending) }
    for run in runs.values { queue.formUnion(run.places) }
    queue.subtract(dropped)
    covers.isTold = covers.numbers.isEmpty
    ownLog.start = ownLog.newest + 1
    guard end > 0 else { return }
    queue.insert(1...end)
    settle(upTo: end)
  }

  /// Closes the log under our id.
  private mutating func leave(to device: DeviceID, _ common: OwnLog?) {
    let common = common ?? ownLog
    for run in runs.values where run.last > common.newest { queue.formUnion(run.places) }
    (runs, held) = ([:], [:])
    if let pending { queue.formUnion(pending.places) }
    pending = nil
    if let last = queue.last, last > ownLog.upTo { queue.remove((ownLog.upTo + 1)...last) }
    let log = PeerLog(
      applied: common.newestStored, hash: common.isEmpty ? nil : common.hash)
    peers[ownLog.device] = log
    let upTo = ownLog.upTo
    ownLog = OwnLog(device: device)
    ownLog.upTo = upTo
  }

  /// Devices of which nothing was ever opened.
  var strangers: [DeviceID] {
    peers.filter { $0.value.applied == 0 && $0.value.hash == nil }.keys.sorted()
  }
}
