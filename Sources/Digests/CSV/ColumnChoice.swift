/// What a person says that a column of a list holds.
package struct ColumnChoice: Hashable, Sendable {
  /// What columns may hold.
  package enum Field: String, CaseIterable, Sendable {
    case url, doi, id, title, authors, abstract, summary, tldr, keywords, tags, status, star, note
    case date, published, added, categories, votes, code, citekey

    var role: CSVColumns.Role {
      switch self {
      case .url: .link
      case .doi: .doi
      case .id: .id
      case .title: .title
      case .authors: .authors
      case .abstract: .abstract
      case .summary: .summary
      case .tldr: .tldr
      case .keywords: .keywords
      case .tags: .tags
      case .status: .status
      case .star: .star
      case .note: .note
      case .date: .day
      case .published: .published
      case .added: .added
      case .categories: .categories
      case .votes: .votes
      case .code: .code
      case .citekey: .citekey
      }
    }

    /// Whether several columns may say it together.
    var isShared: Bool { [.url, .doi, .id, .keywords, .tags, .note].contains(self) }
  }

  /// What it holds.
  package let field: Field
  /// Its name in the header.
  package let column: String

  /// A choice with everything said.
  package init(_ field: Field, column: String) {
    self.field = field
    self.column = column
  }

  /// The place of the column in a header: the one of just this name, or else of the same letters
  /// and digits.
  func place(in header: [String]) -> Int? {
    let wanted = RecordText.trimmed(column)
    if let place = header.firstIndex(where: { RecordText.trimmed($0) == wanted }) { return place }
    let bare = ListWords.bare(column)
    return bare.isEmpty ? nil : header.firstIndex { ListWords.bare($0) == bare }
  }
}

extension DigestFormats {
  /// Comma-separated values of which the person says what columns hold.
  package static func csv(_ choices: [ColumnChoice]) -> any DigestFormat {
    CSVFormat(choices: choices)
  }
}
