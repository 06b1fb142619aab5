import Changes
import Sealing
import Transport

/// The remote folder, precisely enough for a second implementation (there is one:
/// Tests/remote-reader/read_remote.py).
///
/// A flat folder. A device id is sixteen lower-case hexadecimal digits; numbers are decimal, from
/// 1, without leading zeros.
///
///     papershelf     what library this is and how it is sealed: see `RemoteHeader`. Written once.
///     DEVICE.N       segment N of a device: a `SealedFile` of kind "s", written once
///     DEVICE.head    a hint: see `DeviceHead`, a `SealedFile` of kind "h"
///     peers          a hint: see `PeerList`; its devices grow only
///
/// Reading a device's log. Segments are read in the order of their numbers, each one's `previous`
/// being the SHA-256 of the whole file before it. A file whose `parts` is more than 1 is one of
/// several with consecutive numbers whose payloads, joined, are one stream; else the payload is the
/// stream itself. A stream is a `Segment`: zlib; one header line; then changes as JSON lines
/// (`ChangeLine`). When the number wanted is missing, nothing is known: it may come later. When the
/// device's head, or `peers`, or the header line of a later segment, says that the log starts later
/// (`log`), reading goes on there; what came before is contained in it. Where a log has been
/// rewritten, the `previous` of its first segment is that of a file that may be gone: it is not
/// checked.
///
/// Writing. A device writes only files that bear its id, `papershelf` when there is none, and
/// `peers`. It reads back each segment and compares before it goes on; a number is never written
/// twice with different bytes. No sealed file is longer than 512 KiB, no stream longer than 64 MiB
/// of text, no header longer than 4 KiB, no `peers` longer than 2 MiB or of more than 8,192 devices
/// (256 in 32 KiB for builds before). A segment tells at most 256 devices. Only devices of which a
/// segment was opened are told to others.
///
/// What cannot be read. A reader that finds a segment missing or damaged, and more behind it, reads
/// on, remembers which it passed over, tells the person, and asks for it in each sync. Nothing but
/// the first line of a segment says that what comes before a number may be passed over for good
/// (`log`), or that a segment of another device may (`covers`: who repaired a folder has sent what
/// was in it). Its head tells what a reader needs and cannot read (`missing`); it is longer then, and
/// the owner, who sees that in a listing, looks at those segments and writes them again. Where
/// nothing is listed, an entry taken out of `newest` in `peers` makes the owner look.
///
/// Meaning. Changes are a set: each is named by its stamp, and applying one twice or in another
/// order makes no difference. A change of unknown entity, field or value is kept and passed on as
/// it is.
enum RemoteLayout {
  static let header = name("papershelf")
  static let peers = name("peers")

  static func segment(_ device: DeviceID, _ number: UInt64) -> RemoteName {
    name("\(device).\(number)")
  }

  static func head(_ device: DeviceID) -> RemoteName { name("\(device).head") }

  /// What a name says.
  enum Meaning: Hashable {
    case header
    case peers
    case head(DeviceID)
    case segment(DeviceID, UInt64)
  }

  /// Nil for a name that is not ours.
  static func meaning(of name: RemoteName) -> Meaning? {
    if name == header { return .header }
    if name == peers { return .peers }
    let parts = name.text.split(separator: ".")
    guard parts.count == 2, let device = DeviceID(parts[0]) else { return nil }
    if parts[1] == "head" { return .head(device) }
    guard let number = UInt64(parts[1]), number > 0, number < 1 << 62, String(number) == parts[1]
    else { return nil }
    return .segment(device, number)
  }

  /// All names made here are made of letters, digits and one dot.
  private static func name(_ text: String) -> RemoteName {
    RemoteName(text) ?? placeholder
  }

  private static let placeholder: RemoteName = {
    guard let name = RemoteName("x") else { preconditionFailure("x is a name") }
    return name
  }()
}

/// What a look at the folder showed. A hint: what it does not show may be there.
struct FolderLook: Hashable {
  /// Whether there was a listing at all.
  var lists = false
  var hasHeader = false
  /// How long it is shown to be.
  var headerSize: Int?
  var hasPeers = false
  /// Devices that `peers` names; nil when it could not be read.
  var named: PeerList?
  var heads = Set<DeviceID>()
  /// How long they are shown to be.
  var headSizes: [DeviceID: Int] = [:]
  /// The numbers of the segments shown, ascending.
  var segments: [DeviceID: [UInt64]] = [:]
  /// How long they are shown to be, in bytes, where the listing tells.
  var sizes: [DeviceID: [UInt64: Int]] = [:]
  /// What tells of their writing, where the listing does.
  var writings: [DeviceID: [UInt64: Int64]] = [:]

  init() {}

  init(_ files: [ListedFile]) {
    lists = true
    for file in files {
      switch RemoteLayout.meaning(of: file.name) {
      case .header?: (hasHeader, headerSize) = (true, file.size)
      case .peers?: hasPeers = true
      case .head(let device)?:
        heads.insert(device)
        headSizes[device] = file.size
      case .segment(let device, let number)?:
        segments[device, default: []].append(number)
        sizes[device, default: [:]][number] = file.size
        if let version = file.version { writings[device, default: [:]][number] = version }
      case nil: continue
      }
    }
    for device in segments.keys { segments[device]?.sort() }
  }

  /// How many bytes of our log are shown, or nil where a size is not told. A segment not shown has
  /// none.
  func ownBytes(of ownLog: OwnLog) -> Int? {
    var sum = 0
    for number in segments[ownLog.device] ?? []
    where number >= ownLog.start && number <= ownLog.newest {
      guard let size = sizes[ownLog.device]?[number], size >= 0,
        size <= SealedFile.maximumLength * 2
      else {
        return nil
      }
      sum += size
    }
    return sum
  }

  var devices: Set<DeviceID> { heads.union(segments.keys).union(named?.devices ?? []) }

  func shows(_ device: DeviceID, _ number: UInt64) -> Bool {
    guard let numbers = segments[device] else { return false }
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low < numbers.count && numbers[low] == number
  }
}
