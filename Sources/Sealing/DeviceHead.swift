import Changes
import JSONText

/// What a device says of itself in `<device>.head`: a hint that saves others time
/// (Sources/Sync/FORMAT.md).
package struct DeviceHead: Hashable, Sendable {
  /// Where its log starts.
  package var log: UInt64
  /// Its newest segment.
  package var newest: UInt64
  /// That segment's hash.
  package var hash: [UInt8]
  /// What the person calls the machine.
  package var name: String
  /// The devices it knows.
  package var peers: [DeviceID]
  /// The newest segment up to which it applied all of each other device.
  package var applied: [DeviceID: UInt64]
  /// Segments of others that it needs and cannot read: their owners look at them. A head that tells
  /// of any is longer than ``length``, so that a listing shows it, and of another length than the
  /// one before that told of others.
  package var missing: [DeviceID: [ClosedRange<UInt64>]]
  /// By how many bytes it is longer; nothing else shows it. Copies that bear one id and miss the
  /// same write the same.
  package var excess = 0

  /// The bytes of a head's payload that misses nothing.
  package static let length = 2048

  /// The bytes of the payload.
  var paddedLength: Int { missing.isEmpty ? Self.length : 2 * Self.length + excess }

  /// An excess for what is missing and was read of it.
  /// - Parameter before: that of the complaint before, which is another.
  package static func excess(
    of missing: [DeviceID: [ClosedRange<UInt64>]], reading sight: UInt64, after before: Int
  ) -> Int {
    var sum = sight
    for (device, stretches) in missing {
      for stretch in stretches {
        sum &+=
          (device.bits ^ stretch.lowerBound &* 31 ^ stretch.upperBound) &* 0x9E37_79B9_7F4A_7C15
      }
    }
    let excess = Int(sum >> 32 % 512)
    return excess == before ? (excess + 1) % 512 : excess
  }

  /// The length of its file.
  package func fileLength(with keys: RemoteKeys) -> Int {
    SealedFile.headerLength + paddedLength + keys.cipher.trailerLength
  }

  /// Whether a head of this file length tells of missing segments.
  package static func complains(fileLength: Int) -> Bool {
    fileLength >= SealedFile.headerLength + 2 * length
  }

  /// A head with everything said.
  package init(
    log: UInt64, newest: UInt64, hash: [UInt8], name: String, peers: [DeviceID],
    applied: [DeviceID: UInt64], missing: [DeviceID: [ClosedRange<UInt64>]] = [:],
    excess: Int = 0
  ) {
    self.log = log
    self.newest = newest
    self.hash = hash
    self.name = name
    self.peers = peers
    self.applied = applied
    self.missing = missing
    self.excess = excess
  }

  /// The bytes to store. What would not fit is left out: first peers, then applied.
  package func sealed(device: DeviceID, with keys: RemoteKeys) throws(SealingError) -> [UInt8] {
    var head = self
    head.name = String(name.prefix(64))
    head.missing = [:]
    var payload = head.json
    if payload.count > Self.length {
      head.peers = []
      payload = head.json
    }
    // Of thousands of devices, half as many at a time.
    while payload.count > Self.length, !head.applied.isEmpty {
      let kept = head.applied.keys.sorted().prefix(
        min(head.applied.count - 1, head.applied.count * Self.length / payload.count + 8))
      head.applied = head.applied.filter { kept.contains($0.key) }
      payload = head.json
    }
    head.missing = missing
    payload = head.json
    payload += [UInt8](repeating: 0x20, count: max(0, paddedLength - payload.count))
    let place = SealedFile.Place(kind: .head, device: device, number: newest, previous: hash)
    return try SealedFile(place: place, payload: payload).sealed(with: keys)
  }

  private var json: [UInt8] {
    var json = JSONTextWriter()
    json.object { json in
      json.key("log")
      json.number(log)
      json.key("newest")
      json.number(newest)
      json.key("name")
      json.string(name)
      json.key("peers")
      json.array { json in for peer in peers { json.string(peer.description) } }
      json.key("applied")
      json.object { json in
        for (device, number) in applied.sorted(by: { $0.key < $1.key }) {
          json.key(text: device.description)
          json.number(number)
        }
      }
      guard !missing.isEmpty else { return }
      json.key("missing")
      json.object { json in DeviceNumbers.write(missing, to: &json) }
    }
    return json.bytes
  }

  /// Reads bytes from outside, said to be the head of `device`.
  /// - Throws: ``SegmentError``
  package init(
    opening bytes: [UInt8], device: DeviceID, with keys: RemoteKeys
  ) throws(SegmentError) {
    let file = try SealedFile(opening: bytes, with: keys)
    guard file.place.kind == .head, file.place.device == device else { throw .misplaced }
    self.init(
      log: 1, newest: file.place.number, hash: file.place.previous, name: "", peers: [],
      applied: [:])
    do {
      try JSONTextReader.read(String(decoding: file.payload, as: UTF8.self)) { try read(&$0) }
    } catch {
      throw .damaged
    }
  }

  private mutating func read(_ reader: inout JSONTextReader) throws {
    try reader.object { key, reader in
      switch key {
      case "log": log = UInt64(clamping: max(1, try reader.integer()))
      case "name": name = String(try reader.string().prefix(64))
      case "peers": peers = try PeerList.read(&reader)
      case "applied": applied = try PeerList.readNumbers(&reader)
      case "missing": missing = try DeviceNumbers.read(&reader)
      default: try reader.skip()
      }
    }
  }
}

/// The file `peers`: the devices that were ever seen here, and how far they are; a hint, in clear
/// (Sources/Sync/FORMAT.md). Grows only.
package struct PeerList: Hashable, Sendable {
  /// The devices, ascending.
  package var devices: [DeviceID]
  /// Where logs start that do not start at 1. A device looks after its own entry.
  package var logs: [DeviceID: UInt64]
  /// The newest segment of each device, in its own words. A device looks after its own entry: where
  /// it finds another, or none, the folder was set back or somebody else writes under its id.
  /// Others take an entry out when the segment it tells of is not there: that makes the owner look.
  package var newest: [DeviceID: String]

  /// No list is longer.
  package static let maximumLength = 2 * 1024 * 1024
  /// No list has more devices. Builds before this one read 256, of a list of 32 KiB.
  package static let maximumDevices = 8 * 1024

  /// A list.
  package init(
    _ devices: some Sequence<DeviceID>, logs: [DeviceID: UInt64] = [:],
    newest: [DeviceID: String] = [:]
  ) {
    self.devices = Array(Set(devices).sorted().prefix(Self.maximumDevices))
    let named = Set(self.devices)
    self.logs = logs.filter { $0.value > 1 && named.contains($0.key) }
    self.newest = newest.filter { device, text in
      text.utf8.count <= 40 && named.contains(device)
        && text.utf8.allSatisfy {
          (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x2E
        }
    }
  }

  /// The bytes to store.
  package var bytes: [UInt8] {
    var json = JSONTextWriter()
    json.object { json in
      json.key("papershelf")
      json.string("peers")
      json.key("devices")
      json.array { json in for device in devices { json.string(device.description) } }
      json.key("logs")
      json.object { json in
        for (device, start) in logs.sorted(by: { $0.key < $1.key }) {
          json.key(text: device.description)
          json.number(start)
        }
      }
      json.key("newest")
      json.object { json in
        for (device, segment) in newest.sorted(by: { $0.key < $1.key }) {
          json.key(text: device.description)
          json.string(segment)
        }
      }
    }
    return json.bytes + [0x0A]
  }

  /// Reads bytes from outside.
  /// - Throws: ``SegmentError/damaged``
  package init(_ bytes: [UInt8]) throws(SegmentError) {
    guard bytes.count <= Self.maximumLength,
      bytes.starts(with: Array(#"{"papershelf":"peers""#.utf8))
    else { throw .damaged }
    var devices: [DeviceID] = []
    var logs: [DeviceID: UInt64] = [:]
    var newest: [DeviceID: String] = [:]
    do {
      try JSONTextReader.read(String(decoding: bytes, as: UTF8.self)) { reader in
        try reader.object { key, reader in
          switch key {
          case "devices": devices = try Self.read(&reader, atMost: Self.maximumDevices)
          case "logs": logs = try Self.readNumbers(&reader)
          case "newest":
            try reader.object { key, reader in
              let text = try reader.string()
              if let device = DeviceID(key) { newest[device] = text }
            }
          default: try reader.skip()
          }
        }
      }
    } catch {
      throw .damaged
    }
    self.init(devices, logs: logs, newest: newest)
  }

  static func readNumbers(_ reader: inout JSONTextReader) throws -> [DeviceID: UInt64] {
    var numbers: [DeviceID: UInt64] = [:]
    try reader.object { key, reader in
      let number = UInt64(clamping: max(0, try reader.integer()))
      if let device = DeviceID(key) { numbers[device] = number }
    }
    return numbers
  }

  static func read(
    _ reader: inout JSONTextReader, atMost count: Int = Segment.maximumPeers
  ) throws -> [DeviceID] {
    var devices: [DeviceID] = []
    try reader.array { reader in
      let text = try reader.string()
      if devices.count < count, let device = DeviceID(text) {
        devices.append(device)
      }
    }
    return devices
  }
}
