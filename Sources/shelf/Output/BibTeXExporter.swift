import Papers

extension ExportFormat {
  static let bibtex = ExportFormat(
    "bibtex", explanation: "BibTeX, one @misc a paper"
  ) { _ in BibTeXExporter() }
}

/// BibTeX in arXiv's own form: one `@misc` a paper with `eprint`, `archivePrefix` and
/// `primaryClass`.
///
/// A citation key is the one that the person's own bibliography has, else made from the identifier
/// alone, so that a key in a manuscript holds from export to export. No two papers share one.
struct BibTeXExporter: Exporter {
  /// Whether the person's notes go into `annote`.
  private let includesNotes: Bool
  /// The keys given so far, in small letters, for BibTeX takes `A` and `a` for one.
  private var given: Set<String> = []

  /// - Parameter includesNotes: whether the person's notes go into `annote`.
  init(includesNotes: Bool = true) { self.includesNotes = includesNotes }

  mutating func append(_ paper: Paper, into out: inout [UInt8]) {
    out.append(contentsOf: (entry(paper, key: newKey(paper)) + "\n\n").utf8)
  }

  /// One entry, without a line end behind it.
  /// - Parameter others: fields behind ours.
  func entry(
    _ paper: Paper, type: String = "misc", key: String, others: [(String, String)] = []
  ) -> String {
    var entry = "@\(type){\(key)"
    for (name, value) in fields(paper) + others where !value.isEmpty {
      entry += ",\n  \(name) = {\(value)}"
    }
    return entry + "\n}"
  }

  /// Says that a key is another's.
  mutating func reserve(_ key: String) { given.insert(key.lowercased()) }

  /// What is told of a paper, as TeX; empty where it is not known.
  func fields(_ paper: Paper) -> [(String, String)] {
    let id = paper.id.rawValue
    let isArXiv = paper.id.kind == .arXiv
    let title = paper.content.title.isEmpty ? id : paper.content.title
    let words = Keywords.all(of: paper).map(TeXText.escaped).joined(separator: ", ")
    let notes = paper.notes.map { TeXText.escaped($0.text) }.joined(separator: " ")
    let told = [
      ("title", TeXText.title(title)),
      ("author", TeXText.authors(paper.bibliography.authors)),
      ("year", PaperField.year.text(paper)),
      ("eprint", isArXiv ? TeXText.escaped(id) : ""),
      ("archivePrefix", isArXiv ? "arXiv" : ""),
      ("primaryClass", isArXiv ? TeXText.escaped(paper.bibliography.categories.first ?? "") : ""),
      ("doi", paper.id.kind == .doi ? TeXText.link(String(id.dropFirst(4))) : ""),
      ("url", TeXText.link(paper.url)),
      ("keywords", words),
    ]
    return includesNotes ? told + [("annote", notes)] : told
  }

  /// The key of a paper, which no other has.
  mutating func newKey(_ paper: Paper) -> String {
    let own = paper.bibliography.citekey.flatMap { Self.isKey($0) ? $0 : nil }
    var key = own ?? Self.key(paper.id)
    if !given.insert(key.lowercased()).inserted {
      // Two bibliographies gave it to two papers.
      key = Self.key(paper.id)
      while !given.insert(key.lowercased()).inserted { key += "+" }
    }
    return key
  }

  /// Whether every BibTeX takes a text for a key: ASCII letters, digits and a few marks between.
  static func isKey(_ text: String) -> Bool {
    let isPlain = text.utf8.allSatisfy { byte in
      isLetterOrDigit(byte) || "-./:+_".utf8.contains(byte)
    }
    return isPlain && text.utf8.first.map(isLetterOrDigit) ?? false
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }

  /// `arxiv:2509.26507`, `doi:10.1000/x`, `url:https://…`; bytes that a key cannot hold, and `_`
  /// itself, are `_` and two hexadecimal digits, so that different identifiers stay different.
  static func key(_ id: PaperID) -> String {
    var key = id.kind == .arXiv ? "arxiv:" : ""
    for byte in id.rawValue.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D...0x2F, 0x3A:
        key.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        key += (byte < 16 ? "_0" : "_") + String(byte, radix: 16)
      }
    }
    return key
  }
}
