import Changes
import Sealing

/// What to do next, from what is known and what was seen. Pure: knows no folder and no library.
///
/// The rule: nothing is inferred from absence. What a listing shows is asked for; where it does not
/// show what was there before, the file itself is asked; where it shows what should not be there,
/// our own files are looked at before anything is written.
package struct SyncPlan: Hashable {
  /// One step of a sync.
  package enum Step: Hashable {
    /// Look whether our own last segment is ours and the next number is free.
    case checkOwn
    /// Write ourselves into `peers`.
    case join
    /// Ask for the segment of this number and, while there are more, for those after it.
    case ask(DeviceID, UInt64)
    /// Find out where a device's log went on, or that it went back.
    case trace(DeviceID, UInt64)
    /// Ask again for segments of a device that were passed over.
    case fill(DeviceID)
    /// Read what a device complains of in its head.
    case hear(DeviceID)
    /// Look whether the newest segment applied is still the one there: the folder shows another.
    case compare(DeviceID)
    /// Say that a segment is missing. It was asked for before, and the folder shows what it showed.
    case tell(DeviceID, UInt64)
  }

  /// The steps, in order.
  var steps: [Step] = []

  /// Plans the part of a sync before anything is sent.
  /// - Parameters:
  ///   - listed: how many bytes of our log a listing should show.
  ///   - header: how long the header we know is.
  ///   - missing: devices of which segments were passed over.
  ///   - fresh: devices met for the first time.
  ///   - begun: what the folder showed of runs whose end was missing.
  ///   - isNextThere: whether something stands where our next segment goes.
  ///   - thorough: look everywhere, whatever the listing shows.
  init(
    ownLog: OwnLog, listed: ListedSize? = nil, header: Int?, peers: [DeviceID: PeerLog],
    missing: Set<DeviceID> = [], retired: Set<DeviceID>, look: FolderLook, fresh: Set<DeviceID>,
    thorough: Bool, heard: [DeviceID: Int] = [:],
    begun: [DeviceID: Int] = [:], versions: LogVersions? = nil, isNextThere: Bool = false
  ) {
    // A header of another length was torn, or is another's.
    let isHeaderOdd = header != nil && look.headerSize != nil && header != look.headerSize
    if isHeaderOdd || isNextThere || Self.isOwnSuspicious(ownLog, listed, look)
      || look.showsOtherVersion(ownLog, versions)
    {
      steps.append(.checkOwn)
    }
    let isNamed =
      look.named.map { ownLog.isNamed(in: $0, peers, lists: look.lists) }
      ?? (look.lists && look.hasPeers)
    if !ownLog.isListed || !isNamed { steps.append(.join) }
    for (device, length) in look.headSizes.sorted(by: { $0.key < $1.key })
    where device != ownLog.device && heard[device] != length && peers[device] != nil
      && (heard[device] != nil || DeviceHead.complains(fileLength: length))
    {
      steps.append(.hear(device))
    }
    // Those of whom something was opened come first: of a crowd others are asked each time, and not
    // the same of the bounded questions about what is missing would be left.
    for (device, log) in peers.sorted(by: Self.precedes) where device != ownLog.device {
      if missing.contains(device) { steps.append(.fill(device)) }
      let isFresh = thorough || fresh.contains(device)
      // A run that is not there to its end is not read again before there is more.
      let isAsBefore =
        begun[device].map { $0 == look.beginning(of: device, after: log.applied) } ?? false
      if let step = Self.step(device, log, look, isFresh, retired.contains(device), isAsBefore) {
        steps.append(step)
      }
      if isAsBefore, !isFresh, look.lacks(device, after: log.applied) {
        steps.append(.tell(device, log.applied + 1))
      }
      if look.oddMark(of: device, log) != nil { steps.append(.compare(device)) }
    }
  }

  private static func precedes(
    _ a: (key: DeviceID, value: PeerLog), _ b: (key: DeviceID, value: PeerLog)
  ) -> Bool {
    let (isNobody, isOtherNobody) = (a.value.applied == 0, b.value.applied == 0)
    return isNobody != isOtherNobody ? isOtherNobody : a.key < b.key
  }

  private static func isOwnSuspicious(
    _ ownLog: OwnLog, _ listed: ListedSize?, _ look: FolderLook
  ) -> Bool {
    if look.lists {
      return !look.hasHeader || (look.segments[ownLog.device]?.last ?? 0) > ownLog.newestStored
        || (!ownLog.isEmpty && !look.shows(ownLog.device, ownLog.newest))
        || look.showsOdd(ownLog, listed)
    }
    // Where nothing is listed, `peers` is what shows that the folder was wiped or set back, or that
    // a twin wrote: a question about our own log would cost every quiet sync one request more.
    guard let named = look.named, named.devices.contains(ownLog.device) else {
      return ownLog.isListed
    }
    return (named.logs[ownLog.device] ?? 1) > ownLog.start
      || named.newest[ownLog.device] != ownLog.tip
  }

  private static func step(
    _ device: DeviceID, _ log: PeerLog, _ look: FolderLook, _ isFresh: Bool, _ isRetired: Bool,
    _ isAsBefore: Bool
  ) -> Step? {
    let next = log.applied + 1
    guard look.lists else {
      let isAhead = (look.named?.logs[device] ?? 1) > next
      return isFresh || isAhead ? .trace(device, next) : .ask(device, next)
    }
    if isFresh || !isAsBefore {
      if look.shows(device, next) { return .ask(device, next) }
      if let last = look.segments[device]?.last, last > next { return .trace(device, next) }
      if isFresh { return .trace(device, next) }
    }
    // A listing that shows what we know and nothing more is believed until the next sync.
    if log.applied == 0 || isRetired || look.shows(device, log.applied) { return nil }
    return .trace(device, next)
  }
}

extension FolderLook {
  /// What the listing tells of the writing of our log up to a segment; nil where it does not.
  func versions(of ownLog: OwnLog, upTo newest: UInt64) -> LogVersions? {
    guard lists, newest >= ownLog.start, newest <= ownLog.newest else { return nil }
    var sum: UInt64 = 0
    var count: UInt64 = 0
    for number in segments[ownLog.device] ?? []
    where number >= ownLog.start && number <= newest {
      guard let version = writings[ownLog.device]?[number] else { return nil }
      let mixed = (UInt64(bitPattern: version) ^ number) &* 0x9E37_79B9_7F4A_7C15
      sum &+= mixed ^ mixed >> 29
      count += 1
    }
    guard count == newest - ownLog.start + 1 else { return nil }
    return LogVersions(log: "\(ownLog.device).\(ownLog.start)", newest: newest, sum: sum)
  }

  /// Whether somebody wrote a segment of ours, after it was found whole.
  func showsOtherVersion(_ ownLog: OwnLog, _ known: LogVersions?) -> Bool {
    guard let known, known.alarms < LogVersions.mostAlarms,
      let shown = versions(of: ownLog, upTo: known.newest)
    else { return false }
    return shown.log == known.log && shown.sum != known.sum
  }

  /// Whether our log is shown with other sizes than when it was whole: a write that came late, or
  /// died, may have replaced a segment after it was read back.
  func showsOdd(_ ownLog: OwnLog, _ listed: ListedSize?) -> Bool {
    guard lists, ownLog.newest >= ownLog.start, let listed, let shown = ownBytes(of: ownLog) else {
      return false
    }
    return listed.isOdd(shown)
  }

  /// What the folder shows of a device's newest segment, where it is not what it should be:
  /// somebody wrote under its id after the folder or the device was set back. Nil where there is
  /// nothing to look at.
  func oddMark(of device: DeviceID, _ log: PeerLog) -> String? {
    guard log.applied > 0, let hash = log.hash else { return nil }
    if lists {
      // Not known what it should show: the log was ours, until the library was copied.
      guard let size = sizes[device]?[log.applied] else { return nil }
      return String(size) == log.mark ? nil : String(size)
    }
    // It may also be what a device that is gone wrote last, and lag behind: looked at once.
    guard let named, let tip = named.newest[device], let number = named.newest(of: device),
      number <= log.applied, tip != log.mark, tip != OwnLog.tip(log.applied, hash),
      !tip.contains(" ")
    else { return nil }
    return tip
  }
}

extension OwnLog {
  /// What `peers` says of our newest segment; nil before the first.
  var tip: String? { isEmpty ? nil : Self.tip(newest, hash) }

  /// What `peers` says of a segment.
  static func tip(_ number: UInt64, _ hash: [UInt8]) -> String {
    "\(number).\(Hex.text(Array(hash.prefix(8))))"
  }

  /// Whether the segment that the log starts at is stored. Until then nobody is told of that start:
  /// who believed it would pass over the segments before it, and lose them if we never came back.
  var isStartStored: Bool { start == 1 || newest >= start }

  /// Whether the list of devices says of us what it should.
  ///
  /// Where nothing is listed it must name those too whose segments we have: one that is gone for
  /// good cannot put its name back when two who wrote at once dropped it.
  func isNamed(in list: PeerList, _ peers: [DeviceID: PeerLog], lists: Bool) -> Bool {
    guard list.devices.contains(device), !isStartStored || (list.logs[device] ?? 1) == start
    else { return false }
    if lists { return true }
    let named = Set(list.devices)
    return list.newest[device] == tip
      && peers.allSatisfy { $0.value.applied == 0 || named.contains($0.key) }
  }

  /// Whether the list names us and tells no newest segment of ours: somebody who read our log came
  /// to a number before it that is not there. Our newest may be whole all the same.
  func isTakenOut(of list: PeerList) -> Bool {
    !isEmpty && list.devices.contains(device) && list.newest[device] == nil
  }
}

extension PeerList {
  /// The number of a device's newest segment, where the list tells.
  func newest(of device: DeviceID) -> UInt64? {
    newest[device]?.split(separator: ".").first.flatMap { UInt64($0) }
  }

  /// What it tells of segments that were looked for and are not there.
  func tips(beyond ends: [DeviceID: UInt64]) -> [DeviceID: String] {
    newest.filter { device, _ in
      guard let end = ends[device], let number = newest(of: device) else { return false }
      return number >= end
    }
  }
}

/// What became of our own log since we last saw it: judged from its last segment and the next
/// number.
package enum OwnStanding: Hashable {
  /// As it should be.
  case intact
  /// As it should be, and what we were about to write stands there already.
  case alreadyWritten
  /// Our last segment is gone or damaged.
  case damaged
  /// Somebody else writes under our id.
  case cloned

  /// What one file looks like.
  enum Sight: Hashable {
    case missing
    /// No file of Papershelf: the page of a proxy.
    case page
    /// A file of Papershelf that does not open under the header we know.
    case unusable
    /// Part of a segment, or one with other bytes than were written.
    case torn
    /// A whole segment under our id, by its hash.
    case segment([UInt8])
  }

  /// - Parameters:
  ///   - last: the segment we wrote last; nil before the first.
  ///   - next: the one after it.
  ///   - pending: the hash of what we were about to write there.
  static func judge(
    last: Sight?, expected: [UInt8], next: Sight, pending: [UInt8]?
  ) -> OwnStanding {
    if case .segment(let hash)? = last, hash != expected { return .cloned }
    if case .segment(let hash) = next, hash != pending { return .cloned }
    // A twin that knew another passphrase, or a former life of this machine, under another header
    // or by another name of the folder, wrote what others have read. It is not written over.
    if pending == nil, next == .unusable { return .cloned }
    // What is written is remembered first: the write that was torn here is not one of ours.
    if next == .torn, pending == nil { return .cloned }
    if let last, last != .segment(expected) { return .damaged }
    if case .segment = next { return .alreadyWritten }
    return .intact
  }
}
