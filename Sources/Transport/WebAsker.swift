/// Asks servers for what is there by now: for sources of digests, which are asked again and again,
/// and owe their servers manners.
///
/// Invariants: each ask is one request but for redirects, sent once and never again by itself; no
/// login goes with it; one connection is open to a server at a time.
package final class WebAsker {
  private let profile: RemoteProfile
  private let client: HTTPClient

  /// - Parameters:
  ///   - profile: time-outs and proxy; its address is not looked at, and it holds no login.
  ///   - whileWaiting: called a few times a second while an answer is waited for.
  package init(
    _ profile: RemoteProfile, pace: Pace, whileWaiting: @escaping () -> Void = {}
  ) throws(TransportError) {
    self.profile = profile
    client = try HTTPClient(profile: profile, pace: pace, tries: 1, redirects: .anyHost)
    client.whileWaiting = whileWaiting
  }

  /// The host of an http(s) address, as its server is known; nil where it is none, or carries a
  /// login.
  package static func host(of url: String) -> String? {
    (try? CurlLibrary.open()).flatMap { WebAddress(url)?.host }
  }

  /// The answer to one request, of whatever status.
  /// - Parameters:
  ///   - headers: whole lines, such as `If-None-Match: …`.
  ///   - limit: the most bytes accepted, unpacked.
  /// - Throws: ``TransportError`` where there is no answer, or only a part of one.
  package func ask(
    _ url: String, headers: [String] = [], limit: Int
  ) throws(TransportError) -> WebAnswer {
    guard let address = WebAddress(url) else {
      throw TransportError(
        kind: .refusedByUs, method: "GET", url: url.contains("@") ? "(hidden)" : url,
        detail: "not an http(s) URL without user and password", reason: .address)
    }
    var request = HTTPRequest(method: "GET", address: address, limit: limit)
    request.headers = headers
    request.mayBePacked = true
    let answer = try client.send(request)
    return WebAnswer(
      status: answer.status, body: answer.body, type: answer.headers["content-type"],
      etag: answer.headers["etag"], modified: answer.headers["last-modified"],
      retryAfter: answer.headers["retry-after"].flatMap {
        RetryPolicy.pause(asked: $0, now: client.now)
      },
      moved: answer.moved?.text, shown: answer.address.shown)
  }
}

/// What a server answered.
package struct WebAnswer {
  /// The HTTP status.
  package let status: Int
  /// The bytes, unpacked.
  package let body: [UInt8]
  /// `Content-Type`
  package let type: String?
  /// `ETag`, byte for byte.
  package let etag: String?
  /// `Last-Modified`, byte for byte.
  package let modified: String?
  /// Seconds from now after which it wants to be asked again.
  package let retryAfter: Double?
  /// Where the address moved to for good.
  package let moved: String?
  /// Where the answer came from, without its query.
  package let shown: String

  /// Whether the server says that it wants to be left alone for a while.
  package var isBusy: Bool { status == 429 || (status == 503 && retryAfter != nil) }
  /// Whether what is there is what was there.
  package var isUnchanged: Bool { status == 304 }
  /// Whether there is nothing at the address.
  package var isMissing: Bool { status == 404 || status == 410 }
}
