import Papers

/// What is a title: of everything that may name a paper, the best.
///
/// A candidate is worth what its place is worth, less what speaks against its words. Text that can
/// be no title at all is never one, wherever it stands: `key: value`, a date, an address, an id, a
/// word for what a link leads to, a venue, another format's syntax.
struct TitleCandidates {
  /// Where a candidate stands, the value saying how much that is worth.
  enum Place: Int {
    /// After a label that says that it is the title, or in the column of titles.
    case labelled = 100
    /// The text of the paper's own link.
    case linkText = 92
    /// The heading, bold phrase or `<summary>` that the entry begins with, or bold text before the
    /// link.
    case head = 90
    /// The heading under which a link stands apart from the rest.
    case heading = 86
    /// Text before the link in its line, or the line or paragraph above.
    case before = 78
    /// Text after the link in its line.
    case after = 62
    /// The line below.
    case below = 60

    /// Whether something marks what stands there as a title.
    var isMarked: Bool { rawValue > 80 }
  }

  /// The best so far.
  private(set) var title = ""
  /// What it is worth; 0 when there is none.
  private(set) var score = 0

  /// Nothing said.
  init() {}

  /// Considers a range of a line.
  mutating func consider(_ line: borrowing Span<UInt8>, _ range: Range<Int>, _ place: Place) {
    guard place.rawValue > score, !range.isEmpty,
      let text = TitleText.clean(line, range, isMarked: place.isMarked)
    else { return }
    consider(text, place, isSentence: !place.isMarked && Self.isSentence(line, range))
  }

  /// Whether a range ends as sentences do, and is made of words as they are.
  private static func isSentence(_ line: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
    let range = line.trimmed(range)
    guard let last = range.last else { return false }
    let ends = line[last] == UInt8(ascii: ".") || line.matches("。", at: last - 2)
    return ends && CardText.isProse(line.text(range))
  }

  /// Considers text of which markup is taken off.
  mutating func consider(_ text: String, _ place: Place, isSentence: Bool = false) {
    let doubt = TitleText.doubt(text, isMarked: place.isMarked) + (isSentence ? 12 : 0)
    let worth = place.rawValue - doubt
    guard worth > score, TitleText.isTitle(text) else { return }
    (title, score) = (text, worth)
  }
}
