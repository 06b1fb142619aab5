import Changes
import Sealing

/// This device's log on a remote.
package struct OwnLog: Hashable {
  package var device: DeviceID
  /// The first segment of the log; older ones wait to be removed.
  package var start: UInt64 = 1
  /// The newest segment known to be stored; before the first, the one before that.
  package var newest: UInt64 = 0
  /// Its hash; ``SealedFile/noHash`` before the first.
  package var hash = SealedFile.noHash
  /// Everything up to this place of the library's log was sent or came from there.
  var upTo: Int64 = 0
  /// Whether `peers` was seen to name this device.
  var isListed = false

  /// A log that is about to begin.
  /// - Parameter newest: the last number that this device may have written in the folder before it
  ///   forgot it: others may have read it, and a number is never written twice.
  init(device: DeviceID, after newest: UInt64 = 0) {
    self.device = device
    self.newest = newest
    start = newest + 1
  }

  /// Whether nothing of it is stored, as far as is known.
  var isEmpty: Bool { hash == SealedFile.noHash }

  /// The newest segment known to be stored; 0 before the first.
  var newestStored: UInt64 { isEmpty ? 0 : newest }

  init?(_ text: String) {
    let parts = Substring(text).fields()
    guard parts.count == 6, let device = DeviceID(parts[0]), let start = UInt64(parts[1]),
      let newest = UInt64(parts[2]), let hash = Hex.bytes(parts[3]), hash.count == 32,
      let upTo = Int64(parts[4])
    else { return nil }
    self.device = device
    self.start = start
    self.newest = newest
    self.hash = hash
    self.upTo = upTo
    isListed = parts[5] == "1"
  }

  var text: String {
    "\(device) \(start) \(newest) \(Hex.text(hash)) \(upTo) \(isListed ? 1 : 0)"
  }
}

/// How many bytes of our log a listing shows.
struct ListedSize: Hashable {
  /// What all of it has.
  var whole: Int
  /// Another sum, shown once while every segment was whole: the server counts otherwise, or leaves
  /// some out.
  var accepted: Int?

  init(whole: Int) { self.whole = whole }

  init?(_ text: String) {
    let parts = Substring(text).fields()
    guard let first = parts.first, let whole = Int(first) else { return nil }
    self.whole = whole
    accepted = parts.count > 1 ? Int(parts[1]) : nil
  }

  var text: String { "\(whole)" + (accepted.map { " \($0)" } ?? "") }

  /// A segment joins the log.
  mutating func grow(by size: Int) {
    whole += size
    accepted = accepted.map { $0 + size }
  }

  /// Whether a listing that shows so many bytes is a reason to look.
  func isOdd(_ shown: Int) -> Bool { shown != whole && shown != accepted }
}

/// What a listing told of the writing of our log.
package struct LogVersions: Hashable {
  /// Of which log: the device and its start.
  var log: String
  /// Up to which segment.
  var newest: UInt64
  /// A sum of the versions of all its segments.
  var sum: UInt64
  /// How often it told another, and all was whole.
  var alarms = 0

  /// So many false alarms, and it is not looked at any more.
  static let mostAlarms = 3

  init(log: String, newest: UInt64, sum: UInt64, alarms: Int = 0) {
    self.log = log
    self.newest = newest
    self.sum = sum
    self.alarms = alarms
  }

  init?(_ text: String) {
    let parts = Substring(text).fields()
    guard parts.count == 4, let newest = UInt64(parts[1]), let sum = UInt64(parts[2], radix: 16),
      let alarms = Int(parts[3])
    else { return nil }
    self.init(log: String(parts[0]), newest: newest, sum: sum, alarms: alarms)
  }

  var text: String { "\(log) \(newest) \(Hex.text(sum)) \(alarms)" }
}

/// One segment we wrote or are about to write, or the parts of one run: all that its bytes are made
/// of.
package struct Run: Hashable {
  /// The number of its first part.
  var number: UInt64
  /// The hash of the segment before it.
  var previous: [UInt8]
  /// The hash of each part.
  var hashes: [[UInt8]]
  /// Bytes of all parts together.
  var size: Int
  /// The places of the changes in it.
  package var places: PlaceSet
  /// Where everything up to was sent once this is stored.
  var upTo: Int64
  /// The opening line.
  var opening: String

  /// Whether any of its files is one of these; of nil all are.
  func touches(_ numbers: PlaceSet?) -> Bool {
    guard let numbers else { return true }
    return numbers.first(after: PlaceSet.place(number) - 1).map { $0 <= PlaceSet.place(last) }
      ?? false
  }

  package var last: UInt64 { number + UInt64(hashes.count) - 1 }
  var lastHash: [UInt8] { hashes.last ?? SealedFile.noHash }

  init(
    number: UInt64, previous: [UInt8], hashes: [[UInt8]] = [], size: Int = 0,
    places: PlaceSet = PlaceSet(), upTo: Int64, opening: String
  ) {
    self.number = number
    self.previous = previous
    self.hashes = hashes
    self.size = size
    self.places = places
    self.upTo = upTo
    self.opening = opening
  }

  init?(_ text: String) {
    let parts = Substring(text).fields(atMost: 7)
    guard parts.count == 7, let number = UInt64(parts[0]), number > 0,
      let previous = Hex.bytes(parts[1]), previous.count == 32, let size = Int(parts[3]),
      let upTo = Int64(parts[5])
    else { return nil }
    let hashes = parts[2].fields(by: ",").compactMap { Hex.bytes($0) }
    guard !hashes.isEmpty, hashes.allSatisfy({ $0.count == 32 }) else { return nil }
    self.init(
      number: number, previous: previous, hashes: hashes, size: size, places: PlaceSet(parts[4]),
      upTo: upTo, opening: String(parts[6]))
  }

  var text: String {
    let hashes = hashes.map { Hex.text($0) }.joined(separator: ",")
    return "\(number) \(Hex.text(previous)) \(hashes) \(size) \(places) \(upTo) \(opening)"
  }
}
