import Glibc

/// Makes keys of the bytes that a terminal sends (ECMA-48, and the keys of xterm).
///
/// Invariants: bytes may be split anywhere between two reads; nothing that is no key is taken for
/// one, so that an answer of the terminal, a mouse or a paste never is a verdict; what is held back
/// is bounded.
struct KeyDecoder {
  /// A sequence longer than this is none.
  private static let longestSequence = 64
  /// So much of a paste is kept.
  private static let longestPaste = 4096
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  private var pending: [UInt8] = []
  private var paste: [UInt8]?
  private var overflow = 0

  /// Whether a key may have begun that only more bytes, or their absence, tell.
  var isWaiting: Bool { !pending.isEmpty || paste != nil }

  /// The keys that these bytes complete.
  mutating func take(_ bytes: some Sequence<UInt8>) -> [Key] {
    pending += bytes
    var keys: [Key] = []
    while !pending.isEmpty {
      if paste != nil {
        guard let key = takePaste() else { break }
        keys.append(key)
        continue
      }
      guard let (key, length) = Self.first(pending) else { break }
      pending.removeFirst(length)
      if key == .paste("") { paste = [] } else { keys.append(key) }
    }
    return keys
  }

  /// Nothing more came for a while: an escape that stands alone is the key of that name.
  mutating func pause() -> [Key] {
    guard paste == nil, !pending.isEmpty else { return [] }
    let isAlone = pending == [0x1B]
    pending = []
    return [isAlone ? .escape : .unknown]
  }

  // MARK: Paste

  private mutating func takePaste() -> Key? {
    if let end = Self.range(of: Self.pasteEnd, in: pending) {
      keep(pending[..<end.lowerBound])
      pending.removeFirst(end.upperBound)
      let text = String(decoding: paste ?? [], as: UTF8.self)
      paste = nil
      return .paste(text)
    }
    // The end may be split: what could be its beginning stays.
    let held = min(pending.count, Self.pasteEnd.count - 1)
    keep(pending[..<(pending.count - held)])
    pending.removeFirst(pending.count - held)
    return nil
  }

  private mutating func keep(_ bytes: ArraySlice<UInt8>) {
    let room = Self.longestPaste - (paste?.count ?? 0)
    paste?.append(contentsOf: bytes.prefix(max(0, room)))
  }

  private static func range(of end: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
    guard bytes.count >= end.count else { return nil }
    return (0...(bytes.count - end.count)).first { bytes[$0...].starts(with: end) }
      .map { $0..<($0 + end.count) }
  }

  // MARK: One key

  /// The first key and its bytes; nil while it is not whole. The begin of a paste is an empty one.
  private static func first(_ bytes: [UInt8]) -> (Key, Int)? {
    let byte = bytes[0]
    switch byte {
    case 0x1B: return escape(bytes)
    case 0x0D, 0x0A: return (.enter, 1)
    case 0x09: return (.tab, 1)
    case 0x7F, 0x08: return (.backspace, 1)
    case 0x01...0x1A: return (.control(Unicode.Scalar(byte + 0x60)), 1)
    case 0x00..<0x20: return (.unknown, 1)
    case 0x20..<0x7F: return (.character(Unicode.Scalar(byte)), 1)
    default: return scalar(bytes)
    }
  }

  private static func scalar(_ bytes: [UInt8]) -> (Key, Int)? {
    let length =
      switch bytes[0] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    let whole = bytes.prefix(length)
    if let wrong = whole.dropFirst().firstIndex(where: { $0 & 0xC0 != 0x80 }) {
      return (.unknown, wrong)
    }
    guard whole.count == length else { return nil }
    guard let text = String(validating: whole, as: UTF8.self), let only = text.unicodeScalars.first,
      only.properties.generalCategory != .control
    else { return (.unknown, length) }
    return (.character(only), length)
  }

  private static func escape(_ bytes: [UInt8]) -> (Key, Int)? {
    guard bytes.count > 1 else { return nil }
    switch bytes[1] {
    case UInt8(ascii: "["): return sequence(bytes)
    case UInt8(ascii: "O"):
      guard bytes.count > 2 else { return nil }
      return (final(bytes[2]) ?? .unknown, 3)
    // Twice the key, or the key before a sequence.
    case 0x1B: return (.escape, 1)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"),
      UInt8(ascii: "X"):
      return string(bytes)
    case 0x80...:
      return scalar(Array(bytes.dropFirst())).map { (.unknown, $0.1 + 1) }
    default: return (.unknown, 2)
    }
  }

  /// A control string (ECMA-48 5.6): an answer of the terminal. It ends with ST or BEL.
  private static func string(_ bytes: [UInt8]) -> (Key, Int)? {
    for index in bytes.indices.dropFirst(2).prefix(longestSequence * 4) {
      if bytes[index] == 0x07 { return (.unknown, index + 1) }
      if bytes[index] == 0x5C, bytes[index - 1] == 0x1B { return (.unknown, index + 1) }
    }
    return bytes.count > longestSequence * 4 ? (.unknown, bytes.count) : nil
  }

  /// A control sequence (ECMA-48 5.4): parameters, intermediates, and a final byte.
  private static func sequence(_ bytes: [UInt8]) -> (Key, Int)? {
    var index = 2
    // The Linux console's function keys have a second bracket.
    if bytes.count > 2, bytes[2] == UInt8(ascii: "[") {
      return bytes.count > 3 ? (.unknown, 4) : nil
    }
    while index < bytes.count, (0x20...0x3F).contains(bytes[index]) { index += 1 }
    guard index < longestSequence else { return (.unknown, index) }
    guard index < bytes.count else { return nil }
    let end = bytes[index]
    // Another key came before the end of it.
    guard (0x40...0x7E).contains(end) else { return (.unknown, index) }
    let parameters = String(decoding: bytes[2..<index], as: UTF8.self)
    // `M` ends what a mouse says, and is a key behind SS3 only.
    guard end != UInt8(ascii: "M") else { return (.unknown, index + 1) }
    guard end == UInt8(ascii: "~") else { return (final(end) ?? .unknown, index + 1) }
    let key: Key =
      switch parameters.prefix(while: { $0 != ";" }) {
      case "1", "7": .home
      case "3": .delete
      case "4", "8": .end
      case "5": .pageUp
      case "6": .pageDown
      case "200": .paste("")
      default: .unknown
      }
    return (key, index + 1)
  }

  private static func final(_ byte: UInt8) -> Key? {
    switch byte {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "Z"): .backTab
    case UInt8(ascii: "M"): .enter
    default: nil
    }
  }
}
