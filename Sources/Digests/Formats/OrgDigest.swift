import Papers

/// Lists and notes of Emacs's org mode.
struct OrgFormat: DigestFormat {
  let explanation = "org mode"
  let name = "org"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    switch head[0] {
    case Byte.hash: return Self.begins(head, "#+", isWhole)
    case Byte.colon: return Self.begins(head, ":properties:", isWhole)
    case Byte.star: break
    default: return .no
    }
    // A star begins an item of Markdown as well: what follows tells.
    var start = 0
    var isFirst = true
    while start < head.count, start < 4000 {
      let end = head.first(Byte.lineFeed, in: start..<head.count)
      guard let end = end ?? (isWhole ? head.count : nil) else { break }
      let line = head.trimmed(start..<end)
      if OrgHeading.hasState(head, line) || Self.isLink(head, line) { return .yes }
      if !isFirst, Self.isTelling(head, line) { return .yes }
      (start, isFirst) = (end + 1, false)
    }
    return isWhole || start >= 4000 ? .no : .needsMore
  }

  /// Whether a heading is a link, `* [[https://…][Title]]`: no Markdown puts the address first.
  private static func isLink(_ head: borrowing Span<UInt8>, _ line: Range<Int>) -> Bool {
    var index = line.lowerBound
    while index < line.upperBound, head[index] == Byte.star { index += 1 }
    return index > line.lowerBound && head.matches(" [[http", at: index)
  }

  private static func begins(
    _ head: borrowing Span<UInt8>, _ word: StaticString, _ isWhole: Bool
  ) -> Recognition {
    if head.matches(word, at: 0) { return .yes }
    return head.count < word.utf8CodeUnitCount && !isWhole ? .needsMore : .no
  }

  /// Whether a line below the first is one that only org has.
  private static func isTelling(_ head: borrowing Span<UInt8>, _ line: Range<Int>) -> Bool {
    for word in [":properties:", "#+", "[[http", "- [[http", "scheduled: <", "closed: ["]
      as [StaticString]
    where head.matches(word, at: line.lowerBound) {
      return true
    }
    return false
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(OrgDigest(opening), of: opening)
  }
}

/// The heading of an entry: `** DONE [#A] Title :tag:other:`.
struct OrgHeading {
  var level = 0
  var status: ReadingStatus?
  var hasState = false
  /// As Markdown.
  var title = ""
  var tags: [String] = []
  var line = 0

  private static let states: Set<String> = [
    "TODO", "DONE", "NEXT", "READ", "READING", "WAITING", "WAIT", "HOLD", "LATER", "NOW", "DOING",
    "STARTED", "PROG", "SOMEDAY", "MAYBE", "CANCELLED", "CANCELED", "KILL", "SKIPPED", "TOREAD",
    "INPROGRESS", "FINISHED", "QUEUED", "UNREAD", "ABANDONED",
  ]

  /// Nothing above.
  init() {}

  /// Nil where a line is no heading.
  init?(_ line: borrowing Span<UInt8>, _ number: Int) {
    while line[or0: level] == Byte.star { level += 1 }
    guard level > 0, line[or0: level] == Byte.space else { return nil }
    self.line = number
    let end = min(line.count, level + 4000)
    var words = OrgText.markdown(line.text(level..<end)).split(separator: " ")[...]
    if let word = words.first, Self.states.contains(String(word)) {
      (hasState, status) = (true, Self.status(word))
      words = words.dropFirst()
    }
    // A priority, and the cookie of a count.
    while let word = words.first, word.hasPrefix("[#"), word.utf8.count == 4 {
      words = words.dropFirst()
    }
    if let last = words.last, last.hasPrefix(":"), last.hasSuffix(":"), last.utf8.count > 2 {
      tags = last.split(separator: ":").map(String.init)
      words = words.dropLast()
    }
    title = OrgText.withoutStamps(words.joined(separator: " "))
  }

  private static func status(_ word: Substring) -> ReadingStatus? {
    switch word {
    case "NOW", "PROG": .reading
    case "UNREAD": nil
    case "CANCELLED", "CANCELED", "KILL": .skipped
    case "WAITING", "WAIT", "HOLD", "SOMEDAY", "MAYBE": .queued
    default: ListWords.status(String(word))
    }
  }

  /// Whether a line is a heading with a state.
  static func hasState(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound, line[index] == Byte.star { index += 1 }
    guard index > range.lowerBound, line[or0: index] == Byte.space else { return false }
    let start = index + 1
    var end = start
    while end < range.upperBound, end - start < 12, line[end] &- 0x41 < 26 { end += 1 }
    return line[or0: end] == Byte.space && states.contains(line.text(start..<end))
  }
}

/// Text of org as Markdown.
enum OrgText {
  /// `[[address][text]]` as a link of Markdown, and org's short addresses as whole ones.
  static func markdown(_ text: String) -> String {
    guard text.contains("[[") else { return text }
    var result = ""
    var rest = text[...]
    while let open = rest.firstRange(of: "[[") {
      result += rest[..<open.lowerBound]
      let inside = rest[open.upperBound...]
      guard let close = inside.firstRange(of: "]]") else {
        rest = rest[open.lowerBound...]
        break
      }
      let parts = inside[..<close.lowerBound].split(separator: "][", maxSplits: 1)
      let target = parts.first.map(address) ?? ""
      let name = parts.count > 1 ? String(parts[1]) : ""
      if target.contains("://") {
        result += name.isEmpty ? target : "[\(name)](\(target))"
      } else {
        result += name.isEmpty ? target : name
      }
      rest = inside[close.upperBound...]
    }
    return result + rest
  }

  private static func address(_ target: Substring) -> String {
    for (short, whole) in [("arxiv:", "https://arxiv.org/abs/"), ("doi:", "https://doi.org/")]
    where target.lowercased().hasPrefix(short) {
      return whole + target.dropFirst(short.count)
    }
    return String(target)
  }

  /// Text without time stamps, `<2026-03-05 Thu>` and `[2026-03-05 Thu 10:00]`, and counts `[1/3]`.
  static func withoutStamps(_ text: String) -> String {
    var result = ""
    var rest = text[...]
    while let open = rest.firstIndex(where: { $0 == "<" || $0 == "[" }) {
      result += rest[..<open]
      let close: Character = rest[open] == "<" ? ">" : "]"
      let inside = rest[rest.index(after: open)...].prefix(60)
      if let end = inside.firstIndex(of: close), isStamp(inside[..<end]) {
        rest = rest[rest.index(after: end)...]
      } else {
        result.append(rest[open])
        rest = rest[rest.index(after: open)...]
      }
    }
    return RecordText.oneLine(result + rest)
  }

  private static func isStamp(_ text: Substring) -> Bool {
    if text.count <= 7, text.contains("/") || text.hasSuffix("%") {
      return text.allSatisfy { $0.isNumber || "/%".contains($0) }
    }
    let bytes = Array(text.utf8)
    let spot = DayHeading.spot(in: bytes.span, 0..<bytes.count)
    return spot?.range == 0..<10
  }
}

/// Reads org line by line. A heading that names a paper, itself or by its properties, and bears a
/// state or properties is the person's own entry, and all below it a note; the rest is a list by
/// the rules of Markdown.
struct OrgDigest: DigestLines {
  private let limit: Int
  private var list: LinkList
  /// The heading whose planning and properties are being read.
  private var heading: OrgHeading?
  private var properties: [String: String] = [:]
  private var closed: Int64?
  private var drawer: String?
  /// The headings above, for their tags.
  private var path: [OrgHeading] = []
  private var fileTags: [String] = []
  /// The entry whose note is being read, and how deep it is.
  private var entry: (reference: Reference, level: Int)?
  private var note: [String] = []
  private var noteSize = 0
  private var isInBlock = false

  private static let mostProperties = 64

  init(_ opening: DigestOpening) {
    limit = opening.limits.line
    list = LinkList(source: opening.source, date: opening.date, limit: opening.limits.line)
    heading = OrgHeading()
  }

  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    if let next = OrgHeading(line, place.number), !isInBlock {
      begin(next, &findings)
    } else {
      let range = line.trimmed(0..<line.count)
      if heading != nil, takeHead(line, range, place.number) { return }
      endHead(&findings)
      takeBody(line, range, place, &findings)
    }
  }

  mutating func finish(_ findings: inout Findings) {
    endHead(&findings)
    endEntry(&findings)
    list.finish(&findings)
  }

  // MARK: Headings

  private mutating func begin(_ next: OrgHeading, _ findings: inout Findings) {
    endHead(&findings)
    while let last = path.last, last.level >= next.level { path.removeLast() }
    if let entry, next.level <= entry.level { endEntry(&findings) }
    if path.count < 64 { path.append(next) }
    (heading, properties, closed, drawer) = (next, [:], nil, nil)
  }

  /// Takes a line of planning, of a drawer, or a key word of the file.
  private mutating func takeHead(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, _ number: Int
  ) -> Bool {
    if range.isEmpty { return drawer != nil || heading?.level == 0 }
    let text = line.text(range.lowerBound..<min(range.upperBound, range.lowerBound + 4000))
    if text.hasPrefix(":"), let end = text.dropFirst().firstIndex(of: ":") {
      let name = text[text.index(after: text.startIndex)..<end].lowercased()
      let value = RecordText.trimmed(text[text.index(after: end)...])
      if name == "end" {
        drawer = nil
      } else if drawer == nil, value.isEmpty {
        drawer = name
      } else if drawer == "properties", properties.count < Self.mostProperties {
        properties[name] = value
      }
      return true
    }
    if drawer != nil { return true }
    if isPlanning(text) { return true }
    return heading?.level == 0 && takeKeyword(text, number)
  }

  private mutating func isPlanning(_ text: String) -> Bool {
    let words = ["SCHEDULED:", "DEADLINE:", "CLOSED:"]
    guard words.contains(where: text.hasPrefix) else { return false }
    if let mark = text.firstRange(of: "CLOSED: [") {
      let stamp = text[mark.upperBound...].prefix { $0 != "]" }
      closed = LooseDate(String(stamp))?.milliseconds
    }
    return true
  }

  /// `#+title: Words`, before the first heading.
  private mutating func takeKeyword(_ text: String, _ number: Int) -> Bool {
    guard text.hasPrefix("#") else { return false }
    let parts = text.dropFirst(2).split(separator: ":", maxSplits: 1)
    guard text.hasPrefix("#+"), parts.count == 2 else { return true }
    let value = RecordText.trimmed(parts[1])
    switch parts[0].lowercased() {
    case "title":
      heading?.title = OrgText.markdown(value)
      heading?.line = number
    case "filetags":
      fileTags = RecordText.parts(value, at: ": ")
    case "date": properties["date"] = OrgText.withoutStamps(value).isEmpty ? "" : value
    default: break
    }
    return true
  }

  /// Decides what a heading is once all that belongs to it was read.
  private mutating func endHead(_ findings: inout Findings) {
    guard let heading else { return }
    self.heading = nil
    let isOwn = heading.hasState || !properties.isEmpty
    var reference = Reference(line: max(heading.line, 1))
    if isOwn { identify(&reference, heading) }
    if isOwn, reference.clues.paper != nil {
      endEntry(&findings)
      entry = (reference, heading.level)
    } else if entry != nil {
      keep(String(repeating: "*", count: heading.level) + " " + heading.title)
    } else {
      takeList(heading, &findings)
    }
  }

  /// Gives a heading to the list.
  private mutating func takeList(_ heading: OrgHeading, _ findings: inout Findings) {
    if heading.level == 0, let date = properties["date"] {
      let line = Array("Date: \(date)".utf8)
      list.take(line.span, LineReader.Place(number: 1), &findings)
    }
    if !heading.title.isEmpty {
      let marks = String(repeating: "#", count: min(max(heading.level, 1), 6))
      let line = Array((marks + " " + heading.title).utf8)
      list.take(
        line.span, LineReader.Place(number: max(heading.line, 1)),
        marks: self.marks(heading, isNote: heading.hasState), &findings)
    }
  }

  private func tags(_ heading: OrgHeading) -> [String] {
    fileTags + path.filter { $0.level < heading.level }.flatMap(\.tags) + heading.tags
  }

  /// What the lines below a heading, or the heading itself, carry; nil where that is nothing.
  private func marks(_ heading: OrgHeading, isNote: Bool) -> LineMarks? {
    var marks = LineMarks()
    marks.tags = tags(heading)
    if isNote { (marks.status, marks.statusTime, marks.isNote) = (heading.status, closed, true) }
    return marks == LineMarks() ? nil : marks
  }

  // MARK: A person's own entry

  /// What a heading and its properties say of their paper.
  private func identify(_ reference: inout Reference, _ heading: OrgHeading) {
    let bytes = Array(heading.title.utf8)
    let spots = LinkScan(bytes.span, in: 0..<bytes.count).spots.filter { !$0.isMention }
    for key in ["eprint", "arxiv", "arxiv_id", "url", "link", "roam_refs", "roam_ref", "source"] {
      for word in (properties[key] ?? "").split(separator: " ").prefix(8) {
        reference.clues.add(link: OrgText.markdown(String(word)))
      }
    }
    reference.clues.add(doi: properties["doi"])
    for spot in spots { reference.clues.add(link: spot.id.rawValue) }
    var titles = TitleCandidates()
    for spot in spots { titles.consider(bytes.span, spot.text, .linkText) }
    titles.consider(bytes.span, 0..<bytes.count, .head)
    reference.title = titles.score > 0 ? titles.title : properties["title"] ?? ""
    reference.bibliography.authors = Self.authors(properties["author"] ?? properties["authors"])
    reference.bibliography.published = properties["published"].flatMap {
      PublicationDate(loose: $0)
    }
    reference.tldr = properties["tldr"]
    reference.bibliography.citekey =
      properties["custom_id"] ?? properties["citekey"]
      ?? properties["roam_refs"]?.split(separator: " ").first { $0.hasPrefix("@") }
      .map { String($0.dropFirst()) }
    (reference.marks.status, reference.marks.statusTime) = (heading.status, closed)
    let created = properties["created"] ?? properties["added"] ?? properties["date"]
    reference.marks.added = created.flatMap { text in
      LooseDate(text.filter { !"[]<>".contains($0) })?.milliseconds
    }
    reference.tags = tags(heading)
  }

  private static func authors(_ text: String?) -> [String] {
    guard let text else { return [] }
    return text.contains(" and ")
      ? PersonNames.names(
        text.replacing(" and ", with: "\n").split(separator: "\n").map(String.init))
      : PersonNames.list(text)
  }

  private mutating func keep(_ line: String) {
    noteSize += line.utf8.count + 16
    if noteSize <= limit { note.append(line) }
  }

  private mutating func endEntry(_ findings: inout Findings) {
    guard var (reference, _) = entry else { return }
    entry = nil
    if noteSize > limit {
      findings.report("the text of the entry is too long; cut", line: reference.line)
    }
    reference.take(note: note.joined(separator: "\n"), time: reference.marks.added)
    (note, noteSize) = ([], 0)
    guard let id = reference.clues.paper else { return }
    list.take(
      DigestEntry(
        id: id, content: reference.content, bibliography: reference.completeBibliography,
        appearance: Appearance(date: nil, index: 0, source: ""), line: reference.line,
        carried: reference.carried(id)), &findings)
  }

  // MARK: Text

  private mutating func takeBody(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, _ place: LineReader.Place,
    _ findings: inout Findings
  ) {
    let isKeyword = line.matches("#+", at: range.lowerBound)
    if isKeyword, line.matches("#+begin_", at: range.lowerBound) { isInBlock = true }
    if isKeyword, line.matches("#+end_", at: range.lowerBound) { isInBlock = false }
    if entry != nil {
      let isDrawn = takeDrawer(line, range)
      if !isKeyword, !isDrawn { keep(line.text(0..<range.upperBound)) }
      return
    }
    let isComment =
      line[or0: range.lowerBound] == Byte.hash
      && (range.count == 1 || line[or0: range.lowerBound + 1] == Byte.space)
    if isKeyword || isComment || takeDrawer(line, range) { return }
    var text = OrgText.markdown(line.text(0..<range.upperBound))
    if line[or0: range.lowerBound] == Byte.pipe, line[or0: range.lowerBound + 1] == 0x2D {
      text = text.replacing("+", with: "|")
    }
    if !range.isEmpty, OrgText.withoutStamps(text).isEmpty { return }
    let marks = path.last.flatMap { self.marks($0, isNote: false) }
    let isItem = marks != nil && SummaryOutline.listMarker(line, at: range.lowerBound) > 0
    list.take(Array(text.utf8).span, place, marks: isItem ? marks : nil, &findings)
  }

  /// Whether a line is of a drawer in the text, `:LOGBOOK:` up to `:END:`.
  private mutating func takeDrawer(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    if drawer != nil {
      if line.matches(":end:", at: range.lowerBound) { drawer = nil }
      return true
    }
    guard line.matches(":logbook:", at: range.lowerBound) else { return false }
    drawer = "logbook"
    return true
  }
}
