import Papers

/// The text that belongs to a paper, put together from the lines of its card: what has a label goes
/// where the label says, the rest is the summary.
///
/// Nothing that says something is dropped; authors, categories, dates, links to code and votes
/// become the bibliography, and lines of nothing but links are no text.
struct CardText {
  /// A run of text under one label.
  private struct Part {
    var kind: FieldLabel.Kind?
    var label = ""
    var text = ""
    var isQuote = false
  }

  private var said = Bibliography()
  /// The day that the card bears.
  private(set) var date: PaperDate?
  private var parts: [Part] = []
  /// The part that the next line continues.
  private var open: Int?
  /// A field that goes on over lines: what it is and how far in its label stands.
  private var field: (kind: FieldLabel.Kind, indent: Int)?
  private let anchor: Int

  init(_ card: Card) {
    anchor = card.line
    for line in card.rest { take(whole: line) }
    if date == nil { date = card.rowDate }
  }

  /// The text of a cell.
  init(cell: [UInt8], skipping first: Int) {
    anchor = 0
    let span = cell.span
    let line = CardLine(span, 0..<span.count, isAfterBlank: false, number: 1)
    for segment in Self.segments(line).dropFirst(first) { take(segment) }
  }

  /// The text of a cell whose column says what it holds.
  init(field kind: FieldLabel.Kind, _ cell: [UInt8]) {
    anchor = 0
    let span = cell.span
    let range = Self.unquoted(span, span.trimmed(0..<span.count))
    switch kind {
    case .tldr, .keywords:
      parts = [Part(kind: kind, text: InlineText.plain(span, range))]
    default: add(span, range, to: kind)
    }
  }

  // MARK: Lines

  private mutating func take(whole line: CardLine) {
    let segments = Self.segments(line)
    for segment in segments { take(segment) }
  }

  /// A line cut where it holds several: at `<br>`, and at marks between fields.
  static func segments(_ line: CardLine) -> [CardLine] {
    let span = line.bytes.span
    var cuts: [Range<Int>] = []
    var marks: [Range<Int>] = []
    for index in 0..<min(span.count, 20_000) {
      if span[index] == Byte.less, span.matches("<br", at: index),
        let tag = InlineText.htmlTag(span, index, span.count)
      {
        cuts.append(index..<tag.end)
      } else if span[index] == 0xC2, span.matches("·", at: index) {
        marks.append(index..<index + 2)
      } else if span[index] == 0xE2, span.matches("•", at: index) {
        marks.append(index..<index + 3)
      } else if span[index] == Byte.pipe, span[or0: index - 1] == Byte.space {
        marks.append(index..<index + 1)
      }
    }
    if !marks.isEmpty, areBetweenFields(span, marks) { cuts += marks }
    guard !cuts.isEmpty else { return [line] }
    var segments: [CardLine] = []
    var start = 0
    let end = span.count..<span.count
    for cut in cuts.sorted(by: { $0.lowerBound < $1.lowerBound }) + [end]
    where cut.lowerBound >= start {
      let range = span.trimmed(start..<cut.lowerBound)
      if !range.isEmpty {
        var segment = CardLine(
          span, range, isAfterBlank: line.isAfterBlank && segments.isEmpty, number: line.number)
        segment.indent = line.indent
        segment.isQuote = line.isQuote
        segment.isTail = line.isTail && segments.isEmpty
        if !segments.isEmpty, segment.level != nil { segment.kind = .text }
        segments.append(segment)
      }
      start = cut.upperBound
    }
    return segments.isEmpty ? [line] : segments
  }

  /// Whether what marks separate are fields: one has a label, or most say nothing by themselves.
  private static func areBetweenFields(
    _ line: borrowing Span<UInt8>, _ marks: [Range<Int>]
  ) -> Bool {
    guard line.count < 4000 else { return false }
    var start = 0
    var count = 0
    for end in marks.map(\.lowerBound) + [line.count] {
      let range = line.trimmed(start..<max(start, end))
      if FieldLabel(line, range) != nil || NamelessText.isNameless(InlineText.plain(line, range)) {
        count += 1
      }
      start = marks.first { $0.lowerBound == end }?.upperBound ?? end
    }
    return count * 2 >= marks.count
  }

  private mutating func take(_ line: CardLine) {
    let span = line.bytes.span
    let range = 0..<span.count
    switch line.kind {
    case .rule: return
    case .tags:
      if span.matches("</details", at: 0) { (open, field) = (nil, nil) }
      return
    case .summary, .heading: return take(title: line)
    default: break
    }
    if let label = FieldLabel(span, range) {
      take(label, span, line)
    } else if let field, line.indent > field.indent, !line.isAfterBlank {
      add(span, range, to: field.kind)
    } else {
      field = nil
      take(text: line)
    }
  }

  /// A heading or `<summary>`: the label of what is below.
  private mutating func take(title line: CardLine) {
    let text = InlineText.plain(line.bytes).trimmingPrefix { $0 == "#" || $0 == " " || $0 == "*" }
    let name = Array(TitleText.trimmed(text).utf8)
    (open, field) = (nil, nil)
    let span = name.span
    if let label = FieldLabel(span, 0..<name.count, isWhole: true) {
      take(label, span, line)
    } else if line.number > anchor, line.level != nil, !name.isEmpty {
      begin(Part(kind: .section, label: String(decoding: name, as: UTF8.self)))
    } else if line.kind == .summary, line.number > anchor, Self.isProse(String(text)) {
      append(String(text), line)
    }
  }

  private mutating func take(
    _ label: FieldLabel, _ span: borrowing Span<UInt8>, _ line: CardLine
  ) {
    (open, field) = (nil, nil)
    let value = Self.unquoted(span, span.trimmed(label.content..<span.count))
    switch label.kind {
    case .abstract, .summary, .section, .tldr, .keywords:
      begin(Part(kind: label.kind, label: label.text))
      let text = Self.body(span, value)
      if !text.isEmpty { parts[parts.count - 1].text = text }
    default:
      field = (label.kind, line.indent)
      add(span, value, to: label.kind)
    }
  }

  private mutating func begin(_ part: Part) {
    open = parts.count
    parts.append(part)
  }

  /// A value of YAML without its quotation marks, empty where its lines follow.
  private static func unquoted(
    _ span: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> Range<Int> {
    guard let first = range.first, let last = range.last else { return range }
    if range.count <= 2, span[first] == Byte.greater || span[first] == Byte.pipe {
      return range.upperBound..<range.upperBound
    }
    let isQuoted = span[first] == UInt8(ascii: "\"") || span[first] == UInt8(ascii: "'")
    return isQuoted && first < last && span[last] == span[first] ? first + 1..<last : range
  }

  // MARK: Fields

  private mutating func add(
    _ span: borrowing Span<UInt8>, _ range: Range<Int>, to kind: FieldLabel.Kind
  ) {
    guard !range.isEmpty else { return }
    switch kind {
    case .authors:
      guard said.authors.count < 2000 else { return }
      let marker = SummaryOutline.listMarker(span, at: range.lowerBound)
      let start = min(range.lowerBound + marker, range.upperBound)
      said.authors += NameList.names(span.text(start..<range.upperBound))
    case .categories:
      for word in InlineText.plain(span, range).split(whereSeparator: { ",;|，、；/".contains($0) }) {
        addCategory(String(word).trimmedMarks)
      }
    case .published:
      said.published = said.published ?? Self.day(span, range).map(PublicationDate.init)
    case .date: date = date ?? Self.day(span, range)
    case .code, .other: addCode(span, range, onlyForges: kind == .other)
    case .votes:
      let digits = span.text(range).filter(\.isNumber).prefix(9)
      said.votes = said.votes ?? Int64(String(digits))
    default: break
    }
  }

  private mutating func addCategory(_ name: String) {
    let name = name.filter { $0 != "`" }
    guard !name.isEmpty, name.utf8.count <= 60, said.categories.count < 64,
      !said.categories.contains(where: { $0.utf8.elementsEqual(name.utf8) })
    else { return }
    said.categories.append(name)
  }

  private static func day(_ span: borrowing Span<UInt8>, _ range: Range<Int>) -> PaperDate? {
    DayHeading.date(in: span, range.lowerBound..<min(range.upperBound, range.lowerBound + 80))
  }

  private mutating func addCode(
    _ span: borrowing Span<UInt8>, _ range: Range<Int>, onlyForges: Bool
  ) {
    var index = range.lowerBound
    while said.code.count < 16, index < range.upperBound {
      guard let colon = span.first(Byte.colon, in: index..<range.upperBound) else { return }
      index = colon + 1
      guard span.matches("://", at: colon) else { continue }
      let start = span.matches("https", at: colon - 5) ? colon - 5 : colon - 4
      guard span.matches("http", at: start), start >= range.lowerBound else { continue }
      var end = colon + 3
      while end < range.upperBound, span[end] > 0x20, !"<>\"'()[]`|*,".utf8.contains(span[end]) {
        end += 1
      }
      while end > start, ".;".utf8.contains(span[end - 1]) { end -= 1 }
      let address = span.text(start..<end)
      index = end
      let isForge = ["github.com/", "gitlab.com/", "codeberg.org/", "gitee.com/"]
        .contains { address.contains($0) }
      if isForge || !onlyForges, !said.code.contains(where: { $0 == address }) {
        said.code.append(address)
      }
    }
  }

  // MARK: Text

  private mutating func take(text line: CardLine) {
    let span = line.bytes.span
    let range = 0..<span.count
    if line.isAfterBlank, let open, parts[open].kind == .tldr || parts[open].kind == .keywords,
      !parts[open].text.isEmpty
    {
      self.open = nil
    }
    let isLabelled = open.map { parts[$0].kind != nil } ?? false
    if line.isTail { return take(tail: line) }
    if TitleText.isSyntax(span, range) || takeLinkLine(line) { return }
    if !isLabelled, !line.isQuote || line.number <= anchor {
      let plain = InlineText.plain(span, range)
      if LinkScan(span, in: range).spots.contains(where: { !$0.isMention }) || line.number == anchor
      {
        takeLinks(plain, line)
        return
      }
      if takeMeta(plain, line) { return }
    }
    append(Self.body(span, range), line)
  }

  /// What follows a title in its line, where that is a sentence.
  private mutating func take(tail line: CardLine) {
    let span = line.bytes.span
    let text = TitleText.withoutLinks(InlineText.marked(span, 0..<span.count))
    if Self.isProse(text), !NameList.isLikely(text) {
      append(text, line)
    } else {
      noteSubjects(text)
      addCode(span, 0..<span.count, onlyForges: true)
    }
  }

  /// A line of nothing but links, or a key of the list's own and a link.
  private mutating func takeLinkLine(_ line: CardLine) -> Bool {
    let span = line.bytes.span
    let range = 0..<span.count
    guard span.count < 4000, Self.hasLink(span) else { return false }
    let plain = InlineText.plain(span, range)
    var isOnlyLinks = NamelessText.isNameless(plain)
    if !isOnlyLinks, let colon = Self.firstColon(span) {
      let value = span.skippingSpace(from: colon + span.colonLength(at: colon), to: span.count)
      isOnlyLinks =
        span[or0: value] == Byte.openBracket
        && (InlineText.link(span, value, span.count).map { $0.end >= span.count - 1 } ?? false)
    }
    guard isOnlyLinks else { return false }
    noteSubjects(plain)
    addCode(span, range, onlyForges: true)
    return true
  }

  private static func firstColon(_ span: borrowing Span<UInt8>) -> Int? {
    for index in 0..<min(60, span.count) where span.colonLength(at: index) > 0 { return index }
    return nil
  }

  private static func hasLink(_ span: borrowing Span<UInt8>) -> Bool {
    for index in 0..<span.count {
      if span[index] == Byte.openBracket || span[index] == Byte.less { return true }
      if span[index] == Byte.colon, span.matches("://", at: index) { return true }
    }
    return false
  }

  /// A line that links the paper: subjects and names beside the link.
  private mutating func takeLinks(_ plain: String, _ line: CardLine) {
    guard line.number != anchor, !NameList.isLikely(plain), Self.isProse(plain) else {
      noteSubjects(plain)
      addCode(line.bytes.span, 0..<line.bytes.count, onlyForges: true)
      return
    }
    append(Self.body(line.bytes.span, 0..<line.bytes.count), line)
  }

  private mutating func noteSubjects(_ plain: String) {
    guard plain.utf8.count <= 400 else { return }
    for word in plain.split(whereSeparator: { " ,;|/·[]()`".contains($0) })
    where word.contains(".") && NamelessText.isSubject(word) {
      addCategory(String(word))
    }
  }

  /// A line that says nothing but names, subjects, dates or links.
  private mutating func takeMeta(_ text: String, _ line: CardLine) -> Bool {
    let plain = String(TitleText.trimmed(text[...]))
    if NamelessText.isNameless(plain) {
      noteSubjects(plain)
      return true
    }
    if isRemark(line) { return true }
    if NameList.isLikely(plain) || plain.utf8.count < 200 && plain.lowercased().hasSuffix("et al.")
    {
      let isEmphasised = line.bytes.first == Byte.star || line.bytes.first == UInt8(ascii: "_")
      if said.authors.isEmpty, isEmphasised || NameList.hasInitials(plain) {
        said.authors = NameList.names(plain)
      }
      return true
    }
    // `matched: `a`, `b``: a key of the list's own, and values.
    if let colon = plain.firstIndex(of: ":"), colon > plain.startIndex {
      let value = plain[plain.index(after: colon)...]
      let words = value.split(whereSeparator: { ", ".contains($0) })
      let key = plain[..<colon]
      if key.utf8.count < 24, !words.isEmpty, value.trimmingPrefix(" ").first == "`",
        value.last == "`"
      {
        return true
      }
    }
    return false
  }

  /// A paragraph of one line that is all in italics or small stands beside the text.
  private func isRemark(_ line: CardLine) -> Bool {
    let bytes = line.bytes
    guard line.isAfterBlank, bytes.count < 200 else { return false }
    if bytes.span.matches("<sub>", at: 0) || bytes.span.matches("<small>", at: 0) { return true }
    guard let mark = bytes.first, mark == Byte.star || mark == UInt8(ascii: "_") else {
      return false
    }
    return bytes.last == mark && bytes.count { $0 == mark } == 2
  }

  private mutating func append(_ text: String, _ line: CardLine) {
    guard !text.isEmpty else { return }
    let isQuote = line.isQuote
    if open == nil || parts[open ?? 0].kind == nil && parts[open ?? 0].isQuote != isQuote {
      begin(Part(isQuote: isQuote))
    }
    guard let open else { return }
    if !parts[open].text.isEmpty { parts[open].text += line.isAfterBlank ? "\n\n" : "\n" }
    parts[open].text += text
  }

  /// A range as text of a summary: Markdown as it stands, quotation marks and tags taken off.
  private static func body(_ span: borrowing Span<UInt8>, _ range: Range<Int>) -> String {
    var start = range.lowerBound
    while start < range.upperBound, span[start] == Byte.greater || span[start] == Byte.space {
      start += 1
    }
    return InlineText.untagged(span, span.trimmed(start..<range.upperBound))
  }

  /// Whether text says something, more than a name or a note in passing does.
  static func isProse(_ text: String) -> Bool {
    var words = 0
    var lower = 0
    var wide = 0
    for word in text.prefix(4000).split(separator: " ") {
      words += 1
      if let first = word.utf8.first, first &- 0x61 < 26 { lower += 1 }
      for scalar in word.unicodeScalars where (0x3040...0x9FFF).contains(scalar.value) { wide += 1 }
      if lower >= 3 && words >= 4 || wide >= 6 { return true }
    }
    let ends = text.last.map { ".!?。！？…".contains($0) } ?? false
    return ends && (words >= 3 || wide >= 3)
  }

  // MARK: What comes out

  /// The content, with a title.
  func content(title: String) -> PaperContent {
    let parts = kept
    let texts = parts.filter { $0.kind != .tldr && $0.kind != .keywords }
    var keywords = KeywordList()
    for part in parts where part.kind == .keywords { keywords.append(list: part.text) }
    let tldr = parts.first { $0.kind == .tldr }.map { HardWrap.joined($0.text) }
    var content: PaperContent
    if texts.count == 1, texts[0].kind != .section {
      content = PaperContent(title: title, described: texts[0].text)
    } else if texts.isEmpty {
      content = PaperContent(title: title, summary: tldr ?? "")
    } else {
      content = Self.content(title, of: texts)
    }
    if !keywords.words.isEmpty { content.keywords = keywords.words }
    content.tldr = tldr ?? content.tldr
    return content
  }

  /// The parts that say something.
  private var kept: [Part] {
    let parts = parts.filter { !$0.text.isEmpty }
    let hasBetter = parts.contains { $0.kind != nil || $0.isQuote }
    return parts.filter {
      $0.kind != nil || $0.isQuote || Self.isProse($0.text)
        || !hasBetter && $0.text.split(separator: " ").count > 3
    }
  }

  private static func content(_ title: String, of texts: [Part]) -> PaperContent {
    var content = PaperContent(title: title)
    for part in texts {
      let text = HardWrap.joined(part.text)
      content.sections.append(PaperContent.Section(label: part.label, text: text))
      if !content.summary.isEmpty { content.summary += "\n\n" }
      content.summary += part.label.isEmpty ? text : "**\(part.label)**: \(text)"
    }
    return content
  }

  /// Who wrote it, and the abstract where the summary is more than that.
  var bibliography: Bibliography {
    var whole = said
    let texts = kept.filter { $0.kind != .tldr && $0.kind != .keywords }
    if texts.count > 1, let abstract = texts.first(where: { $0.kind == .abstract }) {
      whole.abstract = HardWrap.joined(abstract.text)
    }
    return whole
  }
}
