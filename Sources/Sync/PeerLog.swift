import Changes
import Sealing

/// A stretch of another device's log that was read.
package struct Stretch: Hashable {
  package var device: DeviceID
  /// The number of its first file.
  package var first: UInt64
  /// Where the log starts, as its author says there.
  var start: UInt64 = 1
  /// How far the log is applied with it.
  var log: PeerLog
}

/// How much of another device's log was applied.
package struct PeerLog: Hashable {
  /// The newest segment applied.
  package var applied: UInt64 = 0
  /// Its hash; nil when the next may follow on anything.
  package var hash: [UInt8]?
  /// What the folder showed of it when it was last found to be the one applied: its length in a
  /// listing, or what `peers` says of it. Nil where that is not known.
  var mark: String?

  init(applied: UInt64 = 0, hash: [UInt8]? = nil, mark: String? = nil) {
    self.applied = applied
    self.hash = hash
    self.mark = mark
  }

  /// A log applied up to a file.
  init(applied: UInt64, file: [UInt8]) {
    self.init(applied: applied, hash: SealedFile.hash(file), mark: String(file.count))
  }

  init?(_ text: String) {
    let parts = Substring(text).fields()
    guard parts.count == 2 || parts.count == 3, let applied = UInt64(parts[0]) else { return nil }
    self.applied = applied
    hash = Hex.bytes(parts[1])
    mark = parts.count == 3 ? String(parts[2]) : nil
  }

  var text: String {
    "\(applied) \(hash.map { Hex.text($0) } ?? "?")" + (mark.map { " " + $0 } ?? "")
  }
}

/// A run of another device's log of which something was passed over.
package struct Untaken: Hashable {
  /// The number of its first file.
  var segment: UInt64
  /// How many changes; nil for all that is in it.
  var changes: Int?
  /// The number of the understanding that did not take them: a later one looks again.
  var build: Int

  /// No more are told of one device.
  static let most = 16

  init(segment: UInt64, changes: Int?, build: Int) {
    self.segment = segment
    self.changes = changes
    self.build = build
  }

  init?(_ text: Substring) {
    let parts = text.fields()
    guard parts.count == 3, let segment = UInt64(parts[0]), let build = Int(parts[2]) else {
      return nil
    }
    self.init(segment: segment, changes: Int(parts[1]), build: build)
  }

  var text: String { "\(segment) \(changes.map { "\($0)" } ?? "?") \(build)" }
}

/// How far asking a crowd of devices is, of which only some are asked in a sync. What the folder
/// shows of them stands as a hash: one of them may have written its first segment since.
struct Crowd: Hashable {
  /// So many were asked since the folder showed this.
  var asked = 0
  /// What it shows of those of whom nothing was opened.
  var look = ""
  /// What it showed when all of them had been asked.
  var whole = ""

  init() {}

  init(_ text: String) {
    let fields = Substring(text).fields()
    guard fields.count == 3, let count = Int(fields[0]) else { return }
    (asked, look, whole) = (count, String(fields[1]), String(fields[2]))
  }

  var text: String { "\(asked) \(Self.orDash(look)) \(Self.orDash(whole))" }

  private static func orDash(_ text: String) -> String { text.isEmpty ? "-" : text }

  /// So many more were asked. The folder showed `before` of the crowd; `now` of the `all` who are
  /// nobody yet.
  mutating func ask(_ count: Int, before: String, of all: Int, now: String) {
    let wasWhole = whole == before
    asked = min(all, (look == before ? asked : 0) + count)
    look = now
    if wasWhole || asked == all { whole = now }
  }

  /// How many are to be asked yet. Of a crowd that was asked once, all that was there is here.
  func left(of all: Int) -> Int { look == whole ? 0 : all - asked }
}

/// Numbers of segments by device, as they are remembered: `DEVICE:1-3,7 DEVICE:2`.
extension [DeviceID: PlaceSet] {
  init(remembered text: String) {
    self = [:]
    for part in Substring(text).fields() {
      let parts = part.fields(by: ":")
      guard parts.count == 2, let device = DeviceID(parts[0]) else { continue }
      self[device] = PlaceSet(parts[1])
    }
  }

  var remembered: String {
    sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
  }

  /// As a head or a segment tells them.
  func told(atMost devices: Int, _ stretches: Int) -> [DeviceID: [ClosedRange<UInt64>]] {
    var told: [DeviceID: [ClosedRange<UInt64>]] = [:]
    for (device, numbers) in sorted(by: { $0.key < $1.key }).prefix(devices) {
      told[device] = Array(numbers.stretches.prefix(stretches))
    }
    return told
  }
}

/// A number for each of some devices, remembered in the same form.
extension [DeviceID: Int] {
  init(remembered text: String) {
    self = [DeviceID: PlaceSet](remembered: text).compactMapValues {
      $0.first.map { Int(clamping: $0) }
    }
  }

  var remembered: String { mapValues { PlaceSet(Int64($0)...Int64($0)) }.remembered }
}

/// Segments of others that our log stands for.
struct Covers: Hashable {
  var numbers: [DeviceID: PlaceSet] = [:]
  /// Whether a segment of ours says so.
  var isTold = true

  init() {}

  init(_ text: String) {
    isTold = text.hasPrefix("1")
    numbers = [DeviceID: PlaceSet](remembered: String(text.dropFirst(2)))
  }

  var text: String { (isTold ? "1 " : "0 ") + numbers.remembered }
}
