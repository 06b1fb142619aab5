import Filters
import Papers

extension LibraryReader {
  /// A word of the index that is spelt nearly like one that it does not have.
  package struct NearWord: Hashable, Sendable {
    /// As a paper writes it, in lower case.
    package var word: String
    /// How many papers on the list have it.
    package var papers: Int

    /// A word with everything said.
    package init(word: String, papers: Int) {
      self.word = word
      self.papers = papers
    }
  }

  /// The nearest word to one that no paper has; of equally near ones that of most papers. Nil where
  /// the word is there, is short, or is of characters that are words of their own.
  ///
  /// Looks through the words that begin with one of the first two letters: a slip of the first
  /// letter is rare, and the index is ordered by them.
  package func nearWord(to typed: String, in context: FilterContext) throws -> NearWord? {
    let words = SearchWords.words(of: typed).map(\.text)
    guard words.count == 1, let word = words.first, (4...40).contains(word.utf8.count),
      word.utf8.allSatisfy({ (0x61...0x7A).contains($0) })
    else { return nil }
    // In the temporary database: the file stays as it is, and may be one that nobody can write.
    try db.run(
      "CREATE VIRTUAL TABLE IF NOT EXISTS temp.indexed USING fts5vocab(main, search, row)")
    if try db.exists("SELECT 1 FROM temp.indexed WHERE term = ?", [SQLValue(word)]) { return nil }
    let bound = word.utf8.count < 6 ? 1 : 2
    var best: (term: String, distance: Int, papers: Int64)?
    for first in Set(word.prefix(2)).sorted() {
      let (low, high) = (String(first), String(first) + "\u{10FFFF}")
      try db.forEach(
        """
        SELECT term, doc FROM temp.indexed WHERE term >= ? AND term < ?
          AND length(term) BETWEEN ? AND ?
        """,
        [
          SQLValue(low), SQLValue(high), SQLValue(word.utf8.count - bound),
          SQLValue(word.utf8.count + bound),
        ]
      ) { row in
        let term = try row.text(0)
        let distance = Spelling.distance(word, term)
        let papers = row.integer(1)
        let isBetter = best.map { (distance, $0.papers) < ($0.distance, papers) } ?? true
        if distance <= bound, isBetter { best = (term, distance, papers) }
      }
    }
    guard let best else { return nil }
    let shown = try spelling(of: best.term)
    let papers = try count(.text(shown), in: context)
    return papers > 0 ? NearWord(word: shown, papers: papers) : nil
  }

  /// How a paper writes a word of the index, of which the ending may be cut off; the shortest of
  /// the first few papers.
  private func spelling(of term: String) throws -> String {
    let numbers = try db.all(
      "SELECT rowid FROM search WHERE search MATCH ? LIMIT 5", [SQLValue("\"\(term)\"")]
    ) { $0.integer(0) }
    var found: [String] = []
    for number in numbers {
      guard let paper = try subject(ofPaperNumbered: number) else { continue }
      let texts = [paper.content.title] + paper.content.keywords + [paper.content.summary]
      for text in texts + paper.bibliography.authors {
        let utf8 = Array(text.utf8)
        for word in SearchWords.words(of: text) where word.text.hasBytes(of: term) {
          found.append(String(decoding: utf8[word.range], as: UTF8.self).lowercased())
        }
      }
    }
    return found.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) } ?? term
  }
}
