import Foundation

/// A WebDAV, plain HTTP and S3-like server on loopback whose misbehaviours are switches.
///
/// Speaks the part of HTTP/1.1 that libcurl uses. Every request is recorded. One thread accepts,
/// one serves each connection; all state is behind one lock, so answers are decided one at a time.
package final class HostileServer: Sendable {
  /// The port on 127.0.0.1.
  package let port: UInt16
  private let listener: Int32
  private let state: Guarded<HostileState>
  private let wire = Guarded(Wire())

  private struct Wire {
    var connections: Set<Int32> = []
    var opened = 0
    var received = 0
    var sent = 0
    var answered = 0
    var isStopped = false
  }

  /// Listens on a free port of 127.0.0.1. Nil when there is no socket to be had.
  package init?(_ quirks: Set<HostileQuirk> = []) {
    guard let (listener, port) = Loopback.listen() else { return nil }
    self.listener = listener
    self.port = port
    var state = HostileState()
    state.quirks = quirks
    state.port = port
    self.state = Guarded(state)
    Thread.detachNewThread { [self] in accept() }
  }

  /// Closes everything. To be called at the end of a test: the threads hold the server.
  package func stop() {
    wire.withLock { wire in
      guard !wire.isStopped else { return }
      wire.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in wire.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  /// `http://127.0.0.1:PORT` and `path`.
  package func url(_ path: String = "/dav/") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// Turns switches on and off.
  package func set(_ quirks: Set<HostileQuirk>) { state.withLock { $0.quirks = quirks } }

  /// From now on each request meets, once in `every` times, up to `atOnce` of `quirks`, drawn from
  /// `seed`; with parallel connections the order of arrival decides which request meets which.
  package func misbehave(seed: UInt64, every: Int, quirks: [HostileQuirk], atOnce: Int = 1) {
    state.withLock {
      $0.chance = .init(
        generator: SeededGenerator(seed: seed), every: every, quirks: quirks, atOnce: atOnce)
    }
  }

  /// From now on each request meets the quirks that `rule` says for it.
  package func misbehave(_ rule: @escaping @Sendable (RecordedRequest) -> Set<HostileQuirk>) {
    state.withLock { $0.rule = rule }
  }

  /// Polite again, whatever was set before.
  package func heal() {
    state.withLock { state in
      state.chance = nil
      state.rule = nil
      state.quirks = []
    }
  }

  /// Every request so far.
  package var requests: [RecordedRequest] { state.withLock { $0.requests } }

  /// Bytes that came in and went out, heads included.
  package var bytes: (received: Int, sent: Int) { wire.withLock { ($0.received, $0.sent) } }

  /// Connections accepted so far.
  package var connections: Int { wire.withLock { $0.opened } }

  /// Wants exactly this Authorization header, else answers 401.
  package func require(authorization: String) {
    state.withLock { $0.login = .header(authorization) }
  }

  /// Wants any Digest header. The hashes are not checked: that is Apache's part.
  package func requireDigest() { state.withLock { $0.login = .digest } }

  /// Leaves only GET, PUT and DELETE.
  package func forgetWebDAV() { state.withLock { $0.speaksWebDAV = false } }

  /// Answers every request from now on with these words.
  package func answerAlways(_ status: Int, headers: [String] = [], _ text: String) {
    state.withLock { state in
      var reply = HostileReply(status, text)
      reply.headers = headers
      state.fixed = reply
    }
  }

  /// Puts a cache before it that keeps for ever what a GET brought.
  /// - Parameters:
  ///   - tellsAge: whether it says so.
  ///   - takesQueries: whether the server takes a name with a query for the name.
  package func putCacheBefore(tellsAge: Bool = false, takesQueries: Bool = true) {
    state.withLock { state in
      state.cache = HostileCache(tellsAge: tellsAge)
      state.queriesAreNames = !takesQueries
    }
  }

  /// Takes the cache away, or does not take queries any more.
  package func takeCacheAway(takesQueries: Bool = true) {
    state.withLock { state in
      state.cache = nil
      state.queriesAreNames = !takesQueries
    }
  }

  /// Keys of one page of a listing in the manner of S3.
  package func setPageSize(_ size: Int) { state.withLock { $0.pageSize = size } }

  /// All files by path.
  package var files: [String: [UInt8]] {
    get { state.withLock { $0.files.mapValues(\.bytes) } }
    set { replaceFiles(newValue) }
  }

  /// Puts a file there without a request.
  package func store(_ path: String, _ bytes: [UInt8]) { state.withLock { $0.store(path, bytes) } }

  /// Everything is gone, the folder included.
  package func wipe() {
    state.withLock { state in
      state.files = [:]
      state.collections = ["/"]
    }
  }

  /// Goes back to files seen before (``files``), or on to those of another library.
  package func replaceFiles(_ files: [String: [UInt8]]) {
    state.withLock { state in
      state.files = [:]
      for (path, bytes) in files { state.store(path, bytes) }
    }
  }

  /// Files of another folder come among those that are there, and over those of the same name.
  package func mix(_ files: [String: [UInt8]]) {
    state.withLock { for (path, bytes) in files { $0.store(path, bytes) } }
  }

  /// Only the first half of a file is left.
  package func tear(_ path: String) {
    state.withLock { state in
      guard let bytes = state.files[path]?.bytes else { return }
      state.store(path, Array(bytes.prefix(bytes.count / 2)))
    }
  }

  /// A second server, polite, with a copy of everything that is here. Nil when there is no socket
  /// to be had.
  package func clone() -> HostileServer? {
    guard let other = HostileServer() else { return nil }
    let (files, collections) = state.withLock { ($0.files, $0.collections) }
    other.state.withLock { ($0.files, $0.collections) = (files, collections) }
    return other
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      if connection < 0, errno == EINTR { continue }
      guard connection >= 0 else { break }
      let number = wire.withLock { wire -> Int? in
        guard !wire.isStopped else { return nil }
        wire.connections.insert(connection)
        wire.opened += 1
        return wire.opened - 1
      }
      guard let number else {
        close(connection)
        continue
      }
      Thread.detachNewThread { [self] in serve(connection, number) }
    }
    close(listener)
  }

  private func serve(_ connection: Int32, _ number: Int) {
    var reader = RequestReader(connection: connection)
    var served = 0
    while var request = reader.next({ half in state.withLock { $0.arrives(half) } }) {
      request.connection = number
      request.earlierOnConnection = served
      served += 1
      let reply = state.withLock { $0.answer(request) }
      let (head, body) = reply.bytes(hasBody: request.method != "HEAD")
      // Counted before they go out, so that a client that has its answer finds it counted.
      wire.withLock {
        $0.received += reader.takeCount()
        $0.sent += head.count + body.count
      }
      let isOpen = send(reply, head, body, connection)
      wire.withLock { $0.answered += 1 }
      guard isOpen, !reply.closes else { break }
    }
    wire.withLock { _ = $0.connections.remove(connection) }
    close(connection)
  }

  /// Whether the connection may carry another answer.
  private func send(
    _ reply: HostileReply, _ head: [UInt8], _ body: [UInt8], _ connection: Int32
  ) -> Bool {
    let all = head + body
    switch reply.wire {
    case .whole: return Loopback.send(connection, all)
    case .twice: return Loopback.send(connection, all + all)
    case .late:
      _ = poll(nil, 0, 20)
      return Loopback.send(connection, all)
    case .afterAnother:
      let before = wire.withLock { $0.answered }
      for _ in 0..<20 where wire.withLock({ $0.answered }) == before { _ = poll(nil, 0, 2) }
      return Loopback.send(connection, all)
    case .cut(let count): _ = Loopback.send(connection, Array(all.prefix(count)))
    case .hang(let count):
      _ = Loopback.send(connection, head + body.prefix(count))
      Loopback.waitForEnd(connection)
    case .drip: Loopback.drip(connection, all)
    }
    return false
  }
}
