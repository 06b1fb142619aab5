/// A day of the calendar, without time or zone: the date a digest bears.
package struct PaperDate: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// `YYYY-MM-DD`, always ten ASCII characters, so text order is date order.
  package let text: String

  /// Nil unless `text` is `YYYY-MM-DD` and such a day exists in the Gregorian calendar.
  package init?(_ text: String) {
    let digits = Array(text.utf8)
    guard digits.count == 10, digits[4] == 0x2D, digits[7] == 0x2D else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in digits[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte - 0x30)
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      year >= 1, (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day)
    else { return nil }
    self.text = text
  }

  /// A date read from our own library; not validated again.
  package init(trusted text: String) { self.text = text }

  /// The `YYYY-MM-DD` text.
  package var description: String { text }

  /// Earlier days first.
  package static func < (a: PaperDate, b: PaperDate) -> Bool {
    a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }

  /// The number of days of a month (1…12) in a year.
  package static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
