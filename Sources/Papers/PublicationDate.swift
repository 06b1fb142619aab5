/// When a paper was published, as exactly as it is known: a year, a month or a day of the calendar.
package struct PublicationDate: Hashable, Sendable, CustomStringConvertible {
  /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, always ASCII.
  package let text: String

  /// Nil unless `text` has one of the three forms, and there is such a day.
  package init?(_ text: String) {
    // The first day of what is named.
    let rest: String
    switch text.utf8.count {
    case 4: rest = "-01-01"
    case 7: rest = "-01"
    case 10: rest = ""
    default: return nil
    }
    guard PaperDate(text + rest) != nil else { return nil }
    self.text = text
  }

  /// A year of up to four digits, and the month and the day of it where they are known; nil where
  /// there is no such day.
  package init?(year: Int, month: Int? = nil, day: Int? = nil) {
    guard (1...9999).contains(year) else { return nil }
    let digits = String(year)
    var text = String(repeating: "0", count: 4 - digits.utf8.count) + digits
    for part in [month, month == nil ? nil : day] {
      guard let part else { break }
      text += (part < 10 ? "-0" : "-") + String(part)
    }
    self.init(text)
  }

  /// A day.
  package init(_ day: PaperDate) { text = day.text }

  /// Its four digits as a number.
  package var year: Int { Int(text.prefix(4)) ?? 0 }

  /// 1…12, where it is known.
  package var month: Int? { Int(text.dropFirst(5).prefix(2)) }

  /// The day, where it is known.
  package var day: PaperDate? { PaperDate(text) }

  /// The text.
  package var description: String { text }

  /// What holds where two sources tell: the more exact of two that agree, else the earlier, for
  /// some tell when the last version came.
  package func joined(with other: PublicationDate) -> PublicationDate {
    if text.hasPrefix(other.text) { return self }
    if other.text.hasPrefix(text) { return other }
    return text.precedesByBytes(other.text) ? self : other
  }
}
