/// Reads an arXiv identifier at the start of some bytes (arXiv.org, "Understanding the arXiv
/// identifier"): `YYMM.NNNN` and `YYMM.NNNNN` since April 2007, `archive/YYMMNNN` before.
///
/// Invariant: the canonical form read again gives itself.
struct ArXivID {
  /// The identifier without version and subject class.
  let canonical: String
  /// Where the identifier and its version end.
  let end: Int

  /// The archives of before April 2007, some long merged into others.
  private static let archives: Set<String> = [
    "acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn",
    "chem-ph", "cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex",
    "hep-lat", "hep-ph", "hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th",
    "patt-sol", "physics", "plasm-ph", "q-alg", "q-bio", "quant-ph", "solv-int", "stat",
    "supr-con",
  ]

  /// The identifier that begins at `start`, or nil.
  init?(_ bytes: borrowing Span<UInt8>, from start: Int) {
    if let new = Self.newStyle(bytes, from: start) {
      self = new
    } else if let old = Self.oldStyle(bytes, from: start) {
      self = old
    } else {
      return nil
    }
  }

  private init(canonical: String, end: Int) {
    self.canonical = canonical
    self.end = end
  }

  private static func newStyle(_ bytes: borrowing Span<UInt8>, from start: Int) -> ArXivID? {
    guard bytes.digits(from: start) == 4, bytes.byte(start + 4) == Ascii.dot,
      hasMonth(bytes, at: start + 2)
    else { return nil }
    let digits = bytes.digits(from: start + 5)
    guard digits == 4 || digits == 5 else { return nil }
    let end = start + 5 + digits
    return ArXivID(canonical: bytes.text(start..<end), end: version(bytes, from: end))
  }

  private static func oldStyle(_ bytes: borrowing Span<UInt8>, from start: Int) -> ArXivID? {
    var end = start
    while end - start < 16, let byte = bytes.byte(end), Ascii.isLetter(byte) || byte == Ascii.dash {
      end += 1
    }
    let word = start..<end
    if bytes.byte(end) == Ascii.dot {  // a subject class, `math.GT`: no part of the identity
      end += 1
      let subject = end
      while end - subject < 16, let byte = bytes.byte(end),
        Ascii.isLetter(byte) || byte == Ascii.dash
      { end += 1 }
      guard end > subject else { return nil }
    }
    guard bytes.byte(end) == Ascii.slash, bytes.digits(from: end + 1) == 7,
      hasMonth(bytes, at: end + 3)
    else { return nil }
    // Last, for the set is made when it is first asked: a twentieth of `shelf list`, where every
    // filter is taken for an id first.
    let archive = bytes.text(word).lowercased()
    guard archives.contains(archive) else { return nil }
    let number = bytes.text(end + 1..<end + 8)
    return ArXivID(canonical: archive + "/" + number, end: version(bytes, from: end + 8))
  }

  private static func hasMonth(_ bytes: borrowing Span<UInt8>, at index: Int) -> Bool {
    guard let tens = bytes.byte(index), let ones = bytes.byte(index + 1) else { return false }
    let month = (Int(tens) - 0x30) * 10 + Int(ones) - 0x30
    return (1...12).contains(month)
  }

  /// The end of `v3` after an identifier, or `end` when there is none.
  private static func version(_ bytes: borrowing Span<UInt8>, from end: Int) -> Int {
    guard let letter = bytes.byte(end), letter | 0x20 == 0x76 else { return end }
    let digits = bytes.digits(from: end + 1)
    return (1...4).contains(digits) ? end + 1 + digits : end
  }
}
