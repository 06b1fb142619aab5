import Glibc
import Store
import Sync

/// What follows from a change of the list and nobody waits for: files that are kept in step, and,
/// where `sync.auto` says so, a sync with each remote that has not got all.
///
/// It begins when nothing was changed for a while, so that a burst of commands has one; a server
/// that is away is asked once a minute, then less and less, down to once an hour; what is still not
/// sent after a day waits for the next change.
struct BackgroundWork {
  private let session: Session
  private let door: BackgroundDoor
  private let world: World
  /// However busy the person is, it begins after so many milliseconds.
  private static let longestWait: Int64 = 30_000
  /// Looks so often, in seconds, whether there is news while it waits for a server.
  private static let look = 30.0

  /// - Parameter session: of the home; for each round there is a new one, which reads
  ///   config.toml anew.
  init(_ session: Session) {
    self.session = session
    door = BackgroundDoor(session.paths)
    world = session.world
  }

  /// Whether a configuration has anything done in the background.
  static func isWanted(_ configuration: Configuration) -> Bool {
    configuration.syncsByItself && !configuration.remotes.isEmpty
      || configuration.keeps.contains { !KeptExport.file(of: $0.value).isEmpty }
  }

  /// Does all there is, and ends when nothing is left that can be done.
  func run(holding first: BackgroundLock) {
    var mine: BackgroundLock? = first
    door.shorten()
    while let lock = mine, lock.isThere {
      waitForCalm()
      let news = door.news
      if let retry = round() {
        wait(until: retry, news, lock)
        continue
      }
      // Given back before the last look: whoever tells of a change after that look finds it free.
      lock.giveBack()
      mine = door.news == news ? nil : door.enter()
    }
  }

  /// Until nothing was changed for a while.
  private func waitForCalm() {
    let start = world.now()
    while true {
      let now = world.now()
      let left = min(door.news.time + world.calm, now + world.calm) - now
      guard left > 0, (0..<Self.longestWait).contains(now - start) else { return }
      world.sleep(Double(left) / 1000)
    }
  }

  private func wait(until time: Int64, _ news: BackgroundDoor.News, _ lock: BackgroundLock) {
    while lock.isThere, door.news == news {
      let left = time - world.now()
      guard left > 0 else { return }
      world.sleep(min(Double(left) / 1000, Self.look))
    }
  }

  /// - Returns: when to try again what failed; nil where nothing is to be tried again.
  private func round() -> Int64? {
    let session = session.renewed()
    guard session.hasLibrary, let configuration = try? session.configuration() else { return nil }
    KeptExports(session).bringInStep()
    guard configuration.syncsByItself, let remotes = try? Remote.configured(nil, session) else {
      return nil
    }
    let retries = remotes.compactMap { sync($0, session) }
    if session.hasChanged { KeptExports(session).bringInStep() }
    return retries.min()
  }

  private func sync(_ remote: Remote, _ session: Session) -> Int64? {
    guard let library = try? session.existingLibrary(),
      (try? SyncEngine.waiting(for: remote.name, in: library)) != 0
    else { return nil }
    let troubles = BackgroundTroubles(session.paths)
    let known = troubles.known(.sync, remote.name)
    let now = world.now()
    if let known, !known.isOver(now) { return known.retry }
    do {
      _ = try RemoteSync(remote, session).run()
      return nil
    } catch {
      let trouble = BackgroundTrouble(
        error, after: known, world.now(), spread: Double(world.random() >> 11) * 0x1p-53)
      troubles.keep(trouble, .sync, remote.name)
      return trouble.retry
    }
  }
}

extension Session {
  /// Has done in the background what follows from the changes of this command. Nobody waits for it.
  func followUp() {
    guard hasChanged, !isBackground, let configuration = try? configuration(),
      BackgroundWork.isWanted(configuration)
    else { return }
    let door = BackgroundDoor(paths)
    guard door.tell(world.now()), let lock = door.enter() else { return }
    _ = DetachedShelf.start([BackgroundCommand.word] + wordsOfHome, holding: lock)
  }

  /// How a process in another folder finds this home.
  private var wordsOfHome: [String] {
    guard let home = home ?? world.variable("SHELF_HOME") else { return [] }
    guard !home.hasPrefix("/"), let folder = getcwd(nil, 0) else { return ["--home", home] }
    defer { free(folder) }
    return ["--home", Paths.join(String(cString: folder), home)]
  }
}
