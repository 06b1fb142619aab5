import Foundation

/// The few socket calls of the hostile server.
enum Loopback {
  /// A listening socket on a free port of 127.0.0.1.
  static func listen() -> (socket: Int32, port: UInt16)? {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
        bind(number, general, length) == 0 && Glibc.listen(number, 64) == 0
          && getsockname(number, general, &length) == 0
      }
    }
    guard isBound else {
      close(number)
      return nil
    }
    return (number, UInt16(bigEndian: address.sin_port))
  }

  /// A port that was free a moment ago.
  static func freePort() -> UInt16? {
    guard let (socket, port) = listen() else { return nil }
    close(socket)
    return port
  }

  /// Whether somebody accepts connections on the port.
  static func isOpen(_ port: UInt16) -> Bool {
    guard let number = connect(port) else { return false }
    close(number)
    return true
  }

  /// A connection to the port; nil when nobody listens.
  static func connect(_ port: UInt16) -> Int32? {
    let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { return nil }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let isConnected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
        Glibc.connect(number, general, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else {
      close(number)
      return nil
    }
    return number
  }

  /// All bytes; false when the other side is gone.
  static func send(_ socket: Int32, _ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Waits until the other side closes.
  static func waitForEnd(_ socket: Int32) {
    var piece = [UInt8](repeating: 0, count: 4096)
    while recv(socket, &piece, piece.count, 0) > 0 {}
  }

  /// A byte each fifth of a second, until all are out or the other side closes.
  static func drip(_ socket: Int32, _ bytes: [UInt8]) {
    for byte in bytes {
      guard send(socket, [byte]) else { break }
      var waiting = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      if poll(&waiting, 1, 200) > 0 { break }
    }
  }
}

/// Takes requests off a connection: head, then a body by Content-Length or in chunks.
struct RequestReader {
  let connection: Int32
  private var buffer: [UInt8] = []
  private var count = 0

  init(connection: Int32) { self.connection = connection }

  /// Bytes read since the last call.
  mutating func takeCount() -> Int {
    defer { count = 0 }
    return count
  }

  /// The next request; nil at the end of the connection or at nonsense.
  /// - Parameter half: called with the first half of a body while the second is still to come.
  mutating func next(_ half: (RecordedRequest) -> Void = { _ in }) -> RecordedRequest? {
    guard let head = take(through: Array("\r\n\r\n".utf8)) else { return nil }
    let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
    let words = (lines.first ?? "").split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { continue }
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let target = words[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var request = RecordedRequest(
      method: String(words[0]), path: String(target[0]),
      query: target.count > 1 ? String(target[1]) : "", headers: headers, body: [],
      connection: 0, earlierOnConnection: 0)
    guard
      let body = body(
        headers,
        {
          request.body = $0
          half(request)
        })
    else { return nil }
    request.body = body
    return request
  }

  private mutating func body(_ headers: [String: String], _ half: ([UInt8]) -> Void) -> [UInt8]? {
    if headers["expect"] != nil {
      _ = Loopback.send(connection, Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
    }
    if let length = headers["content-length"].flatMap({ Int($0) }) {
      guard length > 1, let first = take(count: length / 2) else { return take(count: length) }
      half(first)
      return take(count: length - length / 2).map { first + $0 }
    }
    guard headers["transfer-encoding"] != nil else { return [] }
    var all: [UInt8] = []
    while let line = take(through: Array("\r\n".utf8)) {
      guard let length = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16),
        let chunk = take(count: length), take(count: 2) != nil
      else { return nil }
      if length == 0 { return all }
      all += chunk
    }
    return nil
  }

  private mutating func take(through end: [UInt8]) -> [UInt8]? {
    var searched = 0
    while true {
      var index = searched
      while index + end.count <= buffer.count {
        if buffer[index..<(index + end.count)].elementsEqual(end) {
          return take(count: index + end.count)
        }
        index += 1
      }
      searched = max(0, index)
      guard fill() else { return nil }
    }
  }

  private mutating func take(count wanted: Int) -> [UInt8]? {
    while buffer.count < wanted { guard fill() else { return nil } }
    let taken = Array(buffer.prefix(wanted))
    buffer.removeFirst(wanted)
    return taken
  }

  private mutating func fill() -> Bool {
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    let got = recv(connection, &piece, piece.count, 0)
    guard got > 0 else { return false }
    count += got
    buffer += piece.prefix(got)
    return true
  }
}
