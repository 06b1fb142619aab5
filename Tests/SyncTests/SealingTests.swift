import Changes
import Papers
import Sealing
import TestSupport
import Testing

@Suite struct SealingTests {
  private static let device = DeviceID(bits: 0xA1)

  private static func keys(_ cipher: RemoteCipher) throws -> RemoteKeys {
    guard cipher != .none else { return try RemoteHeader(library: 7).keys(passphrase: nil) }
    let salt = [UInt8](repeating: 3, count: 16)
    let header = try RemoteHeader(
      library: 7, cipher: cipher, passphrase: Array("p".utf8),
      derivation: .init(n: 1 << 14, r: 8, p: 1, salt: salt))
    return try RemoteHeader(header.bytes).keys(passphrase: Array("p".utf8))
  }

  private static func file(_ payload: String = "payload", number: UInt64 = 3) -> SealedFile {
    SealedFile(
      place: .init(
        kind: .segment, device: device, number: number,
        previous: [UInt8](repeating: 9, count: 32)), payload: Array(payload.utf8))
  }

  @Test(arguments: RemoteCipher.allCases)
  func whatIsSealedOpens(_ cipher: RemoteCipher) throws {
    let keys = try Self.keys(cipher)
    let bytes = try Self.file().sealed(with: keys)
    #expect(try SealedFile(opening: bytes, with: keys) == Self.file())
    #expect(try bytes == Self.file().sealed(with: keys))
    #expect(bytes.count == 96 + 7 + (cipher == .none ? 32 : 16))
  }

  /// What cannot be sealed is an error, never an empty file: in the folder it would stand for ours.
  @Test(arguments: RemoteCipher.allCases)
  func whatCannotBeSealedIsAnError(_ cipher: RemoteCipher) throws {
    let keys = try Self.keys(cipher)
    let longest = [UInt8](repeating: 7, count: SealedFile.maximumPayload)
    var file = SealedFile(place: Self.file().place, payload: longest)
    #expect(try SealedFile(opening: file.sealed(with: keys), with: keys) == file)
    file.payload.append(7)
    #expect(throws: SealingError.tooLong(longest.count + 1)) { try file.sealed(with: keys) }
    file = Self.file()
    file.place.previous = []
    #expect(throws: SealingError.noHash) { try file.sealed(with: keys) }
    guard cipher != .none else { return }
    let keyless = RemoteKeys(cipher: cipher, library: 7, sealingKey: [1, 2, 3])
    #expect(throws: SealingError.cipher) { try Self.file().sealed(with: keyless) }
  }

  @Test func aStreamThatZlibGaveUpIsAnError() throws {
    let stream = Deflate(level: 10)
    stream.append([1, 2, 3])
    #expect(throws: SealingError.compression) { try stream.finish() }
    // Any length ends well, the ones that fill zlib's room to the last byte too.
    var random = SeededGenerator(seed: 5)
    for count in [0, 1, 32_767, 32_768, 32_769, 65_536, 70_001] {
      let stream = Deflate()
      let noise = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      stream.append(noise)
      let bytes = try stream.finish()
      #expect(try stream.finish() == bytes)
      #expect(try Inflate.bytes(bytes, limit: 100_000) == noise)
    }
  }

  @Test(arguments: RemoteCipher.allCases)
  func everyBitAndEveryByteCounts(_ cipher: RemoteCipher) throws {
    let keys = try Self.keys(cipher)
    let bytes = try Self.file().sealed(with: keys)
    for index in bytes.indices {
      for bit in 0..<8 {
        var broken = bytes
        broken[index] ^= 1 << bit
        #expect(throws: SegmentError.self) { try SealedFile(opening: broken, with: keys) }
      }
      #expect(throws: SegmentError.self) {
        try SealedFile(opening: Array(bytes[..<index]), with: keys)
      }
    }
    #expect(throws: SegmentError.damaged) { try SealedFile(opening: bytes + [0], with: keys) }
  }

  /// A bit that flipped in what names the format, the cipher, the library or the key is damage, and
  /// no word of another build, machine or folder: the file is passed over, and mended.
  @Test("A bit that flipped is damage, wherever it is", arguments: RemoteCipher.allCases)
  func aBitThatFlippedIsDamage(_ cipher: RemoteCipher) throws {
    let keys = try Self.keys(cipher)
    let bytes = try Self.file().sealed(with: keys)
    for bit in 0..<SealedFile.headerLength * 8 {
      var broken = bytes
      broken[bit / 8] ^= 1 << UInt8(bit % 8)
      let expected: SegmentError = bit < 6 * 8 ? .notPapershelf : .damaged
      #expect(throws: expected, "bit \(bit)") { try SealedFile(opening: broken, with: keys) }
      // And another one. Of a later format nobody knows what proves it.
      broken[100] ^= 4
      guard bit / 8 > 5, !(8..<12).contains(bit / 8) else { continue }
      #expect(throws: expected, "bit \(bit)") { try SealedFile(opening: broken, with: keys) }
    }
  }

  @Test func anotherKeyOrLibraryIsToldFromDamage() throws {
    let (clear, sealed) = (try Self.keys(.none), try Self.keys(.aesGCM))
    let bytes = try Self.file().sealed(with: sealed)
    #expect(throws: SegmentError.otherKey) { try SealedFile(opening: bytes, with: clear) }
    let clearBytes = try Self.file().sealed(with: clear)
    // However near: a lying server may choose it. Nothing flipped in what proves itself.
    for library in [8, 6, 3] as [UInt64] {
      let other = try RemoteHeader(library: library).keys(passphrase: nil)
      #expect(throws: SegmentError.otherLibrary) {
        try SealedFile(opening: clearBytes, with: other)
      }
    }
    #expect(throws: SegmentError.notPapershelf) {
      try SealedFile(opening: Array("<html>".utf8), with: clear)
    }
  }

  @Test func headersAreCheckedBeforeAKeyIsMade() throws {
    let salt = [UInt8](repeating: 1, count: 16)
    let bad: [RemoteHeader.Derivation] = [
      .init(n: 1 << 13, r: 8, p: 1, salt: salt), .init(n: 1 << 14, r: 1, p: 1, salt: salt),
      .init(n: 1 << 20, r: 16, p: 1, salt: salt), .init(n: 1 << 14, r: 8, p: 1, salt: [1]),
      .init(n: 20_000, r: 8, p: 1, salt: salt), .init(n: 1 << 14, r: 8, p: 99, salt: salt),
    ]
    for derivation in bad {
      #expect(throws: SegmentError.unsafeParameters) {
        try RemoteHeader(library: 1, cipher: .aesGCM, passphrase: [1], derivation: derivation)
      }
    }
    let bytes = RemoteHeader(library: 5, generation: 2).bytes
    #expect(try RemoteHeader(bytes) == RemoteHeader(library: 5, generation: 2))
    // However little is missing: it would be another header than the whole.
    for end in bytes.indices {
      #expect(throws: SegmentError.self) { try RemoteHeader(Array(bytes[..<end])) }
    }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(throws: SegmentError.damaged) {
      try RemoteHeader(Array(text.replacing("0005", with: "0006").utf8))
    }
    // One of a later format proves itself in its own way; where it does so in ours, it is ours.
    let later = text.replacing("\"format\":1", with: "\"format\":2")
    #expect(throws: SegmentError.damaged) { try RemoteHeader(Array(later.utf8)) }
    let sum = text.suffix(20)
    #expect(throws: SegmentError.newerFormat(2)) {
      try RemoteHeader(Array(later.replacing(sum, with: "0" + sum.dropFirst()).utf8))
    }
  }

  @Test("A header of which a bit flipped is none, and nearly the one it was")
  func aHeaderOfWhichABitFlipped() throws {
    let bytes = RemoteHeader(library: 5, generation: 2).bytes
    let derivation = RemoteHeader.Derivation(
      n: 1 << 14, r: 8, p: 1, salt: [UInt8](repeating: 9, count: 16))
    let root = try derivation.root(of: [1])
    let sealed = RemoteHeader(
      library: 5, generation: 2, cipher: .aesGCM, derivation: derivation, root: root)
    for bytes in [bytes, sealed.bytes] {
      for bit in 0..<bytes.count * 8 {
        var broken = bytes
        broken[bit / 8] ^= 1 << UInt8(bit % 8)
        // A proof of something else is one until there is a key.
        let error = #expect(throws: SegmentError.self, "bit \(bit)") {
          try RemoteHeader(broken).keys(passphrase: [1]) { _, _ in root }
        }
        #expect(
          error == .damaged || error == .notPapershelf || error == .forged, "bit \(bit)")
        #expect(RemoteHeader.isNearly(broken, bytes))
      }
    }
    #expect(!RemoteHeader.isNearly(RemoteHeader(library: 5, generation: 3).bytes, bytes))
    #expect(!RemoteHeader.isNearly(RemoteHeader(library: 4, generation: 2).bytes, bytes))
  }
}

@Suite struct SegmentTests {
  private static let writer = DeviceID(bits: 0xA1)

  static func randomChange(_ random: inout SeededGenerator) -> Change {
    func stamp() -> Stamp {
      Stamp(
        milliseconds: Int64.random(in: 0...StampClock.lastMillisecond, using: &random),
        counter: UInt32.random(in: 0...UInt32.max, using: &random),
        device: Bool.random(using: &random) ? writer : DeviceID(bits: random.next() % 3))
    }
    let name = stamp()
    var operation = stamp()
    operation.device = name.device
    let values = [
      "null", "true", "-1.5e300", "\"字\\n\\u0000\"", "{\"a\" : [1,  {}]}", "[[],{},\"\\\"\"]",
    ]
    return Change(
      stamp: name, operation: operation,
      entity: ["p:2509.1", "x:\u{1}\"", "字"][Int(random.next() % 3)],
      field: ["status", "tag:é", ""][Int(random.next() % 3)],
      value: values[Int(random.next() % 6)],
      seen: (0..<Int.random(in: 0...3, using: &random)).map { _ in stamp() },
      at: Bool.random(using: &random) ? Int64.random(in: -5...5, using: &random) : nil)
  }

  @Test func changesComeBackAsTheyWere() throws {
    for seed in 1...50 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let changes = (0..<40).map { _ in Self.randomChange(&random) }
      let opening = Segment.Opening(log: seed, peers: [DeviceID(bits: seed)])
      var writer = SegmentWriter(opening: opening.text, writer: Self.writer)
      for change in changes {
        let isIn = writer.append(change)
        #expect(isIn)
      }
      let payloads = try writer.payloads()
      #expect(payloads.count == 1)
      let segment = try Segment(stream: payloads[0], writer: Self.writer)
      #expect(segment.opening == opening)
      #expect(segment.changes == changes, "seed \(seed)")
    }
  }

  @Test func aSegmentIsBoundedAndAGreatNoteTakesSeveralFiles() throws {
    var random = SeededGenerator(seed: 4)
    let noise = String(
      (0..<900_000).map { _ in
        "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &random) ?? "a"
      })
    func change(_ text: String, _ counter: UInt32) -> Change {
      let stamp = Stamp(milliseconds: 1, counter: counter, device: Self.writer)
      return Change(
        stamp: stamp, operation: stamp, entity: "p:1", field: "note:aaaa", value: "\"\(text)\"")
    }
    var writer = SegmentWriter(opening: "{}", writer: Self.writer)
    let first = (writer.append(change("short", 1)), writer.append(change(noise, 2)))
    #expect(first == (true, false))
    #expect(try writer.payloads().count == 1)
    var alone = SegmentWriter(opening: "{}", writer: Self.writer)
    let second = (alone.append(change(noise, 2)), alone.append(change("short", 3)))
    #expect(second == (true, false))
    let parts = try alone.payloads()
    #expect(parts.count >= 2 && parts.allSatisfy { $0.count <= SealedFile.maximumPayload })
    let whole = try Segment(stream: parts.flatMap { $0 }, writer: Self.writer)
    #expect(whole.changes == [change(noise, 2)])
    // Many lines that do not compress: never more than one file.
    var many = SegmentWriter(opening: "{}", writer: Self.writer)
    var counter: UInt32 = 0
    while many.append(change(String(noise.dropFirst(Int(counter) * 997).prefix(60_000)), counter)) {
      counter += 1
    }
    #expect(counter > 3)
    #expect(try many.payloads().count == 1)
  }

  @Test func aStreamOfTooManyLinesIsNone() throws {
    func segment(of lines: Int) throws -> Segment {
      let stream = Deflate()
      stream.append(Array("{\"log\":1,\"peers\":[]}\n".utf8))
      stream.append([UInt8](repeating: 0x0A, count: lines - 1))
      return try Segment(stream: try stream.finish(), writer: Self.writer)
    }
    #expect(try segment(of: Segment.mostLines).changes == [])
    #expect(throws: SegmentError.damaged) { try segment(of: Segment.mostLines + 1) }
  }

  @Test func aStreamThatHasSeenTooMuchIsNone() throws {
    func segment(of lines: [Int]) throws -> Segment {
      let stream = Deflate()
      stream.append(Array("{\"log\":1,\"peers\":[]}\n".utf8))
      for (counter, seen) in lines.enumerated() {
        let stamps = [String](repeating: "[1,2]", count: seen).joined(separator: ",")
        stream.append(Array("[[1,\(counter)],[1,0],\"p:1\",\"starred\",true,[\(stamps)]]\n".utf8))
      }
      return try Segment(stream: try stream.finish(), writer: Self.writer)
    }
    let most = ChangeBounds.seen
    let full = [Int](repeating: most, count: Segment.mostSeen / most)
    #expect(try segment(of: full).changes.count == full.count)
    #expect(throws: SegmentError.damaged) { try segment(of: full + [1]) }
    // One change that has seen too much is passed over alone.
    let one = try segment(of: [1, most + 1, 2])
    #expect(one.untaken == 1 && one.changes.map(\.seen.count) == [1, 2])
  }

  @Test func aBombDoesNotGoOff() throws {
    let stream = Deflate()
    let zeros = [UInt8](repeating: 0x20, count: 1 << 20)
    for _ in 0..<80 { stream.append(zeros) }
    let bomb = try stream.finish()
    #expect(bomb.count < SealedFile.maximumLength)
    #expect(throws: SegmentError.damaged) { try Segment(stream: bomb, writer: Self.writer) }
    #expect(throws: SegmentError.damaged) { try Inflate.bytes(bomb, limit: 1 << 20) }
  }

  @Test func anyBytesGiveASegmentOrAnError() throws {
    var random = SeededGenerator(seed: 11)
    var writer = SegmentWriter(opening: "{\"log\":1,\"peers\":[]}", writer: Self.writer)
    for _ in 0..<5 { _ = writer.append(Self.randomChange(&random)) }
    let stream = try writer.payloads()[0]
    for end in stream.indices {
      #expect(throws: SegmentError.self) {
        try Segment(stream: Array(stream[..<end]), writer: Self.writer)
      }
    }
    let text = try Inflate.bytes(stream, limit: 1 << 20)
    for _ in 0..<3000 {
      var broken = text
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        broken[Int.random(in: broken.indices, using: &random)] = UInt8(
          truncatingIfNeeded: random.next())
      }
      let again = Deflate()
      again.append(broken)
      let stream = try again.finish()
      do throws(SegmentError) {
        let segment = try Segment(stream: stream, writer: Self.writer)
        #expect(segment.changes.count <= 5)
      } catch {
        #expect(error == .damaged || error == .newerFormat(2))
      }
    }
  }

  @Test func headsHaveOneSizeAndSayWhatTheyWereTold() throws {
    let keys = try RemoteHeader(library: 7).keys(passphrase: nil)
    let many = (0..<300 as Range<UInt64>).map { DeviceID(bits: $0) }
    let applied = Dictionary(uniqueKeysWithValues: many.map { ($0, $0.bits + 1) })
    let hash = [UInt8](repeating: 5, count: 32)
    let small = DeviceHead(
      log: 2, newest: 9, hash: hash, name: "书房", peers: Array(many.prefix(3)),
      applied: [many[1]: 4])
    let large = DeviceHead(
      log: 2, newest: 9, hash: hash, name: "desk", peers: many, applied: applied)
    let bytes = try small.sealed(device: Self.writer, with: keys)
    #expect(try bytes.count == large.sealed(device: Self.writer, with: keys).count)
    #expect(try DeviceHead(opening: bytes, device: Self.writer, with: keys) == small)
    #expect(throws: SegmentError.misplaced) {
      try DeviceHead(opening: bytes, device: many[0], with: keys)
    }
    let list = PeerList(many)
    #expect(list.devices.count == many.count)
    #expect(try PeerList(list.bytes) == list)
    let crowd = (0..<10_000 as Range<UInt64>).map { DeviceID(bits: $0) }
    let numbers = crowd.map { ($0, UInt64.max) }
    let fullest = PeerList(
      crowd, logs: Dictionary(uniqueKeysWithValues: numbers),
      newest: Dictionary(
        uniqueKeysWithValues: crowd.map { ($0, String(repeating: "9", count: 40)) }))
    #expect(fullest.devices.count == PeerList.maximumDevices)
    #expect(fullest.bytes.count <= PeerList.maximumLength)
    #expect(throws: SegmentError.damaged) { try PeerList(Array("<html>".utf8)) }
  }
}
