/// Where a redirect may lead: the same origin, or the same host by https; never back to http, never
/// to another host, because credentials would go along.
enum Redirect {
  /// The most redirects followed for one request.
  static let most = 5

  /// Where a request may be led to.
  enum Rule {
    /// To where it came from, because credentials go along.
    case sameHost
    /// To any host, for nothing of the person's goes along; but not from safe to open, and from
    /// outside not into this machine.
    case anyHost
  }

  /// The address to go on to; nil when the answer is no redirect to be followed.
  ///
  /// - Throws: `.refusedByUs` for a target outside those rules.
  static func target(
    of response: HTTPResponse, method: String, _ rule: Rule = .sameHost
  ) throws(TransportError) -> WebAddress? {
    guard
      [301, 302, 307, 308].contains(response.status)
        || (response.status == 303 && rule == .anyHost),
      let location = response.headers["location"]
    else { return nil }
    func refused(_ words: String) -> TransportError {
      TransportError(
        kind: .refusedByUs, method: method, url: response.address.shown, status: response.status,
        detail: words, reason: response.reason ?? .redirected)
    }
    let from = response.address
    guard let to = WebAddress(location, relativeTo: from) else {
      throw refused("redirect to an address that is no http(s) URL, or that carries a login")
    }
    // A server that says "moved here" to MKCOL says that the collection is there.
    if method == "MKCOL", to.asCollection == from.asCollection { return nil }
    if rule == .anyHost {
      guard to.scheme == "https" || from.scheme == "http" else {
        throw refused("redirect from https to http")
      }
      guard !to.isLoopback || from.isLoopback else {
        throw refused("redirect into this machine, \(to.host)")
      }
      return to
    }
    guard to.host == from.host else { throw refused("redirect to another host, \(to.host)") }
    let sameOrigin = to.scheme == from.scheme && to.port == from.port
    guard sameOrigin || (from.scheme == "http" && to.scheme == "https") else {
      throw refused("redirect to another origin, \(to.scheme)://\(to.host):\(to.port)")
    }
    // Writing elsewhere than under the name would be no write; asking elsewhere is a login page.
    guard method == "GET" || to.lastComponent == from.lastComponent else {
      throw refused("redirect to another name: a login page?")
    }
    return to
  }
}
