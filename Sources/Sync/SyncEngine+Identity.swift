import Changes
import Papers
import Sealing
import Store
import Transport

/// Becoming another device when another copy of this library bears the same id.
extension SyncEngine {
  /// Where the library remembers which machine and file it lives in.
  package static let identityName = "identity"

  /// Notes where a library that was just made lives, so that a copy taken before its first sync
  /// knows itself for one. Without it the two are told apart by what the folder has of them.
  /// - Throws: ``LibraryError``.
  package static func settle(_ library: Library, identity: String) throws {
    try library.remember { try $0.set(identityName, identity) }
  }

  /// Looks whether the library lives where it did; if not, it was copied, and gets an id of its
  /// own.
  func confirmIdentity() throws {
    guard try library.memory({ try $0.value(Self.identityName) }) != identity,
      try holds(.copied)
    else { return }
    let event = try loop.act(.settle(identity: identity))
    try reload()
    tell(event)
  }

  /// Goes on under another id: somebody else writes under ours.
  /// - Parameter common: our log as far as the folder has it as we wrote it.
  /// - Returns: whether it was done.
  func takeNewIdentity(
    common: OwnLog, unlessMoved seeing: (ownLog: OwnLog, pending: Run?)
  ) throws -> Bool {
    let common = try saysOtherStart() ? OwnLog(device: common.device) : common
    let event = try loop.act(.become(Succession(common: common, seeing: seeing)))
    try reload()
    return tell(event)
  }

  /// Whether what somebody else wrote under our id says that the log starts later than ours does.
  /// Who believes that passes over what we sent and they have not read, so all of it is sent again.
  private func saysOtherStart() throws -> Bool {
    let log = state.ownLog
    if let head = try readHead(of: log.device), head.log > log.start { return true }
    for number in Set([log.newest + 1, newestShown]).sorted() where number > log.newestStored {
      var reader = LogReader(log.device, from: number)
      switch reader.take(try read(RemoteLayout.segment(log.device, number)), segmentKeys) {
      case .run(let run) where run.segment.opening.log > log.start: return true
      // Of a longer run not all is read for this.
      case .part, .middle: return true
      default: continue
      }
    }
    return false
  }

  /// Where two copies bore one id, the one that noticed goes on under another and holds this one
  /// for gone, as it is after a backup was restored: takes that back.
  func liveOn() throws {
    if try library.read({ try $0.isSucceeded() }) { _ = try loop.act(.liveOn) }
  }

  /// Whether this is a folder that we know by another name: an address of its network and one from
  /// outside, a link. Its header says so, or what stands under our id is what we wrote: then both
  /// names are remembered as one remote.
  func isOurselvesElsewhere() throws -> Bool {
    guard case .others(let others) = try loop.act(.recallOthers(withRuns: false)) else {
      return false
    }
    for (name, other) in others.sorted(by: { $0.key.precedesByBytes($1.key) })
    where other.ownLog.device == state.ownLog.device && other.hasWritten {
      guard try isNewestThere(of: other), try holds(.sameFolder(name)) else { continue }
      let header = state.header
      guard case .remembered(let now, _) = try loop.act(.share(with: name)) else { continue }
      state = now
      // The passphrase was changed since, and what we knew by that name does not open any more.
      do { _ = try keys() } catch SyncError.header(let error) where error.isOfPassphrase {
        try renew(header: header)
      }
      round.isShared = true
      if !RemoteState.Names(remote: name).isRemoved { note(.sameFolder(as: name)) }
      return true
    }
    foundAlone = state.header
    return false
  }

  /// Whether the newest segment of our log by another name stands there, or the one that we were
  /// about to write. Under the same header it may be damaged, or gone, as by the same name: then it
  /// is written again.
  private func isNewestThere(of other: RemoteState) throws -> Bool {
    let log = other.ownLog
    let (number, hash) =
      log.isEmpty
      ? (other.pending?.number ?? 1, other.pending?.hashes.first ?? []) : (log.newest, log.hash)
    // An answer that fails says nothing: the sync ends, and asks again another time.
    let answer = try read(RemoteLayout.segment(log.device, number)).get()
    let isSameHeader = libraryID(state).map { $0 == libraryID(other) } ?? false
    guard case .found(let bytes) = answer else { return isSameHeader }
    if SealedFile.hash(bytes) == hash { return true }
    return isSameHeader && (try? open(bytes, log.device, number)) == nil
  }

  private func libraryID(_ state: RemoteState) -> UInt64? {
    state.header.flatMap { try? RemoteHeader(Array($0.utf8)).library }
  }

  @discardableResult
  private func tell(_ event: SyncEvent) -> Bool {
    guard case .settled(let was, let now) = event else { return false }
    note(.newIdentity(was: was, now: now))
    return true
  }
}
