/// The entities of HTML that texts about papers bear (HTML, 13.5): the usual names, and numbers.
enum HTMLEntities {
  /// What stands for a name, `amp` or `#x27` without the marks around it; nil where none is meant.
  static func text(_ name: Substring) -> String? {
    guard name.first == "#" else { return named[name] }
    let digits = name.dropFirst()
    let isHex = digits.first == "x" || digits.first == "X"
    guard let number = UInt32(isHex ? digits.dropFirst() : digits, radix: isHex ? 16 : 10),
      number >= 0x20, let scalar = Unicode.Scalar(number)
    else { return nil }
    return String(Character(scalar))
  }

  private static let named: [Substring: String] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ", "ndash": "–",
    "mdash": "—", "hellip": "…", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”",
    "laquo": "«", "raquo": "»", "middot": "·", "bull": "•", "copy": "©", "ensp": " ",
    "emsp": " ", "thinsp": " ", "times": "×", "deg": "°", "minus": "−", "rarr": "→", "larr": "←",
    "eacute": "é", "egrave": "è", "aacute": "á", "iacute": "í", "oacute": "ó", "uacute": "ú",
    "ccedil": "ç", "ntilde": "ñ", "auml": "ä", "ouml": "ö", "uuml": "ü", "szlig": "ß",
    "oslash": "ø", "aring": "å", "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ",
    "epsilon": "ε", "lambda": "λ", "mu": "μ", "pi": "π", "sigma": "σ", "infin": "∞", "le": "≤",
    "ge": "≥", "ne": "≠",
  ]
}
