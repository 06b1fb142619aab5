/// Moments, as milliseconds since 1970 UTC, written for programs (RFC 3339) and for people, and
/// read back.
///
/// Without a date formatter, which costs more than the whole listing. Moments outside the years 0
/// to 9999, which RFC 3339 cannot write, have the expanded years of ISO 8601 for programs, so that
/// an export loses none; for people they are clamped.
package enum Timestamp {
  /// The seconds that local time is ahead of UTC at a moment.
  package typealias Zone = @Sendable (_ milliseconds: Int64) -> Int

  /// UTC itself.
  package static let utc: Zone = { _ in 0 }

  /// `2025-10-02T08:00:00.123Z` (RFC 3339 section 5.6), `+012025-10-02T08:00:00.123Z` (ISO 8601-1
  /// section 5.2.2.3).
  package static func append(_ milliseconds: Int64, to out: inout [UInt8]) {
    let fields = Fields(exactly: milliseconds)
    fields.appendDay(to: &out)
    out.append(UInt8(ascii: "T"))
    fields.appendMinute(to: &out)
    out.append(UInt8(ascii: ":"))
    append(fields.second, digits: 2, to: &out)
    out.append(UInt8(ascii: "."))
    append(fields.millisecond, digits: 3, to: &out)
    out.append(UInt8(ascii: "Z"))
  }

  /// `2025-10-02T08:00:00.123Z`.
  package static func rfc3339(_ milliseconds: Int64) -> String {
    var out: [UInt8] = []
    append(milliseconds, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// `2025-10-02` where the person is.
  package static func day(_ milliseconds: Int64, in zone: Zone) -> String {
    var out: [UInt8] = []
    Fields(milliseconds, zone).appendDay(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// `2025-10-02 16:00` where the person is.
  package static func minute(_ milliseconds: Int64, in zone: Zone) -> String {
    var out: [UInt8] = []
    let fields = Fields(milliseconds, zone)
    fields.appendDay(to: &out)
    out.append(UInt8(ascii: " "))
    fields.appendMinute(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  // MARK: Reading

  /// Milliseconds since 1970 UTC; nil when `text` is no time as ``append(_:to:)`` writes it.
  package static func milliseconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 48, let (day, end) = day(bytes),
      end + 9 < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "t"),
      let hour = twoDigits(bytes, end + 1), let minute = twoDigits(bytes, end + 4),
      let second = twoDigits(bytes, end + 7), bytes[end + 3] == Ascii.colon,
      bytes[end + 6] == Ascii.colon, hour < 24, minute < 60, second <= 60
    else { return nil }
    var index = end + 9
    var fraction: Int64 = 0
    if bytes[index] == UInt8(ascii: ".") {
      index += 1
      var unit: Int64 = 100
      while index < bytes.count, Ascii.isDigit(bytes[index]) {
        fraction += Int64(bytes[index] - 0x30) * unit
        unit /= 10
        index += 1
      }
    }
    guard let offset = offset(bytes, index) else { return nil }
    let clock = Int64(hour * 3600 + minute * 60 + min(second, 59)) - Int64(offset * 60)
    // A day before 1970 is as many seconds less, and what is left of it more: so even the first
    // moment of all is within bounds.
    let isBefore = day.number < 0
    let (seconds, isTooMuch) = Int64(isBefore ? day.number + 1 : day.number)
      .multipliedReportingOverflow(by: 86_400_000)
    let rest = (clock - (isBefore ? 86_400 : 0)) * 1000 + fraction
    let (sum, isTooFar) = seconds.addingReportingOverflow(rest)
    return isTooMuch || isTooFar ? nil : sum
  }

  /// The day at the beginning and where it ends.
  private static func day(_ bytes: [UInt8]) -> (CalendarDay, end: Int)? {
    let isSigned = bytes[0] == UInt8(ascii: "+") || bytes[0] == UInt8(ascii: "-")
    let start = isSigned ? 1 : 0
    let digits = bytes[start...].prefix { Ascii.isDigit($0) }
    guard isSigned ? (6...9).contains(digits.count) : digits.count == 4 else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    let year = bytes[0] == UInt8(ascii: "-") ? -number : number
    let end = digits.endIndex
    guard end + 6 <= bytes.count, bytes[end] == UInt8(ascii: "-"),
      bytes[end + 3] == UInt8(ascii: "-"), let month = twoDigits(bytes, end + 1),
      let day = twoDigits(bytes, end + 4), (1...12).contains(month),
      (1...PaperDate.days(in: month, of: year)).contains(day)
    else { return nil }
    return (CalendarDay(year: year, month: month, day: day), end + 6)
  }

  private static func twoDigits(_ bytes: [UInt8], _ index: Int) -> Int? {
    guard index + 1 < bytes.count, Ascii.isDigit(bytes[index]), Ascii.isDigit(bytes[index + 1])
    else { return nil }
    return Int(bytes[index] - 0x30) * 10 + Int(bytes[index + 1] - 0x30)
  }

  /// Minutes east of Greenwich of `Z` or `±hh:mm` at the end.
  private static func offset(_ bytes: [UInt8], _ index: Int) -> Int? {
    guard index < bytes.count else { return nil }
    if bytes[index] | 0x20 == UInt8(ascii: "z") { return index + 1 == bytes.count ? 0 : nil }
    let sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
    guard sign == -1 || bytes[index] == UInt8(ascii: "+"), index + 6 == bytes.count,
      let hours = twoDigits(bytes, index + 1), let minutes = twoDigits(bytes, index + 4)
    else { return nil }
    return sign * (hours * 60 + minutes)
  }

  // MARK: Writing

  private static func append(_ number: Int64, digits: Int, to out: inout [UInt8]) {
    var divisor: Int64 = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      out.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }

  private struct Fields {
    var year: Int64
    var month: Int64
    var day: Int64
    var hour: Int64
    var minute: Int64
    var second: Int64
    var millisecond: Int64

    init(_ milliseconds: Int64, _ zone: Zone = Timestamp.utc) {
      let offset = Int64(max(-86_400, min(86_400, zone(milliseconds)))) * 1000
      let first: Int64 = -62_167_219_200_000
      let last: Int64 = 253_402_300_799_999
      let bounded = max(first + 86_400_000, min(last - 86_400_000, milliseconds))
      self.init(exactly: bounded == milliseconds ? milliseconds + offset : bounded)
    }

    init(exactly moment: Int64) {
      let (whole, left) = moment.quotientAndRemainder(dividingBy: 86_400_000)
      let (days, rest) = left < 0 ? (whole - 1, left + 86_400_000) : (whole, left)
      hour = rest / 3_600_000
      minute = rest / 60_000 % 60
      second = rest / 1000 % 60
      millisecond = rest % 1000
      let date = CalendarDay(number: Int(days)).components
      (year, month, day) = (Int64(date.year), Int64(date.month), Int64(date.day))
    }

    func appendDay(to out: inout [UInt8]) {
      if (0...9999).contains(year) {
        Timestamp.append(year, digits: 4, to: &out)
      } else {
        out.append(UInt8(ascii: year < 0 ? "-" : "+"))
        Timestamp.append(abs(year), digits: abs(year) > 999_999 ? 9 : 6, to: &out)
      }
      out.append(UInt8(ascii: "-"))
      Timestamp.append(month, digits: 2, to: &out)
      out.append(UInt8(ascii: "-"))
      Timestamp.append(day, digits: 2, to: &out)
    }

    func appendMinute(to out: inout [UInt8]) {
      Timestamp.append(hour, digits: 2, to: &out)
      out.append(UInt8(ascii: ":"))
      Timestamp.append(minute, digits: 2, to: &out)
    }
  }
}
