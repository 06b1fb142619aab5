import CCurl
import URLText

/// An http(s) URL in parts, taken apart by the parser that also makes the request, so that a check
/// of host or scheme here cannot differ from where libcurl goes.
///
/// Invariants: scheme is `http` or `https`; there is no user, password or fragment; `path` begins
/// with a slash and is percent-encoded.
struct WebAddress: Hashable {
  private(set) var scheme: String
  let host: String
  private(set) var port: String
  var path: String
  var query: String?

  /// Parses `text`, relative to `base` where given (RFC 3986 section 5). Nil when it is not an
  /// http(s) URL or carries a user or password. What a URL cannot hold as it is (Chinese, a space)
  /// is percent-encoded, so a path is ASCII and compares byte by byte.
  init?(_ text: String, relativeTo base: WebAddress? = nil) {
    guard let url = ccurl_url_new() else { return nil }
    defer { ccurl_url_free(url) }
    if let base, ccurl_url_set(url, CURLUPART_URL, base.text, 0) != CURLUE_OK { return nil }
    guard ccurl_url_set(url, CURLUPART_URL, text, CCURL_URL_ENCODE) == CURLUE_OK else { return nil }
    func part(_ part: CURLUPart) -> String? {
      var found: UnsafeMutablePointer<CChar>?
      guard ccurl_url_get(url, part, &found, CCURL_URL_DEFAULT_PORT) == CURLUE_OK, let found else {
        return nil
      }
      defer { ccurl_free(found) }
      return String(cString: found)
    }
    guard let scheme = part(CURLUPART_SCHEME), ["http", "https"].contains(scheme),
      let host = part(CURLUPART_HOST), let port = part(CURLUPART_PORT),
      part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil, Self.isKept(host)
    else { return nil }
    self.scheme = scheme
    self.host = host.lowercased()
    self.port = port
    self.path = part(CURLUPART_PATH) ?? "/"
    self.query = part(CURLUPART_QUERY)
  }

  /// Whether `host`, as the parser gave it, is read as the same host when it is written out.
  /// Decoded once, `%2525` still holds an escape, and `%38` is the number 8, which is the address
  /// 0.0.0.8.
  private static func isKept(_ host: String) -> Bool {
    guard let url = ccurl_url_new() else { return false }
    defer { ccurl_url_free(url) }
    var found: UnsafeMutablePointer<CChar>?
    guard ccurl_url_set(url, CURLUPART_URL, "http://\(host)/", 0) == CURLUE_OK,
      ccurl_url_get(url, CURLUPART_HOST, &found, 0) == CURLUE_OK, let found
    else { return false }
    defer { ccurl_free(found) }
    return String(cString: found) == host
  }

  /// The whole URL.
  var text: String { shown + (query.map { "?" + $0 } ?? "") }

  /// The URL without its query: for messages.
  var shown: String {
    let usual = scheme == "https" ? "443" : "80"
    return "\(scheme)://\(host)\(port == usual ? "" : ":" + port)\(path)"
  }

  /// Whether the bytes stay on this machine.
  var isLoopback: Bool {
    host == "localhost" || host == "[::1]"
      || (host.hasPrefix("127.") && host.utf8.allSatisfy { $0 == 0x2E || (0x30...0x39) ~= $0 })
  }

  /// The same by http, at its usual port.
  var inTheClear: WebAddress {
    var copy = self
    (copy.scheme, copy.port) = ("http", "80")
    return copy
  }

  /// The same address with a slash at its end.
  var asCollection: WebAddress {
    var copy = self
    if !copy.path.hasSuffix("/") { copy.path += "/" }
    return copy
  }

  /// The same address with its path written as S3 signs it (Amazon's "Create a signed AWS API
  /// request", canonical URI): every byte but the unreserved of RFC 3986 section 2.3 and the slash
  /// as `%XX` in upper case. Sent otherwise, it is another path to the one who checks.
  var asSigned: WebAddress {
    var copy = self
    let bytes = Array(path.utf8)
    let decoded = PercentEncoding.decode(bytes.span, in: 0..<bytes.count)
    copy.path = PercentEncoding(marks: "-._~/").encode(decoded)
    return copy
  }

  /// The file `name` in this collection.
  func file(_ name: RemoteName) -> WebAddress {
    var copy = asCollection
    copy.path += name.text
    return copy
  }

  /// The collection above, nil at the root.
  var parent: WebAddress? {
    let inner = path.split(separator: "/", omittingEmptySubsequences: true)
    guard !inner.isEmpty else { return nil }
    var copy = self
    copy.path = inner.dropLast().reduce("/") { $0 + $1 + "/" }
    return copy
  }

  /// The last component of the path, without slashes.
  var lastComponent: Substring { path.split(separator: "/").last ?? "" }
}
