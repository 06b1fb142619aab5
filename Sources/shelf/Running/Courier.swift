import Arrivals
import Papers
import Store
import Transport

/// Asks servers for what sources say, and keeps its manners: one request after the other, three
/// seconds between two to one host, a host that wants to be left alone is, and one that gave no
/// answer is not asked again in this run.
final class Courier {
  /// What became of an ask.
  enum Reply {
    case answer(WebAnswer)
    /// It was not asked, for it wants to be left alone until then, milliseconds since 1970.
    case leftAlone(until: Int64)
    case failed(Failure)
  }

  /// What hosts asked for.
  private(set) var hosts: HostMemory
  /// How many requests were made.
  private(set) var requests = 0
  private let world: World
  private let timeout: Double
  private let whileWaiting: () -> Void
  private var askers: [Bool: WebAsker] = [:]
  private var silent: [String: Failure] = [:]

  /// The most bytes of an answer, unpacked.
  private static let limit = 32 << 20

  /// - Parameters:
  ///   - hosts: what hosts asked for in earlier runs.
  ///   - timeout: seconds that one answer may take.
  ///   - whileWaiting: called a few times a second while an answer is waited for.
  init(
    _ world: World, _ hosts: HostMemory, timeout: Double = 60,
    whileWaiting: @escaping () -> Void = {}
  ) {
    self.world = world
    self.hosts = hosts
    self.timeout = timeout
    self.whileWaiting = whileWaiting
  }

  /// Asks for what is at an address.
  /// - Parameter validators: what is known of it.
  func ask(_ url: String, knowing validators: Validators = Validators()) -> Reply {
    do {
      let asker = try asker(for: url)
      guard let host = WebAsker.host(of: url) else {
        return .failed(Failure(.refused, "“\(url)” is no address that is asked"))
      }
      if let until = hosts.ban(host, at: world.now()) { return .leftAlone(until: until) }
      if let failure = silent[host] { return .failed(failure) }
      let pause = hosts.wait(host, at: world.now())
      if pause > 0 { world.sleep(Double(pause) / 1000) }
      return try ask(asker, url, host, validators)
    } catch {
      return .failed(SourceWords.failure(error))
    }
  }

  private func ask(
    _ asker: WebAsker, _ url: String, _ host: String, _ validators: Validators
  ) throws(TransportError) -> Reply {
    requests += 1
    hosts.ask(host, at: world.now())
    defer { hosts.ask(host, at: world.now()) }
    do {
      return .answer(try asker.ask(url, headers: validators.headers, limit: Self.limit))
    } catch {
      let failure = SourceWords.failure(error)
      if error.kind == .unreachable || error.kind == .handshake { silent[host] = failure }
      return .failed(failure)
    }
  }

  /// Whether a host may be asked at once.
  func mayAskAtOnce(_ url: String) -> Bool {
    guard let host = WebAsker.host(of: url) else { return false }
    let now = world.now()
    return hosts.ban(host, at: now) == nil && hosts.wait(host, at: now) == 0
  }

  /// Notes that a server wants to be left alone.
  /// - Parameter failures: how often it said so before.
  /// - Returns: until when.
  func leaveAlone(_ url: String, _ answer: WebAnswer, failures: Int) -> Int64 {
    let host = WebAsker.host(of: url) ?? ""
    return hosts.ban(host, seconds: answer.retryAfter, failures: failures, at: world.now())
  }

  /// Keeps what servers asked for, beside what another shelf kept meanwhile.
  func keepHosts(in memory: SourceMemory) throws {
    let now = world.now()
    let kept = HostMemory(kept: try memory.value(KnownSource.hostsKey))
    try memory.set(KnownSource.hostsKey, hosts.merged(with: kept, at: now).json(at: now))
  }

  /// The proxy depends on the scheme.
  private func asker(for url: String) throws(TransportError) -> WebAsker {
    let isSecure = url.prefix(6).lowercased() == "https:"
    if let asker = askers[isSecure] { return asker }
    var profile = RemoteProfile(url: url, timeout: timeout, idleTimeout: 20)
    profile.loopback = world.loopback
    if profile.loopback == nil { Proxy(world).apply(to: &profile, configured: nil) }
    let asker = try WebAsker(profile, pace: world.toldPace, whileWaiting: whileWaiting)
    askers[isSecure] = asker
    return asker
  }
}
