import Papers

/// Everything about one paper, as `show` prints it: what it is, what the digests say, what the
/// person did.
struct Card: Sendable {
  private let palette: Palette
  private let zone: Timestamp.Zone
  private let wrap: Wrap

  /// Cards for a terminal of `width` cells; nil is a pipe, where no line is broken.
  init(width: Int?, palette: Palette, cells: CellWidth, zone: @escaping Timestamp.Zone) {
    self.palette = palette
    self.zone = zone
    wrap = Wrap(width: width ?? Int.max, cells: cells)
  }

  /// The lines of the card. `history` is what `log` says of the paper, one line each.
  func lines(_ paper: Paper, history: [String] = []) -> [Styled] {
    var lines = head(paper)
    if let tldr = paper.content.tldr { lines += block("TL;DR", tldr) }
    if let lead = paper.lead, !Self.isAll(lead, of: paper) { lines += block("Lead", lead) }
    if !paper.content.keywords.isEmpty {
      lines += block("Keywords", paper.content.keywords.joined(separator: ", "))
    }
    lines += text(paper)
    lines += notes(paper.notes)
    if !history.isEmpty { lines += block("History", history.joined(separator: "\n")) }
    return lines
  }

  /// The lines of a card to decide by: what it is about, and nothing of where it comes from.
  func essence(_ paper: Paper) -> [Styled] {
    var lines = title(paper)
    var state = palette.paint(paper.id.rawValue, .dim)
    state = state + "  " + self.state(paper)
    let tags = ListColumn.tags.text(of: paper, zone: zone)
    if !tags.isEmpty { state = state + "  " + palette.paint(tags, Palette.Role.tags) }
    lines.append(state)
    lines += because(paper)
    if let text = paper.content.tldr ?? paper.lead {
      lines += [Styled()] + wrap.lines(Printable.line(text)).map { palette.paint($0, .cyan) }
    }
    if !paper.content.keywords.isEmpty {
      let keywords = Printable.line(paper.content.keywords.joined(separator: ", "))
      lines += [Styled()] + wrap.lines(keywords, hanging: 2).map { palette.paint($0, .dim) }
    }
    return lines + (Self.saysMore(paper) ? text(paper) : []) + notes(paper.notes)
  }

  /// Whether a source's text is more than the keywords and the sentence that were read out of it.
  private static func saysMore(_ paper: Paper) -> Bool {
    let content = paper.content
    guard content.sections.isEmpty, !content.keywords.isEmpty || content.tldr != nil else {
      return true
    }
    let told = (content.keywords + [content.tldr ?? ""]).reduce(0) { $0 + $1.count + 2 }
    return content.summary.count > told + 80 || BibliographyWords.abstract(paper) != nil
  }

  /// What its source says at length.
  private func text(_ paper: Paper) -> [Styled] {
    var lines = paper.content.sections.flatMap { block($0.label, $0.text) }
    if paper.content.sections.isEmpty, !paper.content.summary.isEmpty {
      lines += block("Summary", Self.paragraphs(paper.content.summary))
    }
    if let abstract = BibliographyWords.abstract(paper) { lines += block("Abstract", abstract) }
    return lines
  }

  /// Whether a text is all that the card would show below it anyway.
  private static func isAll(_ lead: String, of paper: Paper) -> Bool {
    let sections = paper.content.sections.map(\.text)
    return (sections.isEmpty ? [paper.content.summary] : sections).contains {
      $0.hasBytes(of: lead)
    }
  }

  /// A summary as people read it: two spaces in it are a lost paragraph break.
  static func paragraphs(_ summary: String) -> String {
    guard summary.contains("  ") else { return summary }
    return summary.split(separator: "  ")
      .map { String($0.drop { $0 == " " }) }.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  /// Why the order by taste puts it where it does.
  private func because(_ paper: Paper) -> [Styled] {
    let because = paper.judgement.map(JudgementWords.line) ?? ""
    guard !because.isEmpty else { return [] }
    return wrap.lines(Printable.line("taste " + because), hanging: 2)
      .map { palette.paint($0, .dim) }
  }

  /// Title and authors.
  private func title(_ paper: Paper) -> [Styled] {
    let title = paper.content.title.isEmpty ? paper.id.rawValue : paper.content.title
    let lines = wrap.lines(Printable.line(title)).map { palette.paint($0, .bold) }
    let authors = BibliographyWords.authors(paper.bibliography)
    guard !authors.isEmpty else { return lines }
    return lines + wrap.lines(Printable.line(authors), hanging: 2).map { Styled($0) }
  }

  /// `queued ★`
  private func state(_ paper: Paper) -> Styled {
    let state = palette.paint(paper.status.rawValue, ListColumn.status.role(of: paper))
    return paper.starred ? state + " " + palette.paint("★", Palette.Role.star) : state
  }

  private func head(_ paper: Paper) -> [Styled] {
    var lines = title(paper)
    lines.append(palette.paint(paper.url, .underline))
    let facts = BibliographyWords.facts(paper.bibliography).joined(separator: ", ")
    if !facts.isEmpty { lines += wrap.lines(Printable.line(facts)).map { Styled($0) } }
    lines += paper.bibliography.code.map { Styled("code " + Printable.line($0)) }
    lines.append(state(paper))
    let tags = ListColumn.tags.text(of: paper, zone: zone)
    if !tags.isEmpty { lines += wrap.lines(tags).map { palette.paint($0, Palette.Role.tags) } }
    for (name, value) in paper.others.sorted(by: { $0.key < $1.key }) {
      lines += wrap.lines(Printable.line("\(name) \(value.words)")).map { Styled($0) }
    }
    lines += because(paper)
    let seen = paper.appearances.map(Self.sighting).joined(separator: "\n")
    if !seen.isEmpty { lines += wrap.lines(seen, hanging: 2).map { Styled($0) } }
    let added = Timestamp.minute(paper.added, in: zone)
    let updated = Timestamp.minute(paper.updated, in: zone)
    let changed = added == updated ? "" : ", changed " + updated
    lines += wrap.lines("added \(added)\(changed)").map { palette.paint($0, .dim) }
    return lines
  }

  private static func sighting(_ appearance: Appearance) -> String {
    let source = Printable.line(appearance.source)
    return "seen \(appearance.date?.text ?? "on no known day") #\(appearance.index) \(source)"
  }

  private func block(_ label: String, _ text: String) -> [Styled] {
    // A part of the summary may be without a label.
    let heading = label.isEmpty ? [] : wrap.lines(Printable.line(label))
    return [Styled()] + heading.map { palette.paint($0, .bold) }
      + wrap.lines(Printable.block(text), indent: 2).map { Styled($0) }
  }

  private func notes(_ notes: [Note]) -> [Styled] {
    guard !notes.isEmpty else { return [] }
    return [Styled(), palette.paint(notes.count == 1 ? "Note" : "Notes", .bold)]
      + notes.flatMap { note in
        let mark = "  \(note.id)  \(Timestamp.minute(note.updated, in: zone))"
        return [palette.paint(mark, .dim)]
          + wrap.lines(Printable.block(note.text), indent: 4).map { Styled($0) }
      }
  }
}
