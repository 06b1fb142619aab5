import Changes
import Papers
import Store
import Transport

/// What the person asks of a remote besides syncing.
extension SyncEngine {
  // MARK: Preview

  /// What a sync would bring and send, by paper. Changes nothing here or there.
  /// - Throws: as ``sync()``.
  public func plan() throws -> SyncPreview {
    var preview = SyncPreview()
    report = SyncReport()
    try reload()
    var outgoing = try outgoingChanges()
    guard try state.header != nil || peekHeader() else {
      preview.outgoing = outgoing
      return preview
    }
    var incoming = Counter()
    try walk(from: { $0 == self.state.own.device ? nil : (self.state.peers[$0]?.applied ?? 0) + 1 })
    { changes, _ in
      for change in changes where try !self.isKnown(change) { incoming.add(change) }
    }
    outgoing.sort { ($0.paper?.rawValue ?? "") < ($1.paper?.rawValue ?? "") }
    preview.incoming = incoming.lines
    preview.outgoing = outgoing
    preview.problems = report.problems
    return preview
  }

  private func isKnown(_ change: Change) throws -> Bool {
    try library.memory { try $0.place(of: change.stamp) != nil }
  }

  /// Reads the header of a folder not synced before, for this object only.
  private func peekHeader() throws -> Bool {
    switch read(RemoteLayout.header, RemoteHeader.maximumLength) {
    case .failure(let error): throw error
    case .success(.missing): return false
    case .success(.found(let bytes)):
      do throws(SegmentError) { _ = try RemoteHeader(bytes) } catch {
        throw SyncError.header(error)
      }
      state.header = String(decoding: bytes, as: UTF8.self)
      _ = try keys()
      return true
    }
  }

  private func outgoingChanges() throws -> [SyncPreview.Line] {
    var counter = Counter()
    var place: Int64 = 0
    let places = state.queue
    while true {
      let rows = try library.changes(after: place, limit: 512)
      guard let last = rows.last else { return counter.lines }
      for (place, change) in rows {
        let isToSend = place <= state.own.upTo ? places.contains(place) : !state.got.contains(place)
        if isToSend { counter.add(change) }
      }
      place = places.isEmpty && last.place < state.own.upTo ? state.own.upTo : last.place
    }
  }

  private struct Counter {
    var counts: [PaperID: Int] = [:]
    var others = 0

    mutating func add(_ change: Change) {
      guard change.entity.hasPrefix("p:") else {
        others += 1
        return
      }
      counts[PaperID(trusted: String(change.entity.dropFirst(2))), default: 0] += 1
    }

    var lines: [SyncPreview.Line] {
      let papers = counts.sorted { $0.key < $1.key }
        .map { SyncPreview.Line(paper: $0.key, changes: $0.value) }
      return others == 0 ? papers : papers + [.init(paper: nil, changes: others)]
    }
  }

  // MARK: Verify and repair

  /// Reads every file of the folder and checks every byte; compares with the library.
  /// - Throws: as ``sync()``.
  public func verify() throws -> SyncVerification {
    report = SyncReport()
    try reload()
    guard state.header != nil else { throw SyncError.header(.notPapershelf) }
    var verification = SyncVerification()
    let present = try presentPlaces(&verification)
    var absent = PlaceSet()
    if case let end = try library.lastPlace(), end > 0 { absent = PlaceSet(1...end) }
    absent.subtract(present)
    verification.absent = absent.ranges.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) + 1 }
    verification.problems = report.problems
    return verification
  }

  /// Sends everything this library has and the folder lacks, whoever's it was, and syncs.
  /// - Throws: as ``sync()``.
  public func repair() throws -> SyncReport {
    do { _ = try sync() } catch SyncError.header(.damaged) {
      // Nothing there shows that it is our folder: the person says so.
      guard let known = state.header else { throw SyncError.header(.damaged) }
      try folder.write(RemoteLayout.header, Array(known.utf8))
      _ = try sync()
    }
    _ = try checkOwn()
    var verification = SyncVerification()
    let present = try presentPlaces(&verification)
    try sendAgain(except: present)
    try forgetVanished()
    return try sync()
  }

  /// Puts everything in the library on the list of what is to be sent, whoever's it is.
  private func sendAgain(except present: PlaceSet) throws {
    let end = try library.lastPlace()
    guard end > 0 else { return }
    try remember { state, memory, names in
      var missing = PlaceSet(1...end)
      missing.subtract(present)
      state.queue.formUnion(missing)
      state.own.upTo = max(state.own.upTo, end)
      state.got.remove(1...state.own.upTo)
      try memory.set(names.queue, state.queue.description)
      try memory.set(names.got, state.got.description)
      try memory.set(names.own, state.own.text)
    }
  }

  /// Peers whose log is gone are asked from the start if they ever come back.
  private func forgetVanished() throws {
    for (device, log) in state.peers where log.applied > 0 {
      let outcome = try read(RemoteLayout.segment(device, log.applied)).get()
      if case .found = outcome { continue }
      try remember { state, memory, names in
        state.peers[device] = PeerLog()
        try memory.set(names.peer(device), PeerLog().text)
      }
    }
  }

  private func presentPlaces(_ verification: inout SyncVerification) throws -> PlaceSet {
    var present = PlaceSet()
    try walk(from: { _ in 1 }) { changes, files in
      verification.good += files
      verification.changes += changes.count
      try self.library.memory { memory in
        for change in changes {
          if let place = try memory.place(of: change.stamp) {
            present.insert(place)
          } else {
            verification.unknown += 1
          }
        }
      }
    }
    return present
  }

  /// Reads the logs of all devices, each from a number on, one run at a time.
  private func walk(
    from start: (DeviceID) -> UInt64?, _ body: ([Change], _ files: Int) throws -> Void
  ) throws {
    if case .files(let files) = try folder.list() { view = FolderView(files) }
    var devices = view.devices.union(state.peers.keys).union([state.own.device])
    devices.formUnion(readPeers()?.devices ?? [])
    for device in devices.sorted() {
      guard let number = start(device) else { continue }
      try walk(device, from: number, body)
    }
  }

  private func walk(
    _ device: DeviceID, from number: UInt64, _ body: ([Change], _ files: Int) throws -> Void
  ) throws {
    var next = number
    if case .success(.missing) = read(RemoteLayout.segment(device, next)) {
      let head = readHead(of: device)
      let shown = view.segments[device]?.first { $0 > next }
      guard let start = head.map(\.log) ?? shown, start > next else { return }
      next = start
    }
    while let (changes, files) = try readRun(device, next) {
      try body(changes, files)
      next += UInt64(files)
    }
  }

  /// One run of a log; nil at its end or at what cannot be read, which is a problem.
  private func readRun(_ device: DeviceID, _ number: UInt64) throws -> ([Change], Int)? {
    var parts: [SealedFile] = []
    repeat {
      let current = number + UInt64(parts.count)
      let name = RemoteLayout.segment(device, current)
      switch read(name) {
      case .failure(let error):
        problem(.unreachable(file: name.text, error))
        return nil
      case .success(.missing): return nil
      case .success(.found(let bytes)):
        do throws(SegmentError) { parts.append(try open(bytes, device, current)) } catch {
          problem(.unreadable(file: name.text, machine: machine(device), error))
          return nil
        }
      }
    } while (parts.last?.place.part ?? 0) + 1 < (parts.last?.place.parts ?? 1)
    do throws(SegmentError) {
      return (
        try Segment(stream: parts.flatMap(\.payload), writer: device).changes, parts.count
      )
    } catch {
      let name = RemoteLayout.segment(device, number).text
      problem(.unreadable(file: name, machine: machine(device), error))
      return nil
    }
  }

  // MARK: Rekey

  /// Seals the folder with another passphrase, or with none. Everything known here is sent again under the new key at once; other
  /// machines do the same for theirs when they are told the passphrase. Old segments stay until they have.
  /// - Returns: the engine that goes on, and what its first sync did.
  /// - Throws: as ``sync()``.
  public func rekey(_ new: [UInt8]?) throws -> (SyncEngine, SyncReport) {
    _ = try sync()
    guard let text = state.header else { throw SyncError.header(.notPapershelf) }
    let old: RemoteHeader
    do throws(SegmentError) { old = try RemoteHeader(Array(text.utf8)) } catch {
      throw SyncError.header(error)
    }
    let next = try SyncEngine(
      library: library, folder: folder, remote: remote, passphrase: new, identity: identity,
      surroundings: surroundings, progress: progress)
    next.newDerivation = newDerivation
    next.keyCache = keyCache
    let header =
      new == nil
      ? RemoteHeader(library: old.library, generation: old.generation + 1)
      : try next.newHeader(library: old.library, generation: old.generation + 1)
    try folder.write(RemoteLayout.header, header.bytes)
    guard
      case .found(let bytes) = try read(RemoteLayout.header, RemoteHeader.maximumLength).get(),
      bytes == header.bytes
    else { throw SyncError.notStored(file: RemoteLayout.header.text) }
    try next.renew(header: String(decoding: bytes, as: UTF8.self))
    try next.sendAgain(except: PlaceSet())
    return (next, try next.sync())
  }

  // MARK: Devices

  /// The devices that share this folder.
  /// - Throws: as ``sync()``.
  public func devices() throws -> [SyncDevice] {
    try reload()
    if state.header != nil {
      switch try folder.list() {
      case .files(let files): view = FolderView(files)
      case .unsupported: view.named = readPeers()
      }
    }
    let names = try library.read { try $0.machineNames() }
    let retired = try retired()
    let me = state.own.device
    return Set(state.peers.keys).union([me]).sorted().map { device in
      let head = state.header == nil || device == me ? nil : readHead(of: device)
      return SyncDevice(
        device: device,
        name: names[device] ?? head?.name
          ?? (device == me ? surroundings.machineName : "\(device)"),
        isMine: device == me, isRetired: retired.contains(device),
        newest: device == me
          ? state.own.newest
          : max(
            head?.newest ?? 0, state.peers[device]?.applied ?? 0, view.segments[device]?.last ?? 0,
            view.named?.newest(of: device) ?? 0),
        applied: device == me ? state.own.newest : state.peers[device]?.applied ?? 0,
        confirmed: device == me ? state.own.newest : head?.applied[me])
    }
  }

  /// Says that a machine is gone for good: nobody waits for it any more. It may come back all the same.
  /// - Throws: ``SyncError/noSuchMachine(_:)``, and as ``sync()``.
  public func retire(_ name: String) throws {
    let fits = try devices().filter { !$0.isMine && ($0.name == name || "\($0.device)" == name) }
    guard fits.count == 1, let device = fits.first?.device else {
      throw SyncError.noSuchMachine(name)
    }
    _ = try library.record("sync retire \(name)") { recorder in
      try recorder.write([.retired(device, true)])
    }
  }

  /// Forgets all that is remembered of a remote: for one that was removed.
  public static func forget(_ remote: String, in library: Library) throws {
    try library.remember { memory in
      for (name, _) in try memory.all(prefix: remote + "/") { try memory.remove(name) }
    }
  }
}
