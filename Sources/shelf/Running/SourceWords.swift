import Arrivals
import Papers
import Transport

/// What became of sources, in words.
enum SourceWords {
  /// Why a server gave no answer.
  static func failure(_ error: TransportError) -> Failure {
    let detail = error.detail.isEmpty ? "" : ": " + error.detail
    let place = " (\(error.method) \(error.url)\(detail))"
    let (status, what): (ExitStatus, String) =
      switch error.kind {
      case .unreachable: (.unreachable, "the server does not answer, or not to the end")
      case .tls: (.refused, "the server's certificate is not trusted")
      case .handshake: (.unreachable, "no safe connection (TLS) came about")
      case .refusedByUs: (.refused, "the answer leads where nothing is asked")
      case .local: (.inputOutput, "trouble on this machine")
      default: (.unreachable, "the answer is none")
      }
    return Failure(status, what + place)
  }

  /// A status that is no digest.
  static func status(_ answer: WebAnswer) -> Failure {
    let meaning =
      switch answer.status {
      case 401, 403, 407, 451: "the server gives it to nobody who is not known there"
      case 404: "there is nothing at the address"
      case 410: "it is gone for good"
      case 500...599: "the server has a fault of its own"
      default: "the server does not give it"
      }
    return Failure(.unreachable, "\(meaning) (GET \(answer.shown) answered \(answer.status))")
  }

  /// `14:05`, or with its day where that is another one.
  static func time(_ milliseconds: Int64, _ world: World) -> String {
    let minute = Timestamp.minute(milliseconds, in: world.zone)
    let isToday = minute.hasPrefix(world.today.text)
    return isToday ? String(minute.suffix(5)) : minute
  }

  /// `today`, `yesterday`, or the day.
  static func day(_ day: PaperDate, _ today: PaperDate) -> String {
    switch CalendarDay(today).number - CalendarDay(day).number {
    case 0: "earlier today"
    case 1: "yesterday"
    default: "on \(day)"
    }
  }

  /// `2026-11-27, 2026-11-28`, or `2026-11-20 … 2026-11-28 (9 days)`.
  static func days(_ days: [PaperDate]) -> String {
    let days = Set(days).sorted()
    guard days.count > 3, let first = days.first, let last = days.last else {
      return days.map(\.text).joined(separator: ", ")
    }
    return "\(first) … \(last), \(days.count) days"
  }
}
