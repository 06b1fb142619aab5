import Changes
import Papers
import Store
import Sync
import Synchronization
import TestSupport

/// One simulated machine.
final class SimDevice {
  /// What the person calls it.
  var name: String
  /// What names the machine and the file.
  var identity: String
  private(set) var library: Library
  private(set) var backup: Library?
  private(set) var understanding: Understanding
  /// The server it syncs with.
  var home = 0
  /// Whether it reaches its folder by another address than the first.
  var isElsewhere = false
  /// The passphrase of each server's folder, as it was given to this machine.
  var passphrases: [Int: String] = [:]
  /// Whether it began to change a passphrase, and has not sent everything under it since.
  var isRekeying = false
  /// Whether its remote was removed and added again.
  var hasForgotten = false
  /// Whether it repaired a folder: logs that were not there it reads from their start.
  var hasRepaired = false
  /// Lost for good.
  var isGone = false
  private let clock: Clock
  private let pool: MemoryPool
  private let weak: WeakLibrary
  /// What was told to the person as done, in order.
  private(set) var acknowledged: [Written] = []
  /// How many of these were delivered: a sync went through without a problem.
  private(set) var delivered = 0
  /// What the person took back by going back to a backup.
  var excused = Set<Written>()
  /// What the person has opened and not yet saved, the oldest first.
  var opened: [OpenEdit] = []

  private final class Clock: Sendable {
    let now: Mutex<Int64>
    let random: Mutex<SeededGenerator>

    init(now: Int64, seed: UInt64) {
      self.now = Mutex(now)
      random = Mutex(SeededGenerator(seed: seed))
    }
  }

  init(
    _ name: String, seed: UInt64, understanding: Understanding, pool: MemoryPool, weak: WeakLibrary
  ) throws {
    self.pool = pool
    self.weak = weak
    self.name = name
    identity = name
    self.understanding = understanding
    clock = Clock(now: 1_760_000_000_000, seed: seed)
    library = try Library(
      inMemory: weak.surroundings(Self.surroundings(name, clock)), understanding: understanding,
      pool: pool)
    // Half of them: a library of an older build does not know where it lives before its first sync.
    if seed.isMultiple(of: 2) { try SyncEngine.settle(library, identity: identity) }
  }

  /// A machine with a copy of another's file.
  init(_ name: String, seed: UInt64, copying other: SimDevice) throws {
    pool = other.pool
    weak = other.weak
    self.name = name
    identity = name
    understanding = other.understanding
    home = other.home
    passphrases = other.passphrases
    clock = Clock(now: other.clock.now.withLock { $0 }, seed: seed)
    let surroundings = weak.surroundings(Self.surroundings(name, clock))
    try weak.prepare(pool, surroundings)
    library = try Library(
      inMemory: surroundings, copying: other.library, understanding: understanding, pool: pool)
  }

  var surroundings: Surroundings { weak.surroundings(Self.surroundings(name, clock)) }

  /// Whether its build is an older one.
  var isOld: Bool { understanding.registers.find(.paper, Starred.field) == nil }

  private static func surroundings(_ name: String, _ clock: Clock) -> Surroundings {
    Surroundings(
      now: {
        clock.now.withLock {
          $0 += 7; return $0
        }
      }, random: { clock.random.withLock { $0.next() } }, machineName: name)
  }

  private func copy(of other: Library) throws -> Library {
    try weak.prepare(pool, surroundings)
    return try Library(
      inMemory: surroundings, copying: other, understanding: understanding, pool: pool)
  }

  func jump(_ milliseconds: Int64) {
    clock.now.withLock { $0 = min(max(0, $0 + milliseconds), 4_000_000_000_000) }
  }

  /// Opens its file again: with another name, or with this build.
  func reopen(named name: String? = nil, understanding: Understanding? = nil) throws {
    self.name = name ?? self.name
    self.understanding = understanding ?? self.understanding
    library = try Library(
      reopening: library, surroundings: surroundings, understanding: self.understanding)
  }

  var id: DeviceID { get throws { try library.read { try $0.device() } } }

  // MARK: What was promised

  func acknowledge(_ changes: [Change]) {
    for change in changes where Written.isWatched(change) { acknowledged.append(Written(change)) }
  }

  /// A sync went through without a problem: what was acknowledged before it is there, and what was
  /// only while it ran may not be.
  func hasDelivered(_ count: Int) { delivered = max(delivered, count) }

  /// Whether its last sync failed, or told of a problem.
  var wasWarned = false

  /// Nothing it sent can be found.
  func takeBackDelivery() { delivered = 0 }

  /// What must be in every library in the end.
  /// - Parameter isDisaster: a server lost what it had: what a lost machine had sent may be gone.
  func promised(isDisaster: Bool) -> some Sequence<Written> {
    let count = isGone ? (isDisaster ? 0 : delivered) : acknowledged.count
    return acknowledged.prefix(count).lazy.filter { !self.excused.contains($0) }
  }

  func takeBackup() throws {
    backup = try copy(of: library)
  }

  /// Back to the backup; what was done since and not sent is gone.
  func restore() throws {
    guard let backup else { return }
    // Nobody goes back to a backup with an editor open.
    opened = []
    library = try copy(of: backup)
    let kept = Set(try library.changes(after: 0, limit: .max).map { Written($0.change) })
    for (index, written) in acknowledged.enumerated() where !kept.contains(written) {
      if index >= delivered { excused.insert(written) } else { atRisk.insert(written) }
    }
  }

  /// What it had sent and no longer has itself.
  private(set) var atRisk = Set<Written>()
}

/// A change by all that stays when its device takes another id; compared by bytes.
struct Written: Hashable, Comparable {
  var milliseconds: Int64
  var counter: UInt32
  var name: RegisterName
  var value: ByteText

  init(_ change: Change) {
    milliseconds = change.stamp.milliseconds
    counter = change.stamp.counter
    name = change.name
    value = ByteText(change.value)
  }

  /// Whether it is an edit of the person that must never be lost: not what a digest said, which may
  /// be said again, nor what the program notes for itself.
  static func isWatched(_ change: Change) -> Bool {
    !["content", "did", "name"].contains(change.field)
  }

  static func < (a: Written, b: Written) -> Bool {
    (a.milliseconds, a.counter, a.name, a.value) < (b.milliseconds, b.counter, b.name, b.value)
  }
}
