import Papers

/// Bookmarks as browsers and most services write them (Netscape's bookmark file), and the HTML of
/// Pocket and Instapaper.
struct BookmarksFormat: DigestFormat {
  let explanation = "a file of bookmarks"
  let name = "bookmarks"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    let netscape: StaticString = "<!doctype netscape-bookmark-file"
    if let known = Self.begins(head, netscape) { return known }
    guard Self.begins(head, "<!doctype html") != .no || Self.begins(head, "<html") != .no else {
      return .no
    }
    // The title stands near the beginning; only that of an export tells one.
    var index = 0
    while index < min(head.count, 2000) {
      if head.matches("<title>", at: index) {
        guard head.count >= index + 30 else { return .needsMore }
        let isExport =
          head.matches("<title>pocket export", at: index)
          || head.matches("<title>instapaper: export", at: index)
        return isExport ? .yes : .no
      }
      if head.matches("<body", at: index) { return .no }
      index += 1
    }
    return index < 2000 ? .needsMore : .no
  }

  /// Whether a head begins with a word, which is in lower case: nil where it is longer and does.
  private static func begins(
    _ head: borrowing Span<UInt8>, _ word: StaticString
  ) -> Recognition? {
    let length = min(head.count, word.utf8CodeUnitCount)
    for offset in 0..<length where Byte.lower(head[offset]) != word.utf8Start[offset] {
      return word.utf8CodeUnitCount > 16 ? nil : .no
    }
    return length == word.utf8CodeUnitCount ? .yes : .needsMore
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { BookmarksDigest(opening) }
}

/// Reads bookmarks tag by tag.
struct BookmarksDigest: DigestFormatReader {
  private var tokens: HTMLTokens
  private var list: BookmarkList

  init(_ opening: DigestOpening) {
    tokens = HTMLTokens(limit: min(opening.limits.line, 1 << 20), line: opening.line)
    list = BookmarkList(opening)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    findings.isRecognised = true
    tokens.feed(bytes) { text, tag, line in list.take(text, tag, line, &findings) }
  }

  mutating func finish(into findings: inout Findings) { list.finish(&findings) }
}

/// The folders and links of a list of bookmarks: `DT`, `H3` and `A`, with a `DD` behind for words.
struct BookmarkList {
  private var references: References
  /// The open folders; an empty one is none of the person's own.
  private var folders: [String] = []
  private var nextFolder = ""
  private var open: Reference?
  private var isInLink = false
  private var isInNote = false
  /// The list of Pocket or Instapaper that the links stand in.
  private var status: ReadingStatus?
  private var isStarredList = false

  private static let deepest = 64
  /// Folders that every browser has.
  private static let usual: Set<String> = [
    "bookmarks", "bookmarks bar", "bookmarks toolbar", "bookmarks menu", "other bookmarks",
    "mobile bookmarks", "favorites", "favorites bar", "unsorted", "imported", "reading list",
    "unsorted bookmarks", "other favorites", "书签栏", "其他书签", "收藏夹",
  ]

  init(_ opening: DigestOpening) { references = References(opening) }

  /// Takes a tag and the text before it.
  mutating func take(
    _ text: String, _ tag: HTMLTokens.Tag, _ line: Int, _ findings: inout Findings
  ) {
    if isInLink { open?.title += text }
    if isInNote { addNote(text) }
    switch tag.name {
    case "a":
      close(&findings)
      begin(tag.attributes, line)
    case "/a": isInLink = false
    case "dd": isInNote = open != nil
    case "dt", "h3", "h1", "li", "/ul", "/ol":
      close(&findings)
      nextFolder = ""
    case "/h3": nextFolder = Self.usual.contains(text.lowercased()) ? "" : RecordText.oneLine(text)
    case "/h1": takeList(RecordText.trimmed(text).lowercased())
    case "dl":
      close(&findings)
      if folders.count < Self.deepest { folders.append(nextFolder) }
      nextFolder = ""
    case "/dl":
      close(&findings)
      _ = folders.popLast()
    default: break
    }
  }

  /// Ends the list.
  mutating func finish(_ findings: inout Findings) {
    close(&findings)
    references.finish(&findings)
  }

  private mutating func begin(_ attributes: [String: String], _ line: Int) {
    guard let address = attributes["href"] else { return }
    var reference = Reference(line: line)
    reference.clues.add(link: address)
    let added = attributes["add_date"] ?? attributes["time_added"]
    reference.marks.added = added.flatMap { LooseDate($0) }?.milliseconds
    reference.tags = RecordText.parts(attributes["tags"] ?? "", at: ",")
    let path = folders.filter { !$0.isEmpty }
    if !path.isEmpty { reference.tags.append(path.joined(separator: "/")) }
    reference.marks.status = attributes["toread"] == "1" ? .queued : status
    reference.marks.isStarred = isStarredList
    (open, isInLink, isInNote) = (reference, true, false)
  }

  private mutating func takeList(_ name: String) {
    isStarredList = name == "starred"
    status = ["read archive", "archive"].contains(name) ? .read : nil
  }

  private mutating func addNote(_ text: String) {
    let words = RecordText.trimmed(RecordText.withoutEntities(text))
    guard !words.isEmpty else { return }
    open?.clues.add(remark: words)
    open?.take(note: words)
    isInNote = false
  }

  private mutating func close(_ findings: inout Findings) {
    guard var reference = open else { return }
    open = nil
    (isInLink, isInNote) = (false, false)
    reference.title = RecordText.withoutEntities(reference.title)
    references.take(reference, &findings)
  }
}
