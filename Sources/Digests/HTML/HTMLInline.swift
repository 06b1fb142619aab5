import Papers

/// The text of one line of a page as Markdown that reads the same: links, bold, and signs that mean
/// something in Markdown as entities.
struct HTMLInline {
  private let limit: Int
  private(set) var bytes: [UInt8] = []
  /// The address of the open link, and where its text begins.
  private var link: (address: String, start: Int)?
  /// Where the open bold phrase begins.
  private var bold: Int?

  /// - Parameter limit: the longest line, bytes; the rest is left out.
  init(limit: Int) { self.limit = limit }

  /// Whether nothing visible is in it.
  var isEmpty: Bool { bytes.allSatisfy(Byte.isSpace) }

  /// Ends the line and begins the next. A link that has no text yet goes on there; of another what
  /// goes on is but text.
  mutating func end() -> [UInt8] {
    if isEmpty, let link {
      (bytes, self.link, bold) = ([], (link.address, 0), nil)
      return []
    }
    closeLink()
    closeBold()
    defer { bytes = [] }
    return bytes
  }

  mutating func openLink(_ address: String) {
    closeLink()
    link = (address, bytes.count)
  }

  mutating func closeLink() {
    guard let link else { return }
    self.link = nil
    let text = bytes[min(link.start, bytes.count)...]
    let isBlank = text.allSatisfy(Byte.isSpace)
    let name = isBlank ? Array("paper".utf8) : Array(text)
    bytes.removeSubrange(min(link.start, bytes.count)...)
    append([Byte.openBracket] + name + Array("](\(link.address))".utf8))
  }

  mutating func openBold() { if bold == nil, link == nil { bold = bytes.count } }

  mutating func closeBold() {
    guard let start = bold, link == nil else { return }
    bold = nil
    let text = bytes[min(start, bytes.count)...]
    let range = bytes.span.trimmed(text.startIndex..<bytes.count)
    guard !range.isEmpty else { return }
    let marks = [Byte.star, Byte.star]
    let rest = bytes[range.upperBound...]
    bytes.replaceSubrange(range.lowerBound..., with: marks + bytes[range] + marks + rest)
  }

  /// Adds bytes as they are.
  mutating func append(_ markup: [UInt8]) { if bytes.count < limit { bytes += markup } }

  /// Adds text of the page, runs of white space as one.
  mutating func append(text: String) {
    guard bytes.count < limit else { return }
    let plain = Array(RecordText.withoutEntities(text).utf8)
    var index = 0
    while index < plain.count {
      if Byte.isSpace(plain[index]) {
        if let last = bytes.last, !Byte.isSpace(last) { bytes.append(Byte.space) }
        index += 1
        continue
      }
      let end = plain[index...].firstIndex(where: Byte.isSpace) ?? plain.count
      if plain[index] == UInt8(ascii: "$"), let close = Self.formula(plain, index) {
        bytes += plain[index...close].map { Byte.isSpace($0) ? Byte.space : $0 }
        index = close + 1
      } else {
        append(word: plain[index..<end])
        index = end
      }
    }
  }

  /// The end of a formula, which Markdown leaves as it is.
  private static func formula(_ text: [UInt8], _ start: Int) -> Int? {
    let limit = min(text.count, start + 300)
    guard start + 1 < limit, !Byte.isSpace(text[start + 1]) else { return nil }
    return text[(start + 1)..<limit].firstIndex(of: UInt8(ascii: "$"))
  }

  private mutating func append(word: ArraySlice<UInt8>) {
    let isAddress = word.starts(with: Array("http".utf8)) || word.starts(with: Array("10.".utf8))
    for (place, byte) in word.enumerated() {
      let isMarkup =
        isAddress
        ? byte == Byte.less || byte == Byte.pipe
        : Self.signs.contains(byte) || place == 0 && byte == Byte.hash && bytes.isEmpty
      if isMarkup { bytes += Array("&#\(byte);".utf8) } else { bytes.append(byte) }
    }
  }

  private static let signs = Set("&<>*[]|`\\~".utf8)
}
