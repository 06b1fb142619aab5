import URLText

/// An http(s) URL taken apart as far as the identity of a paper needs it (RFC 3986).
///
/// Normalised: scheme and host in lower case, no default port, no fragment, a path of at least `/`.
/// A URL with credentials in it is none of ours: they would be stored and printed.
struct LinkURL {
  /// The sites whose pages are papers.
  enum Site { case arXiv, ar5iv, huggingFace, alphaXiv, doi, other }

  /// Which site the host belongs to.
  let site: Site
  private let isSecure: Bool
  private let host: String
  private let port: String
  /// Where path, query and fragment stand in the bytes.
  private let path: Range<Int>
  private let end: Int

  /// The URL that fills `range`, or nil when it is not one.
  init?(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) {
    let secure = bytes.matches("https://", at: range.lowerBound)
    guard secure || bytes.matches("http://", at: range.lowerBound) else { return nil }
    self.init(
      bytes, from: range.lowerBound + (secure ? 8 : 7), to: range.upperBound, secure: secure)
  }

  /// A URL without its scheme, only where the host is one whose pages are papers.
  init?(knownHost bytes: borrowing Span<UInt8>, in range: Range<Int>) {
    self.init(bytes, from: range.lowerBound, to: range.upperBound, secure: true)
    if site == .other { return nil }
  }

  private init?(_ bytes: borrowing Span<UInt8>, from start: Int, to end: Int, secure: Bool) {
    guard start < end, !bytes.contains(0x20, in: start..<end) else { return nil }
    var host = start
    while host < end, !Self.endsHost(bytes[host]) { host += 1 }
    guard let name = Self.host(bytes, in: start..<host) else { return nil }
    var portEnd = host
    var port = ""
    if host < end, bytes[host] == Ascii.colon {
      portEnd = host + 1 + bytes.digits(from: host + 1)
      guard let number = Int(bytes.text(host + 1..<portEnd)) ?? (portEnd == host + 1 ? 0 : nil),
        number <= 65535, portEnd >= end || Self.endsAuthority(bytes[portEnd])
      else { return nil }
      if number != 0, number != (secure ? 443 : 80) { port = ":\(number)" }
    } else if host < end, !Self.endsAuthority(bytes[host]) {
      return nil  // user:password@host, or a character no host has
    }
    var query = portEnd
    while query < end, bytes[query] != Ascii.question, bytes[query] != Ascii.hash { query += 1 }
    var fragment = query
    while fragment < end, bytes[fragment] != Ascii.hash { fragment += 1 }
    site = port.isEmpty ? Self.site(of: name) : .other
    isSecure = secure
    self.host = name
    self.port = port
    path = portEnd..<query
    self.end = fragment
  }

  /// `url:` and the normalised URL, whose bytes these are; nil when it is longer than an id may be.
  func canonical(_ bytes: borrowing Span<UInt8>) -> String? {
    // Escaped it is longer, and must be a host when it is read again.
    let escapedHost = Self.ascii(host).lowercased()
    guard escapedHost.utf8.count <= Self.longestHost else { return nil }
    let canonical =
      (isSecure ? "url:https://" : "url:http://") + escapedHost + port + (path.isEmpty ? "/" : "")
      + Self.ascii(bytes.text(path.lowerBound..<end))
    return canonical.utf8.count <= PaperLink.maximumLength + 4 ? canonical : nil
  }

  /// Hands out the path with its `%XX` escapes decoded (RFC 3986, 2.1), empty when a control
  /// character was escaped. `bytes` are those of the URL.
  func withPath<Result>(
    _ bytes: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>) -> Result
  ) -> Result {
    guard bytes.contains(UInt8(ascii: "%"), in: path) else { return body(bytes.extracting(path)) }
    let decoded = PercentEncoding.decode(bytes, in: path)
    let clean = decoded.contains(where: Ascii.isControl) ? [] : decoded
    return body(clean.span)
  }

  /// A part of an address as it stands in a URI: whatever is not ASCII is composed, and its bytes
  /// are escaped (RFC 3987, 3.1), so that two ways to type `é` are one paper, on every machine.
  private static func ascii(_ part: String) -> String {
    part.utf8.allSatisfy { $0 < 0x80 } ? part : everyASCII.encode(part.composed)
  }

  private static let everyASCII = PercentEncoding(
    marks: String(decoding: 0..<0x80 as Range<UInt8>, as: UTF8.self))

  private static func endsAuthority(_ byte: UInt8) -> Bool {
    byte == Ascii.slash || byte == Ascii.question || byte == Ascii.hash
  }

  private static func endsHost(_ byte: UInt8) -> Bool {
    endsAuthority(byte) || byte == Ascii.colon || byte == UInt8(ascii: "@")
  }

  /// Bytes of a host name (RFC 1035, 2.3.4, without the length bytes at its ends).
  private static let longestHost = 253

  /// The host in lower case; nil when it is empty or has a character that no host has.
  private static func host(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> String? {
    guard !range.isEmpty, range.count <= longestHost else { return nil }
    for index in range {
      let byte = bytes[index]
      guard
        Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.dot || byte == Ascii.dash
          || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "%") || byte >= 0x80
      else { return nil }
    }
    return bytes.loweredText(range)
  }

  private static func site(of host: String) -> Site {
    switch host {
    case "arxiv.org", "www.arxiv.org", "export.arxiv.org", "browse.arxiv.org", "cn.arxiv.org",
      "lanl.arxiv.org", "de.arxiv.org", "xxx.lanl.gov":
      .arXiv
    case "ar5iv.org", "www.ar5iv.org", "ar5iv.labs.arxiv.org": .ar5iv
    case "huggingface.co", "www.huggingface.co", "hf.co": .huggingFace
    case "alphaxiv.org", "www.alphaxiv.org": .alphaXiv
    case "doi.org", "dx.doi.org", "www.doi.org": .doi
    default: .other
    }
  }
}

extension Span<UInt8> {
  /// Whether `wanted` stands in a range inside the bounds.
  func contains(_ wanted: UInt8, in range: Range<Int>) -> Bool {
    for index in range where self[index] == wanted { return true }
    return false
  }

  /// The bytes of a range inside the bounds as text, ASCII letters in lower case.
  func loweredText(_ range: Range<Int>) -> String {
    String(decoding: range.map { Ascii.lower(self[$0]) }, as: UTF8.self)
  }
}
