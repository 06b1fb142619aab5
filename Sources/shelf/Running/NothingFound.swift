import Changes
import Filters
import Papers
import Store

extension Session {
  /// Says, when a filter selected nothing, what is near that would.
  func hintAtWhatIsNear(_ filter: Filter) throws {
    try hintAtUnknownTags(filter)
    let words = filter.soughtWords
    guard !words.isEmpty, let library = try existingLibrary() else { return }
    let traits = Set(registers.vocabulary.traits.map(\.word))
    let statuses = Set(ReadingStatus.allCases.map(\.rawValue))
    var said: Set<String> = []
    for word in words.prefix(8) where said.insert(word).inserted {
      let lower = word.lowercased()
      let meant = statuses.contains(lower) || traits.contains(lower) ? lower : Habits.status(lower)
      if let meant {
        try say("“\(lower)” was looked for as a word of texts; did you mean is:\(meant)?")
        continue
      }
      let context = try filterContext()
      if let near = try library.read({ try $0.nearWord(to: word, in: context) }) {
        try say(
          """
          no paper has the word “\(Printable.line(word))”; near it is \
          “\(Printable.line(near.word))” (\(Words.papers(near.papers)))
          """)
      }
    }
  }
}

extension Filter {
  /// The single words that a paper must have to be selected.
  fileprivate var soughtWords: [String] {
    switch self {
    case .text(let phrase): phrase.split(whereSeparator: \.isWhitespace).map(String.init)
    case .field(let field, .matches, let values)
    where [.title, .summary, .keyword, .note, .text].contains(field):
      values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    case .and(let parts), .or(let parts): parts.flatMap(\.soughtWords)
    default: []
    }
  }
}
