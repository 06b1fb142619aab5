/// Cuts BibTeX into its elements, `@type{…}` or `@type(…)`, whatever the sizes of the pieces it
/// comes in. What stands between them is a comment, as BibTeX has it.
///
/// Memory is one element. One that is not closed ends where a line begins with the next, so it does
/// not swallow those after it.
struct BibTeXElements {
  /// One thing found.
  enum Item {
    /// The bytes of an element, `@` and the closing bracket included, and its line.
    case element([UInt8], line: Int)
    /// An element without its end.
    case cutOff([UInt8], line: Int)
    /// An element beyond the limit.
    case tooLarge(line: Int)
    /// Lines between the elements that hold addresses, as of another list behind this one.
    case addresses(lines: Int, first: Int)
  }

  private enum State { case outside, type, body }
  private let limit: Int
  private var line: Int
  private var state = State.outside
  private var element: [UInt8] = []
  private var start = 0
  private var depth = 0
  private var closing: UInt8 = 0
  private var isTooLarge = false
  private var isLineStart = true
  /// What stands between the elements: whether its line is a comment, how much of `://` was just
  /// read, and the lines that hold it.
  private var isComment = false
  private var mark = 0
  private var addresses: (lines: Int, first: Int, last: Int) = (0, 0, 0)
  /// Where in the open element an `@` began a line, and on which line; an element may begin there.
  private var next: (place: Int, line: Int)?

  /// - Parameters:
  ///   - limit: the largest element, bytes.
  ///   - line: the number of the first line.
  init(limit: Int, line: Int) {
    self.limit = limit
    self.line = line
  }

  /// Takes the next bytes and hands out the elements they complete.
  mutating func feed(_ bytes: borrowing Span<UInt8>, _ body: (Item) -> Void) {
    for index in bytes.indices {
      let byte = bytes[index]
      take(byte, body)
      if byte == Byte.lineFeed { line += 1 }
      isLineStart =
        byte == Byte.lineFeed || byte == Byte.carriageReturn
        || (isLineStart && (byte == Byte.space || byte == Byte.tab))
    }
  }

  /// Ends the text.
  mutating func finish(_ body: (Item) -> Void) {
    if state == .body { body(isTooLarge ? .tooLarge(line: start) : .cutOff(element, line: start)) }
    reset()
    if addresses.lines > 0 { body(.addresses(lines: addresses.lines, first: addresses.first)) }
  }

  private mutating func take(_ byte: UInt8, _ body: (Item) -> Void) {
    switch state {
    case .outside:
      if byte == UInt8(ascii: "@") { begin(byte, line) } else { takeOutside(byte) }
    case .type:
      element.append(byte)
      takeType(byte)
    case .body:
      if element.count < limit { element.append(byte) } else { isTooLarge = true }
      takeBody(byte, body)
    }
  }

  private mutating func takeOutside(_ byte: UInt8) {
    if isLineStart, !Byte.isSpace(byte) { isComment = byte == UInt8(ascii: "%") }
    mark = byte == "://".utf8.dropFirst(mark).first ? mark + 1 : byte == Byte.colon ? 1 : 0
    guard mark == 3 else { return }
    mark = 0
    guard !isComment, addresses.last != line else { return }
    addresses = (addresses.lines + 1, addresses.lines == 0 ? line : addresses.first, line)
  }

  private mutating func begin(_ byte: UInt8, _ line: Int) {
    reset()
    state = .type
    start = line
    element = [byte]
  }

  private mutating func takeType(_ byte: UInt8) {
    if let open = Self.closing(byte), element.count > 3 {
      state = .body
      closing = open
      depth = byte == UInt8(ascii: "{") ? 1 : 0
    } else if byte == UInt8(ascii: "@") {
      begin(byte, line)
    } else if !Byte.isLetter(byte), !Byte.isSpace(byte) || element.count > 40 {
      reset()
    }
  }

  private static func closing(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "{"): UInt8(ascii: "}")
    case Byte.openParenthesis: Byte.closeParenthesis
    default: nil
    }
  }

  private mutating func takeBody(_ byte: UInt8, _ body: (Item) -> Void) {
    if let next { look(next, byte, body) }
    guard state == .body else { return }
    switch byte {
    case UInt8(ascii: "{"): depth += 1
    case UInt8(ascii: "}"): depth -= 1
    case UInt8(ascii: "@") where isLineStart && !isTooLarge: next = (element.count - 1, line)
    default: break
    }
    if byte == closing, depth <= 0 {
      body(isTooLarge ? .tooLarge(line: start) : .element(element, line: start))
      reset()
    }
  }

  /// Whether the `@` that began a line begins an element: a word and a bracket follow it.
  private mutating func look(_ at: (place: Int, line: Int), _ byte: UInt8, _ body: (Item) -> Void) {
    guard !isTooLarge else {
      next = nil
      return
    }
    if Self.closing(byte) != nil, element.count - at.place > 4 {
      body(.cutOff(Array(element[..<at.place]), line: start))
      let rest = Array(element[at.place...].dropLast())
      reset()
      (start, element, state) = (at.line, rest, .type)
      element.append(byte)
      takeType(byte)
      // The bracket was counted where it opened the element.
      depth -= byte == UInt8(ascii: "{") ? 1 : 0
    } else if !Byte.isLetter(byte), !Byte.isSpace(byte) || element.count - at.place > 40 {
      next = nil
    }
  }

  private mutating func reset() {
    (state, element, depth, isTooLarge, next) = (.outside, [], 0, false, nil)
  }
}
