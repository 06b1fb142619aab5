import Changes
import Papers
import Sealing
import Store
import Transport

/// Exchanges changes between a library and a remote folder. Decides; what it says is done by
/// ``SyncLoop``, and how the two are built stands in SyncAction.swift. Asks the library what is in
/// it, and never writes to it; writes no SQL, reads no clock, prints nothing.
///
/// Invariants, each with its test in SyncTests and watched by the simulator:
/// 1. A segment's changes and the cursor that says so commit in one transaction.
/// 2. Before a segment is written its making is remembered, so that it is written again with the
///    same bytes whatever happens; the cursor of what was sent moves only after it was read back
///    and compared.
/// 3. Before its first write of a sync a device looks whether its log is still its own.
/// 4. Absence proves nothing: nothing here deletes or forgets because something was not shown.
/// 5. Without anything new there is no write, and at most one request for each other device known
///    and one more; a single one where the folder lists; where its listing is not worth asking for,
///    one for each device, us among them, and one more.
package final class SyncEngine {
  let library: Library
  let folder: any RemoteFolder
  let remote: String
  let loop: any SyncActing
  let passphrase: [UInt8]?
  let surroundings: Surroundings
  let identity: String
  /// What names this process to others of this home that sync with the same folder.
  let writer: String
  let progress: (SyncProgress) -> Void

  /// How the key of a new folder is made; a test makes it cheap.
  package var newDerivation: (_ salt: [UInt8]) -> RemoteHeader.Derivation =
    RemoteHeader.newDerivation
  /// Keys already made: many engines of a test share them.
  package var keyCache = KeyCache()
  /// How much goes into one segment.
  package var segmentSize = SegmentSize.standard
  /// A listing of more bytes than this is dear: more than a question for each file that may come,
  /// unless there are very many machines.
  package var dearListing = 128 * 1024
  /// A log of so many small segments is put together.
  package var compactAt = 64
  /// For so many milliseconds a device that does not move holds up the removal of old segments.
  package var patience = Held.most
  /// So many segments are read sooner than the head that may spare them.
  package var mostWalked: UInt64 = 16

  /// What the library remembers of the remote, as it was when it was last looked at: everything
  /// public begins with ``reload()``.
  var state = RemoteState()
  var report = SyncReport()
  /// What does not work, for the report.
  var problems = ProblemList()
  var round = Round()
  /// Look everywhere, whatever the listing shows.
  var isThorough = false
  var hasJustJoined = false
  /// The header of a folder that was found to be no other remote's in this sync.
  var foundAlone: String?
  /// The numbers of the papers changed, to count each once. A first sync brings all of a library in
  /// their order: a few ranges, where their ids took 10 MB of memory for a hundred thousand.
  var touched = PlaceSet()
  /// Devices whose log was read again from its start in this sync.
  var reread = Set<DeviceID>()
  /// Segments that a walk through all logs found to be lost.
  var lost: [DeviceID: PlaceSet] = [:]
  /// Devices whose clocks were told to be ahead.
  var fastClocks = Set<DeviceID>()
  private var openedHeader: (text: String, keys: RemoteKeys)?
  private var isUnderFormerPassphrase = false

  /// What one look, pull and push has found out.
  struct Round {
    var look = FolderLook()
    /// How many bytes the listing took.
    var listedBytes = 0
    /// The listing does not show all of our log.
    var hidesOwn = false
    /// It does not show what is there of another's.
    var hidesOthers = false
    /// A file of another library or under another key was met.
    var isHeaderDoubtful = false
    var hasCheckedOwn = false
    var hasRefilled = false
    /// The folder turned out to be that of another remote.
    var isShared = false
    /// Where each log ended that was read: the number that was not there, or not whole.
    var ends: [DeviceID: UInt64] = [:]
    /// The folder shows more devices that are nobody than are asked in a sync.
    var isCrowded = false
    /// Devices that became known and were not asked yet.
    var met = Set<DeviceID>()
    /// Segments of others that are there and cannot be used.
    var stuck: [DeviceID: PlaceSet] = [:]
    /// What stands for the bytes of those.
    var sights: [RemoteName: UInt64] = [:]
    /// The files read of a run whose end is not there.
    var begun: [DeviceID: Range<UInt64>] = [:]
    /// Where runs should begin of which a later file was met, and that were looked for again.
    var wentBackTo = Set<RemoteName>()
    /// Of whose logs a part was said to stand in another.
    var covered = Set<DeviceID>()
    /// How often segments that another log stands for were passed over.
    var skipped = 0
    /// Whether the answer to the question for a listing was of no use.
    var hasBrokenListing = false
    /// How many segments that were passed over were asked for.
    var asked = 0
    /// The heads that were read.
    var heads: [DeviceID: DeviceHead] = [:]
    /// How long the files of those are.
    var headLengths: [DeviceID: Int] = [:]
    /// Segments of ours that somebody could not read.
    var doubted = PlaceSet()
    /// How long the heads are that say so.
    var complaining: [DeviceID: Int] = [:]
    /// What `peers` told of newest segments, and the folder has lost or torn.
    var lostTips: [DeviceID: String] = [:]
    /// `peers` did not name us any more: the folder may have lost what else is ours.
    var wasUnnamed = false
    /// Devices that were not told the passphrase yet: their newest is sealed under another key.
    var underOtherKey = Set<DeviceID>()
  }

  /// An engine for one remote.
  /// - Parameters:
  ///   - remote: the remote's name in the configuration; under it the library remembers how far it
  ///     is.
  ///   - passphrase: nil where the folder is not sealed with one.
  ///   - identity: what names the machine and the file the library lives in. Another text than last
  ///     time means that the library was copied or moved.
  ///   - loop: what does the actions; nil for the folder and the library themselves.
  package init(
    library: Library, folder: any RemoteFolder, remote: String, passphrase: [UInt8]? = nil,
    identity: String, surroundings: Surroundings, loop: (any SyncActing)? = nil,
    progress: @escaping (SyncProgress) -> Void = { _ in }
  ) {
    self.library = library
    self.folder = folder
    self.remote = remote
    self.passphrase = passphrase
    self.identity = identity
    self.surroundings = surroundings
    self.loop =
      loop
      ?? SyncLoop(
        library: library, folder: folder, remote: remote, random: surroundings.random)
    writer = Hex.text(surroundings.random())
    self.progress = progress
  }

  // MARK: The sync

  /// A machine that comes to a folder by another address may meet another header there, then one
  /// that it knew by that address, and what was written under its id meanwhile, one by one.
  private static let mostRounds = 5

  /// Brings library and folder to the same set of changes, as far as the folder can be reached.
  /// - Throws: ``SyncError``, ``TransportError``, ``LibraryError``. What was done until then is
  ///   done.
  package func sync() throws -> SyncReport { try sync(lookingAtOwn: false) }

  /// Likewise.
  /// - Parameter lookingAtOwn: whether the header and our log are looked at though nothing is new.
  func sync(lookingAtOwn: Bool) throws -> SyncReport {
    (report, problems) = (SyncReport(), ProblemList())
    (reread, touched, fastClocks, foundAlone) = ([], PlaceSet(), [], nil)
    let before = folder.traffic
    let conflicts = try library.conflictCount()
    try confirmIdentity()
    // A new identity, or a header that changed, makes it look again.
    for round in 0..<Self.mostRounds {
      let isLast = round == Self.mostRounds - 1
      do {
        guard try exchange(lookingAtOwn: lookingAtOwn || round > 0) else { break }
        if isLast {
          // Neither the folder nor the machine stayed what they were.
          if try hasWork() { throw SyncError.contended }
          break
        }
      } catch SyncError.header(let error) where error.isOfPassphrase && !isLast {
        guard state.header != nil, try meetOtherPassphrase() else {
          throw SyncError.header(error)
        }
      }
      isThorough = true
      // All is looked at again: what could not be read may have stood under another header.
      problems = ProblemList()
      report.notices.removeAll { if case .rolledBack = $0 { true } else { false } }
    }
    try judgeListing()
    report.conflicts = max(0, try library.conflictCount() - conflicts)
    let unapplied = try library.unappliedCount()
    tellUntaken()
    if unapplied > 0 { note(.needsNewerVersion(changes: unapplied)) }
    if isUnderFormerPassphrase { note(.formerPassphrase) }
    report.problems = problems.all
    report.traffic = Traffic(folder.traffic, since: before)
    return report
  }

  /// A folder of this machine that is empty is filled again only where it was: else its disk is not
  /// mounted, or somebody put a link in its place.
  private func confirmRoot() throws {
    guard let root = folder.root, state.root != root.text else { return }
    guard state.root == nil || round.look.hasHeader else {
      throw TransportError(
        kind: .refusedByUs, method: "write", url: root.path, detail: "",
        reason: root.isLink ? .becameLink : .otherFileSystem, isOfFolder: true)
    }
    try remember(.root(root.text))
  }

  /// One look, pull and push; true when it should be done again.
  private func exchange(lookingAtOwn: Bool) throws -> Bool {
    try reload()
    let isFirst = state.header == nil
    // Who bears a new id meets the folder, too.
    isThorough = isThorough || !state.ownLog.isListed
    round = Round()
    let pulled = report.pulled
    if isFirst {
      try openFolder()
      // Before anything is read: by the other name we may have all of it. Later it would not be
      // noticed where we have nothing to send.
      if try isOurselvesElsewhere() { return true }
    }
    try lookAgainAtUntaken()
    try lookAtFolder()
    try confirmRoot()
    let (device, header, head) = (state.ownLog.device, state.header, currentHead())
    let isNew = isFirst || !state.ownLog.isListed
    // A new id, or another header: all is looked at again.
    var isAnother: Bool {
      round.isShared || device != state.ownLog.device || header != state.header
    }
    let crowd = nobodies()
    let fresh = try meet(round.look.devices)
    round.met = []
    let named = round.look.named
    try pull(meeting: fresh)
    try askCrowd(crowd)
    if !round.look.lists, let named { round.lostTips = named.tips(beyond: lostEnds) }
    try goOnBehindCovered()
    try lookForWithheld()
    if round.isHeaderDoubtful, !isAnother { _ = try checkOwn() }
    if isAnother { return true }
    try lookAtVersions()
    try liveOn()
    try push()
    if isAnother { return true }
    try tidy()
    // Where nothing is listed, whatever moves is a reason to look at our own log: all who move
    // write `peers`, and may have put back what it said of us. Who took another identity has not
    // looked at the header yet.
    let isMoved = !round.look.lists && (report.pulled > pulled || !fresh.isEmpty)
    // And a change of the passphrase that died here may stand there.
    let isToLook = lookingAtOwn || isMoved || state.sealing != nil
    if !round.hasCheckedOwn, isToLook { _ = try checkOwn() }
    if isAnother { return true }
    try announce(before: head, isFirst: isNew)
    if isFirst { try settleFounding() }
    // A folder that lost our files without showing it may have lost those of others; one that does
    // not show all there is may hide what is new.
    return !isThorough && (isListingShort || round.hasRefilled && !round.look.lists)
  }

  /// Where logs end before what `peers` tells of them; of a crowd only what is there and damaged:
  /// for invented names we would write in each sync.
  private var lostEnds: [DeviceID: UInt64] {
    round.ends.filter { device, _ in
      !round.isCrowded || round.stuck[device] != nil || state.peers[device]?.applied ?? 0 > 0
    }
  }

  /// Makes the steps that come before anything is sent.
  private func pull(meeting fresh: Set<DeviceID>) throws {
    round.hidesOwn = round.look.hides(state.ownLog)
    let plan = SyncPlan(
      ownLog: state.ownLog, listed: state.listed, header: state.header?.utf8.count,
      peers: state.peers, missing: missing(), retired: try retired(), look: round.look,
      fresh: fresh, thorough: isThorough, heard: state.heard, begun: state.begun,
      versions: state.versions, isNextThere: try isNextThere())
    guard case .plan(let steps)? = try conclude(.plan(plan.steps)) else { return }
    for step in steps { try make(step) }
    try mendDoubted()
  }

  /// Whether somebody wrote under our id, where a listing would tell and is not asked for: those
  /// who do list do not keep up what `peers` says of us.
  private func isNextThere() throws -> Bool {
    guard !round.look.lists, state.poorLooks > 0 else { return false }
    let name = RemoteLayout.segment(state.ownLog.device, state.ownLog.newest + 1)
    if case .success(.found) = try read(name) { return true }
    return false
  }

  private func make(_ step: SyncPlan.Step) throws {
    switch step {
    case .checkOwn: if try checkOwn() { try mendOdd() }
    case .join: try join()
    case .ask(let device, let number):
      if try follow(device, from: number) || seemsToGoOn(device) { try goOn(device) }
    case .trace(let device, let number): try trace(device, from: number)
    case .compare(let device): try compare(device)
    case .fill(let device): try fill(device)
    case .hear(let device): try hear(device)
    case .tell(let device, let number): gap(device, number)
    }
  }

  /// Lists the folder, or reads what stands for a listing.
  private func lookAtFolder() throws {
    round.look = FolderLook()
    if isThorough || isListingWorthIt {
      if case .files(let files) = try list(), let look = try listing(FolderLook(files)) {
        round.look = look
      } else if round.hasBrokenListing {
        try goByName()
      }
    } else {
      try remember(.poorLooks(state.poorLooks + 1))
    }
    if isThorough || !round.look.lists { round.look.named = try readPeers() }
  }

  // MARK: What a listing is worth

  /// So many looks in a row that were not worth it, and files are asked for by name.
  private static let mostPoorLooks = 3

  /// And they are tried again at the latest after so many.
  package static let mostUnlisted = 16

  /// Whether to list. Where that was not worth it, several times, it is tried again ever more
  /// seldom: it may have been chance, the folder may have become another, and some things only a
  /// listing shows.
  private var isListingWorthIt: Bool {
    let looks = state.poorLooks
    return looks < Self.mostPoorLooks || looks.nonzeroBitCount == 1
      || looks.isMultiple(of: Self.mostUnlisted)
  }

  /// Notes whether the listing was worth asking for: whether it shows what is there, and is cheaper
  /// than to ask for what may come, machine by machine. A provider may show some hundreds of names
  /// only, and where nothing can be removed a folder holds thousands.
  private func judgeListing() throws {
    guard round.look.lists else { return }
    // Of hundreds that it names some are asked in each sync, until all were.
    let isAmidCrowd = report.notices.contains { if case .crowd = $0 { true } else { false } }
    let isDear =
      !isAmidCrowd && round.listedBytes > dearListing
      && round.listedBytes / (state.peers.count + 1) > dearListing / 32
    let looks =
      isDear
      ? max(Self.mostPoorLooks, state.poorLooks + 1) : isListingShort ? state.poorLooks + 1 : 0
    if looks != state.poorLooks { try remember(.poorLooks(looks)) }
    if isListingShort, looks == Self.mostPoorLooks { note(.listingHides) }
  }

  /// Whether something is there that the listing does not show. (What is lost of our log is sent
  /// again as soon as it is noticed.)
  private var isListingShort: Bool {
    round.hidesOthers || round.hidesOwn && !round.hasRefilled
  }

  /// The listing to go by, or nil: one that does not show the header which is there is none (a
  /// server that answers with nothing, with the folder alone, with names that are not ours). Then
  /// files are asked for by name.
  ///
  /// The header may have come after the listing, from a machine that sets the folder up at this
  /// moment: before the server is called a liar, it is asked once more.
  private func listing(_ look: FolderLook) throws -> FolderLook? {
    var look = look
    var isHidden = try isHeaderHidden(from: look)
    if isHidden, state.poorLooks == 0, case .files(let files) = try list() {
      look = FolderLook(files)
      isHidden = try isHeaderHidden(from: look)
    }
    guard isHidden, try holds(.listingHides) else { return look }
    try goByName()
    return nil
  }

  /// Notes that a listing was of no use.
  private func goByName() throws {
    try remember(.poorLooks(state.poorLooks + 1))
    if state.poorLooks == 1 { note(.listingHides) }
  }

  /// Whether the folder has a header that this listing lacks.
  private func isHeaderHidden(from look: FolderLook) throws -> Bool {
    try !look.hasHeader && isHeaderThere()
  }

  /// Whether a header stands in the folder that we know, whosever it is.
  private func isHeaderThere() throws -> Bool {
    guard state.header != nil,
      case .success(.found(let bytes)) = try read(
        RemoteLayout.header, RemoteHeader.maximumLength)
    else { return false }
    return (try? RemoteHeader(bytes)) != nil
  }

  // MARK: What everything here uses

  /// What the folder shows. An answer that makes no sense, or a fault of the server's, where the
  /// header is there all the same, is as good as none: a server may not be able to list.
  func list() throws -> Listing {
    let before = folder.traffic.bytesReceived
    guard case .listed(let result) = try loop.act(.list) else { return .unsupported }
    round.listedBytes = folder.traffic.bytesReceived - before
    if case .failure(let error) = result, error.mayBeOfListing, try isHeaderThere() {
      round.hasBrokenListing = true
      return .unsupported
    }
    return try result.get()
  }

  /// Reads one file.
  func read(
    _ name: RemoteName, _ limit: Int = SealedFile.maximumLength
  ) throws -> Result<ReadOutcome, TransportError> {
    try read([name], limit)[0]
  }

  /// Reads files; as many results as names.
  func read(
    _ names: [RemoteName], _ limit: Int = SealedFile.maximumLength
  ) throws -> [Result<ReadOutcome, TransportError>] {
    guard case .read(let results) = try loop.act(.read(names, limit: limit)),
      results.count == names.count
    else { return names.map { _ in .success(.missing) } }
    return results
  }

  /// Writes a file; what went wrong.
  func write(_ name: RemoteName, _ bytes: [UInt8]) throws -> TransportError? {
    guard case .done(let error) = try loop.act(.write(name, bytes)) else { return nil }
    return error
  }

  /// Moves on what is remembered of this remote.
  /// - Returns: whether it was done.
  @discardableResult
  func remember(_ transition: Transition) throws -> Bool {
    guard case .remembered(let now, let isMade) = try loop.act(.remember(transition)) else {
      return false
    }
    state = now
    return isMade
  }

  /// What is to be taken for true of what was seen.
  func conclude(_ conclusion: Conclusion) throws -> Conclusion? {
    guard case .concluded(let truth) = try loop.act(.conclude(conclusion)) else { return nil }
    return truth
  }

  func holds(_ conclusion: Conclusion) throws -> Bool { try conclude(conclusion) == conclusion }

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
    do throws(SegmentError) {
      return try header.keys(passphrase: passphrase, root: keyCache.root)
    } catch .wrongPassphrase {
      guard let formerPassphrase = passphrase.flatMap(Self.formerPassphrase) else {
        throw .wrongPassphrase
      }
      let keys = try header.keys(passphrase: formerPassphrase, root: keyCache.root)
      isUnderFormerPassphrase = true
      return keys
    }
  }

  /// What builds before this one made of a passphrase that is no UTF-8: each byte that is none
  /// became the same sign, so that many passphrases opened one folder. Those folders open still.
  static func formerPassphrase(_ passphrase: [UInt8]) -> [UInt8]? {
    guard String(validating: passphrase, as: UTF8.self) == nil else { return nil }
    return Array(String(decoding: passphrase, as: UTF8.self).utf8)
  }

  func reload() throws {
    if let trouble = Cryptography.trouble { throw SyncError.noCryptography(trouble) }
    state = try current()
  }

  func current(withRuns: Bool = false) throws -> RemoteState {
    guard case .remembered(let now, _) = try loop.act(.recall(withRuns: withRuns)) else {
      return state
    }
    return now
  }

  /// Every run we remember to have written, oldest first.
  func runs() throws -> [Run] {
    try current(withRuns: true).runs.values.sorted { $0.number < $1.number }
  }

  /// The newest segment applied of each other device.
  package var appliedSegments: [DeviceID: UInt64] {
    get throws { try current().peers.mapValues(\.applied) }
  }

  /// Whether the folder's listing was not worth asking for when it was last asked for.
  package var isListingPoor: Bool { get throws { try current().poorLooks > 0 } }

  /// The newest segment of this device that is known to be stored there; 0 before the first.
  package var newestSegment: UInt64 { get throws { try current().ownLog.newestStored } }

  /// Whether this library knows the folder's header.
  package var hasJoined: Bool { get throws { try current().header != nil } }

  func note(_ notice: SyncNotice) {
    if !report.notices.contains(notice) { report.notices.append(notice) }
  }

  func problem(_ problem: SyncProblem) {
    problems.add(problem)
  }

  func gap(_ device: DeviceID, _ missing: UInt64) {
    problem(.gap(device, machine: machine(device), missing: missing))
  }

  func machine(_ device: DeviceID) -> String {
    let name = try? library.read { try $0.machineName(of: device) }
    // Who never edited anything has said its name in its head alone.
    return name ?? round.heads[device]?.name ?? device.description
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

extension TransportError {
  /// Whether it may be the listing alone that a server cannot give.
  fileprivate var mayBeOfListing: Bool {
    kind == .garbled || reason == .serverFault || reason == .redirected
  }
}
