import Changes
import Sealing
import Store
import Transport

/// Reading every byte of a folder, and sending what it lacks.
extension SyncEngine {
  // MARK: Verify

  /// Reads every file that sync may ever read there and checks every byte; compares with the
  /// library. What lies before the start of a log is contained in what comes after, and left out.
  /// - Throws: as ``sync()``.
  package func verify() throws -> SyncVerification {
    (report, problems) = (SyncReport(), ProblemList())
    try reload()
    var verification = SyncVerification()
    var absent = try everything()
    let unsent = try unsent()
    if try verifyHeader(&verification) {
      try verifyPeers(&verification)
      let there = try presentPlaces(&verification)
      absent.subtract(there.places)
      // What replaces something may be what is to be sent, where a log is being put together.
      absent.subtract(unsent)
      absent.subtract(try replaced(absent))
      absent.subtract(try replaced(absent, by: there.contents))
    }
    tellUntaken()
    verification.unsent = unsent.count
    absent.subtract(unsent)
    verification.absent = absent.count
    // What was in it stands in another log.
    problems.removeAll { problem in
      state.covered.keys.contains { isCovered(problem, of: $0) }
        || state.covers.numbers.keys.contains { isCovered(problem, of: $0) }
    }
    verification.problems = problems.all
    return verification
  }

  private func everything() throws -> PlaceSet {
    let end = try library.lastPlace()
    return end > 0 ? PlaceSet(1...end) : PlaceSet()
  }

  /// Of these places, those that no log need hold: what a digest said before another digest said it
  /// anew, which is left out when a log is put together.
  private func replaced(_ places: PlaceSet) throws -> PlaceSet {
    var replaced = PlaceSet()
    guard !places.isEmpty else { return replaced }
    try library.forEachSupersededContent(by: { !places.contains($0) }) { place in
      if places.contains(place) { replaced.insert(place) }
    }
    return replaced
  }

  /// And those that were left out for what this library has not taken in yet.
  private func replaced(
    _ places: PlaceSet, by contents: [RegisterName: Int64]
  ) throws -> PlaceSet {
    var replaced = PlaceSet()
    guard !contents.isEmpty else { return replaced }
    try forEach(of: places) { place, change in
      if contents[change.name] ?? 0 > change.stamp.milliseconds { replaced.insert(place) }
      return true
    }
    return replaced
  }

  /// False where nothing is there yet, which is no trouble for a machine that never met the folder.
  private func verifyHeader(_ verification: inout SyncVerification) throws -> Bool {
    guard let known = state.header else {
      guard try peekHeader() else { return false }
      verification.good += 1
      return true
    }
    let name = RemoteLayout.header
    guard case .found(let bytes) = try read(name, RemoteHeader.maximumLength).get() else {
      problem(.hint(file: name.text, machine: nil, nil))
      return true
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let isOther: Bool
    do throws(SegmentError) {
      let (mine, found) = (try RemoteHeader(Array(known.utf8)), try RemoteHeader(bytes))
      isOther = found.library != mine.library
      if found.isMadeOf(mine) {
        problem(.hint(file: name.text, machine: nil, .forged))
        return true
      }
      if !isOther, found.generation < mine.generation {
        problem(.hint(file: name.text, machine: nil, .otherKey))
        return true
      }
    } catch {
      // A page for everything is damage to nothing.
      if try error == .webPage && !isOurs() { throw SyncError.header(error) }
      problem(.hint(file: name.text, machine: nil, error))
      return true
    }
    if try isOther && !isOurs() { throw SyncError.header(.otherLibrary) }
    // The passphrase may have been changed elsewhere since the last sync.
    state.header = text
    do { _ = try keys() } catch SyncError.header(.wrongPassphrase) where !isOther && text != known {
      throw SyncError.passphraseChanged(isRace: false)
    }
    verification.good += 1
    return true
  }

  private func verifyPeers(_ verification: inout SyncVerification) throws {
    switch try read(RemoteLayout.peers, PeerList.maximumLength) {
    case .success(.found(let bytes)) where (try? PeerList(bytes)) != nil: verification.good += 1
    case .success(.found):
      problem(.hint(file: RemoteLayout.peers.text, machine: nil, .damaged))
    case .success(.missing):
      if state.ownLog.isListed { problem(.hint(file: RemoteLayout.peers.text, machine: nil, nil)) }
    case .failure(let error):
      problem(.unreachable(file: RemoteLayout.peers.text, error))
    }
  }

  /// What the folder holds.
  private struct Presence {
    /// The places of what is in this library too.
    var places = PlaceSet()
    /// When digests said what they say there and not here.
    var contents: [RegisterName: Int64] = [:]
    /// The devices in whose logs something stands that this library lacks.
    var unread = Set<DeviceID>()
  }

  /// Reads all logs whole.
  private func presentPlaces(_ verification: inout SyncVerification) throws -> Presence {
    var there = Presence()
    let retired = try retired()
    let devices = try devicesThere()
    for device in devices {
      try silently(retired.contains(device)) {
        if try inspectHead(device) { verification.good += 1 }
      }
    }
    let claims = claims(retired)
    for device in Set(devices).union(claims.keys).sorted() {
      // Nobody mends what a retired machine left. What of it is nowhere else is counted as absent.
      try silently(retired.contains(device)) {
        try inspect(device, claims[device]?.number ?? 0) { changes, files, number in
          verification.good += files
          verification.changes += changes.count
          try compare(changes, of: device, number, &there, &verification)
        }
      }
    }
    try expectNoPage()
    return there
  }

  /// Compares the changes of a run with this library.
  private func compare(
    _ changes: [Change], of device: DeviceID, _ number: UInt64, _ there: inout Presence,
    _ verification: inout SyncVerification
  ) throws {
    var contradicted = 0
    try library.memory { memory in
      for change in changes {
        if let place = try memory.place(of: change.stamp) {
          there.places.insert(place)
          if try memory.contradicts(change) { contradicted += 1 }
        } else {
          verification.unknown += 1
          there.unread.insert(device)
          if change.field == Content.field {
            there.contents[change.name] = max(
              there.contents[change.name] ?? 0, change.stamp.milliseconds)
          }
        }
      }
    }
    guard contradicted > 0 else { return }
    let file = RemoteLayout.segment(device, number).text
    problem(.contradicted(file, of: machine(device), changes: contradicted))
  }

  /// Does something of whose problems nothing is told, if it is to be silent.
  private func silently(_ isSilent: Bool, _ body: () throws -> Void) rethrows {
    let told = isSilent ? problems : nil
    defer { if let told { problems = told } }
    try body()
  }

  /// Where a network began to want a login while the folder was read, its page is no damage.
  /// - Throws: ``SyncError/header(_:)`` when the folder's header is a page now.
  private func expectNoPage() throws {
    guard problems.count > 0,
      case .success(.found(let bytes)) = try read(RemoteLayout.header, RemoteHeader.maximumLength)
    else { return }
    do throws(SegmentError) { _ = try RemoteHeader(bytes) } catch {
      if try error == .webPage && !isOurs() { throw SyncError.header(error) }
    }
  }

  /// So many files in a row that cannot be used are passed over where nothing tells of more behind
  /// them.
  private static let mostStrays = 8

  /// So many numbers in a row are asked for that are not there.
  private static let mostMisses = 256

  /// Reads one log whole. What cannot be used is a problem, and reading goes on behind it.
  /// - Parameter claim: how far somebody says to have read it.
  private func inspect(
    _ device: DeviceID, _ claim: UInt64,
    _ body: ([Change], _ files: Int, _ first: UInt64) throws -> Void
  ) throws {
    let isMine = device == state.ownLog.device
    let known = isMine ? state.ownLog.newestStored : max(claim, state.peers[device]?.applied ?? 0)
    var next = isMine ? state.ownLog.start : try startToRead(device)
    var (isGap, strays, misses) = (false, 0, 0)
    while true {
      switch try readRun(device, next) {
      case .run(let changes, let files, let start):
        // As a sync does: what comes before is contained in it, whatever an old head says.
        if start <= next { forgetLost(of: device, before: start) }
        try body(changes, files, next)
        next += UInt64(files)
        (isGap, strays, misses) = (false, 0, 0)
      // Its machine has not been told the new passphrase, or nobody answers: so it is with all that
      // follows.
      case .unusable(_, .otherKey), .unusable(_, nil): return
      case .unusable(let files, _):
        next += UInt64(files)
        strays += files
        // A server may answer every number with a page of its own.
        let isShown = round.look.segments[device]?.contains { $0 >= next } ?? false
        guard isShown || next <= known || strays < Self.mostStrays else { return }
      case .missing(let number):
        let shown = round.look.segments[device]?.first { $0 > number }
        let isWanted = shown != nil || number <= known
        if isWanted, !isGap, let start = try movedStart(of: device), start > number {
          next = start
          continue
        }
        if isWanted, number > next {
          // The rest of a run whose beginning is there.
          problem(
            .unreadable(
              file: RemoteLayout.segment(device, number).text, machine: machine(device), .damaged))
          isGap = true
        }
        if isWanted, !isGap { gap(device, next) }
        if isWanted {
          let end = shown.map { $0 - 1 } ?? (round.look.lists ? known : number)
          lost(next...max(next, end), device)
        }
        misses += 1
        guard isWanted, misses < Self.mostMisses,
          let after = shown ?? (round.look.lists ? nil : number + 1)
        else { return }
        (next, isGap) = (after, true)
      }
    }
  }

  /// - Returns: whether its head is there and whole.
  private func inspectHead(_ device: DeviceID) throws -> Bool {
    let name = RemoteLayout.head(device)
    let keys = try keys()
    progress(.looked)
    switch try read(name) {
    case .failure(let error): problem(.unreachable(file: name.text, error))
    case .success(.missing): break
    case .success(.found(let bytes)):
      let head: DeviceHead
      do throws(SegmentError) {
        head = try DeviceHead(opening: bytes, device: device, with: keys)
      } catch {
        let isMine = device == state.ownLog.device
        problem(.hint(file: name.text, machine: isMine ? nil : machine(device), error))
        return false
      }
      round.heads[device] = head
      return true
    }
    return false
  }

  // MARK: Repair

  /// Sends everything this library has and the folder lacks, whoever's it was, and syncs.
  /// - Throws: as ``sync()``.
  package func repair() throws -> SyncReport {
    isThorough = true
    do { try syncWhole() } catch SyncError.header(.damaged) {
      // Nothing there shows that it is our folder: the person says so.
      guard let known = state.header else { throw SyncError.header(.damaged) }
      _ = try makeKeys(known)
      if let error = try write(RemoteLayout.header, Array(known.utf8)) { throw error }
      try syncWhole()
    }
    try writeLostHints()
    var verification = SyncVerification()
    lost = [:]
    let there = try presentPlaces(&verification)
    try sendAgain(except: there.places)
    try coverLost()
    // A sync believes that a log starts where it says, and somebody with the key may have said so
    // in another's name.
    for device in there.unread.sorted() where device != state.ownLog.device {
      try remember(.reread(device))
    }
    try forgetVanished()
    let noticesBefore = report.notices
    var report = try sync()
    report.notices = noticesBefore + report.notices.filter { !noticesBefore.contains($0) }
    return report
  }

  /// Syncs, and looks at each file of ours and at the header: a listing shows sizes only.
  private func syncWhole() throws {
    _ = try sync(lookingAtOwn: true)
    if !round.hasRefilled { _ = try refill() }
  }

  /// Puts everything in the library on the list of what is to be sent, whoever's it is.
  private func sendAgain(except present: PlaceSet) throws {
    let end = try library.lastPlace()
    guard end > 0 else { return }
    var missing = PlaceSet(1...end)
    missing.subtract(present)
    missing.subtract(try replaced(missing))
    try remember(.enqueue(missing, upTo: end))
  }

  /// Peers whose log is gone are asked from the start if they ever come back.
  private func forgetVanished() throws {
    for (device, log) in state.peers where log.applied > 0 {
      let outcome = try read(RemoteLayout.segment(device, log.applied)).get()
      if case .found = outcome { continue }
      try remember(.reread(device))
    }
  }

  // MARK: Walking the logs

  /// All devices that the folder shows or that are known, ourselves among them.
  func devicesThere() throws -> [DeviceID] {
    if case .files(let files) = try list() { round.look = FolderLook(files) }
    round.look.named = try readPeers()
    return round.look.devices.union(state.peers.keys).union([state.ownLog.device]).sorted()
  }

  private func startOfLog(_ device: DeviceID, _ head: DeviceHead?) -> UInt64 {
    max(1, head?.log ?? 1, round.look.named?.logs[device] ?? 1)
  }

  /// Where to begin: what is said of the start is a hint, and where nothing stands there the log is
  /// read from what does.
  private func startToRead(_ device: DeviceID) throws -> UInt64 {
    let told = startOfLog(device, round.heads[device])
    func isMissing(_ number: UInt64) throws -> Bool {
      guard case .success(.missing) = try read(RemoteLayout.segment(device, number)) else {
        return false
      }
      return true
    }
    guard told > 1, try isMissing(told) else { return told }
    if round.look.lists { return min(told, round.look.segments[device]?.first ?? told) }
    return try isMissing(1) ? told : 1
  }

  /// Where a log begins by now: it may have been put together while it was read.
  private func movedStart(of device: DeviceID) throws -> UInt64? {
    if device == state.ownLog.device { return try current().ownLog.start }
    return try readHead(of: device) == nil ? nil : try startToRead(device)
  }

  private func forgetLost(of device: DeviceID, before start: UInt64) {
    guard start > 1 else { return }
    forgetProblems(of: device, before: start)
    lost[device]?.remove(1...PlaceSet.place(start - 1))
  }

  private func lost(_ numbers: ClosedRange<UInt64>, _ device: DeviceID) {
    // Of invented names there is nothing to stand for.
    guard state.peers[device]?.applied ?? 0 > 0 else { return }
    lost[device, default: PlaceSet()].formUnion(PlaceSet([numbers]))
  }

  /// Says that our log stands for segments of others that cannot be read, and that we have.
  private func coverLost() throws {
    var covers: [DeviceID: PlaceSet] = [:]
    for (device, numbers) in lost where device != state.ownLog.device {
      guard let applied = state.peers[device]?.applied, applied > 0 else { continue }
      var known = numbers
      known.remove(PlaceSet.place(applied + 1)...Int64.max - 1)
      // Nor for what somebody else says to hold: they may be wrong, and it is asked for again.
      known.subtract(state.passedOver(of: device))
      if !known.isEmpty { covers[device] = known }
    }
    if !covers.isEmpty { try remember(.cover(covers)) }
  }

  private enum RunSight {
    /// And where the log starts, as its author says there.
    case run([Change], files: Int, start: UInt64)
    /// A problem, which is noted.
    case unusable(files: Int, SegmentError?)
    /// This is not there; what is before it may be the beginning of a run.
    case missing(UInt64)
  }

  private func readRun(_ device: DeviceID, _ number: UInt64) throws -> RunSight {
    var reader = LogReader(device, from: number)
    while true {
      let current = reader.next
      let answer = try read(RemoteLayout.segment(device, current))
      progress(.looked)
      func unusable(_ error: SegmentError) -> RunSight {
        let name = RemoteLayout.segment(device, current)
        problem(.unreadable(file: name.text, machine: machine(device), error))
        if error.isOfFile { lost(number...current, device) }
        return .unusable(files: Int(current - number) + 1, error)
      }
      switch reader.take(answer, segmentKeys) {
      case .part: continue
      // The rest of a run whose beginning could not be used.
      case .middle:
        lost(current...current, device)
        return .run([], files: 1, start: 1)
      case .run(let run):
        return .run(run.segment.changes, files: run.files, start: run.segment.opening.needed)
      case .missing: return .missing(current)
      case .unusable(let error, _), .spoilt(let error, _, _): return unusable(error)
      case .unreachable(let error):
        problem(.unreachable(file: RemoteLayout.segment(device, current).text, error))
        return .unusable(files: Int(current - number) + 1, nil)
      }
    }
  }
}
