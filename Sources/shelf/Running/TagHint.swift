import Filters
import Papers
import Store

extension Session {
  /// Says so when a filter that selected nothing names a tag that no paper bears: most often it is
  /// misspelt.
  func hintAtUnknownTags(_ filter: Filter) throws {
    let named = filter.namedTags
    guard !named.isEmpty, let library = try existingLibrary() else { return }
    let used = try library.read { try $0.tags().map(\.tag) }
    for tag in named where !used.contains(where: tag.covers) {
      let nearest = Spelling.closest(to: tag.name, among: used.map(\.name))
      let question = nearest.map { "; did you mean +\($0)?" } ?? ""
      try say("no paper is tagged \(tag.name)\(question)")
    }
  }
}

extension Filter {
  /// The tags that a paper must bear to be selected; those under a `not` are of no interest.
  fileprivate var namedTags: [Tag] {
    switch self {
    case .tag(let tag): [tag]
    case .field(.tag, .matches, let values), .field(.tag, .equals, let values):
      values.compactMap { if case .text(let text) = $0 { Tag(text) } else { nil } }
    case .and(let parts), .or(let parts): parts.flatMap(\.namedTags)
    default: []
    }
  }
}
