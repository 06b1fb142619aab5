import Papers

/// RIS, the tagged format of Research Information Systems: two characters, two spaces, a dash.
struct RISFormat: DigestFormat {
  let explanation = "RIS"
  let name = "ris"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    let mark: StaticString = "TY  - "
    let start = Self.afterNumber(head)
    let count = min(head.count - start, mark.utf8CodeUnitCount)
    for index in 0..<count where head[start + index] != mark.utf8Start[index] { return .no }
    return count == mark.utf8CodeUnitCount ? .yes : .needsMore
  }

  /// Some writers number the records, `1.` on a line of its own.
  private static func afterNumber(_ head: borrowing Span<UInt8>) -> Int {
    var index = 0
    while index < min(head.count, 6), Byte.isDigit(head[index]) { index += 1 }
    guard index > 0, index < head.count else { return index == head.count ? index : 0 }
    if head[index] == UInt8(ascii: ".") { index += 1 }
    return head.skippingSpace(from: index, to: head.count)
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(RISLines(opening), of: opening)
  }
}

/// Reads RIS line by line. A line without a tag goes on with the value above it; a record ends at
/// `ER`, or where the next one begins.
struct RISLines: DigestLines {
  private static let mostFields = 4096
  private let limit: Int
  private var references: References
  private var fields: [(tag: String, value: String)] = []
  private var size = 0
  private var start = 0

  init(_ opening: DigestOpening) {
    references = References(opening)
    limit = opening.limits.line
  }

  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
  ) {
    guard let tag = Self.tag(line) else {
      let text = line.text(line.trimmed(0..<line.count))
      guard !text.isEmpty, let last = fields.indices.last, size < limit else { return }
      size += text.utf8.count
      fields[last].value += "\n" + text
      return
    }
    if tag == "TY" {
      end(&findings)
      start = place.number
    }
    guard tag != "ER" else { return end(&findings) }
    guard fields.count < Self.mostFields, size < limit else { return }
    if fields.isEmpty { start = place.number }
    let value = line.text(line.trimmed(min(5, line.count)..<line.count))
    size += value.utf8.count
    fields.append((tag, value))
  }

  mutating func finish(_ findings: inout Findings) {
    if !fields.isEmpty {
      findings.report("the record has no end (ER); read as far as it goes", line: start)
    }
    end(&findings)
    references.finish(&findings)
  }

  /// The tag of a line `T1  - value`; some writers put one space only before the dash.
  private static func tag(_ line: borrowing Span<UInt8>) -> String? {
    guard line.count >= 5, isCapital(line[0]), isCapital(line[1]) || Byte.isDigit(line[1]),
      line[2] == Byte.space, line[3] == Byte.space, line[4] == UInt8(ascii: "-"),
      line.count == 5 || Byte.isSpace(line[5])
    else { return nil }
    return line.text(0..<2)
  }

  private static func isCapital(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }

  private mutating func end(_ findings: inout Findings) {
    guard !fields.isEmpty else { return }
    references.take(Reference(ris: fields, line: start), &findings)
    (fields, size) = ([], 0)
  }
}

extension Reference {
  /// What a record of RIS says.
  init(ris fields: [(tag: String, value: String)], line: Int) {
    self.init(line: line)
    var names: [String] = []
    for (tag, value) in fields where !value.isEmpty {
      switch tag {
      case "TI", "T1": if title.isEmpty { title = RecordText.withoutTags(value) }
      case "AU", "A1": names.append(value)
      case "AB", "N2": take(abstract: value)
      case "KW": keywords += RecordText.keywords(value)
      case "N1", "RN": take(risNote: value)
      case "DO": clues.add(doi: value)
      case "UR", "L1", "L2", "LK": for part in value.split(separator: ";") { take(link: part) }
      case "AN", "M1", "M2", "M3", "C1", "C7", "IS", "VL", "JO", "JF", "J2", "JA", "T2", "PB", "DB":
        clues.add(text: value)
      case "ID": bibliography.citekey = value
      case "DA", "PY", "Y1": take(risDate: value)
      default: break
      }
    }
    bibliography.authors = PersonNames.names(names)
  }

  private mutating func take(link part: Substring) { clues.add(link: String(part)) }

  /// `2017/06/12/` with words behind the last slash.
  private mutating func take(risDate text: String) {
    bibliography.take(published: text)
  }

  /// A note of the person, or what reference managers put there: the arXiv id and its remark.
  private mutating func take(risNote text: String) {
    if text.lowercased().hasPrefix("arxiv:") {
      clues.add(text: text)
    } else {
      clues.add(remark: text)
      take(note: text)
    }
  }
}
