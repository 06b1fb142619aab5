import URLText

/// The identity of a paper, derived from the paper itself and never assigned, so that two machines
/// importing one digest agree.
///
/// One of three forms, each canonical:
/// * an arXiv id without version: `2509.26507` (since April 2007) or `hep-th/9901001` (before);
/// * `doi:` and a DOI in lower case (DOIs are case-insensitive, ISO 26324);
/// * `url:` and a normalised http(s) URL, percent-encoded, so that it is ASCII.
package struct PaperID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Which of the three forms an id has.
  package enum Kind: Hashable, Sendable { case arXiv, doi, url }

  /// The canonical text, as stored, printed and exported.
  package let rawValue: String

  /// An id whose canonical text is already known, for example read back from the library.
  ///
  /// Returns nil when `rawValue` is not canonical; use ``init(link:)`` for text from a person or a
  /// digest.
  package init?(rawValue: String) {
    guard !rawValue.isEmpty, PaperLink.identify(rawValue).hasBytes(of: rawValue) else { return nil }
    self.rawValue = rawValue
  }

  /// The id a link or id text names: an arXiv id (with or without version, `arXiv:` prefix), an
  /// arXiv abs/pdf/html URL, a Hugging Face papers or alphaXiv URL, a DOI or doi.org URL, or any
  /// other http(s) URL. Nil when it names no paper.
  package init?(link: String) {
    guard let canonical = PaperLink.identify(link) else { return nil }
    rawValue = canonical
  }

  /// The id a link or id text in UTF-8 names; see ``init(link:)``.
  package init?(link: borrowing Span<UInt8>) {
    guard let canonical = PaperLink.identify(link) else { return nil }
    rawValue = canonical
  }

  /// An id read from our own library, where only canonical ids are written; not validated again.
  package init(trusted rawValue: String) { self.rawValue = rawValue }

  /// Whether text from another machine may be an id at all: no more than that, for an older build
  /// may have made it in another canonical form. Nothing that ends a line, is a flag, or names
  /// something else than a page of the web.
  package static func isPlausible(_ rawValue: String) -> Bool {
    let bytes = rawValue.utf8
    guard let first = bytes.first, first != Ascii.dash, bytes.count <= longest,
      bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F })
    else { return false }
    return !bytes.starts(with: "url:".utf8) || isWebLink(rawValue.dropFirst(4))
  }

  /// Escaped, the longest that a digest may give is three times as long.
  private static let longest = 4 * PaperLink.maximumLength

  /// Whether text is an http(s) URL as far as who opens it goes: what follows may be anything.
  package static func isWebLink(_ text: some StringProtocol) -> Bool {
    ["http://", "https://"].contains {
      text.utf8.starts(with: $0.utf8) && text.utf8.count > $0.utf8.count
    }
  }

  /// The form of this id.
  package var kind: Kind {
    if rawValue.utf8.starts(with: "doi:".utf8) { return .doi }
    return rawValue.utf8.starts(with: "url:".utf8) ? .url : .arXiv
  }

  /// The page of the paper: arXiv abstract, `https://doi.org/…`, or the URL itself.
  package var url: String {
    switch kind {
    case .arXiv: "https://arxiv.org/abs/" + rawValue
    case .doi: "https://doi.org/" + Self.path.encode(rawValue.dropFirst(4))
    case .url: String(rawValue.dropFirst(4))
    }
  }

  /// A DOI as the path of a URL: what RFC 3986 (3.3) allows there stands as it is.
  private static let path = PercentEncoding(marks: "-._~/:;@!$&'()*+,=")

  /// The PDF, where the id tells where it is (arXiv).
  package var pdfURL: String? { kind == .arXiv ? "https://arxiv.org/pdf/" + rawValue : nil }

  /// The canonical text.
  package var description: String { rawValue }

  /// By bytes.
  package static func == (a: PaperID, b: PaperID) -> Bool { a.rawValue.hasBytes(of: b.rawValue) }

  /// By bytes.
  package func hash(into hasher: inout Hasher) { rawValue.hashBytes(into: &hasher) }

  /// Order of the canonical texts, byte by byte.
  package static func < (a: PaperID, b: PaperID) -> Bool {
    a.rawValue.precedesByBytes(b.rawValue)
  }
}
