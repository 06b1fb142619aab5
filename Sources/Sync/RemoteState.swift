import Changes
import Sealing
import Store

/// What a library remembers of one remote, each under its own name in ``SyncMemory`` so that it can
/// be written in the transaction of the changes it speaks of. Everything is prefixed by the
/// remote's name.
///
///     header           the folder's header as it was last believed
///     own              this device's log there
///     listed           how many bytes of it a listing shows: see `ListedSize`
///     queue            places of our log to be sent again
///     got              places after `upTo` that came from this remote and need not be sent to it
///     pending          the segment about to be written
///     pending-writer   what names the process that last began to write it
///     segment/NUMBER   each segment we wrote, with what its bytes can be made from again
///     peer/DEVICE      how much of another device's log was applied
struct RemoteState {
  var header: String?
  /// Kept under `own`.
  var ownLog: OwnLog
  var listed: ListedSize?
  var queue = PlaceSet()
  /// Kept under `got`.
  var received = PlaceSet()
  var pending: Run?
  var writer: String?
  var peers: [DeviceID: PeerLog] = [:]

  /// Where everything of a remote is kept.
  struct Names {
    let remote: String
    var header: String { remote + "/header" }
    var ownLog: String { remote + "/own" }
    var listed: String { remote + "/listed" }
    var queue: String { remote + "/queue" }
    var received: String { remote + "/got" }
    var pending: String { remote + "/pending" }
    var writer: String { remote + "/pending-writer" }
    /// Where a folder of this machine lay.
    var root: String { remote + "/root" }
    /// In the order of names all else comes before: that is read before every step, and these may
    /// be many.
    var segments: String { remote + "/segment/" }
    var peers: String { remote + "/peer/" }

    func segment(_ number: UInt64) -> String {
      let digits = String(number)
      return segments + String(repeating: "0", count: max(0, 20 - digits.utf8.count)) + digits
    }

    func peer(_ device: DeviceID) -> String { peers + device.description }
  }

  /// Of a remote never met.
  init() { ownLog = OwnLog(device: DeviceID(bits: 0)) }

  init(_ memory: SyncMemory, _ names: Names) throws {
    var ownLog: OwnLog?
    // In one query: this is read before every step.
    let peersLength = names.peers.count
    for (name, value) in try memory.all(prefix: names.remote + "/", before: names.segments) {
      switch name {
      case names.header: header = value
      case names.ownLog: ownLog = OwnLog(value)
      case names.listed: listed = ListedSize(value)
      case names.queue: queue = PlaceSet(value)
      case names.received: received = PlaceSet(value)
      case names.pending: pending = Run(value)
      case names.writer: writer = value
      default:
        guard name.hasPrefix(names.peers), let log = PeerLog(value),
          let device = DeviceID(name.dropFirst(peersLength))
        else { continue }
        peers[device] = log
      }
    }
    self.ownLog = try ownLog ?? OwnLog(device: memory.device())
  }
}

extension RemoteState {
  /// What the next sync sends of a library whose log ends there.
  func unsent(upTo end: Int64) -> PlaceSet {
    var places = queue
    if end > ownLog.upTo {
      var fresh = PlaceSet((ownLog.upTo + 1)...end)
      fresh.subtract(received)
      places.formUnion(fresh)
    }
    return places
  }
}

extension Substring {
  /// The parts between separators. By bytes: what is remembered is read at every step of a sync.
  func fields(by separator: Unicode.Scalar = " ", atMost count: Int = .max) -> [Substring] {
    utf8.split(separator: UInt8(ascii: separator), maxSplits: count - 1).map { Substring($0) }
  }
}

/// This device's log on a remote.
struct OwnLog: Hashable {
  var device: DeviceID
  /// The first segment of the log; older ones wait to be removed.
  var start: UInt64 = 1
  /// The newest segment known to be stored; 0 before the first.
  var newest: UInt64 = 0
  /// Its hash.
  var hash = SealedFile.noHash
  /// Everything up to this place of the library's log was sent or came from there.
  var upTo: Int64 = 0
  /// Whether `peers` was seen to name this device.
  var isListed = false

  init(device: DeviceID) { self.device = device }

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

/// How much of another device's log was applied.
struct PeerLog: Hashable {
  /// The newest segment applied.
  var applied: UInt64 = 0
  /// Its hash; nil when the next may follow on anything.
  var hash: [UInt8]?
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

/// One segment we wrote or are about to write, or the parts of one run: all that its bytes are made
/// of.
struct Run: Hashable {
  /// The number of its first part.
  var number: UInt64
  /// The hash of the segment before it.
  var previous: [UInt8]
  /// The hash of each part.
  var hashes: [[UInt8]]
  /// Bytes of all parts together.
  var size: Int
  /// The places of the changes in it.
  var places: PlaceSet
  /// Where everything up to was sent once this is stored.
  var upTo: Int64
  /// The opening line.
  var opening: String

  var last: UInt64 { number + UInt64(hashes.count) - 1 }
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
