import Papers

/// TeX of a bibliography as plain text: accents and letters as Unicode, commands that only set type
/// taken off, formulas between dollars kept as they are.
///
/// Linear; what is not known stays as it is written, so that nothing is lost.
struct TeXPlain {
  private let source: [Character]
  private var index = 0
  private var out = ""

  /// The text.
  static func text(_ tex: String) -> String {
    guard tex.utf8.contains(where: isSpecial) else { return RecordText.trimmed(tex) }
    var reader = TeXPlain(source: Array(tex))
    reader.run()
    return RecordText.trimmed(reader.out)
  }

  /// An address or id, which many programs escape although BibTeX reads them verbatim.
  static func verbatim(_ tex: String) -> String {
    var text = tex.replacing("\\url", with: "").replacing("\\textasciitilde", with: "~")
    text = text.replacing("\\~{}", with: "~").replacing("\\textunderscore", with: "_")
    return RecordText.trimmed(
      String(text.filter { !"{}\\".contains($0) }).replacing("$\\sim$", with: "~"))
  }

  private init(source: [Character]) { self.source = source }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case Byte.backslash, UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "~"),
      UInt8(ascii: "`"), UInt8(ascii: "'"):
      true
    default: false
    }
  }

  private mutating func run() {
    while index < source.count {
      let sign = source[index]
      index += 1
      switch sign {
      case "{", "}": break
      case "~": out += " "
      case "$": takeFormula()
      case "`" where take("`"): out += "“"
      case "'" where take("'"): out += "”"
      case "\\": takeCommand()
      default: out.append(sign)
      }
    }
  }

  private mutating func take(_ sign: Character) -> Bool {
    guard index < source.count, source[index] == sign else { return false }
    index += 1
    return true
  }

  /// A formula up to the next dollar, as it is; a dollar without a partner is one.
  private mutating func takeFormula() {
    out += "$"
    var end = index
    while end < source.count, source[end] != "$" { end += source[end] == "\\" ? 2 : 1 }
    guard end < source.count else { return }
    out += String(source[index...end])
    index = end + 1
  }

  private mutating func takeCommand() {
    guard index < source.count else {
      out += "\\"
      return
    }
    let sign = source[index]
    guard sign.isASCII, sign.isLetter else {
      index += 1
      if let mark = Self.marks[sign] {
        accent(mark)
      } else if "&%#_${} ".contains(sign) {
        out.append(sign)
      } else if sign == "\\" || ",;:".contains(sign) {
        out += " "
      } else if !"/-!@".contains(sign) {
        out += "\\" + String(sign)
      }
      return
    }
    let start = index
    while index < source.count, source[index].isASCII, source[index].isLetter { index += 1 }
    word(String(source[start..<index]))
  }

  private mutating func word(_ name: String) {
    if let mark = Self.wordMarks[name] {
      accent(mark)
    } else if let letter = Self.letters[name] {
      skipSpaces()
      out += letter
    } else if Self.silent.contains(name) {
      skipSpaces()
    } else if name == "href" {
      skipGroup()
    } else if name == "noopsort" || name == "vspace" || name == "hspace" {
      skipGroup()
    } else {
      out += "\\" + name
    }
  }

  /// A command of letters ends with the white space behind it (TeXbook, chapter 3).
  private mutating func skipSpaces() {
    while index < source.count, source[index].isWhitespace { index += 1 }
  }

  private mutating func skipGroup() {
    skipSpaces()
    guard take("{") else { return }
    var depth = 1
    while index < source.count, depth > 0 {
      if source[index] == "{" { depth += 1 }
      if source[index] == "}" { depth -= 1 }
      index += 1
    }
  }

  /// Puts a combining mark on the letter that follows, in braces or not.
  private mutating func accent(_ mark: String) {
    var place = index
    while place < source.count, source[place].isWhitespace || source[place] == "{" { place += 1 }
    var base = ""
    if place + 1 < source.count, source[place] == "\\", "ij".contains(source[place + 1]) {
      // The letters without a dot bear a mark as those with one do.
      base = String(source[place + 1])
      place += 2
    } else if place < source.count, source[place].isLetter {
      base = String(source[place])
      place += 1
    } else {
      out += mark == "\u{303}" ? "~" : ""
      return
    }
    index = place
    out += (base + mark).composed
  }

  private static let marks: [Character: String] = [
    "'": "\u{301}", "`": "\u{300}", "^": "\u{302}", "\"": "\u{308}", "~": "\u{303}",
    "=": "\u{304}", ".": "\u{307}",
  ]

  private static let wordMarks: [String: String] = [
    "c": "\u{327}", "v": "\u{30C}", "u": "\u{306}", "H": "\u{30B}", "k": "\u{328}",
    "r": "\u{30A}", "b": "\u{331}", "d": "\u{323}",
  ]

  private static let silent: Set<String> = [
    "emph", "textit", "textbf", "textsc", "texttt", "textrm", "textsf", "textup", "textnormal",
    "textsuperscript", "textsubscript", "text", "mbox", "url", "it", "bf", "em", "sc", "tt", "rm",
    "sf", "sl", "itshape", "bfseries", "scshape", "ttfamily", "ensuremath", "mathrm", "protect",
    "relax", "path", "uppercase", "lowercase", "enquote", "mkbibquote", "mkbibemph", "nolinkurl",
  ]

  private static let letters: [String: String] = [
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ",
    "OE": "Œ", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ",
    "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ", "textbackslash": "\\",
    "textasciitilde": "~", "textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textellipsis": "…",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“",
    "textquotedblright": "”", "textquotesingle": "'", "textquotedbl": "\"", "textbar": "|",
    "textless": "<", "textgreater": ">", "textunderscore": "_", "textdollar": "$",
    "textdegree": "°", "textregistered": "®", "texttrademark": "™", "copyright": "©", "S": "§",
    "P": "¶", "pounds": "£", "texteuro": "€", "euro": "€", "textbullet": "•", "alpha": "α",
    "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "lambda": "λ", "mu": "μ", "pi": "π",
    "sigma": "σ", "tau": "τ", "phi": "φ", "omega": "ω", "Delta": "Δ", "Omega": "Ω", "times": "×",
    "pm": "±", "infty": "∞", "textmu": "µ", "textalpha": "α", "textbeta": "β", "sim": "∼",
    "rightarrow": "→", "to": "→", "leq": "≤", "geq": "≥", "approx": "≈", "cdot": "·",
  ]
}
