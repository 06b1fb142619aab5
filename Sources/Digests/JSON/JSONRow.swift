import Papers

/// A line of Markdown that stands as the value of an id in a map, as `cv-arxiv-daily` writes it: a
/// row of a table or a list item.
struct JSONRow {
  private let text: String
  private let id: PaperID
  private let line: Int

  init(_ text: String, of id: PaperID, line: Int) {
    self.text = text
    self.id = id
    self.line = line
  }

  /// The record of the row: its title, its day, and what code it links.
  func reference(day: PaperDate?) -> Reference {
    var reference = Reference(line: line)
    reference.clues.add(link: id.rawValue)
    let bytes = Array(text.utf8.prefix(TitleText.maximumLength * 4))
    let line = bytes.span
    let range = line.trimmed(0..<line.count)
    reference.title = Self.title(line, range) ?? ""
    let rowDay = DayHeading.date(in: line, range)
    reference.bibliography.published = rowDay.map(PublicationDate.init)
    reference.day = day ?? rowDay
    reference.bibliography.code = Self.code(text)
    return reference
  }

  /// The first bold phrase that can be a title, else the first cell that can, else what stands
  /// before the link.
  private static func title(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> String? {
    let scan = LinkScan(line, in: range)
    for phrase in scan.bold {
      if let title = TitleText.clean(line, phrase, isMarked: true) { return title }
    }
    var start = range.lowerBound
    while start < range.upperBound {
      let end = line.first(Byte.pipe, in: start..<range.upperBound) ?? range.upperBound
      if start != range.lowerBound || end != range.upperBound,
        let title = TitleText.clean(line, start..<end)
      {
        return title
      }
      start = end + 1
    }
    guard let spot = scan.spots.first else { return nil }
    return TitleText.clean(line, spot.text)
      ?? TitleText.clean(line, range.lowerBound..<spot.range.lowerBound)
  }

  /// Links to repositories.
  private static func code(_ text: String) -> [String] {
    let mark = "https://github.com/"
    let starts = text.utf8.indices.lazy.filter { text.utf8[$0...].starts(with: mark.utf8) }
    guard let start = starts.first else { return [] }
    let link = text[start...].prefix { !$0.isWhitespace && !")]|*\"<>".contains($0) }
    return [String(link)]
  }
}
