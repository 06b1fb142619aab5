import Papers

/// What a filter can compare of a paper: the left side of `field:value`.
package struct FilterField: Hashable, Sendable {
  /// What its values are, and so how they are read.
  package enum Kind: Hashable, Sendable {
    /// Words of a text; `=` and `~` compare the text itself.
    case words
    /// A text, compared as it is.
    case text
    /// A tag.
    case tag
    /// Names in an order.
    case ordered([OrderedName])
    /// Days, or moments within days.
    case days
    /// A number.
    case number
    /// One of the words of `is:` or `has:`.
    case traits
  }

  /// A name in an order.
  package struct OrderedName: Hashable, Sendable {
    /// The name.
    package let word: String
    /// What it is stored as; the order is that of the numbers.
    package let number: Int64

    /// A name with everything said.
    package init(_ word: String, _ number: Int64) {
      self.word = word
      self.number = number
    }
  }

  /// Its name.
  package let name: String
  /// What its values are.
  package let kind: Kind
  /// One line for `help filters`.
  package let explanation: String
  /// The column of a paper's row that it compares; nil where it takes more than a column.
  package let column: String?
  /// Its place in `help filters`.
  package let rank: Int

  /// A field with everything said.
  package init(
    _ name: String, _ kind: Kind, rank: Int, column: String? = nil, explanation: String
  ) {
    self.name = name
    self.kind = kind
    self.explanation = explanation
    self.column = column
    self.rank = rank
  }

  /// By name.
  package static func == (a: FilterField, b: FilterField) -> Bool { a.name == b.name }
  /// By name.
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

// The fields that take more than a column. Each is named by the register that brings it.
extension FilterField {
  /// The id.
  package static let id = FilterField(
    "id", .text, rank: 10, explanation: "the paper's id, or a part of it")
  /// The title.
  package static let title = FilterField(
    "title", .words, rank: 20, explanation: "words of the title")
  /// An author.
  package static let author = FilterField(
    "author", .words, rank: 22, explanation: "an author, or words of a name")
  /// A subject.
  package static let category = FilterField(
    "category", .text, rank: 24,
    explanation: "a subject, cs.CL, or all of an archive, cs; category=cs.CL is exact")
  /// The summary.
  package static let summary = FilterField(
    "summary", .words, rank: 30, explanation: "words of the summary")
  /// A keyword.
  package static let keyword = FilterField(
    "keyword", .words, rank: 40, explanation: "a keyword, or words of one")
  /// A part of the summary.
  package static let section = FilterField(
    "section", .text, rank: 50, explanation: "a label of a part of the summary")
  /// A note.
  package static let note = FilterField(
    "note", .words, rank: 60, explanation: "words of your notes")
  /// Any text.
  package static let text = FilterField(
    "text", .words, rank: 70,
    explanation: "words anywhere: title, authors, summary, keywords, notes")
  /// A tag.
  package static let tag = FilterField(
    "tag", .tag, rank: 80, explanation: "a tag and its children; tag=ml is exact")
  /// The status.
  package static let status = FilterField(
    "status", .ordered(ReadingStatus.allCases.map { .init($0.rawValue, $0.number) }), rank: 90,
    column: "status",
    explanation: ReadingStatus.allCases.map(\.rawValue).joined(separator: " "))
  /// A digest's day.
  package static let date = FilterField(
    "date", .days, rank: 100, explanation: "the day of a digest it was seen in")
  /// When it was published.
  package static let published = FilterField(
    "published", .days, rank: 105, explanation: "when it was published")
  /// When it came.
  package static let added = FilterField(
    "added", .days, rank: 110, column: "added", explanation: "when it came on your list")
  /// When it changed.
  package static let updated = FilterField(
    "updated", .days, rank: 120, column: "updated",
    explanation: "when anything about it last changed")
  /// A digest.
  package static let digest = FilterField(
    "digest", .text, rank: 130,
    explanation: "a digest it was seen in, as show prints it: series/day")
  /// A series.
  package static let source = FilterField(
    "source", .text, rank: 140, explanation: "the series of a digest it was seen in")
  /// What a paper is.
  package static let `is` = FilterField("is", .traits, rank: 900, explanation: "")
  /// What a paper has.
  package static let has = FilterField("has", .traits, rank: 910, explanation: "")
}

/// A word of `is:` or `has:`: what a column of the paper's row must be.
package struct FilterTrait: Hashable, Sendable {
  /// The word.
  package let word: String
  /// The column.
  package let column: String
  /// How it is compared.
  package let comparison: Comparison
  /// With what.
  package let value: FieldValue

  /// How a column is compared.
  package enum Comparison: Hashable, Sendable {
    case equals, differs, less, greater
    /// Has one of these bits.
    case hasBits
  }

  /// A word with everything said.
  package init(_ word: String, _ column: String, _ comparison: Comparison, _ value: FieldValue) {
    self.word = word
    self.column = column
    self.comparison = comparison
    self.value = value
  }

  /// `has:tldr`; the first bit of a column that the store fills.
  package static let tldr = FilterTrait("tldr", "has", .hasBits, .integer(1))
  /// `has:code`; the second bit.
  package static let code = FilterTrait("code", "has", .hasBits, .integer(2))
}

/// What filters can ask: fields, and the words of `is:` and `has:`. The registers bring it.
package struct FilterVocabulary: Sendable {
  /// The fields, in the order of help.
  package let fields: [FilterField]
  /// The words of `is:`.
  package let traits: [FilterTrait]
  /// The words of `has:`.
  package let possessions: [FilterTrait]

  /// A vocabulary with everything said.
  package init(fields: [FilterField], traits: [FilterTrait], possessions: [FilterTrait]) {
    self.fields = fields.sorted { $0.rank < $1.rank }
    self.traits = traits
    self.possessions = possessions
  }

  /// The field of a name.
  package func field(_ name: String) -> FilterField? { fields.first { $0.name == name } }

  /// The words that a field takes.
  package func words(of field: FilterField) -> [FilterTrait] {
    field == .has ? possessions : traits
  }

  /// One line for `help filters`.
  package func explanation(of field: FilterField) -> String {
    field.kind == .traits ? names(of: field).joined(separator: " ") : field.explanation
  }

  /// The words that a field takes, each once: two registers may bring the same.
  package func names(of field: FilterField) -> [String] {
    words(of: field).map(\.word).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }
}
