import Changes
import Sealing
import Store
import Sync
import TestSupport
import Transport

/// Machines that hold the key and lie. Each is one that nobody sees: its files stand in the folder,
/// for good.
extension Simulation {
  /// What such a machine writes.
  package enum Stranger: String, CaseIterable, Sendable {
    /// A head that says to have read, and written, what never was.
    case claims = "claims to have read what never was"
    /// A head that cannot read anything of anybody.
    case complaints = "complains of all segments"
    /// Changes of the last millisecond there is, and beyond.
    case farStamps = "writes at the end of time"
    /// A segment that says to stand for the segments of others.
    case covers = "covers the segments of others"
    /// A log that says to start behind its end, and whose chain is broken.
    case starts = "says that its log starts elsewhere"
    /// A run whose second half is not there; or, seldom, text that is longer than anybody holds.
    case halves = "writes half a run, and nonsense"
    /// Hundreds of devices that are nobody, some with files.
    case crowd = "knows hundreds that are nobody"
    /// A file under the name of another machine.
    case impostor = "writes in the name of another"

    /// The one that came later comes by chance of its own, so that a seed keeps the life it had.
    static let first = allCases.filter { $0 != .impostor }
  }

  func meetStranger(_ stranger: Stranger, _ number: UInt64) throws {
    hadLiars = true
    hadCrowd = hadCrowd || stranger == .crowd
    tally.add("machines that lie")
    for (server, passphrases) in zip(servers, passphrases) {
      guard let name = RemoteName("papershelf"),
        let header = server.files[name].flatMap({ try? RemoteHeader($0) }),
        let keys = passphrases.lazy.compactMap({ [self] in
          try? header.keys(passphrase: Self.bytes(ofPassphrase: $0), root: keyCache.root)
        }).first
      else { continue }
      let liar = Liar(stranger, number, server: server, keys: keys)
      guard stranger == .impostor else {
        try liar.write()
        continue
      }
      // The machine in whose name it writes finds that, and goes on by another.
      hadTwins = true
      if let victim = try liar.writeAsAnother() { impersonated.insert(victim) }
    }
  }
}

/// Writes what a machine that lies writes.
private struct Liar {
  let stranger: Simulation.Stranger
  let number: UInt64
  let server: SimServer
  let keys: RemoteKeys
  let id: DeviceID
  /// The machines that the folder shows, and their newest segments.
  let others: [DeviceID: UInt64]

  private static let ids: UInt64 = 0x11A2_0000_0000_0000

  private static func isLiar(_ device: DeviceID) -> Bool { device.bits & ~0xFFFF == ids }

  init(_ stranger: Simulation.Stranger, _ number: UInt64, server: SimServer, keys: RemoteKeys) {
    self.stranger = stranger
    self.number = number
    self.server = server
    self.keys = keys
    id = DeviceID(bits: Self.ids | number & 0xFFFF)
    var others: [DeviceID: UInt64] = [:]
    for name in server.files.keys {
      let parts = name.text.split(separator: ".")
      guard parts.count == 2, let device = DeviceID(parts[0]), let segment = UInt64(parts[1])
      else { continue }
      others[device] = max(others[device] ?? 0, segment)
    }
    self.others = others
  }

  func write() throws {
    var changes: [Change] = [change(milliseconds: 1_760_000_000_001)]
    var opening = Segment.Opening(log: 1, peers: [])
    var head = DeviceHead(
      log: 1, newest: 1, hash: SealedFile.noHash, name: "liar", peers: [], applied: [:])
    switch stranger {
    case .claims:
      head.applied = others.mapValues { $0 &+ [1, 3, 1 << 40, 1 << 61][Int(number % 4)] }
      head.newest = 1 << 60
      head.log = number.isMultiple(of: 2) ? 1 : 1 << 59
    case .complaints:
      head.missing = others.mapValues { _ in [1...1 << 40] }
    case .farStamps:
      changes = [
        change(milliseconds: StampClock.lastMillisecond),
        change(milliseconds: StampClock.lastMillisecond - 1),
        change(milliseconds: StampClock.lastMillisecond + 5),
      ]
    case .covers: opening.covers = others.mapValues { [1...$0 &+ 2] }
    case .starts:
      opening.log = 7
      head.log = 7
    case .halves, .crowd, .impostor: break
    }
    let isBomb = stranger == .halves && number.isMultiple(of: 32)
    let isHalf = stranger == .halves && !isBomb
    if stranger == .crowd {
      opening.peers = (0..<256).map { DeviceID(bits: number &* 0x9E37_79B9_7F4A_7C15 &+ $0) }
      if number.isMultiple(of: 4) { try plant(opening.peers) }
    }
    try store(1, isBomb ? try bomb() : try segment(1, opening, changes, parts: isHalf ? 2 : 1))
    if stranger == .starts || isHalf {
      // Of another chain.
      try store(3, try segment(3, Segment.Opening(log: 1, peers: []), changes, parts: 1))
    }
    try store("head", try head.sealed(device: id, with: keys))
  }

  /// Writes what would come next in another's log, an end of it that is far away and says to be its
  /// start, a head that tells of that, or another end in the place of the one that is there.
  /// - Returns: in whose name.
  func writeAsAnother() throws -> DeviceID? {
    // Not of one that lies itself: what that wrote no one sends again.
    let honest = others.filter { !Self.isLiar($0.key) }
    let victims = honest.sorted { $0.key < $1.key }
    guard !victims.isEmpty else { return nil }
    let (victim, newest) = victims[Int(number / 4) % victims.count]
    let last = RemoteName("\(victim).\(newest)").flatMap { server.files[$0] } ?? []
    let far = newest + 1000
    func store(_ number: UInt64, log: UInt64, previous: [UInt8]) throws {
      let opening = Segment.Opening(log: log, peers: [])
      // Nothing of its own, which no one sends again.
      try self.store(
        "\(number)", of: victim,
        segment(number, opening, [], parts: 1, of: victim, previous: previous))
    }
    switch number % 4 {
    case 0: try store(newest + 1, log: 1, previous: SealedFile.hash(last))
    case 1: try store(far, log: far, previous: SealedFile.noHash)
    case 2:
      let head = DeviceHead(
        log: far, newest: 1 << 60, hash: SealedFile.noHash, name: "impostor", peers: [],
        applied: honest.mapValues { $0 + 1 })
      try self.store("head", of: victim, head.sealed(device: victim, with: keys))
    default: try store(newest, log: 1, previous: SealedFile.noHash)
    }
    return victim
  }

  private func change(milliseconds: Int64) -> Change {
    let stamp = Stamp(milliseconds: milliseconds, counter: .max, device: id)
    return Change(
      stamp: stamp, operation: stamp, entity: "p:2509.00099", field: "status", value: "\"read\"")
  }

  private func segment(
    _ number: UInt64, _ opening: Segment.Opening, _ changes: [Change], parts: UInt16,
    of device: DeviceID? = nil, previous: [UInt8] = SealedFile.noHash
  ) throws -> [UInt8] {
    let device = device ?? id
    var writer = SegmentWriter(opening: opening.text, writer: device)
    for change in changes { _ = writer.append(change) }
    let place = SealedFile.Place(
      kind: .segment, device: device, number: number, part: 0, parts: parts, previous: previous)
    let payload = try writer.payloads().first ?? []
    return try SealedFile(place: place, payload: payload).sealed(with: keys)
  }

  /// A segment of more text than a reader holds.
  private func bomb() throws -> [UInt8] {
    let stream = Deflate()
    stream.append(Array(Segment.Opening(log: 1, peers: []).text.utf8) + [0x0A])
    let megabyte = [UInt8](repeating: 0x20, count: 1 << 20) + [0x0A]
    for _ in 0...Segment.maximumText >> 20 { stream.append(megabyte) }
    let place = SealedFile.Place(kind: .segment, device: id, number: 1, part: 0, parts: 1)
    return try SealedFile(place: place, payload: stream.finish()).sealed(with: keys)
  }

  /// Files of devices that are nobody.
  private func plant(_ devices: [DeviceID]) throws {
    for device in devices {
      guard let name = RemoteName("\(device).1") else { continue }
      server.files[name] = Array("nothing of ours".utf8)
    }
  }

  private func store(_ part: UInt64, _ bytes: [UInt8]) throws { try store("\(part)", bytes) }

  private func store(_ part: String, of device: DeviceID? = nil, _ bytes: [UInt8]) throws {
    guard let name = RemoteName("\(device ?? id).\(part)") else { return }
    server.files[name] = bytes
  }
}
