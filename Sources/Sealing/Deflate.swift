import CZlib
import Glibc

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
    var status = Z_OK
    input.withUnsafeBufferPointer { input in
      // zlib only reads it.
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
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
  package final class Text {
    private var start: UnsafeMutablePointer<UInt8>?
    /// How many bytes it has.
    package private(set) var count = 0
    private var room = 0

    deinit { free(start) }

    /// Looks at the bytes, where they are.
    package func read<Value>(
      _ body: (UnsafeBufferPointer<UInt8>) throws -> Value
    ) rethrows -> Value {
      try withExtendedLifetime(self) {
        try body(UnsafeBufferPointer(start: start, count: count))
      }
    }

    /// Appends. Grown by the allocator, which moves a long text without a second one beside it, as
    /// an array would hold while it grows.
    fileprivate func append(_ more: UnsafeBufferPointer<UInt8>) -> Bool {
      if count + more.count > room {
        let wanted = max(2 * room, count + more.count)
        guard let grown = realloc(start, wanted) else { return false }
        (start, room) = (grown.assumingMemoryBound(to: UInt8.self), wanted)
      }
      if let from = more.baseAddress, let start { memcpy(start + count, from, more.count) }
      count += more.count
      return true
    }
  }

  /// The text of a stream that is here in parts.
  /// - Throws: ``SegmentError/damaged`` for anything but one complete stream within `limit`.
  package static func text(_ parts: [[UInt8]], limit: Int) throws(SegmentError) -> Text {
    var stream = z_stream()
    guard inflateInit_(&stream, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw .damaged
    }
    defer { inflateEnd(&stream) }
    let text = Text()
    var status = Z_OK
    for part in parts {
      // Nothing comes after the end.
      guard part.isEmpty || status == Z_OK else { throw .damaged }
      let isTaken = part.withUnsafeBufferPointer { part in
        stream.next_in = UnsafeMutablePointer(mutating: part.baseAddress)
        stream.avail_in = UInt32(clamping: part.count)
        return run(&stream, &status, text, limit)
      }
      guard isTaken else { throw .damaged }
    }
    guard status == Z_STREAM_END else { throw .damaged }
    return text
  }

  /// The text of a whole stream.
  /// - Throws: as ``text(_:limit:)``.
  package static func bytes(_ input: [UInt8], limit: Int) throws(SegmentError) -> [UInt8] {
    try text([input], limit: limit).read { Array($0) }
  }

  /// Reads all of the input that was given.
  private static func run(
    _ stream: inout z_stream, _ status: inout Int32, _ text: Text, _ limit: Int
  ) -> Bool {
    var isFull = true
    while status == Z_OK, stream.avail_in > 0 || isFull {
      let isTaken = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 65_536) { buffer in
        stream.next_out = buffer.baseAddress
        stream.avail_out = UInt32(buffer.count)
        status = inflate(&stream, Z_NO_FLUSH)
        isFull = stream.avail_out == 0
        let read = buffer.count - Int(stream.avail_out)
        return text.append(UnsafeBufferPointer(rebasing: buffer[..<read]))
      }
      guard isTaken, text.count <= limit else { return false }
    }
    // There is no more to come of what was given.
    if status == Z_BUF_ERROR { status = Z_OK }
    return (status == Z_OK || status == Z_STREAM_END) && stream.avail_in == 0
  }
}
