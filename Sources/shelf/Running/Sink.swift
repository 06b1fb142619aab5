import Disk
import Glibc

/// Standard output or error, buffered, so that a list is a few writes.
///
/// Invariant: once a write has failed nothing more is written, and the failure is thrown each time.
/// Nobody listening (`EPIPE`) is no error for the person: the command ends quietly with 0.
final class Sink {
  /// The open file.
  let descriptor: Int32
  private let path: String
  private var buffer: [UInt8] = []
  private static let capacity = 64 << 10

  /// A sink into an open file.
  /// - Parameter path: what to call it when it fails.
  init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Adds a line. Whatever comes from outside is made visible here, so that nobody has to think of
  /// it.
  func line(_ text: String) throws { try line(Styled(text)) }

  /// Adds a line.
  func line(_ line: Styled) throws {
    buffer.append(contentsOf: line.rendered.utf8)
    buffer.append(0x0A)
    try flushIfFull()
  }

  /// Adds lines of our own, such as a manual page.
  func text(_ text: String) throws {
    buffer.append(contentsOf: Printable.block(text).utf8)
    buffer.append(0x0A)
    try flushIfFull()
  }

  /// Adds bytes as they are: data, in a format whose writer sees to what they hold.
  func bytes(_ bytes: some Collection<UInt8>) throws {
    guard bytes.count < Self.capacity else {
      // Not once more in memory.
      try flush()
      return try write(bytes)
    }
    buffer.append(contentsOf: bytes)
    try flushIfFull()
  }

  /// Writes what is held.
  func flush() throws {
    guard !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: buffer.count < 2 * Self.capacity) }
    try write(buffer)
  }

  private func write(_ bytes: some Collection<UInt8>) throws {
    do {
      try Files.write(bytes, to: descriptor, path)
    } catch let error as FileError where error.code == EPIPE {
      throw Failure.quiet(.ok)
    }
  }

  private func flushIfFull() throws { if buffer.count >= Self.capacity { try flush() } }
}
