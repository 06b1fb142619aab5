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
      if weaknesses.contains(.headBeforeSegment) {
        var head = currentHead()
        head.newest = run.last
        try writeHead(head)
      }
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
      look.named = nil
      try join()
    }
  }

  private func hasWork() throws -> Bool {
    if state.pending != nil || !state.queue.isEmpty { return true }
    return state.received.firstGap(after: state.ownLog.upTo) <= (try library.lastPlace())
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
      try remember { state, memory, names in
        state.pending = nil
        try memory.remove(names.pending)
      }
      return nil
    }
    guard let (run, files) = try nextRun() else {
      try skipToEnd()
      return nil
    }
    if weaknesses.contains(.pendingForgotten) { return (run, files) }
    var isMine = false
    let ownLog = state.ownLog
    try remember { state, memory, names in
      guard state.ownLog == ownLog, state.pending == nil else { return }
      isMine = true
      state.pending = run
      try memory.set(names.pending, run.text)
      try take(&state, &memory)
      if weaknesses.contains(.sentBeforeWritten) { try Self.advance(run, &state, &memory, names) }
    }
    return isMine ? (run, files) : nil
  }

  /// Notes that this process begins to write what another may be writing too, which then knows that
  /// what it reads back may not stay.
  private func begin(_ run: Run, after lastWriter: String?) throws -> Bool {
    if lastWriter == writer { return true }
    var isMine = false
    try remember { state, memory, _ in
      guard state.pending == run, state.writer == lastWriter else { return }
      isMine = true
      try take(&state, &memory)
    }
    return isMine
  }

  private func take(_ state: inout RemoteState, _ memory: inout SyncMemory) throws {
    state.writer = writer
    try memory.set(names.writer, writer)
  }

  /// Nothing that is left needs sending.
  private func skipToEnd() throws {
    let end = try library.lastPlace()
    try remember { state, memory, names in
      state.queue = PlaceSet()
      state.ownLog.upTo = max(state.ownLog.upTo, end)
      state.received.remove(1...max(1, state.ownLog.upTo))
      try memory.set(names.queue, state.queue.description)
      try memory.set(names.received, state.received.description)
      try memory.set(names.ownLog, state.ownLog.text)
    }
  }

  private func nextRun() throws -> (Run, [[UInt8]])? {
    let opening = Segment.Opening(log: state.ownLog.start, peers: state.peers.keys.sorted())
    var run = Run(
      number: state.ownLog.newest + 1, previous: state.ownLog.hash, upTo: state.ownLog.upTo,
      opening: opening.text)
    var writer = SegmentWriter(opening: run.opening, writer: state.ownLog.device)
    var cursor: Int64 = 0
    filling: while let next = nextCandidate(after: cursor) {
      let rows = try library.changes(after: next - 1, limit: 256)
      guard !rows.isEmpty else { break }
      for (place, change) in rows where isCandidate(place) {
        guard writer.append(change) else { break filling }
        run.places.insert(place)
        run.upTo = max(run.upTo, place)
      }
      cursor = rows.last?.place ?? next
    }
    guard !run.places.isEmpty else { return nil }
    let files = try seal(try writer.payloads(), run)
    run.hashes = files.map(SealedFile.hash)
    run.size = files.reduce(0) { $0 + $1.count }
    return (run, files)
  }

  private func isCandidate(_ place: Int64) -> Bool {
    place <= state.ownLog.upTo ? state.queue.contains(place) : !state.received.contains(place)
  }

  private func nextCandidate(after place: Int64) -> Int64? {
    if place < state.ownLog.upTo, let queued = state.queue.first(after: place) { return queued }
    return state.received.firstGap(after: max(place, state.ownLog.upTo))
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
    var writer = SegmentWriter(opening: run.opening, writer: state.ownLog.device)
    var cursor: Int64 = 0
    while let next = run.places.first(after: cursor) {
      let rows = try library.changes(after: next - 1, limit: 256)
      guard let last = rows.last else { break }
      for (place, change) in rows where run.places.contains(place) {
        guard writer.append(change) else { return [] }
      }
      cursor = last.place
    }
    return try seal(try writer.payloads(), run)
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
      failure = nil
      do throws(TransportError) { try folder.write(name, bytes) } catch { failure = error }
      if weaknesses.contains(.noReadBack) { return true }
      switch read(name) {
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
    var isStill = false
    try remember { state, memory, names in
      let isLast = state.pending == run && state.writer == lastWriter
      guard isLast || weaknesses.contains(.pendingForgotten) else { return }
      isStill = true
      try Self.advance(run, &state, &memory, names)
    }
    guard isStill else { return }
    report.pushed += run.places.count
    progress(.pushed(changes: run.places.count))
  }

  static func advance(
    _ run: Run, _ state: inout RemoteState, _ memory: inout SyncMemory, _ names: RemoteState.Names
  ) throws {
    state.pending = nil
    if run.number == state.ownLog.start {
      state.listed = ListedSize(whole: run.size)
    } else {
      state.listed?.grow(by: run.size)
    }
    state.ownLog.newest = run.last
    state.ownLog.hash = run.lastHash
    state.ownLog.upTo = max(state.ownLog.upTo, run.upTo)
    state.queue.subtract(run.places)
    state.received.remove(1...max(1, state.ownLog.upTo))
    try memory.remove(names.pending)
    try memory.set(names.segment(run.number), run.text)
    try memory.set(names.ownLog, state.ownLog.text)
    if let listed = state.listed { try memory.set(names.listed, listed.text) }
    try memory.set(names.queue, state.queue.description)
    try memory.set(names.received, state.received.description)
  }

  // MARK: Am I still who I was?

  /// Looks whether the folder and our log in it are ours and whole; mends what is not.
  ///
  /// Another process of this home may write meanwhile. It remembers what it writes before it does,
  /// so what looks like a twin is one only if nothing moved in the library since it was asked for.
  /// - Returns: false when this device took a new id, and everything is to be looked at again.
  func checkOwn() throws -> Bool {
    hasCheckedOwn = true
    for _ in 0..<100 {
      let seen = (ownLog: state.ownLog, pending: state.pending)
      var wanted = [
        RemoteLayout.header, RemoteLayout.segment(seen.ownLog.device, seen.ownLog.newest + 1),
      ]
      if seen.ownLog.newest > 0 {
        wanted.append(RemoteLayout.segment(seen.ownLog.device, seen.ownLog.newest))
      }
      let results = read(wanted)
      let (header, next) = (try results[0].get(), try results[1].get())
      let last = try seen.ownLog.newest > 0 ? sight(results[2].get(), seen.ownLog.newest) : nil
      let place =
        weaknesses.contains(.cloneUnnoticed)
        ? .alreadyWritten
        : OwnStanding.judge(
          last: last, expected: seen.ownLog.hash, next: sight(next, seen.ownLog.newest + 1),
          pending: seen.pending?.hashes.first)
      // What stands there under the header we know and is not ours is taken in before another
      // header is believed: a former life of this machine sent it, and nobody could read it
      // afterwards.
      if place != .cloned,
        try resolveHeader(header, isOwnLastThere: last == .segment(seen.ownLog.hash))
      {
        return true
      }
      switch place {
      case .alreadyWritten: return true
      case .intact where try !isShownAhead || !isOvertaken(): return true
      case .intact, .damaged, .cloned: break
      }
      try reload()
      guard state.ownLog == seen.ownLog, state.pending == seen.pending else { continue }
      if place == .damaged, try !isOvertaken() { return try refill() }
      if try takeNewIdentity(common: try lastCommon(), unlessMoved: seen) { return false }
    }
    throw SyncError.contended
  }

  /// Whether the folder seems to hold more of our log than we wrote.
  private var isShownAhead: Bool {
    (look.segments[state.ownLog.device]?.last ?? 0) > state.ownLog.newest
      || (look.named?.logs[state.ownLog.device] ?? 1) > state.ownLog.start
  }

  /// Whether there are segments under our id that we did not write: a twin went on, and put our log
  /// together. Our own head tells of them, or they are shown and stand there; a twin that dies may
  /// have written no head, and one that does not know of them writes its own over it.
  private func isOvertaken() throws -> Bool {
    let newest = state.pending?.last ?? state.ownLog.newest
    if let head = readHead(of: state.ownLog.device), head.newest > newest { return true }
    let newestShown = max(
      look.segments[state.ownLog.device]?.last ?? 0,
      look.named?.newest(of: state.ownLog.device) ?? 0)
    guard newestShown > max(newest, state.ownLog.newest + 1),
      case .success(let outcome) = read(RemoteLayout.segment(state.ownLog.device, newestShown)),
      case .segment = sight(outcome, newestShown)
    else { return false }
    return true
  }

  /// What one of our files looks like, by its hash where it is a whole segment under our id.
  private func sight(_ outcome: ReadOutcome, _ number: UInt64) -> OwnStanding.Sight {
    guard case .found(let bytes) = outcome else { return .missing }
    do throws(SegmentError) {
      _ = try open(bytes, state.ownLog.device, number)
      return .segment(SealedFile.hash(bytes))
    } catch {
      // A twin that knows another passphrase cannot have written into our folder.
      return error == .damaged ? .torn : .unusable
    }
  }

  /// Our log as far back as the folder still has it as we wrote it.
  private func lastCommon() throws -> OwnLog {
    var ownLog = state.ownLog
    let runs = try library.memory { try RemoteState.runs($0, names) }
    for run in runs.reversed() where run.last <= ownLog.newest {
      let outcome = try read(RemoteLayout.segment(ownLog.device, run.last)).get()
      ownLog.newest = run.last
      ownLog.hash = run.lastHash
      if sight(outcome, run.last) == .segment(run.lastHash) { return ownLog }
    }
    ownLog.newest = 0
    ownLog.hash = SealedFile.noHash
    return ownLog
  }

  /// Sends again what the folder lost of our log, with the same bytes.
  /// - Returns: false when it turned out that a twin writes here.
  func refill() throws -> Bool {
    guard !weaknesses.contains(.noRefill) else { return true }
    let runs = try library.memory { try RemoteState.runs($0, names) }
    var count = 0
    for run in runs where run.number >= state.ownLog.start {
      guard try !isStored(run) else { continue }
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
      hasRefilled = true
      note(.refilled(segments: count))
    }
    return true
  }

  /// Looks at every segment of ours when the listing shows other sizes than it should, or somebody
  /// did not find what `peers` told of us. Where all is whole and the server just tells sizes
  /// otherwise, they are accepted from now on.
  func mendOdd() throws {
    let isOdd = look.showsOdd(state.ownLog, state.listed)
    guard !hasRefilled, isOdd || look.named.map(state.ownLog.isTakenOut) == true else { return }
    let ownLog = state.ownLog
    guard try refill(), !hasRefilled, state.ownLog == ownLog, let shown = look.ownBytes(of: ownLog)
    else {
      return
    }
    try remember { state, memory, names in
      guard state.ownLog == ownLog else { return }
      state.listed?.accepted = shown
      if let listed = state.listed { try memory.set(names.listed, listed.text) }
    }
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
