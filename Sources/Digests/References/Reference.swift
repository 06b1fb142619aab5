import Papers

/// What one record of a list says of a paper, whatever the form of the list.
struct Reference {
  /// The 1-based line where it begins.
  var line: Int
  /// Whose it is.
  var clues = IdentityClues()
  /// The title as it is written.
  var title = ""
  /// The list's own text on the paper; empty where it has none.
  var summary = ""
  /// The authors' abstract, kept beside the summary; it stands for one where there is none.
  var abstract = ""
  /// Keywords, in order.
  var keywords: [String] = []
  /// What the source calls the one sentence.
  var tldr: String?
  /// Labelled parts that the source holds apart from the summary.
  var sections: [PaperContent.Section] = []
  /// Who wrote it.
  var bibliography = Bibliography()
  /// What the person did.
  var marks = CarriedMarks()
  /// The person's tags and folders as they are written.
  var tags: [String] = []
  /// The person's notes as they are written.
  var notes: [(text: String, time: Int64?)] = []
  /// The day of the digest, where the record tells it.
  var day: PaperDate?

  /// A record that says nothing yet.
  init(line: Int) { self.line = line }

  /// Takes a text over as the abstract, laid out anew.
  mutating func take(abstract text: String) {
    let plain = RecordText.paragraphs(RecordText.withoutTags(text))
    if abstract.isEmpty { abstract = plain }
  }

  /// Adds one of the person's notes; markup of a note is left out.
  mutating func take(note text: String, time: Int64? = nil) {
    let plain = RecordText.trimmed(RecordText.withoutTags(text))
    if !plain.isEmpty, notes.count < RecordText.mostParts { notes.append((plain, time)) }
  }

  // MARK: The entry

  /// The content: title and texts, and what is read out of them.
  var content: PaperContent {
    var content = PaperContent(title: "", described: summary.isEmpty ? abstract : summary)
    content.title = ReferenceTitle.clean(title)
    if !keywords.isEmpty { content.keywords = Self.bounded(keywords) }
    if let tldr, !tldr.isEmpty { content.tldr = tldr }
    if !sections.isEmpty { content.sections = sections }
    return content
  }

  /// The bibliography, with the abstract.
  var completeBibliography: Bibliography {
    var complete = bibliography
    if !abstract.isEmpty { complete.abstract = abstract }
    return complete
  }

  /// What the person did to the paper of this id; nil where nothing is told.
  func carried(_ id: PaperID) -> CarriedMarks? {
    var carried = marks
    carried.tags = RecordText.unique(tags.compactMap(TagName.fitting)).prefix(Self.mostTags)
      .compactMap(Tag.init(typed:)).sorted()
    var texts: Set<ByteText> = []
    carried.notes = notes.filter { texts.insert(ByteText($0.text)).inserted }
      .map { .carried($0.text, on: id, time: $0.time) }
    return carried == CarriedMarks() ? nil : carried
  }

  private static let mostTags = 256

  /// Keywords within the bounds that ``KeywordList`` keeps.
  private static func bounded(_ words: [String]) -> [String] {
    RecordText.unique(words.map(RecordText.oneLine).filter { !$0.isEmpty })
      .filter { $0.utf8.count <= KeywordList.maximumLength }
      .prefix(KeywordList.maximumCount).map { $0 }
  }
}

/// Hands out the papers of a list's records, and counts what is none.
struct References {
  private let opening: DigestOpening
  private var nextIndex = 0
  private var lastDay: PaperDate?
  private var strangers = Left()
  private var nameless = Left()
  private var untitled = Left()
  private var total = 0

  /// Records that were left out.
  private struct Left {
    var count = 0
    var line = 0

    mutating func add(_ line: Int) {
      if count == 0 { self.line = line }
      count += 1
    }
  }

  private let expectsTitles: Bool

  /// - Parameter expectsTitles: whether records without a title are told when they are many.
  init(_ opening: DigestOpening, expectsTitles: Bool = true) {
    self.opening = opening
    self.expectsTitles = expectsTitles
  }

  /// Hands out the paper of a record.
  /// - Parameter source: the series of its digest, where the record tells it.
  mutating func take(
    _ reference: Reference, source: String? = nil, _ findings: inout Findings
  ) {
    findings.isRecognised = true
    let address = opening.keepsAll ? reference.clues.address : nil
    guard let id = reference.clues.paper ?? address else {
      if reference.clues.address == nil {
        nameless.add(reference.line)
      } else {
        strangers.add(reference.line)
      }
      return
    }
    if reference.day != lastDay {
      // A paper may come again on another day.
      lastDay = reference.day
      findings.beginDay()
    }
    let entry = DigestEntry(
      id: id, content: reference.content, bibliography: reference.completeBibliography,
      appearance: Appearance(
        date: reference.day ?? opening.date, index: nextIndex, source: source ?? opening.source),
      line: reference.line, carried: reference.carried(id))
    nextIndex += 1
    total += 1
    if entry.content.title.isEmpty { untitled.add(reference.line) }
    findings.add(entry)
  }

  /// Tells what was left out.
  func finish(_ findings: inout Findings) {
    if strangers.count > 0 {
      let words =
        strangers.count == 1 ? "1 entry is no paper" : "\(strangers.count) entries are no papers"
      findings.report(
        "\(words) (no arXiv id, DOI or page of a paper); left out, --all keeps them",
        line: strangers.line, .strangers)
    }
    if expectsTitles, untitled.count >= 3, untitled.count * 4 >= total {
      findings.report(
        "no title was found for \(untitled.count) of \(total) papers, the first in this line",
        line: untitled.line)
    }
    if nameless.count > 0 {
      let words = nameless.count == 1 ? "1 entry names" : "\(nameless.count) entries name"
      findings.report(
        "\(words) neither an arXiv id nor a DOI nor an address; left out", line: nameless.line)
    }
  }
}

/// Titles of records.
enum ReferenceTitle {
  /// What sites and browsers write before and after the title of a page.
  private static let before = ["Paper page - ", "[Literature Review] ", "alphaXiv: "]
  private static let after = [
    " | OpenReview", " - ACL Anthology", " | alphaXiv", " | Semantic Scholar", " - arXiv",
    " - arXiv.org", " | Papers With Code", " - Hugging Face", " | Nature", " | bioRxiv",
    " | medRxiv", " | IEEE Xplore", " - ScienceDirect", " | SpringerLink", " - PubMed",
  ]
  private static let none: Set<String> = [
    "untitled", "no title", "[no title]", "(no title)", "null", "none", "n/a", "title", "-",
  ]

  /// A title on one line without what stands around that of a page; empty where it is none: an
  /// address, an id, a word for nothing.
  static func clean(_ text: String) -> String {
    var title = RecordText.oneLine(text)
    for mark in before where title.hasPrefix(mark) { title = String(title.dropFirst(mark.count)) }
    for mark in after where title.hasSuffix(mark) { title = String(title.dropLast(mark.count)) }
    // The title of an arXiv page: `[1706.03762] Attention…`.
    if title.hasPrefix("["), let end = title.prefix(40).firstIndex(of: "]"),
      PaperID(link: String(title[title.index(after: title.startIndex)..<end]))?.kind == .arXiv
    {
      title = RecordText.trimmed(title[title.index(after: end)...])
    }
    guard title.utf8.contains(where: { Byte.isLetter($0) || $0 >= 0x80 || Byte.isDigit($0) }),
      !none.contains(title.lowercased()), PaperID(link: title) == nil
    else { return "" }
    return title
  }
}

/// Tags of other programs as tags of ours.
enum TagName {
  /// The name with a dash for every run of characters that a tag cannot hold, `machine learning` as
  /// `machine-learning`; nil where nothing is left.
  static func fitting(_ name: String) -> String? {
    let levels = name.prefix(400).split(separator: "/").compactMap(level)
    guard !levels.isEmpty else { return nil }
    var text = levels.joined(separator: "/")
    while text.utf8.count > Tag.maximumLength { text.removeLast() }
    while text.hasSuffix("/") { text.removeLast() }
    return Tag(typed: text)?.name
  }

  private static func level(_ name: Substring) -> String? {
    var level = ""
    for scalar in name.unicodeScalars {
      let one = String(scalar)
      // A mark is a part of a tag only behind a letter, so it is asked for together with one.
      if Tag("a" + one) != nil {
        level.unicodeScalars.append(scalar)
      } else if level.last != "-" {
        level += "-"
      }
    }
    let bare = level.drop {
      "-.".contains($0) || $0.unicodeScalars.first?.properties.isGraphemeExtend == true
    }
    var text = String(bare)
    while text.hasSuffix("-") { text.removeLast() }
    return text.isEmpty ? nil : text
  }
}
