/// Why a JSON text could not be read.
package struct JSONTextError: Error, Hashable, Sendable {
  /// The byte at which it went wrong.
  package var offset: Int

  /// An error with everything said.
  package init(offset: Int) { self.offset = offset }
}

/// Reads JSON text (RFC 8259) value by value, without building a tree: the caller says what it
/// expects. Linear, bounded in depth, and never traps on any bytes.
package struct JSONTextReader {
  private let bytes: UnsafeBufferPointer<UInt8>
  /// The next byte to read.
  package private(set) var position = 0

  /// Deeper nesting than this is refused.
  package static let maximumDepth = 64

  /// A reader over bytes that must outlive it.
  package init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// Reads all of `text` with `body`.
  /// - Throws: ``JSONTextError`` when something else follows, or what `body` throws.
  package static func read<Value>(
    _ text: String, _ body: (inout JSONTextReader) throws -> Value
  ) throws -> Value {
    var text = text
    return try text.withUTF8 { try read($0, body) }
  }

  /// Reads all of some bytes with `body`.
  /// - Throws: ``JSONTextError`` when something else follows, or what `body` throws.
  package static func read<Value>(
    _ bytes: UnsafeBufferPointer<UInt8>, _ body: (inout JSONTextReader) throws -> Value
  ) throws -> Value {
    var reader = JSONTextReader(bytes)
    let value = try body(&reader)
    try reader.end()
    return value
  }

  /// Calls `member` with each key of the object that comes next; it must read or skip the value.
  package mutating func object(_ member: (String, inout JSONTextReader) throws -> Void) throws {
    try expect(0x7B)
    if try next(is: 0x7D) { return }
    repeat {
      let key = try string()
      try expect(0x3A)
      try member(key, &self)
    } while try next(is: 0x2C)
    try expect(0x7D)
  }

  /// Calls `element` at each element of the array that comes next; it must read or skip it.
  package mutating func array(_ element: (inout JSONTextReader) throws -> Void) throws {
    try expect(0x5B)
    if try next(is: 0x5D) { return }
    repeat { try element(&self) } while try next(is: 0x2C)
    try expect(0x5D)
  }

  /// The string that comes next.
  package mutating func string() throws -> String {
    try expect(0x22)
    let start = position
    position = bytes.firstSpecial(from: position, printed: false)
    guard position < bytes.count else { throw failure }
    switch bytes[position] {
    case 0x22:
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      position += 1
      return text
    case 0x5C: return try escapedString(from: start)
    default: throw failure
    }
  }

  /// The string that comes next, or nil for `null`.
  package mutating func optionalString() throws -> String? {
    try nextIsNull() ? nil : string()
  }

  /// The whole number that comes next.
  package mutating func integer() throws -> Int64 {
    skipSpace()
    let isNegative = position < bytes.count && bytes[position] == 0x2D
    if isNegative { position += 1 }
    let start = position
    var value: Int64 = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let digit = Int64(bytes[position] - 0x30)
      let (tens, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      // Downwards, for there is one number more below zero than above.
      let (sum, isTooSmall) = tens.subtractingReportingOverflow(digit)
      guard !isTooLarge, !isTooSmall else { throw failure }
      value = sum
      position += 1
    }
    guard position > start, isNegative || value > .min else { throw failure }
    return isNegative ? value : -value
  }

  /// `true` or `false`.
  package mutating func bool() throws -> Bool {
    if literal("true") { return true }
    guard literal("false") else { throw failure }
    return false
  }

  /// Takes a `null`; false when something else comes next.
  package mutating func nextIsNull() throws -> Bool { literal("null") }

  /// The first byte of the value that comes next, 0 at the end.
  package mutating func peek() -> UInt8 {
    skipSpace()
    return position < bytes.count ? bytes[position] : 0
  }

  /// Takes any value and returns its text as written.
  package mutating func raw() throws -> String {
    skipSpace()
    let start = position
    try skip(depth: 0)
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  /// Takes any value.
  package mutating func skip() throws { try skip(depth: 0) }

  /// Demands that nothing but white space is left.
  package mutating func end() throws {
    skipSpace()
    guard position == bytes.count else { throw failure }
  }

  private var failure: JSONTextError { JSONTextError(offset: position) }

  private mutating func skip(depth: Int) throws {
    guard depth < Self.maximumDepth else { throw failure }
    switch peek() {
    case 0x7B:
      try object { _, reader in try reader.skip(depth: depth + 1) }
    case 0x5B:
      try array { reader in try reader.skip(depth: depth + 1) }
    case 0x22: _ = try string()
    case 0x74, 0x66: _ = try bool()
    case 0x6E: guard literal("null") else { throw failure }
    default: try skipNumber()
    }
  }

  private mutating func skipNumber() throws {
    let start = position
    scan: while position < bytes.count {
      switch bytes[position] {
      case 0x30...0x39, 0x2D, 0x2B, 0x2E, 0x45, 0x65: position += 1
      default: break scan
      }
    }
    guard position > start, Double(String(decoding: bytes[start..<position], as: UTF8.self)) != nil
    else { throw failure }
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0A, 0x0D: position += 1
      default: return
      }
    }
  }

  private mutating func expect(_ byte: UInt8) throws {
    guard try next(is: byte) else { throw failure }
  }

  private mutating func next(is byte: UInt8) throws -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func literal(_ word: StaticString) -> Bool {
    skipSpace()
    let length = word.utf8CodeUnitCount
    guard bytes.count - position >= length else { return false }
    for offset in 0..<length where bytes[position + offset] != word.utf8Start[offset] {
      return false
    }
    position += length
    return true
  }

  /// The slow path of ``string()``: from `start` on, with the first escape at `position`. Written
  /// where it stays, for it may have many megabytes.
  private mutating func escapedString(from start: Int) throws -> String {
    let end = try endOfString()
    let text = try String(unsafeUninitializedCapacity: end - start) { out in
      var count = 0
      var from = start
      while from < end {
        let piece = bytes[from..<position]
        _ = UnsafeMutableBufferPointer(rebasing: out[count...]).initialize(from: piece)
        count += piece.count
        guard position < end else { break }
        position += 1
        try unescape(into: out, &count)
        from = position
        position = bytes.firstSpecial(from: position, printed: false)
      }
      return count
    }
    position = end + 1
    return text
  }

  /// Where the mark stands that ends a string with an escape at `position`.
  private func endOfString() throws -> Int {
    var place = position
    while true {
      guard place < bytes.count else { throw JSONTextError(offset: place) }
      switch bytes[place] {
      case 0x22: return place
      case 0x5C: place += 2
      default: throw JSONTextError(offset: place + 1)
      }
      place = bytes.firstSpecial(from: min(place, bytes.count), printed: false)
    }
  }

  /// No escape is shorter than what it stands for.
  private mutating func unescape(
    into out: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int
  ) throws {
    func put(_ byte: UInt8) {
      out.initializeElement(at: count, to: byte)
      count += 1
    }
    guard position < bytes.count else { throw failure }
    let byte = bytes[position]
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: put(byte)
    case 0x6E: put(0x0A)
    case 0x72: put(0x0D)
    case 0x74: put(0x09)
    case 0x62: put(0x08)
    case 0x66: put(0x0C)
    case 0x75: for byte in String(try unicodeEscape()).utf8 { put(byte) }
    default: throw failure
    }
  }

  /// The scalar of `\uXXXX` or a surrogate pair of two; a lone surrogate becomes U+FFFD.
  private mutating func unicodeEscape() throws -> Character {
    let first = try hexQuad()
    if let scalar = Unicode.Scalar(first) { return Character(scalar) }
    guard first < 0xDC00, bytes.count - position >= 6, bytes[position] == 0x5C,
      bytes[position + 1] == 0x75
    else { return "\u{FFFD}" }
    let mark = position
    position += 2
    let second = try hexQuad()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    else {
      position = mark
      return "\u{FFFD}"
    }
    return Character(scalar)
  }

  private mutating func hexQuad() throws -> UInt32 {
    guard bytes.count - position >= 4 else { throw failure }
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw failure
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}

extension JSONTextReader {
  /// The array of strings that comes next.
  package mutating func strings() throws -> [String] {
    var strings: [String] = []
    try array { strings.append(try $0.string()) }
    return strings
  }
}
