import Changes
import Papers
import Sealing
import Store
import Transport

/// Taking in what others sent.
extension SyncEngine {
  /// Applies the segments of a device from `number` on, as many as there are.
  /// - Returns: whether it stopped at a file that is there and cannot be used.
  @discardableResult
  func pull(_ device: DeviceID, from number: UInt64) throws -> Bool {
    var reader = LogReader(device, from: number)
    while true {
      let problems = report.problems.count
      for answer in try read(reader.names(shownUpTo: round.look.segments[device]?.last)) {
        let current = reader.next
        guard try goesOn(reader.take(answer, segmentKeys), of: device, at: current) else {
          return report.problems.count > problems
        }
      }
    }
  }

  /// Does what an answer asks for.
  /// - Returns: false where the log ends for now.
  private func goesOn(
    _ saying: LogReader.Saying, of device: DeviceID, at number: UInt64
  ) throws -> Bool {
    switch saying {
    case .part: return true
    case .run(let run): return try apply(run, of: device)
    case .spoilt(let error, let first, let log):
      guard try holds(.spoilt(device, first)) else {
        unusable(device, first, error)
        return false
      }
      let untaken = Untaken(segment: first, changes: nil, build: understanding)
      try receive([], of: device, upTo: log, untaken)
      return true
    case .missing: round.ends[device] = number
    case .unreachable(let error):
      problem(.unreachable(file: RemoteLayout.segment(device, number).text, error))
    case .middle: unusable(device, number, .misplaced)
    case .unusable(let error, let first):
      if error == .otherKey || error == .otherLibrary { round.isHeaderDoubtful = true }
      if error == .damaged || error == .notPapershelf { round.ends[device] = first }
      if error != .notPapershelf || round.look.shows(device, first) {
        unusable(device, first, error)
      }
    }
    return false
  }

  private func unusable(_ device: DeviceID, _ number: UInt64, _ error: SegmentError) {
    let name = RemoteLayout.segment(device, number)
    problem(.unreadable(file: name.text, machine: machine(device), error))
  }

  func segmentKeys() throws(SegmentError) -> RemoteKeys {
    do { return try keys() } catch { throw .wrongPassphrase }
  }

  func open(
    _ bytes: [UInt8], _ device: DeviceID, _ number: UInt64
  ) throws(SegmentError) -> SealedFile {
    try LogReader.open(bytes, device, number, try segmentKeys())
  }

  /// Applies one run; false when reading goes on elsewhere.
  private func apply(_ run: LogReader.ReadRun, of device: DeviceID) throws -> Bool {
    // Once a sync: a chain that is broken in itself, by twins that wrote at the same time, is taken
    // as it is. (Another process of this home may have gone further while we read: then nothing is
    // broken.)
    if let log = state.peers[device], log.applied == run.first - 1, let known = log.hash,
      known != run.previous, !reread.contains(device), try holds(.chainBroken(device))
    {
      reread.insert(device)
      try readAgain(device)
      return false
    }
    try meet(run.segment.opening.peers)
    let count = run.segment.untaken
    let untaken =
      count > 0 ? Untaken(segment: run.first, changes: count, build: understanding) : nil
    try receive(run.segment.changes, of: device, upTo: run.log, untaken)
    return true
  }

  private var understanding: Int { library.understanding.number }

  /// What a build before this one passed over may be taken now: those logs are read again.
  func lookAgainAtUntaken() throws {
    for (device, passed) in state.untaken.sorted(by: { $0.key < $1.key })
    where passed.contains(where: { $0.build < understanding }) {
      try remember(.reread(device))
    }
  }

  /// Says what was passed over, now or earlier.
  func tellUntaken() {
    for (device, passed) in state.untaken.sorted(by: { $0.key < $1.key }) {
      for part in passed {
        let file = RemoteLayout.segment(device, part.segment).text
        problem(.untaken(file: file, machine: machine(device), changes: part.changes))
      }
    }
  }

  /// The log does not go on from what we applied: it is another history under the same id. All of
  /// it is read again; what is known already is passed over.
  private func readAgain(_ device: DeviceID) throws {
    note(.rewritten(machine: machine(device)))
    try remember(.reread(device))
    try trace(device, from: 1)
  }

  private func receive(
    _ changes: [Change], of device: DeviceID, upTo log: PeerLog, _ untaken: Untaken?
  ) throws {
    guard
      case .received(let now, let new, let papers) = try loop.act(
        .receive(changes, from: device, upTo: log, untaken))
    else { return }
    state = now
    report.pulled += new
    for paper in papers where !touched.contains(paper) {
      touched.insert(paper)
      report.papers += 1
    }
    progress(.pulled(machine: device.description, changes: new))
    // What its machine is called may have come just now.
    warnOfClocks(changes)
  }

  /// Names the machines whose clocks are ahead, once each: those that did something later than now.
  /// Who only counts on from a stamp of theirs says when it was done.
  private func warnOfClocks(_ changes: [Change]) {
    let now = surroundings.now()
    for change in changes {
      let ahead = min(change.stamp.milliseconds, change.time) - now
      guard ahead > Self.clockTolerance, fastClocks.insert(change.stamp.device).inserted else {
        continue
      }
      note(.clockAhead(machine: machine(change.stamp.device), by: ahead))
    }
  }

  /// A clock this far ahead is worth a word: a day.
  private static let clockTolerance: Int64 = 86_400_000

  // MARK: Logs that do not go on where we left off

  /// Finds out where a device's log went on when the next number is not shown, or that it went
  /// back.
  func trace(_ device: DeviceID, from number: UInt64) throws {
    let before = state.peers[device]?.applied ?? 0
    let isStuck = try pull(device, from: number)
    guard isStuck || state.peers[device]?.applied ?? 0 == before else { return }
    try goOn(device)
  }

  /// Looks for the place where a log goes on that we cannot follow from where we are.
  func goOn(_ device: DeviceID) throws {
    let log = state.peers[device] ?? PeerLog()
    // Each of these may be old; none is right alone.
    let head = try readHead(of: device)
    if let head { try meet(head.peers) }
    let starts = [head?.log, round.look.named?.logs[device]].compactMap(\.self)
    if let start = starts.first(where: { $0 > log.applied + 1 }) {
      return try jump(device, to: start)
    }
    if let shown = round.look.segments[device]?.first(where: { $0 > log.applied + 1 }),
      let start = try logStart(device, shown), start > log.applied + 1
    {
      return try jump(device, to: start)
    }
    if round.look.segments[device]?.contains(where: { $0 > log.applied + 1 }) == true {
      problem(.gap(machine: machine(device), missing: log.applied + 1))
    }
    // Where the listing shows it as it should be there is nothing to ask: a torn segment of a
    // machine that is gone is met in every sync.
    let isShown = round.look.lists && round.look.shows(device, log.applied)
    if isThorough || !isShown || round.look.oddMark(of: device, log) != nil {
      try lookBack(device, log)
    }
  }

  private func jump(_ device: DeviceID, to start: UInt64) throws {
    // What could not be read before the log's start matters no more.
    report.problems.removeAll {
      if case .unreadable(let file, _, _) = $0 { return file.hasPrefix("\(device).") }
      return false
    }
    // Not remembered before something of it is applied: the folder may lose it, and the log begin
    // anew below.
    try pull(device, from: start)
  }

  private func logStart(_ device: DeviceID, _ number: UInt64) throws -> UInt64? {
    var reader = LogReader(device, from: number)
    let answer = try read(RemoteLayout.segment(device, number))
    guard case .run(let run) = reader.take(answer, segmentKeys) else { return nil }
    return min(run.segment.opening.log, number)
  }

  /// The folder shows another segment where our newest of a device was, or its log ends before it:
  /// looks whether it is the history we applied, and reads all of it if not.
  func compare(_ device: DeviceID) throws {
    guard let log = state.peers[device], let shown = round.look.oddMark(of: device, log) else {
      return
    }
    if !round.look.lists, let number = round.look.named?.newest(of: device), number < log.applied,
      try isOtherHistory(device, upTo: number)
    {
      try readAgain(device)
    } else {
      try lookBack(device, log)
    }
    try remember(.mark(device, seeing: log, shown))
  }

  /// Whether the segment after this one, which we have applied, does not follow on it.
  private func isOtherHistory(_ device: DeviceID, upTo number: UInt64) throws -> Bool {
    let results = try read([number, number + 1].map { RemoteLayout.segment(device, $0) })
    guard case .success(.found(let bytes)) = results[0],
      (try? open(bytes, device, number)) != nil,
      case .success(.found(let after)) = results[1], let next = try? open(after, device, number + 1)
    else { return false }
    return next.place.previous != SealedFile.hash(bytes)
  }

  /// Is the newest segment we applied still there?
  private func lookBack(_ device: DeviceID, _ log: PeerLog) throws {
    guard log.applied > 0 else { return }
    let name = RemoteLayout.segment(device, log.applied)
    guard case .success(let outcome) = try read(name) else { return }
    guard case .found(let bytes) = outcome, (try? open(bytes, device, log.applied)) != nil else {
      if try holds(.rolledBack(device)) { note(.rolledBack(machine: machine(device))) }
      return
    }
    if let hash = log.hash, SealedFile.hash(bytes) != hash { try readAgain(device) }
  }
}
