import JSONText
import Papers

/// JSON papers in an array, one object a line, or in an envelope: our own exports, Hugging Face's
/// daily papers, CSL-JSON, lists of bookmarks, and objects of any maker.
struct JSONFormat: DigestFormat {
  let explanation = "JSON of papers"
  let name = "json"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    let isObject = head[0] == UInt8(ascii: "{")
    guard isObject || head[0] == Byte.openBracket else { return .no }
    guard head.count > 1 else { return isWhole ? .yes : .needsMore }
    return Self.follows(head[1], afterBrace: isObject) ? .yes : .no
  }

  private static func follows(_ byte: UInt8, afterBrace: Bool) -> Bool {
    if Byte.isSpace(byte) || byte == UInt8(ascii: "\"") { return true }
    if afterBrace { return byte == UInt8(ascii: "}") }
    return byte == UInt8(ascii: "{") || byte == Byte.closeBracket
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { JSONDigest(opening) }
}

/// Reads a JSON digest object by object.
struct JSONDigest: DigestFormatReader {
  private var elements: JSONElements
  private var papers: PaperObjectReader
  private var isAtStart = true
  /// Whether it is an array, and the last byte that is no white space, which ends one.
  private var isArray = false
  private var lastSign: UInt8 = 0

  init(_ opening: DigestOpening) {
    elements = JSONElements(limit: opening.limits.element, line: opening.line)
    papers = PaperObjectReader(opening)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    // `[]` is an empty list, and no problem.
    if isAtStart, bytes[or0: 0] == Byte.openBracket {
      findings.isRecognised = true
      isArray = true
    }
    isAtStart = false
    var end = bytes.count
    while end > 0, Byte.isSpace(bytes[end - 1]) { end -= 1 }
    if end > 0 { lastSign = bytes[end - 1] }
    elements.feed(bytes) { Self.take($0, &papers, &findings) }
  }

  mutating func finish(into findings: inout Findings) {
    var isCut = false
    elements.finish {
      Self.take($0, &papers, &findings, atEnd: true)
      isCut = true
    }
    if isArray, !isCut, lastSign != Byte.closeBracket {
      findings.report("the list is cut off", line: 0, .endsEarly)
    }
    papers.finish(&findings)
  }

  private static func take(
    _ item: JSONElements.Item, _ papers: inout PaperObjectReader, _ findings: inout Findings,
    atEnd: Bool = false
  ) {
    switch item {
    case .object(let bytes, let line): papers.take(bytes, line: line, &findings)
    case .cutOff(let bytes, let line):
      papers.salvage(bytes, line: line, &findings)
      findings.report("the object is cut off; left out", line: line, atEnd ? .endsEarly : .odd)
    case .tooLarge(let line): findings.report("the object is too large; left out", line: line)
    case .notAnObject(let line):
      findings.report("something that is no object; left out", line: line)
    }
  }
}
