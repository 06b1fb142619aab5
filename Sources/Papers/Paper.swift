/// One paper of the reading list as the person sees it: what the digests say of it and what the
/// person did to it.
package struct Paper: Hashable, Sendable {
  /// Identity, derived from the paper.
  package var id: PaperID
  /// What the digests say.
  package var content: PaperContent
  /// Who wrote it, where and when.
  package var bibliography: Bibliography
  /// How far the person is.
  package var status: ReadingStatus
  /// Whether the person starred it.
  package var starred: Bool
  /// The person's tags, sorted.
  package var tags: [Tag]
  /// The person's notes, oldest first.
  package var notes: [Note]
  /// The digests it was seen in, sorted by date, source, index.
  package var appearances: [Appearance]
  /// When it came on the list, milliseconds since 1970 UTC.
  package var added: Int64
  /// When anything about it last changed, milliseconds since 1970 UTC.
  package var updated: Int64
  /// The title that the person gave it, which ``content`` then has too.
  package var givenTitle: String?
  /// The values of fields that have no property of their own here, by the names of their registers.
  /// One that holds what held before anything was said is left out.
  package var others: [String: FieldValue] = [:]
  /// What the order by taste says of it, where somebody asked.
  package var judgement: Judgement?

  /// A paper with everything said.
  package init(
    id: PaperID, content: PaperContent = PaperContent(),
    bibliography: Bibliography = Bibliography(), status: ReadingStatus = .unread,
    starred: Bool = false, tags: [Tag] = [], notes: [Note] = [], appearances: [Appearance] = [],
    added: Int64 = 0, updated: Int64 = 0
  ) {
    self.id = id
    self.content = content
    self.bibliography = bibliography
    self.status = status
    self.starred = starred
    self.tags = tags
    self.notes = notes
    self.appearances = appearances
    self.added = added
    self.updated = updated
  }

  /// The page of the paper.
  package var url: String { id.url }
}

/// What a digest says of a paper: title and summary, and the data read out of the summary.
package struct PaperContent: Hashable, Sendable {
  /// The title on one line, as the digest has it. Empty when only a link is known.
  package var title: String
  /// The summary exactly as the digest has it (two spaces are a lost paragraph break). Empty when
  /// there is none.
  package var summary: String
  /// Keywords in the order given, without markup.
  package var keywords: [String]
  /// The one-sentence summary; nil where none is given.
  package var tldr: String?
  /// The labelled parts of the summary, in order.
  package var sections: [Section]

  /// One labelled part of a summary.
  package struct Section: Hashable, Sendable {
    /// The label as written, without markup and colon.
    package var label: String
    /// The text, paragraph breaks restored as blank lines.
    package var text: String

    /// A section with its label and text.
    package init(label: String, text: String) {
      self.label = label
      self.text = text
    }

    /// By bytes.
    package static func == (a: Section, b: Section) -> Bool {
      a.label.hasBytes(of: b.label) && a.text.hasBytes(of: b.text)
    }

    /// By bytes.
    package func hash(into hasher: inout Hasher) {
      label.hashBytes(into: &hasher)
      text.hashBytes(into: &hasher)
    }
  }

  /// Content with everything said.
  package init(
    title: String = "", summary: String = "", keywords: [String] = [], tldr: String? = nil,
    sections: [Section] = []
  ) {
    self.title = title
    self.summary = summary
    self.keywords = keywords
    self.tldr = tldr
    self.sections = sections
  }

  /// By bytes.
  package static func == (a: PaperContent, b: PaperContent) -> Bool {
    a.title.hasBytes(of: b.title) && a.summary.hasBytes(of: b.summary)
      && a.keywords.hasBytes(of: b.keywords) && a.tldr.hasBytes(of: b.tldr)
      && a.sections == b.sections
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) {
    title.hashBytes(into: &hasher)
    summary.hashBytes(into: &hasher)
  }
}

/// One sighting of a paper in a digest.
package struct Appearance: Hashable, Sendable, Comparable {
  /// The day of the digest; nil when neither the digest nor its name says one.
  package var date: PaperDate?
  /// Position in that day's digest as the digest numbers it, else counted from 0.
  package var index: Int
  /// The series the digest belongs to, for example `daily_huggingface_paper`.
  package var source: String

  /// A sighting with everything said.
  package init(date: PaperDate?, index: Int, source: String) {
    self.date = date
    self.index = index
    self.source = source
  }

  /// By date (no date first), source, index.
  package static func < (a: Appearance, b: Appearance) -> Bool {
    (a.date?.text ?? "", ByteText(a.source), a.index)
      < (b.date?.text ?? "", ByteText(b.source), b.index)
  }

  /// By bytes.
  package static func == (a: Appearance, b: Appearance) -> Bool {
    a.date == b.date && a.index == b.index && a.source.hasBytes(of: b.source)
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(date)
    hasher.combine(index)
    source.hashBytes(into: &hasher)
  }
}

/// A note of the person on a paper.
package struct Note: Hashable, Sendable {
  /// Identity within the library: lower-case letters and digits.
  package var id: String
  /// The text, any number of lines.
  package var text: String
  /// When it was first written, milliseconds since 1970 UTC.
  package var created: Int64
  /// When it was last edited, milliseconds since 1970 UTC.
  package var updated: Int64

  /// A note with everything said.
  package init(id: String, text: String, created: Int64, updated: Int64) {
    self.id = id
    self.text = text
    self.created = created
    self.updated = updated
  }

  /// By bytes.
  package static func == (a: Note, b: Note) -> Bool {
    a.id == b.id && a.text.hasBytes(of: b.text) && a.created == b.created && a.updated == b.updated
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(id)
    text.hashBytes(into: &hasher)
  }
}

extension Note {
  /// A time that an export does not tell: that of its paper.
  package static let unknownTime = Int64.min
}
