/// What a source says about who wrote a paper, where and when, apart from its text.
package struct Bibliography: Hashable, Sendable {
  /// The authors as the source names them, in its order; empty when it names none.
  package var authors: [String] = []
  /// Subjects, `cs.CL`; the first is the primary one.
  package var categories: [String] = []
  /// When it was published, as exactly as a source tells.
  package var published: PublicationDate?
  /// Addresses of its code.
  package var code: [String] = []
  /// How many people voted for it, where the source counts them.
  package var votes: Int64?
  /// The authors' own abstract, where the source has it apart from its summary.
  package var abstract: String?
  /// The key that the person's own bibliography cites it by, where the source is one.
  package var citekey: String?

  /// Nothing said.
  package init() {}

  /// By bytes.
  package static func == (a: Bibliography, b: Bibliography) -> Bool {
    a.authors.hasBytes(of: b.authors) && a.categories.hasBytes(of: b.categories)
      && a.published == b.published && a.code.hasBytes(of: b.code) && a.votes == b.votes
      && a.abstract.hasBytes(of: b.abstract) && a.citekey.hasBytes(of: b.citekey)
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) {
    for author in authors { author.hashBytes(into: &hasher) }
    abstract.map { $0.hashBytes(into: &hasher) }
  }
}
