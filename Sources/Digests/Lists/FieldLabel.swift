import Papers

/// A label that begins a line and says what follows: `**Authors**:`, `摘要：`, `- Code:`, `link:`.
///
/// The vocabulary is closed, so that `BERT: Pre-training …` stays a title; any other bold phrase
/// with a colon is the heading of a section.
struct FieldLabel {
  /// What a label announces.
  enum Kind: Hashable {
    case title, authors, categories, published, date, code, link, abstract, summary, tldr, keywords
    case votes
    /// A part of the text that keeps its label.
    case section
    /// What belongs to the paper and to no field: institutions, comments, demos.
    case other
  }

  /// What it announces.
  var kind: Kind
  /// As written, without markup.
  var text: String
  /// Where what it announces begins.
  var content: Int

  /// The longest label that is looked at, bytes.
  private static let longest = 60

  /// The label at the beginning of a range of a line, or nil.
  /// - Parameter isWhole: whether the range may be nothing but the label, as a heading is.
  init?(_ line: borrowing Span<UInt8>, _ range: Range<Int>, isWhole: Bool = false) {
    let start = Self.skipMarks(line, range)
    let limit = min(range.upperBound, start + Self.longest)
    var isBold = line.matches("**", at: start) || line.matches("__", at: start)
    if !isBold, line[or0: start] == Byte.less {
      isBold = line.matches("<b>", at: start) || line.matches("<strong>", at: start)
    }
    guard start < limit else { return nil }
    guard let colon = Self.colon(line, start..<limit) else {
      guard isWhole || isBold, range.upperBound <= limit else { return nil }
      let name = Self.bare(InlineText.plain(line, start..<range.upperBound))
      guard let kind = Self.kind(named: name) else { return nil }
      (self.kind, text, content) = (kind, name, range.upperBound)
      return
    }
    let name = Self.bare(InlineText.plain(line, start..<colon.lowerBound))
    guard !name.isEmpty else { return nil }
    if let kind = Self.kind(named: Self.withoutGloss(name)) {
      self.kind = kind
    } else if isBold, Self.closesBold(line, start, colon), Self.mayBeSection(name) {
      kind = .section
    } else {
      return nil
    }
    text = name
    content = Self.skipClosing(line, colon.upperBound, range.upperBound)
  }

  /// What a name announces, a key of YAML too.
  private static func kind(named name: String) -> Kind? {
    let lower = name.lowercased()
    if let kind = vocabulary[lower] { return kind }
    return lower.utf8.contains(UInt8(ascii: "_"))
      ? vocabulary[lower.replacing("_", with: " ")] : nil
  }

  /// The place after markers, quotation marks and pictures before a label.
  private static func skipMarks(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Int {
    var index = line.skippingSpace(from: range.lowerBound, to: range.upperBound)
    for _ in 0..<4 {
      let before = index
      let marker = SummaryOutline.listMarker(line, at: index)
      if marker > 0, Byte.isSpace(line[or0: index + marker]) { index += marker }
      while index < range.upperBound, line[index] == Byte.greater { index += 1 }
      // An emoji, with what joins and varies it.
      while index + 3 < range.upperBound, isPicture(line, index) {
        index += line[index] == 0xF0 ? 4 : 3
      }
      index = line.skippingSpace(from: index, to: range.upperBound)
      if index == before { break }
    }
    return min(index, range.upperBound)
  }

  private static func isPicture(_ line: borrowing Span<UInt8>, _ index: Int) -> Bool {
    switch line[index] {
    case 0xF0: line[or0: index + 1] == 0x9F
    // U+2190…U+2BFF, arrows to symbols, and the variation selector.
    case 0xE2: line[or0: index + 1] >= 0x86 && line[or0: index + 1] <= 0xAF
    case 0xEF: line.matches("\u{FE0F}", at: index)
    default: false
    }
  }

  /// The colon that ends a label, with what stands before nothing but a name.
  private static func colon(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Range<Int>? {
    for index in range {
      let length = line.colonLength(at: index)
      if length > 0 {
        // `https://` is no label; nor is the `12:30` of a time.
        guard !line.matches("://", at: index) else { return nil }
        return index..<index + length
      }
      switch line[index] {
      case Byte.openBracket, Byte.pipe, UInt8(ascii: "."), UInt8(ascii: "!"), UInt8(ascii: "?"),
        UInt8(ascii: ","):
        return nil
      default: break
      }
    }
    return nil
  }

  private static func bare(_ name: String) -> String {
    var name = Substring(name)
    while let first = name.first, !(first.isLetter || first.isNumber) { name.removeFirst() }
    while let last = name.last, !(last.isLetter || last.isNumber || last == ")" || last == "）") {
      name.removeLast()
    }
    return name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// `摘要 (Abstract)` is `摘要`.
  private static func withoutGloss(_ name: String) -> String {
    guard let last = name.last, last == ")" || last == "）",
      let open = name.firstIndex(where: { $0 == "(" || $0 == "（" }), open > name.startIndex,
      !name[open...].dropLast().contains(where: { $0 == ")" || $0 == "）" })
    else { return name }
    return bare(String(name[..<open]))
  }

  /// Whether bold that opens at `start` is closed beside the colon.
  private static func closesBold(
    _ line: borrowing Span<UInt8>, _ start: Int, _ colon: Range<Int>
  ) -> Bool {
    var index = colon.lowerBound
    while index > start, line[index - 1] == Byte.space { index -= 1 }
    func closes(_ mark: StaticString) -> Bool {
      line.matches(mark, at: index - mark.utf8CodeUnitCount)
        || line.matches(mark, at: colon.upperBound)
    }
    return closes("**") || closes("__") || closes("</b>") || closes("</strong>")
  }

  private static func skipClosing(
    _ line: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    var index = line.skippingSpace(from: start, to: end)
    let marks: [StaticString] = ["**", "__", "</strong>", "</b>", "</em>", "</i>", "</span>"]
    if let mark = marks.first(where: { line.matches($0, at: index) }) {
      // `**Label:** text`, not `Label: **bold text**`.
      let closed = index + mark.utf8CodeUnitCount
      if closed == end || Byte.isSpace(line[or0: closed]) || line[or0: closed] >= 0x80
        || line[or0: closed] == Byte.openBracket || mark.utf8CodeUnitCount > 2
        || index == start && Byte.isLetter(line[or0: closed])
          && line.first(Byte.star, in: closed..<end) == nil
      {
        index = closed
      }
    } else if line[or0: index] == Byte.star || line[or0: index] == UInt8(ascii: "_"),
      Byte.isSpace(line[or0: index + 1])
    {
      index += 1
    }
    return line.skippingSpace(from: min(index, end), to: end)
  }

  private static func mayBeSection(_ name: String) -> Bool {
    name.utf8.count <= 40 && name.split(separator: " ").count <= 4
      && NamelessText.hasLetter(name)
  }

  private static let vocabulary: [String: Kind] = {
    let groups: [(Kind, String)] = [
      (.title, "title|paper title|标题|题目|论文标题|论文题目|论文名称|名称|中文标题|英文标题"),
      (.authors, "authors|author|by|written by|作者|论文作者|作者列表|creators|author list"),
      (
        .categories,
        """
        category|categories|subject|subjects|main category|primary category|arxiv category|primary \
        subject|classification|分类|类别|主分类|学科|领域|研究领域|primary class|primaryclass
        """
      ),
      (
        .published,
        """
        published|publish date|publication date|published date|published on|submitted|submitted \
        on|submission date|posted|发表|发布|发表日期|发表时间|发布日期|发布时间|提交日期|提交时间|published at
        """
      ),
      (.date, "date|日期|时间|day|added|date added|收录日期"),
      (
        .code,
        "code|codes|github|repo|repository|implementation|code link|code url|源码|代码|代码链接|代码地址|开源代码"
      ),
      (
        .link,
        """
        link|links|url|urls|paper|pdf|arxiv|arxiv id|arxiv link|arxiv url|paper link|paper url|pdf \
        link|pdf url|abs|html|doi|source|id|论文|链接|论文链接|论文地址|原文|原文链接|地址|arxiv 链接|pdf \
        链接|paper id|eprint|arxivid|hf|huggingface|hugging face|alphaxiv|read|full text|abstract url
        """
      ),
      (.abstract, "abstract|摘要|论文摘要|英文摘要|中文摘要|原文摘要|abs text|内容摘要"),
      (
        .summary,
        "summary|ai summary|description|overview|简介|总结|概述|论文总结|内容简介|内容总结|介绍|论文简介|概要|导读"
      ),
      (
        .tldr,
        """
        tl;dr|tldr|tl,dr|tl dr|one-sentence summary|one sentence summary|in one sentence|一句话总结|一句话概括|\
        一句话摘要|一句话简介|一句话|一句话核心总结|核心总结|太长不看|short summary|ai tldr
        """
      ),
      (.keywords, "keywords|key words|keyword|关键词|关键字|核心关键词|tags|tag|标签"),
      (.votes, "votes|upvotes|likes|upvote|点赞|点赞数|赞"),
      (
        .section,
        """
        motivation|method|methods|methodology|result|results|conclusion|conclusions|background|\
        approach|contribution|contributions|key contributions|findings|key findings|introduction|\
        limitations|main results|experiments|objective|problem|insight|insights|key insights|\
        takeaway|takeaways|key takeaways|why it matters|key points|highlights|impact|future work|\
        动机|方法|结果|结论|背景|贡献|创新点|主要贡献|核心贡献|方法详解|实验|实验结果|局限|局限性|核心方法|研究背景|研究动机|研究方法|\
        研究问题|主要内容|亮点|要点|核心思想|核心要点|核心内容|意义|应用|启发|评价|点评|推荐理由|translation|翻译|中文翻译
        """
      ),
      (
        .other,
        """
        comment|comments|note|notes|affiliation|affiliations|institution|institutions|organization|\
        organizations|venue|conference|journal|journal ref|journal reference|journal-ref|project|\
        project page|page|website|homepage|home|demo|video|slides|poster|dataset|datasets|data|\
        model|models|blog|relevance|score|rank|stars|citations|updated|update|last updated|\
        announced|news|status|type|task|tasks|year|month|version|report number|report no|msc class|\
        acm class|license|size|bibtex|citation|views|机构|单位|期刊|会议|项目|项目主页|项目地址|主页|备注|评论|数据集|\
        演示|视频|相关性|评分|引用|更新|更新时间|状态|类型|任务|年份|matched|matched keywords|recommended by|\
        from|lab|labs|company|team|publisher|pages|volume|number|isbn|issn|language|supplementary|\
        supp|material|paper list|image|images|cover|thumbnail|awards|award|layout|permalink|draft
        """
      ),
    ]
    var kinds: [String: Kind] = [:]
    for (kind, names) in groups {
      for name in names.split(separator: "|") {
        kinds[name.split(whereSeparator: \.isWhitespace).joined(separator: " ")] = kind
      }
    }
    return kinds
  }()
}
