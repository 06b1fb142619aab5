import CZlib

/// A growing zlib stream (RFC 1950), level 6. The stream's bytes depend only on what was appended.
package final class Deflate {
  private enum State { case open, ended, failed }

  private var stream = z_stream()
  private var state: State
  /// What the stream holds so far; zlib keeps some back until ``finish()``.
  package private(set) var bytes: [UInt8] = []

  /// An empty stream.
  package convenience init() { self.init(level: 6) }

  /// An empty stream; zlib has no level beyond 9, so a test can make one that fails.
  package init(level: Int32) {
    let size = Int32(MemoryLayout<z_stream>.size)
    state = deflateInit_(&stream, level, ZLIB_VERSION, size) == Z_OK ? .open : .failed
  }

  deinit { deflateEnd(&stream) }

  /// Appends to the stream.
  package func append(_ input: [UInt8]) {
    if state == .open { run(input, Z_NO_FLUSH) }
  }

  /// Ends the stream and returns all of it.
  /// - Throws: ``SealingError/compression`` when zlib gave up, now or before.
  package func finish() throws(SealingError) -> [UInt8] {
    if state == .open { run([], Z_FINISH) }
    guard state == .ended else { throw .compression }
    return bytes
  }

  private func run(_ input: [UInt8], _ flush: Int32) {
    var input = input
    var status = Z_OK
    input.withUnsafeMutableBufferPointer { input in
      stream.next_in = input.baseAddress
      stream.avail_in = UInt32(clamping: input.count)
      repeat { status = drain(flush) } while status == Z_OK && stream.avail_out == 0
    }
    // Z_BUF_ERROR: the room was used up to its last byte, and there was no more to write.
    let isDone =
      flush == Z_FINISH ? status == Z_STREAM_END : status == Z_OK || status == Z_BUF_ERROR
    guard isDone, stream.avail_in == 0 else { return state = .failed }
    if flush == Z_FINISH { state = .ended }
  }

  private func drain(_ flush: Int32) -> Int32 {
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32_768) { out in
      stream.next_out = out.baseAddress
      stream.avail_out = UInt32(out.count)
      let status = deflate(&stream, flush)
      bytes.append(contentsOf: out.prefix(out.count - Int(stream.avail_out)))
      return status
    }
  }
}

/// Reads zlib streams from outside: never more than `limit` bytes come out, whatever went in.
package enum Inflate {
  /// The text of a whole stream.
  /// - Throws: ``SegmentError/damaged`` for anything but one complete stream within `limit`.
  package static func bytes(_ input: [UInt8], limit: Int) throws(SegmentError) -> [UInt8] {
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
