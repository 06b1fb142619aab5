/// Requests by the wire rules of sync: credentials only where they may go, redirects by hand,
/// retries with backoff, one step back to HTTP/1.1, everything within one time-out.
///
/// Invariants: a request goes out only after `mayCarryLogin`; after `profile.timeout` seconds by
/// `pace` no request is begun; no secret is in an error, in whatever encoding it came back.
final class HTTPClient {
  let profile: RemoteProfile
  private let pace: Pace
  private let session: CurlSession
  private let tries: Int
  private let redirects: Redirect.Rule
  /// Called a few times a second while an answer is waited for.
  var whileWaiting: () -> Void = {}
  /// Seconds that brought no answer, and since when they are counted.
  private var barren = (seconds: 0.0, since: 0.0)
  /// Since when answers are waited for.
  private var askedAt = 0.0
  private var isSilenceTold = false
  private var longestPauseTold = 0.0
  /// Who is asked.
  private var host = ""

  /// Seconds without an answer after which that is told.
  private static let longSilence = 10.0
  /// When seconds without an answer are forgotten.
  private static let barrenSpan = 3600.0
  /// A pause between two tries of so many seconds is told.
  private static let longPause = 3.0

  /// - Parameters:
  ///   - tries: the most times a request is sent.
  ///   - redirects: where it may be led to; to another host only without a login.
  init(
    profile: RemoteProfile, pace: Pace, tries: Int = RetryPolicy.tries,
    redirects: Redirect.Rule = .sameHost
  ) throws(TransportError) {
    self.profile = profile
    self.pace = pace
    self.tries = tries
    self.redirects = profile.auth == .none ? redirects : .sameHost
    session = try CurlSession(profile: profile)
    session.whileWaiting = { [weak self] in self?.waited() }
  }

  private func waited() {
    whileWaiting()
    guard !isSilenceTold, now - askedAt >= Self.longSilence else { return }
    isSilenceTold = true
    pace.onWait(.answer(host: host, atMost: profile.timeout))
  }

  /// Seconds since 1970.
  var now: Double { pace.now() }

  /// A name for one of several questions that nobody asked before.
  func chance() -> String { String(UInt64(pace.random() * 0x1p52), radix: 16) }

  /// What has crossed the wire.
  var traffic: Traffic { session.traffic }

  /// One request; see ``send(_:)``.
  func send(_ request: HTTPRequest) throws(TransportError) -> HTTPResponse {
    guard let result = send([request]).first else { throw stopped(request, "nothing was sent") }
    return try result.get()
  }

  /// All requests, in parallel, each to its last answer: an answer of any status is a success
  /// here. Answers come in the order of the requests.
  ///
  /// A server that lets each answer drip until its time is up is left alone for the rest of the
  /// hour after twice that time: else a sync would take that long for each of its questions.
  func send(_ requests: [HTTPRequest]) -> [Result<HTTPResponse, TransportError>] {
    let start = now
    if start - barren.since >= Self.barrenSpan { barren = (0, start) }
    guard barren.seconds < 2 * profile.timeout else {
      return requests.map { .failure(givenUp($0).hiding(profile)) }
    }
    let results = sendAll(requests)
    let isBarren = results.contains { result in
      if case .failure(let error) = result { error.kind == .unreachable } else { false }
    }
    if isBarren { barren.seconds += now - start }
    return results
  }

  private func sendAll(_ requests: [HTTPRequest]) -> [Result<HTTPResponse, TransportError>] {
    let deadline = pace.now() + profile.timeout
    host = requests.first?.address.host ?? ""
    var results = [Result<HTTPResponse, TransportError>?](repeating: nil, count: requests.count)
    var open = requests.indices.map { Attempt(index: $0, request: requests[$0]) }
    while !open.isEmpty {
      let round = open
      open = []
      var pause = 0.0
      for (attempt, outcome) in zip(round, sendOnce(round, until: deadline)) {
        switch judge(attempt, outcome, deadline: deadline) {
        case .done(let result): results[attempt.index] = result
        case .again(let next, let seconds):
          open.append(next)
          pause = max(pause, seconds)
        }
      }
      rest(pause)
    }
    return zip(requests, results).map { request, result in
      (result ?? .failure(stopped(request, "nothing was sent"))).mapError { $0.hiding(profile) }
    }
  }

  private func rest(_ pause: Double) {
    if pause >= Self.longPause, pause > longestPauseTold {
      longestPauseTold = pause
      pace.onWait(.pause(host: host, seconds: pause))
    }
    if pause > 0 { pace.sleep(pause) }
  }

  /// One request on its way through redirects and retries.
  private struct Attempt {
    let index: Int
    var request: HTTPRequest
    var tries = 1
    var hops = 0
    var fellBack = false
    /// Where it moved to for good, and whether all redirects so far said that.
    var moved: WebAddress?
    var isForGood = true
  }

  private enum Verdict {
    case done(Result<HTTPResponse, TransportError>)
    case again(Attempt, after: Double)
  }

  private typealias Outcome = Result<Result<HTTPResponse, TransferFailure>, TransportError>

  private func sendOnce(_ attempts: [Attempt], until deadline: Double) -> [Outcome] {
    // The addresses of one call share their origin but for redirects, so one check tells for all.
    for attempt in attempts {
      if let refusal = refusal(of: attempt.request) {
        return attempts.map { _ in .failure(refusal) }
      }
    }
    askedAt = pace.now()
    return session.run(attempts.map(\.request)) { deadline - pace.now() }.map { .success($0) }
  }

  private func judge(_ attempt: Attempt, _ outcome: Outcome, deadline: Double) -> Verdict {
    switch outcome {
    case .failure(let refusal): return .done(.failure(refusal))
    case .success(.failure(let failure)): return judge(attempt, failure, deadline: deadline)
    case .success(.success(let response)): return judge(attempt, response, deadline: deadline)
    }
  }

  private func judge(
    _ attempt: Attempt, _ failure: TransferFailure, deadline: Double
  ) -> Verdict {
    if failure.kind == .framing, !attempt.fellBack {
      session.overHTTP1 = true
      var next = attempt
      next.fellBack = true
      return .again(next, after: 0)
    }
    // libcurl 7.88 tells some nonsense in HTTP/2 as a broken connection, and a connection that
    // broke loses nothing by coming back as HTTP/1.1.
    if failure.kind == .broken, attempt.request.address.scheme == "https" {
      session.overHTTP1 = true
    }
    let error = error(failure, attempt.request)
    guard RetryPolicy.mayPass(failure.kind) else { return .done(.failure(error)) }
    return again(attempt, asked: nil, deadline: deadline) ?? .done(.failure(error))
  }

  private func judge(
    _ attempt: Attempt, _ response: HTTPResponse, deadline: Double
  ) -> Verdict {
    do throws(TransportError) {
      if let target = try Redirect.target(
        of: response, method: attempt.request.method, redirects)
      {
        guard attempt.hops < Redirect.most else {
          throw stopped(attempt.request, "more than \(Redirect.most) redirects")
        }
        var next = attempt
        next.hops += 1
        next.request.address = target
        next.isForGood = attempt.isForGood && [301, 308].contains(response.status)
        if next.isForGood { next.moved = target }
        return .again(next, after: 0)
      }
    } catch {
      return .done(.failure(error))
    }
    var response = response
    response.moved = attempt.moved
    guard RetryPolicy.mayPass(status: response.status) else { return .done(.success(response)) }
    let asked = RetryPolicy.pause(asked: response.headers["retry-after"], now: pace.now())
    return again(attempt, asked: asked, deadline: deadline) ?? .done(.success(response))
  }

  /// Why an answer is what it is after all tries, as far as it changes what to do.
  func reason(of answer: HTTPResponse) -> TransportError.Reason? {
    let isPage = answer.isMarkup
    switch answer.status {
    case 511: return .webPage
    case 200...299: return isPage ? .webPage : nil
    case 413: return .requestTooLarge
    case 500, 502, 504: return .serverFault
    default:
      guard RetryPolicy.mayPass(status: answer.status) else { return nil }
      let now = pace.now()
      return RetryPolicy.pause(asked: answer.headers["retry-after"], now: now)
        .flatMap { $0 > RetryPolicy.longestPause ? Int64(exactly: (now + $0).rounded()) : nil }
        .map { .notBefore($0) }
    }
  }

  /// The next try; nil when there is none within the bounds.
  private func again(_ attempt: Attempt, asked: Double?, deadline: Double) -> Verdict? {
    guard attempt.tries < tries else { return nil }
    let backoff = RetryPolicy.backoff(afterTries: attempt.tries, random: pace.random())
    let pause = max(asked ?? 0, backoff)
    guard pause <= RetryPolicy.longestPause, pace.now() + pause < deadline else { return nil }
    var next = attempt
    next.tries += 1
    return .again(next, after: pause)
  }

  /// Why `request` may not go out; nil when it may.
  private func refusal(of request: HTTPRequest) -> TransportError? {
    guard request.address.scheme == "http", profile.auth != .none,
      profile.auth != .clientCertificate, !profile.allowInsecure, !request.address.isLoopback
    else { return nil }
    return TransportError(
      kind: .refusedByUs, method: request.method, url: request.address.shown,
      detail: "credentials over plain http")
  }

  private func givenUp(_ request: HTTPRequest) -> TransportError {
    TransportError(
      kind: .unreachable, method: request.method, url: request.address.shown,
      detail: "answers did not come to their end \(Int(barren.seconds)) seconds long")
  }

  private func stopped(_ request: HTTPRequest, _ words: String) -> TransportError {
    TransportError(
      kind: .garbled, method: request.method, url: request.address.shown, detail: words)
  }

  private func error(_ failure: TransferFailure, _ request: HTTPRequest) -> TransportError {
    let kind: TransportError.Kind =
      switch failure.kind {
      case .noConnection, .broken: .unreachable
      case .tls: .tls
      case .handshake: .handshake
      case .framing, .tooLarge, .garbled, .noHTTP: .garbled
      case .local, .authority: .local
      case .login: .unauthorized
      }
    let words = failure.kind == .tooLarge ? "the answer is larger than allowed" : failure.words
    return TransportError(
      kind: kind, method: request.method, url: request.address.shown,
      detail: Detail.line(words, hiding: profile), reason: Self.reason(failure))
  }

  /// Why there was no answer, as far as it changes what to do.
  static func reason(_ failure: TransferFailure) -> TransportError.Reason? {
    switch failure.kind {
    case .tooLarge: .tooLarge
    case .noHTTP: .noHTTP
    case .authority: .authorityFile
    case .tls: reason(certificate: failure.words)
    default: nil
    }
  }

  /// What is wrong with a certificate, by the words of libcurl and OpenSSL, or GnuTLS. The name is
  /// looked for first: it may hold any word.
  private static func reason(certificate words: String) -> TransportError.Reason? {
    if words.contains("certificate subject name") { return .otherName }
    if words.contains("expired") { return .expiredCertificate }
    return words.contains("not yet valid") ? .earlyCertificate : nil
  }
}
