import Changes
import JSONText
import Papers

extension ExportFormat {
  static let cslJSON = ExportFormat(
    "csl-json", explanation: "CSL-JSON, for pandoc and reference managers"
  ) { _ in CSLExporter() }
}

/// CSL-JSON (Citation Style Language data, version 1.0.2): one array of items of type `article`,
/// which is the type of preprints.
struct CSLExporter: Exporter {
  private var isFirst = true

  mutating func begin(into out: inout [UInt8]) {
    out.append(UInt8(ascii: "["))
    isFirst = true
  }

  mutating func append(_ paper: Paper, into out: inout [UInt8]) {
    out.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
    isFirst = false
    var json = JSONTextWriter.printed
    json.object { Self.members(of: paper, &$0) }
    out.append(contentsOf: json.bytes)
  }

  mutating func end(into out: inout [UInt8]) {
    out.append(contentsOf: (isFirst ? "]\n" : "\n]\n").utf8)
  }

  private static func members(of paper: Paper, _ json: inout JSONTextWriter) {
    let id = paper.id.rawValue
    json.member("id", id)
    json.member("type", "article")
    json.member("title", paper.content.title.isEmpty ? id : paper.content.title)
    let names = paper.bibliography.authors.compactMap { AuthorName($0) }
    if !names.isEmpty {
      json.key("author")
      json.array(names) { author($1, &$0) }
    }
    json.member("URL", paper.url)
    if paper.id.kind == .doi { json.member("DOI", String(id.dropFirst(4))) }
    if paper.id.kind == .arXiv {
      json.member("archive", "arXiv")
      json.member("number", "arXiv:" + id)
    }
    if let date = paper.publication { issued(date, &json) }
    let abstract = paper.bibliography.abstract ?? paper.content.tldr ?? paper.content.summary
    if !abstract.isEmpty { json.member("abstract", abstract) }
    let words = Keywords.all(of: paper)
    if !words.isEmpty { json.member("keyword", words.joined(separator: ", ")) }
    let notes = PaperField.notes.text(paper)
    if !notes.isEmpty { json.member("note", notes) }
  }

  private static func author(_ name: AuthorName, _ json: inout JSONTextWriter) {
    json.object { json in
      if name.given.isEmpty {
        json.member("literal", name.family)
      } else {
        json.member("family", name.family)
        json.member("given", name.given)
        if !name.suffix.isEmpty { json.member("suffix", name.suffix) }
      }
    }
  }

  private static func issued(_ date: PublicationDate, _ json: inout JSONTextWriter) {
    json.key("issued")
    json.object { json in
      json.key("date-parts")
      json.array { json in
        json.array { json in
          for part in date.text.split(separator: "-") { json.value(Int(part) ?? 0) }
        }
      }
    }
  }
}
