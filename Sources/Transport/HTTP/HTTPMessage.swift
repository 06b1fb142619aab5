/// One request as the folders make it.
struct HTTPRequest {
  var method: String
  var address: WebAddress
  /// Whole header lines, on top of those every request carries.
  var headers: [String] = []
  var body: [UInt8]?
  /// The most body bytes accepted of the answer.
  var limit: Int
  /// Whether the answer may come packed; it is unpacked on its way, and ``limit`` is of what it
  /// holds.
  var mayBePacked = false
}

/// One whole answer.
struct HTTPResponse {
  var status: Int
  /// Names in lower case; the last of several counts.
  var headers: [String: String]
  var body: [UInt8]
  /// Where the answer came from, after redirects.
  var address: WebAddress
  /// Where the address that was asked for moved to for good, as far as the first redirects say so.
  var moved: WebAddress?

  /// Whether the body is a web page or another document of tags.
  var isMarkup: Bool { Self.isMarkup(body) }

  /// Whether bytes begin as a document of tags does; some have a byte order mark before them.
  static func isMarkup(_ bytes: some Sequence<UInt8>) -> Bool {
    bytes.first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "<")
  }

  /// Whether the status is 2xx.
  var isSuccess: Bool { (200...299).contains(status) }
}

/// A transfer that brought no whole answer.
struct TransferFailure: Error {
  /// How it failed, as far as it changes what is done next.
  enum Kind {
    /// No connection could be made: name, route, refused, proxy.
    case noConnection
    /// A connection broke, stalled or ran into the time-out.
    case broken
    /// HTTP/2 was spoken wrongly.
    case framing
    /// The other side was not trusted.
    case tls
    /// TLS could not be agreed on, which is how libcurl tells a connection that breaks meanwhile,
    /// too.
    case handshake
    /// The answer is larger than asked for, in body or headers.
    case tooLarge
    /// The encoding of the answer is broken.
    case garbled
    /// The answer is no HTTP, or has a head that no server gives.
    case noHTTP
    /// A file of the profile cannot be read, or libcurl is without what is needed.
    case local
    /// The file of the authorities to trust is missing, or holds no certificate.
    case authority
    /// The proxy or the login was refused before an answer.
    case login
  }

  var kind: Kind
  var words: String
}
