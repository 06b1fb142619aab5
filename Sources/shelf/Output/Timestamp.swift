/// Moments, as milliseconds since 1970 UTC, written for programs (RFC 3339) and for people.
///
/// Own arithmetic of the Gregorian calendar, because a date formatter costs more than the whole
/// listing. Moments outside the years 0 to 9999, which RFC 3339 cannot write, are clamped.
enum Timestamp {
  /// The seconds that local time is ahead of UTC at a moment.
  typealias Zone = @Sendable (_ milliseconds: Int64) -> Int

  /// UTC itself.
  static let utc: Zone = { _ in 0 }

  /// `2025-10-02T08:00:00.123Z` (RFC 3339 section 5.6).
  static func append(_ milliseconds: Int64, to out: inout [UInt8]) {
    let fields = Fields(milliseconds)
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
  static func rfc3339(_ milliseconds: Int64) -> String {
    var out: [UInt8] = []
    append(milliseconds, to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// `2025-10-02` where the person is.
  static func day(_ milliseconds: Int64, in zone: Zone) -> String {
    var out: [UInt8] = []
    Fields(milliseconds, zone).appendDay(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// `2025-10-02 16:00` where the person is.
  static func minute(_ milliseconds: Int64, in zone: Zone) -> String {
    var out: [UInt8] = []
    let fields = Fields(milliseconds, zone)
    fields.appendDay(to: &out)
    out.append(UInt8(ascii: " "))
    fields.appendMinute(to: &out)
    return String(decoding: out, as: UTF8.self)
  }

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
      let moment = bounded == milliseconds ? milliseconds + offset : bounded
      let days = moment >= 0 ? moment / 86_400_000 : (moment - 86_399_999) / 86_400_000
      let rest = moment - days * 86_400_000
      hour = rest / 3_600_000
      minute = rest / 60_000 % 60
      second = rest / 1000 % 60
      millisecond = rest % 1000
      (year, month, day) = Self.civil(days)
    }

    /// The day that is `days` after 1970-01-01 (Hinnant, "chrono-compatible date algorithms").
    /// Years run from March, so that the leap day is the last; -719468 is 0000-03-01.
    private static func civil(_ days: Int64) -> (Int64, Int64, Int64) {
      let shifted = days + 719_468
      let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
      let dayOfEra = shifted - era * 146_097
      let leaps = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
      let yearOfEra = (dayOfEra - leaps) / 365
      let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
      let shiftedMonth = (5 * dayOfYear + 2) / 153
      let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
      let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
      return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    func appendDay(to out: inout [UInt8]) {
      Timestamp.append(year, digits: 4, to: &out)
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
