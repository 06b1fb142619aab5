import CZlib
import Glibc

/// What a zip archive holds (PKWARE's APPNOTE 6.3.10), read from the list at its end; the parts
/// are read by their places in the open file.
///
/// Invariants: every place and size comes from outside and is compared with the file before it is
/// used; parts share no bytes, so that all of them together unpack to no more than deflate makes of
/// the size of the file. Names are names: nothing is ever written to them.
package struct ZipArchive {
  /// The most bytes of the list of parts, and the most parts.
  private enum Limit {
    static let directory = 32 << 20
    static let parts = 200_000
  }

  /// The files in it, in the order of the list; folders are left out.
  package let parts: [ZipPart]

  /// Reads the list of an open file.
  package init(_ descriptor: Int32) throws(ArchiveError) {
    let file = try ZipFile(descriptor)
    let end = try ZipEnd(file)
    guard end.size <= Limit.directory, end.count <= Limit.parts else { throw .tooLarge }
    var rest = try file.bytes(at: end.offset, count: end.size)[...]
    var parts: [ZipPart] = []
    for _ in 0..<end.count {
      guard let part = ZipPart(takenFrom: &rest) else { throw .damaged(.zip) }
      parts.append(part)
    }
    guard Self.areApart(parts, before: end.offset) else { throw .damaged(.zip) }
    self.parts = parts.filter { !$0.isFolder }
  }

  private static func areApart(_ parts: [ZipPart], before end: Int) -> Bool {
    let sorted = parts.sorted { $0.offset < $1.offset }
    let nexts = sorted.dropFirst().map(\.offset) + [end]
    return zip(sorted, nexts).allSatisfy { part, next in
      part.offset <= next && part.packedSize <= next - part.offset
    }
  }

  /// Whether it is no archive of lists but one document or program that is stored this way: EPUB,
  /// the formats of office programs, Java.
  package var isDocument: Bool {
    let marks: Set<String> = [
      "mimetype", "[Content_Types].xml", "META-INF/MANIFEST.MF", "AndroidManifest.xml",
      "Index/Document.iwa",
    ]
    return parts.contains { marks.contains($0.name) }
  }
}

/// One file in a zip archive.
package struct ZipPart: Hashable, Sendable {
  /// Its path in the archive, which may be anything.
  package let name: String
  /// Whether it needs a password.
  package let isEncrypted: Bool
  /// Whether it is a link of Unix, its text being where it leads.
  package let isLink: Bool
  fileprivate let offset: Int
  fileprivate let packedSize: Int
  private let size: Int
  private let method: Int
  private let checksum: UInt32

  fileprivate var isFolder: Bool { name.utf8.last == UInt8(ascii: "/") }

  /// Takes one entry off the list of parts; nil where that is none.
  fileprivate init?(takenFrom list: inout ArraySlice<UInt8>) {
    let start = list.startIndex
    guard list.count >= 46, list.number(at: start, 4) == 0x0201_4B50 else { return nil }
    func number(_ offset: Int, _ count: Int) -> Int { list.number(at: start + offset, count) }
    let (nameSize, extraSize) = (number(28, 2), number(30, 2))
    let whole = 46 + nameSize + extraSize + number(32, 2)
    guard whole <= list.count else { return nil }
    let nameEnd = start + 46 + nameSize
    name = String(decoding: list[(start + 46)..<nameEnd], as: UTF8.self)
    isEncrypted = number(8, 2) & 1 != 0
    isLink = number(5, 1) == 3 && number(40, 2) & 0xF000 == 0xA000
    method = number(10, 2)
    checksum = UInt32(truncatingIfNeeded: number(16, 4))
    var long = ZipLongNumbers(list[nameEnd..<(nameEnd + extraSize)])
    guard let size = long.resolve(number(24, 4)), let packedSize = long.resolve(number(20, 4)),
      let offset = long.resolve(number(42, 4))
    else { return nil }
    (self.size, self.packedSize, self.offset) = (size, packedSize, offset)
    list = list.dropFirst(whole)
  }

  /// Hands out what it holds.
  /// - Throws: ``ArchiveError``, also at the end, where the check sum is that of other bytes; or
  ///   what `body` throws.
  package func read(
    from descriptor: Int32, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    guard !isEncrypted else { throw ArchiveError.encrypted }
    guard method == 0 || method == 8 else { throw ArchiveError.unknownMethod }
    var check = ZipCheck()
    func take(_ bytes: UnsafeRawBufferPointer) throws {
      check.add(bytes)
      guard check.size <= size else { throw ArchiveError.damaged(.zip) }
      try body(bytes)
    }
    var unpacking = method == 8 ? try Unpacking(.zip) : nil
    try forEachPacked(ZipFile(descriptor)) { bytes in
      if unpacking == nil { try take(bytes) } else { try unpacking?.feed(bytes, take) }
    }
    try unpacking?.finish(take)
    guard check.size == size, check.sum == checksum else { throw ArchiveError.damaged(.zip) }
  }

  private func forEachPacked(
    _ file: ZipFile, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let head = try file.bytes(at: offset, count: 30)[...]
    guard head.number(at: 0, 4) == 0x0403_4B50 else { throw ArchiveError.damaged(.zip) }
    var start = offset + 30 + head.number(at: 26, 2) + head.number(at: 28, 2)
    var left = packedSize
    while left > 0 {
      let piece = try file.bytes(at: start, count: min(left, 256 << 10))
      try piece.withUnsafeBytes(body)
      start += piece.count
      left -= piece.count
    }
  }
}

/// The sizes and places that do not fit into 32 bits, which an extra field of an entry holds in
/// the order in which they are missing (APPNOTE 4.5.3).
private struct ZipLongNumbers {
  private var rest: ArraySlice<UInt8> = []

  init(_ extra: ArraySlice<UInt8>) {
    var extra = extra
    while extra.count >= 4 {
      let size = extra.number(at: extra.startIndex + 2, 2)
      guard extra.count >= 4 + size else { return }
      if extra.number(at: extra.startIndex, 2) == 1 {
        rest = extra.dropFirst(4).prefix(size)
        return
      }
      extra = extra.dropFirst(4 + size)
    }
  }

  /// The number, or that which stands here for it; nil where there is none, or no sound one.
  mutating func resolve(_ number: Int) -> Int? {
    guard number == 0xFFFF_FFFF else { return number }
    guard rest.count >= 8 else { return nil }
    let long = rest.number(at: rest.startIndex, 8)
    rest = rest.dropFirst(8)
    return long >= 0 ? long : nil
  }
}

/// Where the list of parts is, as the end of the file tells.
private struct ZipEnd {
  var count: Int
  var size: Int
  var offset: Int

  private static let length = 22
  private static let longestComment = 65_535

  init(_ file: ZipFile) throws(ArchiveError) {
    let tail = min(file.size, Self.length + Self.longestComment)
    let bytes = try file.bytes(at: file.size - tail, count: tail)[...]
    guard let place = Self.place(in: bytes) else { throw .cutOff(.zip) }
    count = bytes.number(at: place + 10, 2)
    size = bytes.number(at: place + 12, 4)
    offset = bytes.number(at: place + 16, 4)
    let end = file.size - tail + place
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      try readLong(file, before: end)
    }
    guard count >= 0, size >= 0, offset >= 0, offset <= end, size <= end - offset else {
      throw .damaged(.zip)
    }
  }

  /// The last record whose comment ends where the file does.
  private static func place(in bytes: ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= length else { return nil }
    return (0...(bytes.count - length)).last { place in
      bytes[place] == 0x50 && bytes.number(at: place, 4) == 0x0605_4B50
        && bytes.number(at: place + 20, 2) == bytes.count - length - place
    }
  }

  /// The record for archives of more than 4 GB or 65,535 parts (APPNOTE 4.3.14).
  private mutating func readLong(_ file: ZipFile, before end: Int) throws(ArchiveError) {
    guard end >= 20 else { throw .damaged(.zip) }
    let locator = try file.bytes(at: end - 20, count: 20)[...]
    // Without one, the numbers are what they are.
    guard locator.number(at: 0, 4) == 0x0706_4B50 else { return }
    let record = try file.bytes(at: locator.number(at: 8, 8), count: 56)[...]
    guard record.number(at: 0, 4) == 0x0606_4B50 else { throw .damaged(.zip) }
    count = record.number(at: 32, 8)
    size = record.number(at: 40, 8)
    offset = record.number(at: 48, 8)
  }
}

/// The bytes of an open file by their places.
private struct ZipFile {
  let size: Int
  private let descriptor: Int32

  init(_ descriptor: Int32) throws(ArchiveError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .unreadable(code: errno) }
    size = Int(status.st_size)
    self.descriptor = descriptor
  }

  /// - Throws: ``ArchiveError/damaged(_:)`` where the file has no such bytes.
  func bytes(at offset: Int, count: Int) throws(ArchiveError) -> [UInt8] {
    guard offset >= 0, count >= 0, offset <= size, count <= size - offset else {
      throw .damaged(.zip)
    }
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let step = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
      }
      if step < 0, errno == EINTR { continue }
      guard step >= 0 else { throw .unreadable(code: errno) }
      guard step > 0 else { throw .cutOff(.zip) }
      done += step
    }
    return bytes
  }
}

/// Size and CRC-32 of what was unpacked.
private struct ZipCheck {
  private(set) var size = 0
  private(set) var sum: UInt32 = 0

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    size += bytes.count
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    guard start != nil else { return }
    sum = UInt32(truncatingIfNeeded: crc32(uLong(sum), start, uInt(clamping: bytes.count)))
  }
}

extension ArraySlice<UInt8> {
  /// A number of so many bytes, the least first. The caller has made sure that they are there.
  fileprivate func number(at place: Int, _ count: Int) -> Int {
    var number: UInt64 = 0
    for index in 0..<count { number |= UInt64(self[place + index]) << UInt64(8 * index) }
    return Int(truncatingIfNeeded: number)
  }
}
