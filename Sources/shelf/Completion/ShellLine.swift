/// A command line up to the cursor as a shell reads it: its words without their quotes, and how the
/// last one is quoted. The rules are those that sh, bash, zsh and fish have in common: '…', "…",
/// and a backslash.
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
    func breaksWord(_ character: Character) -> Bool {
      character != " " && breaks.contains(character) && character != "'" && character != "\""
    }
    for character in line {
      if isEscaped {
        isEscaped = false
        if quote == .double, !"\\\"$`\n".contains(character) { word.append("\\") }
        word.append(character)
        continue
      }
      switch (character, quote) {
      case ("'", .none):
        // The dollar of `$'…'` is no part of the word.
        if word.hasSuffix("$") { word.removeLast() }
        (quote, isWord, kept) = (.single, true, word)
      case ("\"", .none): (quote, isWord, kept) = (.double, true, word)
      case ("'", .single), ("\"", .double): quote = .none
      case ("\\", .none), ("\\", .double): (isEscaped, isWord) = (true, true)
      case (" ", .none), ("\t", .none), ("\n", .none):
        if isWord { before.append(word) }
        (word, kept, isWord) = ("", "", false)
      default:
        // readline replaces an @ or $ that breaks words, too (its `rl_special_prefixes`).
        let isReplaced = character == "@" || character == "$"
        let before = word
        word.append(character)
        isWord = true
        if quote == .none, breaksWord(character) { kept = isReplaced ? before : word }
      }
    }
  }

  /// A word as it can be typed at the cursor, after what is kept.
  func typed(_ word: String) -> String {
    let rest = word.dropFirst(kept.count)
    switch quote {
    case .single: return Self.pieces(rest, quote: "'", escaped: "", outside: "'")
    case .double: return Self.pieces(rest, quote: "\"", escaped: "\\\"$`", outside: "!")
    case .none: return Self.bare(rest)
    }
  }

  /// Within an open quote: some characters take a backslash, and what none helps stands outside.
  private static func pieces(
    _ text: Substring, quote: String, escaped: String, outside: String
  ) -> String {
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

  private static func bare(_ text: Substring) -> String {
    var out = ""
    for (index, character) in text.enumerated() {
      if let control = control(character) {
        out += "$'\(control)'"
      } else if isPlain(character) || (index > 0 && character == "~") {
        out.append(character)
      } else {
        out += "\\\(character)"
      }
    }
    return out
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "%+@:.,/=_-^".contains(character)
      || !character.isASCII
  }

  /// `\n`, `\x1b` for what no shell takes behind a backslash.
  private static func control(_ character: Character) -> String? {
    guard character.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      return nil
    }
    return character.unicodeScalars.map { scalar in
      let code = String(scalar.value, radix: 8)
      return scalar.value < 0x20 || scalar.value == 0x7F
        ? "\\" + String(repeating: "0", count: 3 - code.count) + code : String(scalar)
    }.joined()
  }
}
