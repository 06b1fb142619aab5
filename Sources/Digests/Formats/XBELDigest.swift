import Papers
import XMLText

/// XBEL, the bookmarks of Python's and many other programs (https://pyxml.sourceforge.net/topics/xbel/).
struct XBELFormat: DigestFormat {
  let explanation = "bookmarks in XBEL"
  let name = "xbel"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    guard head[0] == Byte.less else { return .no }
    var index = 0
    // A declaration and the document type stand before the element.
    while index < min(head.count, 1000) {
      index = head.skippingSpace(from: index, to: head.count)
      guard index + 5 < head.count else { return .needsMore }
      guard head[index] == Byte.less else { return .no }
      if head.matches("<xbel", at: index) || head.matches("<!doctype xbel", at: index) {
        return .yes
      }
      guard head[index + 1] == UInt8(ascii: "?") || head.matches("<!--", at: index) else {
        return head.matches("<!doctype ", at: index) && head.count < index + 16 ? .needsMore : .no
      }
      guard let end = head.first(Byte.greater, in: index..<head.count) else { return .needsMore }
      index = end + 1
    }
    return index < 1000 ? .needsMore : .no
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { XBELDigest(opening) }
}

/// Reads XBEL bookmark by bookmark; folders become tags.
struct XBELDigest: DigestFormatReader {
  private let opening: DigestOpening
  private let document = XMLDocument(allowsNamedType: true)
  private var hasTrouble = false
  private var references: References
  /// The open elements, and the text of the innermost.
  private var path: [String] = []
  private var text: [UInt8] = []
  private var folders: [String] = []
  private var open: Reference?

  private static let deepest = 64

  init(_ opening: DigestOpening) {
    self.opening = opening
    references = References(opening)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    findings.isRecognised = true
    if !hasTrouble { take(document.feed(bytes, isLast: false), &findings) }
  }

  mutating func finish(into findings: inout Findings) {
    let none: [UInt8] = []
    if !hasTrouble { take(document.feed(none.span, isLast: true), &findings) }
    references.finish(&findings)
  }

  private mutating func take(
    _ found: (events: [XMLEvent], trouble: String?), _ findings: inout Findings
  ) {
    for event in found.events {
      switch event {
      case .start(let name, let attributes, let line): start(name, attributes, line)
      case .text(let piece):
        text.append(contentsOf: piece.utf8.prefix(max(0, opening.limits.line - text.count)))
      case .end(let name): end(name, &findings)
      }
    }
    guard let trouble = found.trouble else { return }
    hasTrouble = true
    findings.report(
      "the bookmarks cannot be read further: \(trouble)", line: opening.line + document.line - 1)
  }

  private mutating func start(_ name: String, _ attributes: [String: String], _ line: Int) {
    if name == "folder", folders.count < Self.deepest { folders.append("") }
    if name == "bookmark", let address = attributes["href"] {
      var reference = Reference(line: opening.line + line - 1)
      reference.clues.add(link: address)
      reference.marks.added = attributes["added"].flatMap { LooseDate($0) }?.milliseconds
      reference.tags = RecordText.parts(attributes["tags"] ?? "", at: ",")
      let named = folders.filter { !$0.isEmpty }
      if !named.isEmpty { reference.tags.append(named.joined(separator: "/")) }
      open = reference
    }
    if path.count < Self.deepest * 2 { path.append(name) }
    text = []
  }

  private mutating func end(_ name: String, _ findings: inout Findings) {
    if path.last == name { path.removeLast() }
    let value = RecordText.trimmed(String(decoding: text, as: UTF8.self))
    text = []
    switch (name, path.last) {
    case ("title", "bookmark"): open?.title = value
    case ("title", "folder"):
      if let last = folders.indices.last { folders[last] = RecordText.oneLine(value) }
    case ("desc", "bookmark"):
      open?.clues.add(remark: value)
      open?.take(note: value)
    case ("bookmark", _):
      if let reference = open { references.take(reference, &findings) }
      open = nil
    case ("folder", _): _ = folders.popLast()
    default: break
    }
  }
}
