/// Cuts JSON into the objects of its array, or of its lines, without building the whole.
///
/// Memory is one element. What is damaged ends where a string would hold a line end (which JSON
/// forbids) or a new line begins with `{"` where no object can stand, so it does not swallow the
/// elements after it.
struct JSONElements {
  /// One thing found.
  enum Item {
    /// The bytes of one object and its line.
    case object([UInt8], line: Int)
    /// An object that was never closed, as far as it goes.
    case cutOff([UInt8], line: Int)
    /// An object beyond the limit.
    case tooLarge(line: Int)
    /// Something that is no object; told once.
    case notAnObject(line: Int)
  }

  private let limit: Int
  private var line: Int
  private var element: [UInt8] = []
  private var depth = 0
  /// Whether the innermost brackets, as deep as they are told apart, are those of an array.
  private var isArray: [Bool] = []
  private static let mostLevels = 64
  private var start = 0
  private var isTooLarge = false
  private var isInString = false
  private var isEscaped = false
  private var toldOfOther = false
  private var previous: UInt8 = Byte.lineFeed
  private var isLineStart = true
  /// The last byte that is no white space, and the one before the brace that began this line.
  private var lastSign: UInt8 = 0
  private var signBefore: UInt8 = 0

  /// - Parameters:
  ///   - limit: the largest element, bytes.
  ///   - line: the number of the first line.
  init(limit: Int, line: Int) {
    self.limit = limit
    self.line = line
  }

  /// Takes the next bytes and hands out the objects they complete.
  mutating func feed(
    _ bytes: borrowing Span<UInt8>, _ body: (Item) throws -> Void
  ) rethrows {
    for index in bytes.indices {
      let byte = bytes[index]
      // An object that begins a line while another is open: the open one is damaged. Judged at the
      // quote after the brace, so that a nested object on a line of its own is left alone.
      if depth > 1, byte == UInt8(ascii: "\""), previous == UInt8(ascii: "{"), isLineStart,
        !isExpected
      {
        try restart(body)
      }
      try take(byte, body)
      isLineStart = byte == UInt8(ascii: "{") && previous == Byte.lineFeed
      if isLineStart { signBefore = lastSign }
      if !Byte.isSpace(byte) { lastSign = byte }
      previous = byte
      if byte == Byte.lineFeed { line += 1 }
    }
  }

  /// Ends the text.
  func finish(_ body: (Item) throws -> Void) rethrows {
    if depth > 0 { try body(.cutOff(element, line: start)) }
  }

  /// Whether an object may stand where the last one began: as an element of a list, or as the value
  /// of a key. The brace itself is the innermost bracket by now.
  private var isExpected: Bool {
    guard depth - 2 < isArray.count, depth >= 2 else { return true }
    return isArray[depth - 2]
      ? signBefore == Byte.openBracket || signBefore == UInt8(ascii: ",")
      : signBefore == Byte.colon
  }

  private mutating func take(_ byte: UInt8, _ body: (Item) throws -> Void) rethrows {
    if depth == 0 {
      try takeOutside(byte, body)
      return
    }
    keep(byte)
    if isInString {
      takeInString(byte)
      return
    }
    switch byte {
    case UInt8(ascii: "\""): isInString = true
    case UInt8(ascii: "{"), Byte.openBracket:
      depth += 1
      if depth <= Self.mostLevels { isArray.append(byte == Byte.openBracket) }
    case UInt8(ascii: "}"), Byte.closeBracket:
      if depth <= Self.mostLevels { isArray.removeLast() }
      depth -= 1
      if depth == 0 { try complete(body) }
    default: break
    }
  }

  private mutating func takeInString(_ byte: UInt8) {
    if isEscaped {
      isEscaped = false
    } else if byte == Byte.backslash {
      isEscaped = true
    } else if byte == UInt8(ascii: "\"") || byte == Byte.lineFeed {
      isInString = false
    }
  }

  /// Between elements: the brackets and commas of the array, or what is no object.
  private mutating func takeOutside(_ byte: UInt8, _ body: (Item) throws -> Void) rethrows {
    if byte == UInt8(ascii: "{") {
      start = line
      depth = 1
      isArray = [false]
      keep(byte)
    } else if !Byte.isSpace(byte), byte != UInt8(ascii: ","), byte != Byte.openBracket,
      byte != Byte.closeBracket, byte != 0x1E, !toldOfOther
    {
      toldOfOther = true
      try body(.notAnObject(line: line))
    }
  }

  private mutating func keep(_ byte: UInt8) {
    if element.count < limit { element.append(byte) } else { isTooLarge = true }
  }

  private mutating func complete(_ body: (Item) throws -> Void) rethrows {
    let item = isTooLarge ? Item.tooLarge(line: start) : .object(element, line: start)
    reset()
    try body(item)
  }

  /// Gives the open element up and begins another at the brace just read.
  private mutating func restart(_ body: (Item) throws -> Void) rethrows {
    let (damaged, line) = (element, start)
    reset()
    try body(.cutOff(damaged, line: line))
    start = self.line
    depth = 1
    isArray = [false]
    keep(UInt8(ascii: "{"))
  }

  private mutating func reset() {
    element = []
    depth = 0
    isArray = []
    isTooLarge = false
    isInString = false
    isEscaped = false
  }
}
