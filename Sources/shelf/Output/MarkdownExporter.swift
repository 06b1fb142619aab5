import Changes
import JSONText
import Papers

extension ExportFormat {
  static let markdown = ExportFormat(
    "markdown", explanation: "Markdown to read; import reads it back without loss",
    isLossless: true
  ) { MarkdownExporter(object: $0.paperObject) }
}

/// Markdown to read, which `import` reads back without loss.
///
/// The file begins with ``firstLine``. Each paper is a heading, its state, its texts, its notes as
/// quotes, and one line ``dataStart`` JSON ``dataEnd`` with the paper object. Only that line is
/// data; the rest is for people, and escaped so that none of it can be taken for such a line: in
/// the JSON `<`, `>` and the second dash of `--` are `\u003c`, `\u003e` and `\u002d`, everywhere
/// else `<` is escaped.
struct MarkdownExporter: Exporter {
  /// How the data of a paper is written.
  let object: PaperObject
  /// What the file begins with; the number is the version of the format.
  static let firstLine = "<!-- papershelf export 1 -->"
  /// What comes before the JSON on its line.
  static let dataStart = "<!-- papershelf "
  /// What comes after the JSON on its line.
  static let dataEnd = " -->"

  func begin(into out: inout [UInt8]) {
    out.append(contentsOf: (Self.firstLine + "\n").utf8)
  }

  func append(_ paper: Paper, into out: inout [UInt8]) {
    let title = paper.content.title.isEmpty ? paper.id.rawValue : paper.content.title
    let link = MarkdownText.link(paper.url)
    out.append(contentsOf: "\n## [\(MarkdownText.line(title))](\(link))\n\n".utf8)
    for paragraph in paragraphs(paper) {
      out.append(contentsOf: paragraph.utf8)
      out.append(contentsOf: "\n\n".utf8)
    }
    out.append(contentsOf: Self.dataStart.utf8)
    object.append(paper, to: &out, style: .comment)
    out.append(contentsOf: (Self.dataEnd + "\n").utf8)
  }

  private func paragraphs(_ paper: Paper) -> [String] {
    let content = paper.content
    var parts = [state(paper)]
    parts.append(MarkdownText.line(BibliographyWords.authors(paper.bibliography)))
    let facts = BibliographyWords.facts(paper.bibliography).joined(separator: ", ")
    parts.append(MarkdownText.line(facts))
    parts += paper.bibliography.code.map { url in
      HTMLText.link(url).map { "[code](\(MarkdownText.link($0)))" } ?? MarkdownText.line(url)
    }
    if !content.keywords.isEmpty {
      parts.append("**Keywords**: " + MarkdownText.line(content.keywords.joined(separator: ", ")))
    }
    if let tldr = content.tldr { parts.append("**TL;DR**: " + MarkdownText.line(tldr)) }
    for section in content.sections {
      parts.append("**\(MarkdownText.line(section.label))**")
      parts.append(MarkdownText.block(section.text))
    }
    if content.sections.isEmpty {
      parts.append(MarkdownText.block(Card.paragraphs(content.summary)))
    }
    if let abstract = BibliographyWords.abstract(paper) {
      parts.append("**Abstract**")
      parts.append(MarkdownText.block(abstract))
    }
    parts += paper.notes.map { MarkdownText.quote($0.text) }
    return parts.filter { !$0.isEmpty }
  }

  private func state(_ paper: Paper) -> String {
    var words = [paper.status.rawValue]
    if paper.starred { words.append("★") }
    words += paper.tags.map { "+" + MarkdownText.line($0.name) }
    if let date = paper.appearances.last?.date { words.append("(\(date.text))") }
    return words.joined(separator: " ")
  }
}
