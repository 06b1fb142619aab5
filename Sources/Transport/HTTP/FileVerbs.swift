/// A folder whose files are got by HTTP.
protocol SpeakingHTTP {
  /// How.
  var files: FileVerbs { get }
}

/// GET, PUT and DELETE of the files of one collection, shared by WebDAV, plain HTTP and S3: what
/// each status means for a file.
///
/// Invariant: a status alone never makes a file "there": what was read is handed up to be verified,
/// and "missing" is only ever a reason to ask again later.
final class FileVerbs {
  /// What a page that says "not found" may take, however small the file that was asked for.
  private static let pageLimit = 64 * 1024

  let client: HTTPClient
  /// The collection, with a slash at its end and no query.
  let collection: WebAddress
  /// Whether an answer has shown that our credentials are taken. Then a 401 or 403 on one file is
  /// that server's way to say "missing".
  private var isProven = false
  /// The headers of the last answer to a read, for the probe.
  private(set) var lastHeaders: [String: String] = [:]
  /// Nil where questions are signed: no cache keeps their answers (RFC 9111 section 3.5), and a
  /// signature is made over what nobody on the way may change.
  private var cache: CacheWatch?

  init(client: HTTPClient, collection: WebAddress, isSigned: Bool = false) {
    self.client = client
    self.collection = collection.asCollection
    cache = isSigned ? nil : CacheWatch(isKnown: client.profile.passesCache)
  }

  /// What stands between here and the server.
  var cacheBetween: CacheBetween { cache?.between ?? .none }

  /// Reads; see ``RemoteFolder/read(_:limit:)``. `proof` asks, at most once, something that
  /// succeeds only with good credentials.
  func read(
    _ names: [RemoteName], limit: Int, proof: () -> Bool
  ) -> [Result<ReadOutcome, TransportError>] {
    let limit = (asked: limit, taken: max(limit, Self.pageLimit))
    var answers = ask(names, limit.taken, past: cache?.asksPast ?? false)
    askOtherwise(names, limit.taken, &answers)
    for case .success(let answer) in answers {
      learn(answer)
      lastHeaders = answer.headers
    }
    return answers.map { answer in
      Result { () throws(TransportError) in try outcome(answer.get(), limit.asked, proof: proof) }
    }
  }

  private typealias Answers = [Result<HTTPResponse, TransportError>]

  private func ask(_ names: [RemoteName], _ limit: Int, past isPast: Bool) -> Answers {
    let requests = names.map { name in
      var address = collection.file(name)
      if isPast { address.query = "fresh=" + client.chance() }
      var request = HTTPRequest(method: "GET", address: address, limit: limit)
      if cache != nil { request.headers = ["Cache-Control: no-cache"] }
      return request
    }
    return client.send(requests)
  }

  /// Asks once more, in the other way, for what may come from a cache; see ``CacheWatch``.
  private func askOtherwise(_ names: [RemoteName], _ limit: Int, _ answers: inout Answers) {
    guard let watch = cache else { return }
    let doubted = names.indices.filter { index in
      if case .success(let answer) = answers[index] {
        watch.doubts(names[index], answer)
      } else {
        false
      }
    }
    guard !doubted.isEmpty else { return }
    let others = ask(doubted.map { names[$0] }, limit, past: !watch.asksPast)
    let pairs = zip(doubted, others).compactMap { index, other in
      if case (.success(let first), .success(let second)) = (answers[index], other) {
        (first: first, second: second)
      } else {
        nil
      }
    }
    guard cache?.compare(pairs) == true else { return }
    for (index, other) in zip(doubted, others) { answers[index] = other }
  }

  /// Remembers what a listing shows.
  func noteListing(_ files: [ListedFile]) { cache?.lists(files.map(\.name)) }

  /// Sends PUT once by the client's rules and hands back the answer, whatever it is.
  func put(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) -> HTTPResponse {
    let request = HTTPRequest(
      method: "PUT", address: collection.file(name),
      headers: ["Content-Type: " + Self.type(of: name)], body: bytes, limit: 1 << 20)
    let answer = try client.send(request)
    learn(answer)
    if answer.isSuccess { cache?.wrote(name, bytes) }
    return answer
  }

  /// What a browser is to take it for, where the server keeps that.
  private static func type(of name: RemoteName) -> String {
    if name.text.hasSuffix(".html") { return "text/html; charset=utf-8" }
    return name.text.hasSuffix(".atom") ? "application/atom+xml" : "application/octet-stream"
  }

  /// Throws what the answer to a PUT or DELETE says, unless it says yes.
  func check(_ answer: HTTPResponse, method: String) throws(TransportError) {
    guard answer.isSuccess, !Multistatus.tellsFailure(answer) else {
      throw refusal(answer, method: method, writing: true)
    }
  }

  /// Removes; a file that is not there is removed. Where the answer is one that some servers give
  /// for what is missing, reading tells which it was.
  func delete(_ name: RemoteName, proof: () -> Bool) throws(TransportError) {
    cache?.deleted(name)
    let answer = try client.send(
      HTTPRequest(method: "DELETE", address: collection.file(name), limit: 1 << 20))
    learn(answer)
    guard ![404, 410].contains(answer.status), !Multistatus.tellsMissing(answer) else { return }
    if [300, 401, 403, 409, 422].contains(answer.status),
      case .success(.missing)? = read([name], limit: 1 << 24, proof: proof).first
    {
      return
    }
    try check(answer, method: "DELETE")
  }

  /// Remembers that the credentials were taken.
  func learn(_ answer: HTTPResponse) {
    if answer.isSuccess { isProven = true }
  }

  /// Asks for a proof that the credentials are taken, where there is none yet.
  func prove(_ proof: () -> Bool) {
    if !isProven { isProven = proof() }
  }

  private func outcome(
    _ answer: HTTPResponse, _ limit: Int, proof: () -> Bool
  ) throws(TransportError) -> ReadOutcome {
    switch answer.status {
    case 207 where Multistatus.tellsMissing(answer): return .missing
    case 200, 203, 204:
      guard isIdentity(answer) else {
        throw refusal(answer, method: "GET", words: "encoded though not asked for")
      }
      guard answer.body.count <= limit else {
        throw refusal(answer, method: "GET", words: "larger than \(limit) bytes")
      }
      return .found(answer.body)
    case 404, 410, 300, 409, 422: return .missing
    case 401, 403:
      // Of a wrong clock or key every file would be "missing".
      if let reason = answer.reason, reason != .noRight { throw refusal(answer, method: "GET") }
      prove(proof)
      if isProven { return .missing }
      throw refusal(answer, method: "GET")
    default: throw refusal(answer, method: "GET")
    }
  }

  private func isIdentity(_ answer: HTTPResponse) -> Bool {
    let coding = answer.headers["content-encoding"] ?? "identity"
    return coding.isEmpty || coding.lowercased() == "identity"
  }

  /// The error that an answer stands for.
  func refusal(
    _ answer: HTTPResponse, method: String, writing: Bool = false, words: String? = nil
  ) -> TransportError {
    let reason = answer.reason ?? client.reason(of: answer)
    let kind: TransportError.Kind =
      switch answer.status {
      case _ where reason == .quota: .full
      case 401, 407, 511: .unauthorized
      // Without a login none can be wrong: RFC 9110, 15.5.4.
      case 403:
        writing && (isProven || client.profile.auth == .none) ? .readOnly : .unauthorized
      case 405, 501: writing ? .readOnly : .garbled
      case 413, 507: .full
      case let status where RetryPolicy.mayPass(status: status): .busy
      default: .garbled
      }
    return TransportError(
      kind: kind, method: method, url: answer.address.shown, status: answer.status,
      detail: Detail.line(words ?? Detail.said(by: answer), hiding: client.profile),
      reason: reason
    ).hiding(client.profile)
  }
}
