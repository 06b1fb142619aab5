import Changes

/// How long a device has held up the removal of old segments.
///
/// Counted is the time from one sync to the next, and no more than a day of it: a clock that was
/// wrong once, by years, is not the end of anybody's patience; only one that is wrong each time
/// could be, and then a machine waits for as many syncs as there are days. Where it is synced less
/// than once a day, it is waited for longer.
package struct Held: Hashable {
  /// How far the device was seen to be: its own segments and those it has applied of others.
  var moved: UInt64
  /// Milliseconds counted since it was seen to move.
  var waited: Int64 = 0
  /// What the wall clock said when they were counted last.
  var counted: Int64

  /// As long as it is waited for: sixty days.
  package static let most: Int64 = 60 * day
  private static let day: Int64 = 86_400_000
  /// Counted no more often, for what is counted is written.
  private static let leastStep: Int64 = 3_600_000

  /// A device that is met here now.
  init(moved: UInt64, now: Int64) { (self.moved, counted) = (moved, now) }

  /// Takes note of how far it is now; shown to be where it was long ago, it may be an old head.
  mutating func see(moved now: UInt64, at time: Int64) {
    if now > moved { self = Held(moved: now, now: time) }
    let step = time - counted
    guard step < 0 || step >= Self.leastStep else { return }
    waited += min(max(0, step), Self.day)
    counted = time
  }

  init?(_ text: Substring) {
    let parts = text.fields(by: ",")
    guard parts.count == 3, let moved = UInt64(parts[0]), let waited = Int64(parts[1]),
      let counted = Int64(parts[2])
    else { return nil }
    (self.moved, self.waited, self.counted) = (moved, waited, counted)
  }

  var text: String { "\(moved),\(waited),\(counted)" }
}

/// As they are remembered: `DEVICE:12,86400000,1760000000000 DEVICE:…`.
extension [DeviceID: Held] {
  init(remembered text: String) {
    self = [:]
    for part in Substring(text).fields() {
      let parts = part.fields(by: ":")
      guard parts.count == 2, let device = DeviceID(parts[0]) else { continue }
      self[device] = Held(parts[1])
    }
  }

  var remembered: String {
    sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.text)" }.joined(separator: " ")
  }
}
