import Changes
import Sealing
import Transport

/// The names of the remote folder. FORMAT.md beside this file says what they hold, who writes them,
/// and how they are read.
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

  /// A hash of all that is shown of some devices.
  func summary(of devices: Set<DeviceID>) -> String {
    var text = ""
    for device in devices.sorted() {
      let size = segments[device]?.last.flatMap { sizes[device]?[$0] } ?? 0
      text += "\(device) \(segments[device]?.last ?? 0) \(size) \(headSizes[device] ?? 0) "
      text += "\(named?.newest[device] ?? "") \(named?.logs[device] ?? 0)\n"
    }
    return Hex.text(Array(SealedFile.hash(Array(text.utf8)).prefix(8)))
  }

  /// Whether there was a listing, which does not show all of our log.
  func hides(_ ownLog: OwnLog) -> Bool {
    guard lists, ownLog.newest >= ownLog.start else { return false }
    let shown = segments[ownLog.device]?.filter { $0 >= ownLog.start && $0 <= ownLog.newest } ?? []
    return UInt64(shown.count) < ownLog.newest - ownLog.start + 1
  }

  /// What stands for all that is shown of a device's log behind a number, by its numbers and sizes;
  /// never negative.
  func beginning(of device: DeviceID, after number: UInt64) -> Int {
    var sum = number
    for shown in segments[device] ?? [] where shown > number {
      let size = sizes[device]?[shown].map { UInt64(bitPattern: Int64($0)) } ?? 0
      sum = (sum ^ shown ^ size << 20) &* 0x9E37_79B9_7F4A_7C15
      sum ^= sum >> 29
    }
    return Int(sum & 0x7FFF_FFFF_FFFF_FFFF)
  }

  /// Whether a number behind this one is not shown, and a later one is.
  func lacks(_ device: DeviceID, after number: UInt64) -> Bool {
    let shown = segments[device]?.filter { $0 > number } ?? []
    return shown.last.map { $0 - number > UInt64(shown.count) } ?? false
  }

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
