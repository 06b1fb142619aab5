import CCurl

/// One easy handle: set up once from the profile, then used for one request after the other.
///
/// Invariants: the handle is never reset, because a reset forgets the digest nonce; so each
/// request sets every option that any request sets. The sink and the error buffer outlive the
/// handle's use of them: `deinit` frees the handle first.
final class CurlHandle {
  let pointer: UnsafeMutableRawPointer
  /// Whether an answer has come: under digest a nonce is then known, and a PUT carries its body at
  /// once.
  var digestIsOpen = false
  private let sink = ResponseSink()
  private let words = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
  private var lines: UnsafeMutablePointer<curl_slist>?
  /// Where every connection goes, see ``RemoteProfile/loopback``.
  private let route: UnsafeMutablePointer<curl_slist>?
  private var request: HTTPRequest?
  private var isSigning = false

  init?(profile: RemoteProfile) {
    guard let pointer = ccurl_easy_new() else { return nil }
    self.pointer = pointer
    let port = profile.auth == .none ? profile.loopback : nil
    route = port.flatMap { ccurl_list_append(nil, "::127.0.0.1:\($0)") }
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    setTransferRules()
    setTrust(profile)
    setLogin(profile)
    setProxy(profile)
    set(CURLOPT_LOW_SPEED_LIMIT, 100)
    set(CURLOPT_LOW_SPEED_TIME, max(1, profile.idleTimeout))
    set(CURLOPT_CONNECTTIMEOUT_MS, Int(min(15, max(0.001, profile.timeout)) * 1000))
  }

  deinit {
    ccurl_easy_free(pointer)
    ccurl_list_free(lines)
    ccurl_list_free(route)
    words.deallocate()
  }

  /// Sets the handle up for `request`, to end within `seconds`.
  func prepare(_ request: HTTPRequest, seconds: Double, overHTTP1: Bool) {
    self.request = request
    words[0] = 0
    sink.reset(limit: request.limit)
    set(CURLOPT_URL, url(of: request.address))
    set(CURLOPT_ACCEPT_ENCODING, request.mayBePacked ? "" : nil)
    set(CURLOPT_HTTPGET, 1)
    if let body = request.body { setBody(body) }
    set(CURLOPT_CUSTOMREQUEST, request.method == "GET" ? nil : request.method)
    setHeaders(request.headers)
    set(CURLOPT_TIMEOUT_MS, Int(min(max(seconds, 0.001), 1_000_000) * 1000))
    set(CURLOPT_HTTP_VERSION, overHTTP1 ? CCURL_HTTP_1_1 : CCURL_HTTP_2_OVER_TLS)
  }

  private func url(of address: WebAddress) -> String {
    let isRouted = route != nil && !address.isLoopback
    _ = ccurl_set_list(pointer, CURLOPT_CONNECT_TO, isRouted ? route : nil)
    return (isRouted ? address.inTheClear : isSigning ? address.asSigned : address).text
  }

  /// The answer, once libcurl has said that the transfer ended with `code`.
  func answer(_ code: CURLcode) -> Result<HTTPResponse, TransferFailure> {
    guard code == CURLE_OK, let request else {
      let message = words[0] == 0 ? CurlLibrary.words(code) : String(cString: words)
      return .failure(TransferFailure(code, overflowed: sink.overflowed, words: message))
    }
    let status = ccurl_get_long(pointer, CURLINFO_RESPONSE_CODE)
    return .success(
      HTTPResponse(
        status: status, headers: sink.headers, body: sink.body, address: request.address))
  }

  /// What the last transfer moved, all its legs together.
  var traffic: Traffic {
    var traffic = Traffic()
    traffic.requests = max(1, sink.answers)
    // A small body goes out with the head, and libcurl then counts it as head and as upload.
    let uploaded = Int(ccurl_get_offset(pointer, CURLINFO_SIZE_UPLOAD_T))
    let isCounted = (request?.body?.count ?? 0) < 64 * 1024
    traffic.bytesSent =
      ccurl_get_long(pointer, CURLINFO_REQUEST_SIZE) + (isCounted ? 0 : uploaded)
    traffic.bytesReceived =
      ccurl_get_long(pointer, CURLINFO_HEADER_SIZE)
      + Int(ccurl_get_offset(pointer, CURLINFO_SIZE_DOWNLOAD_T))
    return traffic
  }

  private func setTransferRules() {
    let context = Unmanaged.passUnretained(sink).toOpaque()
    _ = ccurl_set_callback(pointer, CURLOPT_WRITEFUNCTION, ResponseSink.onBody)
    _ = ccurl_set_callback(pointer, CURLOPT_HEADERFUNCTION, ResponseSink.onHeader)
    _ = ccurl_set_pointer(pointer, CURLOPT_WRITEDATA, context)
    _ = ccurl_set_pointer(pointer, CURLOPT_HEADERDATA, context)
    _ = ccurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, words)
    set(CURLOPT_NOSIGNAL, 1)
    set(CURLOPT_USERAGENT, "papershelf")
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_FOLLOWLOCATION, 0)
  }

  private func setTrust(_ profile: RemoteProfile) {
    set(CURLOPT_SSLVERSION, CCURL_TLS_1_2)
    set(CURLOPT_SSL_VERIFYPEER, 1)
    set(CURLOPT_SSL_VERIFYHOST, 2)
    if let file = profile.caFile {
      set(CURLOPT_CAINFO, file)
      set(CURLOPT_CAPATH, nil)
    }
    if let file = profile.clientCertificate { set(CURLOPT_SSLCERT, file) }
    if let file = profile.clientKey { set(CURLOPT_SSLKEY, file) }
  }

  private func setLogin(_ profile: RemoteProfile) {
    set(CURLOPT_NETRC, CCURL_NETRC_IGNORED)
    switch profile.auth {
    case .none, .clientCertificate: return
    case .basic: set(CURLOPT_HTTPAUTH, CCURL_AUTH_BASIC)
    case .digest: set(CURLOPT_HTTPAUTH, CCURL_AUTH_DIGEST)
    case .bearer:
      set(CURLOPT_HTTPAUTH, CCURL_AUTH_BEARER)
      set(CURLOPT_XOAUTH2_BEARER, to: profile.secret)
      return
    case .netrc:
      set(CURLOPT_HTTPAUTH, CCURL_AUTH_BASIC)
      set(CURLOPT_NETRC, CCURL_NETRC_REQUIRED)
      if let file = profile.netrcFile { set(CURLOPT_NETRC_FILE, file) }
      return
    case .s3(let region):
      isSigning = true
      set(CURLOPT_AWS_SIGV4, "aws:amz:\(region):s3")
    }
    set(CURLOPT_USERNAME, profile.user ?? "")
    set(CURLOPT_PASSWORD, to: profile.secret)
  }

  private func setProxy(_ profile: RemoteProfile) {
    // An empty proxy keeps libcurl from reading the environment itself.
    set(CURLOPT_PROXY, profile.proxy ?? "")
    set(CURLOPT_NOPROXY, profile.noProxy ?? "")
  }

  /// A body as post fields, not as a read function: libcurl then knows its length, sends it again
  /// by itself when a reused connection turns out closed or the login takes another leg.
  private func setBody(_ body: [UInt8]) {
    set(CURLOPT_POST, 1)
    _ = ccurl_set_offset(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
    body.withUnsafeBytes { bytes in
      // A null pointer would make libcurl ask a read function, so an empty body points anywhere.
      withUnsafePointer(to: UInt8(0)) { nowhere in
        let start = bytes.baseAddress ?? UnsafeRawPointer(nowhere)
        _ = ccurl_set_pointer(
          pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: start))
      }
    }
  }

  private func setHeaders(_ more: [String]) {
    ccurl_list_free(lines)
    lines = nil
    // S3 wants the payload's hash as a header. libcurl 7.88 sends none by itself; leaving the body
    // unsigned is allowed, and every file checks itself. It would also sign the empty value that
    // takes `Expect` away, so there only bodies over 1 MiB, larger than ours, are sent with it.
    let always = isSigning ? "x-amz-content-sha256: UNSIGNED-PAYLOAD" : "Expect:"
    for line in [always] + more {
      guard let longer = ccurl_list_append(lines, line) else { continue }
      lines = longer
    }
    _ = ccurl_set_list(pointer, CURLOPT_HTTPHEADER, lines)
  }

  private func set(_ option: CURLoption, _ value: Int) {
    _ = ccurl_set_long(pointer, option, value)
  }

  private func set(_ option: CURLoption, to secret: Secret?) {
    let bytes = (secret?.revealed ?? []).map { CChar(bitPattern: $0) } + [0]
    _ = ccurl_set_string(pointer, option, bytes)
  }

  private func set(_ option: CURLoption, _ value: String?) {
    _ = ccurl_set_string(pointer, option, value)
  }
}

extension TransferFailure {
  fileprivate init(_ code: CURLcode, overflowed: Bool, words: String) {
    self.init(kind: overflowed ? .tooLarge : Self.kind(code), words: words)
  }

  /// CURLE_TOO_LARGE, which the headers of older versions do not have.
  private static var headerTooLarge: CURLcode { CURLcode(rawValue: 100) }

  private static func kind(_ code: CURLcode) -> Kind {
    switch code {
    case CURLE_COULDNT_CONNECT, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY,
      CURLE_PROXY:
      .noConnection
    case CURLE_HTTP2, CURLE_HTTP2_STREAM: .framing
    case CURLE_SSL_CONNECT_ERROR: .handshake
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR,
      CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT:
      .tls
    case CURLE_SSL_CACERT_BADFILE: .authority
    case CURLE_SSL_CERTPROBLEM, CURLE_FAILED_INIT, CURLE_NOT_BUILT_IN: .local
    // So libcurl tells an answer without the head of one, a status that is none, and a header that
    // it makes no room for. That there was no memory indeed looks like the last.
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_OUT_OF_MEMORY, headerTooLarge:
      .noHTTP
    case CURLE_BAD_CONTENT_ENCODING, CURLE_URL_MALFORMAT: .garbled
    case CURLE_LOGIN_DENIED, CURLE_AUTH_ERROR: .login
    default: .broken
    }
  }
}
