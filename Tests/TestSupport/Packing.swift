import CZlib

/// Packs bytes as other programs do, for what reads them.
package enum Packing {
  /// A gzip file (RFC 1952).
  package static func gzip(_ bytes: [UInt8]) -> [UInt8] { deflate(bytes, 31) }

  private static func deflate(_ bytes: [UInt8], _ form: Int32) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(
      &stream, 9, Z_DEFLATED, form, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var (input, out) = (bytes, [UInt8](repeating: 0, count: bytes.count + 1024))
    let left = input.withUnsafeMutableBufferPointer { input in
      out.withUnsafeMutableBufferPointer { out in
        stream.next_in = input.baseAddress
        stream.avail_in = UInt32(input.count)
        stream.next_out = out.baseAddress
        stream.avail_out = UInt32(out.count)
        CZlib.deflate(&stream, Z_FINISH)
        return Int(stream.avail_out)
      }
    }
    return Array(out.dropLast(left))
  }

  /// A file in a zip archive, and how it stands there.
  package struct ZipMember {
    package var name: String
    package var bytes: [UInt8]
    package var isDeflated = true
    package var flags = 0
    package var method: Int?
    /// What is added to the check sum.
    package var damage: UInt32 = 0
    /// The permissions and kind of file of Unix.
    package var mode = 0o100644
    /// Whether its sizes stand in the field for long ones.
    package var isLong = false

    package init(_ name: String, _ text: String) {
      self.name = name
      bytes = Array(text.utf8)
    }

    fileprivate var packed: [UInt8] { isDeflated ? deflate(bytes, -15) : bytes }

    fileprivate func fields(_ packed: Int, sizesElsewhere: Bool) -> [UInt8] {
      let sum = bytes.withUnsafeBufferPointer {
        UInt32(crc32(0, $0.baseAddress, UInt32($0.count)))
      }
      let sizes = sizesElsewhere ? [0xFFFF_FFFF, 0xFFFF_FFFF] : [packed, bytes.count]
      return number(20, 2) + number(flags, 2) + number(method ?? (isDeflated ? 8 : 0), 2)
        + number(0, 4) + number(Int(sum &+ damage), 4) + number(sizes[0], 4) + number(sizes[1], 4)
        + number(name.utf8.count, 2)
    }
  }

  /// A zip archive.
  package static func zip(_ members: [ZipMember], comment: String = "") -> [UInt8] {
    var (file, list) = ([UInt8](), [UInt8]())
    for member in members {
      let packed = member.packed
      let long =
        member.isLong
        ? number(1, 2) + number(16, 2) + number(member.bytes.count, 8) + number(packed.count, 8)
        : []
      list += number(0x0201_4B50, 4) + number(0x031E, 2)
      list += member.fields(packed.count, sizesElsewhere: member.isLong) + number(long.count, 2)
      list += number(0, 2) + number(0, 2) + number(0, 2) + number(member.mode << 16, 4)
      list += number(file.count, 4) + Array(member.name.utf8) + long
      file += number(0x0403_4B50, 4) + member.fields(packed.count, sizesElsewhere: false)
      file += number(0, 2) + Array(member.name.utf8) + packed
    }
    let end =
      number(0x0605_4B50, 4) + number(0, 4) + number(members.count, 2) + number(members.count, 2)
      + number(list.count, 4) + number(file.count, 4) + number(comment.utf8.count, 2)
    return file + list + end + Array(comment.utf8)
  }

  private static func number(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
