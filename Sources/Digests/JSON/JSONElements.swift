/// Cuts JSON into the objects of its array, or of its lines, without building the whole.
///
/// Memory is one element. What is damaged ends where a string would hold a line end (which JSON
/// forbids) or a new line begins with `{"`, so it does not swallow the elements after it.
struct JSONElements {
  /// One thing found.
  enum Item {
    /// The bytes of one object and its line.
    case object([UInt8], line: Int)
    /// An object that was never closed.
    case cutOff(line: Int)
    /// An object beyond the limit.
    case tooLarge(line: Int)
    /// Something that is no object; told once.
    case notAnObject(line: Int)
  }

  private let limit: Int
  private var line: Int
  private var element: [UInt8] = []
  private var depth = 0
  private var start = 0
  private var isTooLarge = false
  private var isInString = false
  private var isEscaped = false
  private var toldOfOther = false
  private var previous: UInt8 = Byte.lineFeed
  private var isLineStart = true

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
      if depth > 1, byte == UInt8(ascii: "\""), previous == UInt8(ascii: "{"), isLineStart {
        try restart(body)
      }
      try take(byte, body)
      isLineStart = byte == UInt8(ascii: "{") && previous == Byte.lineFeed
      previous = byte
      if byte == Byte.lineFeed { line += 1 }
    }
  }

  /// Ends the text.
  func finish(_ body: (Item) throws -> Void) rethrows {
    if depth > 0 { try body(.cutOff(line: start)) }
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
    case UInt8(ascii: "{"), Byte.openBracket: depth += 1
    case UInt8(ascii: "}"), Byte.closeBracket:
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
    let damaged = start
    reset()
    try body(.cutOff(line: damaged))
    start = line
    depth = 1
    keep(UInt8(ascii: "{"))
  }

  private mutating func reset() {
    element = []
    depth = 0
    isTooLarge = false
    isInString = false
    isEscaped = false
  }
}
