import Papers

/// A day, and a moment where the text tells one, in any of the forms that lists write them in.
struct LooseDate: Hashable {
  /// The day as it is written, in whatever zone that is.
  private(set) var day: PaperDate
  /// Milliseconds since 1970 UTC; the beginning of the day where no time is told.
  private(set) var milliseconds: Int64

  /// Reads `2025-10-02` with or without a time (RFC 3339 and `2025-10-02 08:00:00`), `2025/10/02`,
  /// `Thu, 26 Nov 2026 18:00:01 GMT` (RFC 5322, 3.3; a year of two digits too), `November 26,
  /// 2026`, and seconds or milliseconds since 1970. Nil where no day is told: a year is none.
  init?(_ text: String) {
    guard text.utf8.count <= 100 else { return nil }
    if let number = Int64(text) {
      guard let seconds = Self.seconds(number) else { return nil }
      day = CalendarDay(number: Int(seconds / 86_400)).date
      milliseconds = seconds * 1000
      return
    }
    guard let found = Self.numeric(text) ?? Self.named(text) else { return nil }
    day = found.day
    let start = Int64(CalendarDay(found.day).number) * 86_400_000
    milliseconds = Timestamp.milliseconds(text) ?? start + Self.clock(found.rest)
  }

  /// A number as seconds since 1970: it may be seconds, milliseconds or microseconds, whichever
  /// lies between 1980 and 2100.
  private static func seconds(_ number: Int64) -> Int64? {
    for unit: Int64 in [1, 1000, 1_000_000] {
      if (315_532_800...4_102_444_800).contains(number / unit) { return number / unit }
    }
    return nil
  }

  /// Year, month and day in this order, at the beginning.
  private static func numeric(_ text: String) -> (day: PaperDate, rest: Substring)? {
    let bytes = Array(text.utf8)
    guard let spot = DayHeading.spot(in: bytes.span, 0..<bytes.count), spot.range.lowerBound == 0
    else { return nil }
    return (spot.date, text[text.utf8.index(text.startIndex, offsetBy: spot.range.upperBound)...])
  }

  /// The months as BibTeX's macros call them, too.
  static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// The number of a month, 1 to 12, that a word names by its first three letters or more.
  static func month(_ word: some StringProtocol) -> Int? {
    guard word.utf8.count >= 3 else { return nil }
    return months.firstIndex(of: String(word.lowercased().prefix(3))).map { $0 + 1 }
  }

  /// A month by name, a day of one or two digits and a year of four or two, in any order.
  private static func named(_ text: String) -> (day: PaperDate, rest: Substring)? {
    let words = text.split { " ,-\t".contains($0) }
    var (month, day, year) = (Int?.none, Int?.none, Int?.none)
    for word in words {
      if let number = Int(word), number > 0 {
        if word.utf8.count == 4 {
          year = year ?? number
        } else if day == nil, number <= 31 {
          day = number
        } else if year == nil, word.utf8.count == 2 {
          year = (number < 70 ? 2000 : 1900) + number
        }
      } else if month == nil, word.first?.isLetter == true {
        // `Mar` is no weekday; of the weekdays none begins as a month does.
        month = Self.month(word)
      }
      if let month, let day, let year {
        let text = pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2)
        guard let date = PaperDate(text) else { return nil }
        return (date, word.base[word.endIndex...])
      }
    }
    return nil
  }

  /// A number with zeros before it.
  static func pad(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }

  /// The milliseconds of the first `hh:mm` or `hh:mm:ss`, and of the zone after it, into the day.
  private static func clock(_ text: Substring) -> Int64 {
    // papis writes `2024-05-06-12:34:56`.
    let words = text.drop { $0 == "-" }.split { " T".contains($0) }
    guard let place = words.firstIndex(where: { $0.contains(":") }) else { return 0 }
    let parts = words[place].split(separator: ":").compactMap { Int64($0.prefix { $0.isNumber }) }
    guard parts.count >= 2, parts[0] < 24, parts[1] < 60 else { return 0 }
    let seconds = parts[0] * 3600 + parts[1] * 60 + (parts.count > 2 ? min(parts[2], 59) : 0)
    return (seconds - (place + 1 < words.count ? zone(words[place + 1]) : 0)) * 1000
  }

  /// Seconds east of Greenwich of `+0530`; 0 for a name.
  private static func zone(_ word: Substring) -> Int64 {
    guard let sign = word.first, sign == "+" || sign == "-", word.utf8.count == 5,
      let number = Int64(word.dropFirst()), number % 100 < 60, number <= 1400
    else { return 0 }
    return (number / 100 * 3600 + number % 100 * 60) * (sign == "-" ? -1 : 1)
  }
}
