/// A command line up to the cursor as a shell reads it: its words without their quotes, and how the
/// last one is quoted. All by scalars: a quote with a combining mark behind it is another character
/// to Swift, and still a quote to a shell. The rules are those that sh, bash, zsh and fish have in
/// common: '…', "…", and a backslash.
struct ShellLine {
  /// How the place of the cursor is quoted.
  enum Quote { case none, single, double }

  /// The words before the cursor's.
  private(set) var before: [String] = []
  /// The cursor's word, as far as the cursor.
  private(set) var word = ""
  /// How the cursor's place is quoted.
  private(set) var quote = Quote.none
  /// What of ``word`` stands before the piece that readline replaces: up to the last character that
  /// breaks words, or the quote that is open.
  private(set) var kept = ""

  /// - Parameter breaks: characters that break words for readline, `COMP_WORDBREAKS`.
  init(_ line: String, breaks: String = "") {
    var isWord = false
    var isEscaped = false
    let breaks = Set(breaks.unicodeScalars).subtracting(" '\"".unicodeScalars)
    var word = "".unicodeScalars
    defer { self.word = String(word) }
    func read(_ word: String.UnicodeScalarView) -> String { String(word) }
    for character in line.unicodeScalars {
      if isEscaped {
        isEscaped = false
        if quote == .double, !"\\\"$`\n".unicodeScalars.contains(character) { word.append("\\") }
        word.append(character)
        continue
      }
      switch (character, quote) {
      case ("'", .none):
        // The dollar of `$'…'` is no part of the word.
        if word.last == "$" { word.removeLast() }
        (quote, isWord, kept) = (.single, true, read(word))
      case ("\"", .none): (quote, isWord, kept) = (.double, true, read(word))
      case ("'", .single), ("\"", .double): quote = .none
      case ("\\", .none), ("\\", .double): (isEscaped, isWord) = (true, true)
      case (" ", .none), ("\t", .none), ("\n", .none):
        if isWord { before.append(read(word)) }
        (word, kept, isWord) = ("".unicodeScalars, "", false)
      default:
        // readline replaces an @ or $ that breaks words, too (its `rl_special_prefixes`).
        let isReplaced = character == "@" || character == "$"
        let before = word
        word.append(character)
        isWord = true
        if quote == .none, breaks.contains(character) { kept = read(isReplaced ? before : word) }
      }
    }
  }

  /// A word as it can be typed at the cursor, after what is kept.
  func typed(_ word: String) -> String {
    let rest = word.unicodeScalars.dropFirst(kept.unicodeScalars.count)
    switch quote {
    case .single: return Self.pieces(rest, quote: "'", escaped: "", outside: "'")
    case .double: return Self.pieces(rest, quote: "\"", escaped: "\\\"$`", outside: "!")
    case .none: return Self.bare(rest)
    }
  }

  /// Within an open quote: some characters take a backslash, and what none helps stands outside.
  private static func pieces(
    _ text: Substring.UnicodeScalarView, quote: String, escaped: String, outside: String
  ) -> String {
    let (escaped, outside) = (escaped.unicodeScalars, outside.unicodeScalars)
    var out = ""
    for character in text {
      if let control = control(character) {
        out += "\(quote)$'\(control)'\(quote)"
      } else if outside.contains(character) {
        out += "\(quote)\\\(character)\(quote)"
      } else {
        out += escaped.contains(character) ? "\\\(character)" : String(character)
      }
    }
    // readline closes the quote, unless one stands at the end already: that may just have opened.
    let isOpenAgain = text.last.map { outside.contains($0) || control($0) != nil } ?? false
    return isOpenAgain ? out + quote : out
  }

  private static func bare(_ text: Substring.UnicodeScalarView) -> String {
    var out = ""
    for (index, character) in text.enumerated() {
      if let control = control(character) {
        out += "$'\(control)'"
      } else if isPlain(character) || (index > 0 && character == "~") {
        out += String(character)
      } else {
        out += "\\\(character)"
      }
    }
    return out
  }

  private static func isPlain(_ character: Unicode.Scalar) -> Bool {
    !character.isASCII || ("a"..."z").contains(character) || ("A"..."Z").contains(character)
      || ("0"..."9").contains(character) || "%+@:.,/=_-^".unicodeScalars.contains(character)
  }

  /// `\012` for what no shell takes behind a backslash, or what would drive the terminal.
  private static func control(_ character: Unicode.Scalar) -> String? {
    switch character.value {
    case ..<0x20, 0x7F:
      let code = String(character.value, radix: 8)
      return "\\" + String(repeating: "0", count: 3 - code.count) + code
    case 0x80..<0xA0: return "\\u00" + String(character.value, radix: 16)
    default: return nil
    }
  }
}
