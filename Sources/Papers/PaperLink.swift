/// Recognises the paper a link names. See ``PaperID/init(link:)``.
///
/// Invariant: the result read again gives itself, so a canonical id is a fixed point. Nothing that
/// is longer than ``maximumLength`` or holds a control character names a paper.
enum PaperLink {
  /// The longest link that is looked at, UTF-8 bytes.
  static let maximumLength = 2048

  /// The canonical id text of `link`, or nil.
  static func identify(_ link: String) -> String? {
    var link = link
    link.makeContiguousUTF8()
    return identify(link.utf8.span)
  }

  /// The canonical id text of the link in `bytes`, or nil.
  static func identify(_ bytes: borrowing Span<UInt8>) -> String? {
    guard let range = bare(bytes) else { return nil }
    if let url = LinkURL(bytes, in: range) { return identify(url, bytes) }
    let start = range.lowerBound
    if bytes.matches("url:", at: start) {
      guard let url = LinkURL(bytes, in: start + 4..<range.upperBound) else { return nil }
      return identify(url, bytes)
    }
    if bytes.matches("doi:", at: start) {
      return doi(bytes, in: skipSpaces(bytes, start + 4, range))
    }
    if bytes.matches("10.", at: start) { return doi(bytes, in: range) }
    if bytes.matches("arxiv:", at: start) {
      return arXiv(bytes, in: skipSpaces(bytes, start + 6, range))
    }
    if let id = arXiv(bytes, in: range) { return id }
    guard let url = LinkURL(knownHost: bytes, in: range) else { return nil }
    return identify(url, bytes)
  }

  /// The bytes without surrounding white space and angle brackets; nil when they cannot be a link.
  private static func bare(_ bytes: borrowing Span<UInt8>) -> Range<Int>? {
    guard bytes.count <= maximumLength + 64 else { return nil }
    var start = 0
    var end = bytes.count
    while start < end, Ascii.isSpace(bytes[start]) { start += 1 }
    while end > start, Ascii.isSpace(bytes[end - 1]) { end -= 1 }
    if end - start > 1, bytes[start] == UInt8(ascii: "<"), bytes[end - 1] == UInt8(ascii: ">") {
      start += 1
      end -= 1
    }
    guard start < end, end - start <= maximumLength + 4 else { return nil }
    for index in start..<end where Ascii.isControl(bytes[index]) { return nil }
    return start..<end
  }

  private static func skipSpaces(
    _ bytes: borrowing Span<UInt8>, _ start: Int, _ range: Range<Int>
  ) -> Range<Int> {
    var start = start
    while start < range.upperBound, bytes[start] == 0x20 { start += 1 }
    return start..<range.upperBound
  }

  /// An arXiv id that fills the range but for `.pdf`, slashes and punctuation after it.
  private static func arXiv(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> String? {
    guard let id = ArXivID(bytes, from: range.lowerBound), id.end <= range.upperBound else {
      return nil
    }
    var end = id.end
    if bytes.matches(".pdf", at: end) { end += 4 }
    while end < range.upperBound, isTrailing(bytes[end]) { end += 1 }
    return end >= range.upperBound ? id.canonical : nil
  }

  /// A DOI that fills the range (ISO 26324: `10.`, registrant, `/`, anything), in lower case,
  /// without punctuation after it; an arXiv DOI is the arXiv id.
  private static func doi(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> String? {
    guard bytes.matches("10.", at: range.lowerBound) else { return nil }
    var slash = range.lowerBound + 3
    while slash < range.upperBound, Ascii.isDigit(bytes[slash]) || bytes[slash] == Ascii.dot {
      slash += 1
    }
    guard slash - range.lowerBound >= 7, slash < range.upperBound, bytes[slash] == Ascii.slash
    else { return nil }
    let end = endOfDOI(bytes, in: slash + 1..<range.upperBound)
    guard end > slash + 1, !bytes.contains(0x20, in: slash..<end) else { return nil }
    if bytes.matches("10.48550/arxiv.", at: range.lowerBound), slash + 7 < end,
      let id = arXiv(bytes, in: slash + 7..<end)
    {
      return id
    }
    return "doi:" + bytes.loweredText(range.lowerBound..<end)
  }

  /// The brackets that may stand in a DOI: older ones have all of them
  /// (`10.1002/(SICI)1097-4571(199806)49:8<693::AID-ASI4>3.0.CO;2-O`).
  private static let brackets: [(open: UInt8, close: UInt8)] = [
    (UInt8(ascii: "("), UInt8(ascii: ")")), (UInt8(ascii: "["), UInt8(ascii: "]")),
    (UInt8(ascii: "<"), UInt8(ascii: ">")), (UInt8(ascii: "{"), UInt8(ascii: "}")),
  ]

  /// Where the DOI suffix ends when the punctuation of the sentence around it is taken off: a
  /// closing bracket belongs to it only where it was opened inside (`10.1016/s0140(20)3`).
  private static func endOfDOI(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> Int {
    var open = brackets.map { _ in 0 }
    for index in range {
      for (kind, bracket) in brackets.enumerated() {
        if bytes[index] == bracket.open { open[kind] += 1 }
        if bytes[index] == bracket.close { open[kind] -= 1 }
      }
    }
    var end = range.upperBound
    while end > range.lowerBound {
      let last = bytes[end - 1]
      if let kind = brackets.firstIndex(where: { $0.close == last }) {
        guard open[kind] < 0 else { break }
        open[kind] += 1
      } else if !isTrailing(last) {
        break
      }
      end -= 1
    }
    return end
  }

  private static func identify(_ url: LinkURL, _ bytes: borrowing Span<UInt8>) -> String? {
    if url.site != .other, let id = url.withPath(bytes, { page($0, of: url.site) }) { return id }
    return url.canonical(bytes)
  }

  /// The paper whose page is at a path of a site.
  private static func page(_ path: borrowing Span<UInt8>, of site: LinkURL.Site) -> String? {
    switch site {
    case .arXiv:
      arXivPage(path, folders: ["abs", "pdf", "html", "format", "e-print", "src", "ps"])
    case .ar5iv: arXivPage(path, folders: ["abs", "html", "pdf", ""])
    case .huggingFace: arXivPage(path, folders: ["papers"])
    case .alphaXiv: arXivPage(path, folders: ["abs", "pdf", "overview", "html", "resources"])
    case .doi: doi(path, in: min(1, path.count)..<path.count)
    case .other: nil
    }
  }

  /// The id in `/folder/ID`, for the first folder that fits (`""`: `/ID`).
  private static func arXivPage(_ path: borrowing Span<UInt8>, folders: [StaticString]) -> String? {
    var first = 0
    while path.byte(first) == Ascii.slash { first += 1 }
    for folder in folders {
      var start = first
      if folder.utf8CodeUnitCount > 0 {
        guard path.matches(folder, at: first) else { continue }
        start += folder.utf8CodeUnitCount
        guard path.byte(start) == Ascii.slash else { continue }
      }
      while path.byte(start) == Ascii.slash { start += 1 }
      if start < path.count, let id = arXiv(path, in: start..<path.count) { return id }
    }
    return nil
  }

  /// Punctuation that a sentence or markup puts after a link.
  private static func isTrailing(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"),
      UInt8(ascii: "!"), UInt8(ascii: "?"), UInt8(ascii: "/"), UInt8(ascii: ")"),
      UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ">"), UInt8(ascii: "'"),
      UInt8(ascii: "\""), UInt8(ascii: "*"), UInt8(ascii: "`"):
      true
    default: false
    }
  }
}
