import Papers

/// RFC 3339 times in UTC with milliseconds, as exports have them, without Foundation's formatters.
enum Timestamp {
  /// Milliseconds since 1970 UTC; nil when `text` is no RFC 3339 time.
  static func milliseconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40, bytes[10] | 0x20 == UInt8(ascii: "t"),
      let date = PaperDate(String(text.prefix(10))), let hour = number(bytes, 11),
      let minute = number(bytes, 14), let second = number(bytes, 17),
      bytes[13] == Byte.colon, bytes[16] == Byte.colon, hour < 24, minute < 60, second <= 60
    else { return nil }
    var index = 19
    var fraction: Int64 = 0
    if bytes[index] == UInt8(ascii: ".") {
      index += 1
      var unit: Int64 = 100
      while index < bytes.count, Byte.isDigit(bytes[index]) {
        fraction += Int64(bytes[index] - 0x30) * unit
        unit /= 10
        index += 1
      }
    }
    guard let offset = offset(bytes, index) else { return nil }
    let clock = Int64(hour * 3600 + minute * 60 + min(second, 59)) - Int64(offset * 60)
    return (days(date) * 86_400 + clock) * 1000 + fraction
  }

  private static func number(_ bytes: [UInt8], _ index: Int) -> Int? {
    guard index + 1 < bytes.count, Byte.isDigit(bytes[index]), Byte.isDigit(bytes[index + 1])
    else { return nil }
    return Int(bytes[index] - 0x30) * 10 + Int(bytes[index + 1] - 0x30)
  }

  /// Minutes east of Greenwich of `Z` or `±hh:mm` at the end.
  private static func offset(_ bytes: [UInt8], _ index: Int) -> Int? {
    guard index < bytes.count else { return nil }
    if bytes[index] | 0x20 == UInt8(ascii: "z") { return index + 1 == bytes.count ? 0 : nil }
    let sign = bytes[index] == UInt8(ascii: "-") ? -1 : 1
    guard sign == -1 || bytes[index] == UInt8(ascii: "+"), index + 6 == bytes.count,
      let hours = number(bytes, index + 1), let minutes = number(bytes, index + 4)
    else { return nil }
    return sign * (hours * 60 + minutes)
  }

  /// Days since 1970-01-01 in the Gregorian calendar (Hinnant, `days_from_civil`).
  private static func days(_ date: PaperDate) -> Int64 {
    let parts = date.text.split(separator: "-").compactMap { Int64($0) }
    guard parts.count == 3 else { return 0 }
    let year = parts[1] <= 2 ? parts[0] - 1 : parts[0]
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let month = parts[1] + (parts[1] > 2 ? -3 : 9)
    let dayOfYear = (153 * month + 2) / 5 + parts[2] - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
