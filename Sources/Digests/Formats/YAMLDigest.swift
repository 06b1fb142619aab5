import JSONText
import Papers

/// Papers in YAML: a list of maps, a map of lists in whatever envelope, and the `info.yaml` of
/// papis, one document or several.
struct YAMLFormat: DigestFormat {
  let explanation = "YAML of papers"
  let name = "yaml"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    var sniff = YAMLSniff()
    var start = 0
    while start < head.count {
      let end = head.first(Byte.lineFeed, in: start..<head.count)
      if end == nil, !isWhole { break }
      let answer = sniff.take(head, head.trimmedEnd(start..<(end ?? head.count)))
      if answer != .needsMore { return answer }
      start = (end ?? head.count) + 1
    }
    guard !isWhole, head.count < YAMLSniff.longest else { return sniff.end }
    return .needsMore
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(YAMLDigest(opening), of: opening)
  }
}

/// Whether the first lines of a text are YAML of papers, line by line.
private struct YAMLSniff {
  /// So many bytes decide.
  static let longest = 8 << 10
  private enum Form { case unknown, list, map }

  private var form = Form.unknown
  private var isAfterRule = false
  private var isAfterSecondRule = false
  /// The keys of the first item, or of the map.
  private var keys: Set<String> = []
  private var endsAtList = false

  /// Keys of which a map of plain values has one.
  private static let known: Set<String> = [
    "title", "url", "link", "doi", "eprint", "arxiv", "arxiv_id", "arxivid", "ref", "papis_id",
  ]

  /// What is known at the end of the text, or of what is looked at.
  var end: Recognition {
    switch form {
    case .unknown: .no
    case .list: keys.count > 1 ? .yes : .no
    case .map: endsAtList || !Self.known.isDisjoint(with: keys) && keys.count > 1 ? .yes : .no
    }
  }

  /// Takes a line without its end.
  mutating func take(_ head: borrowing Span<UInt8>, _ line: Range<Int>) -> Recognition {
    let first = head[or0: line.lowerBound]
    if line.isEmpty { return .needsMore }
    if line.count == 3, head.matches("---", at: line.lowerBound) { return takeRule() }
    if first == Byte.hash { return takeComment(head, line) }
    // Behind a second rule stands the text of a page, unless that is a document again.
    if isAfterSecondRule { return Self.key(head, line) == nil ? .no : end }
    switch form {
    case .unknown: return begin(head, line)
    case .list: return takeInList(head, line)
    case .map: return takeInMap(head, line)
    }
  }

  private mutating func takeRule() -> Recognition {
    if form == .unknown {
      if isAfterRule { return .no }
      isAfterRule = true
    } else {
      isAfterSecondRule = true
    }
    return .needsMore
  }

  /// `# Words`, unless that is the heading of a day or has another below.
  private func takeComment(_ head: borrowing Span<UInt8>, _ line: Range<Int>) -> Recognition {
    guard form == .unknown else { return .needsMore }
    let isHeading =
      head[or0: line.lowerBound + 1] == Byte.hash
      || DayHeading.date(in: head, line.lowerBound..<min(line.upperBound, line.lowerBound + 200))
        != nil
    return isHeading || line.upperBound > 1000 ? .no : .needsMore
  }

  private mutating func begin(_ head: borrowing Span<UInt8>, _ line: Range<Int>) -> Recognition {
    if let key = Self.itemKey(head, line) {
      form = .list
      keys = [key]
    } else if let key = Self.key(head, line) {
      form = .map
      keys = [key]
      endsAtList = head[line.upperBound - 1] == Byte.colon
    } else {
      return .no
    }
    return .needsMore
  }

  /// The first item must be a map of two keys or more.
  private mutating func takeInList(
    _ head: borrowing Span<UInt8>, _ line: Range<Int>
  ) -> Recognition {
    let text = head.skippingSpace(from: line.lowerBound, to: line.upperBound)
    switch text - line.lowerBound {
    case 0:
      let isBare = line.count == 1 && head[text] == UInt8(ascii: "-")
      return isBare || Self.itemKey(head, line) != nil ? end : .no
    case 1: return .no
    case 2:
      if head[text] == UInt8(ascii: "-") { return .needsMore }
      guard let key = Self.key(head, text..<line.upperBound) else { return .no }
      keys.insert(key)
      return .needsMore
    default: return .needsMore
    }
  }

  private mutating func takeInMap(
    _ head: borrowing Span<UInt8>, _ line: Range<Int>
  ) -> Recognition {
    let text = head.skippingSpace(from: line.lowerBound, to: line.upperBound)
    if let key = Self.key(head, line) {
      // A key that comes again is a label of a list in plain text.
      guard keys.insert(key).inserted else { return .no }
      endsAtList = head[line.upperBound - 1] == Byte.colon
      return .needsMore
    }
    let isItem = head[text] == UInt8(ascii: "-")
    if text == line.lowerBound {
      guard isItem, endsAtList else { return .no }
    }
    let isMap = Self.itemKey(head, text..<line.upperBound) != nil
    return endsAtList && keys.count == 1 && isMap ? .yes : .needsMore
  }

  /// The key behind the dash of an item.
  private static func itemKey(_ head: borrowing Span<UInt8>, _ line: Range<Int>) -> String? {
    guard head[or0: line.lowerBound] == UInt8(ascii: "-"),
      head[or0: line.lowerBound + 1] == Byte.space
    else { return nil }
    let text = head.skippingSpace(from: line.lowerBound + 1, to: line.upperBound)
    return key(head, text..<line.upperBound)
  }

  /// The key that a line begins with: a word as programs have them.
  private static func key(_ head: borrowing Span<UInt8>, _ line: Range<Int>) -> String? {
    var index = line.lowerBound
    guard Byte.isLetter(head[or0: index]) || head[or0: index] == UInt8(ascii: "_") else {
      return nil
    }
    while index < line.upperBound, index - line.lowerBound < 40, isWord(head[index]) { index += 1 }
    guard index < line.upperBound, head[index] == Byte.colon,
      index + 1 == line.upperBound || head[index + 1] == Byte.space
    else { return nil }
    return head.text(line.lowerBound..<index).lowercased()
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    Byte.isLetter(byte) || Byte.isDigit(byte) || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }
}

extension Span<UInt8> {
  /// A range without the white space at its end.
  fileprivate func trimmedEnd(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, Byte.isSpace(self[end - 1]) { end -= 1 }
    return range.lowerBound..<end
  }
}

/// Reads YAML document by document, and a document that is a list item by item.
struct YAMLDigest: DigestLines {
  private let limit: Int
  private var papers: PaperObjectReader
  private var element: YAMLText?
  private var isList = false
  private var isTooLarge = false

  init(_ opening: DigestOpening) {
    limit = opening.limits.element
    papers = PaperObjectReader(opening)
  }

  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    if Self.isMarker(line) { return end(&findings) }
    let isItem =
      line[or0: 0] == UInt8(ascii: "-") && (line.count == 1 || Byte.isSpace(line[or0: 1]))
    if isItem, isList { end(&findings) }
    if element == nil {
      let range = line.trimmed(0..<line.count)
      if range.isEmpty || "#%".utf8.contains(line[range.lowerBound]) { return }
      (element, isList) = (YAMLText(line: place.number), isItem)
    }
    if (element?.size ?? 0) + line.count > limit { isTooLarge = true }
    if !isTooLarge { element?.append(line) }
  }

  mutating func finish(_ findings: inout Findings) {
    end(&findings)
    papers.finish(&findings)
  }

  /// `---` or `...`, which part documents.
  private static func isMarker(_ line: borrowing Span<UInt8>) -> Bool {
    guard line.matches("---", at: 0) || line.matches("...", at: 0) else { return false }
    let rest = line.skippingSpace(from: 3, to: line.count)
    return rest == line.count || line[rest] == Byte.hash && rest > 3
  }

  private mutating func end(_ findings: inout Findings) {
    guard var text = element else { return }
    element = nil
    findings.isRecognised = true
    if isTooLarge {
      isTooLarge = false
      return findings.report("the element is too large; left out", line: text.line)
    }
    let json = text.json()
    if text.strays.count > 0 {
      let words = text.strays.count == 1 ? "1 line is" : "\(text.strays.count) lines are"
      findings.report(
        "\(words) no YAML of keys, lists and texts; left out, check the indentation",
        line: text.strays.line)
    }
    papers.take(json, line: text.line, &findings)
  }
}
