import CLzma
import CZlib

/// Unpacks a run of bytes as it comes in; never more is held than a piece.
///
/// Invariant: what comes out is at most ``Ratio/most`` times what went in, once that is more than
/// any small text may be.
package struct Unpacking {
  /// What tells a bomb: text hardly ever packs to a hundredth, and deflate can pack zeros to a
  /// thousandth, xz to far less.
  private enum Ratio {
    static let most = 250
    static let free = 16 << 20
  }

  private let kind: ArchiveKind
  private var coder: any Unpacker
  private var read = 0
  private var written = 0
  private var isEnded = false

  /// A whole gzip or xz file, also of several parts one after the other; for a zip what one of its
  /// parts is packed as.
  package init(_ kind: ArchiveKind) throws(ArchiveError) {
    self.kind = kind
    coder =
      switch kind {
      case .gzip: try InflateUnpacker(.gzip)
      case .zip: try InflateUnpacker(.bare)
      case .xz: try XZUnpacker()
      }
  }

  /// Takes the next bytes and hands out what they hold.
  /// - Throws: ``ArchiveError``, or what `body` throws.
  package mutating func feed(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    read += bytes.count
    try run(bytes, isLast: false, body)
  }

  /// Ends the archive.
  /// - Throws: ``ArchiveError/cutOff(_:)`` where it is not complete, or what `body` throws.
  package mutating func finish(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    if !isEnded { try run(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true, body) }
    guard isEnded else { throw ArchiveError.cutOff(kind) }
  }

  private mutating func run(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = bytes
    try withUnsafeTemporaryAllocation(byteCount: 64 << 10, alignment: 16) { room in
      while true {
        let step = try coder.step(rest, into: room, isLast: isLast)
        rest = UnsafeRawBufferPointer(rebasing: rest[step.read...])
        isEnded = step.isEnd
        try count(step.written)
        if step.written > 0 { try body(UnsafeRawBufferPointer(rebasing: room[..<step.written])) }
        if step.read == 0, step.written == 0 { break }
      }
    }
    guard rest.isEmpty else { throw ArchiveError.damaged(kind) }
  }

  private mutating func count(_ more: Int) throws(ArchiveError) {
    written += more
    guard written <= Ratio.free || written / Ratio.most <= read else { throw .bomb(kind) }
  }
}

/// What one step of unpacking did.
struct UnpackingStep {
  var read: Int
  var written: Int
  /// Whether the archive may end here.
  var isEnd: Bool
}

/// A decoder that is fed by pieces.
protocol Unpacker: AnyObject {
  /// Reads on, as far as there is room. A step that neither reads nor writes anything has done all
  /// it can.
  /// - Parameter isLast: nothing follows what is there.
  func step(
    _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(ArchiveError) -> UnpackingStep
}

/// zlib's: gzip (RFC 1952) and bare deflate (RFC 1951).
private final class InflateUnpacker: Unpacker {
  enum Form: Int32 {
    case gzip = 31
    case bare = -15
  }

  private var stream = z_stream()
  private let form: Form
  private var isEnd = false

  init(_ form: Form) throws(ArchiveError) {
    self.form = form
    let size = Int32(MemoryLayout<z_stream>.size)
    let status = inflateInit2_(&stream, form.rawValue, ZLIB_VERSION, size)
    guard status == Z_OK else { throw .noMemory }
  }

  deinit { inflateEnd(&stream) }

  func step(
    _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(ArchiveError) -> UnpackingStep {
    if isEnd {
      guard !bytes.isEmpty else { return UnpackingStep(read: 0, written: 0, isEnd: true) }
      // Another part follows, or the zeros that tapes are filled up with.
      guard form == .gzip else { throw .damaged(.zip) }
      if bytes[0] == 0 { return UnpackingStep(read: 1, written: 0, isEnd: true) }
      inflateReset(&stream)
      isEnd = false
    }
    return try inflate(bytes, room)
  }

  private func inflate(
    _ bytes: UnsafeRawBufferPointer, _ room: UnsafeMutableRawBufferPointer
  ) throws(ArchiveError) -> UnpackingStep {
    // zlib reads through the pointer only, though its type says otherwise.
    stream.next_in = UnsafeMutablePointer(
      mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.avail_in = UInt32(clamping: bytes.count)
    stream.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(clamping: room.count)
    let status = CZlib.inflate(&stream, Z_NO_FLUSH)
    let kind: ArchiveKind = form == .gzip ? .gzip : .zip
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: isEnd = true
    case Z_MEM_ERROR: throw .noMemory
    default: throw .damaged(kind)
    }
    return UnpackingStep(
      read: bytes.count - Int(stream.avail_in), written: room.count - Int(stream.avail_out),
      isEnd: isEnd)
  }
}

/// liblzma's.
private final class XZUnpacker: Unpacker {
  /// `xz -9` takes 65 MB to unpack.
  private static let memory: UInt64 = 128 << 20
  private let decoder: OpaquePointer

  init() throws(ArchiveError) {
    if let trouble = clzma_open() { throw .noLibrary(detail: String(cString: trouble)) }
    guard let decoder = clzma_begin(Self.memory) else { throw .noMemory }
    self.decoder = decoder
  }

  deinit { clzma_finish(decoder) }

  func step(
    _ bytes: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer, isLast: Bool
  ) throws(ArchiveError) -> UnpackingStep {
    var (left, free) = (bytes.count, room.count)
    let outcome = clzma_read(
      decoder, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), &left,
      room.baseAddress?.assumingMemoryBound(to: UInt8.self), &free, isLast ? 1 : 0)
    switch outcome {
    case clzma_more, clzma_end: break
    case clzma_memory: throw .noMemory
    // Told to finish without the end being there.
    default: throw isLast ? .cutOff(.xz) : .damaged(.xz)
    }
    return UnpackingStep(
      read: bytes.count - left, written: room.count - free, isEnd: outcome == clzma_end)
  }
}
