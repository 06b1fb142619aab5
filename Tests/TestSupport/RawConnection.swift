import Foundation

/// A client without manners: bytes out, bytes in. For tests of the hostile server itself, to which
/// libcurl would be too polite.
package final class RawConnection {
  private let number: Int32

  /// Connects to a port of 127.0.0.1; nil when nobody listens.
  package init?(_ port: UInt16) {
    guard let number = Loopback.connect(port) else { return nil }
    self.number = number
  }

  deinit { close(number) }

  /// Sends bytes as they are; false when the other side is gone.
  @discardableResult
  package func send(_ text: String) -> Bool { Loopback.send(number, Array(text.utf8)) }

  /// What comes back until an answer is complete, the other side closes, or nothing comes for
  /// `milliseconds`.
  package func answer(within milliseconds: Int32 = 1000) -> String {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while !isComplete(bytes) {
      var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, milliseconds) > 0 else { return text(bytes) + "(nothing more)" }
      let count = recv(number, &piece, piece.count, 0)
      guard count > 0 else { return text(bytes) + "(closed)" }
      bytes += piece.prefix(count)
    }
    return text(bytes)
  }

  /// A request with a body and headers of its own, and the answer.
  package func ask(
    _ line: String, _ headers: [String] = [], body: String = "", within milliseconds: Int32 = 1000
  ) -> String {
    let length = line.hasPrefix("GET") ? [] : ["Content-Length: \(body.utf8.count)"]
    let lines = ["\(line) HTTP/1.1", "Host: h"] + length + headers
    send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    return answer(within: milliseconds)
  }

  private func isComplete(_ bytes: [UInt8]) -> Bool {
    let text = text(bytes)
    guard let head = text.range(of: "\r\n\r\n") else { return false }
    // The answer comes behind the leave to send the body.
    if text.hasPrefix("HTTP/1.1 100") { return isComplete(Array(text[head.upperBound...].utf8)) }
    let lengths = text[..<head.lowerBound].split(separator: "\r\n")
      .filter { $0.hasPrefix("Content-Length: ") }
    let length = lengths.first.flatMap { Int($0.dropFirst("Content-Length: ".count)) } ?? 0
    return text[head.upperBound...].utf8.count >= length
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
