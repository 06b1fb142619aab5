/// Where the labels and the paragraph breaks of a summary are: one pass over its bytes.
///
/// A label counts only at a boundary: the start, a paragraph break (two spaces, or a line end), or,
/// where the model lost even that, one space; and only with its own mark: bold, a colon, a roman
/// number. Every boundary is looked at once, so the pass is linear.
struct SummaryOutline {
  /// A labelled part begins.
  struct Mark {
    var kind: SummaryVocabulary.Kind
    /// Where the part begins, its list marker and markup included.
    var start: Int
    /// The label's own words; empty for a part that has a number but no label.
    var label: Range<Int>
    /// Where the text of the part begins.
    var content: Int
  }

  /// White space that is, or may be, more than a space.
  struct Break {
    enum Kind {
      /// A lost paragraph break.
      case paragraph
      /// One space after the end of a sentence: a break only where a text has no other.
      case sentence
      /// Two spaces after a list marker: no break.
      case marker
    }
    var kind: Kind
    var range: Range<Int>
  }

  /// The labelled parts in order.
  private(set) var marks: [Mark] = []
  /// The breaks in order.
  private(set) var breaks: [Break] = []

  private enum Strength { case word, paragraph, start }
  private let losesBreaks: Bool
  private var isRoman = false
  private var isList = false

  /// The outline of all of `bytes`.
  /// - Parameter losesBreaks: whether a label may stand after one space without being bold, as the
  ///   models write it; in an author's own text that is a word of a sentence.
  init(_ bytes: borrowing Span<UInt8>, losesBreaks: Bool = true) {
    self.losesBreaks = losesBreaks
    let end = bytes.count
    let beginnings = SummaryVocabulary.beginnings
    var index = bytes.skippingSpace(from: 0, to: end)
    var lastRun = 0..<index
    if beginnings.mayBegin(bytes, at: index) { look(bytes, at: index, .start) }
    while let space = bytes.firstSpace(from: index) {
      let run = space..<bytes.skippingSpace(from: space + 1, to: end)
      guard run.upperBound < end else { break }
      let isBreak = run.count > 1 || bytes[space] == Byte.lineFeed
      if isBreak {
        note(paragraph: run, after: lastRun, bytes)
      } else if Self.endsSentence(bytes, at: space) {
        breaks.append(Break(kind: .sentence, range: run))
      }
      if beginnings.mayBegin(bytes, at: run.upperBound) {
        look(bytes, at: run.upperBound, isBreak ? .paragraph : .word)
      }
      lastRun = run
      index = run.upperBound
    }
  }

  /// Notes a run of white space; after a list marker (`1.  `) the break is before the marker.
  private mutating func note(
    paragraph run: Range<Int>, after last: Range<Int>, _ bytes: borrowing Span<UInt8>
  ) {
    let word = last.upperBound..<run.lowerBound
    guard !word.isEmpty, word.count <= 4, Self.listMarker(bytes, at: word.lowerBound) == word.count
    else {
      breaks.append(Break(kind: .paragraph, range: run))
      return
    }
    if breaks.last?.range == last {
      breaks[breaks.count - 1].kind = .paragraph
    } else if last.upperBound > 0 {
      breaks.append(Break(kind: .paragraph, range: last))
    }
    breaks.append(Break(kind: .marker, range: run))
  }

  /// Whether a capital stands at a place and the end of a sentence before it.
  private static func beginsSentence(_ bytes: borrowing Span<UInt8>, at index: Int) -> Bool {
    var before = index
    while before > 0, Byte.isSpace(bytes[before - 1]) { before -= 1 }
    let isCapital = bytes[or0: index] &- 0x41 < 26 || bytes[or0: index] >= 0x80
    return isCapital
      && (".?!".utf8.contains(bytes[or0: before - 1]) || endsSentence(bytes, at: before))
  }

  private static func endsSentence(_ bytes: borrowing Span<UInt8>, at index: Int) -> Bool {
    guard index >= 3, Byte.continues(bytes[index - 1]) else { return false }
    return bytes.matches("。", at: index - 3) || bytes.matches("！", at: index - 3)
      || bytes.matches("？", at: index - 3)
  }

  /// The length of `1.`, `2)`, `-`, `*`, `+` at a place without what follows it, or 0.
  static func listMarker(_ bytes: borrowing Span<UInt8>, at index: Int) -> Int {
    switch bytes[or0: index] {
    case UInt8(ascii: "-"), UInt8(ascii: "+"): return 1
    case Byte.star: return bytes[or0: index + 1] == Byte.star ? 0 : 1
    default: break
    }
    var digits = 0
    while digits < 3, Byte.isDigit(bytes[or0: index + digits]) { digits += 1 }
    let after = bytes[or0: index + digits]
    return digits > 0 && (after == UInt8(ascii: ".") || after == UInt8(ascii: ")")) ? digits + 1 : 0
  }

  /// The length of `iv)` at a place, or 0.
  private static func romanMarker(_ bytes: borrowing Span<UInt8>, at index: Int) -> Int {
    var letters = 0
    while letters < 5, isRomanDigit(bytes[or0: index + letters]) { letters += 1 }
    guard letters > 0 else { return 0 }
    switch bytes[or0: index + letters] {
    case UInt8(ascii: ")"), UInt8(ascii: "."): return letters + 1
    case 0xEF: return bytes.matches("）", at: index + letters) ? letters + 3 : 0
    case 0xE3: return bytes.matches("、", at: index + letters) ? letters + 3 : 0
    default: return 0
    }
  }

  fileprivate static func isRomanDigit(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower == 0x69 || lower == 0x76 || lower == 0x78
  }

  /// What stands before a label: markers and the opening of bold.
  private struct Lead {
    var index: Int
    /// Where bold opens that is still open behind the markers.
    var bold: Int?
    var hasRoman = false
    var hasList = false

    init(_ bytes: borrowing Span<UInt8>, at start: Int) {
      index = start
      guard SummaryOutline.isLead(bytes[or0: start]) else { return }
      for _ in 0..<4 {
        let roman = hasRoman && bold != nil ? 0 : SummaryOutline.romanMarker(bytes, at: index)
        let list = SummaryOutline.listMarker(bytes, at: index)
        if bytes.matches("**", at: index) || bytes.matches("__", at: index) {
          // `**ii)** text`: only the number is bold.
          guard bold == nil || hasRoman || hasList else { return }
          bold = bold == nil ? index : nil
          index += 2
        } else if roman > 0 {
          hasRoman = true
          index += roman
        } else if list > 0 {
          hasList = true
          index += list
        } else if bytes[or0: index] == Byte.hash {
          while bytes[or0: index] == Byte.hash, index - start < 8 { index += 1 }
        } else {
          return
        }
        index = bytes.skippingSpace(from: index, to: min(index + 8, bytes.count))
      }
    }
  }

  /// Whether markers and markup may begin with a byte.
  fileprivate static func isLead(_ byte: UInt8) -> Bool {
    byte == Byte.star || byte == Byte.hash || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      || Byte.isDigit(byte) || isRomanDigit(byte)
  }

  /// Adds the label at a boundary, if there is one.
  private mutating func look(_ bytes: borrowing Span<UInt8>, at start: Int, _ strength: Strength) {
    if let last = marks.last, last.content > start { return }
    let lead = Lead(bytes, at: start)
    let word = lead.index
    if strength == .start {
      isRoman = lead.hasRoman
      isList = lead.hasList
    }
    if let (kind, end) = SummaryVocabulary.standard.longestMatch(bytes, at: word, to: bytes.count) {
      if kind == .section, lead.hasList, !isList { return }
      if let mark = mark(bytes, kind, start, word..<end, lead, strength) { marks.append(mark) }
    } else if lead.hasRoman, isRoman, strength != .word {
      // A phrase in bold keeps its opening: `**iii) 短语** text` the number, too.
      let content = lead.bold ?? word
      marks.append(Mark(kind: .section, start: start, label: word..<word, content: content))
    }
  }

  /// The mark for a label of the vocabulary if it is marked as one.
  private func mark(
    _ bytes: borrowing Span<UInt8>, _ kind: SummaryVocabulary.Kind, _ start: Int,
    _ label: Range<Int>, _ lead: Lead, _ strength: Strength
  ) -> Mark? {
    let end = bytes.count
    if !losesBreaks, strength == .word, lead.bold == nil, !lead.hasRoman,
      !Self.beginsSentence(bytes, at: label.lowerBound)
    {
      return nil
    }
    var index = label.upperBound
    var hasColon = false
    func takeColon() {
      let next = bytes.skippingSpace(from: index, to: min(index + 4, end))
      let length = bytes.colonLength(at: next)
      if length > 0 {
        hasColon = true
        index = next + length
      }
    }
    if let gloss = Self.gloss(bytes, at: index) { index = gloss }
    takeColon()
    var closes = false
    if lead.bold != nil {
      let next = bytes.skippingSpace(from: index, to: min(index + 4, end))
      if bytes.matches("**", at: next) || bytes.matches("__", at: next) {
        closes = true
        index = next + 2
        takeColon()
      }
      guard closes || hasColon else { return nil }
    }
    let content = bytes.skippingSpace(from: index, to: end)
    if closes || hasColon { return Mark(kind: kind, start: start, label: label, content: content) }
    guard strength != .word else { return nil }
    if content > index || index == end {
      return Mark(kind: kind, start: start, label: label, content: content)
    }
    // `ii) 主要研究问题是…`: the label is the subject of its sentence.
    guard lead.hasRoman, kind == .section else { return nil }
    return Mark(kind: kind, start: start, label: label, content: label.lowerBound)
  }

  /// The end of a short parenthesis after a label, `关键方法论 (Key Methodology)`, or nil.
  private static func gloss(_ bytes: borrowing Span<UInt8>, at start: Int) -> Int? {
    let open = bytes.skippingSpace(from: start, to: min(start + 2, bytes.count))
    let wide = bytes.matches("（", at: open)
    guard wide || bytes[or0: open] == Byte.openParenthesis else { return nil }
    for index in open..<min(open + 64, bytes.count) {
      if bytes[index] == Byte.closeParenthesis { return index + 1 }
      if wide, bytes.matches("）", at: index) { return index + 3 }
    }
    return nil
  }
}

extension SummaryVocabulary {
  /// Which two bytes a label may begin with, markers and markup before it included. A text has a
  /// word every few bytes, and hardly one begins a label: looking at each cost a third of the
  /// reading.
  struct Beginnings: Sendable {
    /// A bit for each of the 65,536 pairs.
    private var bits = [UInt64](repeating: 0, count: 1024)

    /// Whether a label may begin at a place.
    @inline(__always)
    func mayBegin(_ bytes: borrowing Span<UInt8>, at index: Int) -> Bool {
      let pair = Int(bytes[or0: index]) << 8 | Int(bytes[or0: index + 1])
      return bits[pair >> 6] >> (UInt64(pair) & 63) & 1 != 0
    }

    fileprivate init(_ vocabulary: SummaryVocabulary) {
      for first in UInt8.min...UInt8.max {
        for second in vocabulary.secondBytes(after: first) { insert(first, second) }
        guard SummaryOutline.isLead(first) else { continue }
        for second in UInt8.min...UInt8.max where Self.mayLead(first, second) {
          insert(first, second)
        }
      }
    }

    private mutating func insert(_ first: UInt8, _ second: UInt8) {
      let pair = Int(first) << 8 | Int(second)
      bits[pair >> 6] |= 1 << (UInt64(pair) & 63)
    }

    /// Whether `1.`, `iv)`, `_` may begin so; `-`, `##`, `**` before anything.
    private static func mayLead(_ first: UInt8, _ second: UInt8) -> Bool {
      if first == UInt8(ascii: "_") { return second == first }
      if Byte.isDigit(first) { return !Byte.isLetter(second) }
      guard SummaryOutline.isRomanDigit(first) else { return true }
      return SummaryOutline.isRomanDigit(second) || !Byte.isLetter(second)
    }
  }

  /// The beginnings of the labels of ``standard``.
  static let beginnings = Beginnings(standard)
}
