/// One element of BibTeX taken apart: `@type{key, name = value, …}` (btxdoc, section 2).
struct BibTeXEntry {
  /// The type in lower case.
  private(set) var type = ""
  /// The key under which it is cited; empty where it has none.
  private(set) var key = ""
  /// The fields as TeX, names in lower case, each once: the first, as BibTeX has it.
  private(set) var fields: [String: String] = [:]

  private static let mostFields = 1000
  /// The longest value, bytes: macros could double it line by line.
  private static let longestValue = 1 << 20

  /// - Parameters:
  ///   - bytes: the element, `@` and brackets included.
  ///   - isWhole: whether its end is there; a value that was not closed is left out.
  ///   - macros: what `@string` said so far.
  init(_ bytes: [UInt8], isWhole: Bool, macros: [String: String]) {
    var scanner = Scanner(bytes: bytes[...])
    scanner.take(UInt8(ascii: "@"))
    type = scanner.word().lowercased()
    scanner.takeBracket()
    if type != "string" {
      let before = scanner
      key = RecordText.trimmed(scanner.upTo(",}=)"))
      if scanner.peek == UInt8(ascii: "=") {  // no key
        key = ""
        scanner = before
      }
    }
    while fields.count < Self.mostFields {
      scanner.skip { Byte.isSpace($0) || $0 == UInt8(ascii: ",") }
      let name = RecordText.trimmed(scanner.upTo("=,}")).lowercased()
      guard scanner.take(UInt8(ascii: "=")) else {
        // What is no field ends at the next comma or brace.
        guard scanner.take(UInt8(ascii: ",")) || scanner.take(UInt8(ascii: "}")) else { break }
        continue
      }
      guard let value = scanner.value(macros, longest: Self.longestValue) else { break }
      if !name.isEmpty, fields[name] == nil { fields[name] = value }
    }
  }

  /// Walks over the bytes of an element.
  private struct Scanner {
    var bytes: ArraySlice<UInt8>

    var peek: UInt8? { bytes.first }

    @discardableResult
    mutating func take(_ byte: UInt8) -> Bool {
      guard bytes.first == byte else { return false }
      bytes.removeFirst()
      return true
    }

    mutating func takeBracket() {
      skip(where: Byte.isSpace)
      if !take(UInt8(ascii: "{")) { take(Byte.openParenthesis) }
    }

    mutating func skip(where condition: (UInt8) -> Bool) {
      while let byte = bytes.first, condition(byte) { bytes.removeFirst() }
    }

    mutating func word() -> String {
      let word = bytes.prefix(while: Byte.isLetter)
      bytes = bytes.dropFirst(word.count)
      return String(decoding: word, as: UTF8.self)
    }

    /// The text up to one of some signs.
    mutating func upTo(_ signs: String) -> String {
      let signs = Array(signs.utf8)
      let text = bytes.prefix { !signs.contains($0) }
      bytes = bytes.dropFirst(text.count)
      return String(decoding: text, as: UTF8.self)
    }

    /// A value: pieces joined by `#`; nil where one is not closed.
    mutating func value(_ macros: [String: String], longest: Int) -> String? {
      var value: [UInt8] = []
      repeat {
        skip(where: Byte.isSpace)
        guard let piece = piece(macros) else { return nil }
        value.append(contentsOf: piece.prefix(longest - value.count))
        skip(where: Byte.isSpace)
      } while take(Byte.hash)
      return String(decoding: value, as: UTF8.self)
    }

    private mutating func piece(_ macros: [String: String]) -> [UInt8]? {
      if take(UInt8(ascii: "{")) { return delimited(by: UInt8(ascii: "}")) }
      if take(UInt8(ascii: "\"")) { return delimited(by: UInt8(ascii: "\"")) }
      let word = RecordText.trimmed(upTo(",#})"))
      return Array((macros[word.lowercased()] ?? word).utf8)
    }

    /// What stands up to a closing sign outside of braces.
    private mutating func delimited(by closing: UInt8) -> [UInt8]? {
      var depth = 0
      for index in bytes.indices {
        let byte = bytes[index]
        if byte == closing, depth == 0 {
          defer { bytes = bytes[(index + 1)...] }
          return Array(bytes[..<index])
        }
        if byte == UInt8(ascii: "{") { depth += 1 }
        if byte == UInt8(ascii: "}") { depth -= 1 }
        if depth < 0 { return nil }
      }
      return nil
    }
  }
}
