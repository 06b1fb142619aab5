import Changes
import Filters
import Papers

extension LibraryReader {
  /// A paper that a search found.
  package struct Hit: Hashable, Sendable {
    /// The paper's line.
    package var row: Row
    /// The place that fits best, with what was found marked.
    package var snippet: Snippet

    /// A hit with everything said.
    package init(row: Row, snippet: Snippet) {
      self.row = row
      self.snippet = snippet
    }
  }

  /// Calls `body` with the papers that fit the words of a filter, the best first, as they are read:
  /// words in the title weigh more than in keywords and authors, those more than in summary and
  /// notes (BM25, https://sqlite.org/fts5.html#the_bm25_function); of equals the newest first.
  ///
  /// Every condition of the filter holds for every paper; its words decide the order, unless
  /// another one is asked for.
  package func forEachFound(
    _ filter: Filter, in context: FilterContext, order: Order? = nil, limit: Int? = nil,
    _ body: (Row) throws -> Void
  ) throws {
    if let order {
      return try forEachRow(filter, in: context, order: order, limit: limit, body)
    }
    let queries = filter.phrases.compactMap(SearchText.query)
    guard !queries.isEmpty else {
      return try forEachRow(filter, in: context, limit: limit, body)
    }
    let compiler = FilterSQL(reader: self, context: context)
    let (conjunction, rest) = filter.splitWords
    let condition = try compiler.selection(of: rest)
    // Words that must all be there narrow the index itself; others only rank.
    let match = conjunction.compactMap(SearchText.query)
    let query =
      match.isEmpty ? queries.joined(separator: " OR ") : match.joined(separator: " AND ")
    try db.forEach(
      """
      SELECT \(rowColumns) FROM search JOIN paper p ON p.number = search.rowid
      WHERE search MATCH ? AND \(condition.sql)
      ORDER BY bm25(search, 10.0, 5.0, 1.0, 1.0, 5.0), p.day DESC, p.position, p.id LIMIT ?
      """, [SQLValue(query)] + condition.arguments + [SQLValue(limit ?? -1)]
    ) { try body(row($0)) }
  }

  /// The first papers that ``forEachFound(_:in:order:limit:_:)`` finds, each with its snippet.
  package func search(
    _ filter: Filter, in context: FilterContext, order: Order? = nil, limit: Int?
  ) throws -> [Hit] {
    var hits: [Hit] = []
    try forEachFound(filter, in: context, order: order, limit: limit) { row in
      hits.append(Hit(row: row, snippet: try snippet(of: row, for: filter)))
    }
    return hits
  }

  /// The place of a paper that fits the words of a filter best.
  package func snippet(of row: Row, for filter: Filter) throws -> Snippet {
    let paper = try paper(row.id)
    let texts =
      [paper?.content.summary ?? ""] + (paper?.notes.map(\.text) ?? [])
      + [
        paper?.content.keywords.joined(separator: "，") ?? "",
        paper?.bibliography.authors.joined(separator: ", ") ?? "", row.title,
      ]
    return Snippet.best(of: texts, phrases: filter.phrases)
  }
}

extension Filter {
  /// The texts looked for, without those under a `not`.
  package var phrases: [String] {
    switch self {
    case .text(let phrase): [phrase]
    case .field(let field, .matches, let values)
    where [.title, .author, .summary, .keyword, .note, .text].contains(field):
      values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    case .and(let parts), .or(let parts): parts.flatMap(\.phrases)
    default: []
    }
  }

  /// The bare words that every hit must hold, and the rest of the filter.
  var splitWords: (words: [String], rest: Filter) {
    switch self {
    case .text(let phrase) where !phrase.utf8.allSatisfy({ (0x30...0x39).contains($0) }):
      return ([phrase], .all)
    case .and(let parts):
      let split = parts.map(\.splitWords)
      return (split.flatMap(\.words), .and(split.map(\.rest)))
    default: return ([], self)
    }
  }
}
