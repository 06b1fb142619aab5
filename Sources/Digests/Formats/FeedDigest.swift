import Papers
import XMLText

/// Feeds: Atom (RFC 4287), RSS 2.0 and RSS 1.0, those of arXiv among them.
struct FeedFormat: DigestFormat {
  let explanation = "an Atom or RSS feed"
  let name = "feed"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    var index = 0
    while index < head.count {
      index = head.skippingSpace(from: index, to: head.count)
      guard index < head.count else { break }
      guard head[index] == Byte.less else { return .no }
      guard index + 1 < head.count else { break }
      if head[index + 1] == UInt8(ascii: "?") || head[index + 1] == UInt8(ascii: "!") {
        // Our own export and other Markdown may begin with a comment: a feed begins with its
        // declaration, or else with its element.
        if index == 0, head[1] == UInt8(ascii: "!") { return .no }
        if head.matches("<!doctype", at: index) {
          // It is refused as a feed, which says more than reading it as something else.
          let name = head.skippingSpace(from: index + 9, to: head.count)
          return name < head.count ? Self.root(head, name) : .needsMore
        }
        guard head.count >= index + 9 || !head.matches("<!", at: index) else { break }
        guard let end = head.first(Byte.greater, in: index..<head.count) else { break }
        index = end + 1
        continue
      }
      return Self.root(head, index + 1)
    }
    return .needsMore
  }

  private static let roots: [StaticString] = ["rss", "feed", "rdf:rdf", "atom:feed"]

  /// Whether an element is one that holds a feed.
  private static func root(_ head: borrowing Span<UInt8>, _ start: Int) -> Recognition {
    var isOpen = false
    for root in roots {
      let length = min(root.utf8CodeUnitCount, head.count - start)
      var offset = 0
      while offset < length, Byte.lower(head[start + offset]) == root.utf8Start[offset] {
        offset += 1
      }
      guard offset == length else { continue }
      let end = start + root.utf8CodeUnitCount
      if end < head.count, Byte.isSpace(head[end]) || head[end] == Byte.greater { return .yes }
      isOpen = isOpen || end >= head.count
    }
    return isOpen ? .needsMore : .no
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { FeedDigest(opening) }
}

/// Reads a feed entry by entry.
struct FeedDigest: DigestFormatReader {
  private let opening: DigestOpening
  private var document: XMLDocument?
  private var hasTrouble = false
  private var references: References
  private var feed: FeedHead
  private var entry: FeedEntry?
  /// The open elements, and the text of the innermost.
  private var path: [String] = []
  private var text: [UInt8] = []
  private var size = 0

  init(_ opening: DigestOpening) {
    self.opening = opening
    references = References(opening)
    feed = FeedHead(asked: opening.date)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    guard !hasTrouble else { return }
    let document = document ?? Self.document(beginningWith: bytes)
    self.document = document
    take(document.feed(bytes, isLast: false), document.line, &findings)
  }

  mutating func finish(into findings: inout Findings) {
    let document = document ?? XMLDocument(allowsNamedType: true)
    let none: [UInt8] = []
    if !hasTrouble {
      take(document.feed(none.span, isLast: true), document.line, &findings, atEnd: true)
    }
    references.finish(&findings)
  }

  /// A declaration that tells UTF-16 is wrong by now: such text was converted before it came here.
  private static func document(beginningWith bytes: borrowing Span<UInt8>) -> XMLDocument {
    let declaration = bytes.text(0..<min(bytes.count, 200)).prefix { $0 != ">" }.lowercased()
    return XMLDocument(
      encoding: declaration.contains("utf-16") ? "UTF-8" : nil, allowsNamedType: true)
  }

  private mutating func take(
    _ found: (events: [XMLEvent], trouble: String?), _ line: Int, _ findings: inout Findings,
    atEnd: Bool = false
  ) {
    for event in found.events {
      switch event {
      case .start(let name, let attributes, let line): start(name, attributes, line, &findings)
      case .text(let piece): take(piece)
      case .end(let name): end(name, &findings)
      }
    }
    guard let trouble = found.trouble else { return }
    hasTrouble = true
    findings.report(
      "the feed cannot be read further: \(trouble)", line: opening.line + line - 1,
      atEnd ? .endsEarly : .odd)
  }

  private mutating func take(_ piece: String) {
    text.append(contentsOf: piece.utf8.prefix(max(0, opening.limits.line - size)))
    size += piece.utf8.count
  }

  private mutating func start(
    _ name: String, _ attributes: [String: String], _ line: Int, _ findings: inout Findings
  ) {
    // Mark-up inside of a text (XHTML, RFC 4287 3.1.1.3) belongs to it.
    if FeedEntry.isMarkup(name) {
      if name.hasSuffix("p") || name.hasSuffix("br") { take("\n") }
      path.append(name)
      return
    }
    if name == "entry" || name == "item" || name == "atom:entry" {
      findings.isRecognised = true
      entry = FeedEntry(line: opening.line + line - 1)
      size = 0
      if let about = attributes["rdf:about"] { entry?.add(link: about) }
    } else if entry != nil {
      entry?.open(name, attributes)
    } else if name == "channel" || name == "feed" {
      findings.isRecognised = true
    }
    path.append(name)
    text = []
  }

  private mutating func end(_ name: String, _ findings: inout Findings) {
    path.removeLast()
    if FeedEntry.isMarkup(name) { return }
    let text = RecordText.trimmed(String(decoding: text, as: UTF8.self))
    self.text = []
    if name == "entry" || name == "item" || name == "atom:entry" {
      guard let ended = entry else { return }
      entry = nil
      size = 0
      if let reference = ended.reference(of: feed) { references.take(reference, &findings) }
    } else if entry != nil {
      entry?.close(name, text, inside: path.last ?? "")
    } else if path.count <= 2 {
      size = 0
      if feed.close(name, text) {
        findings.report(
          "the feed tells an error: \(text.prefix(200))", line: opening.line, .error)
      }
    }
  }
}

/// What a feed says of itself, as far as it concerns its entries.
struct FeedHead {
  /// The day that it was asked for, where that is known.
  let asked: PaperDate?
  /// The day it was made.
  private(set) var day: PaperDate?
  /// Whether it is an answer of arXiv's search, where `published` is the paper's own day.
  private(set) var isSearch = false

  init(asked: PaperDate?) { self.asked = asked }

  /// Takes an element of the feed itself.
  /// - Returns: whether it says that it is no feed but an error.
  mutating func close(_ name: String, _ text: String) -> Bool {
    switch name {
    case "updated", "pubdate", "lastbuilddate", "dc:date":
      if day == nil { day = LooseDate(text)?.day }
    case "id": isSearch = text.contains("arxiv.org/api/")
    // arXiv answers a wrong query with a well-formed feed of this title.
    case "title": return text.lowercased().hasPrefix("feed error")
    default: break
    }
    return false
  }
}
