/// What the hostile server holds and how it answers: WebDAV, plain HTTP and a little S3 over one
/// tree of paths. A value, so that a test can copy, roll back and compare it.
struct HostileState {
  struct Stored: Equatable {
    var bytes: [UInt8]
    /// What stood there before the last write.
    var previous: [UInt8]?
    /// Counts writes: the seed of honest ETags.
    var version: Int
  }

  /// A row of quirks from a seed.
  struct Chance {
    var generator: SeededGenerator
    /// One request in so many meets quirks.
    var every: Int
    var quirks: [HostileQuirk]
    /// The most that one request meets.
    var atOnce: Int

    mutating func draw() -> Set<HostileQuirk> {
      guard Int.random(in: 0..<max(1, every), using: &generator) == 0 else { return [] }
      let count = Int.random(in: 1...max(1, atOnce), using: &generator)
      return Set((0..<count).compactMap { _ in quirks.randomElement(using: &generator) })
    }
  }

  /// How the server wants to be logged in to.
  enum Login: Equatable {
    case none
    case header(String)
    case digest
  }

  var quirks: Set<HostileQuirk> = []
  var login = Login.none
  var files: [String: Stored] = [:]
  var collections: Set<String> = ["/", "/dav/", "/bucket/"]
  var speaksWebDAV = true
  /// Keys of one page of an S3 listing.
  var pageSize = 1000
  var requests: [RecordedRequest] = []
  var port: UInt16 = 0
  /// What every request is answered with; nil answers by what is stored.
  var fixed: HostileReply?
  /// What stands before it.
  var cache: HostileCache?
  /// Whether a name with a query is another name, as on servers that look at the whole target.
  var queriesAreNames = false
  /// Draws other quirks for each request; nil keeps those of `quirks`.
  var chance: Chance?
  /// Says for each request which quirks it meets; nil keeps those of `quirks`.
  var rule: (@Sendable (RecordedRequest) -> Set<HostileQuirk>)?
  private var writes = 0
  private var busyAnswers: [String: Int] = [:]

  mutating func answer(_ request: RecordedRequest) -> HostileReply {
    requests.append(request)
    if let kept = cache?.answer(request) { return kept }
    let reply = freshAnswer(request)
    cache?.keep(reply, for: request)
    return reply
  }

  private mutating func freshAnswer(_ request: RecordedRequest) -> HostileReply {
    if let fixed { return fixed }
    if let drawn = chance?.draw() { quirks = drawn }
    if let rule { quirks = rule(request) }
    if let refused = loginRefusal(request) { return refused }
    if let early = beforeAnything(request) { return early }
    var reply = plainAnswer(request)
    bendWire(request, &reply)
    return reply
  }

  private func has(_ quirk: HostileQuirk) -> Bool { quirks.contains(quirk) }

  private mutating func loginRefusal(_ request: RecordedRequest) -> HostileReply? {
    let isDropped = has(.redirectDropsLogin) && request.path.hasPrefix("/moved/")
    let given = isDropped ? "" : request.headers["authorization"] ?? ""
    switch login {
    case .none: return nil
    case .header(let wanted):
      if given == wanted { return nil }
      if has(.forbiddenWithoutChallenge) { return HostileReply(403, "no") }
      var reply = HostileReply(401, "who are you?")
      reply.headers = ["WWW-Authenticate: Basic realm=\"hostile\""]
      return reply
    case .digest:
      if has(.digestStoresBeforeCheck), request.method == "PUT" {
        store(request.path, request.body)
      }
      if given.hasPrefix("Digest ") { return nil }
      var reply = HostileReply(401, "who are you?")
      reply.headers = ["WWW-Authenticate: Digest realm=\"h\", nonce=\"n\", qop=\"auth\""]
      return reply
    }
  }

  private mutating func beforeAnything(_ request: RecordedRequest) -> HostileReply? {
    if has(.loginPage) || (has(.redirectLogin) && request.path == "/login") {
      return HostileReply(200, "<!DOCTYPE html><html><body>Please log in</body></html>")
    }
    if has(.expect417), request.headers["expect"] != nil { return HostileReply(417) }
    if let redirect = redirect(request) { return redirect }
    if let busy = busy(request) { return busy }
    return conditional(request)
  }

  /// What conditions come to (RFC 9110 section 13), where the server is not to get them wrong.
  private func conditional(_ request: RecordedRequest) -> HostileReply? {
    let (match, noneMatch) = (request.headers["if-match"], request.headers["if-none-match"])
    guard match != nil || noneMatch != nil else { return nil }
    if has(.conditionsRefused412) { return HostileReply(412) }
    if has(.conditionsRefused400) { return HostileReply(400) }
    if has(.staleNotModified) { return HostileReply(304) }
    if has(.conditionsIgnored) { return nil }
    let stored = files[request.path]
    let tag = stored.flatMap(etag)
    if let match, match == "*" ? stored == nil : match != tag { return HostileReply(412) }
    if let noneMatch, noneMatch == "*" ? stored != nil : noneMatch == tag {
      return HostileReply(["GET", "HEAD"].contains(request.method) ? 304 : 412)
    }
    return nil
  }

  private func redirect(_ request: RecordedRequest) -> HostileReply? {
    let isMoved = request.path.hasPrefix("/moved/")
    var target = "/moved" + request.path
    var status = 307
    switch true {
    case has(.redirect301): status = 301
    case has(.redirect302): status = 302
    case has(.redirect307): status = 307
    case has(.redirect308): status = 308
    case has(.redirectOtherHost): target = "http://localhost:\(port)/moved" + request.path
    case has(.redirectOtherPort): target = "http://127.0.0.1:1/moved" + request.path
    case has(.redirectDropsLogin): status = 302
    case has(.redirectLogin): target = "/login"
    case has(.redirectLoop):
      var reply = HostileReply(302)
      reply.headers = ["Location: \(request.path)"]
      return reply
    default: return nil
    }
    guard !isMoved else { return nil }
    var reply = HostileReply(status, "moved")
    reply.headers = ["Location: \(target)"]
    return reply
  }

  private mutating func busy(_ request: RecordedRequest) -> HostileReply? {
    let statuses: [HostileQuirk: Int] = [
      .busy408: 408, .busy423: 423, .busy425: 425, .busy429: 429, .busy500: 500, .busy503: 503,
      .busy423RetryAfter: 423, .busy429RetryAfter: 429, .busy503RetryAfter: 503,
      .busyRetryAfterDate: 429,
    ]
    guard let quirk = quirks.first(where: { statuses[$0] != nil }), let status = statuses[quirk],
      busyAnswers[request.method, default: 0] < 2
    else { return nil }
    busyAnswers[request.method, default: 0] += 1
    var reply = HostileReply(status, "later")
    if [.busy423RetryAfter, .busy429RetryAfter, .busy503RetryAfter].contains(quirk) {
      reply.headers = ["Retry-After: 7"]
    }
    if quirk == .busyRetryAfterDate {
      reply.headers = ["Retry-After: Thu, 01 Jan 2026 00:00:09 GMT"]
    }
    return reply
  }

  private mutating func plainAnswer(_ original: RecordedRequest) -> HostileReply {
    var request = original
    if request.path.hasPrefix("/moved/") { request.path.removeFirst("/moved".count) }
    switch request.method {
    case "GET", "HEAD": return get(request)
    case "PUT": return put(request)
    case "DELETE":
      if has(.readOnly403) { return HostileReply(403, "read only") }
      return files.removeValue(forKey: request.path) == nil ? missing(request) : HostileReply(204)
    case "PROPFIND" where speaksWebDAV: return propfind(request)
    case "MKCOL" where speaksWebDAV: return mkcol(request)
    case "MOVE" where has(.move502): return HostileReply(502)
    default: return HostileReply(405)
    }
  }

  private func get(_ request: RecordedRequest) -> HostileReply {
    if request.query.contains("list-type=2") { return s3Listing(request) }
    let isOther = queriesAreNames && !request.query.isEmpty
    guard let stored = isOther ? nil : files[request.path] else {
      return collections.contains(request.path) ? HostileReply(200, "index") : missing(request)
    }
    var reply = HostileReply(200)
    reply.body = has(.staleReads) ? stored.previous ?? stored.bytes : stored.bytes
    tear(stored, &reply)
    if let tag = etag(stored) { reply.headers.append("ETag: \(tag)") }
    if has(.encodedUnasked) { reply.headers.append("Content-Encoding: gzip") }
    return reply
  }

  private func tear(_ stored: Stored, _ reply: inout HostileReply) {
    let half = stored.bytes.count / 2
    if has(.cleanPrefix) { reply.body = Array(stored.bytes.prefix(half)) }
    if has(.mixedVersions) {
      let old = stored.previous ?? stored.bytes.reversed()
      reply.body = Array(stored.bytes.prefix(half)) + old.dropFirst(half)
    }
    if has(.fewerBytesThanPromised) {
      reply.promised = stored.bytes.count
      reply.body = Array(stored.bytes.prefix(half))
      reply.closes = true
    }
    if has(.tornHangs) { reply.wire = .hang(after: half) }
    if has(.oversizedBody) { reply.body = [UInt8](repeating: 0x41, count: 4 << 20) }
  }

  func etag(_ stored: Stored) -> String? {
    if has(.etagAbsent) { return nil }
    if has(.etagWeak) { return "W/\"\(stored.version)\"" }
    if has(.etagWeakThenStrong) {
      return (requests.count % 2 == 0 ? "W/" : "") + "\"\(stored.version)\""
    }
    if has(.etagGzipSuffix) { return "\"\(stored.version)-gzip\"" }
    if has(.etagStaleAfterPut) { return "\"\(stored.version - 1)\"" }
    if has(.etagUnquoted) { return "\(stored.version)" }
    if has(.etagSameWithinSecond) { return "\"same\"" }
    return "\"\(stored.version)\""
  }

  private func missing(_ request: RecordedRequest) -> HostileReply {
    if has(.missing207) {
      return .xml(
        207,
        "<multistatus xmlns=\"DAV:\"><response><href>\(request.path)</href>"
          + "<status>HTTP/1.1 404 Not Found</status></response></multistatus>")
    }
    if has(.missing200Text) { return HostileReply(200, "File not found.") }
    let statuses: [HostileQuirk: Int] = [
      .missing300: 300, .missing401: 401, .missing403: 403, .missing410: 410, .missing422: 422,
    ]
    for (quirk, status) in statuses where has(quirk) { return HostileReply(status, "nothing") }
    return HostileReply(404, "not found")
  }

  private mutating func put(_ request: RecordedRequest) -> HostileReply {
    if has(.readOnly403) { return HostileReply(403, "read only") }
    if has(.full507) { return HostileReply(507, "no room") }
    if has(.tooLarge413), request.body.count > 1 << 20 { return HostileReply(413, "too large") }
    let parent = parent(request.path)
    if speaksWebDAV, !collections.contains(parent) {
      let statuses: [HostileQuirk: Int] = [
        .noParent404: 404, .noParent409: 409, .noParent403: 403, .noParent424: 424,
        .noParent500: 500,
      ]
      return HostileReply(statuses.first { has($0.key) }?.value ?? 409, "no parent")
    }
    if has(.putNotStored) { return HostileReply(201) }
    let isChunked = request.headers["transfer-encoding"] != nil && has(.chunkedStoredEmpty)
    let isCut = has(.truncatedPutVisible) || has(.fullAnswered201)
    let bytes = isCut ? Array(request.body.prefix(request.body.count / 2)) : request.body
    store(request.path, isChunked ? [] : bytes)
    if has(.putFailedButStored) { return HostileReply(502, "gateway") }
    if has(.truncatedPutVisible) { return HostileReply(500, "cut") }
    return HostileReply(files[request.path]?.previous == nil ? 201 : 204)
  }

  /// Half of a PUT's body has come in.
  mutating func arrives(_ request: RecordedRequest) {
    guard has(.partialDuringPut), request.method == "PUT",
      collections.contains(parent(request.path))
    else { return }
    store(request.path, request.body)
  }

  mutating func store(_ path: String, _ bytes: [UInt8]) {
    writes += 1
    files[path] = Stored(bytes: bytes, previous: files[path]?.bytes, version: writes)
  }

  private mutating func mkcol(_ request: RecordedRequest) -> HostileReply {
    let path = request.path.hasSuffix("/") ? request.path : request.path + "/"
    if collections.contains(path) {
      let statuses: [HostileQuirk: Int] = [
        .mkcol405: 405, .mkcol406: 406, .mkcol409: 409, .mkcol423: 423, .mkcol301: 301,
      ]
      var reply = HostileReply(statuses.first { has($0.key) }?.value ?? 405)
      if has(.mkcol301) { reply.headers = ["Location: \(path)"] }
      return reply
    }
    guard collections.contains(parent(String(path.dropLast()))) else { return HostileReply(409) }
    collections.insert(path)
    return HostileReply(201)
  }

  func parent(_ path: String) -> String {
    path.split(separator: "/").dropLast().reduce("/") { $0 + $1 + "/" }
  }

  private func bendWire(_ request: RecordedRequest, _ reply: inout HostileReply) {
    if has(.delayedAnswer) { reply.wire = .late }
    if has(.reorderedAnswers) { reply.wire = .afterAnother }
    if has(.closedOnReuse), request.earlierOnConnection > 0 { reply.wire = .cut(after: 0) }
    if has(.closedWithoutAnswer) { reply.wire = .cut(after: 0) }
    if has(.cutInHeaders) { reply.wire = .cut(after: 12) }
    if has(.duplicatedAnswer) { reply.wire = .twice }
    if has(.slowLoris) { reply.wire = .drip }
    if has(.oversizedHeader) {
      reply.headers += (0..<40).map { "X-Long-\($0): " + String(repeating: "a", count: 4000) }
    }
  }
}
