import Store
import Sync
import Transport

/// One sync with one remote, and what is kept of it, whoever asked for it.
struct RemoteSync {
  private let remote: Remote
  private let session: Session

  init(_ remote: Remote, _ session: Session) {
    self.remote = remote
    self.session = session
  }

  /// Syncs.
  /// - Parameter folder: the remote's, where it is open already.
  func run(
    through folder: (any RemoteFolder)? = nil, keys: KeyCache? = nil,
    progress: @escaping (SyncProgress) -> Void = { _ in }
  ) throws -> SyncReport {
    let engine = try remote.engine(try session.library(), through: folder, progress: progress)
    if let keys { engine.keyCache = keys }
    let report = try engine.sync()
    SyncTimes(session.paths).keep(remote.name, session.world.now())
    BackgroundTroubles(session.paths).forget(.sync, remote.name)
    return report
  }
}
