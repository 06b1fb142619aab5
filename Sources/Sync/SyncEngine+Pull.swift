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
    // The file of a run at whose beginning reading began anew.
    var middle: UInt64?
    while true {
      let before = problems.count
      for answer in try read(reader.names(shownUpTo: round.look.segments[device]?.last)) {
        let current = reader.next
        let saying = reader.take(answer, segmentKeys)
        // What was not there when it was asked for has come since. Of a run without its beginning
        // there may be a hundred files, each of which says so.
        if case .middle(let first) = saying, current == number,
          first > state.peers[device]?.applied ?? 0,
          round.wentBackTo.insert(RemoteLayout.segment(device, first)).inserted
        {
          middle = current
          reader = LogReader(device, from: first)
          break
        }
        guard try goesOn(saying, of: device, at: current, seeing: reader.sight) else {
          guard case .missing = saying else { return problems.count > before }
          // A run of which a file is lost for good.
          let lost = reader.run ?? middle.flatMap { current < $0 ? current...$0 : nil }
          if let lost, try passes(lost, of: device) {
            reader = LogReader(device, from: lost.upperBound + 1)
            break
          }
          if reader.isAmidRun { try begins(reader.begun, device) }
          return problems.count > before
        }
        if reader.next == current {
          // A file that nobody needs: the next answer is that of the number after it.
          reader = LogReader(device, from: current + 1)
        }
      }
    }
  }

  /// Notes the beginning of a run whose end is not there. Where the folder shows nothing else
  /// behind what we have of a log, there is nothing to ask until it does: its machine may be away
  /// for long, or have died while it sent again what a server lost, and the files be large.
  private func begins(_ begun: Range<UInt64>, _ device: DeviceID) throws {
    round.begun[device] = begun
    let applied = state.peers[device]?.applied ?? 0
    guard round.look.lists, round.stuck[device] == nil,
      let shown = round.look.segments[device]?.filter({ $0 > applied }), !shown.isEmpty,
      shown.allSatisfy(begun.contains)
    else { return }
    let beginning = round.look.beginning(of: device, after: applied)
    if state.begun[device] != beginning { try remember(.begun(device, beginning)) }
  }

  /// Does what an answer asks for.
  /// - Returns: false where the log ends for now.
  private func goesOn(
    _ saying: LogReader.Saying, of device: DeviceID, at number: UInt64, seeing sight: UInt64
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
      try receive([], of: Stretch(device: device, first: first, log: log), untaken)
      return true
    case .missing: endsAt(number, device)
    case .unreachable(let error):
      problem(.unreachable(file: RemoteLayout.segment(device, number).text, error))
    case .middle:
      if try passes(number...number, of: device) { return true }
      unusable(device, number, .misplaced)
    case .unusable(let error, let first):
      // Not this file is unreadable, but the passphrase wrong, or changed: see ``sync()``.
      if error == .wrongPassphrase { _ = try keys() }
      if error == .otherKey || error == .otherLibrary { round.isHeaderDoubtful = true }
      if error == .otherKey { round.underOtherKey.insert(device) }
      guard error.isOfFile else {
        unusable(device, first, error)
        break
      }
      round.sights[RemoteLayout.segment(device, number)] = sight
      endsAt(first, device)
      if try passes(number...number, of: device) { return true }
      let isTold = round.look.named?.newest(of: device).map { $0 >= first } ?? false
      if error != .notPapershelf || isTold || round.look.shows(device, first) {
        unusable(device, first, error)
      }
    }
    return false
  }

  /// Passes over files that nobody needs: their changes stand in another log. They stay some that
  /// were passed over.
  private func passes(_ numbers: ClosedRange<UInt64>, of device: DeviceID) throws -> Bool {
    var needed = PlaceSet([numbers])
    needed.subtract(state.covered[device] ?? PlaceSet())
    guard needed.isEmpty, round.skipped < Self.mostSkipped else { return false }
    round.skipped += 1
    let log = PeerLog(applied: numbers.upperBound, hash: nil)
    try receive([], of: Stretch(device: device, first: numbers.upperBound + 1, log: log), nil)
    return true
  }

  /// Reads on in logs that ended for us with what cannot be used, and of which somebody said just
  /// now to stand for more.
  func goOnBehindCovered() throws {
    for device in round.covered.sorted() where round.skipped < Self.mostSkipped {
      guard round.begun[device] != nil || round.stuck[device] != nil,
        let last = state.covered[device]?.last
      else { continue }
      try goOn(device, readUpTo: UInt64(clamping: last))
    }
  }

  private func endsAt(_ number: UInt64, _ device: DeviceID) {
    round.ends[device] = min(number, round.ends[device] ?? number)
  }

  private func unusable(_ device: DeviceID, _ number: UInt64, _ error: SegmentError) {
    let name = RemoteLayout.segment(device, number)
    problem(.unreadable(file: name.text, machine: machine(device), error))
    if error.isOfFile {
      round.stuck[device, default: PlaceSet()].insert(PlaceSet.place(number))
    }
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
    try take(run, of: device)
    return true
  }

  func take(_ run: LogReader.ReadRun, of device: DeviceID) throws {
    let opening = run.segment.opening
    try meet(opening.peers)
    let count = run.segment.untaken
    let untaken =
      count > 0 ? Untaken(segment: run.first, changes: count, build: understanding) : nil
    let before = state.missing(of: device)
    try receive(
      run.segment.changes,
      of: Stretch(device: device, first: run.first, start: opening.needed, log: run.log), untaken)
    // What could not be read before the log's start matters no more.
    if run.first >= opening.needed { forgetProblems(of: device, before: opening.needed) }
    var fresh = state.missing(of: device)
    fresh.subtract(before)
    tellMissing(fresh, of: device)
    try believe(opening.covers, of: device)
  }

  func forgetProblems(of device: DeviceID, before start: UInt64) {
    guard start > 1 else { return }
    if let end = round.ends[device], end < start { round.ends[device] = nil }
    round.stuck[device]?.remove(1...PlaceSet.place(start - 1))
    problems.removeAll { problem in
      switch problem {
      case .unreadable(let file, _, _):
        guard file.hasPrefix("\(device).") else { return false }
        return UInt64(file.dropFirst("\(device).".utf8.count)).map { $0 < start } ?? false
      case .gap(device, _, let number): return number < start
      default: return false
      }
    }
  }

  /// Says what was passed over because it is not there; what cannot be used was told when it was
  /// read.
  private func tellMissing(_ numbers: PlaceSet, of device: DeviceID) {
    var left = numbers
    if let stuck = round.stuck[device] { left.subtract(stuck) }
    guard let first = left.first else { return }
    gap(device, UInt64(clamping: first))
  }

  /// Takes note of segments that another log stands for. Somebody could not read those of ours.
  private func believe(
    _ covers: [DeviceID: [ClosedRange<UInt64>]], of device: DeviceID
  ) throws {
    var others: [DeviceID: PlaceSet] = [:]
    for (owner, stretches) in covers where owner != device {
      let numbers = PlaceSet(stretches)
      if owner == state.ownLog.device {
        round.doubted.formUnion(numbers)
      } else if !numbers.isEmpty {
        others[owner] = numbers
      }
    }
    guard !others.isEmpty else { return }
    try remember(.covered(others))
    round.covered.formUnion(others.keys)
    for owner in others.keys {
      problems.removeAll { isCovered($0, of: owner) }
      if let covered = state.covered[owner] { round.stuck[owner]?.subtract(covered) }
    }
  }

  /// Whether it is a problem with a segment whose changes stand in another log.
  func isCovered(_ problem: SyncProblem, of device: DeviceID) -> Bool {
    var known = state.covered[device] ?? PlaceSet()
    if let ours = state.covers.numbers[device] { known.formUnion(ours) }
    switch problem {
    case .unreadable(let file, _, _):
      guard file.hasPrefix("\(device)."),
        let number = UInt64(file.dropFirst("\(device).".utf8.count))
      else { return false }
      return known.contains(PlaceSet.place(number))
    case .gap(device, _, let number): return known.contains(PlaceSet.place(number))
    default: return false
    }
  }

  // MARK: What was passed over

  /// So many segments that were passed over are asked for in a sync, of one device.
  private static let mostAsked = 8
  /// And of all together.
  private static let mostAskedOfAll = 64

  /// Asks again for segments that were passed over. Without a word, and only where they seem to be
  /// there, for those of a retired machine, which nobody will send again, and for those that stand
  /// in another log: whoever says so may be wrong.
  func fill(_ device: DeviceID) throws {
    var asked = 0
    let missing = state.missing(of: device)
    try fill(device, missing, silently: try retired().contains(device), &asked)
    guard isThorough || round.look.lists else { return }
    var covered = state.passedOver(of: device)
    covered.subtract(missing)
    // Whoever says that there is more than anybody asks for does not keep these from being asked.
    asked = 0
    try fill(device, covered, silently: true, &asked)
  }

  private func fill(
    _ device: DeviceID, _ numbers: PlaceSet, silently isSilent: Bool, _ asked: inout Int
  ) throws {
    let told = problems
    defer { if isSilent { problems = told } }
    for stretch in numbers.stretches {
      var reader = LogReader(device, from: stretch.lowerBound)
      var hasGoneBack = false
      while let number = isSilent && round.look.lists
        ? round.look.segments[device]?.first(where: { $0 >= reader.next }) : reader.next,
        number <= stretch.upperBound || reader.isAmidRun
      {
        asked += 1
        round.asked += 1
        // A run that was begun is read to its end, or it would never be.
        guard asked <= Self.mostAsked && round.asked <= Self.mostAskedOfAll || reader.isAmidRun
        else { return tellMissing(state.missing(of: device), of: device) }
        if reader.next != number { reader = LogReader(device, from: number) }
        let saying = reader.take(try read(RemoteLayout.segment(device, number)), segmentKeys)
        switch saying {
        case .part: continue
        case .middle(let first):
          // Its run began before what was passed over: with what was passed over for good.
          if number == stretch.lowerBound, first < number, !hasGoneBack {
            hasGoneBack = true
            reader = LogReader(device, from: first)
          }
          continue
        // It may follow on what we have, where somebody said that there is more.
        case .run(let run): guard try apply(run, of: device) else { return }
        case _ where number < stretch.lowerBound: break
        case .missing:
          endsAt(number, device)
          gap(device, number)
        case .spoilt, .unusable, .unreachable:
          _ = try goesOn(saying, of: device, at: number, seeing: reader.sight)
        }
        reader = LogReader(device, from: max(number + 1, reader.next))
      }
    }
  }

  /// Reads on behind segments that are not there or cannot be used, where there is more.
  /// - Parameter newest: what the device's head tells, or that of somebody who read it.
  private func passOver(_ device: DeviceID, newest: UInt64) throws {
    let told = max(newest, round.look.named?.newest(of: device) ?? 0)
    for _ in 0..<Self.mostPassed {
      let before = state.peers[device]?.applied ?? 0
      var next = behindEnd(of: device)
      var tries = 0
      while state.peers[device]?.applied ?? 0 == before, tries < Self.mostStrays {
        let shown = round.look.segments[device]?.first { $0 >= next }
        // What told of more behind a damaged one may have been taken out by whoever could not read
        // that either.
        let isThere = isThorough && (round.stuck[device] != nil || newest > before)
        let isTold = next <= told || isThere && next <= before + UInt64(Self.mostStrays)
        guard let number = shown ?? (!round.look.lists && isTold ? next : nil) else { return }
        try pull(device, from: number)
        next = max(number + 1, round.begun[device]?.upperBound ?? 0)
        tries += 1
      }
      guard state.peers[device]?.applied ?? 0 > before else { return }
    }
  }

  /// So often reading goes on behind what cannot be read, in one log and one sync.
  private static let mostPassed = 64
  /// So often files that cannot be used, and that another log stands for, are passed over in one
  /// sync: whoever says so may say it of all there ever will be, of a server that has an answer to
  /// everything.
  private static let mostSkipped = 256
  /// So many files in a row that cannot be used are passed over.
  private static let mostStrays = 16

  private var understanding: Int { library.understanding.number }

  /// What a build before this one passed over may be taken now: it is asked for again; a log of
  /// which not all was noted is read again.
  func lookAgainAtUntaken() throws {
    for (device, passed) in state.untaken.sorted(by: { $0.key < $1.key })
    where passed.contains(where: { $0.build < understanding }) {
      try remember(passed.count < Untaken.most ? .takeAgain(device) : .reread(device))
    }
  }

  /// Says what was passed over, now or earlier.
  func tellUntaken() {
    // Of a retired machine nobody will send it again.
    let retired = (try? retired()) ?? []
    for (device, passed) in state.untaken.sorted(by: { $0.key < $1.key })
    where !retired.contains(device) {
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
    _ changes: [Change], of stretch: Stretch, _ untaken: Untaken?
  ) throws {
    guard
      case .received(let now, let received) = try loop.act(
        .receive(changes, of: stretch, untaken))
    else { return }
    state = now
    report.pulled += received.new
    if received.contradicted > 0 {
      let file = RemoteLayout.segment(stretch.device, stretch.first).text
      problem(.contradicted(file, of: machine(stretch.device), changes: received.contradicted))
    }
    for entity in received.crowded {
      let key = RegisterName.key(ofEntity: entity)
      problem(.crowded(key: key, by: machine(stretch.device)))
    }
    for paper in received.papers where !touched.contains(paper) {
      touched.insert(paper)
      report.papers += 1
    }
    progress(.pulled(machine: stretch.device.description, changes: received.new))
    // What its machine is called may have come just now.
    warnOfClocks(changes)
  }

  /// Names the machines whose clocks are ahead, once each: those that did something later than now.
  /// Who only counts on from a stamp of theirs says when it was done.
  private func warnOfClocks(_ changes: [Change]) {
    let now = surroundings.now()
    for change in changes {
      let ahead = min(change.stamp.milliseconds, change.time) - now
      guard ahead > Self.clockTolerance, fastClocks.count <= Self.mostClocks,
        fastClocks.insert(change.stamp.device).inserted
      else { continue }
      note(
        fastClocks.count > Self.mostClocks
          ? .moreClocksAhead : .clockAhead(machine: machine(change.stamp.device), by: ahead))
    }
  }

  /// So many are named in a sync: anybody can write a stamp with an id of no machine in it.
  private static let mostClocks = 16

  /// A clock this far ahead is worth a word: a day.
  private static let clockTolerance: Int64 = 86_400_000

  // MARK: Logs that do not go on where we left off

  /// Finds out where a device's log went on when the next number is not shown, or that it went
  /// back.
  /// - Parameter claim: up to where somebody says to have read it.
  func trace(_ device: DeviceID, from number: UInt64, readUpTo claim: UInt64 = 0) throws {
    let before = state.peers[device]?.applied ?? 0
    let isStuck = try follow(device, from: number)
    guard isStuck || state.peers[device]?.applied ?? 0 == before || seemsToGoOn(device) else {
      return
    }
    try goOn(device, readUpTo: claim)
  }

  /// Whether there is more of a log than could be read.
  func seemsToGoOn(_ device: DeviceID) -> Bool {
    let applied = state.peers[device]?.applied ?? 0
    if round.look.lists {
      return (round.look.segments[device]?.last ?? 0) >= behindEnd(of: device)
        || isWithheld(device)
    }
    guard let named = round.look.named else { return false }
    // Who could not read it took out what `peers` told.
    return named.newest(of: device).map { $0 > applied } ?? (isThorough && applied > 0)
  }

  /// Whether a listing shows the file that was not there when it was asked for.
  private func isWithheld(_ device: DeviceID) -> Bool {
    guard round.look.lists, round.stuck[device] == nil, let end = round.ends[device] else {
      return false
    }
    return end > state.peers[device]?.applied ?? 0 && round.look.shows(device, end)
  }

  /// The first number behind where a log ends for us: the one that is not there may be in the
  /// middle of a run of several files, which its machine writes just now.
  private func behindEnd(of device: DeviceID) -> UInt64 {
    max((state.peers[device]?.applied ?? 0) + 1, round.ends[device] ?? 0) + 1
  }

  /// Looks for the place where a log goes on that we cannot follow from where we are.
  func goOn(_ device: DeviceID, readUpTo claim: UInt64 = 0) throws {
    let log = state.peers[device] ?? PeerLog()
    // Each of these may be old; none is right alone.
    let head = try readHead(of: device)
    if let head { try meet(head.peers) }
    let starts = [head?.log, round.look.named?.logs[device]].compactMap(\.self)
    // Not remembered before something of it is applied: the folder may lose it, and the log begin
    // anew below.
    if let start = starts.first(where: { $0 > log.applied + 1 }) {
      let isStuck = try pull(device, from: start)
      if !isStuck, state.peers[device]?.applied ?? 0 > log.applied { return }
    }
    // Anybody can name a device and a number in `peers`: of one that has shown nothing yet that is
    // looked into once.
    if round.look.lists || head != nil || log.applied > 0 || isThorough {
      try passOver(device, newest: max(head?.newest ?? 0, claim))
    }
    if state.peers[device]?.applied ?? 0 > log.applied { return }
    if !round.underOtherKey.contains(device),
      isWithheld(device)
        || round.look.segments[device]?.contains(where: { $0 >= behindEnd(of: device) }) == true
    {
      gap(device, log.applied + 1)
    }
    // Where the listing shows it as it should be there is nothing to ask: a torn segment of a
    // machine that is gone is met in every sync.
    let isShown = round.look.lists && round.look.shows(device, log.applied)
    if isThorough || !isShown || round.look.oddMark(of: device, log) != nil {
      try lookBack(device, log)
    }
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
    } else if round.look.lists {
      try lookBack(device, log)
    } else {
      // It may have been put together, and who tells so in `peers` have been written over.
      try goOn(device)
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
    var isThere = false
    if case .found(let bytes) = outcome {
      do throws(SegmentError) {
        isThere = try open(bytes, device, log.applied).place.number > 0
      } catch {
        // Its machine has not been told another passphrase yet, or we have: nothing is lost. Or
        // the folder was set up anew.
        if error == .otherKey || error == .otherLibrary { round.isHeaderDoubtful = true }
        if !error.isOfFile { return }
      }
    }
    guard case .found(let bytes) = outcome, isThere else {
      // What follows stands there, and its machine has not been told the passphrase yet.
      guard !round.underOtherKey.contains(device) else { return }
      // The log was put together since we asked for what follows, and ours removed.
      if let head = try readHead(of: device), head.log > log.applied {
        try pull(device, from: head.log)
        if state.peers[device]?.applied ?? 0 > log.applied { return }
      }
      if try holds(.rolledBack(device)) { note(.rolledBack(machine: machine(device))) }
      return
    }
    if let hash = log.hash, SealedFile.hash(bytes) != hash { return try readAgain(device) }
    if round.look.lists, !round.look.shows(device, log.applied) { round.hidesOthers = true }
  }
}
