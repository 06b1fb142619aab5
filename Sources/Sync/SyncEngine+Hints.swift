import Changes
import Sealing
import Store
import Transport

/// The hints that make finding faster: `peers` and heads. Losing, tearing or overwriting them costs
/// time, never data.
extension SyncEngine {
  // MARK: The list of devices

  /// A list that is torn is asked for once more: somebody may be writing it.
  func readPeers() throws -> PeerList? {
    for _ in 0..<2 {
      guard case .success(.found(let bytes)) = try read(RemoteLayout.peers, PeerList.maximumLength)
      else { return nil }
      if let list = try? PeerList(bytes) { return list }
    }
    return nil
  }

  /// Writes ourselves into the list of devices, whoever else does the same. Of the others only the
  /// names of those whose segments we have, where nothing else shows them, and nothing of their
  /// logs: each device that does not find itself and its newest segment there knows from it that
  /// the folder was lost.
  func join() throws {
    let ownLog = state.ownLog
    for _ in 0..<3 {
      round.look.named = try round.look.named ?? readPeers()
      if let named = round.look.named,
        ownLog.isNamed(in: named, state.peers, lists: round.look.lists)
      {
        break
      }
      if ownLog.isListed, round.look.named?.devices.contains(ownLog.device) != true {
        round.wasUnnamed = true
      }
      try writePeers(ownLog, in: round.look.named)
      round.look.named = try readPeers()
    }
    guard let named = round.look.named, named.devices.contains(ownLog.device), !ownLog.isListed
    else {
      return
    }
    try remember(.named)
  }

  /// Writes the list. It is in clear, but whoever does not know the folder's passphrase writes
  /// nothing there.
  /// - Returns: whether the server says that it is done.
  @discardableResult
  private func writePeers(_ ownLog: OwnLog, in list: PeerList?) throws -> Bool {
    _ = try keys()
    return try write(RemoteLayout.peers, listing(ownLog, in: list).bytes) == nil
  }

  /// The list with what it should say of us.
  private func listing(_ ownLog: OwnLog, in list: PeerList?) -> PeerList {
    var (logs, newest) = (list?.logs ?? [:], list?.newest ?? [:])
    if ownLog.isStartStored { logs[ownLog.device] = ownLog.start }
    // Not told any more, its owner will look whether the folder lost it: nobody else can.
    for (device, tip) in round.lostTips where newest[device] == tip { newest[device] = nil }
    // A listing shows it better.
    newest[ownLog.device] = round.look.lists ? nil : ownLog.tip
    var devices = (list?.devices ?? []) + [ownLog.device]
    if !round.look.lists {
      devices += state.peers.filter { $0.value.applied > 0 }.keys
    }
    return PeerList(devices, logs: logs, newest: newest)
  }

  // MARK: Strangers

  /// So many devices of which nothing was ever opened are remembered, and asked in one sync.
  /// Anybody can invent ids, in a listing, in `peers`, in a log; a real one makes itself known by a
  /// segment.
  static let mostStrangers = 64

  /// Remembers devices not met before, as far as there is room; returns them.
  @discardableResult
  func meet(_ devices: some Sequence<DeviceID>) throws -> Set<DeviceID> {
    let fresh = Set(devices.filter { state.peers[$0] == nil && $0 != state.ownLog.device })
    guard !fresh.isEmpty else { return [] }
    let room = Self.mostStrangers - state.strangers.count
    guard fresh.count <= room else { return [] }
    try remember(.meet(fresh.sorted()))
    round.met.formUnion(fresh)
    return fresh
  }

  /// Asks those whom a log made known while it was read, and whom they make known in turn; returns
  /// them.
  private func askMet() throws -> Set<DeviceID> {
    var asked = Set<DeviceID>()
    while let device = round.met.min() {
      round.met.remove(device)
      asked.insert(device)
      try trace(device, from: 1)
    }
    return asked
  }

  /// Devices, those before the others whom the list of devices names: in a crowd of invented ones
  /// whoever is real is among them.
  private func namedFirst(_ devices: Set<DeviceID>) -> [DeviceID] {
    let named = devices.intersection(round.look.named?.devices ?? [])
    return named.sorted() + devices.subtracting(named).sorted()
  }

  /// Of a crowd so many are asked first because they are named.
  private static let mostNamed = 16

  /// Those the folder shows and of whom nothing was opened yet.
  func nobodies() -> Set<DeviceID> {
    round.look.devices.filter { (state.peers[$0]?.applied ?? 0) == 0 }
      .subtracting([state.ownLog.device])
  }

  /// Of a crowd of devices that the folder shows, asks one after the other, and begins the next
  /// time where it stopped: as many as there are of those that are real, and so many that are
  /// nobody. Then those whom a log made known.
  /// - Parameter before: who was nobody when the sync began.
  func askCrowd(_ before: Set<DeviceID>) throws {
    let known = Set(state.strangers)
    var tried = Set<DeviceID>()
    var room = Self.mostStrangers
    while room > 0 {
      let crowd = nobodies().subtracting(state.peers.keys).subtracting(tried).sorted()
      guard !crowd.isEmpty else { break }
      let first = crowd.firstIndex { $0 > state.lastMet ?? DeviceID(bits: 0) } ?? 0
      // Of a listing those who are named too come first, but do not keep the others from being
      // asked in turn.
      let isNamed = Set(round.look.lists && tried.isEmpty ? round.look.named?.devices ?? [] : [])
      let named = crowd.filter(isNamed.contains).prefix(Self.mostNamed)
      let others = (crowd[first...] + crowd[..<first]).filter { !named.contains($0) }
      let batch = named + others.prefix(room - named.count)
      tried.formUnion(batch)
      // Those who were nobody make room.
      try remember(.meetInstead(Array(batch)))
      for device in batch { try trace(device, from: 1) }
      room -= batch.count { (state.peers[$0]?.applied ?? 0) == 0 }
    }
    tried.formUnion(try askMet())
    // Of a crowd that a listing shows, and is not asked for this time, nothing is known now.
    guard !tried.isEmpty, round.look.lists || state.poorLooks == 0 else { return }
    let crowd = nobodies()
    round.isCrowded = !crowd.isSubset(of: tried.union(known))
    let asked = round.isCrowded ? tried.intersection(crowd).count : crowd.count
    try remember(
      .asked(
        asked, before: round.look.summary(of: before), of: crowd.count,
        now: round.look.summary(of: crowd)))
    let left = state.crowd.left(of: crowd.count)
    if left > 0 { note(.crowd(left: left)) }
  }

  /// The devices to tell others: those of which something was opened; of thousands not the same
  /// ones each time.
  func peersToTell() -> [DeviceID] {
    let known = state.peers.filter { $0.value.applied > 0 }.keys.sorted()
    guard known.count > Segment.maximumPeers else { return known }
    let step = UInt64(Segment.maximumPeers)
    let first = Int(
      state.ownLog.newest.multipliedReportingOverflow(by: step).partialValue
        % UInt64(known.count))
    return Array((known[first...] + known[..<first]).prefix(Segment.maximumPeers)).sorted()
  }

  // MARK: Heads

  /// What others see of this machine.
  var ownName: String {
    (try? library.read { try $0.ownName(surroundings.machineName) }) ?? surroundings.machineName
  }

  /// What our head should say now.
  func currentHead() -> DeviceHead {
    DeviceHead(
      log: state.startToTell, newest: state.ownLog.newestStored, hash: state.ownLog.hash,
      name: ownName, peers: peersToTell(),
      applied: Dictionary(
        uniqueKeysWithValues: state.peers.keys.compactMap { device in
          let whole = state.wholeUpTo(device)
          return whole > 0 ? (device, whole) : nil
        }), missing: Self.told(state.complaint),
      excess: state.excess)
  }

  // MARK: What is withheld

  /// How far the heads that were read say that each log was read, and who says so. A server may
  /// show less of one log than somebody has sealed to have read; one that shows that head as old as
  /// the log cannot be found out. What a retired machine says may be long ago.
  func claims(_ retired: Set<DeviceID>) -> [DeviceID: (number: UInt64, by: DeviceID)] {
    var claims: [DeviceID: (number: UInt64, by: DeviceID)] = [:]
    for (reader, head) in round.heads.sorted(by: { $0.key < $1.key }) where reader != ownDevice {
      guard !retired.contains(reader) else { continue }
      var told = head.applied
      told[reader] = head.newest
      for (device, number) in told where device != ownDevice && number < 1 << 62 {
        if number > claims[device]?.number ?? 0 { claims[device] = (number, reader) }
      }
    }
    return claims
  }

  private var ownDevice: DeviceID { state.ownLog.device }

  /// Compares what others have read with what is shown to us; when we meet the folder, of all.
  func lookForWithheld() throws {
    if isThorough {
      let shown = round.look.lists ? round.look.heads : Set(state.peers.keys)
      for device in namedFirst(shown).prefix(Self.mostStrangers)
      where device != ownDevice && round.heads[device] == nil {
        _ = try readHead(of: device)
      }
    }
    guard !round.heads.isEmpty else { return }
    let retired = try retired()
    // Of a retired machine nothing is missed, but what is there is taken.
    let claims = claims(retired).filter { isThorough || !retired.contains($0.key) }.sorted { a, b in
      let (first, second) = (state.peers[a.key]?.applied ?? 0, state.peers[b.key]?.applied ?? 0)
      return first != second ? first > second : a.key < b.key
    }
    for (device, claim) in claims.filter({ lacking($0.key, upTo: $0.value.number) != nil })
      .prefix(Self.mostClaims)
    {
      // It may have come just now. Who is nobody makes room for somebody.
      try meet([device])
      if state.peers[device] == nil {
        try remember(.meetInstead([]))
        try meet([device])
      }
      if state.peers[device] != nil {
        try trace(
          device, from: (state.peers[device]?.applied ?? 0) + 1, readUpTo: claim.number)
      }
      // What is there and sealed under another key is told, and sent again by its machine.
      guard !round.underOtherKey.contains(device), !retired.contains(device),
        let lacking = lacking(device, upTo: claim.number), let first = lacking.first,
        try holds(.withheld(device))
      else { continue }
      try remember(.want(device, lacking))
      let missing = UInt64(clamping: first)
      problems.removeAll { problem in
        if case .gap(device, _, missing) = problem { true } else { false }
      }
      problem(
        .withheld(
          machine: machine(device), missing: missing, reader: machine(claim.by),
          read: claim.number))
    }
  }

  /// So many logs are looked for in a sync because somebody says to have read them.
  private static let mostClaims = 16

  /// What we have not of a log up to a number, and did not know to be missing.
  private func lacking(_ device: DeviceID, upTo number: UInt64) -> PlaceSet? {
    let applied = state.peers[device]?.applied ?? 0
    guard number > applied else { return nil }
    var lacking = PlaceSet([applied + 1...number])
    for known in [state.holes[device], state.covered[device], round.stuck[device]] {
      if let known { lacking.subtract(known) }
    }
    return lacking.isEmpty ? nil : lacking
  }

  // MARK: What cannot be read

  /// The devices of which segments were passed over that are to be asked for again.
  func missing() -> Set<DeviceID> {
    Set(
      state.holes.keys.filter {
        isThorough || round.look.lists || !state.missing(of: $0).isEmpty
      })
  }

  /// Remembers what of others we need and cannot read, for our head to tell.
  private func complain() throws {
    var now: [DeviceID: PlaceSet] = [:]
    // Of a retired machine, too: it may live, and then it alone can mend them. And what somebody
    // says to stand in another log.
    for device in Set(state.holes.keys).union(round.stuck.keys) where isWorthAWord(device) {
      var numbers = state.passedOver(of: device)
      if let stuck = round.stuck[device] { numbers.formUnion(stuck) }
      if !numbers.isEmpty { now[device] = numbers }
    }
    let sights = round.sights.filter { name, _ in
      guard case .segment(let device, _) = RemoteLayout.meaning(of: name) else { return false }
      return isWorthAWord(device)
    }
    let sight = now.isEmpty ? 0 : sights.values.reduce(0) { $0 ^ $1 }
    guard now != state.complaint || sight != state.sight else { return }
    let excess = DeviceHead.excess(of: Self.told(now), reading: sight, after: state.excess)
    try remember(.complain(now, sight, excess))
  }

  /// As much of a complaint as a head holds.
  private static func told(_ missing: [DeviceID: PlaceSet]) -> [DeviceID: [ClosedRange<UInt64>]] {
    missing.told(atMost: 8, 4)
  }

  /// Of a crowd others are asked in each sync: our head, which tells what cannot be read, would
  /// never come to rest.
  private func isWorthAWord(_ device: DeviceID) -> Bool {
    !round.isCrowded || (state.peers[device]?.applied ?? 0) > 0
  }

  /// Reads what a device cannot read; what of it is ours is looked at.
  func hear(_ device: DeviceID) throws {
    guard let length = round.look.headSizes[device] else { return }
    guard DeviceHead.complains(fileLength: length) else {
      try remember(.heard(device, nil))
      return
    }
    guard let head = try readHead(of: device) else { return }
    let mine = PlaceSet(head.missing[state.ownLog.device] ?? [])
    if mine.isEmpty {
      // Another head than the listing shows was not heard: an old one came from somewhere between.
      if round.headLengths[device] == length { try remember(.heard(device, length)) }
    } else if try holds(.complained(device)) {
      round.doubted.formUnion(mine)
      round.complaining[device] = length
    }
  }

  /// Whether our head does not stand there as it should, where it complains of something: who is to
  /// mend it does not hear of it.
  private func isHeadLost() throws -> Bool {
    guard !state.complaint.isEmpty, let shown = round.look.headSizes[state.ownLog.device] else {
      return false
    }
    guard try shown == currentHead().fileLength(with: keys()) else { return true }
    // Nobody is to mend what a retired machine left, nor what stands elsewhere.
    let retired = try retired()
    let isInNeed = state.complaint.contains { device, numbers in
      guard !retired.contains(device) else { return false }
      var open = numbers
      if let covered = state.covered[device] { open.subtract(covered) }
      return !open.isEmpty
    }
    guard isInNeed else { return false }
    return try readHead(of: state.ownLog.device)?.missing != currentHead().missing
  }

  /// Says in `peers` and in our head what is new of us.
  /// - Parameters:
  ///   - before: what our head said when the sync began.
  ///   - isFirst: whether this device joins the folder in this sync, or bears a new id.
  func announce(before: DeviceHead, isFirst: Bool) throws {
    // Another process of this home may have gone further.
    try reload()
    // What a listing shows is judged by the next one.
    if round.look.lists || !state.complaint.isEmpty && state.poorLooks == 0 { try complain() }
    var (then, now) = (before, currentHead())
    if round.look.lists {
      let isThere = try round.look.heads.contains(state.ownLog.device) && !isHeadLost()
      // A folder that lost our segments, or was set back, may show an old head of ours, and not
      // name us: who does not list finds nothing of us then.
      if now != then || isFirst || !isThere || round.hasRefilled { try writeHead(now) }
      if round.hasRefilled { try join() }
      return
    }
    // Where nothing is listed `peers` tells our newest segment; a head for that alone is a request
    // too many.
    (then.newest, then.hash, now.newest, now.hash) = (0, [], 0, [])
    if now != then || isFirst || round.wasUnnamed { try writeHead(currentHead()) }
    // Others may have written `peers` while we sent for long, or joined together with us.
    if isFirst || state.ownLog.newestStored > before.newest + 1 { round.look.named = nil }
    if round.look.named?.devices.contains(state.ownLog.device) != true {
      try join()
    } else if let named = round.look.named,
      !state.ownLog.isNamed(in: named, state.peers, lists: false)
        || round.lostTips.contains(where: { named.newest[$0.key] == $0.value })
    {
      // Read back only after an error: it names us already, and another request a sync is too many.
      if try !writePeers(state.ownLog, in: named) {
        round.look.named = nil
        try join()
      }
    }
    // It may have been the last this machine does: what nobody can find is not delivered.
    if !state.ownLog.isEmpty, round.look.named?.devices.contains(state.ownLog.device) != true {
      problem(.unnamed)
    }
  }

  /// A head is a hint: it is not read back, and failing to write it fails nothing.
  func writeHead(_ head: DeviceHead) throws {
    let bytes = try head.sealed(device: state.ownLog.device, with: keys())
    _ = try write(RemoteLayout.head(state.ownLog.device), bytes)
  }

  /// Writes our head and the list of devices anew where they are there no more, or cannot be read.
  func writeLostHints() throws {
    if try readHead(of: state.ownLog.device) == nil { try writeHead(currentHead()) }
    guard try readPeers() == nil else { return }
    let known = PeerList(state.peers.filter { $0.value.applied > 0 }.keys.sorted())
    try writePeers(state.ownLog, in: known)
  }

  func readHead(of device: DeviceID) throws -> DeviceHead? {
    guard case .success(.found(let bytes)) = try read(RemoteLayout.head(device)) else { return nil }
    // Not the keys of the header we know: perhaps of the one that is there now.
    guard let keys = try? keys() else {
      round.isHeaderDoubtful = true
      return nil
    }
    do throws(SegmentError) {
      let head = try DeviceHead(opening: bytes, device: device, with: keys)
      round.heads[device] = head
      round.headLengths[device] = bytes.count
      return head
    } catch {
      // Written under another header: who set up the folder last overwrote ours, and may never see
      // a segment of ours that makes us look.
      if error == .otherLibrary { round.isHeaderDoubtful = true }
      return nil
    }
  }
}
