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
    var next = number
    var window: UInt64 = 1
    while true {
      if let last = look.segments[device]?.last, last > next {
        window = max(window, min(8, last - next + 1))
      }
      let numbers = Array(next..<(next + window))
      let results = read(numbers.map { RemoteLayout.segment(device, $0) })
      let problems = report.problems.count
      let (applied, isOver) = try apply(results, of: device, from: next)
      next = applied + 1
      if isOver { return report.problems.count > problems }
      window = min(window * 2, 8)
    }
  }

  /// Applies what was read; returns the last number applied, and whether to stop there.
  private func apply(
    _ results: [Result<ReadOutcome, TransportError>], of device: DeviceID, from number: UInt64
  ) throws -> (UInt64, Bool) {
    var parts: [SealedFile] = []
    var applied = number - 1
    for (offset, result) in results.enumerated() {
      let current = number + UInt64(offset)
      let name = RemoteLayout.segment(device, current)
      switch result {
      case .failure(let error):
        problem(.unreachable(file: name.text, error))
        return (applied, true)
      case .success(.missing):
        ends[device] = current
        guard weaknesses.contains(.gapPassed),
          let shown = look.segments[device]?.first(where: { $0 > current })
        else { return (applied, true) }
        try receive([], of: device, upTo: PeerLog(applied: shown - 1))
        return (shown - 1, false)
      case .success(.found(let bytes)):
        do throws(SegmentError) {
          let file = try open(bytes, device, current)
          parts.append(file)
        } catch {
          if error == .damaged, weaknesses.contains(.damagedAccepted) {
            try receive([], of: device, upTo: PeerLog(applied: current))
            return (current, false)
          }
          if error == .otherKey || error == .otherLibrary { isHeaderDoubtful = true }
          if error == .damaged || error == .notPapershelf { ends[device] = current }
          if error != .notPapershelf || look.shows(device, current) {
            problem(.unreadable(file: name.text, machine: machine(device), error))
          }
          return (applied, true)
        }
        guard let file = parts.last, file.place.part + 1 == file.place.parts else { continue }
        guard try apply(parts, of: device, upTo: PeerLog(applied: current, file: bytes)) else {
          return (applied, true)
        }
        parts = []
        applied = current
      }
    }
    // A run longer than the window is read again with more of it.
    if let first = parts.first {
      return try applyLongRun(first, of: device, from: applied + 1)
    }
    return (applied, false)
  }

  func open(
    _ bytes: [UInt8], _ device: DeviceID, _ number: UInt64
  ) throws(SegmentError) -> SealedFile {
    let keys: RemoteKeys
    do { keys = try self.keys() } catch { throw .wrongPassphrase }
    let file = try SealedFile(opening: bytes, with: keys)
    guard file.place.kind == .segment, file.place.device == device, file.place.number == number
    else { throw .misplaced }
    return file
  }

  private func applyLongRun(
    _ first: SealedFile, of device: DeviceID, from number: UInt64
  ) throws -> (UInt64, Bool) {
    guard first.place.part == 0, first.place.parts <= Segment.maximumParts else {
      return (number - 1, true)
    }
    let last = number + UInt64(first.place.parts) - 1
    var parts: [SealedFile] = []
    var log = PeerLog()
    for current in number...last {
      guard case .success(.found(let bytes)) = read(RemoteLayout.segment(device, current)),
        let file = try? open(bytes, device, current)
      else { return (number - 1, true) }
      parts.append(file)
      log = PeerLog(applied: current, file: bytes)
    }
    let isApplied = try apply(parts, of: device, upTo: log)
    return (isApplied ? last : number - 1, !isApplied)
  }

  /// Applies one run whose parts are complete; false when it cannot be used now.
  private func apply(
    _ parts: [SealedFile], of device: DeviceID, upTo reached: PeerLog
  ) throws -> Bool {
    let first = reached.applied - UInt64(parts.count) + 1
    let name = RemoteLayout.segment(device, first).text
    guard isOneRun(parts) else {
      problem(.unreadable(file: name, machine: machine(device), .misplaced))
      return false
    }
    let segment: Segment
    do throws(SegmentError) {
      segment = try Segment(stream: parts.flatMap(\.payload), writer: device)
    } catch {
      problem(.unreadable(file: name, machine: machine(device), error))
      return false
    }
    // Once a sync: a chain that is broken in itself, by twins that wrote at the same time, is taken
    // as it is. (Another process of this home may have gone further while we read: then nothing is
    // broken.)
    if let log = state.peers[device], log.applied == first - 1, let known = log.hash,
      known != parts.first?.place.previous,
      !weaknesses.contains(.chainUnchecked), reread.insert(device).inserted
    {
      return try readAgain(device)
    }
    try rememberPeers(segment.opening.peers)
    try receive(segment.changes, of: device, upTo: reached)
    return true
  }

  private func isOneRun(_ parts: [SealedFile]) -> Bool {
    for (index, part) in parts.enumerated() {
      guard Int(part.place.part) == index, Int(part.place.parts) == parts.count else {
        return false
      }
    }
    return true
  }

  /// The log does not go on from what we applied: it is another history under the same id. All of
  /// it is read again; what is known already is passed over.
  private func readAgain(_ device: DeviceID) throws -> Bool {
    note(.rewritten(machine: machine(device)))
    try remember { state, memory, names in
      state.peers[device] = PeerLog()
      try memory.set(names.peer(device), PeerLog().text)
    }
    try trace(device, from: 1)
    return false
  }

  private func receive(
    _ changes: [Change], of device: DeviceID, upTo log: PeerLog
  ) throws {
    warnOfClocks(changes)
    let names = names
    if weaknesses.contains(.cursorBeforeApply) {
      try library.remember { try $0.set(names.peer(device), log.text) }
    }
    let changes =
      weaknesses.contains(.unknownDropped)
      ? changes.filter { library.understanding.registers.understands($0.name, $0.value) }
      : changes
    var after: RemoteState?
    let result = try library.receive(changes) { memory in
      var state = try RemoteState(memory, names)
      for change in changes {
        if let place = try memory.place(of: change.stamp), place > state.ownLog.upTo {
          state.received.insert(place)
        }
      }
      if weaknesses.contains(.noForwarding) { try keepToOneself(changes, &memory) }
      try memory.set(names.received, state.received.description)
      // Another process of this machine may have gone further meanwhile.
      if (state.peers[device]?.applied ?? 0) < log.applied || state.peers[device]?.hash == nil {
        state.peers[device] = log
        try memory.set(names.peer(device), log.text)
      }
      after = state
    }
    if let after { state = after }
    report.pulled += result.new
    for paper in result.papers where !touched.contains(paper) {
      touched.insert(paper)
      report.papers += 1
    }
    progress(.pulled(machine: device.description, changes: result.new))
  }

  /// A rule taken away: every remote is taken to have what came from one.
  private func keepToOneself(_ changes: [Change], _ memory: inout SyncMemory) throws {
    for remote in try Self.remotes(memory) where remote.remote != names.remote {
      var received = PlaceSet(try memory.value(remote.received) ?? "")
      for change in changes {
        if let place = try memory.place(of: change.stamp) { received.insert(place) }
      }
      try memory.set(remote.received, received.description)
    }
  }

  private func warnOfClocks(_ changes: [Change]) {
    let now = surroundings.now()
    for change in changes where change.stamp.milliseconds > now + Self.clockTolerance {
      let notice = SyncNotice.clockAhead(
        machine: machine(change.stamp.device), by: change.stamp.milliseconds - now)
      let isKnown = report.notices.contains {
        if case .clockAhead(let machine, _) = $0 {
          return machine == self.machine(change.stamp.device)
        }
        return false
      }
      if !isKnown { note(notice) }
      return
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
    let head = readHead(of: device)
    if let head { try rememberPeers(head.peers) }
    let starts = [head?.log, look.named?.logs[device]].compactMap(\.self)
    if let start = starts.first(where: { $0 > log.applied + 1 }) {
      return try jump(device, to: start)
    }
    if let shown = look.segments[device]?.first(where: { $0 > log.applied + 1 }),
      let start = try logStart(device, shown), start > log.applied + 1
    {
      return try jump(device, to: start)
    }
    if look.segments[device]?.contains(where: { $0 > log.applied + 1 }) == true {
      problem(.gap(machine: machine(device), missing: log.applied + 1))
    }
    // Where the listing shows it as it should be there is nothing to ask: a torn segment of a
    // machine that is gone is met in every sync.
    let isShown = look.lists && look.shows(device, log.applied)
    if isThorough || !isShown || look.oddMark(of: device, log) != nil { try lookBack(device, log) }
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
    guard case .success(.found(let bytes)) = read(RemoteLayout.segment(device, number)),
      let file = try? open(bytes, device, number), file.place.parts == 1,
      let segment = try? Segment(stream: file.payload, writer: device)
    else { return nil }
    return min(segment.opening.log, number)
  }

  /// The folder shows another segment where our newest of a device was, or its log ends before it:
  /// looks whether it is the history we applied, and reads all of it if not.
  func compare(_ device: DeviceID) throws {
    guard let log = state.peers[device], let shown = look.oddMark(of: device, log),
      !weaknesses.contains(.chainUnchecked)
    else { return }
    if !look.lists, let number = look.named?.newest(of: device), number < log.applied,
      try isOtherHistory(device, upTo: number)
    {
      _ = try readAgain(device)
    } else {
      try lookBack(device, log)
    }
    try remember { state, memory, names in
      guard var now = state.peers[device], now.applied == log.applied, now.hash == log.hash else {
        return
      }
      now.mark = shown
      state.peers[device] = now
      try memory.set(names.peer(device), now.text)
    }
  }

  /// Whether the segment after this one, which we have applied, does not follow on it.
  private func isOtherHistory(_ device: DeviceID, upTo number: UInt64) throws -> Bool {
    let results = read([number, number + 1].map { RemoteLayout.segment(device, $0) })
    guard case .success(.found(let bytes)) = results[0],
      (try? open(bytes, device, number)) != nil,
      case .success(.found(let after)) = results[1], let next = try? open(after, device, number + 1)
    else { return false }
    return next.place.previous != SealedFile.hash(bytes)
  }

  /// Is the newest segment we applied still there?
  private func lookBack(_ device: DeviceID, _ log: PeerLog) throws {
    guard log.applied > 0, !weaknesses.contains(.rollbackUnnoticed) else { return }
    let name = RemoteLayout.segment(device, log.applied)
    guard case .success(let outcome) = read(name) else { return }
    guard case .found(let bytes) = outcome, (try? open(bytes, device, log.applied)) != nil else {
      return note(.rolledBack(machine: machine(device)))
    }
    if let hash = log.hash, SealedFile.hash(bytes) != hash { _ = try readAgain(device) }
  }
}
