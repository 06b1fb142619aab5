import Papers

/// The visible text of a page, line by line as Markdown: blocks are lines, headings, items and
/// rows, so that what knows lists of papers in Markdown knows them here.
///
/// Memory is one line, or one row of a table.
struct HTMLOutline {
  /// What takes the lines, each with the line of the page where it begins.
  typealias Take = (borrowing Span<UInt8>, Int) -> Void

  private var inline: HTMLInline
  private var line = 1
  /// The element whose text is passed over, and how many of it are open.
  private var hidden: (name: String, depth: Int)?
  private var title = ""
  private var isInTitle = false
  private var base: String?
  /// The open lists and quotations.
  private var lists = 0
  private var quotes = 0
  private var tables = 0
  /// What the line begins with.
  private var mark = ""
  private var isAfterBlank = true
  /// The cells of the open row, and whether the last is a heading.
  private var row: [[UInt8]]?
  private var isHeader = false
  private var isFirstRow = false

  private static let deepest = 16
  private static let mostCells = 100

  /// - Parameter limit: the longest line, bytes; the rest is left out.
  init(limit: Int) { inline = HTMLInline(limit: limit) }

  /// Takes a tag and the text before it.
  mutating func take(_ text: String, _ tag: HTMLTokens.Tag, _ line: Int, _ body: Take) {
    if isInTitle { title += text.prefix(1000) }
    // A menu that is never closed does not hide the page.
    if ["main", "article", "/body"].contains(tag.name) { hidden = nil }
    if let hidden {
      if tag.name == hidden.name { self.hidden?.depth += 1 }
      if tag.name == "/" + hidden.name {
        self.hidden = hidden.depth > 1 ? (hidden.name, hidden.depth - 1) : nil
      }
      return
    }
    if !isInTitle { add(text, line) }
    switch tag.name {
    case "title", "/title": isInTitle = tag.name == "title" && title.isEmpty
    case "body", "/head": endHead(body)
    case "base": base = base ?? tag.attributes["href"].flatMap(Self.host)
    case "script", "style", "nav", "template", "noscript", "svg", "select", "button", "iframe":
      if !tag.isWhole { hidden = (tag.name, 1) }
    case "meta", "link": take(head: tag)
    default: take(tag, body)
    }
  }

  /// Ends the page.
  mutating func finish(_ body: Take) {
    endRow(body)
    end(body)
  }

  // MARK: The head

  /// The address of the page tells where links lead that have no host.
  private mutating func take(head tag: HTMLTokens.Tag) {
    let address =
      tag.attributes["rel"] == "canonical"
      ? tag.attributes["href"]
      : tag.attributes["property"] == "og:url" ? tag.attributes["content"] : nil
    base = base ?? address.flatMap(Self.host)
  }

  /// The scheme and host of an address.
  private static func host(_ address: String) -> String? {
    guard address.hasPrefix("https://") || address.hasPrefix("http://") else { return nil }
    let parts = address.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
    return parts.count > 1 ? "\(parts[0])//\(parts[1])" : nil
  }

  /// Tells the title of the page: a heading where it names a day, else as front matter does.
  private mutating func endHead(_ body: Take) {
    let name = ReferenceTitle.clean(RecordText.withoutEntities(title))
    isInTitle = false
    _ = inline.end()
    guard !name.isEmpty, name.utf8.count < 1000 else { return }
    let bytes = Array(name.utf8)
    let hasDay = DayHeading.date(in: bytes.span, 0..<min(bytes.count, 400)) != nil
    let lines = hasDay ? ["# " + name, ""] : ["---", "title: \"\(name)\"", "---"]
    for line in lines { body(Array(line.utf8).span, self.line) }
    title = " "
  }

  // MARK: Blocks

  private mutating func add(_ text: String, _ line: Int) {
    guard text.utf8.contains(where: { !Byte.isSpace($0) }) || !inline.isEmpty else { return }
    if inline.isEmpty { self.line = line }
    inline.append(text: text)
  }

  private mutating func take(_ tag: HTMLTokens.Tag, _ body: Take) {
    let name = tag.name
    switch name {
    case "a":
      inline.closeLink()
      if let address = tag.attributes["href"].flatMap(self.address) { inline.openLink(address) }
    case "/a": inline.closeLink()
    case "b", "strong": inline.openBold()
    case "/b", "/strong": inline.closeBold()
    case "br": if row == nil { end(body) } else { breakCell() }
    case "hr":
      end(body)
      body(Array("---".utf8).span, line)
    case "table", "/table": takeTable(name, body)
    case "tr", "/tr", "td", "/td", "th", "/th": takeCell(name, body)
    default:
      if row == nil {
        take(block: name, body)
      } else if Self.blocks.contains(bare(name)) {
        breakCell()
      }
    }
  }

  private func bare(_ name: String) -> String {
    name.hasPrefix("/") ? String(name.dropFirst()) : name
  }

  private mutating func take(block name: String, _ body: Take) {
    switch name {
    case "h1", "h2", "h3", "h4", "h5", "h6":
      blank(body)
      mark = String(repeating: "#", count: Int(name.dropFirst()) ?? 1) + " "
    case "ul", "ol", "dl":
      if lists == 0 { blank(body) } else { end(body) }
      lists = min(lists + 1, Self.deepest)
    case "/ul", "/ol", "/dl":
      end(body)
      lists = max(lists - 1, 0)
      if lists == 0 { blank(body) }
    case "li", "dt":
      end(body)
      mark = "- "
    case "blockquote", "/blockquote":
      blank(body)
      quotes = min(max(quotes + (name == "blockquote" ? 1 : -1), 0), Self.deepest)
    case "details", "/details":
      end(body)
      body(Array("<\(name)>".utf8).span, line)
    case "summary", "/summary":
      if name == "/summary" { inline.append(Array("</summary>".utf8)) }
      end(body)
      mark = name == "summary" ? "<summary>" : ""
    default:
      let element = bare(name)
      if Self.paragraphs.contains(element) {
        blank(body)
      } else if Self.blocks.contains(element) {
        end(body)
      }
    }
  }

  /// Elements around which nothing of the text goes on.
  private static let paragraphs: Set<String> = [
    "p", "section", "article", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main", "pre",
    "figure", "aside", "footer",
  ]
  private static let blocks = paragraphs.union([
    "div", "li", "ul", "ol", "dl", "dt", "dd", "figcaption", "address", "form", "fieldset",
    "tbody", "thead", "caption", "center", "blockquote",
  ])

  /// Ends the line, and has the next begin a paragraph.
  private mutating func blank(_ body: Take) {
    end(body)
    guard !isAfterBlank, mark.isEmpty else { return }
    body(Array("".utf8).span, line)
    isAfterBlank = true
  }

  private mutating func end(_ body: Take) {
    guard !inline.isEmpty else {
      _ = inline.end()
      return
    }
    let isItem = mark == "- "
    let depth = lists - (isItem || lists == 0 ? 1 : 0)
    let indent = mark.hasPrefix("#") ? "" : String(repeating: "  ", count: max(depth, 0))
    let start = indent + String(repeating: "> ", count: quotes) + mark
    body((Array(start.utf8) + inline.end()).span, line)
    mark = ""
    isAfterBlank = false
  }

  // MARK: Tables

  private mutating func takeTable(_ name: String, _ body: Take) {
    // A table in a cell: the one around it is but a layout.
    if let row {
      self.row = nil
      for cell in row where !cell.allSatisfy(Byte.isSpace) { body(cell.span, line) }
    }
    blank(body)
    tables = min(max(tables + (name == "table" ? 1 : -1), 0), Self.deepest)
    isFirstRow = name == "table"
  }

  private mutating func takeCell(_ name: String, _ body: Take) {
    switch name {
    case "tr":
      endRow(body)
      end(body)
      guard tables > 0 else { return }
      (row, isHeader) = ([], false)
    case "/tr": endRow(body)
    case "td", "th":
      closeCell()
      if name == "th" { isHeader = true }
      if (row?.count ?? 0) < Self.mostCells { row?.append([]) }
    default: closeCell()
    }
  }

  private mutating func breakCell() {
    guard !inline.isEmpty else { return }
    let text = inline.end()
    guard let last = row?.indices.last else { return }
    row?[last] += text + Array("<br>".utf8)
  }

  /// Gives the text since the cell began to it.
  private mutating func closeCell() {
    guard row != nil else { return }
    let text = inline.end()
    guard let last = row?.indices.last else { return }
    row?[last] += text
  }

  private mutating func endRow(_ body: Take) {
    closeCell()
    guard let cells = row else { return }
    row = nil
    guard cells.contains(where: { !$0.allSatisfy(Byte.isSpace) }) else { return }
    let bar = Array(" | ".utf8)
    body((Array("| ".utf8) + Array(cells.joined(separator: bar)) + bar).span, line)
    if isFirstRow, isHeader {
      body(Array(("|" + String(repeating: "---|", count: cells.count)).utf8).span, line)
    }
    (isFirstRow, isAfterBlank) = (false, false)
  }

  // MARK: Links

  /// An address as it stands in Markdown; nil where it leads nowhere else.
  private func address(_ text: String) -> String? {
    var address = RecordText.trimmed(text)
    if address.hasPrefix("//") { address = "https:" + address }
    if address.hasPrefix("/") { address = absolute(address) }
    guard
      address.hasPrefix("http://") || address.hasPrefix("https://") || address.hasPrefix("doi:"),
      address.utf8.count < 2000
    else { return nil }
    var encoded = ""
    for character in address.unicodeScalars {
      switch character {
      case "(": encoded += "%28"
      case ")": encoded += "%29"
      case "|": encoded += "%7C"
      case "<": encoded += "%3C"
      case ">": encoded += "%3E"
      case let sign where sign.properties.isWhitespace: encoded += "%20"
      default: encoded.unicodeScalars.append(character)
      }
    }
    return encoded
  }

  /// An address without a host on the site of the page; on arXiv where it ends in an id of it.
  private func absolute(_ path: String) -> String {
    if let base { return base + path }
    let last = path.split(separator: "/").last.map(String.init) ?? ""
    let id = PaperID(link: last)
    return id?.kind == .arXiv ? "https://arxiv.org/abs/" + last : path
  }
}
