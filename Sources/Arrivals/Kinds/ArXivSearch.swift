import Papers
import XMLText

/// A search that arXiv keeps answering (https://info.arxiv.org/help/api/user-manual.html): the
/// newest hundred papers that fit.
struct ArXivSearchKind: SourceKind {
  let form = "arxiv:au:NAME"
  let explanation = "the newest papers that a search of arXiv finds: au:, ti:, abs:, cat:, all:"

  private static let fields = ["ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all"]

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard let text = Address.rest(of: what, after: "arxiv:"), text.contains(":") else { return nil }
    let query = text.split { $0 == "+" || $0.isWhitespace }.joined(separator: " ")
    let first = query.drop { "( ".contains($0) }.prefix { $0 != ":" }
    guard Self.fields.contains(first.lowercased()) else {
      throw SourceComplaint(
        "arXiv has no field “\(first)”",
        advice: "a search is one of " + Self.fields.map { $0 + ":WORDS" }.joined(separator: ", "))
    }
    return ArXivSearch(query: query)
  }
}

private struct ArXivSearch: Source {
  let query: String
  private static let pause: Int64 = 3_600_000

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    if !moment.isNamed, moment.since == nil, state.failures == 0,
      let answered = state.answered, moment.now - answered < Self.pause
    {
      return .resting
    }
    let address =
      "https://export.arxiv.org/api/query?search_query=" + Address.value(query)
      + "&sortBy=submittedDate&sortOrder=descending&max_results=100"
    return AskPlan([Ask(.page(address), .feed)])
  }
}

/// Papers that arXiv is asked for by their ids.
package enum ArXivPapers {
  /// The most ids of one request.
  package static let most = 100

  /// Where title, authors and abstract of these papers are.
  package static func address(_ ids: [PaperID]) -> String {
    let list = ids.prefix(most).map { Address.value($0.rawValue) }
    return "https://export.arxiv.org/api/query?id_list=" + list.joined(separator: ",")
      + "&max_results=\(list.count)"
  }

  /// How many papers a search found, of which an answer may hold a part
  /// (`opensearch:totalResults`); nil where it does not say.
  static func total(_ answer: [UInt8]) -> Int? {
    // It stands before the papers.
    let head = answer.prefix(1 << 16)
    let found = XMLDocument().feed(Array(head).span, isLast: false)
    var number: String?
    for event in found.events {
      switch event {
      case .start("opensearch:totalresults", _, _): number = ""
      case .text(let text): number?.append(text)
      case .end("opensearch:totalresults"):
        return number.flatMap { Int($0.filter { !$0.isWhitespace }) }
      case .start, .end: break
      }
    }
    return nil
  }
}
