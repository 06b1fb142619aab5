import Changes
import Store

/// Becoming another device when another copy of this library bears the same id.
extension SyncEngine {
  /// Where the library remembers which machine and file it lives in.
  static let identityName = "identity"

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
  /// - Returns: whether it was done.
  func takeNewIdentity(
    common: OwnLog, unlessMoved seeing: (ownLog: OwnLog, pending: Run?)
  ) throws -> Bool {
    let event = try loop.act(.become(Succession(common: common, seeing: seeing)))
    try reload()
    return tell(event)
  }

  @discardableResult
  private func tell(_ event: SyncEvent) -> Bool {
    guard case .settled(let was, let now) = event else { return false }
    note(.newIdentity(was: was, now: now))
    return true
  }
}
