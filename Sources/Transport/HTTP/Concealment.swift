import Glibc
import URLText

/// Takes the secrets of a profile out of words from outside, in whatever encoding they come back:
/// as they are, percent-encoded, escaped as in JSON or HTML, in hexadecimal, and in base64 as Basic
/// sends them (RFC 7617 section 2) or within anything longer.
///
/// Works by byte: with a combining mark behind it the last character of a secret would be another
/// one.
struct Concealment {
  /// What is put in its place.
  private static let cover = Array("(secret)".utf8)
  /// In hexadecimal or base64, what is shorter is found in too many honest words.
  private static let shortestEncoded = 4

  /// Looked for with every escape.
  private var plain: [[UInt8]] = []
  /// Looked for in the same way; what stands around one belongs to it.
  private var encoded: [[UInt8]] = []

  init(_ profile: RemoteProfile) {
    var secrets = [profile.secret?.revealed, profile.proxy.map { Array($0.utf8) }]
    secrets += Self.passwords(ofProxy: profile.proxy)
    if let file = profile.netrcFile { secrets += Self.passwords(ofNetrc: file) }
    plain = secrets.compactMap { $0 }.filter { !$0.isEmpty }
    for secret in plain { addEncoded(secret) }
    if let user = profile.user, let secret = profile.secret?.revealed, !secret.isEmpty {
      addBase64(Base64.encode(Array(user.utf8) + [UInt8(ascii: ":")] + secret)[...])
    }
    // The longest first: a part of it would leave the rest.
    plain.sort { $0.count > $1.count }
  }

  /// The text without them.
  func hide(_ text: String) -> String {
    guard !plain.isEmpty else { return text }
    let bytes = Array(text.utf8)
    var out: [UInt8] = []
    out.reserveCapacity(bytes.count)
    var index = 0
    while index < bytes.count {
      if let end = Self.end(ofAny: plain, in: bytes, at: index) {
        out += Self.cover
        index = end
      } else if let end = Self.end(ofAny: encoded, in: bytes, at: index) {
        while let last = out.last, Base64.isDigit(last) { out.removeLast() }
        out += Self.cover
        index = bytes[end...].firstIndex { !Base64.isDigit($0) } ?? bytes.count
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  // MARK: What is looked for

  private mutating func addEncoded(_ secret: [UInt8]) {
    guard secret.count >= Self.shortestEncoded else { return }
    for digits in ["0123456789abcdef", "0123456789ABCDEF"].map({ Array($0.utf8) }) {
      encoded.append(secret.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
    // Within something longer it begins at one of three places of a group, and the digits at both
    // ends are its neighbours', too.
    for (before, dropped) in [(0, 0), (1, 2), (2, 3)] {
      let padding = [UInt8](repeating: 0, count: before)
      let whole = (before + secret.count) / 3 * 4
      let digits = Base64.encode(padding + secret)
      addBase64(digits.prefix(whole).dropFirst(dropped))
    }
  }

  private mutating func addBase64(_ digits: ArraySlice<UInt8>) {
    guard digits.count >= Self.shortestEncoded else { return }
    encoded.append(Array(digits))
    // The alphabet for URLs (RFC 4648 section 5).
    encoded.append(
      digits.map {
        switch $0 {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: $0
        }
      })
  }

  /// The password within a proxy URL, as it stands there and as it is sent.
  private static func passwords(ofProxy proxy: String?) -> [[UInt8]?] {
    guard let proxy, let at = proxy.lastIndex(of: "@") else { return [] }
    let login = proxy[..<at].firstRange(of: "://").map { proxy[$0.upperBound..<at] } ?? proxy[..<at]
    guard let colon = login.firstIndex(of: ":") else { return [] }
    let password = login[login.index(after: colon)...]
    return [Array(password.utf8), PercentEncoding.decode(password).map { Array($0.utf8) }]
  }

  /// libcurl reads the netrc file itself; what it sent from there is one of these.
  private static func passwords(ofNetrc path: String) -> [[UInt8]?] {
    guard let file = fopen(path, "re") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = fread(&bytes, 1, bytes.count, file)
    let words = bytes[..<count].split { $0 <= 0x20 }
    return zip(words, words.dropFirst()).filter { $0.0.elementsEqual("password".utf8) }
      .map { pair in
        let quote = UInt8(ascii: "\"")
        guard pair.1.first == quote, pair.1.last == quote else { return Array(pair.1) }
        return Array(pair.1.dropFirst().dropLast())
      }
  }

  // MARK: Looking

  private static func end(ofAny wanted: [[UInt8]], in text: [UInt8], at start: Int) -> Int? {
    for secret in wanted {
      if let end = end(of: secret, in: text, at: start) { return end }
    }
    return nil
  }

  /// Where `secret` ends that begins at `start`, each of its bytes as it is or escaped.
  private static func end(of secret: [UInt8], in text: [UInt8], at start: Int) -> Int? {
    var open = [(text: start, secret: 0)]
    // A sign may be read in two ways; that is bounded, as a text of the other side's making.
    var left = 4 * (secret.count + 4)
    while let place = open.popLast(), left > 0 {
      left -= 1
      if place.secret == secret.count { return place.text }
      guard place.text < text.count else { continue }
      if text[place.text] == secret[place.secret] {
        open.append((place.text + 1, place.secret + 1))
      }
      if let escape = Escape(text, at: place.text),
        secret[place.secret...].starts(with: escape.bytes)
      {
        open.append((escape.end, place.secret + escape.bytes.count))
      }
    }
    return nil
  }
}

/// One escaped character of a text: `%41`, `+`, `\u0041`, `\"`, `\x41`, `&#65;`, `&amp;`.
private struct Escape {
  var bytes: [UInt8]
  var end: Int

  private static let named = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'",
  ]

  init?(_ text: [UInt8], at start: Int) {
    let rest = text[start...].prefix(14)
    let found: (bytes: [UInt8], length: Int)? =
      switch rest.first {
      case UInt8(ascii: "%"): Self.number(rest.dropFirst(), 2).map { ([UInt8($0)], 3) }
      case UInt8(ascii: "+"): ([0x20], 1)
      case UInt8(ascii: "\\"): Self.backslash(rest.dropFirst())
      case UInt8(ascii: "&"): Self.entity(rest.dropFirst())
      default: nil
      }
    guard let found, !found.bytes.isEmpty else { return nil }
    (bytes, end) = (found.bytes, start + found.length)
  }

  private static func number(_ digits: ArraySlice<UInt8>, _ count: Int) -> UInt32? {
    guard digits.count >= count else { return nil }
    return UInt32(String(decoding: digits.prefix(count), as: UTF8.self), radix: 16)
  }

  /// RFC 8259 section 7; `\x` is C's.
  private static func backslash(_ rest: ArraySlice<UInt8>) -> ([UInt8], Int)? {
    switch rest.first {
    case UInt8(ascii: "x"): number(rest.dropFirst(), 2).map { ([UInt8($0)], 4) }
    case UInt8(ascii: "u"): unicode(rest.dropFirst())
    case UInt8(ascii: "n"): ([0x0A], 2)
    case UInt8(ascii: "r"): ([0x0D], 2)
    case UInt8(ascii: "t"): ([0x09], 2)
    case UInt8(ascii: "b"): ([0x08], 2)
    case UInt8(ascii: "f"): ([0x0C], 2)
    case .some(let byte): ([byte], 2)
    case nil: nil
    }
  }

  private static func unicode(_ rest: ArraySlice<UInt8>) -> ([UInt8], Int)? {
    guard let high = number(rest, 4) else { return nil }
    if let scalar = Unicode.Scalar(high) { return (Array(String(scalar).utf8), 6) }
    guard rest.dropFirst(4).starts(with: Array("\\u".utf8)),
      let low = number(rest.dropFirst(6), 4), (0xDC00...0xDFFF).contains(low), high < 0xDC00,
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { return nil }
    return (Array(String(scalar).utf8), 12)
  }

  private static func entity(_ rest: ArraySlice<UInt8>) -> ([UInt8], Int)? {
    guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = String(decoding: rest[..<end], as: UTF8.self)
    let length = end - rest.startIndex + 2
    if let text = named[name] { return (Array(text.utf8), length) }
    guard name.hasPrefix("#") else { return nil }
    let isHex = name.lowercased().hasPrefix("#x")
    let digits = name.dropFirst(isHex ? 2 : 1)
    return UInt32(digits, radix: isHex ? 16 : 10).flatMap(Unicode.Scalar.init)
      .map { (Array(String($0).utf8), length) }
  }
}

/// Base64 (RFC 4648 section 4).
enum Base64 {
  private static let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// Bytes as digits, without what fills up the last group.
  static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var out: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let value = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      for place in 0...group.count {
        out.append(alphabet[Int(value >> (18 - 6 * UInt32(place)) & 63)])
      }
    }
    return out
  }

  /// Whether a byte is a digit of either alphabet, or fills up.
  static func isDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "+/-_=".utf8.contains(byte)
    }
  }
}

extension TransportError {
  /// The same error with no secret of the profile in it. An address comes from outside, too, once a
  /// redirect was followed.
  func hiding(_ profile: RemoteProfile) -> TransportError {
    let concealment = Concealment(profile)
    var copy = self
    copy.url = concealment.hide(url)
    copy.detail = concealment.hide(detail)
    return copy
  }
}
