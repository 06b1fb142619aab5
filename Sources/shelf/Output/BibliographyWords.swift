import Papers

/// Who wrote a paper, where and when, for people.
enum BibliographyWords {
  /// So many names are shown; of more of them, a few less and how many more there are.
  private static let mostNames = 12

  /// `Ann Lee, Bo Li`; with semicolons where a name holds a comma. Empty where none is known.
  static func authors(_ bibliography: Bibliography) -> String {
    let names = bibliography.authors.map(OneLine.flat).filter { !$0.isEmpty }
    let shown = names.count > mostNames ? Array(names[..<(mostNames - 2)]) : names
    let mark = names.contains { $0.contains(",") } ? "; " : ", "
    let more = names.count - shown.count
    return shown.joined(separator: mark) + (more > 0 ? "\(mark)and \(more) more" : "")
  }

  /// `published 2025-09-30`, `cs.CL cs.LG`, `61 votes`: what there is of it.
  static func facts(_ bibliography: Bibliography) -> [String] {
    var facts: [String] = []
    if let day = bibliography.published { facts.append("published \(day)") }
    if !bibliography.categories.isEmpty {
      facts.append(OneLine.flat(bibliography.categories.joined(separator: " ")))
    }
    if let votes = bibliography.votes { facts.append(votes == 1 ? "1 vote" : "\(votes) votes") }
    return facts
  }

  /// The abstract, where it says something that the summary does not.
  static func abstract(_ paper: Paper) -> String? {
    guard let text = paper.bibliography.abstract, !text.isEmpty,
      !text.hasBytes(of: paper.content.summary)
    else { return nil }
    return text
  }
}
