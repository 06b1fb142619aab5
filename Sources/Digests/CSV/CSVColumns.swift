import Papers

/// What the columns of a list mean, by its header: that of a known program, or of any by the usual
/// names.
struct CSVColumns {
  /// What a column holds.
  enum Role: Hashable {
    case link, doi, text, id, title, authors, abstract, summary, keywords, tags, folder, status
    case readFlag, queueFlag, star, note, extra, added, day, published, categories, votes, code
    case tldr, citekey, source, passedOver
    case unknown(String)
  }

  /// Whose list it is, as far as that changes what the words in it mean.
  private enum Maker { case shelf, zotero, pocket, instapaper, readwise, raindrop, matter, other }

  private var roles: [Role]
  private let maker: Maker

  /// Whether line breaks and tabs in a cell are written as `\n` and `\t`, and quotes mean nothing:
  /// our own tab-separated export.
  let isEscaped: Bool

  /// Nil where a header names no list of papers or links by itself.
  init?(header: [String], separator: UInt8) {
    let names = header.map(ListWords.bare)
    guard header.count > 1, header.count <= Self.most,
      header.allSatisfy({ $0.utf8.count <= 80 && !$0.contains("://") })
    else { return nil }
    self.init(names, header, separator)
    guard roles.contains(where: \.isIdentity), maker != .other || roles.contains(where: \.isTitle)
    else { return nil }
  }

  /// What a person says of a header, and of the columns of which nothing is said, their names.
  /// - Throws: ``DigestReader/ReadError/noColumn(_:there:)``
  init(
    header: [String], separator: UInt8, _ choices: [ColumnChoice]
  ) throws(DigestReader.ReadError) {
    self.init(header.map(ListWords.bare), header, separator)
    var chosen: Set<Int> = []
    for choice in choices {
      guard let place = choice.place(in: header) else {
        throw .noColumn(choice.column, there: header.map(RecordText.oneLine))
      }
      let role = choice.field.role
      for other in roles.indices where roles[other] == role && !chosen.contains(other) {
        if !choice.field.isShared { roles[other] = .unknown(RecordText.oneLine(header[other])) }
      }
      roles[place] = role
      chosen.insert(place)
    }
  }

  private init(_ names: [String], _ header: [String], _ separator: UInt8) {
    let maker = Self.maker(names)
    roles = zip(names, header).map { Self.role($0, RecordText.oneLine($1), maker) }
    self.maker = maker
    isEscaped = maker == .shelf && separator == Byte.tab
  }

  /// The most columns.
  static let most = 1000

  /// Whether a column holds what a paper is known by.
  var holdIdentities: Bool { roles.contains(where: \.isIdentity) }

  private static func maker(_ names: [String]) -> Maker {
    func has(_ wanted: String...) -> Bool { wanted.allSatisfy(names.contains) }
    if names.starts(with: ["id", "title", "url", "status", "starred"]) { return .shelf }
    if has("abstractnote") || has("itemtype", "title") { return .zotero }
    if has("timeadded", "url") { return .pocket }
    if has("selection", "folder", "url") { return .instapaper }
    if has("location", "url"), has("documenttags") || has("readingprogress") { return .readwise }
    if has("excerpt", "url"), has("folder") || has("cover") { return .raindrop }
    if has("inqueue", "url") { return .matter }
    return .other
  }

  private static func role(_ name: String, _ header: String, _ maker: Maker) -> Role {
    switch (maker, name) {
    case (.zotero, "extra"): return .extra
    case (.zotero, "notes"): return .note
    case (.zotero, "automatictags"): return .keywords
    case (.zotero, "manualtags"): return .tags
    case (.zotero, "date"), (.zotero, "publicationyear"): return .published
    case (.zotero, "archivelocation"), (.zotero, "callnumber"), (.zotero, "publicationtitle"),
      (.zotero, "number"), (.zotero, "publisher"), (.zotero, "archive"), (.zotero, "reportnumber"):
      return .text
    case (.raindrop, "id"), (.readwise, "id"), (.zotero, "key"): return .passedOver
    case (.raindrop, "highlights"), (.instapaper, "selection"): return .note
    case (.instapaper, "folder"), (.readwise, "location"): return .status
    case (.shelf, "source"): return .source
    case (.shelf, "date"): return .day
    default: break
    }
    if let role = usual[name] { return role }
    if maker == .other, !header.isEmpty { return .unknown(header) }
    return .passedOver
  }

  private static let usual: [String: Role] = {
    var usual: [String: Role] = [:]
    func add(_ role: Role, _ names: String) {
      for name in names.split(separator: " ") { usual[String(name)] = role }
    }
    add(.link, "url link uri href address urls links website paperurl paperlink arxivurl arxivlink")
    add(.link, "pdf pdfurl pdflink abs absurl absurls pageurl sourceurl arxiv arxivid eprint 链接 网址")
    add(.doi, "doi")
    add(.id, "id paperid identifier")
    add(.title, "title name papertitle papername documenttitle paper headline 标题 题目 论文")
    add(.authors, "author authors creator creators 作者")
    add(.abstract, "abstract abstractnote 摘要")
    add(.summary, "summary description excerpt 总结")
    add(.keywords, "keywords keyword 关键词")
    add(.tags, "tags tag labels label documenttags manualtags 标签")
    add(.folder, "folder folders collection collections list")
    add(.status, "status state readstatus readingstatus progressstatus 状态")
    add(.readFlag, "read isread archived done finished")
    add(.queueFlag, "inqueue queued")
    add(.star, "star starred favorite favourite favorited favourited isfavorite isstarred")
    add(.note, "note notes comment comments annotation annotations remark remarks 笔记 备注")
    add(
      .added,
      "added addedat dateadded created createdat timeadded timestamp saved saveddate savedat")
    add(.day, "date day 日期")
    add(
      .published,
      "published publishedat publishdate publisheddate publicationdate publicationyear year")
    add(.categories, "category categories subject subjects 分类")
    add(.votes, "votes upvotes")
    add(.code, "code codeurl github githuburl repo repository")
    add(.tldr, "tldr")
    add(.citekey, "citekey citationkey bibtexkey")
    add(.passedOver, "updated updatedat cursor seen readingprogress cover wordcount")
    return usual
  }()

  // MARK: A row

  /// The record that a row says.
  /// - Returns: it, and the series of its digest where our own export tells it.
  func reference(_ cells: [String], line: Int) -> (reference: Reference, source: String?) {
    var reference = Reference(line: line)
    var source: String?
    var unknown: [String] = []
    for (role, cell) in zip(roles, cells) {
      let text = RecordText.trimmed(isEscaped ? Self.unescaped(cell) : FormulaGuard.unguarded(cell))
      guard !text.isEmpty else { continue }
      switch role {
      case .unknown(let name): unknown.append("\(name): \(text)")
      case .source: source = text
      default: take(role, text, &reference)
      }
    }
    if !unknown.isEmpty { reference.take(note: unknown.joined(separator: "\n")) }
    return (reference, source)
  }

  /// A cell whose escapes are taken back.
  private static func unescaped(_ cell: String) -> String {
    guard cell.utf8.contains(Byte.backslash) else { return cell }
    var out: [UInt8] = []
    var isEscape = false
    for byte in cell.utf8 {
      if isEscape {
        isEscape = false
        switch byte {
        case UInt8(ascii: "t"): out.append(Byte.tab)
        case UInt8(ascii: "n"): out.append(Byte.lineFeed)
        case UInt8(ascii: "r"): out.append(Byte.carriageReturn)
        case UInt8(ascii: "0"): break
        default: out.append(byte)
        }
      } else if byte == Byte.backslash {
        isEscape = true
      } else {
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  private func take(_ role: Role, _ text: String, _ reference: inout Reference) {
    switch role {
    case .link, .id:
      for part in text.split(whereSeparator: \.isWhitespace).prefix(8) {
        reference.clues.add(link: String(part))
      }
    case .doi: reference.clues.add(doi: text)
    case .text: reference.clues.add(text: text)
    case .title: if reference.title.isEmpty { reference.title = RecordText.withoutEntities(text) }
    case .authors: reference.bibliography.authors = PersonNames.list(text)
    case .abstract: reference.take(abstract: text)
    case .summary: reference.summary = text
    case .keywords: reference.keywords += list(text)
    case .tags: reference.tags += list(text)
    case .folder:
      if !["unsorted", "unread", "archive", "starred"].contains(text.lowercased()) {
        reference.tags.append(text)
      }
    case .note:
      reference.clues.add(remark: text)
      reference.take(note: text)
    case .extra: ListWords.read(extra: text, into: &reference)
    case .added: reference.marks.added = LooseDate(text)?.milliseconds
    case .day: reference.day = LooseDate(text)?.day
    case .published: reference.bibliography.take(published: text)
    case .categories: reference.bibliography.categories = RecordText.parts(text, at: ",; ")
    case .votes: reference.bibliography.votes = Int64(text)
    case .code: reference.bibliography.code = RecordText.parts(text, at: ", \n")
    case .tldr: reference.tldr = RecordText.oneLine(text)
    case .citekey: reference.bibliography.citekey = text
    case .status, .readFlag, .queueFlag, .star: mark(role, text, &reference)
    case .source, .passedOver, .unknown: break
    }
  }

  private func mark(_ role: Role, _ text: String, _ reference: inout Reference) {
    switch role {
    case .readFlag where ListWords.isTrue(text): reference.marks.status = .read
    case .queueFlag where ListWords.isTrue(text):
      if reference.marks.status == nil { reference.marks.status = .queued }
    case .star where ListWords.isTrue(text): reference.marks.isStarred = true
    case .status:
      if maker == .instapaper, text == "Starred" {
        reference.marks.isStarred = true
      } else if let status = ListWords.status(text) {
        reference.marks.status = status
      } else if maker == .instapaper, text != "Unread" {
        reference.tags.append(text)  // a folder of the person's own
      }
    default: break
    }
  }

  private static func unquoted(_ text: String) -> String {
    var text = text[...]
    while let first = text.first, "'\"".contains(first) { text.removeFirst() }
    while let last = text.last, "'\"".contains(last) { text.removeLast() }
    return RecordText.trimmed(text)
  }

  /// Tags or keywords as the maker parts them: `a|b`, `a; b`, `['a', 'b']`, `["a","b"]`, `a, b`.
  private func list(_ text: String) -> [String] {
    switch maker {
    case .zotero: return RecordText.parts(text, at: ";")
    case .pocket: return RecordText.parts(text, at: "|")
    case .shelf: return RecordText.parts(text, at: ",")
    default: break
    }
    var text = text
    if text.hasPrefix("["), text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
    let signs = text.contains("|") ? "|" : text.contains(";") ? ";" : ","
    return RecordText.parts(text, at: signs).map(Self.unquoted)
  }
}

extension CSVColumns.Role {
  fileprivate var isIdentity: Bool {
    switch self {
    case .link, .doi, .id: true
    default: false
    }
  }

  fileprivate var isTitle: Bool {
    if case .title = self { true } else { false }
  }
}
