import Papers

/// What the columns of a table hold, by the names in its header.
struct TableColumns {
  /// How many the header has.
  let count: Int
  /// Where the title is.
  let title: Int?
  /// Where the summary is.
  let summary: Int?
  /// The columns of other fields, from left to right: of two for one thing the first tells it.
  let fields: [(column: Int, kind: FieldLabel.Kind)]

  private static let titles = ["title", "paper", "name", "标题", "论文", "题目"]
  private static let summaries = ["summary", "abstract", "tl;dr", "tldr", "摘要", "总结", "简介", "概述"]
  /// What a column of titles has not in its name.
  private static let links = ["link", "url", "pdf", "code", "page", "链接", "地址", "id"]
  private static let others: [(String, FieldLabel.Kind)] = [
    ("author", .authors), ("作者", .authors), ("date", .date), ("日期", .date), ("时间", .date),
    ("publish", .published), ("发布", .published), ("发表", .published), ("categor", .categories),
    ("subject", .categories), ("分类", .categories), ("领域", .categories), ("类别", .categories),
    ("code", .code), ("github", .code), ("代码", .code), ("keyword", .keywords), ("关键", .keywords),
    ("tl;dr", .tldr), ("tldr", .tldr), ("一句话", .tldr), ("votes", .votes), ("点赞", .votes),
    ("venue", .other), ("institut", .other), ("机构", .other), ("affiliation", .other),
    ("conference", .other), ("会议", .other), ("期刊", .other),
  ]

  /// The columns a header row names.
  init(header: [UInt8]) {
    let names = PaperTable.cells(header.span).map {
      InlineText.plain(header.span, $0).lowercased()
    }
    func column(_ words: [String], not others: [String] = []) -> Int? {
      for word in words {
        let found = names.firstIndex { name in
          name.contains(word) && !others.contains { name.contains($0) }
        }
        if let found { return found }
      }
      return nil
    }
    let title = column(Self.titles, not: Self.links) ?? column(Self.titles)
    let summary = column(Self.summaries)
    fields = names.enumerated().compactMap { index, name in
      guard index != title, index != summary else { return nil }
      return Self.others.first { name.contains($0.0) }.map { (index, $0.1) }
    }
    self.title = title
    self.summary = summary == title ? nil : summary
    count = names.count
  }

  /// Joins cells that a pipe which nobody escaped made too many: those before the link belong to
  /// the title, the others to the last column.
  func join(_ cells: inout [Range<Int>], _ linked: Int) {
    guard !cells.isEmpty else { return }
    let extra = cells.count - count
    if extra > 0, title == 0, linked > 0, linked <= extra {
      cells.replaceSubrange(0...linked, with: [cells[0].lowerBound..<cells[linked].upperBound])
    }
    if cells.count > count, count > 0, let end = cells.last?.upperBound {
      let start = cells[count - 1].lowerBound
      cells.replaceSubrange((count - 1)..., with: [start..<end])
    }
  }
}

/// One row of a table that links a paper.
struct TableRow {
  /// Its bytes.
  let row: [UInt8]
  /// The cells after those that belong together were joined.
  let cells: [Range<Int>]
  /// What the header says.
  let columns: TableColumns?
  /// The links to papers.
  let spots: [LinkScan.Spot]
  /// The cell of the first link.
  let link: Range<Int>

  /// The row as an entry.
  func read(_ id: PaperID, line: Int) -> PaperTable.Row {
    let titles = self.titles
    var bibliography = Bibliography()
    var date: PaperDate?
    var content = PaperContent(title: titles.title, described: summary)
    for (column, kind) in columns?.fields ?? [] {
      guard let cell = cell(column) else { continue }
      let text = CardText(field: kind, Array(row[cell]))
      bibliography.complete(from: text.bibliography)
      date = date ?? text.date
      if kind == .keywords || kind == .tldr {
        let said = text.content(title: "")
        if content.keywords.isEmpty { content.keywords = said.keywords }
        content.tldr = content.tldr ?? said.tldr
      }
    }
    if let cell = columns?.title.flatMap(cell), content.summary.isEmpty {
      let text = besideTitle(cell)
      bibliography.complete(from: text.bibliography)
      let below = text.content(title: titles.title)
      if !below.summary.isEmpty {
        (content.summary, content.sections) = (below.summary, below.sections)
        content.tldr = content.tldr ?? below.tldr
      }
    }
    return PaperTable.Row(
      entry: DigestEntry(
        id: id, content: content, bibliography: bibliography,
        appearance: Appearance(date: nil, index: 0, source: ""), line: line),
      date: date, score: titles.score)
  }

  /// What stands behind or below the title in its cell.
  private func besideTitle(_ cell: Range<Int>) -> CardText {
    if let rest = head(of: cell)?.rest { return CardText(cell: Array(row[rest]), skipping: 0) }
    let span = row.span
    let line = CardLine(span, span.trimmed(cell), isAfterBlank: false, number: 1)
    // A badge may stand above the title.
    let linked = CardText.segments(line).firstIndex {
      !LinkScan($0.bytes.span, in: 0..<$0.bytes.count).papers.isEmpty
    }
    return CardText(cell: Array(row[cell]), skipping: (linked ?? 0) + 1)
  }

  /// The phrase that a cell begins with, where it is bold and a dash or colon comes behind it, or
  /// two spaces and a long text; and the rest of the cell.
  private func head(of cell: Range<Int>) -> (title: Range<Int>, rest: Range<Int>)? {
    let span = row.span
    let range = span.trimmed(cell)
    if let bold = LinkScan(span, in: range).bold.first,
      isWordless(range.lowerBound..<bold.lowerBound)
    {
      var closed = bold.upperBound
      while closed < range.upperBound, "*</>bstrong".utf8.contains(span[closed]) { closed += 1 }
      let rest = span.skippingSpace(from: closed, to: range.upperBound)
      let isDash = span[or0: rest] == UInt8(ascii: "-") && rest > closed
      let marks: [StaticString] = ["– ", "— ", ": ", "：", "<br"]
      if isDash || marks.contains(where: { span.matches($0, at: rest) }) {
        return (bold, rest + (isDash ? 1 : 0)..<range.upperBound)
      }
    }
    guard range.count > 200 else { return nil }
    let start = range.lowerBound
    for index in start + 2..<start + 120
    where span[index] == Byte.space && span[index + 1] == Byte.space {
      return (start..<index, index + 2..<range.upperBound)
    }
    return nil
  }

  /// Whether no word stands in a range: a number and pictures at most.
  private func isWordless(_ range: Range<Int>) -> Bool {
    row[range].allSatisfy { byte in
      byte < 0x80
        ? !Byte.isLetter(byte) && byte != Byte.openBracket
        : byte < 0xC0 || byte == 0xE2 || byte > 0xEE
    }
  }

  private func cell(_ index: Int) -> Range<Int>? {
    cells.indices.contains(index) ? cells[index] : nil
  }

  /// The summary's cell as it stands, empty where it holds but links and badges.
  private var summary: String {
    guard let cell = columns?.summary.flatMap(cell) else { return "" }
    let span = row.span
    let trimmed = span.trimmed(cell)
    let text = Self.unescaped(span.text(trimmed))
    let hasMarkup = row[trimmed].contains { $0 == Byte.less || $0 == Byte.openBracket }
    guard hasMarkup else { return text }
    if NamelessText.isNameless(InlineText.plain(span, trimmed)) { return "" }
    return span.matches("<details", at: trimmed.lowerBound) ? Self.unfolded(text) : text
  }

  /// `<details><summary>Show</summary>Text</details>` without what only folds it.
  private static func unfolded(_ text: String) -> String {
    var text = text
    if let open = text.firstRange(of: "<summary>"),
      let close = text[open.upperBound...].firstRange(of: "</summary>")
    {
      text.removeSubrange(open.lowerBound..<close.upperBound)
    }
    let bytes = Array(text.utf8)
    return InlineText.untagged(bytes.span, 0..<bytes.count)
  }

  /// The titles that the cells offer.
  private var titles: TitleCandidates {
    var titles = TitleCandidates()
    let span = row.span
    let titled = columns?.title.flatMap(cell)
    if let titled {
      if let head = head(of: titled) { consider(text: Array(row[head.title]), .labelled, &titles) }
      if titles.score == 0 { consider(titled, .labelled, &titles) }
    }
    guard titles.score < TitleCandidates.Place.linkText.rawValue - 12 else { return titles }
    for spot in spots where link.contains(spot.range.lowerBound) {
      titles.consider(span, spot.text, .linkText)
    }
    if columns?.title == nil || titled != link { consider(link, .before, &titles) }
    guard titles.score == 0 else { return titles }
    // No column says it: the longest other cell.
    let known = Set((columns?.fields ?? []).map(\.column))
    let others = cells.enumerated().filter { index, cell in
      cell != titled && cell != link && index != columns?.summary && !known.contains(index)
    }
    for cell in others.map(\.element).sorted(by: { $0.count > $1.count }).prefix(8) {
      consider(cell, .after, &titles)
    }
    return titles
  }

  /// Considers a cell up to the first break in it, and the links in it.
  private func consider(
    _ cell: Range<Int>, _ place: TitleCandidates.Place, _ titles: inout TitleCandidates
  ) {
    let span = row.span
    for spot in spots where cell.contains(spot.range.lowerBound) && !spot.isMention {
      consider(text: Array(row[spot.text]), place, &titles)
    }
    let trimmed = span.trimmed(cell)
    guard !trimmed.isEmpty else { return }
    let line = CardLine(span, trimmed, isAfterBlank: false, number: 1)
    let first = CardText.segments(line)[0]
    let bold = LinkScan(first.bytes.span, in: 0..<first.bytes.count).bold.first
    if let bold, bold.lowerBound <= 3 { consider(text: Array(first.bytes[bold]), place, &titles) }
    consider(text: first.bytes, place, &titles)
  }

  private func consider(
    text: [UInt8], _ place: TitleCandidates.Place, _ titles: inout TitleCandidates
  ) {
    guard !text.isEmpty, place.rawValue > titles.score else { return }
    let bytes = Array(Self.unescaped(String(decoding: text, as: UTF8.self)).utf8)
    titles.consider(bytes.span, 0..<bytes.count, place)
  }

  /// Text of a cell with `\|` as the pipe it stands for (GFM 4.10).
  private static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(Byte.backslash) else { return text }
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte == Byte.pipe, bytes.last == Byte.backslash { bytes.removeLast() }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
