import Foundation

/// A server on loopback that plays all hosts that digests come from, and keeps every request. What
/// it answers is a function of the test's, so that it can be as the real ones are: late, cut,
/// packed, moved, busy.
package final class DigestServer: Sendable {
  /// A request as it came.
  package struct Request: Sendable {
    /// The host it was meant for, in lower case, without a port.
    package var host: String
    /// The path, and what stood behind the question mark.
    package var path: String
    package var query: String
    /// Names in lower case.
    package var headers: [String: String]
    /// The connection it came over, counted from 0.
    package var connection: Int
    /// What the test's clock showed.
    package var time: Int64
  }

  /// An answer.
  package struct Reply: Sendable {
    package var status: Int
    package var headers: [String]
    package var body: [UInt8]
    /// What becomes of it on the wire.
    package var wire = Wire.whole

    package enum Wire: Sendable {
      case whole
      /// Promises all and closes after so many bytes of the body.
      case cut(Int)
      /// Promises nothing and closes after so many bytes of the body.
      case cutUnnoticed(Int)
      /// In chunks, of which the last does not come.
      case cutChunks(Int)
      /// The same bytes again and again, until the client goes.
      case endless
      /// The head, then nothing until the client goes.
      case silent
    }

    package init(_ status: Int = 200, _ body: String = "", _ headers: String...) {
      self.init(status, Array(body.utf8), headers)
    }

    package init(_ status: Int, _ body: [UInt8], _ headers: [String]) {
      self.status = status
      self.body = body
      self.headers = headers
    }

    /// The same on the wire otherwise.
    package func on(_ wire: Wire) -> Reply {
      var reply = self
      reply.wire = wire
      return reply
    }
  }

  /// The port on 127.0.0.1.
  package let port: UInt16
  private let listener: Int32
  private let state: Guarded<State>

  private struct State {
    var answer: @Sendable (Request) -> Reply
    var clock: @Sendable () -> Int64
    var requests: [Request] = []
    var connections: Set<Int32> = []
    var opened = 0
    var isStopped = false
  }

  /// Listens on a free port. Nil when there is no socket to be had.
  package init?(
    _ answer: @escaping @Sendable (Request) -> Reply = { _ in Reply(404) },
    clock: @escaping @Sendable () -> Int64 = { 0 }
  ) {
    guard let (listener, port) = Loopback.listen() else { return nil }
    self.listener = listener
    self.port = port
    state = Guarded(State(answer: answer, clock: clock))
    Thread.detachNewThread { [self] in accept() }
  }

  /// Closes everything. To be called at the end of a test: the threads hold the server.
  package func stop() {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      shutdown(listener, Int32(SHUT_RDWR))
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
    }
  }

  /// `http://127.0.0.1:PORT` and `path`.
  package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

  /// From now on answers so.
  package func answer(_ answer: @escaping @Sendable (Request) -> Reply) {
    state.withLock { $0.answer = answer }
  }

  /// Every request so far.
  package var requests: [Request] { state.withLock { $0.requests } }

  /// Every request since the last call.
  package func takeRequests() -> [Request] {
    state.withLock { state in
      defer { state.requests = [] }
      return state.requests
    }
  }

  private func accept() {
    while true {
      let connection = Glibc.accept(listener, nil, nil)
      if connection < 0, errno == EINTR { continue }
      guard connection >= 0 else { break }
      let number = state.withLock { state -> Int? in
        guard !state.isStopped else { return nil }
        state.connections.insert(connection)
        state.opened += 1
        return state.opened - 1
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
    while let came = reader.next() {
      let host = (came.headers["host"] ?? "").lowercased().prefix { $0 != ":" }
      let (request, answer) = state.withLock { state in
        let request = Request(
          host: String(host), path: came.path, query: came.query, headers: came.headers,
          connection: number, time: state.clock())
        state.requests.append(request)
        return (request, state.answer)
      }
      guard Self.send(answer(request), connection) else { break }
    }
    state.withLock { _ = $0.connections.remove(connection) }
    close(connection)
  }

  /// Whether the connection may carry another answer.
  private static func send(_ reply: Reply, _ connection: Int32) -> Bool {
    let body = reply.status == 304 ? [] : reply.body
    func head(_ lines: String...) -> [UInt8] {
      let all = ["HTTP/1.1 \(reply.status) Reason"] + lines + reply.headers
      return Array((all.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
    let length = "Content-Length: \(body.count)"
    switch reply.wire {
    case .whole: return Loopback.send(connection, head(length) + body)
    case .cut(let count): _ = Loopback.send(connection, head(length) + body.prefix(count))
    case .cutUnnoticed(let count):
      _ = Loopback.send(connection, head("Connection: close") + body.prefix(count))
    case .cutChunks(let count):
      let piece = Array(body.prefix(count))
      let size = Array((String(piece.count, radix: 16) + "\r\n").utf8)
      _ = Loopback.send(
        connection, head("Transfer-Encoding: chunked") + size + piece + Array("\r\n".utf8))
    case .endless:
      guard Loopback.send(connection, head("Connection: close")) else { return false }
      while Loopback.send(connection, body) {}
    case .silent:
      _ = Loopback.send(connection, head(length))
      Loopback.waitForEnd(connection)
    }
    return false
  }
}
