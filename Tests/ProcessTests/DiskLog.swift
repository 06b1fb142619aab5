import Foundation

/// What a process did to the files of a folder, as Tests/PowerLoss/recorder.c wrote it down.
enum DiskEvent {
  case create(inode: UInt64, path: String, mode: Int)
  case write(inode: UInt64, offset: Int, bytes: ArraySlice<UInt8>)
  case resize(inode: UInt64, size: Int)
  /// The file's content is on the disk.
  case flush(inode: UInt64)
  /// The folder's names are on the disk.
  case flushFolder(String)
  case rename(String, String)
  case remove(String)
  case makeFolder(String, mode: Int)

  /// All entries of a log, in order, each with where it ends.
  /// - Throws: when an entry is not one.
  static func read(_ log: [UInt8]) throws -> [(event: DiskEvent, end: Int)] {
    var events: [(event: DiskEvent, end: Int)] = []
    var reader = Reader(bytes: log)
    while reader.position < log.count {
      let event = try reader.next()
      events.append((event, reader.position))
    }
    return events
  }

  private struct Reader {
    struct Malformed: Error { var position: Int }

    let bytes: [UInt8]
    var position = 0

    mutating func next() throws -> DiskEvent {
      let end = Int(try number(UInt32.self)) + position
      let what = try number(UInt8.self)
      let inode = try number(UInt64.self)
      let offset = Int(try number(Int64.self))
      let lengths = (Int(try number(UInt32.self)), Int(try number(UInt32.self)))
      guard end <= bytes.count, position + lengths.0 + lengths.1 <= end else {
        throw Malformed(position: position)
      }
      let path = text(lengths.0)
      let second = text(lengths.1)
      defer { position = end }
      switch what {
      case 1: return .create(inode: inode, path: path, mode: offset)
      case 2: return .write(inode: inode, offset: offset, bytes: bytes[position..<end])
      case 3: return .resize(inode: inode, size: offset)
      case 4: return .flush(inode: inode)
      case 5: return .flushFolder(path)
      case 6: return .rename(path, second)
      case 7: return .remove(path)
      case 8: return .makeFolder(path, mode: offset)
      default: throw Malformed(position: position)
      }
    }

    private mutating func number<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
      let width = Value.bitWidth / 8
      guard position + width <= bytes.count else { throw Malformed(position: position) }
      defer { position += width }
      return bytes[position..<(position + width)].reversed().reduce(0) {
        $0 << 8 | Value(truncatingIfNeeded: $1)
      }
    }

    private mutating func text(_ length: Int) -> String {
      defer { position += length }
      return String(decoding: bytes[position..<(position + length)], as: UTF8.self)
    }
  }
}
