import Store
import Sync
import Transport

/// One sync with one remote, and what is kept and follows of it, whoever asked for it.
struct RemoteSync {
  /// What became of it.
  struct Outcome {
    var report: SyncReport
    /// Files that were put there to be read by people.
    var published: [String] = []
    /// Why they were not.
    var unpublished: Failure?
    /// What stands between here and the server, where that is news or keeps something back.
    var cache = CacheBetween.none
  }

  private let remote: Remote
  private let session: Session

  init(_ remote: Remote, _ session: Session) {
    self.remote = remote
    self.session = session
  }

  /// Syncs.
  /// - Parameters:
  ///   - folder: the remote's, where it is open already.
  ///   - keys: those made before.
  ///   - after: told the engine once it is done.
  func run(
    through folder: (any RemoteFolder)? = nil, keys: KeyCache? = nil,
    progress: @escaping (SyncProgress) -> Void = { _ in },
    after: (SyncEngine) throws -> Void = { _ in }
  ) throws -> Outcome {
    let folder = try folder ?? remote.folder()
    let engine = try remote.engine(try session.library(), through: folder, progress: progress)
    if let keys { engine.keyCache = keys }
    let caches = KnownCaches(session.paths)
    let report: SyncReport
    do {
      report = try engine.sync()
    } catch {
      if folder.cacheBetween == .passed { caches.keep(remote.name, .passed) }
      throw error
    }
    var outcome = Outcome(report: report)
    let isNews = caches.keep(remote.name, folder.cacheBetween)
    if isNews || folder.cacheBetween == .inTheWay { outcome.cache = folder.cacheBetween }
    SyncTimes(session.paths).keep(remote.name, session.world.now())
    BackgroundTroubles(session.paths).forget(.sync, remote.name)
    try after(engine)
    publish(through: folder, &outcome)
    return outcome
  }

  private func publish(through folder: any RemoteFolder, _ outcome: inout Outcome) {
    let isLost = outcome.report.notices.contains { notice in
      switch notice {
      case .founded, .refilled: true
      default: false
      }
    }
    let before = folder.traffic
    do {
      outcome.published = try Publishing(remote, session).bringInStep(
        through: folder, isLost: isLost)
    } catch {
      outcome.unpublished = Failure(error)
    }
    let after = folder.traffic
    outcome.report.traffic.requests += after.requests - before.requests
    outcome.report.traffic.bytesSent += after.bytesSent - before.bytesSent
    outcome.report.traffic.bytesReceived += after.bytesReceived - before.bytesReceived
  }
}
