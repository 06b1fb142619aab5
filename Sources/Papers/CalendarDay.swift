/// Days counted (proleptic Gregorian, days since 1970-01-01), after Howard Hinnant's
/// "chrono-Compatible Low-Level Date Algorithms".
package struct CalendarDay: Hashable, Sendable {
  /// Days since 1970-01-01.
  package var number: Int

  /// The day `number` days after 1970-01-01.
  package init(number: Int) { self.number = number }

  /// The day of a date.
  package init(_ date: PaperDate) {
    // A date out of a damaged library is any text.
    let parts = date.text.split(separator: "-").map { Int($0) ?? 1 } + [1, 1, 1]
    self.init(year: parts[0], month: max(1, min(12, parts[1])), day: parts[2])
  }

  /// The day of a year, a month 1…12 and a day 1…31 of it.
  init(year: Int, month: Int, day: Int) {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Year, month 1…12, day 1…31.
  package var components: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// The date; days outside the years 1…9999 become the nearest one inside.
  package var date: PaperDate {
    let (year, month, day) = components
    if year < 1 { return PaperDate(trusted: "0001-01-01") }
    if year > 9999 { return PaperDate(trusted: "9999-12-31") }
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return PaperDate(trusted: padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2))
  }

  /// So many days later.
  package func adding(days: Int) -> CalendarDay { CalendarDay(number: number + days) }

  /// The same day so many months later, or the last day of that month.
  package func adding(months: Int) -> CalendarDay {
    let (year, month, day) = components
    let index = year * 12 + month - 1 + months
    let (newYear, newMonth) = (
      Int((Double(index) / 12).rounded(.down)), ((index % 12) + 12) % 12 + 1
    )
    let last = PaperDate.days(in: newMonth, of: newYear)
    return CalendarDay(year: newYear, month: newMonth, day: min(day, last))
  }
}
