/// The bytes of words, as they are folded. An array asks at each byte whether it is shared: with
/// one, folding was twice the work, and an import a seventh more.
struct WordBytes: ~Copyable {
  private var base: UnsafeMutablePointer<UInt8>
  private var capacity: Int
  private(set) var count = 0

  init(room: Int) {
    capacity = max(64, room)
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: base, count: count) }

  /// Makes room for so many bytes more, and a space.
  mutating func reserve(_ more: Int) {
    guard count + more >= capacity else { return }
    capacity = max(2 * capacity, count + more + 1)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: base, count: count)
    base.deallocate()
    base = larger
  }

  /// Appends a byte there is room for.
  mutating func append(_ byte: UInt8) {
    base[count] = byte
    count += 1
  }

  /// Appends letters or digits of ASCII in lower case.
  mutating func append(lowercasing ascii: UnsafeBufferPointer<UInt8>) {
    reserve(ascii.count)
    for index in ascii.indices { base[count + index] = ascii[index] | 0x20 }
    count += ascii.count
  }

  @inline(__always)
  mutating func append(_ bytes: some Collection<UInt8>) {
    reserve(bytes.count)
    for byte in bytes { append(byte) }
  }

  mutating func append(_ scalar: Unicode.Scalar) {
    reserve(4)
    for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
  }

  /// Cuts the ending off the word that is last.
  mutating func cutEnding(from start: Int) {
    let word = UnsafeMutableBufferPointer(start: base + start, count: count - start)
    count = start + WordEnding.cut(word)
  }

  mutating func removeAll() { count = 0 }
}
