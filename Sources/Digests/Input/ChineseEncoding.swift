import Glibc

/// The encodings of Chinese text that is no Unicode, told by the bytes and turned into UTF-8 by the
/// C library.
///
/// GB18030 (GBK and GB2312 are parts of it) and Big5 name no characters by themselves; what tells
/// them is that nearly all their characters are of the common ones, which bytes of any other kind
/// are not for long.
enum ChineseEncoding: String, CaseIterable {
  case gb18030 = "GB18030"
  case big5 = "BIG5"

  /// The encoding of text that is no UTF-8; nil when nothing is told, or it is neither.
  /// - Parameter sample: bytes from the first one on that is not ASCII; the last character may be
  ///   cut.
  static func told(by sample: borrowing Span<UInt8>) -> ChineseEncoding? {
    var best: (encoding: ChineseEncoding, share: Int)?
    for encoding in allCases {
      let share = encoding.commonShare(sample)
      if share >= 80, share > best?.share ?? 0 { best = (encoding, share) }
    }
    return best?.encoding
  }

  /// Whether there are more characters of UTF-8 than bytes that are none.
  static func isMostlyUTF8(_ sample: borrowing Span<UInt8>) -> Bool {
    var (good, bad, index) = (0, 0, 0)
    while index < sample.count {
      let byte = sample[index]
      if byte < 0x80 {
        index += 1
        continue
      }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
      var end = index + 1
      while end < min(index + length, sample.count), Byte.continues(sample[end]) { end += 1 }
      if length > 1, end == index + length || end == sample.count {
        good += 1
        index = end
      } else {
        bad += 1
        index += 1
      }
    }
    return bad == 0 || good > bad
  }

  /// Of a hundred characters that are not ASCII, how many are common ones.
  private func commonShare(_ sample: borrowing Span<UInt8>) -> Int {
    var (common, all, index) = (0, 0, 0)
    while index < sample.count {
      guard sample[index] >= 0x80 else {
        index += 1
        continue
      }
      guard index + 1 < sample.count else { break }
      all += 1
      if isCommon(sample[index], sample[index + 1]) { common += 1 }
      index += 2
    }
    return all >= 2 ? common * 100 / all : 0
  }

  private func isCommon(_ first: UInt8, _ second: UInt8) -> Bool {
    switch self {
    case .gb18030:
      // GB2312: punctuation, full-width forms, the 3755 characters of its first level.
      0xA1...0xFE ~= second
        && (0xB0...0xD7 ~= first || 0xA1...0xA3 ~= first)
    case .big5:
      // Punctuation, and the 5401 characters of its first level.
      (0x40...0x7E ~= second || 0xA1...0xFE ~= second)
        && (0xA4...0xC6 ~= first || 0xA1...0xA2 ~= first)
    }
  }
}

/// The C library's decoder of one encoding.
///
/// Invariant: the descriptor is open as long as this lives.
final class CharacterDecoder {
  private let descriptor: iconv_t
  private var held: [UInt8] = []

  /// Nil where the C library of this machine does not know the encoding.
  /// - Parameter name: what the C library calls it; never words from outside.
  init?(_ name: String) {
    let opened = iconv_open("UTF-8", name)
    guard Int(bitPattern: opened) != -1, let opened else { return nil }
    descriptor = opened
  }

  deinit { iconv_close(descriptor) }

  /// The next bytes as UTF-8; what is no character becomes U+FFFD.
  func decode(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
    var input = held + bytes.withUnsafeBufferPointer { Array($0) }
    held = []
    var output: [UInt8] = []
    var start = 0
    while start < input.count {
      let step = convert(&input, from: start, into: &output)
      start = step.next
      switch step.outcome {
      case 0, E2BIG: continue
      case EINVAL:
        held = Array(input[start...])
        return output
      default:
        output += Array("\u{FFFD}".utf8)
        start += 1
      }
    }
    return output
  }

  /// What is left at the end: a character that was cut.
  func finish() -> [UInt8] {
    defer { held = [] }
    return held.isEmpty ? [] : Array("\u{FFFD}".utf8)
  }

  private func convert(
    _ input: inout [UInt8], from start: Int, into output: inout [UInt8]
  ) -> (next: Int, outcome: Int32) {
    let room = (input.count - start) * 3 / 2 + 16
    var outcome: Int32 = 0
    var left = input.count - start
    let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      input.withUnsafeMutableBytes { bytes in
        var source = bytes.baseAddress.map { ($0 + start).assumingMemoryBound(to: CChar.self) }
        var target = UnsafeMutableRawPointer(buffer.baseAddress)?
          .assumingMemoryBound(to: CChar.self)
        var free = room
        _ = iconv(descriptor, &source, &left, &target, &free)
        if left > 0 { outcome = errno }
        count = room - free
      }
    }
    output += piece
    return (input.count - left, outcome)
  }
}
