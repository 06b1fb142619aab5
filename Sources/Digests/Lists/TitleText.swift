import Papers

/// Text as a title: markers, dates and labels around it taken off, and how much speaks against it.
enum TitleText {
  /// The longest piece that is looked at, bytes.
  static let maximumLength = 1000

  private static let edges: Set<Character> = [
    " ", "\t", "\n", ":", "：", ",", "，", "、", ";", "；", "|", "·", "-", "–", "—", "(", ")", "（",
    "）", "[", "]", "<", ">", "•", "/", "。", "=", "→", "\u{FEFF}", "\u{FE0F}", "*", "_", "`", "&",
    "\u{200B}", InlineText.linkMark,
  ]

  /// The title in a range of a line, or nil when there is none.
  /// - Parameter isMarked: whether something marks it as a title, so that `Data: …` is no label.
  static func clean(
    _ line: borrowing Span<UInt8>, _ range: Range<Int>, isMarked: Bool = false
  ) -> String? {
    var end = min(range.upperBound, range.lowerBound + maximumLength)
    if end < range.upperBound {
      while end > range.lowerBound, Byte.continues(line[end]) { end -= 1 }
    }
    var start = afterMarkers(line, range.lowerBound, end)
    if isSyntax(line, start..<max(start, end)) { return nil }
    if start < end, let label = FieldLabel(line, start..<end, isWhole: true) {
      switch label.kind {
      case .title, .link: start = min(label.content, end)
      case .other, .section, .code, .summary:
        guard isMarked, namesMore(line, label.content..<max(label.content, end)) else { return nil }
      default: return nil
      }
    }
    let text = trimmed(InlineText.marked(line, start..<max(start, end))[...])
    let cut = isMarked ? withoutFullStop(withoutHandle(text)) : withoutVenue(withoutHandle(text))
    let bare = withoutNumber(unquoted(cut))
    let title = bare.replacing(String(InlineText.linkMark), with: " ")
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return isTitle(title) ? title : nil
  }

  /// `3. Title` without its number.
  private static func withoutNumber(_ text: Substring) -> Substring {
    let number = text.prefix { $0.isASCII && $0.isNumber }
    let rest = text[number.endIndex...]
    guard (1...3).contains(number.count), let mark = rest.first, ".)、:".contains(mark) else {
      return text
    }
    let name = rest.dropFirst()
    guard mark == "、" || name.first == " " else { return text }
    let title = name.drop { $0 == " " }
    return title.isEmpty ? text : title
  }

  /// A title without the full stop that ends it; that of an abbreviation stays.
  private static func withoutFullStop(_ text: Substring) -> Substring {
    guard text.last == ".", !text.hasSuffix("al."),
      text.dropLast().last.map({ $0.isLetter || $0.isNumber }) ?? false,
      !(text.split(separator: " ").last?.dropLast().contains(".") ?? false)
    else { return text }
    return text.dropLast()
  }

  /// `Title(@org)` without who is named behind it.
  private static func withoutHandle(_ text: Substring) -> Substring {
    guard text.last == ")", let open = text.lastIndex(of: "("), text[open...].hasPrefix("(@"),
      text[..<open].contains(" ")
    else { return text }
    let title = text[..<open]
    return title.last == " " ? title.dropLast() : title
  }

  /// `Title, ICML 2024.` without the venue, and without the full stop.
  private static func withoutVenue(_ text: Substring) -> Substring {
    var text = text
    for _ in 0..<3 {
      text = withoutFullStop(text)
      if let stop = text.ranges(of: ". ").last,
        case let last = String(text[stop.upperBound...]),
        NameList.isLikely(last) || NamelessText.isNameless(last)
      {
        text = text[..<stop.lowerBound]
        continue
      }
      guard let cut = text.lastIndex(where: { ",.;，".contains($0) }),
        case let last = text[text.index(after: cut)...], last.first == " " || text[cut] == "，",
        last.utf8.count <= 60, NamelessText.isNameless(String(last))
      else { break }
      text = text[..<cut]
    }
    return text
  }

  /// Whether what follows a label may be the rest of a title.
  private static func namesMore(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    let value = InlineText.plain(line, range)
    return !NamelessText.isNameless(value) && !NameList.isLikely(value)
  }

  /// A title in quotation marks without them.
  private static func unquoted(_ text: Substring) -> Substring {
    guard let first = text.first, let last = text.last, text.count > 2 else { return text }
    let pairs: [Character: Character] = ["\"": "\"", "'": "'", "“": "”", "《": "》", "「": "」"]
    guard pairs[first] == last else { return text }
    let inside = text.dropFirst().dropLast()
    return inside.contains(first) || inside.contains(last) ? text : inside
  }

  /// Where the text begins after list markers, hashes, quotes, check boxes, numbers, states of a
  /// to-do list, and a date.
  private static func afterMarkers(
    _ line: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    var index = line.skippingSpace(from: start, to: end)
    for _ in 0..<8 {
      let before = index
      while index < end, line[index] == Byte.hash || line[index] == Byte.greater { index += 1 }
      index = afterMarker(line, index, end)
      if Byte.isDigit(line[or0: index]),
        let spot = DayHeading.spot(in: line, index..<min(end, index + 12)),
        spot.range.lowerBound == index
      {
        index = spot.range.upperBound
        while index < end, ",:|".utf8.contains(line[index]) { index += 1 }
      }
      index = line.skippingSpace(from: index, to: end)
      if index == before || index >= end { break }
    }
    return min(index, end)
  }

  private static let states: [StaticString] = [
    "[ ]", "[x]", "[-]", "todo ", "done ", "next ", "waiting ", "[#a]", "[#b]", "[#c]",
  ]

  private static func afterMarker(
    _ line: borrowing Span<UInt8>, _ start: Int, _ end: Int
  ) -> Int {
    var index = start
    let marker = SummaryOutline.listMarker(line, at: index)
    if marker > 0, Byte.isSpace(line[or0: index + marker]) { return index + marker }
    // Org's headings; `**` before text is bold.
    while index < end, line[index] == Byte.star { index += 1 }
    if index > start, line[or0: index] == Byte.space { return index }
    index = start
    for state in states where line.matches(state, at: index) {
      // Org writes its states in capitals.
      if line[index] == Byte.openBracket || line[or0: index + 1] & 0x20 == 0 {
        return index + state.utf8CodeUnitCount
      }
    }
    // `[12]`, which is no link.
    if line[or0: index] == Byte.openBracket {
      var stop = index + 1
      while Byte.isDigit(line[or0: stop]), stop - index < 6 { stop += 1 }
      if stop > index + 1, line[or0: stop] == Byte.closeBracket,
        line[or0: stop + 1] != Byte.openParenthesis
      {
        return stop + 1
      }
    }
    return index
  }

  /// The name in quotation marks that a reference holds: `Foo et al., "Title", CVPR 2023`.
  static func quoted(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> String? {
    let end = min(range.upperBound, range.lowerBound + maximumLength)
    guard range.lowerBound < end else { return nil }
    let text = InlineText.plain(line, range.lowerBound..<end)
    for (open, close) in [("\"", "\""), ("“", "”"), ("《", "》")] as [(Character, Character)] {
      guard let first = text.firstIndex(of: open),
        case let rest = text[text.index(after: first)...], let last = rest.firstIndex(of: close)
      else { continue }
      let title = withoutEdges(rest[..<last])
      if title.utf8.count >= 8, isTitle(String(title)) { return String(title) }
    }
    return nil
  }

  /// Text without the links at its end and what only leads to them.
  static func withoutLinks(_ text: String) -> String {
    var text = text[...]
    for _ in 0..<6 {
      let before = text.utf8.count
      while let last = text.last, " |·[(（,;-".contains(last) || last == InlineText.linkMark {
        text.removeLast()
      }
      text = withoutOpenBracket(text)
      if text.utf8.count == before { break }
    }
    return text.replacing(String(InlineText.linkMark), with: " ")
      .split(separator: " ").joined(separator: " ")
  }

  /// Text without punctuation at its ends, without what a bracket left open before a link says, and
  /// without a label of the link.
  static func trimmed(_ text: Substring) -> Substring {
    var text = text
    let last = text.last { !$0.isWhitespace }
    let isBeforeLink = last.map { ":：[".contains($0) || $0 == InlineText.linkMark } ?? false
    for _ in 0..<6 {
      let before = text
      text = withoutEdges(text)
      text = withoutOpenBracket(text)
      if isBeforeLink { text = withoutLastLabel(text) }
      text = withoutFirstTag(text)
      if text.utf8.count == before.utf8.count { break }
    }
    return text
  }

  private static func withoutEdges(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, edges.contains(first) || isPicture(first) {
      if balances(text, first) || isLoneMark(text, first) { break }
      text.removeFirst()
    }
    while let last = text.last, edges.contains(last) || isPicture(last) {
      if balances(text, last) || keepsLast(text, last) { break }
      text.removeLast()
    }
    return text
  }

  private static func isPicture(_ character: Character) -> Bool {
    guard let scalar = character.unicodeScalars.first, scalar.value > 0x2190 else { return false }
    return scalar.properties.isEmojiPresentation
      || (scalar.properties.isEmoji && character.unicodeScalars.count > 1)
  }

  /// A backtick at an end that has its partner inside belongs to the title, and so does a star.
  private static func isLoneMark(_ text: Substring, _ mark: Character) -> Bool {
    mark == "`" && text.utf8.count { $0 == UInt8(ascii: "`") } % 2 == 0
  }

  private static func keepsLast(_ text: Substring, _ mark: Character) -> Bool {
    if mark == ">" { return text.contains("<") }
    if mark == "*" { return text.dropLast().last.map { $0.isLetter || $0.isNumber } ?? false }
    return isLoneMark(text, mark)
  }

  /// Whether a bracket at an end of the text belongs to one inside.
  private static func balances(_ text: Substring, _ bracket: Character) -> Bool {
    switch bracket {
    case "(": text.contains(")")
    case ")": text.contains("(")
    case "（": text.contains("）")
    case "）": text.contains("（")
    case "[": text.contains("]")
    case "]": text.contains("[")
    case "<": text.contains(">")
    default: false
    }
  }

  /// `Title (Read more on`: what stands in a bracket that only a link closed.
  private static func withoutOpenBracket(_ text: Substring) -> Substring {
    guard let open = text.lastIndex(where: { "([（【".contains($0) }), open > text.startIndex
    else { return text }
    let rest = text[text.index(after: open)...]
    // What is closed and holds no link is part of the name, `Foo (PDF)`.
    let isOpen = !rest.contains { ")]）】".contains($0) }
    let isOfLinks =
      rest.contains(InlineText.linkMark) && rest.last.map { ")]）】".contains($0) } ?? false
    guard isOpen || isOfLinks else { return text }
    let inside = rest.filter { !")]）】".contains($0) && $0 != InlineText.linkMark }
    guard !NamelessText.hasLetter(String(inside)) || NamelessText.isNameless(String(inside)) else {
      return text
    }
    return text[..<open]
  }

  /// `Title, Paper:` before a link: the label is the link's.
  private static func withoutLastLabel(_ text: Substring) -> Substring {
    guard let cut = text.lastIndex(where: { ",;.|·，；。—–-".contains($0) }) else { return text }
    let last = text[text.index(after: cut)...]
    guard text[cut] != "-" || last.first == " " else { return text }
    let bare = last.trimmingPrefix { $0 == " " }
    guard bare.utf8.count <= 24, !bare.isEmpty,
      ["paper", "pdf", "link", "arxiv", "code", "url", "论文", "链接", "abs", "project", "doi"]
        .contains(bare.lowercased())
    else { return text }
    return text[..<cut]
  }

  /// `[CVPR 2024] Title`, `(arXiv) Title`.
  private static func withoutFirstTag(_ text: Substring) -> Substring {
    guard let first = text.first, "[(【（".contains(first),
      let close = text.prefix(60).firstIndex(where: { "])】）".contains($0) })
    else { return text }
    let inside = text[text.index(after: text.startIndex)..<close]
    let rest = text[text.index(after: close)...]
    return NamelessText.isNameless(String(inside)) || isNickname(first, inside, rest) ? rest : text
  }

  /// `[DeepSeek-NSA] Native Sparse Attention: …`: the name that a list gives the paper. `[Re]` is
  /// how reproductions call themselves.
  private static func isNickname(
    _ bracket: Character, _ name: Substring, _ title: Substring
  ) -> Bool {
    bracket == "[" && title.first == " " && name.count <= 40 && name != "Re"
      && name.split(separator: " ").count <= 3 && title.split(separator: " ").count >= 3
  }

  /// Whether text can be a title at all.
  static func isTitle(_ text: String) -> Bool {
    guard !NamelessText.isNameless(text) else { return false }
    let lower = text.lowercased()
    if lower.contains("et al") || lower.contains("et.al"), lower.utf8.count <= 60 { return false }
    return !isSyntax(lower)
  }

  /// Whether text is another format's: `title = {`, `UR  - x`, `{'a': 1}`, `#+TITLE:`, `<?xml`.
  private static func isSyntax(_ lower: String) -> Bool {
    let bytes = Array(lower.utf8.prefix(40))
    guard let first = bytes.first else { return true }
    // Elements of XML, rows of CSV.
    if first == Byte.less, lower.contains("=\"") || lower.contains("='") { return true }
    if first == UInt8(ascii: "\""), lower.contains("\",\"") { return true }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "}") || first == UInt8(ascii: "@") {
      return lower.utf8.contains(Byte.colon) || lower.utf8.contains(UInt8(ascii: "{"))
    }
    for beginning in ["#+", "<?", "<!", "![", "\\\\", "%%", "```", "---", "===", ":properties:"]
    where lower.hasPrefix(beginning) { return true }
    var index = 0
    while index < bytes.count,
      Byte.isLetter(bytes[index]) || Byte.isDigit(bytes[index]) || bytes[index] == UInt8(ascii: "_")
    { index += 1 }
    let name = index
    while index < bytes.count, Byte.isSpace(bytes[index]) { index += 1 }
    guard name > 0, index < bytes.count else { return false }
    if bytes[index] == UInt8(ascii: "=") {
      let value = bytes[(index + 1)...].first { !Byte.isSpace($0) }
      return value == UInt8(ascii: "{") || value == UInt8(ascii: "\"")
    }
    return false
  }

  /// Whether a line is of RIS, `UR  - address`.
  static func isSyntax(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    let start = range.lowerBound
    guard range.count >= 5, line.matches("  -", at: start + 2) else { return false }
    return line[start] &- 0x41 < 26
      && (line[start + 1] &- 0x41 < 26 || Byte.isDigit(line[start + 1]))
  }

  /// What speaks against the words of a title.
  /// - Parameter isMarked: whether something marks it as one, so that its words count less.
  static func doubt(_ text: String, isMarked: Bool) -> Int {
    let words = text.split(separator: " ", maxSplits: 60)
    var doubt = 0
    if words.count == 1, text.utf8.allSatisfy({ $0 < 0x80 }) { doubt += 6 }
    if text.utf8.count > 300 { doubt += 25 }
    if let last = text.last, "。.!".contains(last), words.count > 16 || text.utf8.count > 150 {
      doubt += 20
    }
    if NameList.isLikely(text) {
      doubt += NameList.hasInitials(text) ? 80 : isMarked ? 32 : 45
    }
    if !isMarked {
      // `see`, `our`, `and more`; not `k-means`, `nnU-Net`.
      if let first = words.first, first.utf8.allSatisfy({ $0 &- 0x61 < 26 }) {
        doubt += words.count < 8 ? 80 : 30
      }
      let opening = text.prefix(12).lowercased()
      for word in ["our work", "the paper", "this paper", "we ", "see ", "news", "update", "via "]
      where opening.hasPrefix(word) {
        doubt += 60
        break
      }
    }
    return doubt
  }
}

/// Names of people in a row: `Ann Lee, Bo Chen`.
enum NameList {
  /// Whether text looks like nothing but names.
  static func isLikely(_ text: String) -> Bool {
    guard text.utf8.count <= 2000 else { return false }
    let parts = split(text)
    if parts.count == 1 { return hasInitials(text) && words(parts[0]).count <= 4 }
    return parts.count >= 2
      && parts.allSatisfy { part in
        let words = words(part)
        return (2...5).contains(words.count) && words.allSatisfy(isOfName)
          || words.count == 1 && (isOfName(words[0]) && parts.count > 2)
      }
  }

  /// Whether a name is written `A. Author`.
  static func hasInitials(_ text: String) -> Bool {
    let words = words(Substring(text))
    guard words.count <= 200, words.allSatisfy(isOfName) else { return false }
    return words.contains { $0.utf8.count <= 3 && $0.last == "." && $0.first?.isUppercase == true }
  }

  /// The names in order.
  static func names(_ text: String) -> [String] {
    let separators: Set<Character> = text.contains(";") ? [";"] : [",", "，", "、", "；", "·"]
    return text.replacing(" and ", with: ", ").replacing(" & ", with: ", ")
      .split { separators.contains($0) }
      .map { InlineText.plain(Array($0.utf8)).trimmedMarks }
      .filter {
        !$0.isEmpty && NamelessText.hasLetter($0) && !["et al", "et al.", "等"].contains($0)
      }
  }

  private static func split(_ text: String) -> [Substring] {
    text.replacing(" and ", with: ", ").replacing(" & ", with: ", ")
      .split { ",;，、；".contains($0) }
      .map { $0.trimmingPrefix { $0 == " " } }
      .filter { !$0.isEmpty }
  }

  private static func words(_ part: Substring) -> [Substring] { part.split(separator: " ") }

  private static func isOfName(_ word: Substring) -> Bool {
    let particles: Set<Substring> = [
      "de", "van", "von", "der", "den", "la", "le", "da", "di", "al", "el", "bin", "et", "al.",
      "and", "dos", "del", "ter", "etal", "et.al.",
    ]
    if particles.contains(word) { return true }
    guard let first = word.first, first.isUppercase, !word.contains(where: \.isNumber) else {
      return false
    }
    return word.allSatisfy { $0.isLetter || "-.'’,*†‡".contains($0) }
  }
}

extension String {
  /// Without white space and markup at the ends.
  var trimmedMarks: String {
    var text = self[...]
    let marks: Set<Character> = ["*", "_", " ", ".", "†", "‡", "\"", "'", "[", "]"]
    while let first = text.first, marks.contains(first) { text.removeFirst() }
    while let last = text.last, marks.contains(last), last != "." || text.utf8.count > 40 {
      text.removeLast()
    }
    return String(text)
  }
}
