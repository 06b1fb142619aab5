import Papers

/// One entry of a feed, element by element.
struct FeedEntry {
  private var found: Reference
  private var names: [String] = []
  private var announced: PaperDate?
  private var updated: PaperDate?
  private var isAnnouncement = false
  private var isReplacement = false
  private var content = ""

  init(line: Int) { found = Reference(line: line) }

  /// Whether an element is mark-up of a text, not a part of the entry.
  static func isMarkup(_ name: String) -> Bool {
    let local = name.hasPrefix("xhtml:") ? String(name.dropFirst(6)) : name
    return [
      "p", "br", "div", "span", "a", "b", "i", "em", "strong", "sub", "sup", "ul", "ol", "li",
      "code", "pre", "h1", "h2", "h3", "h4", "img", "blockquote", "jats:p", "jats:title", "tt",
    ].contains(local)
  }

  /// Adds an address.
  mutating func add(link: String) { found.clues.add(link: link) }

  /// An element begins: what stands in its attributes.
  mutating func open(_ name: String, _ attributes: [String: String]) {
    switch name {
    case "link", "atom:link":
      if let address = attributes["href"], attributes["rel"] != "replies" { add(link: address) }
    case "category", "atom:category", "arxiv:primary_category":
      if let term = attributes["term"] { add(category: term, isPrimary: name != "category") }
    default: break
    }
  }

  /// An element ends: what stands in it.
  mutating func close(_ name: String, _ text: String, inside parent: String) {
    guard !text.isEmpty else { return }
    switch name {
    case "title", "atom:title": found.title = RecordText.withoutEntities(text)
    case "link", "guid", "id", "atom:id", "feedburner:origlink": identify(name, text)
    case "arxiv:doi", "prism:doi", "dc:identifier": found.clues.add(doi: text)
    case "summary", "atom:summary", "description": take(description: text)
    case "content:encoded", "content", "atom:content": if content.isEmpty { content = text }
    case "name" where parent.hasSuffix("author"): names.append(text)
    case "author", "dc:creator": names += PersonNames.list(text)
    case "category", "dc:subject": add(category: text, isPrimary: false)
    case "published", "pubdate", "dc:date", "atom:published": announced = LooseDate(text)?.day
    case "updated", "atom:updated": updated = LooseDate(text)?.day
    case "arxiv:announce_type": isReplacement = text.hasPrefix("replace")
    case "arxiv:comment", "arxiv:journal_reference", "arxiv:journal_ref":
      found.clues.add(remark: text)
    default: break
    }
  }

  private mutating func add(category: String, isPrimary: Bool) {
    let text = RecordText.oneLine(category)
    let known = found.bibliography.categories
    guard !text.isEmpty, known.count < RecordText.mostParts else { return }
    found.bibliography.categories = RecordText.unique(isPrimary ? [text] + known : known + [text])
  }

  private mutating func identify(_ name: String, _ text: String) {
    // `oai:arXiv.org:2611.00001v1`
    let prefix = "oai:arXiv.org:"
    if text.hasPrefix(prefix) {
      isAnnouncement = true
      found.clues.add(link: "arXiv:" + text.dropFirst(prefix.count))
    } else {
      found.clues.add(link: text)
    }
  }

  /// The text of an entry. arXiv's has a head: `arXiv:IDvN Announce Type: new`, a line end,
  /// `Abstract: …`.
  private mutating func take(description text: String) {
    guard text.hasPrefix("arXiv:"), text.prefix(100).contains("Announce Type:") else {
      found.summary = text
      return
    }
    let head = text.prefix { !$0.isNewline }
    if head.contains("Announce Type: replace") { isReplacement = true }
    found.clues.add(text: String(head))
    let mark = "Abstract:"
    let rest = RecordText.trimmed(text[head.endIndex...])
    found.take(abstract: rest.hasPrefix(mark) ? String(rest.dropFirst(mark.count)) : rest)
  }

  /// The record; nil for a replacement, which is no new paper.
  func reference(of feed: FeedHead) -> Reference? {
    guard !isReplacement else { return nil }
    var reference = found
    reference.bibliography.authors = PersonNames.names(names)
    if reference.summary.isEmpty, reference.abstract.isEmpty { reference.summary = content }
    if feed.isSearch {
      reference.bibliography.published = announced.map(PublicationDate.init)
      reference.take(abstract: reference.summary)
      reference.summary = ""
      // The day on which a search was made says nothing of what it was made for.
      reference.day = feed.asked ?? feed.day
    } else {
      reference.summary = RecordText.paragraphs(RecordText.withoutTags(reference.summary))
      reference.day = announced ?? updated ?? feed.day
    }
    return reference
  }
}
