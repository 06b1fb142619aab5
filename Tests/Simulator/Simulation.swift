import Changes
import Papers
import Sealing
import Store
import Sync
import TestSupport
import Transport

/// Runs a ``Script`` in one process, without threads, sockets or real time, and checks the
/// promises.
package final class Simulation {
  let script: Script
  let understanding: Understanding
  let pool: MemoryPool
  let servers: [SimServer]
  var devices: [SimDevice] = []
  var model = EditModel()
  /// The promises that did not hold.
  package internal(set) var failures: [String] = []
  /// FNV-1a over everything that was observed: equal for equal runs.
  package private(set) var trace: UInt64 = 0xcbf2_9ce4_8422_2325
  /// What was met.
  package var tally = Tally()
  /// Prints what happens.
  package var isTold = false {
    didSet { for server in servers { server.keepsLog = isTold } }
  }
  /// Looks at everything at the end, also at what is looked at in a share of lives only.
  package var isThorough = false

  /// What has happened so far, for what it excuses.
  var (hadDisaster, hadFaults, hadCrash, hadTwins, hadOdd) = (false, false, false, false, false)
  var (hadRot, hadHidden) = (false, false)
  /// Whether files may be asked for by name though the server lists.
  var hadPoorListings: Bool { hadHidden || script.mostListed != nil || script.hasDearListings }
  /// Whether the server lied, or a machine that holds the key.
  var (hadLies, hadLiars) = (false, false)
  /// Whether the folder named hundreds that are nobody.
  var hadCrowd = false
  /// Whether a library went back to its backup.
  var hadRestores = false
  /// Whether a file was lost, and others were not.
  var hadLosses = false
  /// In whose name somebody else wrote.
  var impersonated = Set<DeviceID>()
  /// Whether a folder had two names.
  var hadAddresses = false
  /// Whether headers of different libraries stood in a folder: two newcomers, or one and a stale
  /// answer.
  var wasFoundedTwice = false
  /// The passphrases that the person chose for each server's folder, in order, an empty one for
  /// none: where a change of it died they may not know which one holds.
  var passphrases: [[String]]
  /// Whether a passphrase was changed.
  var hadRekeys: Bool { passphrases.contains { $0.count > 1 } }
  /// Whether one changed it while another did, which is told so, or sent something under the one
  /// before.
  var hadContention = false
  /// Whether a machine was copied and nothing told the copy so.
  var hadLookalikes = false
  private var snapshots: [[RemoteName: [UInt8]]]
  private var serial = 0

  let keyCache: KeyCache
  private let weaknesses: Set<AbsentRule>
  private let weak: WeakLibrary
  private static let sharedKeys = KeyCache()
  private static let derivation = RemoteHeader.Derivation(
    n: 1 << 14, r: 8, p: 1, salt: [UInt8](repeating: 7, count: 16))

  /// A life to come.
  /// - Parameter pool: the databases of lives before, which lacked the same rules.
  package init(
    _ script: Script, weaknesses: Set<AbsentRule> = [], pool: MemoryPool = MemoryPool()
  ) {
    self.script = script
    self.pool = pool
    self.weaknesses = weaknesses
    weak = WeakLibrary(without: weaknesses)
    var understanding = weak.understanding
    // Of one life in eight nothing is read before it is looked at.
    if script.seed % 8 == 3 { understanding.room = 0 }
    self.understanding = understanding
    // What a build without a rule believes must not reach another. Without a check any passphrase
    // is as good as the right one.
    keyCache =
      weaknesses.contains(.keyUnchecked)
      ? KeyCache { (derivation, _) throws(SegmentError) in
        try derivation.root(of: Array("pass".utf8))
      } : Self.sharedKeys
    servers = (0..<UInt64(script.servers)).map { SimServer(seed: script.seed &+ $0 << 32) }
    for server in servers {
      server.lists = script.lists
      server.tellsVersions = script.tellsVersions
      server.mostListed = script.mostListed
    }
    for (index, server) in servers.enumerated()
    where script.hasOlderHeader && script.encrypted {
      if let header = Self.olderHeader(of: script.seed &+ UInt64(index), keyCache) {
        server.begin(withHeader: header)
      }
    }
    snapshots = servers.map { _ in [:] }
    passphrases = servers.map { _ in [script.encrypted ? "pass" : ""] }
  }

  /// The header of a folder that an earlier build sealed: it proves nothing of itself, and half of
  /// them name the other cipher.
  private static func olderHeader(of library: UInt64, _ keys: KeyCache) -> [UInt8]? {
    let cipher: RemoteCipher = library.isMultiple(of: 2) ? .aesGCM : .chaChaPoly
    guard let root = try? keys.root(derivation, Array("pass".utf8)) else { return nil }
    let header = RemoteHeader(
      library: library, generation: 1, cipher: cipher, derivation: derivation, root: root)
    let text = String(decoding: header.bytes, as: UTF8.self)
    guard let proof = text.firstRange(of: ",\"proof\"") else { return nil }
    return Array((text[..<proof.lowerBound] + "}\n").utf8)
  }

  /// Runs it; the promises that did not hold.
  package func run() -> [String] {
    do {
      for index in 0..<script.devices {
        let isOld = script.old.contains(index)
        try add(newDevice("m\(index)", isOld ? older : understanding))
      }
      watchDeletions()
      watchHints()
      for step in script.steps { try perform(step) }
      try settle()
    } catch {
      failures.append("stopped by \(error)")
      if isTold { tell("\(error)") }
    }
    count()
    return failures
  }

  var nextSeed: UInt64 { script.seed &* 1_000_003 &+ UInt64(devices.count) }

  func add(_ device: SimDevice) { devices.append(device) }

  func newDevice(_ name: String, _ understanding: Understanding) throws -> SimDevice {
    try SimDevice(name, seed: nextSeed, understanding: understanding, pool: pool, weak: weak)
  }

  /// A build that knows no stars and no views.
  private var older: Understanding {
    var older = Understanding(
      migrations: understanding.migrations,
      registers: Registers(
        Registers.standard.all, forgetting: [Starred.self, ViewFilter.self]),
      number: WeakLibrary.olderNumber)
    older.room = understanding.room
    return older
  }

  private func count() {
    tally.add("scenarios")
    tally.add("steps", script.steps.count)
    for server in servers {
      for (fault, count) in server.struck { tally.add("fault \(fault.rawValue)", count) }
    }
    tally.add(trace: trace)
  }

  // MARK: Steps

  private func device(_ index: Int) -> SimDevice? {
    devices.indices.contains(index) && !devices[index].isGone ? devices[index] : nil
  }

  var living: [SimDevice] { devices.filter { !$0.isGone } }

  private func perform(_ step: Step) throws {
    if isTold { tell("\(step)") }
    switch step {
    case .faults(let chance):
      hadFaults = hadFaults || chance > 0
      for server in servers { server.faults = .all(chance / 4) }
    case .snapshot: snapshots = servers.map(\.files)
    case .rollback: try strike { servers[$0].restore(snapshots[$0]) }
    case .wipe: try strike { servers[$0].restore([:]) }
    case .hide(let isOn):
      hadHidden = true
      tally.add("listings that hid or showed all again")
      for server in servers { server.hidesAll = isOn }
    case .rot(let number):
      hadRot = true
      tally.add("bits that flipped")
      for server in servers { server.rot(number) }
    case .vanish(let number):
      hadLosses = true
      tally.add("files lost")
      try strike { servers[$0].lose(number) }
    case .lie(let lie, let index, let number):
      hadLies = true
      tally.add("lies of a server")
      hadCrowd = hadCrowd || lie == .inventedDevices
      // Who is shown that takes another id, and is a machine that is gone by the one before.
      hadTwins = hadTwins || lie == .inventedNext
      let caller = devices.indices.contains(index) ? devices[index].name : nil
      for server in servers {
        server.lies.append(SimServer.Lying(lie, to: caller, number, over: server))
      }
    case .honest: for server in servers { server.lies = [] }
    case .stranger(let stranger, let number): try meetStranger(stranger, number)
    case .edit(let index, _, _), .open(let index, _, _), .save(let index),
      .crashingEdit(let index, _, _), .sync(let index),
      .crashingSync(let index, _), .interleavedSync(let index, _, _),
      .editingSync(let index, _, _, _), .clock(let index, _), .backup(let index),
      .restore(let index), .clone(let index, _), .retire(let index, _), .lose(let index),
      .rename(let index, _), .address(let index), .forget(let index), .upgrade(let index),
      .move(let index), .wrongPassphrase(let index), .rekey(let index),
      .crashingRekey(let index, _), .repair(let index), .crashingRepair(let index, _),
      .interleavedRepair(let index, _, _), .look(let index), .interleavedRekey(let index, _, _, _),
      .amid(let index, _, _, _, _):
      if let device = device(index) { try perform(step, device) }
    }
  }

  private func perform(_ step: Step, _ device: SimDevice) throws {
    switch step {
    case .edit(_, let edit, let number): try self.edit(device, edit, number)
    case .open(_, let edit, let number): try open(device, edit, number)
    case .save: try save(device)
    case .crashingEdit(_, let edit, let number): try crashingEdit(device, edit, number)
    case .sync: attempt(device)
    case .crashingSync(_, let moment): crash(device, moment) { attempt(device) }
    case .interleavedSync(_, let index, let at):
      guard let other = self.device(index) else { return }
      interrupt(device, at, { attempt(device) }) { self.attemptBetween(other) }
    case .editingSync(_, let edit, let number, let at):
      interrupt(device, at, { attempt(device) }) {
        do { try self.edit(device, edit, number) } catch {
          self.failures.append("an edit: \(error)")
        }
      }
    case .clock(_, let by):
      hadOdd = true
      device.jump(by)
    case .backup: try device.takeBackup()
    case .restore:
      guard device.backup != nil else { return }
      tally.add("restores")
      (hadTwins, hadRestores) = (true, true)
      try device.restore()
    case .clone(_, let told): try clone(device, told: told)
    case .retire(_, let index): try retire(device, index)
    case .lose: lose(device)
    case .rename(_, let number): try device.reopen(named: "n\(number)")
    case .address:
      hadAddresses = true
      tally.add("other addresses of a folder")
      device.isElsewhere.toggle()
    case .forget: try forget(device)
    case .upgrade: try upgrade(device)
    case .move: device.home = (device.home + 1) % servers.count
    case .wrongPassphrase: try tryWrongPassphrase(device)
    case .rekey: try rekey(device)
    case .crashingRekey(_, let moment): try crash(device, moment) { try rekey(device) }
    case .interleavedRekey(_, let index, let rekeys, let at):
      guard let other = self.device(index) else { return }
      hadContention = true
      try interrupt(device, at, { try rekey(device) }) {
        if rekeys { self.rekeyBetween(other) } else { self.attemptBetween(other) }
      }
    case .repair: attempt(device, isRepair: true)
    case .crashingRepair(_, let moment): crash(device, moment) { attempt(device, isRepair: true) }
    case .interleavedRepair(_, let index, let at):
      guard let other = self.device(index) else { return }
      interrupt(device, at, { attempt(device, isRepair: true) }) { self.attemptBetween(other) }
    case .look: try look(device)
    case .amid(_, let deed, let index, let deedOfOther, let at):
      guard let other = self.device(index) else { return }
      // Where nothing is sealed no passphrase changes.
      let isSealed = script.encrypted || script.reseals
      hadContention = hadContention || isSealed && [deed, deedOfOther].contains(.rekey)
      try interrupt(device, at, { try act(deed, device) }) {
        do { try self.act(deedOfOther, other, isBetween: true) } catch {
          self.failures.append("\(other.name) \(deedOfOther.rawValue): \(error)")
        }
      }
    default: break
    }
  }

  private func act(_ deed: Step.Deed, _ device: SimDevice, isBetween: Bool = false) throws {
    let isBlind = isBetween && (!script.lists || hadPoorListings)
    switch deed {
    case .sync: attempt(device, isBlind: isBlind)
    case .look: try look(device)
    case .repair: attempt(device, isBlind: isBlind, isRepair: true)
    case .rekey: try rekey(device)
    }
  }

  private func edit(_ device: SimDevice, _ edit: Step.Edit, _ number: UInt64) throws {
    if edit == .future { hadOdd = true }
    serial += 1
    tally.add("edits")
    try act(device) { words in
      try person(device, words).perform(edit, number)
    }
  }

  func person(_ device: SimDevice, _ words: String) -> Person {
    Person(device: device, words: words, names: script.names, weak: weak)
  }

  private func open(_ device: SimDevice, _ edit: Step.Edit, _ number: UInt64) throws {
    guard let opened = try person(device, "").open(edit, number) else { return }
    device.opened.append(opened)
  }

  private func save(_ device: SimDevice) throws {
    guard !device.opened.isEmpty else { return }
    let opened = device.opened.removeFirst()
    serial += 1
    tally.add("edits saved later")
    let library = device.library
    let now = try EditModel.reading(opened.reading.keys.sorted()) { try library.changes(of: $0) }
    if now != opened.reading { tally.add("edits saved over what came meanwhile") }
    try act(device, reading: opened.reading) { words in
      try person(device, words).save(opened)
      return []
    }
  }

  /// Something the person does, with words of its own; returns those of what it takes back.
  /// - Parameter reading: what they had read before, where they did not look just then.
  func act(
    _ device: SimDevice, reading: EditModel.Reading? = nil,
    _ body: (_ words: String) throws -> [String]
  ) throws {
    let words = "edit \(serial)"
    let library = device.library
    let last = try library.lastPlace()
    let undone = try body(words)
    let recorded = try library.changes(after: last, limit: .max).map(\.change)
    let mine = try recorded.filter { $0.stamp.device == (try device.id) }
    device.acknowledge(mine)
    failures += try model.note(
      mine, words: words, undoing: undone, reading: reading,
      entries: { try library.changes(of: $0) })
  }

  private func crashingEdit(_ device: SimDevice, _ edit: Step.Edit, _ number: UInt64) throws {
    tally.add("crash at the commit of an edit")
    serial += 1
    let last = try device.library.lastPlace()
    device.library.beforeCommit = { throw SimServer.Crash() }
    defer { device.library.beforeCommit = nil }
    do {
      _ = try person(device, "edit \(serial)").perform(edit, number)
    } catch is SimServer.Crash {}
    if try device.library.lastPlace() != last { failures.append("half an edit: \(edit)") }
  }

  /// A newcomer that finds an empty folder sets it up anew, and the others are told that it is
  /// another library's: the person decides. So a folder is only lost when everybody knows it, but
  /// for lives in which they do decide.
  private func strike(_ body: (Int) -> Void) throws {
    for index in servers.indices
    where try script.decides || living.allSatisfy({ try engine($0, index).hasJoined }) {
      hadDisaster = true
      tally.add("disasters")
      body(index)
    }
  }

  private func clone(_ device: SimDevice, told: Bool) throws {
    guard devices.count < script.devices + 2 else { return }
    // Nothing tells two copies apart that never met a folder, and then each one of its own.
    if try servers.count > 1
      && !servers.indices.contains(where: { try engine(device, $0).hasJoined })
    {
      return
    }
    tally.add("copies of machines")
    hadTwins = true
    try add(SimDevice("c\(devices.count)", seed: nextSeed, copying: device))
    // One that an older build made and that never met a folder does not know where it lives.
    let isKnown = try device.library.memory { try $0.value(SyncEngine.identityName) } != nil
    hadLookalikes = hadLookalikes || !told || !isKnown
    if !told { devices[devices.count - 1].identity = device.identity }
  }

  private func retire(_ device: SimDevice, _ index: Int) throws {
    guard devices.indices.contains(index), devices[index] !== device else { return }
    tally.add("retirements")
    let id = try devices[index].id
    serial += 1
    try act(device) { words in
      try device.library.record(words) { try $0.write([.retired(id, true)]) }
      return []
    }
  }

  private func lose(_ device: SimDevice) {
    guard living.count > 1 else { return }
    tally.add("machines lost")
    device.isGone = true
  }

  /// Of a folder that is there: one that was emptied would be set up anew, which the person would
  /// see.
  private func forget(_ device: SimDevice) throws {
    guard let name = RemoteName("papershelf"),
      let bytes = servers[device.home].files[name], (try? RemoteHeader(bytes)) != nil
    else { return }
    tally.add("remotes removed and added again")
    device.hasForgotten = true
    try SyncEngine.forget(remote(of: device, device.home), in: device.library)
  }

  func upgrade(_ device: SimDevice) throws {
    guard device.isOld else { return }
    tally.add("upgrades")
    try device.reopen(understanding: understanding)
  }

  // MARK: Syncs

  /// What a device calls a server: it need not be what it called it before.
  func remote(of device: SimDevice, _ server: Int) -> String {
    "r\(server)" + (device.isElsewhere ? "x" : "")
  }

  func engine(
    _ device: SimDevice, _ server: Int? = nil, passphrase: String? = nil
  ) throws -> SyncEngine {
    let server = server ?? device.home
    let folder = SimFolder(servers[server], caller: device.name)
    let remote = remote(of: device, server)
    let chosen = passphrase ?? device.passphrases[server] ?? passphrases[server][0]
    let passphrase = Self.bytes(ofPassphrase: chosen)
    let loop =
      weaknesses.isEmpty
      ? nil
      : WeakLoop(
        without: weaknesses, library: device.library, folder: folder, remote: remote,
        passphrase: passphrase, surroundings: device.surroundings, keyCache: keyCache)
    let engine = SyncEngine(
      library: device.library, folder: folder, remote: remote, passphrase: passphrase,
      identity: device.identity, surroundings: device.surroundings, loop: loop)
    engine.dearListing = script.hasDearListings ? 4 * SimFolder.bytesListed : .max
    if script.hasSmallSegments { engine.segmentSize = SegmentSize(text: 200, file: 80) }
    engine.compactAt = 4
    engine.mostWalked = 2
    if isImpatient { engine.patience = 0 }
    engine.keyCache = keyCache
    engine.newDerivation = { _ in Self.derivation }
    return engine
  }

  static func bytes(ofPassphrase text: String) -> [UInt8]? {
    text.isEmpty ? nil : Array(text.utf8)
  }

  /// A sync in the storm may fail; nothing may be lost by it.
  /// - Parameter isBlind: whether what it delivers may stay unseen until it syncs again.
  private func attempt(_ device: SimDevice, isBlind: Bool = false, isRepair: Bool = false) {
    tally.add(isRepair ? "repairs" : "syncs")
    device.wasWarned = true
    device.hasRepaired = device.hasRepaired || isRepair
    do {
      let vanished = try vanishedPeers(of: device)
      let before = device.acknowledged.count
      let isAlone = servers[device.home].interruption == nil
      let (report, isOther) = try deciding(device, device.home) {
        try isRepair ? $0.repair() : $0.sync()
      }
      observe(report)
      check(report, of: device, vanished && !isOther)
      device.wasWarned = !report.problems.isEmpty
      let waiting = try SyncEngine.waiting(for: remote(of: device, device.home), in: device.library)
      if report.problems.isEmpty, isAlone, waiting > 0 {
        failures.append("\(device.name) says nothing of \(waiting) changes that wait")
      }
      if report.problems.isEmpty { device.isRekeying = false }
      // What is sent under the header of a liar nobody else reads.
      let isHeard = !isBlind && !servers[device.home].showsOtherLibrary(to: device.name)
      if report.problems.isEmpty, isHeard { device.hasDelivered(before) }
    } catch {
      observe(failure: error)
      if isCalm { failures.append("\(device.name) cannot sync on a calm day: \(error)") }
    }
  }

  /// Whether nothing has happened that a sync may fail for.
  private var isCalm: Bool {
    !hadFaults && !hadCrash && !hadDisaster && !hadTwins && !hadRot && !hadLies
  }

  private func crash(
    _ device: SimDevice, _ moment: Step.Moment, _ body: () throws -> Void
  ) rethrows {
    hadCrash = true
    let server = servers[device.home]
    var commits: Int?
    switch moment {
    case .request(let at): server.crashAfter = at
    case .answer(let at):
      server.crashAfter = at
      server.crashesAtAnswer = true
    case .commit(let at):
      commits = at
      device.library.beforeCommit = {
        commits = (commits ?? 0) - 1
        if (commits ?? 0) <= 0 { throw SimServer.Crash() }
      }
    }
    defer {
      server.crashAfter = nil
      server.crashesAtAnswer = false
      device.library.beforeCommit = nil
    }
    try body()
    let hasDied = commits.map { $0 <= 0 } ?? ((server.crashAfter ?? 0) < 0)
    if hasDied { tally.add("crash at \(moment.kind)") }
  }

  /// Something that a device does, and what comes between its requests.
  private func interrupt(
    _ device: SimDevice, _ at: Int, _ act: () throws -> Void, _ between: @escaping () -> Void
  ) rethrows {
    let server = servers[device.home]
    server.interruption = (at, between)
    try act()
    server.interruption = nil
  }

  /// A sync while another is under way. Where nothing is listed, that one may write over this
  /// one's name in `peers`. It puts it back when it syncs again; one that is gone before that
  /// cannot be found by anybody.
  private func attemptBetween(_ device: SimDevice) {
    attempt(device, isBlind: !script.lists || hadPoorListings)
  }

  private func rekeyBetween(_ device: SimDevice) {
    do { try rekey(device) } catch { failures.append("a change of the passphrase: \(error)") }
  }

  /// A check and a dry run change nothing, neither there nor here.
  private func look(_ device: SimDevice) throws {
    tally.add("looks")
    let server = servers[device.home]
    let isAlone = server.interruption == nil
    let (writes, dump) = (server.writes, try device.library.dump())
    do {
      let found = try knowingPassphrase(device, device.home) { try $0.verify() }
      if isTold { tell("    \(found)") }
      // What was sent under a passphrase before, or a header that did not last, its writer sends
      // again when they sync.
      let isWhole = found.problems.isEmpty && found.absent == 0
      if isCalm, !hadLiars, !hadRekeys, !server.wasFoundedTwice, !isWhole {
        failures.append("\(device.name) finds faults on a calm day: \(found)")
      }
      _ = try knowingPassphrase(device, device.home) { try $0.plan() }
    } catch {
      observe(failure: error)
      if isCalm { failures.append("\(device.name) cannot look on a calm day: \(error)") }
    }
    guard isAlone else { return }
    if server.writes != writes { failures.append("\(device.name) looked, and wrote") }
    if try device.library.dump() != dump {
      failures.append("\(device.name) looked, and has another library")
    }
  }

  /// With the passphrase it was given, and where that does not fit with the others, the newest
  /// first: the person is told that it was changed. In half of all lives they know before.
  func knowingPassphrase<Value>(
    _ device: SimDevice, _ server: Int, _ body: (SyncEngine) throws -> Value
  ) throws -> Value {
    if hadRekeys, script.seed.isMultiple(of: 2) {
      device.passphrases[server] = passphrases[server].last
    }
    let known = passphrases[server]
    for passphrase in known.reversed() {
      do { return try body(engine(device, server)) } catch SyncError.passphraseChanged,
        SyncError.header(.wrongPassphrase), SyncError.header(.passphraseNeeded),
        SyncError.header(.notEncrypted) where hadRekeys
      {
        device.passphrases[server] = passphrase
        if isTold { tell("    is told that the passphrase is \(passphrase)") }
      }
    }
    // It was changed just then.
    if passphrases[server] != known { return try knowingPassphrase(device, server, body) }
    return try body(engine(device, server))
  }

  /// Where the folder is told to be of another library the person decides that it is theirs.
  /// - Returns: also whether that was so.
  func deciding(
    _ device: SimDevice, _ server: Int, _ body: (SyncEngine) throws -> SyncReport
  ) throws -> (SyncReport, isOther: Bool) {
    do {
      return (try knowingPassphrase(device, server, body), false)
    } catch SyncError.header(.otherLibrary) where script.decides {
      tally.add("machines that joined another library")
      (wasFoundedTwice, hadDisaster) = (true, true)
      if isTold { tell("    joins the other library") }
      return (try knowingPassphrase(device, server) { try $0.joinOther() }, true)
    }
  }

  private func rekey(_ device: SimDevice) throws {
    let server = device.home
    guard script.encrypted || script.reseals, try engine(device).hasJoined else { return }
    tally.add("passphrases changed")
    let isOpen = script.reseals && passphrases[server].last != "" && script.seed & 8 == 0
    let new = isOpen ? "" : "pass\(passphrases[server].count)"
    device.isRekeying = true
    do {
      let report = try knowingPassphrase(device, server) { engine in
        if passphrases[server].last != new { passphrases[server].append(new) }
        return try engine.rekey(Self.bytes(ofPassphrase: new)) { device.passphrases[server] = new }
          .1
      }
      observe(report)
      device.isRekeying = !report.problems.isEmpty
    } catch {
      observe(failure: error)
      if isCalm, !hadContention {
        failures.append("\(device.name) cannot change the passphrase on a calm day: \(error)")
      }
    }
  }

  /// A wrong passphrase is told before anything is written.
  private func tryWrongPassphrase(_ device: SimDevice) throws {
    let server = servers[device.home]
    guard script.encrypted, try engine(device).hasJoined else { return }
    tally.add("wrong passphrases")
    let before = server.writes
    do {
      observe(try engine(device, passphrase: "wrong").sync())
    } catch {
      observe(failure: error)
    }
    if server.writes != before { failures.append("\(device.name) wrote with a wrong passphrase") }
  }

  // MARK: The trace

  func observe(_ report: SyncReport) {
    if isTold { tell("    \(report)") }
    let notices = report.notices.count << 8 + report.problems.count
    for number in [
      report.pulled, report.pushed, report.conflicts, report.requests, report.bytesSent,
      report.bytesReceived, notices,
    ] { observe(UInt64(truncatingIfNeeded: number)) }
  }

  private func observe(failure error: any Error) {
    tally.add("syncs that failed")
    if isTold { tell("    \(error)") }
    let kind: UInt64 =
      switch error {
      case is SyncError: 1
      case is TransportError: 2
      case is SimServer.Crash: 3
      default: 4
      }
    observe(kind << 32)
  }

  func observe(_ number: UInt64) { trace = (trace ^ number) &* 0x100_0000_01b3 }

  func observe(_ text: String) {
    for byte in text.utf8 { trace = (trace ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  func tell(_ text: String) {
    for server in servers {
      for line in server.log { print("       ", line) }
      server.log = []
    }
    print(text)
  }
}

extension Step.Moment {
  /// What a device dies at.
  fileprivate var kind: String {
    switch self {
    case .request: "a request"
    case .answer: "an answer"
    case .commit: "a commit"
    }
  }
}
