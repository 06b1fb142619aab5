import Filters
import Glibc
import JSONText
import Papers

/// `content`: what a digest says of a paper, as one unit: `{"title","summary","keywords",…}`.
///
/// Most of a library's bytes are its values, so they are read only where they are needed, and a
/// fold knows the one that holds by its stamp.
package enum Content: PaperRegister, ValueRegister {
  /// `content`
  package static let field = "content"
  /// A digest.
  package static let author = RegisterAuthor.digest
  /// Digests just say it again.
  package static let merge = MergeRule.lastWriter(journalled: false)
  /// Yes.
  package static let isLarge = true
  /// None: what a digest said does no harm when the paper is off the list.
  package static let unsaid: String? = nil

  /// As an object.
  package static func write(_ value: DigestContent, to json: inout JSONTextWriter) {
    value.write(to: &json)
  }

  /// From an object.
  package static func read(_ reader: inout JSONTextReader) throws -> DigestContent {
    try DigestContent(from: &reader)
  }

  /// Which one holds; its value is looked up by whoever needs it.
  package static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    guard fold.take(changes, merge, { _ in true }) != nil else { return false }
    fold.content = changes.map(\.stamp).max()
    return true
  }

  /// Whatever the digests said, as said by the newest it was in.
  package static func facts(of paper: Paper) -> [Fact] {
    guard paper.content != PaperContent() else { return [] }
    let newest = paper.appearances.max()
    let content = DigestContent(
      paper.content, date: newest?.date, source: newest?.source ?? "")
    return [.content(paper.id, content)]
  }

  /// Title, key words, TL;DR, parts and summary.
  package static var keys: [PaperKey] {
    [
      PaperKey(
        "title", rank: 20, write: { $1.string($0.content.title) },
        read: { reader, paper, _ in paper.content.title = try reader.string() }),
      PaperKey(
        "keywords", rank: 70,
        write: { paper, json in json.array(paper.content.keywords) { $0.string($1) } },
        read: { reader, paper, _ in paper.content.keywords = try reader.strings() }),
      PaperKey(
        "tldr", rank: 80, write: { $1.value($0.content.tldr) },
        read: { reader, paper, _ in paper.content.tldr = try reader.optionalString() }),
      PaperKey(
        "sections", rank: 90,
        write: { paper, json in json.array(paper.content.sections) { write($1, to: &$0) } },
        read: { reader, paper, _ in paper.content.sections = try sections(&reader) }),
      PaperKey(
        "summary", rank: 100, write: { $1.string($0.content.summary) },
        read: { reader, paper, _ in paper.content.summary = try reader.string() }),
    ]
  }

  private static func write(_ section: PaperContent.Section, to json: inout JSONTextWriter) {
    json.object { json in
      json.member("label", section.label)
      json.member("text", section.text)
    }
  }

  private static func sections(_ reader: inout JSONTextReader) throws -> [PaperContent.Section] {
    var sections: [PaperContent.Section] = []
    try reader.array { reader in
      var section = PaperContent.Section(label: "", text: "")
      try reader.object { key, reader in
        switch key {
        case "label": section.label = try reader.optionalString() ?? ""
        case "text": section.text = try reader.optionalString() ?? ""
        default: try reader.skip()
        }
      }
      sections.append(section)
    }
    return sections
  }

  /// Words of the texts.
  package static var filterFields: [FilterField] { [.title, .summary, .keyword, .section, .text] }
  /// What only the text tells.
  package static var possessions: [FilterTrait] { [.tldr, .code] }
}

extension Fact {
  /// What a digest says of a paper.
  package static func content(_ id: PaperID, _ content: DigestContent) -> Fact {
    Fact(
      RegisterName(.paper, id.rawValue, Content.field), Content.json(content), madeOf: content)
  }
}

/// What a digest says of a paper, with the digest's day, as the value of the `content` register.
///
/// In JSON a TL;DR or section whose text stands in the summary is written as its place there,
/// `[start, length]` in UTF-8 bytes, so that no text is stored twice.
package struct DigestContent: Hashable, Sendable {
  /// What it says.
  package var content: PaperContent
  /// The day of the digest it comes from: content of an older digest does not replace it.
  package var date: PaperDate?
  /// The series it comes from.
  package var source: String

  /// No summary is read as more parts, or has more key words: a value of 16 MiB may name a million,
  /// at some eighty bytes each.
  static let mostParts = 1 << 14

  /// Content with everything said.
  package init(_ content: PaperContent, date: PaperDate? = nil, source: String = "") {
    self.content = content
    self.date = date
    self.source = source
  }

  /// By bytes.
  package static func == (a: DigestContent, b: DigestContent) -> Bool {
    a.content == b.content && a.date == b.date && a.source.hasBytes(of: b.source)
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) { hasher.combine(content) }

  /// Whether this should take the place of `other`: it says something, and comes from a later
  /// digest, or from the same one made again, or `other` says less. A digest read twice, or an old
  /// one read late, changes nothing; so import is idempotent in any order.
  package func supersedes(_ other: DigestContent) -> Bool {
    if content == other.content { return false }
    if content.summary.isEmpty != other.content.summary.isEmpty {
      return other.content.summary.isEmpty
    }
    if content.title.isEmpty != other.content.title.isEmpty { return other.content.title.isEmpty }
    switch (date, other.date) {
    case (let mine?, let theirs?) where mine != theirs: return mine > theirs
    case (nil, _?): return false
    case (_?, nil): return true
    default: return source.hasBytes(of: other.source)
    }
  }

  func write(to json: inout JSONTextWriter) {
    var summary = content.summary
    summary.withUTF8 { utf8 in
      var spans = SpanFinder(utf8)
      json.object { json in
        json.key("title")
        json.string(content.title)
        json.key("summary")
        json.string(content.summary)
        if !content.keywords.isEmpty { write(content.keywords, to: &json) }
        if let tldr = content.tldr {
          json.key("tldr")
          spans.write(tldr, to: &json)
        }
        if !content.sections.isEmpty { write(content.sections, &spans, to: &json) }
        if let date { json.key("date"); json.string(date.text) }
        if !source.isEmpty { json.key("source"); json.string(source) }
      }
    }
  }

  private func write(_ keywords: [String], to json: inout JSONTextWriter) {
    json.key("keywords")
    json.array { json in for keyword in keywords { json.string(keyword) } }
  }

  private func write(
    _ sections: [PaperContent.Section], _ spans: inout SpanFinder, to json: inout JSONTextWriter
  ) {
    json.key("sections")
    json.array { json in
      for section in sections {
        json.array { json in
          json.string(section.label)
          spans.write(section.text, to: &json)
        }
      }
    }
  }
}

extension DigestContent {
  /// Reads the value of a `content` register.
  /// - Throws: ``JSONTextError`` when it is not one.
  package init(json: String) throws {
    self = try JSONTextReader.read(json) { try DigestContent(from: &$0) }
  }

  /// Reads it where it stands: copying it into a string first is an eighth of an export.
  /// - Throws: ``JSONTextError`` when it is not one.
  package init(json: UnsafeBufferPointer<UInt8>) throws {
    self = try JSONTextReader.read(json) { try DigestContent(from: &$0) }
  }

  init(from reader: inout JSONTextReader) throws {
    var raw = Raw()
    try raw.read(from: &reader)
    self = raw.resolved()
  }

  /// The value before places in the summary are looked up, for the keys may come in any order.
  private struct Raw {
    var content = PaperContent()
    var date: PaperDate?
    var source = ""
    var tldr = SummarySpan.text("")
    var hasTLDR = false
    var sections: [(label: String, span: SummarySpan)] = []

    mutating func read(from reader: inout JSONTextReader) throws {
      try reader.object { key, reader in
        switch key {
        case "title": content.title = try reader.string()
        case "summary": content.summary = try reader.string()
        case "keywords":
          try reader.array {
            let keyword = try $0.string()
            if content.keywords.count < DigestContent.mostParts { content.keywords.append(keyword) }
          }
        case "tldr":
          tldr = try SummarySpan(from: &reader)
          hasTLDR = true
        case "sections": try reader.array { try readSection(from: &$0) }
        case "date": date = PaperDate(try reader.string())
        case "source": source = try reader.string()
        default: try reader.skip()
        }
      }
    }

    mutating func readSection(from reader: inout JSONTextReader) throws {
      var label: String?
      var span: SummarySpan?
      try reader.array { reader in
        if label == nil {
          label = try reader.string()
        } else if span == nil {
          span = try SummarySpan(from: &reader)
        } else {
          try reader.skip()
        }
      }
      if let label, let span, sections.count < DigestContent.mostParts {
        sections.append((label, span))
      }
    }

    func resolved() -> DigestContent {
      var content = content
      let summary = content.summary
      // Who writes places writes none twice: a summary named by a thousand sections is not read as
      // a thousand of them.
      var left = summary.utf8.count
      if hasTLDR { content.tldr = tldr.text(in: summary, atMost: &left) }
      content.sections = sections.map {
        .init(label: $0.label, text: $0.span.text(in: summary, atMost: &left))
      }
      return DigestContent(content, date: date, source: source)
    }
  }
}

/// Text given outright, or as a place in the summary.
enum SummarySpan {
  case text(String)
  case place(start: Int, length: Int)

  init(from reader: inout JSONTextReader) throws {
    guard reader.peek() == 0x5B else {
      self = .text(try reader.string())
      return
    }
    var numbers: [Int] = []
    try reader.array { numbers.append(Int(clamping: try $0.integer())) }
    guard numbers.count == 2, numbers[0] >= 0, numbers[1] >= 0 else {
      throw JSONTextError(offset: reader.position)
    }
    self = .place(start: numbers[0], length: numbers[1])
  }

  /// A place outside the summary reads as the part of it that exists.
  /// - Parameter left: so many bytes of the summary are read at most, and so many then.
  func text(in summary: String, atMost left: inout Int) -> String {
    switch self {
    case .text(let text): return text
    case .place(let start, let wanted):
      let utf8 = summary.utf8
      let length = min(wanted, left)
      left -= length
      let from = utf8.index(utf8.startIndex, offsetBy: start, limitedBy: utf8.endIndex)
      let first = from ?? utf8.endIndex
      let end = utf8.index(first, offsetBy: length, limitedBy: utf8.endIndex) ?? utf8.endIndex
      let slice = utf8[first..<end]
      let hasPair = slice.withContiguousStorageIfAvailable(Self.hasPair) ?? true
      // What is cut out of a text between its characters needs no check of its bytes, which was a
      // tenth of an export.
      if !hasPair, Self.isBetweenCharacters(first, utf8), Self.isBetweenCharacters(end, utf8) {
        return String(Substring(slice))
      }
      return Array(slice).withUnsafeBufferPointer(Self.restoreParagraphs)
    }
  }

  private static func isBetweenCharacters(_ place: String.Index, _ utf8: String.UTF8View) -> Bool {
    place == utf8.endIndex || utf8[place] & 0xC0 != 0x80
  }

  /// Two spaces are a lost paragraph break.
  static func restoreParagraphs(_ slice: UnsafeBufferPointer<UInt8>) -> String {
    guard hasPair(slice) else { return String(decoding: slice, as: UTF8.self) }
    var out: [UInt8] = []
    out.reserveCapacity(slice.count)
    var index = slice.startIndex
    while index < slice.endIndex {
      let isPair =
        slice[index] == 0x20 && index + 1 < slice.endIndex && slice[index + 1] == 0x20
      out.append(isPair ? 0x0A : slice[index])
      if isPair { out.append(0x0A) }
      index += isPair ? 2 : 1
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Looks at every byte whatever it has found, so that the processor takes sixteen at a time.
  private static func hasPair(_ slice: UnsafeBufferPointer<UInt8>) -> Bool {
    guard slice.count > 1 else { return false }
    var found: UInt8 = 0
    for place in 1..<slice.count {
      found |= (slice[place] == 0x20 ? 1 : 0) & (slice[place - 1] == 0x20 ? 1 : 0)
    }
    return found != 0
  }
}

/// Finds texts in a summary, each from where the one before ended, so the whole is linear.
struct SpanFinder {
  private let summary: UnsafeBufferPointer<UInt8>
  private var cursor = 0

  init(_ summary: UnsafeBufferPointer<UInt8>) { self.summary = summary }

  /// Writes the place of `text` where it is found ahead, else the text itself.
  mutating func write(_ text: String, to json: inout JSONTextWriter) {
    var text = text
    guard !text.isEmpty, let start = text.withUTF8(find) else {
      json.string(text)
      return
    }
    json.array { json in
      json.number(start)
      json.number(text.utf8.count)
    }
    cursor = start + text.utf8.count
  }

  private func find(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    // Nearly always the text stands there as it is.
    Self.hasBreak(text) ? find(Array(text)) : search(text)
  }

  /// Looks at every byte whatever it has found, so that the processor takes sixteen at a time.
  private static func hasBreak(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count > 1 else { return text.first == 0x0A }
    var found: UInt8 = text[0] == 0x0A ? 1 : 0
    for place in 1..<text.count {
      let isNewline: UInt8 = text[place] == 0x0A ? 1 : 0
      let isSpace: UInt8 = text[place] == 0x20 ? 1 : 0
      found |= isNewline | isSpace & (text[place - 1] == 0x20 ? 1 : 0)
    }
    return found != 0
  }

  /// A newline pair of `text` stands for two spaces of the summary; anything else for itself.
  private func find(_ text: [UInt8]) -> Int? {
    var wanted = text
    for index in wanted.indices where wanted[index] == 0x0A {
      let paired = index + 1 < wanted.count && wanted[index + 1] == 0x0A
      guard paired || (index > 0 && text[index - 1] == 0x0A) else { return nil }
      wanted[index] = 0x20
      if paired { wanted[index + 1] = 0x20 }
    }
    guard let start = wanted.withUnsafeBufferPointer({ search($0) }) else { return nil }
    let slice = UnsafeBufferPointer(rebasing: summary[start..<(start + wanted.count)])
    return SummarySpan.restoreParagraphs(slice).utf8.elementsEqual(text) ? start : nil
  }

  /// Looks at the first places that begin with the right byte only, so that a summary made to be
  /// slow costs no more than one full of text; what is not found is written out.
  private func search(_ wanted: UnsafeBufferPointer<UInt8>, attempts: Int = 256) -> Int? {
    guard let base = summary.baseAddress, let text = wanted.baseAddress, let first = wanted.first
    else { return nil }
    var from = cursor
    for _ in 0..<attempts {
      guard from + wanted.count <= summary.count,
        let hit = memchr(base + from, Int32(first), summary.count - wanted.count - from + 1)
      else { return nil }
      let place = UnsafeRawPointer(hit) - UnsafeRawPointer(base)
      if memcmp(base + place, text, wanted.count) == 0 { return place }
      from = place + 1
    }
    return nil
  }
}
