/// A model as bytes, of this machine's own order: it is kept where it was made.
extension TasteModel {
  /// How many bytes a model is.
  package static var byteCount: Int {
    buckets * (MemoryLayout<Bucket>.stride + MemoryLayout<UInt16>.stride)
      + 2 * MemoryLayout<Float>.stride
  }

  /// Appends the model.
  package func append(to bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + Self.byteCount + 64)
    for number in [low, high] { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
    table.withUnsafeBytes { bytes.append(contentsOf: $0) }
    marks.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  /// Reads what ``append(to:)`` wrote; nil for another length, and for numbers that are none.
  package init?(bytes: UnsafeRawBufferPointer) {
    guard bytes.count == Self.byteCount else { return nil }
    low = bytes.loadUnaligned(fromByteOffset: 0, as: Float.self)
    high = bytes.loadUnaligned(fromByteOffset: 4, as: Float.self)
    let tableStart = 8
    let marksStart = tableStart + Self.buckets * MemoryLayout<Bucket>.stride
    table = Self.array(bytes[tableStart..<marksStart])
    marks = Self.array(bytes[marksStart...])
    guard low.isFinite, high.isFinite,
      table.allSatisfy({ $0.weight.isFinite && $0.rarity.isFinite })
    else { return nil }
  }

  private static func array<Element: BitwiseCopyable>(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) -> [Element] {
    let count = bytes.count / MemoryLayout<Element>.stride
    return [Element](unsafeUninitializedCapacity: count) { elements, written in
      UnsafeMutableRawBufferPointer(elements).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes))
      written = count
    }
  }
}
