import Changes
import Papers
import Sealing
import Store
import Transport

/// Exchanges changes between a library and a remote folder. Acts; what to do is worked out in
/// ``SyncPlan``. Writes no SQL, reads no clock, prints nothing.
///
/// Invariants, each with its test in SyncTests and watched by the simulator:
/// 1. A segment's changes and the cursor that says so commit in one transaction.
/// 2. Before a segment is written its making is remembered, so that it is written again with the
///    same bytes whatever happens; the cursor of what was sent moves only after it was read back
///    and compared.
/// 3. Before its first write of a sync a device looks whether its log is still its own.
/// 4. Absence proves nothing: nothing here deletes or forgets because something was not shown.
/// 5. Without anything new there is no write, and at most one request for each other device known
///    and one more; a single one where the folder lists.
package final class SyncEngine {
  let library: Library
  let folder: any RemoteFolder
  let remote: String
  let names: RemoteState.Names
  let passphrase: [UInt8]?
  let surroundings: Surroundings
  let identity: String
  /// What names this process to others of this home that sync with the same folder.
  let writer: String
  let progress: (SyncProgress) -> Void

  /// Rules taken away by a test.
  package var weaknesses: Set<Weakness>
  /// How the key of a new folder is made; a test makes it cheap.
  package var newDerivation: (_ salt: [UInt8]) -> RemoteHeader.Derivation =
    RemoteHeader.newDerivation
  /// Keys already made: many engines of a test share them.
  package var keyCache = KeyCache()
  /// A log of so many small segments is put together.
  package var compactAt = 64

  /// What the library remembers of the remote, as it was when it was last looked at: everything
  /// public begins with ``reload()``.
  var state: RemoteState
  var report = SyncReport()
  var look = FolderLook()
  var isThorough = false
  var isHeaderDoubtful = false
  var hasCheckedOwn = false
  var hasRefilled = false
  var hasJustJoined = false
  /// Where each log ended that was read in this look: the number that was not there, or not whole.
  var ends: [DeviceID: UInt64] = [:]
  /// What `peers` told of newest segments, and the folder has lost or torn.
  var lostTips: [DeviceID: String] = [:]
  /// The numbers of the papers changed, to count each once. A first sync brings all of a library in
  /// their order: a few ranges, where their ids took 10 MB of memory for a hundred thousand.
  var touched = PlaceSet()
  /// Devices whose log was read again from its start in this sync.
  var reread = Set<DeviceID>()
  private var openedHeader: (text: String, keys: RemoteKeys)?
  private var isUnderFormerPassphrase = false

  /// An engine for one remote.
  /// - Parameters:
  ///   - remote: the remote's name in the configuration; under it the library remembers how far it
  ///     is.
  ///   - passphrase: nil where the folder is not sealed with one.
  ///   - identity: what names the machine and the file the library lives in. Another text than last
  ///     time means that the library was copied or moved.
  package init(
    library: Library, folder: any RemoteFolder, remote: String, passphrase: [UInt8]? = nil,
    identity: String, surroundings: Surroundings,
    progress: @escaping (SyncProgress) -> Void = { _ in }
  ) {
    self.library = library
    self.folder = folder
    self.remote = remote
    names = RemoteState.Names(remote: remote)
    self.passphrase = passphrase
    self.identity = identity
    self.surroundings = surroundings
    writer = Hex.text(surroundings.random())
    self.progress = progress
    weaknesses = library.weaknesses
    state = RemoteState()
  }

  // MARK: The sync

  /// Brings library and folder to the same set of changes, as far as the folder can be reached.
  /// - Throws: ``SyncError``, ``TransportError``, ``LibraryError``. What was done until then is
  ///   done.
  package func sync() throws -> SyncReport {
    report = SyncReport()
    (reread, touched) = ([], PlaceSet())
    let before = folder.traffic
    let conflicts = try library.conflictCount()
    try confirmIdentity()
    // A new identity, or a header that changed, makes it look again.
    for round in 0..<4 {
      let isUnfinished = try exchange(isAgain: round > 0)
      guard isUnfinished, round < 3 else { break }
      isThorough = true
    }
    report.conflicts = max(0, try library.conflictCount() - conflicts)
    let unapplied = try library.unappliedCount()
    if unapplied > 0 { note(.needsNewerVersion(changes: unapplied)) }
    if isUnderFormerPassphrase { note(.formerPassphrase) }
    report.traffic = Traffic(folder.traffic, since: before)
    return report
  }

  /// A folder of this machine that is empty is filled again only where it was: else its disk is not
  /// mounted, or somebody put a link in its place.
  private func confirmRoot() throws {
    guard let root = folder.root else { return }
    let known = try library.memory { [names] in try $0.value(names.root) }
    guard known != root.text else { return }
    guard known == nil || look.hasHeader else {
      throw TransportError(
        kind: .refusedByUs, method: "write", url: root.path, detail: "",
        reason: root.isLink ? .becameLink : .otherFileSystem, isOfFolder: true)
    }
    try library.remember { [names] in try $0.set(names.root, root.text) }
  }

  /// One look, pull and push; true when it should be done again.
  private func exchange(isAgain: Bool) throws -> Bool {
    try reload()
    let isFirst = state.header == nil
    isThorough = isThorough || isFirst
    isHeaderDoubtful = false
    (hasCheckedOwn, hasRefilled) = (false, false)
    let pulled = report.pulled
    if isFirst { try openFolder() }
    try lookAtFolder()
    try confirmRoot()
    let device = state.ownLog.device
    let header = state.header
    let head = currentHead()
    let fresh = try rememberPeers(look.devices)
    let plan = SyncPlan(
      ownLog: state.ownLog, listed: state.listed, header: header?.utf8.count, peers: state.peers,
      retired: try retired(), look: look, fresh: fresh, thorough: isThorough)
    (ends, lostTips) = ([:], [:])
    let namedBefore = look.named
    for step in plan.steps { try act(step) }
    if !look.lists, let namedBefore { lostTips = namedBefore.tips(beyond: ends) }
    // A file of another library or under another key: has the folder's header changed?
    if isHeaderDoubtful, device == state.ownLog.device, header == state.header {
      _ = try checkOwn()
    }
    guard device == state.ownLog.device, header == state.header else { return true }
    try push()
    guard device == state.ownLog.device, header == state.header else { return true }
    try tidy()
    // Where nothing is listed, whatever moves is a reason to look at our own log: all who move
    // write `peers`, and may have put back what it said of us. Who took another identity has not
    // looked at the header yet.
    let isMoved = !look.lists && (report.pulled > pulled || !fresh.isEmpty)
    if !hasCheckedOwn, isAgain || isMoved { _ = try checkOwn() }
    guard device == state.ownLog.device, header == state.header else { return true }
    try announce(before: head, isFirst: isFirst)
    if isFirst { try settleFounding() }
    // A folder that lost our files without showing it may have lost those of others.
    return hasRefilled && !look.lists && !isThorough
  }

  private func act(_ step: SyncPlan.Step) throws {
    switch step {
    case .checkOwn:
      guard !weaknesses.contains(.listingIsTruth) else { return }
      if try checkOwn() { try mendOdd() }
    case .join: try join()
    case .ask(let device, let number): if try pull(device, from: number) { try goOn(device) }
    case .trace(let device, let number): try trace(device, from: number)
    case .compare(let device): try compare(device)
    }
  }

  /// Lists the folder, or reads what stands for a listing.
  private func lookAtFolder() throws {
    switch try folder.list() {
    case .files(let files):
      look = FolderLook(files)
      if isThorough { look.named = readPeers() }
    case .unsupported:
      look = FolderLook()
      look.named = readPeers()
    }
  }

  // MARK: What everything here uses

  /// Reads one file.
  func read(
    _ name: RemoteName, _ limit: Int = SealedFile.maximumLength
  ) -> Result<ReadOutcome, TransportError> {
    read([name], limit)[0]
  }

  /// Reads files; as many results as names, whatever the folder does.
  func read(
    _ names: [RemoteName], _ limit: Int = SealedFile.maximumLength
  ) -> [Result<ReadOutcome, TransportError>] {
    let results = folder.read(names, limit: limit)
    return names.indices.map { results.indices.contains($0) ? results[$0] : .success(.missing) }
  }

  /// The keys of the folder, made from the passphrase when they are first needed.
  func keys() throws -> RemoteKeys {
    guard let text = state.header else { throw SyncError.header(.notPapershelf) }
    if let openedHeader, openedHeader.text == text { return openedHeader.keys }
    let keys = try makeKeys(text)
    openedHeader = (text, keys)
    return keys
  }

  func makeKeys(_ text: String) throws -> RemoteKeys {
    if let known = keyCache.keys(text, passphrase) { return known }
    do throws(SegmentError) {
      let keys = try keys(of: try RemoteHeader(Array(text.utf8)))
      keyCache.keep(keys, text, passphrase)
      return keys
    } catch {
      throw SyncError.header(error)
    }
  }

  /// The keys of a folder, from the passphrase as it is or as an older build read it.
  private func keys(of header: RemoteHeader) throws(SegmentError) -> RemoteKeys {
    let isChecked = !weaknesses.contains(.keyUnchecked)
    do throws(SegmentError) {
      return try header.keys(passphrase: passphrase, isChecked: isChecked, root: keyCache.root)
    } catch .wrongPassphrase {
      guard let formerPassphrase else { throw .wrongPassphrase }
      let keys = try header.keys(
        passphrase: formerPassphrase, isChecked: isChecked, root: keyCache.root)
      isUnderFormerPassphrase = true
      return keys
    }
  }

  /// What builds before this one made of a passphrase that is no UTF-8: each byte that is none
  /// became the same sign, so that many passphrases opened one folder. Those folders open still.
  private var formerPassphrase: [UInt8]? {
    guard let passphrase, String(validating: passphrase, as: UTF8.self) == nil else { return nil }
    return Array(String(decoding: passphrase, as: UTF8.self).utf8)
  }

  func reload() throws {
    if let trouble = Cryptography.trouble { throw SyncError.noCryptography(trouble) }
    state = try current()
  }

  func current() throws -> RemoteState {
    let names = names
    return try library.memory { try RemoteState($0, names) }
  }

  /// Changes what is remembered of this remote, as it stands now: another process may have moved
  /// it.
  func remember(
    _ body: (inout RemoteState, inout SyncMemory, RemoteState.Names) throws -> Void
  ) throws {
    let names = names
    state = try library.remember { memory in
      var state = try RemoteState(memory, names)
      try body(&state, &memory, names)
      return state
    }
  }

  /// The newest segment applied of each other device.
  package var appliedSegments: [DeviceID: UInt64] {
    get throws { try current().peers.mapValues(\.applied) }
  }

  /// The newest segment of this device that is known to be stored there; 0 before the first.
  package var newestSegment: UInt64 { get throws { try current().ownLog.newest } }

  /// Whether this library knows the folder's header.
  package var hasJoined: Bool { get throws { try current().header != nil } }

  func note(_ notice: SyncNotice) {
    if !report.notices.contains(notice) { report.notices.append(notice) }
  }

  func problem(_ problem: SyncProblem) {
    if !report.problems.contains(problem) { report.problems.append(problem) }
  }

  func machine(_ device: DeviceID) -> String {
    let names = try? library.read { try $0.machineNames() }
    return names?[device] ?? device.description
  }

  func retired() throws -> Set<DeviceID> { try library.read { try $0.retiredDevices() } }
}

extension Traffic {
  fileprivate init(_ now: Traffic, since before: Traffic) {
    self.init()
    requests = now.requests - before.requests
    bytesSent = now.bytesSent - before.bytesSent
    bytesReceived = now.bytesReceived - before.bytesReceived
  }
}
