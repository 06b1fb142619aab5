import Foundation

/// A web server with one page, and a type of it that it declares; or whatever answers otherwise.
package final class OnePage: Sendable {
  /// Where the page is.
  package let url: String
  private let listener: Int32

  /// Listens on a free port of 127.0.0.1. Nil when there is no socket to be had.
  package convenience init?(_ name: String, type: String, _ bytes: [UInt8]) {
    let head =
      "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(bytes.count)\r\n"
      + "Connection: close\r\n\r\n"
    self.init(name, answering: Array(head.utf8) + bytes)
  }

  /// One that answers with these bytes as they are, which need be no HTTP.
  package init?(_ name: String, answering bytes: [UInt8]) {
    guard let (listener, port) = Loopback.listen() else { return nil }
    self.listener = listener
    url = "http://127.0.0.1:\(port)/\(name)"
    Thread.detachNewThread { Self.serve(listener, bytes) }
  }

  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  private static func serve(_ listener: Int32, _ answer: [UInt8]) {
    while true {
      let connection = accept(listener, nil, nil)
      guard connection >= 0 else { break }
      // All of the request fits into one piece.
      var request = [UInt8](repeating: 0, count: 1 << 16)
      _ = recv(connection, &request, request.count, 0)
      _ = Loopback.send(connection, answer)
      shutdown(connection, Int32(SHUT_WR))
      while recv(connection, &request, request.count, 0) > 0 {}
      close(connection)
    }
    close(listener)
  }
}
