import CCurl

/// A few connections and the handles that use them: runs a batch of requests in parallel.
///
/// Invariants: at most `connections` connections and `width` transfers at once; a handle is in
/// `idle` or in `running`, never in both; `deinit` frees the handles before the multi handle, as
/// libcurl asks.
final class CurlSession {
  private static let connections = 4
  private static let width = 8

  /// Set after a framing error: the rest of the session speaks HTTP/1.1.
  var overHTTP1 = false
  /// Called whenever nothing came for a quarter of a second.
  var whileWaiting: () -> Void = {}
  private(set) var traffic = Traffic()

  private let profile: RemoteProfile
  private let multi: UnsafeMutableRawPointer
  private var idle: [CurlHandle] = []
  private var running: [UnsafeMutableRawPointer: (handle: CurlHandle, index: Int)] = [:]

  init(profile: RemoteProfile) throws(TransportError) {
    try CurlLibrary.open()
    guard let multi = ccurl_multi_new() else {
      throw TransportError(kind: .local, method: "open", url: "", detail: "curl_multi_init failed")
    }
    self.profile = profile
    self.multi = multi
    _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.connections)
    // One transfer at a time on a connection, also with HTTP/2: when a server goes back to HTTP/1.1
    // in the middle (Apache does, for a client certificate asked of one folder), libcurl 7.88 puts
    // several transfers on the one HTTP/1.1 connection and hands their answers out in turn.
    _ = ccurl_multi_set_long(multi, CURLMOPT_PIPELINING, 0)
  }

  deinit {
    for transfer in running.values { _ = ccurl_multi_remove(multi, transfer.handle.pointer) }
    running = [:]
    idle = []
    ccurl_multi_free(multi)
  }

  /// Runs all requests, each to end within what `secondsLeft` says at its start.
  ///
  /// When no connection can be made and nothing has been answered, those not yet begun fail the
  /// same way at once: five hundred names must not wait for five hundred connects.
  func run(
    _ requests: [HTTPRequest], secondsLeft: () -> Double
  ) -> [Result<HTTPResponse, TransferFailure>] {
    openDigest(for: requests, secondsLeft: secondsLeft)
    var answers = [Result<HTTPResponse, TransferFailure>?](repeating: nil, count: requests.count)
    var begun = 0
    var hopeless: TransferFailure?
    var anyAnswer = false
    while true {
      while hopeless == nil, running.count < Self.width, begun < requests.count {
        begin(requests[begun], index: begun, secondsLeft: secondsLeft())
        begun += 1
      }
      guard !running.isEmpty else { break }
      for (index, answer) in step() {
        answers[index] = answer
        if case .success = answer { anyAnswer = true }
        if case .failure(let failure) = answer, !anyAnswer,
          failure.kind == .noConnection || failure.kind == .handshake
        {
          hopeless = failure
        }
      }
    }
    let rest =
      hopeless ?? TransferFailure(kind: .local, words: "libcurl did not begin the transfer")
    return answers.map { $0 ?? .failure(rest) }
  }

  private func begin(_ request: HTTPRequest, index: Int, secondsLeft: Double) {
    guard let handle = idle.popLast() ?? CurlHandle(profile: profile) else { return }
    handle.prepare(request, seconds: secondsLeft, overHTTP1: overHTTP1)
    start(handle, index: index)
  }

  /// Asks the target of a PUT first: the first leg of a digest PUT goes out with an empty body,
  /// which would leave an empty file on a server that stores before it checks.
  private func openDigest(for requests: [HTTPRequest], secondsLeft: () -> Double) {
    guard profile.auth == .digest, let only = requests.first, requests.count == 1,
      only.body != nil, idle.last?.digestIsOpen != true
    else { return }
    let question = HTTPRequest(method: "GET", address: only.address, limit: 1 << 20)
    _ = run([question], secondsLeft: secondsLeft)
  }

  private func start(_ handle: CurlHandle, index: Int) {
    guard ccurl_multi_add(multi, handle.pointer) == CURLM_OK else { return }
    running[handle.pointer] = (handle, index)
  }

  /// Lets libcurl work, waits for it where nothing has ended, and hands back what ended.
  private func step() -> [(Int, Result<HTTPResponse, TransferFailure>)] {
    var active: Int32 = 0
    var ended: [(Int, Result<HTTPResponse, TransferFailure>)] = []
    guard ccurl_multi_perform(multi, &active) == CURLM_OK else { return abandonAll() }
    while true {
      let next = ccurl_multi_ended(multi)
      guard let pointer = next.handle else { break }
      guard let transfer = running.removeValue(forKey: pointer) else { continue }
      _ = ccurl_multi_remove(multi, pointer)
      add(transfer.handle.traffic)
      let answer = transfer.handle.answer(next.result)
      if case .success = answer { transfer.handle.digestIsOpen = true }
      ended.append((transfer.index, answer))
      idle.append(transfer.handle)
    }
    if ended.isEmpty {
      _ = ccurl_multi_wait(multi, 250)
      whileWaiting()
    }
    return ended
  }

  private func abandonAll() -> [(Int, Result<HTTPResponse, TransferFailure>)] {
    let failure = TransferFailure(kind: .local, words: "libcurl gave up")
    let all = running.values
    running = [:]
    for transfer in all { _ = ccurl_multi_remove(multi, transfer.handle.pointer) }
    return all.map { ($0.index, .failure(failure)) }
  }

  private func add(_ more: Traffic) {
    traffic.requests += more.requests
    traffic.bytesSent += more.bytesSent
    traffic.bytesReceived += more.bytesReceived
  }
}
