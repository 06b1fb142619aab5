/// What went wrong between here and the remote folder. Facts only; words are made in `shelf`.
package struct TransportError: Error, Hashable, Sendable {
  /// What kind of trouble it is: decides the exit code and the advice.
  package enum Kind: Hashable, Sendable {
    /// No answer: name, route, connection, time-out.
    case unreachable
    /// The server wants other credentials (401, 403 without write rights, 407).
    case unauthorized
    /// The other side is not trusted by TLS.
    case tls
    /// No TLS was agreed on: the connection broke meanwhile, or something else is spoken there.
    case handshake
    /// The server refuses writing (403, 405, read-only file system).
    case readOnly
    /// No room (507, ENOSPC), or none for so much at once (413).
    case full
    /// The answer makes no sense as what it should be (HTML, broken XML, too large, cut).
    case garbled
    /// The server says try later, and still did after our retries (429, 503, 423).
    case busy
    /// Not allowed by our own rules: credentials over plain http, redirect to another host.
    case refusedByUs
    /// Local trouble: libcurl missing, a file of the profile unreadable, I/O of a directory.
    case local
  }

  /// What the answer says of its reason, where what to do depends on it.
  package enum Reason: Hashable, Sendable {
    /// The bucket is in another region than the one that was signed for; its name where it is told.
    case otherRegion(String?)
    /// The clocks of the two sides are too far apart for a signature to hold.
    case clockSkewed
    /// The key is known and may not do this.
    case noRight
    /// Nobody has this access key.
    case unknownKey
    /// The secret key is another one.
    case wrongSignature
    /// There is no such bucket.
    case noBucket
    /// The address names no bucket.
    case noBucketNamed
    /// The person's own share of the room is used up.
    case quota
    /// A web page came where no page is: a login page of the network, or another place.
    case webPage
    /// The answer leads to where nothing of ours goes: another host, or back to http.
    case redirected
    /// The address carries a user or password, or is none.
    case address
    /// The server's certificate was valid once.
    case expiredCertificate
    /// The server's certificate will be valid, by the clock of this machine.
    case earlyCertificate
    /// The server's certificate is for another name.
    case otherName
    /// The file of the authorities to trust is missing, or holds no certificate.
    case authorityFile
    /// What answers speaks no HTTP, or none that makes sense.
    case noHTTP
    /// The server failed at the same request each time (500, 502, 504).
    case serverFault
    /// The server said when to come back, in seconds since 1970, and that is long from now
    /// (RFC 9110 section 10.2.3).
    case notBefore(Int64)
    /// The answer is larger than it may be.
    case tooLarge
    /// The request is larger than the server takes.
    case requestTooLarge
    /// What was just replaced came back as it was before.
    case oldAnswer
    /// The folder became a link since it was last used, and holds nothing of ours.
    case becameLink
    /// The folder is on another file system than last time, and holds nothing of ours.
    case otherFileSystem
  }

  /// The kind.
  package var kind: Kind
  /// The reason, where the answer tells one of those that are known.
  package var reason: Reason?
  /// Whether it is about a folder of this machine: there is no server and no network then.
  package var isOfFolder: Bool
  /// `GET`, `PUT`, `PROPFIND`, … or the verb of the folder for a directory.
  package var method: String
  /// The URL without user, password and query, or the path.
  package var url: String
  /// The HTTP status, where one came.
  package var status: Int?
  /// libcurl's, the server's or the system's own words, one line, bounded, secrets removed.
  package var detail: String

  /// An error with everything said.
  package init(
    kind: Kind, method: String, url: String, status: Int? = nil, detail: String,
    reason: Reason? = nil, isOfFolder: Bool = false
  ) {
    self.kind = kind
    self.reason = reason
    self.isOfFolder = isOfFolder
    self.method = method
    self.url = url
    self.status = status
    self.detail = detail
  }
}
