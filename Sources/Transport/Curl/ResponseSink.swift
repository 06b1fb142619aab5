import CCurl

/// Gathers one answer from libcurl's callbacks, within bounds.
///
/// Invariants: never holds more than `limit` body bytes and `headerLimit` header bytes; what is
/// kept is of the last answer of the transfer, not of an authentication leg or a 100 Continue.
final class ResponseSink {
  private static let headerLimit = 64 * 1024

  private(set) var headers: [String: String] = [:]
  private(set) var body: [UInt8] = []
  /// Answers seen, interim ones left out: the number of requests that went out.
  private(set) var answers = 0
  /// Set when a bound was passed and the transfer was aborted for it.
  private(set) var overflowed = false
  private var headerBytes = 0
  private var limit = 0

  func reset(limit: Int) {
    self.limit = limit
    headers = [:]
    body = []
    answers = 0
    overflowed = false
    headerBytes = 0
  }

  func takeHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    headerBytes += line.count
    guard headerBytes <= Self.headerLimit else { return refuse() }
    if line.starts(with: "HTTP/".utf8) {
      startAnswer(line)
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
      headers[name] = Self.trimmed(line[(colon + 1)...])
    }
    return true
  }

  func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard bytes.count <= limit - body.count else { return refuse() }
    body.append(contentsOf: bytes)
    return true
  }

  private func refuse() -> Bool {
    overflowed = true
    return false
  }

  private func startAnswer(_ line: UnsafeRawBufferPointer) {
    headers = [:]
    body = []
    let status = line.split(separator: 0x20).dropFirst().first
    if status?.first != UInt8(ascii: "1") { answers += 1 }
  }

  private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    let isSpace = { (byte: UInt8) in byte == 0x20 || (0x09...0x0D) ~= byte }
    let head = bytes.drop(while: isSpace)
    let length = (head.lastIndex { !isSpace($0) }).map { $0 + 1 } ?? head.startIndex
    return String(decoding: head[..<length], as: UTF8.self)
  }

  /// libcurl's CURLOPT_HEADERFUNCTION; the context is the sink, unretained.
  static let onHeader: ccurl_data_callback = { bytes, size, count, context in
    deliver(bytes, size, count, context) { $0.takeHeader($1) }
  }

  /// libcurl's CURLOPT_WRITEFUNCTION; the context is the sink, unretained.
  static let onBody: ccurl_data_callback = { bytes, size, count, context in
    deliver(bytes, size, count, context) { $0.takeBody($1) }
  }

  /// Any other number than that of the bytes handed in makes libcurl abort the transfer.
  private static func deliver(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int,
    _ context: UnsafeMutableRawPointer?,
    to take: (ResponseSink, UnsafeRawBufferPointer) -> Bool
  ) -> Int {
    let length = size &* count
    guard length > 0, let context else { return length }
    let sink = Unmanaged<ResponseSink>.fromOpaque(context).takeUnretainedValue()
    return take(sink, UnsafeRawBufferPointer(start: bytes, count: length)) ? length : 0
  }
}
