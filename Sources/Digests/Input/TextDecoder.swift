/// Turns the bytes of a file into UTF-8: takes a byte order mark off, converts UTF-16 that has one
/// or is declared, other encodings that are declared, and Chinese text of older ones.
///
/// Servers declare Latin-1 for whatever they have: text that is UTF-8 is read as such.
/// Holds a sample of text until it is known what it is, and at most a character after that.
struct TextDecoder {
  private enum Form { case unknown, utf8, bigEndian, littleEndian }
  private let declared: DeclaredEncoding?
  /// Bytes from the first one on that is not ASCII by which the encoding is told.
  private static let sampleSize = 4096

  private var form = Form.unknown
  /// What is looked at to tell the encoding; nil when it is told.
  private var sample: [UInt8]? = []
  private var decoder: CharacterDecoder?
  private var head: [UInt8] = []
  /// The first half of a code unit, and a high surrogate that waits for the low one.
  private var half: UInt8?
  private var high: UInt16?

  /// - Parameter declared: what the server says that it is.
  init(declared: DeclaredEncoding? = nil) { self.declared = declared }

  /// Takes the next bytes and hands out UTF-8 (not yet validated).
  mutating func feed(
    _ bytes: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>) throws -> Void
  ) rethrows {
    var start = 0
    if form == .unknown {
      while start < bytes.count, form == .unknown {
        head.append(bytes[start])
        start += 1
        decide()
      }
      if form == .unknown { return }
      let held = head
      head = []
      try hand(out: held.span, body)
    }
    if start < bytes.count { try hand(out: bytes.extracting(start..<bytes.count), body) }
  }

  /// Ends the text.
  mutating func finish(_ body: (borrowing Span<UInt8>) throws -> Void) rethrows {
    if form == .unknown {
      form = .utf8
      let rest = head
      try hand(out: rest.span, body)
    }
    if form == .utf8 {
      try decide(isWhole: true, body)
      if let rest = decoder?.finish(), !rest.isEmpty { try body(rest.span) }
    } else if half != nil || high != nil {
      let replacement = Array("\u{FFFD}".utf8)
      try body(replacement.span)
    }
  }

  private mutating func hand(
    out bytes: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>) throws -> Void
  ) rethrows {
    guard form == .utf8 else {
      let text = decode(bytes)
      return try body(text.span)
    }
    guard let held = sample else { return try handKnown(bytes, body) }
    var start = 0
    if held.isEmpty {
      while start < bytes.count, bytes[start] < 0x80 { start += 1 }
      if start > 0 { try body(bytes.extracting(0..<start)) }
    }
    let end = min(bytes.count, start + Self.sampleSize - held.count)
    bytes.withUnsafeBufferPointer { sample?.append(contentsOf: $0[start..<end]) }
    try decide(isWhole: false, body)
    if end < bytes.count { try handKnown(bytes.extracting(end..<bytes.count), body) }
  }

  private func handKnown(
    _ bytes: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>) throws -> Void
  ) rethrows {
    guard let decoder else { return try body(bytes) }
    let text = decoder.decode(bytes)
    try body(text.span)
  }

  /// Tells the encoding when enough of the text is there.
  private mutating func decide(
    isWhole: Bool, _ body: (borrowing Span<UInt8>) throws -> Void
  ) rethrows {
    guard let held = sample, isWhole || held.count >= Self.sampleSize else { return }
    sample = nil
    guard !held.isEmpty else { return }
    decoder = name(of: held.span).flatMap(CharacterDecoder.init)
    try handKnown(held.span, body)
  }

  /// The encoding of text of which a sample is not ASCII; nil for UTF-8.
  private func name(of sample: borrowing Span<UInt8>) -> String? {
    if ChineseEncoding.isMostlyUTF8(sample) { return nil }
    if case .named(let name) = declared { return name }
    return ChineseEncoding.told(by: sample)?.rawValue
  }

  /// Looks for a byte order mark, which is taken off.
  private mutating func decide() {
    switch head {
    case [0xEF], [0xEF, 0xBB], [0xFE], [0xFF]: return
    case [0xEF, 0xBB, 0xBF]: form = .utf8
    case [0xFE, 0xFF]: form = .bigEndian
    case [0xFF, 0xFE]: form = .littleEndian
    default:
      form =
        switch declared {
        case .bigEndian: .bigEndian
        case .littleEndian: .littleEndian
        case .named, nil: .utf8
        }
      return
    }
    head = []
  }

  private mutating func decode(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 3 / 2 + 4)
    for index in bytes.indices {
      guard let first = half else {
        half = bytes[index]
        continue
      }
      half = nil
      let second = bytes[index]
      let upper = form == .bigEndian ? first : second
      let lower = form == .bigEndian ? second : first
      append(UInt16(upper) << 8 | UInt16(lower), to: &text)
    }
    return text
  }

  private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
    let isLow = (0xDC00...0xDFFF).contains(unit)
    if let waiting = high {
      high = nil
      if isLow {
        let value = 0x10000 + (UInt32(waiting - 0xD800) << 10) + UInt32(unit - 0xDC00)
        return append(Unicode.Scalar(value), to: &text)
      }
      append(nil, to: &text)
    }
    if (0xD800...0xDBFF).contains(unit) {
      high = unit
    } else {
      append(Unicode.Scalar(unit), to: &text)
    }
  }

  private func append(_ scalar: Unicode.Scalar?, to text: inout [UInt8]) {
    text.append(contentsOf: (scalar ?? "\u{FFFD}").utf8)
  }
}
