import Changes
import Papers
import Sealing
import Store
import Sync
import Transport

/// Does what the core of sync says, but for some rules: it changes what is done, what came of it,
/// or what is concluded from it.
package final class WeakLoop: SyncActing {
  private let rules: Set<AbsentRule>
  private let loop: SyncLoop
  private let library: Library
  private let remote: String
  private let passphrase: [UInt8]?
  private let keyCache: KeyCache
  private var written: (name: RemoteName, bytes: [UInt8])?
  private var shown: [RemoteName] = []
  private var hasFounded = false

  /// A loop without these rules.
  package init(
    without rules: Set<AbsentRule>, library: Library, folder: any RemoteFolder, remote: String,
    passphrase: [UInt8]?, surroundings: Surroundings, keyCache: KeyCache
  ) {
    self.rules = rules
    self.library = library
    self.remote = remote
    self.passphrase = passphrase
    self.keyCache = keyCache
    loop = SyncLoop(
      library: library, folder: folder, remote: remote, random: surroundings.random)
  }

  private func lacks(_ rule: AbsentRule) -> Bool { rules.contains(rule) }

  /// See `SyncActing`.
  package func act(_ action: SyncAction) throws -> SyncEvent {
    switch action {
    case .list: try list()
    case .read(let names, let limit): try read(names, limit)
    case .write(let name, let bytes): try write(name, bytes)
    case .receive(let changes, let stretch, let untaken):
      try receive(changes, stretch, untaken)
    case .remember(let transition): try remember(transition)
    case .become(var succession):
      try becoming {
        if lacks(.noRestamping) { succession.restampingAfter = .max }
        return try loop.act(.become(succession))
      }
    case .settle: try becoming { try loop.act(action) }
    case .conclude(let conclusion): try .concluded(truth(of: conclusion))
    case .delete, .recall, .recallOthers, .share, .liveOn: try loop.act(action)
    }
  }

  // MARK: What is concluded

  private func truth(of conclusion: Conclusion) throws -> Conclusion? {
    switch conclusion {
    case .plan(let steps):
      if lacks(.notQuiet) { try writeHead(try state().ownLog.newest) }
      return .plan(
        steps.filter { step in
          switch step {
          case .checkOwn: !lacks(.listingIsTruth)
          case .compare: !lacks(.chainUnchecked)
          default: true
          }
        })
    case .copied: return lacks(.cloneUnnoticed) ? nil : conclusion
    case .own: return lacks(.cloneUnnoticed) ? .own(.alreadyWritten) : conclusion
    case .lost, .headerLost: return lacks(.noRefill) ? nil : conclusion
    case .chainBroken: return lacks(.chainUnchecked) ? nil : conclusion
    case .rolledBack: return lacks(.rollbackUnnoticed) ? nil : conclusion
    case .superseded(var dropped, let places):
      if lacks(.compactionDropsLive), let first = places.first { dropped.insert(first) }
      return .superseded(dropped, of: places)
    case .spoilt: return lacks(.spoiltRunStops) ? nil : conclusion
    case .headerForged: return lacks(.headerUnproven) ? nil : conclusion
    case .withheld: return lacks(.withheldUntold) ? nil : conclusion
    case .complained: return lacks(.complaintsUnheard) ? nil : conclusion
    case .sameFolder: return lacks(.sameFolderUnnoticed) ? nil : conclusion
    case .listingHides: return conclusion
    case .unread: return lacks(.deleteUnconfirmed) ? nil : conclusion
    }
  }

  // MARK: The folder

  private func list() throws -> SyncEvent {
    let event = try loop.act(.list)
    guard case .listed(.success(.files(let files))) = event else { return event }
    shown = files.map(\.name)
    return try isBlind() ? .listed(.success(.files([]))) : event
  }

  /// Whether it looks for nothing before it sets the folder up.
  private func isBlind() throws -> Bool {
    try lacks(.foundedBlindly) && !hasFounded && state().header == nil
  }

  private func read(_ names: [RemoteName], _ limit: Int) throws -> SyncEvent {
    defer { written = nil }
    if lacks(.noReadBack), let written, names == [written.name], place(of: written.name) != nil {
      return .read([.success(.found(written.bytes))])
    }
    if try isBlind() { return .read(names.map { _ in .success(.missing) }) }
    let event = try loop.act(.read(names, limit: limit))
    guard lacks(.gapPassed) || lacks(.damagedAccepted), case .read(var results) = event,
      let text = try state().header
    else { return event }
    let keys = try keys(of: text)
    var before: [UInt8]?
    for (index, name) in names.enumerated() {
      guard let (device, number) = place(of: name), try device != state().ownLog.device else {
        return event
      }
      if isPassedOver(results[index], device, number, keys) {
        let previous = try before ?? state().peers[device]?.hash ?? SealedFile.noHash
        results[index] = .success(.found(try empty(device, number, previous, keys)))
      }
      if case .success(.found(let bytes)) = results[index] { before = SealedFile.hash(bytes) }
    }
    return .read(results)
  }

  private func isPassedOver(
    _ result: Result<ReadOutcome, TransportError>, _ device: DeviceID, _ number: UInt64,
    _ keys: RemoteKeys
  ) -> Bool {
    switch result {
    case .failure: return false
    case .success(.missing):
      return lacks(.gapPassed)
        && shown.contains { name in
          place(of: name).map { $0.device == device && $0.number > number } ?? false
        }
    case .success(.found(let bytes)):
      guard lacks(.damagedAccepted) else { return false }
      do throws(SegmentError) { _ = try SealedFile(opening: bytes, with: keys) } catch {
        return error == .damaged
      }
      return false
    }
  }

  /// A segment without changes.
  private func empty(
    _ device: DeviceID, _ number: UInt64, _ previous: [UInt8], _ keys: RemoteKeys
  ) throws -> [UInt8] {
    let opening = Segment.Opening(log: 1, peers: [])
    let writer = SegmentWriter(opening: opening.text, writer: device)
    let place = SealedFile.Place(
      kind: .segment, device: device, number: number, previous: previous)
    return try SealedFile(place: place, payload: writer.payloads()[0]).sealed(with: keys)
  }

  private func write(_ name: RemoteName, _ bytes: [UInt8]) throws -> SyncEvent {
    var bytes = bytes
    if name.text == "papershelf" { hasFounded = true }
    if lacks(.peersOverwritten), name.text == "peers", let list = try? PeerList(bytes) {
      bytes =
        PeerList([try state().ownLog.device], logs: list.logs, newest: list.newest).bytes
    }
    if lacks(.headBeforeSegment), place(of: name) != nil, let run = try state().pending {
      try writeHead(run.last)
    }
    let event = try loop.act(.write(name, bytes))
    written = (name, bytes)
    return lacks(.noReadBack) && place(of: name) != nil ? .done(nil) : event
  }

  /// Writes our head, telling of this segment as the newest.
  private func writeHead(_ newest: UInt64) throws {
    let state = try state()
    guard let text = state.header, let name = RemoteName("\(state.ownLog.device).head") else {
      return
    }
    let head = DeviceHead(
      log: state.ownLog.start, newest: newest, hash: state.ownLog.hash, name: "weak",
      peers: state.peers.keys.sorted(), applied: state.peers.mapValues(\.applied))
    let bytes = try head.sealed(device: state.ownLog.device, with: try keys(of: text))
    _ = try loop.act(.write(name, bytes))
  }

  // MARK: The library

  private func receive(
    _ changes: [Change], _ stretch: Stretch, _ untaken: Untaken?
  ) throws -> SyncEvent {
    var stretch = stretch
    if lacks(.holesForgotten), let log = try state().peers[stretch.device] {
      stretch.first = min(stretch.first, log.applied + 1)
    }
    if lacks(.cursorBeforeApply) { _ = try loop.act(.receive([], of: stretch, nil)) }
    let registers = library.understanding.registers
    let taken =
      lacks(.unknownDropped)
      ? changes.filter { registers.understands($0.name, $0.value) } : changes
    let event = try loop.act(.receive(taken, of: stretch, untaken))
    if lacks(.noForwarding) { try keepToOneself(changes) }
    return event
  }

  /// Every remote is taken to have what came from one.
  private func keepToOneself(_ changes: [Change]) throws {
    try library.remember { memory in
      for (name, text) in try memory.all(prefix: "")
      where name.hasSuffix("/own") && name != remote + "/own" && !text.isEmpty {
        let received = name.dropLast(3) + "got"
        var places = PlaceSet(try memory.value(String(received)) ?? "")
        for change in changes {
          if let place = try memory.place(of: change.stamp) { places.insert(place) }
        }
        try memory.set(String(received), places.description)
      }
    }
  }

  private func remember(_ transition: Transition) throws -> SyncEvent {
    switch transition {
    case .begin(let run, _, let process) where lacks(.sentBeforeWritten):
      let event = try loop.act(.remember(transition))
      guard case .remembered(_, isMade: true) = event else { return event }
      return try loop.act(.remember(.sent(run, writtenBy: process)))
    case .begin where lacks(.pendingForgotten):
      return .remembered(try state(), isMade: true)
    case .sent(let run, _) where lacks(.pendingForgotten):
      _ = try loop.act(.remember(.begin(run, seeing: state().ownLog, by: "")))
      return try loop.act(.remember(.sent(run, writtenBy: "")))
    default: return try loop.act(.remember(transition))
    }
  }

  private func becoming(_ body: () throws -> SyncEvent) throws -> SyncEvent {
    var queue = try state().queue
    if let pending = try state().pending { queue.formUnion(pending.places) }
    let event = try body()
    if lacks(.unsentForgotten), case .settled = event {
      try library.remember { try $0.set(remote + "/queue", queue.description) }
    }
    return event
  }

  // MARK: What is known

  private func state() throws -> RemoteState {
    guard case .remembered(let state, _) = try loop.act(.recall(withRuns: false)) else {
      throw SyncError.contended
    }
    return state
  }

  private func keys(of header: String) throws -> RemoteKeys {
    try RemoteHeader(Array(header.utf8)).keys(passphrase: passphrase, root: keyCache.root)
  }

  private func place(of name: RemoteName) -> (device: DeviceID, number: UInt64)? {
    let parts = name.text.split(separator: ".")
    guard parts.count == 2, let device = DeviceID(parts[0]), let number = UInt64(parts[1]) else {
      return nil
    }
    return (device, number)
  }
}
