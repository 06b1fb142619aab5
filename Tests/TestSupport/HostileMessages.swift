/// A request as the hostile server received it, kept for assertions.
package struct RecordedRequest: Sendable {
  /// As it came.
  package var method: String
  /// The path without the query.
  package var path: String
  /// What stood behind the question mark.
  package var query: String
  /// Names in lower case.
  package var headers: [String: String]
  /// Unchunked.
  package var body: [UInt8]
  /// The connection it came over, counted from 0.
  package var connection: Int
  /// The requests that this connection had carried before.
  package var earlierOnConnection: Int
}

/// An answer, and what becomes of it on the wire.
struct HostileReply {
  enum Wire {
    case whole
    /// Closes after so many bytes of head and body.
    case cut(after: Int)
    /// Sends the head and so many bytes of the body, then nothing until the client goes.
    case hang(after: Int)
    /// A byte now and then, until the client goes.
    case drip
    /// The whole answer twice.
    case twice
    /// Some time later.
    case late
    /// After a later request was answered, when there is one.
    case afterAnother
  }

  var status: Int
  var headers: [String] = []
  var body: [UInt8] = []
  var wire = Wire.whole
  /// What Content-Length says, where it is not the truth.
  var promised: Int?
  var closes = false

  init(_ status: Int, _ text: String = "") {
    self.status = status
    body = Array(text.utf8)
  }

  static func xml(_ status: Int, _ text: String) -> HostileReply {
    var reply = HostileReply(status, text)
    reply.headers = ["Content-Type: application/xml; charset=utf-8"]
    return reply
  }

  func bytes(hasBody: Bool) -> (head: [UInt8], body: [UInt8]) {
    var lines = ["HTTP/1.1 \(status) Reason", "Content-Length: \(promised ?? body.count)"]
    lines += headers
    if closes { lines.append("Connection: close") }
    return (Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8), hasBody ? body : [])
  }
}
