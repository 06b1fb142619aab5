import Changes
import Papers
import Sealing
import Store
import Transport

/// What the person asks of a remote besides syncing.
extension SyncEngine {
  // MARK: Preview

  /// What a sync would bring and send, by paper: the same sync before a loop that writes nothing,
  /// neither here nor there.
  /// - Throws: as ``sync()``.
  package func plan() throws -> SyncPreview {
    let rehearsal = Rehearsal(of: loop, library, random: surroundings.random)
    let engine = SyncEngine(
      library: library, folder: folder, remote: remote, passphrase: passphrase,
      identity: identity, surroundings: surroundings, loop: rehearsal)
    engine.newDerivation = newDerivation
    engine.keyCache = keyCache
    engine.compactAt = compactAt
    (engine.patience, engine.mostWalked) = (patience, mostWalked)
    let report = try engine.sync()
    var (incoming, outgoing) = (Counter(), Counter())
    for change in rehearsal.received { incoming.add(change) }
    try forEach(of: rehearsal.sent) { _, change in
      outgoing.add(change)
      return true
    }
    var preview = SyncPreview()
    preview.incoming = incoming.lines
    preview.outgoing = outgoing.lines
    preview.files = rehearsal.written.map { .init(name: $0.name.text, size: $0.size) }
    preview.problems = report.problems
    return preview
  }

  /// Reads the header of a folder not synced before, for this object only.
  func peekHeader() throws -> Bool {
    switch try read(RemoteLayout.header, RemoteHeader.maximumLength) {
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

  private struct Counter {
    var counts: [PaperID: Int] = [:]
    var titles: [PaperID: String] = [:]
    var others = 0

    mutating func add(_ change: Change) {
      guard change.name.kind == .paper else {
        others += 1
        return
      }
      let paper = PaperID(trusted: change.name.entityKey)
      counts[paper, default: 0] += 1
      if change.field == Content.field, let content = Content.value(change.value) {
        titles[paper] = content.content.title
      }
    }

    var lines: [SyncPreview.Line] {
      let papers = counts.sorted { $0.key < $1.key }
        .map { SyncPreview.Line(paper: $0.key, title: titles[$0.key], changes: $0.value) }
      return others == 0 ? papers : papers + [.init(changes: others)]
    }
  }

  // MARK: Rekey

  /// Seals the folder with another passphrase, or with none. Everything known here is sent again
  /// under the new key at once; other machines do the same for theirs when they are told the
  /// passphrase. Old segments stay until they have.
  /// - Parameter whenSealed: called when the folder bears the new seal, before everything is sent:
  ///   from then on only the new passphrase opens it, whatever happens to the sending.
  /// - Returns: the engine that goes on, and what its first sync did.
  /// - Throws: as ``sync()``.
  package func rekey(
    _ new: [UInt8]?, whenSealed: () throws -> Void = {}
  ) throws -> (SyncEngine, SyncReport) {
    // Another machine may have changed the passphrase since, more than once, and ours would be the
    // older one.
    _ = try sync(lookingAtOwn: true)
    guard let text = state.header else { throw SyncError.header(.notPapershelf) }
    let old: RemoteHeader
    do throws(SegmentError) { old = try RemoteHeader(Array(text.utf8)) } catch {
      throw SyncError.header(error)
    }
    // Not what no reader takes.
    let last = new == nil ? RemoteHeader.lastUnprovenGeneration : RemoteHeader.lastGeneration
    guard old.generation < last else { throw SyncError.header(.forged) }
    let next = SyncEngine(
      library: library, folder: folder, remote: remote, passphrase: new, identity: identity,
      surroundings: surroundings, progress: progress)
    next.newDerivation = newDerivation
    next.keyCache = keyCache
    next.segmentSize = segmentSize
    next.dearListing = dearListing
    let header =
      new == nil
      ? RemoteHeader(library: old.library, generation: old.generation + 1)
      : try next.newHeader(library: old.library, generation: old.generation + 1)
    try remember(.seal(header: String(decoding: header.bytes, as: UTF8.self)))
    if let error = try write(RemoteLayout.header, header.bytes) { throw error }
    guard
      case .found(let bytes) = try read(RemoteLayout.header, RemoteHeader.maximumLength).get(),
      bytes == header.bytes
    else { throw SyncError.notStored(file: RemoteLayout.header.text) }
    try next.renew(header: String(decoding: bytes, as: UTF8.self), sendingAll: true)
    try whenSealed()
    let report = try next.sync()
    // Who changes it at the same time reads back their own, and the later one holds.
    if case .found(let now) = try read(RemoteLayout.header, RemoteHeader.maximumLength).get(),
      now != bytes
    {
      return (next, try next.sync())
    }
    return (next, report)
  }

  // MARK: Devices

  /// The devices that share this folder.
  /// - Throws: as ``sync()``.
  package func devices() throws -> [SyncDevice] {
    try reload()
    if state.header != nil {
      switch try list() {
      case .files(let files): round.look = FolderLook(files)
      case .unsupported: round.look.named = try readPeers()
      }
    }
    let names = try library.read { try $0.machineNames() }
    let retired = try retired()
    let me = state.ownLog.device
    return try Set(state.peers.keys).union([me]).sorted().map { device in
      let head = state.header == nil || device == me ? nil : try readHead(of: device)
      return SyncDevice(
        device: device,
        name: device == me ? ownName : names[device] ?? head?.name ?? "\(device)",
        isMine: device == me, isRetired: retired.contains(device),
        newest: device == me
          ? state.ownLog.newestStored
          : max(
            head?.newest ?? 0, state.peers[device]?.applied ?? 0,
            round.look.segments[device]?.last ?? 0,
            round.look.named?.newest(of: device) ?? 0),
        applied: device == me ? state.ownLog.newestStored : state.peers[device]?.applied ?? 0,
        confirmed: device == me ? state.ownLog.newestStored : head?.applied[me])
    }
  }

  /// The one other machine with this name, or this id or beginning of one; of several with one name
  /// the one that is not retired.
  /// - Throws: ``SyncError/noSuchMachine(_:)``, ``SyncError/severalMachines(_:ids:)``, and as
  ///   ``sync()``.
  package func machine(called name: String) throws -> DeviceID {
    let others = try devices().filter { !$0.isMine }
    if let exact = others.first(where: { $0.device.description.hasBytes(of: name) }) {
      return exact.device
    }
    var fits = others.filter { $0.name.hasBytes(of: name) }
    if fits.isEmpty, name.utf8.count >= Self.shortestID {
      fits = others.filter { $0.device.description.hasPrefix(name) }
    }
    let living = fits.filter { !$0.isRetired }
    if let only = (fits.count == 1 ? fits : living.count == 1 ? living : []).first {
      return only.device
    }
    guard !fits.isEmpty else { throw SyncError.noSuchMachine(name) }
    throw SyncError.severalMachines(name, ids: fits.map(\.device.description))
  }

  /// So many first digits may stand for an id.
  private static let shortestID = 4

  /// Says that a machine is gone for good: nobody waits for it any more. It may come back all the
  /// same.
  /// - Throws: ``LibraryError``
  package func retire(_ device: DeviceID, called name: String) throws {
    _ = try library.record("sync retire \(name)") { recorder in
      try recorder.write([.retired(device, true)], seeing: .thisTransaction)
    }
  }

  /// How many changes of this library wait to be sent to a remote, as far as is known here: the
  /// folder is not asked.
  package static func waiting(for remote: String, in library: Library) throws -> Int {
    let state = try library.memory { try RemoteState($0, RemoteState.Names(remote, $0)) }
    return try state.unsent(upTo: library.lastPlace()).count
  }

  /// Forgets the name of a remote that was removed. What is known of its folder goes to another
  /// name of it, or stays without one: added again it is the folder we know, where we are who we
  /// were, and nothing is sent twice.
  package static func forget(_ remote: String, in library: Library) throws {
    try library.remember { memory in
      let heirs = try RemoteState.Names.sharing(remote, memory)
      let known = try RemoteState(memory, RemoteState.Names(remote: remote)).hasWritten
      let heir = try heirs.first ?? (known ? RemoteState.Names.removed(&memory) : nil)
      for (name, value) in try memory.all(prefix: remote + "/") {
        try memory.remove(name)
        if let heir { try memory.set(heir.remote + name.dropFirst(remote.count), value) }
      }
      guard let heir else { return }
      try memory.remove(heir[.same])
      for other in heirs.dropFirst() { try memory.set(other[.same], heir.remote) }
    }
  }
}
