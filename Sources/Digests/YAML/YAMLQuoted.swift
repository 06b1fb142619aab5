/// Text in quotation marks, line by line (YAML 1.2, 7.3): `'it''s'`, `"a \"b\"\n"`.
struct YAMLQuoted {
  private let mark: UInt8
  private var bytes: [UInt8] = []
  /// What is between the lines: nothing yet, a space, or line ends.
  private var breaks = -1
  private var joins = false

  /// - Parameter mark: the mark that opened it, and closes it.
  init(mark: UInt8) { self.mark = mark }

  /// What was read.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// Takes a line, or the rest of the first.
  /// - Returns: the place behind the closing mark; nil where it goes on.
  mutating func take(_ line: ArraySlice<UInt8>) -> Int? {
    breaks += 1
    guard !line.isEmpty else { return nil }
    separate()
    var index = line.startIndex
    while index < line.endIndex {
      let byte = line[index]
      if byte == mark {
        guard mark == UInt8(ascii: "'"), index + 1 < line.endIndex, line[index + 1] == mark else {
          return index + 1
        }
        index += 1
      } else if byte == Byte.backslash, mark == UInt8(ascii: "\"") {
        index = escape(line, index + 1)
        continue
      }
      bytes.append(byte)
      index += 1
    }
    return nil
  }

  private mutating func separate() {
    if breaks > 1 {
      bytes += [UInt8](repeating: Byte.lineFeed, count: breaks - 1)
    } else if breaks == 1, !joins {
      bytes.append(Byte.space)
    }
    (breaks, joins) = (0, false)
  }

  /// Takes what follows a backslash; returns where to go on.
  private mutating func escape(_ line: ArraySlice<UInt8>, _ index: Int) -> Int {
    guard index < line.endIndex else {
      joins = true
      return index
    }
    let digits: Int
    switch line[index] {
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    case UInt8(ascii: "n"): bytes.append(Byte.lineFeed); return index + 1
    case UInt8(ascii: "t"): bytes.append(Byte.tab); return index + 1
    case UInt8(ascii: "r"): bytes.append(Byte.carriageReturn); return index + 1
    case UInt8(ascii: "0"): return index + 1
    default: bytes.append(line[index]); return index + 1
    }
    let end = min(index + 1 + digits, line.endIndex)
    let number = UInt32(String(decoding: line[(index + 1)..<end], as: UTF8.self), radix: 16)
    let scalar = number.flatMap(Unicode.Scalar.init) ?? "\u{FFFD}"
    if scalar != "\0" { bytes += Array(String(Character(scalar)).utf8) }
    return end
  }
}
