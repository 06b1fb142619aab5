import JSONText
import Papers

/// One JSON object of another maker, read by the usual spellings of its keys: every key may be
/// missing, or be of another type, without harm to the rest.
struct JSONRecord {
  private(set) var reference: Reference
  /// Lists, maps and texts under keys that mean nothing to a paper, and where they begin.
  private(set) var nested: [(key: String, start: JSONTextReader)] = []
  /// Whether it is one of the entries of a list, paper or not: it has a title or an address.
  var isEntry: Bool { !reference.title.isEmpty || reference.clues.address != nil }

  private static let mostNested = 1 << 20
  /// What it is called where that may be no title: of a group, a collection.
  private(set) var name = ""
  private var created: Int64?
  private var isBookmark = false
  private var isArchived = false
  /// Whether it is a record of papis, and what that says in keys that mean other things elsewhere.
  private var isPapis = false
  private let isPersonal: Bool
  private var citekey = ""
  /// The day of an item of a JSON Feed (version 1.1), by which it is dated as an entry of any feed
  /// is: `date_published` beside the text of the item, which each must have.
  private var feedDay: PaperDate?
  private var hasFeedText = false
  private var tagText = ""
  private var dateParts: [String: String] = [:]

  /// - Parameter isPersonal: whether it is the head of a person's own note, whose words tell how
  ///   far the person is, and whose day is that of the note.
  init(line: Int, isPersonal: Bool = false) {
    reference = Reference(line: line)
    self.isPersonal = isPersonal
  }

  /// Reads the object that comes next.
  mutating func read(_ reader: inout JSONTextReader) throws {
    try read(&reader, depth: 0)
  }

  /// Ends the record with what stands around it: the key, which may be its id, the day, and the
  /// collection it belongs to.
  mutating func end(key: String?, day: PaperDate?, folder: String?) {
    if let folder {
      isBookmark = true
      reference.tags.append(folder)
    }
    if reference.title.isEmpty { reference.title = name }
    if hasFeedText, let feedDay, reference.day == nil {
      reference.day = feedDay
      reference.bibliography.published = nil
    }
    if reference.day == nil { reference.day = day }
    if let key, let id = PaperID(link: key), id.kind != .url { reference.clues.add(link: key) }
    let parted = isPapis || isPersonal
    reference.tags += parted ? RecordText.parts(tagText, at: ", ") : RecordText.keywords(tagText)
    if isPersonal { reference.marks.added = reference.marks.added ?? created }
    if isPapis { endPapis() }
    if isBookmark {
      if isArchived { reference.marks.status = .read }
      reference.marks.added = reference.marks.added ?? created
    }
  }

  /// Ends a record of papis, whose day is told in parts.
  private mutating func endPapis() {
    if !citekey.isEmpty { reference.bibliography.citekey = citekey }
    guard reference.bibliography.published == nil else { return }
    reference.bibliography.published = PublicationDate(
      year: dateParts["year"], month: dateParts["month"], day: dateParts["day"])
  }

  private mutating func read(_ reader: inout JSONTextReader, depth: Int) throws {
    try reader.object { key, reader in
      let start = reader
      let word = Self.word(key)
      switch reader.peek() {
      case UInt8(ascii: "\""): try take(word, text: try reader.string(), key, start)
      case Byte.openBracket: try take(word, list: &reader, key, start)
      case UInt8(ascii: "{"): try take(word, object: &reader, key, start, depth)
      default: try take(word, scalar: &reader)
      }
    }
  }

  /// The key in one spelling: without what parts words, in lower case.
  private static func word(_ key: String) -> String {
    String(
      decoding: key.utf8.compactMap { byte -> UInt8? in
        byte >= 0x80 || Byte.isLetter(byte) || Byte.isDigit(byte) ? Byte.lower(byte) : nil
      }, as: UTF8.self)
  }

  /// Whether text is nothing but the name of a file of text.
  private static func isFileName(_ text: String) -> Bool {
    !text.contains(where: \.isWhitespace)
      && [".md", ".tex", ".org", ".txt", ".norg", ".typ", ".rst"].contains(where: text.hasSuffix)
  }

  private mutating func keep(_ key: String, _ start: JSONTextReader) {
    if nested.count < Self.mostNested { nested.append((key, start)) }
  }

  // MARK: Texts

  private mutating func take(
    _ word: String, text: String, _ key: String, _ start: JSONTextReader
  ) throws {
    guard !text.isEmpty else { return }
    if word == "contenthtml" || word == "contenttext" { hasFeedText = true }
    switch word {
    case "id", "arxivid", "arxiv", "eprint", "paperid", "url", "link", "uri", "href", "pdf",
      "pdfurl", "pdflink", "abs", "absurl", "abslink", "entryid", "arxivurl", "arxivlink",
      "paperurl", "paperlink", "htmlurl", "externalurl", "permalink", "originalurl", "oaid":
      reference.clues.add(link: text)
    case "doi": reference.clues.add(doi: text)
    case "number", "archiveid", "archivelocation", "journal", "journalref", "containertitle",
      "publisher", "volume":
      reference.clues.add(text: text)
    case "comment", "comments": reference.clues.add(remark: text)
    case "note", "extra": ListWords.read(extra: text, into: &reference)
    case "notes" where Self.isFileName(text): break  // of papis
    case "notes", "annotation", "annotations": reference.take(note: text)
    case "papisid", "papislocalfolder": isPapis = true
    case "ref": citekey = text
    case "year", "month": dateParts[word] = text
    case "title", "papertitle", "titleen": if reference.title.isEmpty { reference.title = text }
    case "name", "headline": name = text
    case "summary", "description", "excerpt", "contenttext":
      if reference.summary.isEmpty { reference.summary = text }
    case "contenthtml":
      if reference.summary.isEmpty {
        reference.summary = RecordText.paragraphs(RecordText.withoutTags(text))
      }
    case "abstract", "abstractnote": take(abstract: text)
    case "tldr", "aisummary", "aitldr", "onesentencesummary": take(tldr: text)
    case "authors", "author", "creators", "creator":
      if reference.bibliography.authors.isEmpty {
        reference.bibliography.authors = PersonNames.list(text)
      }
    case "keywords", "keyword", "aikeywords": reference.keywords += RecordText.keywords(text)
    case "tags", "labels", "tag": tagText = tagText.isEmpty ? text : tagText + "," + text
    case "categories", "category", "primarycategory", "subjects":
      add(categories: RecordText.parts(text, at: ",; "), isPrimary: word == "primarycategory")
    default: take(word, date: text, key, start)
    }
  }

  private mutating func take(
    _ word: String, date text: String, _ key: String, _ start: JSONTextReader
  ) {
    switch word {
    case "published", "publishedat", "publicationdate", "publisheddate", "datepublished",
      "publishdate":
      reference.bibliography.published = PublicationDate(loose: text)
      if key == "date_published" { feedDay = LooseDate(text)?.day }
    case "day" where text.utf8.count <= 2: dateParts[word] = text
    case "date" where isPersonal, "day" where isPersonal: created = LooseDate(text)?.milliseconds
    case "submittedondailyat", "date", "day": reference.day = LooseDate(text)?.day
    case "savedat", "timeadded", "dateadded", "addedat", "bookmarkedat":
      reference.marks.added = LooseDate(text)?.milliseconds
    case "createdat", "created": created = LooseDate(text)?.milliseconds
    case "githubrepo", "github", "githuburl", "code", "codeurl", "codelink", "repo", "repourl",
      "repository":
      add(code: text)
    case "upvotes", "votes": reference.bibliography.votes = Int64(text)
    case "readstatus": reference.marks.status = ListWords.status(text)
    case "status" where isPersonal, "state" where isPersonal, "progress" where isPersonal:
      reference.marks.status = ListWords.status(text)
    case "read" where isPersonal:
      if ListWords.isTrue(text) { reference.marks.status = .read }
    case "status":
      // Other makers tell the state of their own work here, `done`: only our words are meant.
      reference.marks.status = ReadingStatus(rawValue: text).flatMap { $0 == .unread ? nil : $0 }
    case "state":  // of Omnivore
      if text.lowercased() == "archived" { (isBookmark, isArchived) = (true, true) }
    default: keep(key, start)
    }
  }

  private mutating func take(abstract text: String) {
    if reference.abstract.isEmpty {
      reference.abstract = RecordText.trimmed(RecordText.withoutTags(text))
    }
  }

  private mutating func take(tldr text: String) {
    if reference.tldr == nil { reference.tldr = RecordText.oneLine(text) }
  }

  private mutating func add(categories: [String], isPrimary: Bool = false) {
    let known = reference.bibliography.categories
    reference.bibliography.categories = RecordText.unique(
      isPrimary ? categories + known : known + categories)
  }

  private mutating func add(code link: String) {
    let link = link.hasPrefix("github.com/") ? "https://" + link : link
    guard link.hasPrefix("http"), reference.bibliography.code.count < RecordText.mostParts,
      !reference.bibliography.code.contains(link)
    else { return }
    reference.bibliography.code.append(link)
  }

  // MARK: Numbers and truths

  private mutating func take(_ word: String, scalar reader: inout JSONTextReader) throws {
    switch reader.peek() {
    case UInt8(ascii: "t"), UInt8(ascii: "f"):
      let isOn = try reader.bool()
      switch word {
      case "archived", "isarchived": (isBookmark, isArchived) = (true, isArchived || isOn)
      case "read", "isread": if isOn { reference.marks.status = .read }
      case "favourited", "favorited", "favourite", "favorite", "starred", "isfavorite":
        if word != "starred" { isBookmark = true }
        if isOn { reference.marks.isStarred = true }
      default: break
      }
    case UInt8(ascii: "n"): try reader.skip()
    default:
      let text = try reader.raw()
      let number = Int64(text) ?? Double(text).flatMap { Int64(exactly: $0.rounded()) }
      switch word {
      case "upvotes", "votes": reference.bibliography.votes = number
      case "year", "month", "day": dateParts[word] = text
      case "id", "arxivid", "paperid":
        // An id without quotes, unless it lost its last zeros.
        reference.clues.add(link: text)
      case "createdat", "created": created = LooseDate(text)?.milliseconds
      case "savedat", "timeadded", "dateadded", "addedat", "bookmarkedat":
        reference.marks.added = LooseDate(text)?.milliseconds
      default: break
      }
    }
  }

  // MARK: Lists

  private mutating func take(
    _ word: String, list reader: inout JSONTextReader, _ key: String, _ start: JSONTextReader
  ) throws {
    switch word {
    case "authorlist":
      isPapis = true
      reference.bibliography.authors = PersonNames.names(
        try Self.texts(&reader, Self.personKeys))
    case "authors", "author", "creators", "creator":
      let names = try Self.texts(&reader, Self.personKeys)
      if reference.bibliography.authors.isEmpty {
        reference.bibliography.authors = PersonNames.names(names)
      }
    case "keywords", "keyword", "aikeywords":
      reference.keywords += try Self.texts(&reader, ["name"])
    case "status" where isPersonal:
      reference.marks.status = try Self.texts(&reader, []).lazy.compactMap(ListWords.status).first
    case "tags", "labels", "tag":
      reference.tags += try Self.texts(&reader, ["name", "label", "tag", "term"])
    case "categories", "category", "subjects":
      add(categories: try Self.texts(&reader, ["term", "name"]))
    case "title": if let text = try Self.texts(&reader, []).first { reference.title = text }
    case "links" where try !Self.holdsPapers(start), "urls", "absurls", "pdfurls":
      for link in try Self.texts(&reader, ["href", "url"]) { reference.clues.add(link: link) }
    case "code", "github", "repositories":
      for link in try Self.texts(&reader, ["url", "href"]) { add(code: link) }
    case "notes" where try !Self.holdsPapers(start),
      "annotations" where try !Self.holdsPapers(start),
      "highlights" where try !Self.holdsPapers(start):
      for text in try Self.texts(&reader, ["text", "note", "content", "quote"]) {
        reference.take(note: text)
      }
    default:
      keep(key, start)
      try reader.skip()
    }
  }

  /// Whether a list holds objects that are more than a text or an address.
  private static func holdsPapers(_ start: JSONTextReader) throws -> Bool {
    var reader = start
    var holds = false
    try reader.array { reader in
      guard reader.peek() == UInt8(ascii: "{") else { return try reader.skip() }
      try reader.object { key, reader in
        if ["id", "arxiv_id", "title", "name"].contains(key) { holds = true }
        try reader.skip()
      }
    }
    return holds
  }

  private static let personKeys = ["name", "literal", "fullname", "author"]

  /// The texts of a list: its strings, and of its objects the first of some members; persons from
  /// their parts (CSL-JSON, `name-variable`; Zotero).
  private static func texts(_ reader: inout JSONTextReader, _ keys: [String]) throws -> [String] {
    var texts: [String] = []
    try reader.array { reader in
      switch reader.peek() {
      case UInt8(ascii: "\""):
        let text = try reader.string()
        if texts.count < RecordText.mostParts { texts.append(text) }
      case UInt8(ascii: "{"):
        let text = try member(&reader, keys)
        if let text, texts.count < RecordText.mostParts { texts.append(text) }
      default: try reader.skip()
      }
    }
    return texts
  }

  private static func member(_ reader: inout JSONTextReader, _ keys: [String]) throws -> String? {
    var members: [String: String] = [:]
    try reader.object { key, reader in
      guard reader.peek() == UInt8(ascii: "\"") else { return try reader.skip() }
      let value = try reader.string()
      if members.count < 64 { members[word(key)] = value }
    }
    if let key = keys.first(where: { members[$0]?.isEmpty == false }) { return members[key] }
    let given = members["given"] ?? members["firstname"]
    let particle = members["nondroppingparticle"] ?? members["droppingparticle"]
    let family = members["family"] ?? members["lastname"]
    let name = [given, particle, family, members["suffix"]].compactMap { $0 }.joined(separator: " ")
    return name.isEmpty || !keys.contains("literal") ? nil : name
  }

  // MARK: Objects

  private mutating func take(
    _ word: String, object reader: inout JSONTextReader, _ key: String, _ start: JSONTextReader,
    _ depth: Int
  ) throws {
    switch word {
    case "paper" where depth == 0:  // of Hugging Face
      try read(&reader, depth: depth + 1)
      if reference.abstract.isEmpty { reference.abstract = reference.summary }
    case "content" where depth == 0, "link" where depth == 0:  // of karakeep
      isBookmark = true
      try read(&reader, depth: depth + 1)
    case "ai" where depth == 0: try take(machine: &reader)
    case "externalids", "ids", "identifiers":  // of Semantic Scholar
      try read(&reader, depth: depth + 1)
    case "tldr":
      if let text = try Self.member(&reader, ["text", "summary"]) { take(tldr: text) }
    case "issued", "published", "publishedprint", "publishedonline": try take(issued: &reader)
    default:
      keep(key, start)
      try reader.skip()
    }
  }

  /// What a language model said: `{"tldr", "motivation", "method", "result", "conclusion"}`.
  private mutating func take(machine reader: inout JSONTextReader) throws {
    try reader.object { key, reader in
      guard reader.peek() == UInt8(ascii: "\"") else { return try reader.skip() }
      let text = RecordText.trimmed(try reader.string())
      guard !text.isEmpty, reference.sections.count < KeywordList.maximumCount else { return }
      if Self.word(key) == "tldr" {
        take(tldr: text)
      } else if Self.word(key) == "keywords" {
        reference.keywords += RecordText.keywords(text)
      } else {
        reference.sections.append(PaperContent.Section(label: key, text: text))
      }
    }
    // Where it has the summary of a machine, the other is that of the authors.
    if reference.abstract.isEmpty { reference.abstract = reference.summary }
  }

  /// A date of CSL: `{"date-parts": [[2017, 6, 12]]}` or `{"raw": "2017-06-12"}`.
  private mutating func take(issued reader: inout JSONTextReader) throws {
    var parts: [Int] = []
    try reader.object { key, reader in
      switch (key, reader.peek()) {
      case ("date-parts", Byte.openBracket):
        try reader.array { reader in
          guard reader.peek() == Byte.openBracket else { return try reader.skip() }
          try reader.array { reader in
            let text = try reader.raw().filter { $0 != "\"" }
            if parts.count < 3 { parts.append(Int(text) ?? 0) }
          }
        }
      case ("raw", UInt8(ascii: "\"")), ("literal", UInt8(ascii: "\"")):
        reference.bibliography.published = PublicationDate(loose: try reader.string())
      default: try reader.skip()
      }
    }
    guard let year = parts.first else { return }
    reference.bibliography.published = PublicationDate(
      year: year, month: parts.dropFirst().first, day: parts.dropFirst(2).first)
  }
}
