import CZlib

/// A growing zlib stream (RFC 1950), level 6. The stream's bytes depend only on what was appended.
public final class Deflate {
  private var stream = z_stream()
  private var isOpen: Bool
  /// What the stream holds so far; zlib keeps some back until ``finish()``.
  public private(set) var bytes: [UInt8] = []

  /// An empty stream.
  public init() {
    isOpen =
      deflateInit_(&stream, 6, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit { if isOpen { deflateEnd(&stream) } }

  /// Appends to the stream.
  public func append(_ input: [UInt8]) { run(input, Z_NO_FLUSH) }

  /// Ends the stream and returns all of it.
  public func finish() -> [UInt8] {
    run([], Z_FINISH)
    if isOpen { deflateEnd(&stream) }
    isOpen = false
    return bytes
  }

  private func run(_ input: [UInt8], _ flush: Int32) {
    guard isOpen else { return }
    var input = input
    input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(clamping: input.count)
      repeat { drain(flush) } while stream.avail_out == 0
    }
  }

  private func drain(_ flush: Int32) {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32_768) { out in
      stream.next_out = out.baseAddress
      stream.avail_out = UInt32(out.count)
      deflate(&stream, flush)
      bytes.append(contentsOf: out.prefix(out.count - Int(stream.avail_out)))
    }
  }
}

/// Reads zlib streams from outside: never more than `limit` bytes come out, whatever went in.
public enum Inflate {
  /// The text of a whole stream.
  /// - Throws: ``SegmentError/damaged`` for anything but one complete stream within `limit`.
  public static func bytes(_ input: [UInt8], limit: Int) throws(SegmentError) -> [UInt8] {
    var stream = z_stream()
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw .damaged
    }
    defer { inflateEnd(&stream) }
    var input = input
    var out: [UInt8] = []
    let isWhole = input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(clamping: input.count)
      return run(&stream, &out, limit)
    }
    guard isWhole else { throw .damaged }
    return out
  }

  private static func run(_ stream: inout z_stream, _ out: inout [UInt8], _ limit: Int) -> Bool {
    var status = Z_OK
    while status == Z_OK {
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        status = inflate(&stream, Z_NO_FLUSH)
        out.append(contentsOf: buffer.prefix(buffer.count - Int(stream.avail_out)))
      }
      if out.count > limit { return false }
    }
    return status == Z_STREAM_END && stream.avail_in == 0
  }
}
