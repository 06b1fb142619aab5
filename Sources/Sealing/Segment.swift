import Changes
import JSONText

/// What a segment, or a run of parts, holds: one header line, then changes, one a line
/// (``ChangeLine``); all of it one zlib stream (Sources/Sync/FORMAT.md).
package struct Segment: Hashable, Sendable {
  /// The first line.
  package struct Opening: Hashable, Sendable {
    /// What ``covers`` is called.
    package static let coversKey = "covers"
    /// Where the device's log starts.
    package var log: UInt64
    /// Whether more follows of what that log was put together from.
    package var isPartial = false
    /// The devices its author knew.
    package var peers: [DeviceID]
    /// Segments of other devices that could not be read, and whose changes stand in this log up to
    /// this segment.
    package var covers: [DeviceID: [ClosedRange<UInt64>]]

    /// An opening with everything said.
    package init(
      log: UInt64, peers: [DeviceID], covers: [DeviceID: [ClosedRange<UInt64>]] = [:]
    ) {
      self.log = log
      self.peers = peers
      self.covers = covers
    }

    /// Nothing before this number is needed by whoever reads on from here. Of a log that was put
    /// together in part all is: its machine may never come back to do the rest.
    package var needed: UInt64 { isPartial ? 1 : log }

    /// The line, without its line feed.
    package var text: String {
      var json = JSONTextWriter()
      json.object { json in
        json.key("log")
        json.number(log)
        if isPartial { json.key("more"); json.bool(true) }
        json.key("peers")
        json.array { json in for peer in peers { json.string(peer.description) } }
        guard !covers.isEmpty else { return }
        json.key(text: Self.coversKey)
        json.object { json in DeviceNumbers.write(covers, to: &json) }
      }
      return json.text
    }
  }

  /// The first line.
  package var opening: Opening
  /// The changes, in the order their author got them.
  package var changes: [Change]
  /// How many lines are no change that this build takes: of a later format, or beyond
  /// ``ChangeBounds``. One of them stops no other.
  package var untaken = 0

  /// Streams of more text than this are not read: a change alone has less, whatever its names and
  /// what it has seen, and several have 4 MiB and one more of 64 KiB (``SegmentWriter``).
  package static let maximumText = 24 * 1024 * 1024
  /// Nor those of more lines. Whoever writes ends one at 4 MiB (``SegmentSize/standard``), which is
  /// not half as many; each takes more than a hundred bytes while it is here.
  package static let mostLines = 256 * 1024
  /// Nor those whose changes have seen more changes together: of such, six bytes each, 4 MiB and
  /// one change have less.
  package static let mostSeen = 1024 * 1024
  /// No run has more parts.
  package static let maximumParts: UInt16 = 128
  /// No more peers are told or believed in one segment or head: who has more tells these one time,
  /// those another.
  package static let maximumPeers = 256

  /// Reads the stream of a segment.
  /// - Throws: as ``init(parts:writer:)``.
  package init(stream: [UInt8], writer: DeviceID) throws(SegmentError) {
    try self.init(parts: [stream], writer: writer)
  }

  /// Reads the stream of a segment or of a run, as it is parted into files.
  /// - Throws: ``SegmentError/damaged``, or `newerFormat` when the first line is not of this
  ///   format.
  package init(parts: [[UInt8]], writer: DeviceID) throws(SegmentError) {
    let text = try Inflate.text(parts, limit: Self.maximumText)
    guard text.read({ $0.count { $0 == 0x0A } }) <= Self.mostLines else { throw .damaged }
    do {
      (opening, changes, untaken) = try text.read { try Self.read($0, writer) }
    } catch let error as SegmentError {
      throw error
    } catch {
      // The bytes are as their author wrote them, so the author speaks another format.
      throw .newerFormat(SealedFile.format + 1)
    }
  }

  private static func read(
    _ utf8: UnsafeBufferPointer<UInt8>, _ writer: DeviceID
  ) throws -> (Opening, [Change], untaken: Int) {
    var lines = utf8.split(separator: 0x0A).makeIterator()
    let opening = try lines.next().map { line in
      try JSONTextReader.read(UnsafeBufferPointer(rebasing: line)) { try readOpening(&$0) }
    }
    guard let opening else { throw JSONTextError(offset: 0) }
    var context = ChangeLine.Context(writer: writer)
    var changes: [Change] = []
    var (untaken, seen) = (0, 0)
    while let line = lines.next() {
      let line = UnsafeBufferPointer(rebasing: line)
      guard String(validating: line, as: UTF8.self) != nil,
        let change = ChangeLine.read(line, &context)
      else {
        untaken += 1
        continue
      }
      seen += change.seen.count
      guard seen <= mostSeen else { throw SegmentError.damaged }
      changes.append(change)
    }
    return (opening, changes, untaken)
  }

  private static func readOpening(_ reader: inout JSONTextReader) throws -> Opening {
    var opening = Opening(log: 1, peers: [])
    try reader.object { key, reader in
      switch key {
      case "log": opening.log = UInt64(clamping: max(1, try reader.integer()))
      case "more": opening.isPartial = try reader.bool()
      case "peers": opening.peers = try PeerList.read(&reader)
      case Opening.coversKey: opening.covers = try DeviceNumbers.read(&reader)
      default: try reader.skip()
      }
    }
    return opening
  }
}

/// How much one segment holds; a test makes it small.
package struct SegmentSize: Hashable, Sendable {
  /// Bytes of text, however well they compress: what a reader must hold in memory at once.
  package var text: Int
  /// Bytes of the stream in one file.
  package var file: Int

  /// What is written.
  package static let standard = SegmentSize(text: 4 * 1024 * 1024, file: SealedFile.maximumPayload)

  /// Others.
  package init(text: Int, file: Int) {
    self.text = text
    self.file = file
  }
}

/// Writes the stream of one segment, change by change, until it is full.
package struct SegmentWriter {
  private let size: SegmentSize
  private let stream = Deflate()
  private var context: ChangeLine.Context
  /// How many changes it holds.
  package private(set) var count = 0
  private var isFull = false

  /// A change with more text than this goes alone, unless it surely fits.
  private static let longLine = 64 * 1024
  /// zlib keeps some of the stream back; with one more line at most this stays below a segment.
  private static let fullAt = 352 * 1024
  private var textLength = 0

  /// A segment that begins with this opening (``Segment/Opening/text``).
  package init(opening: String, writer: DeviceID, size: SegmentSize = .standard) {
    self.size = size
    context = ChangeLine.Context(writer: writer)
    stream.append(Array(opening.utf8) + [0x0A])
  }

  /// Adds a change; false when it no longer fits and belongs to the next segment.
  package mutating func append(_ change: Change) -> Bool {
    guard !isFull else { return false }
    var after = context
    let line = ChangeLine.bytes(change, &after)
    if line.count > Self.longLine {
      // It may be as long as it is: where it does not surely fit, it goes alone.
      guard count == 0 || stream.bytes.count + line.count <= Self.fullAt + Self.longLine else {
        return false
      }
      isFull = count == 0 && line.count > Self.fullAt
    }
    stream.append(line)
    context = after
    count += 1
    textLength += line.count
    if stream.bytes.count >= Self.fullAt || textLength >= size.text { isFull = true }
    return true
  }

  /// The payloads of the files it takes: one, or more for a single change of great length.
  package func payloads() throws(SealingError) -> [[UInt8]] {
    let whole = try stream.finish()
    guard whole.count > size.file else { return [whole] }
    return stride(from: 0, to: whole.count, by: size.file).map {
      Array(whole[$0..<min(whole.count, $0 + size.file)])
    }
  }
}
