import Disk
import Papers
import Store
import Taste

/// What is kept of a taste in the state folder: `taste`, the model, and `taste-papers`, the
/// features of the papers it learned from, which only fitting needs.
///
/// A file is what it is of, the body, and a sum over both; one that is damaged, or of another
/// build, is none. A home that cannot be written has none either, and a taste is fitted each time.
struct TasteFile {
  /// What a file is of.
  struct Origin: Hashable {
    /// Which library.
    var library: UInt64
    /// The last thing recorded there.
    var last: LibraryReader.ChangeMark
  }

  private let folder: String

  /// The files of a home.
  init(_ paths: Paths) { folder = paths.state }

  private static let model = "taste"
  private static let features = "taste-papers"
  private static let head = Array("shelf taste \(TasteModel.version), shelf \(Version.text)\n".utf8)
  private static let words = 5
  /// Features of ordinary papers are a few megabytes; what is more is read again each time.
  private static let limit = 64 << 20

  // MARK: The model

  /// The model that was kept.
  func model() -> (origin: Origin, model: TasteModel)? {
    read(Self.model) { origin, body in TasteModel(bytes: body).map { (origin, $0) } }
  }

  /// Keeps a model.
  func write(_ model: TasteModel, _ origin: Origin) {
    write(Self.model, origin) { model.append(to: &$0) }
  }

  // MARK: The features

  /// The features that were kept.
  func features() -> (origin: Origin, features: [ByteText: PaperFeatures])? {
    read(Self.features) { origin, body in
      var features: [ByteText: PaperFeatures] = [:]
      var rest = body[...]
      while !rest.isEmpty {
        guard let length = Self.number(&rest), let count = Self.number(&rest),
          let id = Self.array(&rest, length, of: UInt8.self),
          let cells = Self.array(&rest, count, of: UInt32.self),
          let counts = Self.array(&rest, count, of: UInt8.self)
        else { return nil }
        features[ByteText(String(decoding: id, as: UTF8.self))] = PaperFeatures(
          cells: cells, counts: counts)
      }
      return (origin, features)
    }
  }

  /// Keeps the features of papers.
  func write(_ papers: some Sequence<(ByteText, PaperFeatures)>, _ origin: Origin) {
    write(Self.features, origin) { bytes in
      for (id, features) in papers {
        let name = Array(id.text.utf8)
        for number in [name.count, features.cells.count] {
          withUnsafeBytes(of: UInt32(number)) { bytes.append(contentsOf: $0) }
        }
        bytes += name
        features.cells.withUnsafeBytes { bytes.append(contentsOf: $0) }
        bytes += features.counts
      }
    }
  }

  private static func number(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Int? {
    array(&rest, 1, of: UInt32.self)?.first.map { Int($0) }
  }

  private static func array<Number: FixedWidthInteger & BitwiseCopyable>(
    _ rest: inout Slice<UnsafeRawBufferPointer>, _ count: Int, of: Number.Type
  ) -> [Number]? {
    let length = count * MemoryLayout<Number>.stride
    guard length <= rest.count else { return nil }
    let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(length))
    rest = rest.dropFirst(length)
    return [Number](unsafeUninitializedCapacity: count) { numbers, written in
      UnsafeMutableRawBufferPointer(numbers).copyMemory(from: piece)
      written = count
    }
  }

  // MARK: Files

  private func read<Content>(
    _ name: String, _ content: (Origin, UnsafeRawBufferPointer) -> Content?
  ) -> Content? {
    guard let bytes = try? Files.bytes(Paths.join(folder, name), limit: Self.limit),
      bytes.starts(with: Self.head), bytes.count >= Self.head.count + Self.words * 8 + 8
    else { return nil }
    return bytes.withUnsafeBytes { all in
      let (start, end) = (Self.head.count, all.count - 8)
      guard all.loadUnaligned(fromByteOffset: end, as: UInt64.self) == Self.sum(all[..<end]) else {
        return nil
      }
      let words = (0..<Self.words).map {
        all.loadUnaligned(fromByteOffset: start + $0 * 8, as: Int64.self)
      }
      let origin = Origin(
        library: UInt64(bitPattern: words[0]), last: LibraryReader.ChangeMark(Array(words[1...])))
      return content(
        origin, UnsafeRawBufferPointer(rebasing: all[(start + Self.words * 8)..<end]))
    }
  }

  private func write(_ name: String, _ origin: Origin, _ append: (inout [UInt8]) -> Void) {
    guard origin.last.numbers.count == Self.words - 1 else { return }
    var bytes = Self.head
    for word in [Int64(bitPattern: origin.library)] + origin.last.numbers {
      withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }
    append(&bytes)
    guard bytes.count + 8 <= Self.limit else { return }
    let sum = bytes.withUnsafeBytes { Self.sum($0[...]) }
    withUnsafeBytes(of: sum) { bytes.append(contentsOf: $0) }
    do {
      let path = Paths.join(folder, name)
      try Files.makeFolder(folder)
      try Files.replace(path, mode: 0o600, isFlushed: false) { descriptor in
        try Files.write(bytes, to: descriptor, path)
      }
    } catch {
      // It is made again when it is asked for.
    }
  }

  /// Against damage, not against somebody: the file is of the person's own state folder.
  private static func sum(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt64 {
    let all = UnsafeRawBufferPointer(rebasing: bytes)
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    var place = 0
    while place + 8 <= all.count {
      sum =
        (sum ^ all.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        &* 0x9E37_79B9_7F4A_7C15
      sum ^= sum >> 29
      place += 8
    }
    while place < all.count {
      sum = (sum ^ UInt64(all[place])) &* 0x100_0000_01B3
      place += 1
    }
    return sum
  }
}
