import JSONText
import Papers

/// A person's own note on one paper, as Obsidian and its like keep them: front matter that names
/// the paper, and text.
struct NoteFormat: DigestFormat {
  let explanation = "a note with front matter that names its paper (Obsidian)"
  let name = "note"

  /// Keys that name the paper, those that persons write, and those of pages on the web.
  private static let naming: Set<String> = [
    "url", "link", "arxiv", "doi", "eprint", "source", "arxiv_id", "arxiv-id", "arxiv_url", "pdf",
    "paper",
  ]
  private static let personal: Set<String> = [
    "status", "state", "progress", "read", "rating", "aliases", "tags", "tag", "citekey",
    "cssclass",
    "cssclasses", "created", "zotero", "up", "related",
  ]
  private static let published: Set<String> = [
    "layout", "permalink", "description", "summary", "abstract", "draft", "categories", "slug",
    "image", "cover", "excerpt", "weight", "tldr", "keywords", "published", "toc", "math",
  ]

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    guard head[0] == UInt8(ascii: "-") else { return .no }
    var keys: Set<String> = []
    var start = 0
    var isFirst = true
    while start < head.count {
      guard
        let end = head.first(Byte.lineFeed, in: start..<head.count) ?? (isWhole ? head.count : nil)
      else { return isFirst && head.count > 80 ? .no : .needsMore }
      let line = head.trimmed(start..<end)
      let isRule = line.count == 3 && head.matches("---", at: line.lowerBound)
      if isFirst, !isRule { return .no }
      if isRule, !isFirst { return Self.isNote(keys) ? .yes : .no }
      if line.lowerBound == start, let colon = head.first(Byte.colon, in: line), keys.count < 100 {
        let key = head.repaired(start..<colon).lowercased()
        let value = head.repaired(head.trimmed(colon + 1..<max(colon + 1, line.upperBound)))
        keys.insert(Self.naming.contains(key) && !Self.isPaper(value) ? "" : key)
      }
      isFirst = false
      start = end + 1
    }
    return isWhole ? .no : .needsMore
  }

  /// Whether the value of a key names a paper: of pages on the web `url` is their own.
  fileprivate static func isPaper(_ value: String) -> Bool {
    var clues = IdentityClues()
    clues.add(link: value.trimmingPrefix { "\"'[<".contains($0) }.filter { !"\"'>".contains($0) })
    clues.add(text: value)
    return clues.paper != nil
  }

  private static func isNote(_ keys: Set<String>) -> Bool {
    guard !naming.isDisjoint(with: keys), !personal.isDisjoint(with: keys) else { return false }
    return keys.contains("status") || published.isDisjoint(with: keys)
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(NoteLines(opening, head: FencedHead()), of: opening)
  }
}

/// A page of Logseq on one paper: properties `key:: value`, and blocks.
struct LogseqFormat: DigestFormat {
  let explanation = "a page with properties that name its paper (Logseq)"
  let name = "logseq"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    var start = 0
    while start < head.count {
      guard let colon = Self.key(head, start) else { return .no }
      guard colon + 1 < head.count else { return isWhole ? .no : .needsMore }
      guard head[colon] == Byte.colon, head[colon + 1] == Byte.colon else { return .no }
      guard
        let end = head.first(Byte.lineFeed, in: colon..<head.count) ?? (isWhole ? head.count : nil)
      else { return .needsMore }
      // A page that names no paper may list some.
      if NoteFormat.isPaper(PropertyHead.bare(head.repaired(head.trimmed(colon + 2..<end)))) {
        return .yes
      }
      start = end + 1
    }
    return isWhole ? .no : .needsMore
  }

  /// Where the word that begins a line ends; nil where it is none.
  private static func key(_ head: borrowing Span<UInt8>, _ start: Int) -> Int? {
    var index = start
    while index < head.count, index - start < 60 {
      let byte = head[index]
      guard Byte.isLetter(byte) || "-_".utf8.contains(byte) else {
        return index > start ? index : nil
      }
      index += 1
    }
    return index - start < 60 ? index : nil
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(NoteLines(opening, head: PropertyHead()), of: opening)
  }
}

extension Span<UInt8> {
  /// A range of bytes that need not be UTF-8 as text.
  fileprivate func repaired(_ range: Range<Int>) -> String {
    withUnsafeBufferPointer { String(decoding: $0[range], as: UTF8.self) }
  }
}

/// The beginning of a note that tells what it is about.
private protocol NoteHead: Sendable {
  /// Takes a line; false where it is of the text.
  mutating func take(_ line: borrowing Span<UInt8>) -> Bool
  /// What it says as JSON.
  mutating func json() -> [UInt8]
}

/// Front matter: YAML between two rules.
private struct FencedHead: NoteHead {
  private var yaml = YAMLText(line: 1)
  private var rules = 0

  mutating func take(_ line: borrowing Span<UInt8>) -> Bool {
    guard rules < 2 else { return false }
    let range = line.trimmed(0..<line.count)
    if range.count == 3, line.matches("---", at: range.lowerBound) {
      rules += 1
    } else {
      yaml.append(line)
    }
    return true
  }

  mutating func json() -> [UInt8] { yaml.json() }
}

/// Properties of Logseq: `tags:: [[machine learning]], nlp`.
private struct PropertyHead: NoteHead {
  private var members: [(key: String, value: String)] = []
  private var isOver = false

  mutating func take(_ line: borrowing Span<UInt8>) -> Bool {
    let range = line.trimmed(0..<line.count)
    if range.isEmpty, members.isEmpty { return true }
    guard !isOver, members.count < 100, let colon = line.first(Byte.colon, in: range),
      line[or0: colon + 1] == Byte.colon, colon > range.lowerBound
    else {
      isOver = true
      return false
    }
    let value = line.trimmed(colon + 2..<max(colon + 2, range.upperBound))
    members.append((line.text(range.lowerBound..<colon), line.text(value)))
    return true
  }

  mutating func json() -> [UInt8] {
    var json = JSONTextWriter()
    json.object { json in
      for (key, value) in members {
        json.key(text: key)
        if key.lowercased() == "tags" {
          json.array { json in
            for tag in RecordText.parts(value, at: ",") { json.string(Self.bare(tag)) }
          }
        } else {
          json.string(Self.bare(value))
        }
      }
    }
    return json.take()
  }

  /// `[[a page]]` and `[text](address)` as what they mean.
  static func bare(_ value: String) -> String {
    let plain = value.replacing("[[", with: "").replacing("]]", with: "")
    guard plain.hasPrefix("["), plain.hasSuffix(")"), let open = plain.firstRange(of: "](") else {
      return plain.hasPrefix("#") ? String(plain.dropFirst()) : plain
    }
    return String(plain[open.upperBound...].dropLast())
  }
}

/// Reads a note: its head tells the paper, its text is the person's.
private struct NoteLines<Head: NoteHead>: DigestLines {
  private let opening: DigestOpening
  private var head: Head
  private var isHead = true
  private var first = 0
  private var lines: [String] = []
  private var size = 0
  private var isCut = false

  init(_ opening: DigestOpening, head: Head) {
    self.opening = opening
    self.head = head
  }

  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    if first == 0 { first = place.number }
    size += line.count + 16
    guard size <= opening.limits.line else {
      if !isCut { findings.report("the note is too long; cut here", line: place.number) }
      isCut = true
      return
    }
    if isHead, head.take(line) { return }
    isHead = false
    lines.append(line.text(0..<line.count))
  }

  mutating func finish(_ findings: inout Findings) {
    var record = JSONRecord(line: first, isPersonal: true)
    let json = head.json()
    let isRead: Void? = try? json.withUnsafeBufferPointer { utf8 in
      try JSONTextReader.read(utf8) { try record.read(&$0) }
    }
    if isRead == nil { findings.report("the properties of the note are damaged", line: first) }
    record.end(key: nil, day: nil, folder: nil)
    var reference = record.reference
    if reference.title.isEmpty { reference.title = title }
    let words = ReferenceTitle.clean(reference.title)
    if let heading, ReferenceTitle.clean(heading.text) == words { lines.remove(at: heading.index) }
    reference.take(note: lines.joined(separator: "\n"), time: reference.marks.added)
    var references = References(opening)
    references.take(reference, source: series, &findings)
    references.finish(&findings)
  }

  /// The notes of a folder are of one series.
  private var series: String {
    let folder = opening.file.split(separator: "/").dropLast().joined(separator: "/")
    return folder.isEmpty ? "notes" : DigestSource.series(path: folder)
  }

  /// The first line of the text, where it is a heading.
  private var heading: (index: Int, text: String)? {
    guard let index = lines.firstIndex(where: { !RecordText.trimmed($0).isEmpty }),
      lines[index].hasPrefix("# ")
    else { return nil }
    return (index, InlineText.plain(Array(lines[index].dropFirst(2).utf8)))
  }

  /// The title of a note that has none in its head: its first heading, else its file's name, as
  /// Obsidian has it.
  private var title: String {
    if let heading { return heading.text }
    let name = opening.file.split(separator: "/").last.map(String.init) ?? ""
    let stem = name.hasSuffix(".md") ? String(name.dropLast(3)) : ""
    return stem.contains(" ") ? stem : ""
  }
}
