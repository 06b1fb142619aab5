import Papers

extension ExportFormat {
  static let atom = ExportFormat(
    "atom", explanation: "an Atom feed, for feed readers"
  ) { AtomExporter(filter: $0.origin?.filter ?? "") }
}

/// A feed (RFC 4287) of the papers of a filter.
///
/// Ids and times are those of the papers, not of the export: an entry is its paper's address and is
/// dated by the day the paper came on the list, the feed by its newest entry. So a reader that
/// fetches it again shows nothing twice, and a file that tells the same is the same. Statuses,
/// tags and notes are not written: a feed is for others, too.
struct AtomExporter: Exporter {
  private let filter: String
  /// When the newest of the papers came, milliseconds since 1970 UTC.
  private var newest: Int64 = 0

  /// - Parameter filter: what the feed is of, as it was typed; empty for all papers.
  init(filter: String) { self.filter = filter }

  func begin(into out: inout [UInt8]) {
    let title = filter.isEmpty ? "Papershelf" : "Papershelf: " + filter
    out.append(
      contentsOf: """
        <?xml version="1.0" encoding="UTF-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom">
        <id>\(Self.id(of: filter))</id>
        \(Self.element("title", OneLine.flat(title)))
        <author><name>Papershelf</name></author>
        <generator>Papershelf</generator>

        """.utf8)
  }

  mutating func append(_ paper: Paper, into out: inout [UInt8]) {
    newest = max(newest, paper.added)
    let title = OneLine.flat(paper.content.title)
    var entry = [
      Self.element("id", paper.url),
      Self.element("title", title.isEmpty ? paper.id.rawValue : title),
      Self.element("updated", Timestamp.rfc3339(paper.added)),
      "<link rel=\"alternate\" href=\"\(Self.escaped(paper.url))\"/>",
    ]
    if let day = paper.bibliography.published?.text, day.utf8.count == 10 {
      entry.append(Self.element("published", day + "T00:00:00Z"))
    }
    entry += paper.bibliography.authors.map { OneLine.flat($0) }.filter { !$0.isEmpty }
      .map { "<author>\(Self.element("name", $0))</author>" }
    entry += (paper.bibliography.categories + paper.content.keywords).map { OneLine.flat($0) }
      .filter { !$0.isEmpty }.map { "<category term=\"\(Self.escaped($0))\"/>" }
    if let lead = paper.content.tldr ?? paper.lead {
      entry.append(Self.element("summary", OneLine.flat(lead)))
    }
    let body = HTMLExporter.text(of: paper)
    if !body.isEmpty { entry.append("<content type=\"html\">\(Self.escaped(body))</content>") }
    out.append(contentsOf: "<entry>\n\(entry.joined(separator: "\n"))\n</entry>\n".utf8)
  }

  /// The order of a feed's elements tells nothing (RFC 4287 section 4.1.1), and the newest paper is
  /// known only now.
  func end(into out: inout [UInt8]) {
    out.append(
      contentsOf: (Self.element("updated", Timestamp.rfc3339(newest)) + "\n</feed>\n").utf8)
  }

  /// The same for the same filter, on every machine: a UUID of version 8 (RFC 9562), made of the
  /// filter's bytes.
  private static func id(of filter: String) -> String {
    var halves: [UInt64] = [0xCBF2_9CE4_8422_2325, 0x6C62_272E_07BB_0142]
    for byte in filter.utf8 {
      // FNV-1a (RFC 9923), from two beginnings.
      halves = halves.map { ($0 ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    let version = halves[0] & ~0xF000 | 0x8000
    let variant = halves[1] & ~(3 << 62) | 1 << 63
    let digits = [version, variant].map { half in
      let text = String(half, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
    var id = "urn:uuid:"
    for (place, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(place) { id += "-" }
      id.append(digit)
    }
    return id
  }

  private static func element(_ name: StaticString, _ text: String) -> String {
    "<\(name)>\(escaped(text))</\(name)>"
  }

  /// XML has no U+FFFE and U+FFFF (XML 1.0 section 2.2); control characters are shown already.
  private static func escaped(_ text: String) -> String {
    let html = HTMLText.escaped(text)
    guard html.utf8.contains(0xEF) else { return html }
    var scalars = String.UnicodeScalarView()
    for scalar in html.unicodeScalars {
      scalars.append([0xFFFE, 0xFFFF].contains(scalar.value) ? "\u{FFFD}" : scalar)
    }
    return String(scalars)
  }
}
