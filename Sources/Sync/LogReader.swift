import Changes
import Sealing
import Transport

extension SegmentError {
  /// Whether it is this file that cannot be used, and another may be.
  var isOfFile: Bool {
    switch self {
    case .damaged, .notPapershelf, .misplaced: true
    default: false
    }
  }

  /// Whether the passphrase that was given is not the header's.
  var isOfPassphrase: Bool {
    switch self {
    case .wrongPassphrase, .passphraseNeeded, .notEncrypted: true
    default: false
    }
  }
}

/// Reads the log of one device, answer by answer: the one place that knows how a run of several
/// files is put together. Knows no folder and no library.
struct LogReader {
  /// What an answer says.
  enum Saying {
    /// The run goes on in the next file.
    case part
    /// A part of a run whose beginning was not read: it should be this number.
    case middle(from: UInt64)
    case run(ReadRun)
    /// Nothing is known of this number.
    case missing
    /// What begins with this file cannot be used now.
    case unusable(SegmentError, at: UInt64)
    /// A run that is as its author wrote it, and that this build cannot use whatever comes.
    case spoilt(SegmentError, first: UInt64, PeerLog)
    case unreachable(TransportError)
  }

  /// One run, whole.
  struct ReadRun {
    var segment: Segment
    /// The number of its first file.
    var first: UInt64
    /// What the file before it is said to be.
    var previous: [UInt8]
    /// How far the log is applied with it.
    var log: PeerLog

    var files: Int { Int(log.applied - first) + 1 }
  }

  let device: DeviceID
  /// The number whose answer is taken next.
  private(set) var next: UInt64
  /// What stands for the bytes that could not be used last.
  private(set) var sight: UInt64 = 0
  private var window: UInt64
  private var parts: [SealedFile] = []
  private var lastHash = SealedFile.noHash

  /// So many files are asked for at once.
  private static let widest: UInt64 = 8

  /// Whether the rest of a run is to come.
  var isAmidRun: Bool { !parts.isEmpty }

  /// The files read of a run of which the rest is to come.
  var begun: Range<UInt64> { next - UInt64(parts.count)..<next }

  /// All files of a run of which the rest is to come, as its first tells.
  var run: ClosedRange<UInt64>? {
    parts.first.map { begun.lowerBound...begun.lowerBound + UInt64($0.place.parts) - 1 }
  }

  init(_ device: DeviceID, from number: UInt64) {
    self.device = device
    next = number
    window = 1
  }

  /// The files to ask for together: one, where it may be that there is none, and more the more
  /// there were.
  /// - Parameter last: the last segment that the folder shows.
  mutating func names(shownUpTo last: UInt64?) -> [RemoteName] {
    if let last, last > next { window = max(window, min(Self.widest, last - next + 1)) }
    defer { window = min(window * 2, Self.widest) }
    return (next..<(next + window)).map { RemoteLayout.segment(device, $0) }
  }

  /// Takes the answer for ``next``.
  /// - Parameter keys: asked for when there is something to open.
  mutating func take(
    _ answer: Result<ReadOutcome, TransportError>, _ keys: () throws(SegmentError) -> RemoteKeys
  ) -> Saying {
    switch answer {
    case .failure(let error): return .unreachable(error)
    case .success(.missing): return .missing
    case .success(.found(let bytes)):
      do throws(SegmentError) {
        let file = try Self.open(bytes, device, next, try keys())
        return take(file, bytes)
      } catch {
        sight = SealedFile.hash(bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        return .unusable(error, at: next)
      }
    }
  }

  private mutating func take(_ file: SealedFile, _ bytes: [UInt8]) -> Saying {
    let first = next - UInt64(parts.count)
    next += 1
    if parts.isEmpty, file.place.part > 0 {
      return .middle(from: first - min(first - 1, UInt64(file.place.part)))
    }
    guard Int(file.place.part) == parts.count, file.place.parts <= Segment.maximumParts,
      parts.allSatisfy({ $0.place.parts == file.place.parts }),
      parts.isEmpty || file.place.previous == lastHash
    else { return .unusable(.misplaced, at: first) }
    parts.append(file)
    lastHash = SealedFile.hash(bytes)
    guard parts.count == file.place.parts else { return .part }
    let whole = parts
    parts = []
    do throws(SegmentError) {
      let segment = try Segment(parts: whole.map(\.payload), writer: device)
      return .run(
        ReadRun(
          segment: segment, first: first, previous: whole[0].place.previous,
          log: PeerLog(applied: next - 1, file: bytes)))
    } catch {
      return .spoilt(error, first: first, PeerLog(applied: next - 1, file: bytes))
    }
  }

  /// Opens a file that should be this segment.
  static func open(
    _ bytes: [UInt8], _ device: DeviceID, _ number: UInt64, _ keys: RemoteKeys
  ) throws(SegmentError) -> SealedFile {
    let file = try SealedFile(opening: bytes, with: keys)
    guard file.place.kind == .segment, file.place.device == device, file.place.number == number
    else { throw .misplaced }
    return file
  }
}
