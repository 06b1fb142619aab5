import JSONText

/// One document of YAML, or one item of the list that a document is, as JSON: the part of YAML 1.2
/// that lists of papers are written in. Maps and lists by indentation, scalars plain, quoted or as
/// blocks, flow lists and maps; no aliases, and keys of one line.
///
/// Own code, because what there is for YAML builds a tree and ends at the first error, and because
/// as JSON every spelling of a key that is known there is known here.
///
/// Invariants: every line is taken once, at most ``deepest`` levels are entered, and the JSON has
/// as many line feeds before a value as the YAML, so that its lines are those of the file.
struct YAMLText {
  private struct Line {
    var indent: Int
    var range: Range<Int>
  }

  private static let deepest = 20
  private static let longestKey = 200

  /// The line of the file on which it begins.
  let line: Int
  private var bytes: [UInt8] = []
  private var lines: [Line] = []
  private var cursor = 0
  /// The lines that are no part of such YAML: how many, and the first.
  private(set) var strays: (count: Int, line: Int) = (0, 0)

  /// - Parameter line: the line of the file on which it begins.
  init(line: Int) { self.line = line }

  /// How many bytes are held.
  var size: Int { bytes.count + lines.count * 16 }

  /// Adds a line without its end.
  mutating func append(_ line: borrowing Span<UInt8>) {
    let range = line.trimmed(0..<line.count)
    lines.append(Line(indent: range.lowerBound, range: bytes.count..<bytes.count + range.count))
    line.withUnsafeBufferPointer { bytes.append(contentsOf: $0[range]) }
  }

  /// The JSON, always an object: what is none stands in one.
  mutating func json() -> [UInt8] {
    var json = JSONTextWriter()
    skipEmpty(&json)
    if let line = current, isItem(line) { enterItem(line) }
    node(&json, parent: -1, depth: 0)
    while current != nil { leaveOut(&json) }
    let text = json.take()
    guard let first = text.first(where: { !Byte.isSpace($0) }), first != UInt8(ascii: "{") else {
      return text
    }
    let key = first == Byte.openBracket ? "{\"items\":" : "{\"link\":"
    return Array(key.utf8) + text + [UInt8(ascii: "}")]
  }

  // MARK: Lines

  private var current: Line? { cursor < lines.count ? lines[cursor] : nil }

  /// The byte at a place of a line, 0 beyond its end.
  private func byte(_ line: Line, _ offset: Int) -> UInt8 {
    let index = line.range.lowerBound + offset
    return index < line.range.upperBound ? bytes[index] : 0
  }

  private mutating func advance(_ json: inout JSONTextWriter) {
    cursor += 1
    json.lineFeed()
  }

  private mutating func skipEmpty(_ json: inout JSONTextWriter) {
    while let line = current, line.range.isEmpty || byte(line, 0) == Byte.hash { advance(&json) }
  }

  private mutating func leaveOut(_ json: inout JSONTextWriter) {
    if let line = current, !line.range.isEmpty, byte(line, 0) != Byte.hash {
      if strays.count == 0 { strays.line = self.line + cursor }
      strays.count += 1
    }
    advance(&json)
  }

  /// Leaves the first bytes of the current line out, and the white space behind them.
  private mutating func drop(_ count: Int) {
    let line = lines[cursor]
    var start = line.range.lowerBound + count
    while start < line.range.upperBound, Byte.isSpace(bytes[start]) { start += 1 }
    lines[cursor].indent += start - line.range.lowerBound
    lines[cursor].range = start..<line.range.upperBound
  }

  // MARK: Lists and maps

  private func isItem(_ line: Line) -> Bool {
    byte(line, 0) == UInt8(ascii: "-") && (line.range.count == 1 || Byte.isSpace(byte(line, 1)))
  }

  /// Leaves the dash of an item out; the item's line then stands where its text does.
  private mutating func enterItem(_ line: Line) {
    drop(1)
    if lines[cursor].range.isEmpty { lines[cursor].indent = line.indent + 1 }
  }

  /// Whatever stands deeper than its parent; null where nothing does.
  private mutating func node(_ json: inout JSONTextWriter, parent: Int, depth: Int) {
    dropProperties()
    skipEmpty(&json)
    guard let line = current, line.indent > parent else { return json.null() }
    if depth < Self.deepest, isItem(line) {
      list(&json, line.indent, depth)
    } else if depth < Self.deepest, key(of: line) != nil {
      json.object { map(&$0, line.indent, depth) }
    } else {
      value(&json, parent)
    }
  }

  private mutating func list(_ json: inout JSONTextWriter, _ indent: Int, _ depth: Int) {
    json.array { json in
      while let line = current {
        if line.indent == indent, isItem(line) {
          enterItem(line)
          node(&json, parent: indent, depth: depth + 1)
        } else if line.indent > indent {
          leaveOut(&json)
        } else {
          return
        }
        skipEmpty(&json)
      }
    }
  }

  private mutating func map(_ json: inout JSONTextWriter, _ indent: Int, _ depth: Int) {
    while let line = current, line.indent >= indent {
      if line.indent == indent, let key = key(of: line) {
        json.key(text: key.text)
        drop(key.length)
        member(&json, indent, depth)
      } else if line.indent == indent, isItem(line), depth > 0 {
        return
      } else {
        leaveOut(&json)
      }
      skipEmpty(&json)
    }
  }

  /// The value of a key that was left out of its line.
  private mutating func member(_ json: inout JSONTextWriter, _ indent: Int, _ depth: Int) {
    dropProperties()
    guard let line = current else { return json.null() }
    if line.range.isEmpty || byte(line, 0) == Byte.hash {
      advance(&json)
      skipEmpty(&json)
      // A list may stand as deep as its key.
      if let next = current, next.indent == indent, isItem(next), depth < Self.deepest {
        list(&json, indent, depth + 1)
      } else {
        node(&json, parent: indent, depth: depth + 1)
      }
    } else {
      value(&json, indent)
    }
  }

  /// Leaves anchors and tags out: `&name`, `!!str`.
  private mutating func dropProperties() {
    while let line = current, [UInt8(ascii: "&"), UInt8(ascii: "!")].contains(byte(line, 0)) {
      let word = bytes[line.range].prefix { !Byte.isSpace($0) }
      drop(word.count)
    }
  }

  /// The key that a line begins with, and how long it is with its colon.
  private func key(of line: Line) -> (text: String, length: Int)? {
    let part = bytes[line.range].prefix(Self.longestKey)
    guard let first = part.first else { return nil }
    if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
      guard let end = part.dropFirst().firstIndex(of: first),
        let colon = part[(end + 1)...].firstIndex(where: { !Byte.isSpace($0) }),
        isColon(colon, in: line)
      else { return nil }
      let text = String(decoding: part[(part.startIndex + 1)..<end], as: UTF8.self)
      return (text, colon + 1 - part.startIndex)
    }
    guard !"[{#|>@%*`,".utf8.contains(first),
      let colon = part.indices.first(where: { isColon($0, in: line) }), colon > part.startIndex
    else { return nil }
    let text = String(decoding: part[..<colon], as: UTF8.self)
    return text.contains(" #") ? nil : (RecordText.trimmed(text), colon + 1 - part.startIndex)
  }

  private func isColon(_ index: Int, in line: Line) -> Bool {
    bytes[index] == Byte.colon
      && (index + 1 == line.range.upperBound || Byte.isSpace(bytes[index + 1]))
  }

  // MARK: Scalars

  /// A value that begins in the current line, whose other lines are deeper than its parent.
  private mutating func value(_ json: inout JSONTextWriter, _ parent: Int) {
    guard let line = current else { return json.null() }
    let start = cursor
    switch byte(line, 0) {
    case Byte.pipe, Byte.greater:
      if let text = block(line, parent) { json.string(text) } else { plain(&json, parent) }
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      if let text = quoted(line, parent) { json.string(text) } else { plain(&json, parent) }
    case Byte.openBracket, UInt8(ascii: "{"):
      if let flow = flow(parent) { flow.write(&json) } else { plain(&json, parent) }
    default: plain(&json, parent)
    }
    for _ in start..<cursor { json.lineFeed() }
  }

  /// Whether a line continues a scalar of one that is less deep.
  private func continues(_ line: Line, _ parent: Int) -> Bool {
    line.range.isEmpty || line.indent > parent
  }

  /// A plain scalar, its lines put together (YAML 1.2, 7.3.3).
  private mutating func plain(_ json: inout JSONTextWriter, _ parent: Int) {
    var text = FoldedText()
    while let line = current, continues(line, parent) {
      let isComment = byte(line, 0) == Byte.hash
      if !text.isEmpty, !line.range.isEmpty, isComment || key(of: line) != nil { break }
      let part = withoutComment(line.range)
      text.add(bytes[part])
      cursor += 1
    }
    let word = text.text
    switch word.lowercased() {
    case "", "null", "~": json.null()
    case "true": json.bool(true)
    case "false": json.bool(false)
    default: json.string(word)
    }
  }

  private func withoutComment(_ range: Range<Int>) -> Range<Int> {
    for index in range.dropFirst() where bytes[index] == Byte.hash && Byte.isSpace(bytes[index - 1])
    {
      return bytes.span.trimmed(range.lowerBound..<index)
    }
    return range
  }

  /// `|` or `>` and the lines below (8.1); nil where the sign is but text.
  private mutating func block(_ head: Line, _ parent: Int) -> String? {
    let isFolded = byte(head, 0) == Byte.greater
    let signs = bytes[withoutComment(head.range)].dropFirst()
    guard signs.count <= 2, signs.allSatisfy({ "+-123456789".utf8.contains($0) }) else {
      return nil
    }
    cursor += 1
    var base: Int?
    var text = FoldedText(keepsBreaks: !isFolded)
    while let line = current, continues(line, parent) {
      if !line.range.isEmpty {
        let margin = base ?? line.indent
        base = margin
        text.add(bytes[line.range], deeper: max(0, line.indent - margin))
      } else {
        text.add([])
      }
      cursor += 1
    }
    return text.text
  }

  /// Text in quotation marks (7.3.1, 7.3.2); nil where other text follows it in its line.
  private mutating func quoted(_ head: Line, _ parent: Int) -> String? {
    let start = cursor
    var scalar = YAMLQuoted(mark: byte(head, 0))
    var rest = bytes[head.range].dropFirst()
    while true {
      if let end = scalar.take(rest) {
        let after = rest[end...].drop(while: Byte.isSpace)
        guard after.isEmpty || after.first == Byte.hash else {
          cursor = start
          return nil
        }
        cursor += 1
        return scalar.text
      }
      cursor += 1
      guard let line = current, continues(line, parent) else { return scalar.text }
      rest = bytes[line.range]
    }
  }

  /// `[…]` or `{…}`, over lines too (7.4); nil where it is not closed.
  private mutating func flow(_ parent: Int) -> YAMLFlow? {
    let start = cursor
    var flow = YAMLFlow()
    while let line = current,
      cursor == start || continues(line, parent) || "]}".utf8.contains(byte(line, 0))
    {
      cursor += 1
      if flow.append(bytes[line.range]) { return flow }
    }
    cursor = start
    return nil
  }
}

/// Lines of a scalar put together: a line end is a space, a blank line a line end.
struct FoldedText {
  private let keepsBreaks: Bool
  private var bytes: [UInt8] = []
  private var breaks = 0
  private var isDeeper = false

  /// - Parameter keepsBreaks: whether every line end stays one.
  init(keepsBreaks: Bool = false) { self.keepsBreaks = keepsBreaks }

  /// Whether nothing was added yet.
  var isEmpty: Bool { bytes.isEmpty }

  /// What was put together, without line ends behind.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Adds a line.
  /// - Parameter deeper: the spaces before it that belong to it; such a line keeps its end.
  mutating func add(_ line: some Collection<UInt8>, deeper: Int = 0) {
    guard !line.isEmpty else {
      breaks += 1
      return
    }
    if !bytes.isEmpty {
      let stays = keepsBreaks || deeper > 0 || isDeeper
      let count = stays ? breaks + 1 : breaks
      bytes += count == 0 ? [Byte.space] : [UInt8](repeating: Byte.lineFeed, count: count)
    }
    bytes += [UInt8](repeating: Byte.space, count: deeper)
    bytes += line
    (breaks, isDeeper) = (0, deeper > 0)
  }
}
