/// A hybrid logical clock: stamps that follow the wall clock where it behaves, and never go back.
///
/// Invariant: a stamp made after another was made or observed here is greater than it, whatever the
/// wall clocks say, up to the ``horizon``. A clock follows nothing beyond that, so nobody can drive
/// it to where there is no later stamp: 34 years of milliseconds are left to count in, four
/// thousand million stamps each. An edit that has seen a stamp from beyond says so, and holds for
/// that (``Merge``). So an edit made after seeing another always wins over it.
package struct StampClock: Hashable, Sendable {
  /// The greatest time made or observed.
  package private(set) var milliseconds: Int64
  /// Its counter.
  package private(set) var counter: UInt32

  /// A clock that has seen this much.
  package init(milliseconds: Int64 = 0, counter: UInt32 = 0) {
    self.milliseconds = milliseconds
    self.counter = counter
  }

  /// The next stamp of `device`, the wall clock showing `now` (milliseconds since 1970).
  package mutating func next(now: Int64, device: DeviceID) -> Stamp {
    next(now: now, device: device, step: 1)
  }

  /// The first stamp of some work of `device`.
  ///
  /// A library that was set back to an older state does not know which stamps it gave since. Where
  /// the wall clock goes on, its stamps are new; where that stands behind, they are counted, and
  /// would come again one by one. So there the counter leaps, by what chance says, and two lives
  /// from one state give one stamp once in millions of edits.
  /// - Parameter random: 64 random bits.
  package mutating func first(now: Int64, device: DeviceID, random: UInt64) -> Stamp {
    next(now: now, device: device, step: 1 + UInt32(truncatingIfNeeded: random % Self.leap))
  }

  /// The widest leap: a millisecond has room for two thousand of half of it.
  static let leap: UInt64 = 1 << 22

  private mutating func next(now: Int64, device: DeviceID, step: UInt32) -> Stamp {
    // Where an older build was driven to the end there are no stamps that anybody reads: it never
    // comes back there, so none is given twice.
    if milliseconds >= Self.lastMillisecond { (milliseconds, counter) = (Self.horizon, 0) }
    let now = min(now, Self.horizon)
    if now > milliseconds {
      milliseconds = now
      counter = 0
    } else {
      advance(by: step)
    }
    return Stamp(milliseconds: milliseconds, counter: counter, device: device)
  }

  /// So many stamps in a row that differ in their counters alone.
  /// - Returns: the first; nil when the counter has no room for them.
  package mutating func next(_ count: UInt32, now: Int64, device: DeviceID) -> Stamp? {
    let first = next(now: now, device: device)
    guard count > 0, count - 1 <= UInt32.max - first.counter else { return nil }
    counter += count - 1
    return first
  }

  /// Takes note of a stamp received from elsewhere, unless it is from beyond the ``horizon``.
  package mutating func observe(_ stamp: Stamp) {
    if stamp.milliseconds >= Self.horizon { return }
    guard (stamp.milliseconds, stamp.counter) > (milliseconds, counter) else { return }
    milliseconds = stamp.milliseconds
    counter = stamp.counter
  }

  /// The year 9999; a stamp beyond it is not a time, and is not read.
  package static let lastMillisecond: Int64 = 253_402_300_799_999
  /// No clock is set by anybody to later than this, in the year 9965: what is left is for counting.
  package static let horizon = lastMillisecond - 1 << 40

  private mutating func advance(by step: UInt32) {
    let (sum, isFull) = counter.addingReportingOverflow(step)
    counter = isFull ? step - 1 : sum
    if isFull { milliseconds += 1 }
  }
}
