import Changes
import Sealing
import Store
import Transport

/// Sending what others lack.
extension SyncEngine {
  /// Sends everything that this remote has not got, segment by segment.
  func push() throws {
    guard try hasWork() else { return }
    // Another process may have sent it meanwhile.
    try reload()
    let device = state.ownLog.device
    let wasStartStored = state.ownLog.isStartStored
    var isChecked = false
    var rounds = 0
    while try hasWork() {
      rounds += 1
      if rounds > 100_000 { throw SyncError.contended }
      if !isChecked {
        guard try checkOwn() else { return }
        isChecked = true
        continue
      }
      let isRemembered = state.pending != nil
      // A copy of this library may remember the same one, have sent it, and gone on after it.
      if isRemembered { isChecked = false }
      guard let (run, files) = try prepared() else { continue }
      guard try store(files, run, unless: { try current().pending != run }) else {
        let (ownLog, pending) = (state.ownLog, state.pending)
        if try takeNewIdentity(common: ownLog, unlessMoved: (ownLog, pending)) { return }
        isChecked = false
        continue
      }
      try commit(run, writtenBy: writer)
      if state.ownLog.device != device { return }
    }
    if !wasStartStored, state.ownLog.isStartStored {
      round.look.named = nil
      try join()
    }
  }

  func hasWork() throws -> Bool {
    if state.pending != nil || !state.queue.isEmpty || !state.covers.isTold { return true }
    return try !unsent().isEmpty
  }

  /// What is still to be sent: see ``RemoteState/unsent(upTo:)``.
  func unsent() throws -> PlaceSet { state.unsent(upTo: try library.lastPlace()) }

  /// The changes at some places of the log, in their order, as long as they are taken.
  func forEach(
    of places: PlaceSet, _ body: (_ place: Int64, Change) throws -> Bool
  ) throws {
    var cursor: Int64 = 0
    while let next = places.first(after: cursor) {
      let rows = try library.changes(after: next - 1, limit: 256, room: 1 << 20)
      guard let last = rows.last else { return }
      for (place, change) in rows where places.contains(place) {
        guard try body(place, change) else { return }
      }
      cursor = last.place
    }
  }

  // MARK: Making segments

  /// The segment to write next, remembered before it is written; nil when another process came
  /// between.
  private func prepared() throws -> (Run, [[UInt8]])? {
    if let pending = state.pending {
      let lastWriter = state.writer
      // Written once more it could be torn, after others have taken it in.
      if try isStored(pending) {
        try commit(pending, writtenBy: lastWriter)
        return nil
      }
      let files = try rebuild(pending)
      if files.map(SealedFile.hash) == pending.hashes {
        return try begin(pending, after: lastWriter) ? (pending, files) : nil
      }
      // Made by another build of zlib: it is made anew.
      try remember(.drop)
      return nil
    }
    guard let (run, files) = try nextRun() else {
      try remember(.skip(to: try library.lastPlace()))
      return nil
    }
    let isMine = try remember(.begin(run, seeing: state.ownLog, by: writer))
    return isMine ? (run, files) : nil
  }

  /// Notes that this process begins to write what another may be writing too, which then knows that
  /// what it reads back may not stay.
  private func begin(_ run: Run, after lastWriter: String?) throws -> Bool {
    if lastWriter == writer { return true }
    return try remember(.takeOver(run, from: lastWriter, by: writer))
  }

  private func nextRun() throws -> (Run, [[UInt8]])? {
    var opening = Segment.Opening(log: state.ownLog.start, peers: peersToTell())
    opening.isPartial = !state.queue.isEmpty
    var (run, writer) = try fill(opening)
    if holdsQueue(run), opening.isPartial || !state.covers.isTold {
      // Only with the last of what it speaks of.
      opening.isPartial = false
      if !state.covers.isTold { opening.covers = state.covers.numbers.told(atMost: 16, 16) }
      let last = try fill(opening)
      // A longer opening may leave less room.
      if holdsQueue(last.0) { (run, writer) = last }
    }
    guard !run.places.isEmpty || !opening.covers.isEmpty else { return nil }
    let files = try seal(try writer.payloads(), run)
    run.hashes = files.map(SealedFile.hash)
    run.size = files.reduce(0) { $0 + $1.count }
    return (run, files)
  }

  private func holdsQueue(_ run: Run) -> Bool {
    var left = state.queue
    left.subtract(run.places)
    return left.isEmpty
  }

  /// A run of what comes next, as much as it holds.
  private func fill(_ opening: Segment.Opening) throws -> (Run, SegmentWriter) {
    var run = Run(
      number: state.ownLog.newest + 1, previous: state.ownLog.hash, upTo: state.ownLog.upTo,
      opening: opening.text)
    var writer = SegmentWriter(
      opening: run.opening, writer: state.ownLog.device, size: segmentSize)
    try forEach(of: try unsent()) { place, change in
      guard Self.append(change, to: &writer) else { return false }
      run.places.insert(place)
      run.upTo = max(run.upTo, place)
      return true
    }
    return (run, writer)
  }

  /// What no reader takes is left out: an older build recorded it. It stays in this library.
  private static func append(_ change: Change, to writer: inout SegmentWriter) -> Bool {
    ChangeBounds.hold(change) ? writer.append(change) : true
  }

  private func seal(_ payloads: [[UInt8]], _ run: Run) throws -> [[UInt8]] {
    var files: [[UInt8]] = []
    var previous = run.previous
    let keys = try keys()
    for (index, payload) in payloads.enumerated() {
      let place = SealedFile.Place(
        kind: .segment, device: state.ownLog.device, number: run.number + UInt64(index),
        part: UInt16(clamping: index), parts: UInt16(clamping: payloads.count), previous: previous)
      let file = try SealedFile(place: place, payload: payload).sealed(with: keys)
      previous = SealedFile.hash(file)
      files.append(file)
    }
    return files
  }

  /// The files of a run from what is remembered of it.
  func rebuild(_ run: Run) throws -> [[UInt8]] {
    var writer = SegmentWriter(
      opening: run.opening, writer: state.ownLog.device, size: segmentSize)
    var isFull = false
    try forEach(of: run.places) { _, change in
      isFull = !Self.append(change, to: &writer)
      return !isFull
    }
    return isFull ? [] : try seal(try writer.payloads(), run)
  }

  // MARK: Writing

  /// Writes the files of a run and reads each back.
  /// - Returns: false when somebody else writes under our id.
  private func store(
    _ files: [[UInt8]], _ run: Run, unless isDone: () throws -> Bool = { false }
  ) throws -> Bool {
    for (index, bytes) in files.enumerated() {
      let number = run.number + UInt64(index)
      guard try store(bytes, at: number, unless: isDone) else { return false }
    }
    return true
  }

  /// After any error the state is unknown: read, compare, then decide.
  /// - Parameter isDone: whether another process of this home has found it whole meanwhile. Then
  ///   what we read was old or torn in reading, and written once more it could be torn for real.
  func store(
    _ bytes: [UInt8], at number: UInt64, unless isDone: () throws -> Bool = { false }
  ) throws -> Bool {
    let name = RemoteLayout.segment(state.ownLog.device, number)
    var failure: TransportError?
    for attempt in 0..<3 {
      if attempt > 0, try isDone() { return true }
      failure = try write(name, bytes)
      switch try read(name) {
      case .success(.found(let found)) where found == bytes: return true
      case .success(.found(let found)):
        if (try? open(found, state.ownLog.device, number)) != nil { return false }
      case .success(.missing): continue
      case .failure(let error): failure = failure ?? error
      }
    }
    if let failure { throw failure }
    throw SyncError.notStored(file: name.text)
  }

  /// Moves the cursor past a run that was found stored after `lastWriter` had begun to write it.
  /// Has another process begun since, it may have torn what was read back: then nothing moves, and
  /// it is looked at again.
  private func commit(_ run: Run, writtenBy lastWriter: String?) throws {
    guard try remember(.sent(run, writtenBy: lastWriter)) else { return }
    report.pushed += run.places.count
    progress(.pushed(changes: run.places.count))
  }

  // MARK: Am I still who I was?

  /// Looks whether the folder and our log in it are ours and whole; mends what is not.
  ///
  /// Another process of this home may write meanwhile. It remembers what it writes before it does,
  /// so what looks like a twin is one only if nothing moved in the library since it was asked for.
  /// - Returns: false when this device took a new id, and everything is to be looked at again.
  func checkOwn() throws -> Bool {
    round.hasCheckedOwn = true
    // With a passphrase that does not fit nothing of ours could be told from a twin's.
    _ = try keys()
    for _ in 0..<100 {
      let seen = (ownLog: state.ownLog, pending: state.pending)
      var wanted = [
        RemoteLayout.header, RemoteLayout.segment(seen.ownLog.device, seen.ownLog.newest + 1),
      ]
      if !seen.ownLog.isEmpty {
        wanted.append(RemoteLayout.segment(seen.ownLog.device, seen.ownLog.newest))
      }
      let results = try read(wanted)
      let (header, next) = (try results[0].get(), try results[1].get())
      let last =
        try seen.ownLog.isEmpty
        ? nil : sight(results[2].get(), seen.ownLog.newest, known: seen.ownLog.hash)
      let judged = OwnStanding.judge(
        last: last, expected: seen.ownLog.hash,
        next: sight(next, seen.ownLog.newest + 1, known: seen.pending?.hashes.first),
        pending: seen.pending?.hashes.first)
      guard case .own(let place)? = try conclude(.own(judged)) else { return true }
      // What stands there under the header we know and is not ours is taken in before another
      // header is believed: a former life of this machine sent it, and nobody could read it
      // afterwards.
      if place != .cloned,
        try resolveHeader(header, isOwnLastThere: last == .segment(seen.ownLog.hash))
      {
        return true
      }
      if place == .intact, seen.ownLog.isEmpty, foundAlone != state.header,
        try isOurselvesElsewhere()
      {
        return false
      }
      switch place {
      case .alreadyWritten: return true
      case .intact where try !isShownAhead || !isOvertaken(): return true
      case .intact, .damaged, .cloned: break
      }
      try reload()
      guard state.ownLog == seen.ownLog, state.pending == seen.pending else { continue }
      if place == .damaged, try !isOvertaken() { return try refill() }
      if try isOurselvesElsewhere() { return false }
      if isUnheardOf { throw SyncError.neverWritten(file: wanted[1].text) }
      if try takeNewIdentity(common: try lastCommon(), unlessMoved: seen) { return false }
    }
    throw SyncError.contended
  }

  /// Whether our id was drawn in this sync, and bears nothing yet: no twin knows it, and what the
  /// server shows under it nobody wrote. Another id in its place would be no better.
  private var isUnheardOf: Bool {
    state.ownLog.isEmpty && state.pending == nil
      && report.notices.contains { notice in
        if case .newIdentity(_, state.ownLog.device) = notice { true } else { false }
      }
  }

  /// Whether the folder seems to hold more of our log than we wrote.
  private var isShownAhead: Bool {
    (round.look.segments[state.ownLog.device]?.last ?? 0) > state.ownLog.newest
      || (round.look.named?.logs[state.ownLog.device] ?? 1) > state.ownLog.start
      || !state.hasWritten && newestShown > 0
  }

  /// The newest segment under our id that the folder shows, or that somebody says to have read.
  var newestShown: UInt64 {
    let device = state.ownLog.device
    let read = round.heads.values.compactMap { $0.applied[device] }.filter { $0 < 1 << 62 }
    return max(
      round.look.segments[device]?.last ?? 0, round.look.named?.newest(of: device) ?? 0,
      round.look.named?.logs[device] ?? 0, read.max() ?? 0)
  }

  /// Whether there are segments under our id that we did not write: a twin went on, and put our log
  /// together. Our own head tells of them, or they are shown and stand there; a twin that dies may
  /// have written no head, and one that does not know of them writes its own over it.
  private func isOvertaken() throws -> Bool {
    let newest = state.pending?.last ?? state.ownLog.newestStored
    let device = state.ownLog.device
    if let head = try readHead(of: device), head.newest > newest { return true }
    let number = newestShown
    // The next one was looked at.
    guard number > newest, number != state.ownLog.newest + 1,
      case .success(let outcome) = try read(RemoteLayout.segment(device, number))
    else { return false }
    switch sight(outcome, number) {
    // See ``OwnStanding/judge(last:expected:next:pending:)``.
    case .segment, .unusable: return true
    case .missing, .page, .torn: return false
    }
  }

  /// What one of our files looks like, by its hash where it is a whole segment under our id.
  /// - Parameter known: the hash of what we wrote there, which need not be under the header we
  ///   know.
  private func sight(
    _ outcome: ReadOutcome, _ number: UInt64, known: [UInt8]? = nil
  ) -> OwnStanding.Sight {
    guard case .found(let bytes) = outcome else { return .missing }
    let hash = SealedFile.hash(bytes)
    if hash == known { return .segment(hash) }
    do throws(SegmentError) {
      _ = try open(bytes, state.ownLog.device, number)
      return .segment(hash)
    } catch {
      switch error {
      case .damaged: return .torn
      case .notPapershelf: return .page
      default: return .unusable
      }
    }
  }

  /// Our log as far back as the folder still has it as we wrote it.
  private func lastCommon() throws -> OwnLog {
    var ownLog = state.ownLog
    for run in try runs().reversed() where run.last <= ownLog.newest {
      let outcome = try read(RemoteLayout.segment(ownLog.device, run.last)).get()
      ownLog.newest = run.last
      ownLog.hash = run.lastHash
      if sight(outcome, run.last, known: run.lastHash) == .segment(run.lastHash) { return ownLog }
    }
    ownLog.newest = 0
    ownLog.hash = SealedFile.noHash
    return ownLog
  }

  /// Sends again what the folder lost of our log, with the same bytes.
  /// - Parameter doubted: the segments to look at; nil for all.
  /// - Returns: false when it turned out that a twin writes here.
  func refill(_ doubted: PlaceSet? = nil) throws -> Bool {
    var count = 0
    for run in try runs() where run.number >= state.ownLog.start && run.touches(doubted) {
      guard try !isStored(run), try holds(.lost(run)) else { continue }
      let device = state.ownLog.device
      // Another process of this home may have put the log together meanwhile, and removed this.
      try reload()
      guard state.ownLog.device == device, run.number >= state.ownLog.start else { return true }
      let files = try rebuild(run)
      guard files.map(SealedFile.hash) == run.hashes else {
        // Another build of zlib: the same changes in new segments.
        try renew()
        return true
      }
      let seen = (ownLog: state.ownLog, pending: state.pending)
      guard try store(files, run) else {
        return try !takeNewIdentity(common: try lastCommon(), unlessMoved: seen)
      }
      count += files.count
    }
    if count > 0 {
      round.hasRefilled = true
      note(.refilled(segments: count))
      // What was written now has other marks.
      if state.versions != nil { try remember(.versions(LogVersions(log: "-", newest: 0, sum: 0))) }
    }
    return true
  }

  /// Looks at every segment of ours when the listing shows other sizes than it should, or somebody
  /// did not find what `peers` told of us. Where all is whole and the server just tells sizes
  /// otherwise, they are accepted from now on.
  func mendOdd() throws {
    let isOtherVersion = round.look.showsOtherVersion(state.ownLog, state.versions)
    let isOdd = isOtherVersion || round.look.showsOdd(state.ownLog, state.listed)
    guard !round.hasRefilled, isOdd || round.look.named.map(state.ownLog.isTakenOut) == true else {
      return
    }
    let ownLog = state.ownLog
    guard try refill(), state.ownLog == ownLog else { return }
    guard !round.hasRefilled else { return }
    if isOtherVersion, var seen = round.look.versions(of: ownLog, upTo: ownLog.newest) {
      seen.alarms = (state.versions?.alarms ?? 0) + 1
      try remember(.versions(seen))
    }
    guard round.look.showsOdd(ownLog, state.listed), let shown = round.look.ownBytes(of: ownLog)
    else {
      return
    }
    try remember(.accept(shown, seeing: ownLog))
  }

  /// Looks at the segments of ours that somebody could not read, and writes again what is damaged.
  func mendDoubted() throws {
    let doubted = round.doubted
    round.doubted = PlaceSet()
    guard !doubted.isEmpty else { return }
    let suspects = try runs().filter {
      $0.number >= state.ownLog.start && $0.touches(doubted)
    }.prefix(Self.mostDoubted)
    for run in suspects where try !isStored(run) {
      if try checkOwn(), !round.hasRefilled { _ = try refill(doubted) }
      return
    }
    // All is whole: who complains has not looked again yet, or never will.
    for (device, length) in round.complaining.sorted(by: { $0.key < $1.key }) {
      try remember(.heard(device, length))
    }
  }

  /// No more segments are looked at in one sync because others ask for it.
  private static let mostDoubted = 16

  /// Remembers what the listing tells of the writing of our log, where it shows nothing else than
  /// before. Before anything is sent: what is sent now the next listing tells.
  func lookAtVersions() throws {
    guard !round.hasRefilled,
      let shown = round.look.versions(of: state.ownLog, upTo: state.ownLog.newest),
      state.versions?.log != shown.log || state.versions?.newest != shown.newest
    else { return }
    var seen = shown
    seen.alarms = state.versions?.alarms ?? 0
    try remember(.versions(seen))
  }

  private func isStored(_ run: Run) throws -> Bool {
    for (index, hash) in run.hashes.enumerated() {
      let name = RemoteLayout.segment(state.ownLog.device, run.number + UInt64(index))
      guard case .found(let bytes) = try read(name).get(), SealedFile.hash(bytes) == hash else {
        return false
      }
    }
    return true
  }
}
