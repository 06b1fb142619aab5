import Papers

/// What a record says of its identity, and which paper that makes it.
///
/// An arXiv id or a DOI comes before an address, wherever in the record it stands. An arXiv id
/// comes before a DOI, which may be that of the printed version, unless only a remark names it,
/// which may be about another paper.
struct IdentityClues: Hashable {
  /// Ids and addresses, each a whole one: `eprint`, `doi`, `url`.
  private(set) var links: [String] = []
  /// Texts that hold one somewhere and nothing of another paper: a journal, a number.
  private(set) var texts: [String] = []
  /// Texts that may hold one: notes.
  private(set) var remarks: [String] = []

  private static let most = 64

  /// Adds an id or address; one that is embedded in a text is found there.
  mutating func add(link: String?) {
    guard let link = link.map(RecordText.trimmed), !link.isEmpty, links.count < Self.most else {
      return
    }
    links.append(link)
  }

  /// Adds a DOI as a field of that name holds it: bare, as an address, with entities or
  /// percent-encoded.
  mutating func add(doi: String?) {
    guard let doi = doi.map(RecordText.trimmed), !doi.isEmpty else { return }
    let plain = RecordText.withoutEntities(doi)
    // A DOI holds no percent sign in practice (ISO 26324 allows any character): an address does.
    let isEncoded = plain.hasPrefix("10.") && plain.utf8.contains(UInt8(ascii: "%"))
    add(link: isEncoded ? "https://doi.org/" + plain : plain)
  }

  /// Adds a text that belongs to the paper itself.
  mutating func add(text: String?) {
    if let text, !text.isEmpty, texts.count < Self.most { texts.append(text) }
  }

  /// Adds a text that may be about other papers, too.
  mutating func add(remark: String?) {
    if let remark, !remark.isEmpty, remarks.count < Self.most { remarks.append(remark) }
  }

  /// Whether anything was said.
  var isEmpty: Bool { links.isEmpty && texts.isEmpty && remarks.isEmpty }

  /// The first address, for who keeps what is no paper.
  var address: PaperID? {
    links.lazy.compactMap { PaperID(link: $0) }.first { $0.kind == .url }
  }

  /// The paper; nil where nothing names one.
  var paper: PaperID? {
    let ids = links.compactMap { PaperPage.paper(of: $0) ?? Self.inside($0) }
    if let id = ids.first(where: { $0.kind == .arXiv }) { return id }
    let named = texts.compactMap(Self.inside)
    if let id = named.first(where: { $0.kind == .arXiv }) { return id }
    if let id = ids.first(where: { $0.kind == .doi }) { return id }
    return named.first ?? remarks.lazy.compactMap(Self.inside).first ?? ids.first
  }

  // MARK: Inside a text

  /// The bytes of a text that are looked at.
  private static let longest = 8192

  /// The first arXiv id that a text names as one, else its first DOI.
  static func inside(_ text: String) -> PaperID? {
    let bytes = Array(text.utf8.prefix(longest))
    let span = bytes.span
    var doi: PaperID?
    for index in span.indices {
      let id: PaperID? =
        switch Byte.lower(span[index]) {
        case UInt8(ascii: "a"): arXiv(span, at: index)
        case UInt8(ascii: "1") where doi == nil && !continuesNumber(span, index):
          self.doi(span, index)
        default: nil
        }
      if let id, id.kind == .arXiv { return id }
      doi = doi ?? id
    }
    return doi
  }

  /// `arXiv:1706.03762`, `arXiv 1706.03762`, `arxiv.org/abs/1706.03762`.
  private static func arXiv(_ span: borrowing Span<UInt8>, at index: Int) -> PaperID? {
    guard span.matches("arxiv", at: index) else { return nil }
    let after = index + 5
    if span[or0: after] == UInt8(ascii: ".") {
      return PaperID(link: span.extracting(index..<endOfWord(span, index))).flatMap {
        $0.kind == .arXiv ? $0 : nil
      }
    }
    var start = after
    while start < span.count, start - after < 4,
      span[start] == Byte.colon || span[start] == Byte.space
    {
      start += 1
    }
    guard start > after else { return nil }
    return PaperID(link: span.extracting(start..<endOfWord(span, start))).flatMap {
      $0.kind == .arXiv ? $0 : nil
    }
  }

  private static func doi(_ span: borrowing Span<UInt8>, _ index: Int) -> PaperID? {
    guard span.matches("10.", at: index), Byte.isDigit(span[or0: index + 3]) else { return nil }
    return PaperID(link: span.extracting(index..<endOfDOI(span, index)))
  }

  private static func continuesNumber(_ span: borrowing Span<UInt8>, _ index: Int) -> Bool {
    let before = span[or0: index - 1]
    return Byte.isDigit(before) || Byte.isLetter(before) || before == UInt8(ascii: ".")
  }

  private static func endOfWord(_ span: borrowing Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < span.count, index - start < 300 {
      switch span[index] {
      case 0...0x20, 0x7F..., UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"),
        Byte.openBracket, Byte.closeBracket, Byte.openParenthesis, Byte.closeParenthesis,
        UInt8(ascii: "{"), UInt8(ascii: "}"), Byte.less, Byte.greater:
        return index
      default: index += 1
      }
    }
    return index
  }

  private static func endOfDOI(_ span: borrowing Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < span.count, index - start < 300, span[index] > 0x20, span[index] != 0x7F,
      span[index] != UInt8(ascii: "\"")
    {
      index += 1
    }
    return index
  }
}
