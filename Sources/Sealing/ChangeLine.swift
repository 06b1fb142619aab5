import Changes
import JSONText

/// A change as one line of a segment: a JSON array that leaves out what can be told from elsewhere
/// (Sources/Sync/FORMAT.md).
package enum ChangeLine {
  /// Lines are written and read in order: what one leaves out, the one before tells.
  package struct Context: Sendable {
    /// The writer of the segment.
    package var writer: DeviceID
    var operation: Stamp?

    /// The context of the first line.
    package init(writer: DeviceID) { self.writer = writer }
  }

  /// The line, with its line feed.
  package static func bytes(_ change: Change, _ context: inout Context) -> [UInt8] {
    var json = JSONTextWriter(room: change.value.utf8.count + 256)
    let author = change.stamp.device
    json.array { json in
      write(change.stamp, writer: context.writer, to: &json)
      if change.operation == context.operation {
        json.number(0)
      } else {
        write(change.operation, writer: author, to: &json)
      }
      json.string(change.entity)
      json.string(change.field)
      json.raw(change.value)
      guard !change.seen.isEmpty || change.at != nil else { return }
      json.array { json in for stamp in change.seen { write(stamp, writer: author, to: &json) } }
      if let at = change.at { json.number(at) }
    }
    context.operation = change.operation
    json.lineFeed()
    return json.bytes
  }

  private static func write(_ stamp: Stamp, writer: DeviceID, to json: inout JSONTextWriter) {
    json.array { json in
      json.number(stamp.milliseconds)
      json.number(stamp.counter)
      if stamp.device != writer { json.string(stamp.device.description) }
    }
  }

  /// Reads the line that comes next; nil when it is no change that this build takes. A line of
  /// another shape is a later format's. What of it tells of the lines after it, the operation, is
  /// taken note of all the same; where it cannot be read, neither can what depends on it.
  static func read(_ line: UnsafeBufferPointer<UInt8>, _ context: inout Context) -> Change? {
    var draft = Draft()
    var place = 0
    let (writer, operation) = (context.writer, context.operation)
    let isWhole: Bool
    do {
      try JSONTextReader.read(line) { reader in
        try reader.array { reader in
          try draft.read(place, &reader, writer, operation)
          place += 1
        }
      }
      isWhole = true
    } catch {
      isWhole = false
    }
    context.operation = draft.operation
    guard isWhole, let change = draft.change, ChangeBounds.hold(change) else { return nil }
    return change
  }

  private struct Draft {
    var stamp: Stamp?
    var operation: Stamp?
    var entity = ""
    var field = ""
    var value: String?
    var seen: [Stamp] = []
    var at: Int64?
    /// Whether every stamp is one: a counter has 32 bits.
    var isExact = true

    var change: Change? {
      guard isExact, let stamp, let operation, let value else { return nil }
      return Change(
        stamp: stamp, operation: operation, entity: entity, field: field, value: value,
        seen: seen, at: at)
    }

    mutating func read(
      _ place: Int, _ reader: inout JSONTextReader, _ writer: DeviceID, _ before: Stamp?
    ) throws {
      let author = stamp?.device ?? writer
      switch place {
      case 0: stamp = try readStamp(&reader, author)
      case 1:
        if reader.peek() == 0x5B {
          operation = try readStamp(&reader, author)
        } else {
          guard try reader.integer() == 0 else { throw JSONTextError(offset: reader.position) }
          operation = before
        }
      case 2: entity = try reader.string()
      case 3: field = try reader.string()
      case 4: value = try reader.raw()
      case 5:
        try reader.array { reader in
          guard seen.count < ChangeBounds.seen else {
            throw JSONTextError(offset: reader.position)
          }
          seen.append(try readStamp(&reader, author))
        }
      case 6: at = try reader.integer()
      default: throw JSONTextError(offset: reader.position)
      }
    }

    private mutating func readStamp(
      _ reader: inout JSONTextReader, _ writer: DeviceID
    ) throws -> Stamp {
      var numbers: [Int64] = []
      var device = writer
      var hasDevice = false
      try reader.array { reader in
        if numbers.count < 2 {
          numbers.append(try reader.integer())
        } else {
          guard !hasDevice, let named = DeviceID(try reader.string()) else {
            throw JSONTextError(offset: reader.position)
          }
          device = named
          hasDevice = true
        }
      }
      guard numbers.count == 2 else { throw JSONTextError(offset: reader.position) }
      isExact = isExact && UInt32(exactly: numbers[1]) != nil
      return Stamp(
        milliseconds: numbers[0], counter: UInt32(clamping: numbers[1]), device: device)
    }
  }
}
