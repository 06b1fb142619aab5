/// When a folder that is watched is asked next. Milliseconds.
///
/// Within an hour of the last change it is asked so often that an edit stands elsewhere within five
/// seconds; then less, for a machine that nobody works at. A server that fails is left alone,
/// longer each time.
struct WatchRhythm: Equatable {
  private var active: Int64
  private var failures = 0
  /// Not before.
  private(set) var next: Int64
  /// How long after a change it is asked every second, and then every third.
  private static let (brisk, awake): (Int64, Int64) = (60_000, 3_600_000)
  private static let (quick, usual, slow): (Int64, Int64, Int64) = (1000, 3000, 30_000)
  private static let longestPause: Int64 = 300_000
  private var synced: Int64
  /// A sync that nothing asked for comes so long after the last: it finds what no look noticed.
  private static let unasked: Int64 = 600_000

  /// To be asked at once, and just synced with.
  init(_ now: Int64) { (active, next, synced) = (now, now, now) }

  /// To be asked at once, whatever was; when it was synced with stays.
  mutating func wake(_ now: Int64) { (active, next, failures) = (now, now, 0) }

  /// It was synced with.
  mutating func synced(_ now: Int64) { synced = now }

  /// Whether it is to be synced with though a look found nothing. A clock that was set back keeps
  /// nobody waiting.
  func isSyncDue(_ now: Int64) -> Bool { now - synced >= Self.unasked || now < synced }

  /// Something was changed, here or elsewhere.
  mutating func moved(_ now: Int64) { active = now }

  /// It was asked, and answered.
  mutating func answered(_ now: Int64) {
    failures = 0
    let idle = now - active
    next = now + (idle < Self.brisk ? Self.quick : idle < Self.awake ? Self.usual : Self.slow)
  }

  /// It was looked at, and tells by itself when something is written there.
  mutating func answeredAndTells(_ now: Int64) {
    failures = 0
    next = now + Self.slow
  }

  /// It was asked, and failed.
  /// - Parameter spread: 0 ..< 1, so that machines do not all come back together.
  mutating func failed(_ now: Int64, spread: Double) {
    failures += 1
    let pause = min(2000 << Int64(min(failures - 1, 10)), Self.longestPause)
    next = now + pause + Int64(Double(pause) * 0.2 * spread)
  }

  /// Whether it may be asked. A clock that was set back keeps nobody waiting.
  func isDue(_ now: Int64) -> Bool { now >= next || next - now > 2 * Self.longestPause }

  /// Whether it is to be turned to now. Where something is to be sent, or to look costs nothing,
  /// before its time, too; but a server that fails is not asked sooner because somebody works here.
  func isTurn(_ now: Int64, early: Bool) -> Bool { isDue(now) || early && !isFailing }

  /// Whether it failed last.
  var isFailing: Bool { failures > 0 }
}

/// Tells whether the machine slept between two looks, or its clock was set: what was true of
/// servers may be no more.
struct WatchSleep {
  private var last: Int64
  /// So long, in seconds, between two looks of a machine that is awake, at most.
  static let longest = 30.0

  /// Awake.
  init(_ now: Int64) { last = now }

  /// Whether it slept since it was last asked.
  mutating func hasSlept(_ now: Int64) -> Bool {
    defer { last = now }
    return now - last > 2 * Int64(Self.longest * 1000) || now < last
  }
}
