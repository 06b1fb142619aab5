import Disk
import Glibc
import Store
import Sync
import Transport

/// `sync --watch`: what is changed here goes at once, what others send comes within seconds.
///
/// Invariants: one a home; nothing is held open between two looks but connections, so that another
/// shelf may restore, move or bring up to date the library meanwhile; it may be ended at any time.
final class Watching {
  private let session: Session
  private let world: World
  private let printer: SyncReportPrinter
  private let remotes: [WatchedRemote]
  private let watch = FileWatch()
  private let door: BackgroundDoor
  /// Held where all remotes are watched: then no other process need do what follows from a change.
  private var lock: BackgroundLock?
  private let isOfAll: Bool
  private var library = FileState.missing
  /// Edits of one command come together.
  private static let calm = 0.15
  private static let longestStorm = 10
  private static let pause = 0.05

  /// - Parameter name: the remote; nil for all.
  init(_ name: String?, _ session: Session, json: Bool) throws {
    self.session = session
    world = session.world
    session.isBackground = true
    printer = SyncReportPrinter(session, json: json)
    door = BackgroundDoor(session.paths)
    let now = session.world.now()
    remotes = try Remote.configured(name, session).map { try WatchedRemote($0, now) }
    isOfAll = name == nil
  }

  /// Watches until it is told to end.
  func run() throws -> ExitStatus {
    let held = try HomeLock(
      session.paths, "watch.lock",
      busy: Failure(
        .busy, "another shelf watches this home already",
        advice: "end that one first, or let it: what is changed here goes by it"))
    defer { _ = held }
    Interrupt.endsWell(by: SIGTERM)
    _ = try session.library()
    watch.add(Paths.folder(of: session.paths.library))
    var sleep = WatchSleep(world.now())
    while true {
      if isOfAll, lock == nil { lock = door.enter() }
      let now = world.now()
      if sleep.hasSlept(now) { for remote in remotes { remote.wake(now) } }
      let isChanged = takeChanges()
      for remote in remotes { try look(at: remote, isChanged) }
      try session.flush()
      let next = remotes.map(\.rhythm.next).min() ?? now
      if watch.wait(max(0, min(Double(next - world.now()) / 1000, WatchSleep.longest))) {
        // Who writes many files wakes it for each.
        world.sleep(Self.pause)
        watch.drain()
      }
    }
  }

  /// Whether the library was changed since the last look; waits for the end of a burst.
  private func takeChanges() -> Bool {
    let state = FileState.of(session.paths.library)
    guard state != library else { return false }
    for _ in 0..<Self.longestStorm where watch.wait(Self.calm) {}
    library = FileState.of(session.paths.library)
    return true
  }

  private func look(at remote: WatchedRemote, _ isChanged: Bool) throws {
    if isChanged { remote.mayHaveToSend = true }
    let now = world.now()
    let isEarly = remote.mayHaveToSend || remote.isFolder
    guard remote.rhythm.isTurn(now, early: isEarly) else { return }
    do {
      let isToSend = try remote.mayHaveToSend && hasToSend(remote)
      remote.mayHaveToSend = false
      if isToSend {
        try sync(remote, alarmed: false)
      } else if remote.isFolder || remote.rhythm.isDue(now) {
        let isNews = try remote.look(watch)
        if isNews || remote.rhythm.isSyncDue(now) { try sync(remote, alarmed: isNews) }
      }
      try recovered(remote)
      if remote.tells {
        remote.rhythm.answeredAndTells(world.now())
      } else {
        remote.rhythm.answered(world.now())
      }
    } catch let error as LibraryError {
      switch error {
      case .busy: remote.mayHaveToSend = true
      default: throw error
      }
    } catch {
      try failed(remote, error)
    }
  }

  private func hasToSend(_ remote: WatchedRemote) throws -> Bool {
    guard let library = try session.existingLibrary() else { return false }
    return try SyncEngine.waiting(for: remote.name, in: library) > 0
  }

  private func sync(_ remote: WatchedRemote, alarmed: Bool) throws {
    let session = session.renewed()
    let outcome = try remote.sync(session, alarmed: alarmed)
    remote.rhythm.synced(world.now())
    // What the sync itself wrote is no change of the person's; what came meanwhile is seen by what
    // waits to be sent.
    library = FileState.of(session.paths.library)
    watch.drain()
    remote.mayHaveToSend = try hasToSend(remote)
    let report = outcome.report
    if report.pulled > 0 || report.pushed > 0 { remote.rhythm.moved(world.now()) }
    if report.pulled > 0 { for other in remotes { other.mayHaveToSend = true } }
    if lock != nil { KeptExports(session).bringInStep() }
    let isWorthTelling =
      report.pulled > 0 || report.pushed > 0 || report.conflicts > 0 || !report.notices.isEmpty
      || report.problems != remote.problems
    remote.problems = report.problems
    if isWorthTelling { _ = try printer.print(outcome, of: remote.remote) }
  }

  private func failed(_ remote: WatchedRemote, _ error: any Error) throws {
    let now = world.now()
    let spread = Double(world.random() >> 11) * 0x1p-53
    if !remote.rhythm.isFailing {
      try session.flush()
      _ = session.report(Failure(error))
      try session.say("\(remote.name): tried again by itself")
    }
    remote.rhythm.failed(now, spread: spread)
    remote.close()
    remote.mayHaveToSend = true
    let troubles = BackgroundTroubles(session.paths)
    let known = troubles.known(.sync, remote.name)
    troubles.keep(
      BackgroundTrouble(error, after: known, now, spread: spread), .sync, remote.name)
  }

  private func recovered(_ remote: WatchedRemote) throws {
    guard remote.rhythm.isFailing else { return }
    BackgroundTroubles(session.paths).forget(.sync, remote.name)
    try session.say("\(remote.name): well again")
  }
}

/// One remote that is watched.
private final class WatchedRemote {
  let remote: Remote
  let isFolder: Bool
  var rhythm: WatchRhythm
  var mayHaveToSend = true
  var problems: [SyncProblem] = []
  /// Whether it is on a disk of this machine, which tells when something is written.
  let tells: Bool
  private let path: String?
  private var folder: (any RemoteFolder)?
  private var watch = FolderWatch()
  private let keys = KeyCache()

  var name: String { remote.name }

  init(_ remote: Remote, _ now: Int64) throws {
    self.remote = remote
    path = try remote.path()
    isFolder = path != nil
    tells = path.map { FileSystem.network(of: $0) == nil } ?? false
    rhythm = WatchRhythm(now)
  }

  private func opened() throws -> any RemoteFolder {
    if let folder { return folder }
    let folder = try remote.folder()
    self.folder = folder
    return folder
  }

  /// Whether there may be something new.
  func look(_ files: FileWatch) throws -> Bool {
    // A stick comes and goes.
    if let path { files.add(path) }
    return try watch.look(try opened())
  }

  func sync(_ session: Session, alarmed: Bool) throws -> RemoteSync.Outcome {
    try RemoteSync(remote, session).run(
      through: try opened(), keys: keys,
      after: { engine in try watch.synced(engine, alarmed: alarmed) })
  }

  /// To be opened anew: with the password as it is then.
  func close() { folder = nil }

  /// To be asked at once, over a new connection.
  func wake(_ now: Int64) {
    close()
    rhythm.wake(now)
    mayHaveToSend = true
  }
}

/// What tells that a library was written: its own file, or the log beside it.
private struct FileState: Equatable {
  private var numbers: [Int]
  static let missing = FileState(numbers: [])

  static func of(_ path: String) -> FileState {
    FileState(
      numbers: [path, path + "-wal"].flatMap { path -> [Int] in
        var status = stat()
        guard stat(path, &status) == 0 else { return [0] }
        return [
          Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
        ]
      })
  }
}
