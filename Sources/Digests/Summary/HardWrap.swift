import Papers

/// Text whose lines were broken to a width, put together again: a paragraph is one line.
enum HardWrap {
  /// The text with the line ends of broken paragraphs as spaces; other text stands as it is.
  static func joined(_ text: String) -> String {
    guard text.utf8.contains(Byte.lineFeed) else { return text }
    let lines = text.replacing("\r\n", with: "\n").split(
      separator: "\n", omittingEmptySubsequences: false)
    var result: [String] = []
    var start = 0
    while start < lines.count {
      var end = start
      while end < lines.count, !isBlank(lines[end]) { end += 1 }
      append(lines[start..<end], to: &result)
      if end < lines.count { result.append(String(lines[end])) }
      start = end + 1
    }
    return result.joined(separator: "\n")
  }

  private static func append(_ paragraph: ArraySlice<Substring>, to result: inout [String]) {
    let breaks = zip(paragraph, paragraph.dropFirst())
    guard breaks.contains(where: breaksSentence) else {
      result += paragraph.map(String.init)
      return
    }
    var joined = ""
    for line in paragraph {
      if joined.isEmpty || beginsItem(line) {
        if !joined.isEmpty { result.append(joined) }
        joined = String(line)
        continue
      }
      let next = line.drop { $0 == " " || $0 == "\t" }
      while joined.last == " " { joined.removeLast() }
      let isWide = (joined.last.map(isWide) ?? false) && (next.first.map(isWide) ?? false)
      joined += (isWide ? "" : " ") + next
    }
    result.append(joined)
  }

  private static func isBlank(_ line: Substring) -> Bool { line.utf8.allSatisfy(Byte.isSpace) }

  /// Whether a line end stands inside a sentence.
  private static func breaksSentence(_ before: Substring, _ after: Substring) -> Bool {
    guard !beginsItem(after), !beginsItem(before) || before.utf8.count > 60,
      let last = before.last(where: { !$0.isWhitespace }),
      let first = after.first(where: { !$0.isWhitespace })
    else { return false }
    if ".!?:;。！？：；|*".contains(last) { return false }
    if isWide(last), isWide(first) { return before.count > 24 }
    return first.isLowercase || ",-".contains(last) || before.utf8.count > 60 && first.isLetter
  }

  private static func isWide(_ character: Character) -> Bool {
    character.unicodeScalars.first.map { $0.value >= 0x2E80 } ?? false
  }

  /// Whether a line begins a list item, a heading or a labelled part.
  private static func beginsItem(_ line: Substring) -> Bool {
    let bytes = Array(line.utf8.prefix(80))
    let span = bytes.span
    let start = span.skippingSpace(from: 0, to: span.count)
    guard start < span.count else { return true }
    let marker = SummaryOutline.listMarker(span, at: start)
    if marker > 0, Byte.isSpace(span[or0: start + marker]) { return true }
    return span[start] == Byte.hash || span[start] == Byte.greater || span[start] == Byte.pipe
      || span.matches("**", at: start)
  }
}
