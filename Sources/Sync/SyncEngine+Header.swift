import Changes
import Sealing
import Store
import Transport

/// Setting up a folder, and noticing that it is not the folder it was.
extension SyncEngine {
  /// Joins a folder for the first time, or sets it up.
  func openFolder() throws {
    var isInUse = false
    var refusal: TransportError?
    for _ in 0..<3 {
      switch try read(RemoteLayout.header, RemoteHeader.maximumLength) {
      case .failure(let error): throw error
      case .success(.found(let bytes)):
        try adopt(bytes)
        return
      case .success(.missing):
        isInUse = try isSomebodys()
        if try !isInUse && found(&refusal) { return }
      }
    }
    // Somebody's folder without its header: a machine that knows it puts it back.
    if isInUse { throw SyncError.header(.damaged) }
    // Why it was not written says more than that it is not there.
    if let refusal { throw refusal }
    throw SyncError.notStored(file: RemoteLayout.header.text)
  }

  /// Whether a folder without a header is used all the same: it was lost, or set up since we
  /// looked, or not shown. Another one in its place would make unreadable all that was sent under
  /// it.
  private func isSomebodys() throws -> Bool {
    switch try list() {
    case .files(let files):
      let look = FolderLook(files)
      return look.hasHeader || !look.devices.isEmpty
    case .unsupported:
      if case .found = try read(RemoteLayout.peers, PeerList.maximumLength).get() { return true }
      return false
    }
  }

  /// Joins the folder whatever library it is of: it was set up anew by another machine after it was
  /// lost, or the person wants two lists to become one. Everything known here is sent there.
  /// - Throws: as ``sync()``; then nothing was changed.
  package func joinOther() throws -> SyncReport {
    try reload()
    if let known = state.header,
      case .found(let bytes) = try read(RemoteLayout.header, RemoteHeader.maximumLength).get(),
      case let text = String(decoding: bytes, as: UTF8.self), text != known
    {
      let (mine, found): (RemoteHeader, RemoteHeader)
      do throws(SegmentError) {
        mine = try RemoteHeader(Array(known.utf8))
        found = try RemoteHeader(bytes)
      } catch {
        throw SyncError.header(error)
      }
      _ = try makeKeys(text)
      if mine.library != found.library { try Self.forget(remote, in: library) }
    }
    return try sync()
  }

  private func adopt(_ bytes: [UInt8]) throws {
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(SegmentError) { _ = try RemoteHeader(bytes) } catch { throw SyncError.header(error) }
    _ = try makeKeys(text)
    // Another process of this home may have set the folder up meanwhile, and sent under its own
    // header.
    if try !remember(.join(header: text)) { try renew(header: text) }
    hasJustJoined = true
  }

  /// Whether nothing binds us to the header we know: we wrote nothing under it, and either took
  /// nothing in or met it in this very sync. Then another library's header is no reason to stop:
  /// two machines set the folder up at the same moment, and we had read the one that did not last.
  private var isUnbound: Bool {
    state.ownLog.isEmpty
      && (hasJustJoined || state.peers.values.allSatisfy { $0.applied == 0 })
  }

  /// Whether a folder is ours whatever library its header says: it was set up twice.
  private func isOurs(isOwnLastThere: Bool) throws -> Bool {
    try isOwnLastThere || isUnbound || isKnownThere()
  }

  /// Whether a sync would go on under a header of another library, for who only looks.
  func isOurs() throws -> Bool { try isOurs(isOwnLastThere: isOwnLastThere()) }

  /// Whether our newest segment stands there as we wrote it.
  private func isOwnLastThere() throws -> Bool {
    let log = state.ownLog
    guard !log.isEmpty,
      case .success(.found(let bytes)) = try read(RemoteLayout.segment(log.device, log.newest))
    else { return false }
    return SealedFile.hash(bytes) == log.hash
  }

  /// Writes a header; false when it did not read back as one. Whoever's it is then, is adopted.
  /// - Parameter refusal: why it could not be written, if it could not.
  private func found(_ refusal: inout TransportError?) throws -> Bool {
    let header = try newHeader(library: surroundings.random(), generation: 1)
    refusal = try write(RemoteLayout.header, header.bytes)
    guard
      case .success(.found(let bytes)) = try read(RemoteLayout.header, RemoteHeader.maximumLength),
      (try? RemoteHeader(bytes)) != nil
    else { return false }
    try adopt(bytes)
    if bytes == header.bytes { note(.founded) }
    return true
  }

  func newHeader(
    library: UInt64, generation: Int, passphrase: [UInt8]? = nil
  ) throws -> RemoteHeader {
    guard let passphrase = passphrase ?? self.passphrase else {
      return RemoteHeader(library: library, generation: generation)
    }
    let salt = Hex.bytes(Hex.text(surroundings.random()) + Hex.text(surroundings.random())) ?? []
    do throws(SegmentError) {
      let derivation = newDerivation(salt)
      return RemoteHeader(
        library: library, generation: generation, cipher: .aesGCM, derivation: derivation,
        root: try keyCache.root(derivation, passphrase))
    } catch {
      throw SyncError.header(error)
    }
  }

  /// Two machines that set up one folder at the same time each read back their own header, and the
  /// later one holds. Looked at again when everything was sent.
  func settleFounding() throws {
    guard report.notices.contains(.founded) else { return }
    guard
      case .success(let outcome) = try read(RemoteLayout.header, RemoteHeader.maximumLength)
    else { return }
    if try resolveHeader(outcome, isOwnLastThere: true) { try push() }
  }

  /// Compares the header with the one we know, and mends the one or the other.
  /// - Returns: whether everything of ours must be sent again under another header.
  /// - Throws: ``SyncError/header(_:)`` when this is not our folder.
  func resolveHeader(_ outcome: ReadOutcome, isOwnLastThere: Bool) throws -> Bool {
    guard let known = state.header else { return false }
    guard case .found(let bytes) = outcome else {
      try restoreHeader(known)
      return false
    }
    let text = String(decoding: bytes, as: UTF8.self)
    if text == known {
      if state.sealing != nil { try remember(.seal(header: nil)) }
      return false
    }
    // The same, and what only a later build can read: two who know it in two spellings would write
    // it by turns.
    if let found = try? RemoteHeader(bytes), found == (try? RemoteHeader(Array(known.utf8))) {
      try remember(.believe(header: text))
      return false
    }
    // Nothing, or a beginning of what we know: whoever put it back died while writing. Or all of it
    // but for some bytes, which the folder damaged.
    if known.utf8.starts(with: bytes) || RemoteHeader.isNearly(bytes, known.utf8) {
      try restoreHeader(known)
      return false
    }
    let (found, mine): (RemoteHeader, RemoteHeader)
    do throws(SegmentError) {
      mine = try RemoteHeader(Array(known.utf8))
      found = try RemoteHeader(bytes)
    } catch {
      if case .newerFormat = error { throw SyncError.header(error) }
      guard try isOwnLastThere || isKnownThere() else { return try refuse(error, knowing: known) }
      try restoreHeader(known)
      return false
    }
    if found.library == mine.library, try !isChange(found, of: mine, known) { return false }
    if found.isMadeOf(mine), try holds(.headerForged) {
      try restoreHeader(known)
      return false
    }
    guard try found.library == mine.library || isOurs(isOwnLastThere: isOwnLastThere) else {
      return try refuse(.otherLibrary, knowing: known)
    }
    let isOther = found.library != mine.library
    do { _ = try makeKeys(text) } catch SyncError.header(.wrongPassphrase) where !isOther {
      throw SyncError.passphraseChanged(isRace: found.generation == mine.generation)
    }
    let isRace = !isOther && found.generation == mine.generation
    note(isOther ? .foundingLost : isRace ? .rekeyingLost : .rekeyed)
    // What stands under the header that was lost only those who have it can send; its writer may be
    // gone, or have gone to another folder. So does who changed the passphrase, and died amid it.
    try renew(header: text, sendingAll: isOther || text == state.sealing)
    return true
  }

  /// The passphrase does not open the header we know: it is wrong, or fits the one that stands
  /// there now.
  /// - Returns: whether that one is believed from now on.
  /// - Throws: ``SyncError``
  func meetOtherPassphrase() throws -> Bool {
    try resolveHeader(
      try read(RemoteLayout.header, RemoteHeader.maximumLength).get(),
      isOwnLastThere: isOwnLastThere())
  }

  /// Another process of this home may believe it meanwhile, and what was ours there is sent again.
  private func refuse(_ error: SegmentError, knowing known: String) throws -> Bool {
    try reload()
    if state.header != known { return true }
    throw SyncError.header(error)
  }

  /// Whether a header of our library is one to believe, after a change of the passphrase; mends the
  /// one there or the one known where it is not.
  private func isChange(
    _ found: RemoteHeader, of mine: RemoteHeader, _ known: String
  ) throws -> Bool {
    if found.isSealedLike(mine), found.cipher == .none {
      // In clear then and now, and sealed in between perhaps: nothing is to be sent again.
      if found.generation > mine.generation, (try? makeKeys(text(of: found))) != nil {
        try remember(.believe(header: text(of: found)))
      } else {
        try restoreHeader(known)
      }
      return false
    }
    if found.isSealedLike(mine) {
      // The passphrase is the same. Of two that say so the proven one holds; then the one with the
      // lower generation, for a server can only say that it rose.
      let isBetter =
        found.isProven == mine.isProven
        ? found.generation < mine.generation : found.isProven && !mine.isProven
      if found.cipher == mine.cipher, isBetter, (try? makeKeys(text(of: found))) != nil {
        try remember(.believe(header: text(of: found)))
        return false
      }
      guard try holds(.headerForged) else { return true }
      try restoreHeader(known)
      return false
    }
    // What the one we know says of its generation may be a lie that we were told when we joined,
    // where it proves nothing.
    if found.generation < mine.generation, mine.isProven || !found.isProven {
      try restoreHeader(known)
      return false
    }
    // One that proves nothing is at most the next: an old one may be shown again as a new one. In
    // clear nothing can be proved, and the person says of each machine that it is to be so.
    if !found.isProven, found.cipher != .none, found.generation > mine.generation + 1,
      try holds(.headerForged)
    {
      throw SyncError.header(.forged)
    }
    return true
  }

  private func text(of header: RemoteHeader) -> String {
    String(decoding: header.bytes, as: UTF8.self)
  }

  /// Whether a folder, which need not be known yet, opens with a passphrase; true too where it is
  /// not there or cannot be looked at.
  package static func opens(_ folder: any RemoteFolder, _ passphrase: [UInt8]?) -> Bool {
    let answer = folder.read([RemoteLayout.header], limit: RemoteHeader.maximumLength)
    guard let passphrase, case .success(.found(let bytes))? = answer.first,
      let header = try? RemoteHeader(bytes)
    else { return true }
    var names = [passphrase]
    if let former = formerPassphrase(passphrase) { names.append(former) }
    return names.contains { name in
      do throws(SegmentError) { _ = try header.keys(passphrase: name) } catch {
        return error != .wrongPassphrase
      }
      return true
    }
  }

  /// Whether the folder holds a segment that we took in, byte for byte: then it is ours, whatever
  /// its header says, also for a machine that has sent nothing yet.
  private func isKnownThere() throws -> Bool {
    for (device, log) in state.peers.sorted(by: { $0.key < $1.key }) {
      guard log.applied > 0, let hash = log.hash,
        case .success(.found(let bytes)) = try read(RemoteLayout.segment(device, log.applied))
      else { continue }
      if SealedFile.hash(bytes) == hash { return true }
    }
    return false
  }

  private func restoreHeader(_ text: String) throws {
    guard try holds(.headerLost) else { return }
    _ = try keys()
    if let error = try write(RemoteLayout.header, Array(text.utf8)) { throw error }
  }

  /// Starts our log again: everything in it will be sent once more in new segments.
  /// - Parameters:
  ///   - header: the header that is to be believed from now on.
  ///   - dropped: what of it is not sent again.
  ///   - sendingAll: whether what others wrote is sent too.
  func renew(
    header: String? = nil, without dropped: PlaceSet = PlaceSet(), sendingAll: Bool = false
  ) throws {
    let end = sendingAll ? try library.lastPlace() : 0
    try remember(.renew(header: header, dropping: dropped, resending: end))
  }
}
