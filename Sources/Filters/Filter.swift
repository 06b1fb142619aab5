import Papers

/// Which papers: the tree of a filter. See ``FilterParser`` for the grammar.
package indirect enum Filter: Hashable, Sendable {
  /// Every paper on the list.
  case all
  case and([Filter])
  case or([Filter])
  case not(Filter)
  /// `@name`, with where it stands, for the message when there is no such view.
  case view(String, FilterRange)
  /// `+tag`: the tag and its children.
  case tag(Tag)
  /// A paper by id, link, suffix or `%row`.
  case id(String, FilterRange)
  /// Full text over title, summary, keywords and notes.
  case text(String)
  /// `field op value`.
  case field(FilterField, FilterOperator, [FilterValue])
}

/// A piece of the filter's text, in characters from its start.
package struct FilterRange: Hashable, Sendable {
  /// The first character.
  package var start: Int
  /// How many.
  package var length: Int

  /// A range with everything said.
  package init(start: Int, length: Int) {
    self.start = start
    self.length = length
  }
}

/// How a field is compared.
package enum FilterOperator: String, CaseIterable, Sendable {
  case matches = ":"
  case equals = "="
  case differs = "!="
  case less = "<"
  case atMost = "<="
  case greater = ">"
  case atLeast = ">="
  case contains = "~"

  /// One line for `help filters`.
  package var explanation: String {
    switch self {
    case .matches: "fits: words for texts, the tag and its children, any time within a date"
    case .equals: "is exactly"
    case .differs: "is not exactly"
    case .less: "before, or less far"
    case .atMost: "until the end of, or at most as far"
    case .greater: "after, or further"
    case .atLeast: "from the start of, or at least as far"
    case .contains: "contains this piece of text literally"
    }
  }
}

/// What a field is compared with.
package enum FilterValue: Hashable, Sendable {
  case none
  case any
  case text(String)
  /// A number, or what a name in an order is stored as.
  case number(Int64)
  /// Numbers from one to another; nil is open on that side.
  case numbers(Int64?, Int64?)
  case days(DaySpan)
  case trait(FilterTrait)
}

/// A span of whole days; nil is open on that side.
package struct DaySpan: Hashable, Sendable {
  /// The first day within.
  package var first: PaperDate?
  /// The last day within.
  package var last: PaperDate?

  /// A span with everything said.
  package init(first: PaperDate?, last: PaperDate?) {
    self.first = first
    self.last = last
  }
}

/// Why a filter cannot be used.
package struct FilterError: Error, Hashable, Sendable {
  /// What is wrong.
  package enum Kind: Hashable, Sendable {
    case unknownField(String)
    case unknownValue(field: String, value: String, allowed: [String])
    case badDate(String)
    case badNumber(String)
    case badTag(String)
    case badRow(String)
    case bareNumber(String)
    /// A condition with a sign before it that is none of ours: `!is:read`.
    case badNegation(String)
    case badOperator(field: String, operator: String, allowed: [String])
    case missingValue(field: String)
    case unknownView(String)
    case viewsTooDeep(String)
    case viewsTooLarge(String)
    case unbalanced
    case unclosedQuote
    case missingOperand(after: String)
    case nothingToSearch(String)
    case tooLong(limit: Int)
    case tooDeep(limit: Int)
  }

  /// What is wrong.
  package var kind: Kind
  /// The filter's text, on one line.
  package var text: String
  /// Where in it.
  package var range: FilterRange
  /// What the person may have meant.
  package var suggestion: String?

  /// An error with everything said.
  package init(kind: Kind, text: String, range: FilterRange, suggestion: String? = nil) {
    self.kind = kind
    self.text = text
    self.range = range
    self.suggestion = suggestion
  }
}
