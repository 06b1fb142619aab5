import Papers

extension ExportFormat {
  static let html = ExportFormat(
    "html", explanation: "one self-contained page that opens without a network",
    moment: HTMLPage.moment
  ) { HTMLExporter(origin: $0.origin) }
}

/// One self-contained page: it opens from a file with no network, and filters in place.
///
/// Invariant: text from outside stands in it by way of ``HTMLText`` alone, so that no `<` or `>` of
/// a paper does. The page's script relies on it: it takes the papers apart at their tags.
struct HTMLExporter: Exporter {
  private let origin: ExportOrigin?
  private var count = 0

  /// - Parameter origin: what the page is to say that it was made from.
  init(origin: ExportOrigin? = nil) { self.origin = origin }

  func begin(into out: inout [UInt8]) { out.append(contentsOf: HTMLPage.head(origin).utf8) }

  mutating func append(_ paper: Paper, into out: inout [UInt8]) {
    count += 1
    let days = Set(paper.appearances.compactMap { $0.date?.text }).sorted()
    var html =
      "<article data-status=\"\(paper.status.rawValue)\" data-starred=\"\(paper.starred)\""
      + " data-days=\"\(HTMLText.escaped(days.joined(separator: " ")))\">"
    html += "\n" + title(paper) + "\n" + authors(paper) + meta(paper) + "\n"
    if let tldr = paper.content.tldr ?? paper.lead {
      html += HTMLText.element("p", tldr, attributes: " class=\"tldr\"", hasBold: true) + "\n"
    }
    if !paper.content.keywords.isEmpty {
      let words = paper.content.keywords.map {
        HTMLText.element("span", OneLine.flat($0), attributes: " class=\"k\"")
      }
      html += "<p class=\"keywords\">\(words.joined(separator: " "))</p>\n"
    }
    html += summary(paper.content)
    if let abstract = BibliographyWords.abstract(paper) {
      html +=
        "<details><summary>Abstract</summary>\n\(HTMLText.paragraphs(abstract))\n</details>\n"
    }
    if !paper.notes.isEmpty {
      html += "<p class=\"label\"><b>\(paper.notes.count == 1 ? "Note" : "Notes")</b></p>\n"
    }
    for note in paper.notes {
      html += "<blockquote>\(HTMLText.paragraphs(note.text))</blockquote>\n"
    }
    out.append(contentsOf: html.utf8)
    out.append(contentsOf: "</article>\n".utf8)
  }

  /// What a paper is about, as HTML: summary and abstract.
  static func text(of paper: Paper) -> String {
    body(paper.content) + (BibliographyWords.abstract(paper).map { HTMLText.paragraphs($0) } ?? "")
  }

  func end(into out: inout [UInt8]) {
    out.append(contentsOf: HTMLPage.tail(count: count).utf8)
  }

  private func title(_ paper: Paper) -> String {
    let text = paper.content.title.isEmpty ? paper.id.rawValue : paper.content.title
    guard let url = HTMLText.link(paper.url) else { return HTMLText.element("h2", text) }
    let link = " href=\"\(HTMLText.escaped(url))\" rel=\"noopener noreferrer\""
    return "<h2>\(HTMLText.element("a", text, attributes: link))</h2>"
  }

  private func authors(_ paper: Paper) -> String {
    let names = BibliographyWords.authors(paper.bibliography)
    return names.isEmpty ? "" : HTMLText.element("p", names, attributes: " class=\"meta\"") + "\n"
  }

  private func meta(_ paper: Paper) -> String {
    var parts = ["<b class=\"status\">\(paper.status.rawValue)</b>"]
    if paper.starred {
      parts.append("<span class=\"star\" role=\"img\" aria-label=\"starred\">★</span>")
    }
    if let date = paper.appearances.last?.date {
      let text = HTMLText.escaped(date.text)
      parts.append("<time class=\"d\" datetime=\"\(text)\">\(text)</time>")
    }
    parts.append("<span>\(HTMLText.escaped(paper.id.rawValue))</span>")
    parts += BibliographyWords.facts(paper.bibliography).map { HTMLText.element("span", $0) }
    parts += paper.bibliography.code.compactMap(HTMLText.link).map { url in
      let link = " href=\"\(HTMLText.escaped(url))\" rel=\"noopener noreferrer\""
      return "<a\(link)><b>source code</b></a>"
    }
    parts += paper.tags.map { HTMLText.element("span", "+" + $0.name, attributes: " class=\"t\"") }
    return "<div class=\"meta\">\(parts.joined(separator: " "))</div>"
  }

  private func summary(_ content: PaperContent) -> String {
    let body = Self.body(content)
    return body.isEmpty ? "" : "<details><summary>Summary</summary>\n\(body)\n</details>\n"
  }

  private static func body(_ content: PaperContent) -> String {
    if content.sections.isEmpty {
      return HTMLText.paragraphs(Card.paragraphs(content.summary), hasBold: true)
    }
    return content.sections.map {
      HTMLText.element("h3", $0.label) + HTMLText.paragraphs($0.text, hasBold: true)
    }.joined(separator: "\n")
  }
}
