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
  private var isRoman = false
  private var isList = false

  /// The outline of all of `bytes`.
  init(_ bytes: borrowing Span<UInt8>) {
    let end = bytes.count
    var index = bytes.skippingSpace(from: 0, to: end)
    var lastRun = 0..<index
    look(bytes, at: index, .start)
    let hasLines =
      bytes.first(Byte.lineFeed, in: 0..<end) != nil
      || bytes.first(Byte.tab, in: 0..<end) != nil
    while let space = nextSpace(bytes, from: index, hasLines) {
      let run = space..<bytes.skippingSpace(from: space, to: end)
      guard run.upperBound < end else { break }
      let isBreak = run.count > 1 || bytes[space] == Byte.lineFeed
      if isBreak {
        note(paragraph: run, after: lastRun, bytes)
      } else if Self.endsSentence(bytes, at: space) {
        breaks.append(Break(kind: .sentence, range: run))
      }
      look(bytes, at: run.upperBound, isBreak ? .paragraph : .word)
      lastRun = run
      index = run.upperBound
    }
  }

  private func nextSpace(_ bytes: borrowing Span<UInt8>, from start: Int, _ hasLines: Bool) -> Int?
  {
    if !hasLines { return bytes.first(Byte.space, in: start..<bytes.count) }
    for index in start..<bytes.count where Byte.isSpace(bytes[index]) { return index }
    return nil
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

  private static func endsSentence(_ bytes: borrowing Span<UInt8>, at index: Int) -> Bool {
    guard index >= 3 else { return false }
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

  private static func isRomanDigit(_ byte: UInt8) -> Bool {
    let lower = byte | 0x20
    return lower == 0x69 || lower == 0x76 || lower == 0x78
  }

  /// What stands before a label: markers and the opening of bold.
  private struct Lead {
    var index: Int
    var bold = 0
    var hasRoman = false
    var hasList = false

    /// Nothing.
    init(index: Int) { self.index = index }

    init(_ bytes: borrowing Span<UInt8>, at start: Int) {
      index = start
      for _ in 0..<4 {
        let roman = hasRoman && bold > 0 ? 0 : SummaryOutline.romanMarker(bytes, at: index)
        let list = SummaryOutline.listMarker(bytes, at: index)
        if bytes.matches("**", at: index) || bytes.matches("__", at: index) {
          guard bold == 0 else { return }
          bold = 2
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

  /// Adds the label at a boundary, if there is one.
  private mutating func look(_ bytes: borrowing Span<UInt8>, at start: Int, _ strength: Strength) {
    let vocabulary = SummaryVocabulary.standard
    let first = bytes[or0: start]
    let mayLead =
      first == Byte.star || first == Byte.hash || first == UInt8(ascii: "_")
      || Byte.isDigit(first) || first == UInt8(ascii: "-") || Self.isRomanDigit(first)
    guard mayLead || vocabulary.mayBegin(with: first) else { return }
    if let last = marks.last, last.content > start { return }
    let lead = mayLead ? Lead(bytes, at: start) : Lead(index: start)
    let word = lead.index
    if strength == .start {
      isRoman = lead.hasRoman
      isList = lead.hasList
    }
    if let (kind, end) = vocabulary.longestMatch(bytes, at: word, to: bytes.count) {
      if kind == .section, lead.hasList, !isList { return }
      if let mark = mark(bytes, kind, start, word..<end, lead, strength) { marks.append(mark) }
    } else if lead.hasRoman, isRoman, strength != .word {
      let content = lead.bold > 0 ? word - lead.bold : word
      marks.append(Mark(kind: .section, start: start, label: word..<word, content: content))
    }
  }

  /// The mark for a label of the vocabulary if it is marked as one.
  private func mark(
    _ bytes: borrowing Span<UInt8>, _ kind: SummaryVocabulary.Kind, _ start: Int,
    _ label: Range<Int>, _ lead: Lead, _ strength: Strength
  ) -> Mark? {
    let end = bytes.count
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
    if lead.bold > 0 {
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
