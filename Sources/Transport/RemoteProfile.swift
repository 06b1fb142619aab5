/// Where a remote folder is and how to get in. A plain value; nothing is opened or checked here.
package struct RemoteProfile: Hashable, Sendable {
  /// How the person is known there.
  package enum Auth: Hashable, Sendable {
    case none
    case basic
    case digest
    case bearer
    /// User and password from ``RemoteProfile/netrcFile``, sent as basic.
    case netrc
    /// Only the TLS client certificate.
    case clientCertificate
    /// AWS Signature Version 4; the user is the access key, the secret the secret key.
    case s3(region: String)
  }

  /// A path, or a URL without user and password. A scheme with a kind in front is understood:
  /// `dav:` `davs:` `webdav:` `webdavs:` `http-put+https:` `s3+https:` and so on.
  package var url: String
  /// What is spoken at an http(s) URL; nil is what usually is.
  package var kind: RemoteKind?
  /// How the person is known there.
  package var auth: Auth
  /// User name or access key.
  package var user: String?
  /// Password, token or secret key.
  package var secret: Secret?
  /// PEM file of the certificate authorities to trust instead of the system's.
  package var caFile: String?
  /// PEM file of a client certificate, with its key unless ``clientKey`` is given.
  package var clientCertificate: String?
  /// PEM file of the client certificate's key.
  package var clientKey: String?
  /// The netrc file of ``Auth/netrc``.
  package var netrcFile: String?
  /// A proxy URL; nil is none. The environment is not looked at.
  package var proxy: String?
  /// Hosts to reach without the proxy, by commas.
  package var noProxy: String?
  /// Allows credentials over plain http to a host that is not loopback.
  package var allowInsecure: Bool
  /// Seconds that one call may take, retries and waiting included.
  package var timeout: Double
  /// Seconds without a hundred bytes each after which a transfer is given up.
  package var idleTimeout: Int
  /// Whether a cache was noticed on the way before: each question goes past it.
  package var passesCache = false
  /// Where every connection goes instead of to its host, which is still named in the request: this
  /// port of 127.0.0.1, in the clear. For tests, in which nothing may leave the machine; nothing
  /// goes there with a login.
  package var loopback: UInt16?

  /// A profile with the usual time-outs; set the rest on the value.
  package init(
    url: String, kind: RemoteKind? = nil, auth: Auth = .none, user: String? = nil,
    secret: Secret? = nil, caFile: String? = nil, clientCertificate: String? = nil,
    clientKey: String? = nil, netrcFile: String? = nil, proxy: String? = nil,
    noProxy: String? = nil, allowInsecure: Bool = false, timeout: Double = 300,
    idleTimeout: Int = 30
  ) {
    self.url = url
    self.kind = kind
    self.auth = auth
    self.user = user
    self.secret = secret
    self.caFile = caFile
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
    self.netrcFile = netrcFile
    self.proxy = proxy
    self.noProxy = noProxy
    self.allowInsecure = allowInsecure
    self.timeout = timeout
    self.idleTimeout = idleTimeout
  }

  /// The kind and the address with the kind's own schemes taken off.
  package func resolved(
    among kinds: [RemoteKind] = RemoteFolders.kinds
  ) -> (kind: RemoteKind, address: String) {
    for kind in kinds { if let address = kind.address(of: url) { return (kind, address) } }
    return (kind ?? .webdav, url)
  }
}
