import Glibc
import Papers
import Transport

/// What went wrong in the background and was not mended since: for the dashboard and `sync status`,
/// and to leave alone a server that is away.
struct BackgroundTrouble: Equatable {
  /// When it began, milliseconds since 1970 UTC.
  var since: Int64
  /// When it was last so.
  var last: Int64
  /// How often in a row.
  var tries: Int
  /// Not to be tried before.
  var next: Int64
  /// Whether it may pass by itself; else somebody has to do something first.
  var mayPass: Bool
  /// What happened, in one line.
  var message: String

  private static let minute: Int64 = 60_000
  private static let hour = 60 * minute
  /// After so long it is tried again only when something is to be sent.
  private static let patience = 24 * hour

  /// One more after `earlier`.
  /// - Parameter spread: 0 ..< 1, so that machines do not all come back together.
  init(
    _ error: any Error, after earlier: BackgroundTrouble?, _ now: Int64, spread: Double
  ) {
    let failure = Failure(error)
    since = earlier?.since ?? now
    last = now
    tries = (earlier?.tries ?? 0) + 1
    let pause = min(Self.minute << Int64(min(tries - 1, 6)), Self.hour)
    next = now + pause + Int64(Double(pause) * 0.1 * spread)
    if case .notBefore(let seconds)? = (error as? TransportError)?.reason,
      seconds < now / 1000 + 7 * 86_400
    {
      next = max(next, seconds * 1000)
    }
    mayPass =
      [.unreachable, .busy, .inputOutput, .cannotWrite].contains(failure.status)
      || (error as? TransportError)?.mayBeOfTheNetwork == true
    message = Printable.line(OneLine.flat(failure.message))
  }

  /// As it is kept.
  init?(_ text: String) {
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = lines[0].split(separator: " ").compactMap { Int64($0) }
    guard lines.count == 2, numbers.count == 5 else { return nil }
    (since, last, tries) = (numbers[0], numbers[1], Int(clamping: numbers[2]))
    (next, mayPass) = (numbers[3], numbers[4] == 1)
    message = String(lines[1].prefix { $0 != "\n" })
  }

  /// As it is kept.
  var text: String { "\(since) \(last) \(tries) \(next) \(mayPass ? 1 : 0)\n\(message)\n" }

  /// `failed by itself at 2026-11-29 08:12 (3 times): the server does not answer (…)`
  func words(_ world: World) -> String {
    let times = tries > 1 ? " (\(tries) times)" : ""
    return "failed by itself at \(Timestamp.minute(last, in: world.zone))\(times): \(message)"
  }

  /// Whether it may be tried again. A clock that was set back keeps nobody waiting.
  func isOver(_ now: Int64) -> Bool { now >= next || now < last }

  /// When to try again without being asked to; nil for never.
  var retry: Int64? { mayPass && last - since < Self.patience ? next : nil }
}

extension TransportError {
  /// Whether a network that wants a login first may have answered in the server's place: by a
  /// redirect, or under a certificate of its own.
  fileprivate var mayBeOfTheNetwork: Bool {
    reason == .redirected || kind == .tls || kind == .handshake
  }
}

/// The troubles of a home, each in a file. What may be forgotten: no failure to keep one fails
/// anything.
struct BackgroundTroubles {
  /// What is done in the background.
  enum Work: String { case sync, keep }

  private let folder: String

  init(_ paths: Paths) { folder = Paths.join(BackgroundDoor(paths).folder, "troubles") }

  private func path(_ work: Work, _ name: String) -> String {
    Paths.join(folder, work.rawValue + "." + Draft.name(name))
  }

  /// That of a remote, or of a file that is kept.
  func known(_ work: Work, _ name: String) -> BackgroundTrouble? {
    (try? Files.text(path(work, name), limit: 64 << 10)).flatMap { BackgroundTrouble($0) }
  }

  /// Keeps one.
  func keep(_ trouble: BackgroundTrouble, _ work: Work, _ name: String) {
    let path = path(work, name)
    try? Files.makeFolder(folder)
    try? Files.replace(path, mode: 0o600, isFlushed: false) { descriptor in
      try Files.write(Array(trouble.text.utf8), to: descriptor, path)
    }
  }

  /// It is well again.
  func forget(_ work: Work, _ name: String) { unlink(path(work, name)) }
}
