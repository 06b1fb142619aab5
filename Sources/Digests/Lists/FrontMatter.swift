/// The lines between two `---` at the beginning of a page.
///
/// They are held until it is known that they end, so that a list that only begins with a rule is
/// read as it stands.
struct FrontMatter {
  /// What became of a line.
  enum Step {
    case notMine, taken
    /// The lines that were held, to be read as any others, and whether the front matter was closed.
    case ended([Line], isClosed: Bool)
  }

  /// A line and its number.
  struct Line {
    var bytes: [UInt8]
    var number: Int
  }

  private enum State { case atStart, open, over }
  private var state = State.atStart
  private var lines: [Line] = []
  private static let longest = 200
  /// The title of the page.
  private(set) var title: String?

  /// Takes a line if it is of the front matter.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, _ place: LineReader.Place
  ) -> Step {
    switch state {
    case .over: return .notMine
    case .atStart:
      if range.isEmpty { return .notMine }
      state = Self.isFence(line, range) && range.lowerBound == 0 ? .open : .over
      return state == .open ? .taken : .notMine
    case .open:
      let isEnd = Self.isFence(line, range)
      if !isEnd {
        lines.append(Line(bytes: Self.bytes(of: line), number: place.number))
      }
      guard isEnd || lines.count > Self.longest else { return .taken }
      if isEnd {
        noteTitle()
        dropTags()
      }
      return .ended(unclosed(), isClosed: isEnd)
    }
  }

  /// The lines that are still held.
  mutating func unclosed() -> [Line] {
    state = .over
    defer { lines = [] }
    return lines
  }

  /// The beginning of a line, ended between characters.
  private static func bytes(of line: borrowing Span<UInt8>) -> [UInt8] {
    var end = min(line.count, 16 << 10)
    while end > 0, end < line.count, Byte.continues(line[end]) { end -= 1 }
    return line.withUnsafeBufferPointer { Array($0[..<end]) }
  }

  private static func isFence(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    range.count == 3 && line.matches("---", at: range.lowerBound)
  }

  /// Tags are the person's, and no key words of the paper.
  private mutating func dropTags() {
    var isInTags = false
    lines.removeAll { line in
      let span = line.bytes.span
      if Byte.isLetter(span[or0: 0]) {
        isInTags = span.matches("tags:", at: 0) || span.matches("aliases:", at: 0)
      }
      return isInTags
    }
  }

  private mutating func noteTitle() {
    for line in lines {
      let span = line.bytes.span
      let range = span.trimmed(0..<span.count)
      guard range.lowerBound == 0, let label = FieldLabel(span, range), label.kind == .title else {
        continue
      }
      title = TitleText.clean(span, label.content..<range.upperBound)
      return
    }
  }
}
