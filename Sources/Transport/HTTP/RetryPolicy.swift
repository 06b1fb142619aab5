import Glibc

/// When a request is worth sending again, and after how long.
///
/// Every request of the folders may be repeated: a file is written whole and reading changes
/// nothing.
enum RetryPolicy {
  /// The most times one request is sent, the first included.
  static let tries = 4
  /// A server that asks for a longer pause than this is not waited for, in seconds.
  static let longestPause = 60.0

  /// Whether the status says that the same request may do better later.
  static func mayPass(status: Int) -> Bool {
    switch status {
    case 408, 423, 425, 429: true
    case 501, 505, 507, 508, 510, 511: false
    case 500...599: true
    default: false
    }
  }

  /// Whether the failure may be of the moment.
  static func mayPass(_ failure: TransferFailure.Kind) -> Bool {
    switch failure {
    case .noConnection, .broken, .framing, .handshake: true
    case .tls, .tooLarge, .garbled, .noHTTP, .local, .authority, .login: false
    }
  }

  /// Exponential backoff with jitter: between half and all of 0.5, 1, 2, … seconds, at most 20.
  static func backoff(afterTries tries: Int, random: Double) -> Double {
    min(20, 0.5 * pow(2, Double(max(0, tries - 1)))) * (0.5 + random / 2)
  }

  /// The pause that a Retry-After header asks for, in seconds (RFC 9110 section 10.2.3): a number
  /// of seconds or a date. Nil when there is none or it makes no sense.
  static func pause(asked header: String?, now: Double) -> Double? {
    guard let header else { return nil }
    if let seconds = UInt32(header) { return Double(seconds) }
    guard let date = HTTPDate.seconds(header) else { return nil }
    return max(0, date - now)
  }
}

/// The one date form that senders must use (RFC 9110 section 5.6.7, IMF-fixdate), read without
/// locale data.
enum HTTPDate {
  /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`; nil for anything else.
  static func seconds(_ text: String) -> Double? {
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])),
      let day = Int(parts[1]), let year = Int(parts[3]), (1970...9999).contains(year)
    else { return nil }
    let clock = parts[4].split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3, (1...31).contains(day), clock.allSatisfy({ (0...60).contains($0) })
    else { return nil }
    var utc = tm()
    utc.tm_year = Int32(year - 1900)
    utc.tm_mon = Int32(month)
    utc.tm_mday = Int32(day)
    utc.tm_hour = Int32(clock[0])
    utc.tm_min = Int32(clock[1])
    utc.tm_sec = Int32(clock[2])
    return Double(timegm(&utc))
  }
}
