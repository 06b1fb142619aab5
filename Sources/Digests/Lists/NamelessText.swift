import Papers

/// Text that names no paper, though it stands where a title may: `[pdf]`, `arXiv Link`, `📖 Paper`,
/// `NeurIPS 2025`, `cs.CL`, a date, an address, an id.
enum NamelessText {
  /// Words that say what a link leads to. Only text that holds nothing else is nameless.
  private static let words: Set<String> = [
    "pdf", "abs", "arxiv", "html", "paper", "papers", "link", "links", "url", "doi", "code",
    "codes", "project", "page", "pages", "website", "site", "homepage", "web", "webpage", "here",
    "huggingface", "hugging", "face", "hf", "alphaxiv", "read", "more", "abstract", "source",
    "preprint", "view", "download", "full", "text", "publication", "demo", "video", "github",
    "bibtex", "cite", "poster", "slides", "openreview", "anthology", "acm", "ieee", "springer",
    "official", "on", "or", "and", "in", "at", "the", "to", "click", "open", "see", "this", "tweet",
    "twitter", "blog", "post", "docs", "readme", "back", "top", "toc", "acl", "cvf", "pmlr",
    "supp", "supplementary", "experimental", "repo", "repository", "bib", "n/a", "none", "tbd",
    "http", "https", "ar5iv", "xhtml", "ps", "tldr", "summary", "details", "et.al", "et", "al",
    "latest", "version", "listing", "original", "article", "dataset", "scholar", "semantic",
    "kimi", "cool", "new", "stars", "star", "id", "todo", "done", "date", "from", "for",
    "available", "review", "reviews", "forum",
    "implementation", "pytorch", "tensorflow", "model", "weights", "conference", "journal",
  ]
  /// Words of which one alone, or with others of the same kind, may well be a title.
  private static let little: Set<String> = [
    "on", "or", "and", "in", "at", "the", "to", "this", "new", "more", "from", "for", "see", "open",
    "text", "full", "web", "review", "reviews", "star", "stars", "top", "back", "face", "cool",
    "model",
  ]
  private static let chinese = [
    "论文链接", "论文地址", "论文", "链接", "原文", "详情", "地址", "摘要", "代码", "项目", "来源", "下载",
    "查看", "阅读", "全文", "主页", "网页", "文章", "在线", "开源", "官方", "预印本", "点击", "更多", "解读",
    "无", "暂无", "中文", "英文", "笔记", "的", "和", "与",
  ]
  private static let venues: Set<String> = [
    "neurips", "nips", "icml", "iclr", "cvpr", "iccv", "eccv", "wacv", "bmvc", "acl", "emnlp",
    "naacl", "eacl", "coling", "aaai", "ijcai", "kdd", "www", "sigir", "cikm", "wsdm", "recsys",
    "icra", "iros", "corl", "rss", "uai", "aistats", "colt", "jmlr", "tmlr", "tpami", "ijcv",
    "tacl", "interspeech", "icassp", "miccai", "siggraph", "chi", "osdi", "sosp", "nsdi", "usenix",
    "sp", "ccs", "ndss", "vldb", "sigmod", "icde", "mlsys", "nature", "science", "pnas", "cell",
    "arxiv", "accv", "3dv", "acmmm", "mm", "iswc", "eswc", "tip", "tmm", "tnnls", "tkde", "tog",
    "colm", "conll", "lrec", "icdm", "sdm", "ecml", "pkdd", "icse", "fse", "ase", "issta",
  ]
  private static let venueWords: Set<String> = [
    "oral", "poster", "spotlight", "workshop", "workshops", "findings", "main", "highlight",
    "preprint", "accepted", "to", "by", "at", "in", "best", "paper", "award", "under", "review",
    "conference", "journal", "proceedings", "of", "the", "and", "rejected", "submitted", "track",
    "long", "short", "demo", "d&b", "datasets", "benchmarks", "asia", "communications", "machine",
    "intelligence",
  ]
  /// The archives of arXiv whose subjects are written with a dot.
  private static let archives: Set<String> = [
    "cs", "stat", "math", "eess", "physics", "astro-ph", "cond-mat", "q-bio", "q-fin", "econ",
    "nlin", "hep-th", "hep-ph", "hep-ex", "hep-lat", "quant-ph", "gr-qc", "math-ph", "nucl-th",
    "nucl-ex",
  ]

  /// Whether text names no paper.
  static func isNameless(_ text: String) -> Bool {
    guard text.utf8.count <= 200 else { return !hasLetter(text) }
    guard hasLetter(text) else { return true }
    let lower = text.lowercased()
    if isAddress(lower) { return true }
    var tokens: [Substring] = []
    var rest = lower.unicodeScalars[...]
    while let token = nextToken(&rest) {
      tokens.append(token)
      // Most titles are known for such by their first word.
      if !mayBeNameless(token) { return false }
    }
    return isGeneric(tokens) || isVenue(tokens) || tokens.allSatisfy(isSubject)
      || tokens.allSatisfy(isOfDate)
  }

  /// Whether a word may stand in any text that names no paper.
  private static func mayBeNameless(_ token: Substring) -> Bool {
    isGeneric(word: token) || isVenue(word: token) || isSubject(token) || isOfDate(token)
  }

  /// Whether text holds a letter of any script.
  static func hasLetter(_ text: String) -> Bool {
    text.utf8.contains(where: Byte.isLetter)
      || text.unicodeScalars.contains { $0.value >= 0x80 && $0.properties.isAlphabetic }
  }

  /// Whether text is an address, an id, or a badge.
  private static func isAddress(_ lower: String) -> Bool {
    let head = lower.drop { !($0.isLetter || $0.isNumber) }
    for beginning in ["http:", "https:", "www.", "arxiv.org", "doi.org", "10.", "doi:"]
    where head.hasPrefix(beginning) && !head.contains(" ") {
      return true
    }
    if head.hasPrefix("arxiv:") || head.hasPrefix("arxiv "), let digit = head.dropFirst(6).first,
      digit.isNumber, head.utf8.count < 30
    {
      return true
    }
    guard !head.contains(" "), let id = PaperID(link: String(head)) else { return false }
    return id.kind != .url
  }

  /// Takes the next word off text in lower case, without the marks around it.
  private static func nextToken(_ rest: inout Substring.UnicodeScalarView) -> Substring? {
    while !rest.isEmpty {
      let word = rest.prefix { !separates($0) }
      rest = rest[word.endIndex...].dropFirst()
      var token = Substring(word)
      while let first = token.first, !first.isLetter, !first.isNumber { token.removeFirst() }
      while let last = token.last, !last.isLetter, !last.isNumber { token.removeLast() }
      if !token.isEmpty { return token }
    }
    return nil
  }

  private static func separates(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || separators.contains(scalar)
  }

  private static let separators = Set(",;:|/()[]{}&+·•，、；：（）【】「」<>*_`\"“”→↗-–—#!".unicodeScalars)

  /// Whether all words say what a link leads to.
  private static func isGeneric(_ tokens: [Substring]) -> Bool {
    guard tokens.allSatisfy(isGeneric(word:)) else { return false }
    let isLittle = { (token: Substring) in little.contains(String(token)) }
    return tokens.contains { !isNumber($0) && !isLittle($0) }
      || (tokens.count <= 2 && tokens.allSatisfy(isLittle))
  }

  private static func isGeneric(word token: Substring) -> Bool {
    isNumber(token) || words.contains(String(token)) || isChineseGeneric(token)
  }

  private static func isChineseGeneric(_ token: Substring) -> Bool {
    guard let first = token.utf8.first, first >= 0xE0 || token.utf8.count < 24 else { return false }
    var rest = token
    while !rest.isEmpty {
      if let word = chinese.first(where: rest.hasPrefix) {
        rest = rest.dropFirst(word.count)
      } else if let latin = Optional(rest.prefix { $0.isASCII && $0.isLetter }), !latin.isEmpty,
        latin.count < rest.count, words.contains(String(latin))
      {
        rest = rest.dropFirst(latin.count)
      } else {
        return words.contains(String(rest)) && rest.count < token.count
      }
    }
    return true
  }

  /// `NeurIPS 2025 Oral`, `CVPR'24`: names of venues, years, and words that go with them.
  private static func isVenue(_ tokens: [Substring]) -> Bool {
    tokens.allSatisfy(isVenue(word:)) && tokens.contains(where: isVenueName)
  }

  private static func isVenue(word token: Substring) -> Bool {
    isVenueName(token) || venueWords.contains(String(token)) || isNumber(token) || isOfDate(token)
  }

  private static func isVenueName(_ token: Substring) -> Bool {
    let word = token.prefix { !"'’".contains($0) && !$0.isNumber || $0 == "3" }
    return venues.contains(String(word)) || venues.contains(String(token))
  }

  private static func isNumber(_ token: Substring) -> Bool {
    token.utf8.allSatisfy { Byte.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "'") }
      || (token.utf8.first == UInt8(ascii: "v") && token.utf8.dropFirst().allSatisfy(Byte.isDigit))
  }

  /// Whether a word is a subject of arXiv, `cs.CL`.
  static func isSubject(_ token: some StringProtocol) -> Bool {
    let parts = token.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    guard let archive = parts.first, archives.contains(String(archive)) else { return false }
    if parts.count == 1 { return archive.contains("-") }
    return parts.count == 2 && (2...7).contains(parts[1].utf8.count)
      && parts[1].utf8.allSatisfy { Byte.isLetter($0) || $0 == UInt8(ascii: "-") }
  }

  private static let ofDates: Set<String> = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep",
    "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday",
    "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "gmt", "utc", "am", "pm",
    "st", "nd", "rd", "th", "update", "updated", "published", "submitted", "week", "today",
    "on",
  ]

  private static func isOfDate(_ token: Substring) -> Bool {
    if ofDates.contains(String(token)) { return true }
    let marks: Set<Character> = ["年", "月", "日", ".", "t", "z", "号"]
    return token.contains { $0.isNumber }
      && token.allSatisfy { $0.isNumber || marks.contains($0) }
      || ["1st", "2nd", "3rd"].contains(token)
      || (token.hasSuffix("th") && token.dropLast(2).allSatisfy(\.isNumber))
  }
}
