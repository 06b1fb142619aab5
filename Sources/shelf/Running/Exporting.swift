import Changes
import Disk
import Filters
import Glibc
import Papers
import Store

/// The papers of a filter in a format: what `export`, `[keep]` and `publish` write.
struct Exporting {
  let session: Session
  let format: ExportFormat
  /// The filter as it was typed.
  let words: String
  let filter: Filter
  let order: LibraryReader.Order
  let limit: Int?

  /// - Throws: ``Failure`` for a filter that makes no sense.
  init(
    _ session: Session, _ format: ExportFormat, _ words: [String],
    order: LibraryReader.Order = .newest, limit: Int? = nil
  ) throws {
    self.session = session
    self.format = format
    self.words = FilterParser.join(arguments: words, session.registers)
    filter = try session.filter(words)
    self.order = order
    self.limit = limit
  }

  /// An exporter of these papers.
  /// - Parameter moment: what it is to say of when; nil for now.
  private func exporter(saying moment: String? = nil) -> any Exporter {
    let origin = ExportOrigin(
      filter: words, phrases: filter.phrases,
      moment: moment ?? Timestamp.minute(session.world.now(), in: session.world.zone))
    return format.exporter(PaperForm(session.registers, origin: origin))
  }

  /// Writes them to standard output.
  func print() throws { _ = try write(ExportStream(exporter(), session)) }

  /// Brings a file in step as a whole. One that tells the same already is not touched, whatever the
  /// time it says it was made at.
  /// - Returns: how many papers, and whether it was written.
  func keep(_ path: String) throws -> (papers: Int, isWritten: Bool) {
    let old = Self.beginning(of: path).flatMap { bytes in
      format.moment(bytes).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
    var count = 0
    let isWritten = try Files.keep(path) { descriptor in
      let sink = Sink(descriptor, path: path)
      count = try write(ExportStream(exporter(saying: old), to: sink, isForTerminal: false))
      try sink.flush()
    } whenOther: { descriptor in
      guard old != nil else { return }
      try sayNow(in: descriptor, path)
    }
    return (count, isWritten)
  }

  /// Puts the moment it is in the place of that which the file says.
  private func sayNow(in descriptor: Int32, _ path: String) throws {
    let now = Array(Timestamp.minute(session.world.now(), in: session.world.zone).utf8)
    guard let bytes = Self.beginning(of: descriptor), let place = format.moment(bytes),
      place.count == now.count
    else { return }
    guard pwrite(descriptor, now, now.count, place.lowerBound) == now.count else {
      throw FileError(verb: .write, path: path, code: errno)
    }
  }

  /// As many bytes as hold all that stands before the first paper.
  private static let longestHead = 64 << 10

  private static func beginning(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    return beginning(of: descriptor)
  }

  private static func beginning(of descriptor: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: longestHead)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return count > 0 ? Array(bytes[..<count]) : nil
  }

  /// All of it in memory.
  /// - Parameter moment: when it is to say that it was made; nil for now.
  func bytes(saying moment: String? = nil) throws -> [UInt8] {
    var exporter = exporter(saying: moment)
    var bytes: [UInt8] = []
    exporter.begin(into: &bytes)
    try forEachPaper { exporter.append($0, into: &bytes) }
    exporter.end(into: &bytes)
    return bytes
  }

  private func write(_ stream: ExportStream) throws -> Int {
    var stream = stream
    var count = 0
    try forEachPaper { paper in
      count += 1
      try stream.append(paper)
    }
    try stream.end()
    return count
  }

  /// Each of the papers, in order.
  func forEachPaper(_ body: (Paper) throws -> Void) throws {
    let context = try session.filterContext()
    _ = try session.read { reader in
      try reader.forEachPaper(filter, in: context, order: order, limit: limit, body)
    }
  }
}
