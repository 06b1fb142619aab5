import Papers

/// Texts as a search compares them: the one function that makes the entries of the index, what a
/// query asks for, and what a snippet marks.
///
/// A text is cut into words (``SearchTokens``), a word again where letters meet digits, so that
/// `GPT4` is `GPT-4`. Of each word case, width, diacritics and forms made for compatibility are
/// folded; of a Chinese character its traditional form; of an English word its ending
/// (``WordEnding``).
package enum SearchWords {
  /// Whether there is a word in `text`, a `*` at its end aside.
  package static func hasAny(_ text: String) -> Bool { SearchTokens.hasAny(text) }

  /// The words of a text, in order, with their places.
  package static func words(of text: String) -> [SearchToken] {
    var words: [SearchToken] = []
    forEach(text) { word, range in
      words.append(SearchToken(text: String(decoding: word, as: UTF8.self), range: range))
    }
    return words
  }

  /// The words of a text with a space behind each, in UTF-8: nothing in it is left to be folded.
  package static func text(of text: String) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count / 8 * 9 + 8)
    forEach(text) { word, _ in
      out.append(contentsOf: word)
      out.append(0x20)
    }
    return out
  }

  /// The words of a phrase that ends in a beginning: those before it, and what the word that is
  /// begun may begin with, as the index has it, or be.
  package static func beginning(of text: String) -> (words: [String], begun: String, whole: String)?
  {
    var words = words(of: text).map(\.text)
    guard let whole = words.popLast() else { return nil }
    var last: String?
    forEach(text, cutsEndings: false) { word, _ in last = String(decoding: word, as: UTF8.self) }
    return (words, last ?? whole, whole)
  }

  @inline(__always)
  private static func forEach(
    _ text: String, cutsEndings: Bool = true,
    _ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Void
  ) {
    var text = text
    text.withUTF8 { utf8 in
      var reader = Reader(utf8: utf8, cutsEndings: cutsEndings)
      while reader.next() {
        reader.word.withUnsafeBufferPointer { body($0, reader.range) }
      }
    }
  }

  private struct Reader {
    let utf8: UnsafeBufferPointer<UInt8>
    let cutsEndings: Bool
    /// The word that was read, and where it stands.
    var word: [UInt8] = []
    var range = 0..<0
    private var place = 0
    /// Pieces of a word that is not of ASCII alone, the next one last.
    private var pieces: [[UInt8]] = []

    init(utf8: UnsafeBufferPointer<UInt8>, cutsEndings: Bool) {
      self.utf8 = utf8
      self.cutsEndings = cutsEndings
      word.reserveCapacity(64)
    }

    /// Reads the next word; false at the end.
    mutating func next() -> Bool {
      if let piece = pieces.popLast() {
        word = piece
        return true
      }
      while place < utf8.count {
        let byte = utf8[place]
        if byte >= 0x80 {
          if readOther(from: place) { return true }
        } else if SearchTokens.isWordPart(byte) {
          return readASCII()
        } else {
          place += 1
        }
      }
      return false
    }

    /// Reads letters, or digits, of ASCII alone; what follows directly and is not goes with them.
    private mutating func readASCII() -> Bool {
      let start = place
      let isDigit = utf8[place] < 0x40
      word.removeAll(keepingCapacity: true)
      while place < utf8.count {
        let byte = utf8[place]
        guard byte < 0x80 else {
          // A letter or mark beyond ASCII belongs to the word; a character by itself does not.
          if let (other, _) = SearchTokens.scalar(in: utf8, at: place),
            !SearchTokens.standsAlone(CharacterForm.one(other)), CharacterForm.isWordPart(other)
          {
            return readOther(from: start)
          }
          break
        }
        guard SearchTokens.isWordPart(byte), (byte < 0x40) == isDigit else { break }
        word.append(byte | 0x20)
        place += 1
      }
      if !isDigit, cutsEndings { WordEnding.cut(&word) }
      range = start..<place
      return true
    }

    /// Reads a character that is a word, or a word that has characters beyond ASCII.
    private mutating func readOther(from start: Int) -> Bool {
      var scalars = String.UnicodeScalarView()
      var end = start
      while let (scalar, length) = SearchTokens.scalar(in: utf8, at: end) {
        let form = CharacterForm.one(scalar)
        if SearchTokens.standsAlone(form) {
          guard scalars.isEmpty else { break }
          return readCharacter(form, at: start, length)
        }
        guard CharacterForm.isWordPart(scalar) else { break }
        CharacterForm.append(scalar, to: &scalars)
        end += length
      }
      if scalars.isEmpty { end = start + (SearchTokens.scalar(in: utf8, at: start)?.length ?? 1) }
      place = max(end, start + 1)
      range = start..<place
      guard !scalars.isEmpty else { return false }
      take(Array(SearchTokens.fold(String(scalars)).utf8))
      guard let piece = pieces.popLast() else { return false }
      word = piece
      return true
    }

    /// Cuts a folded word where letters meet digits.
    private mutating func take(_ folded: [UInt8]) {
      var start = 0
      var cut: [[UInt8]] = []
      for end in 1..<max(1, folded.count) + 1 where start < folded.count {
        if end < folded.count, Self.isDigit(folded[end]) == Self.isDigit(folded[start]) { continue }
        var piece = Array(folded[start..<end])
        if cutsEndings, piece.allSatisfy({ (0x61...0x7A).contains($0) }) { WordEnding.cut(&piece) }
        cut.append(piece)
        start = end
      }
      pieces = cut.reversed()
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Reads a character that is a word of its own, with the mark of a kana behind it.
    private mutating func readCharacter(_ value: UInt32, at start: Int, _ length: Int) -> Bool {
      guard var scalar = Unicode.Scalar(value) else { return false }
      place = start + length
      if (0x3041...0x30FF).contains(value),
        let (mark, markLength) = SearchTokens.scalar(in: utf8, at: place),
        let voiced = CharacterForm.voiced(scalar, by: mark)
      {
        scalar = voiced
        place += markLength
      }
      word.removeAll(keepingCapacity: true)
      if let units = UTF8.encode(scalar) { word.append(contentsOf: units) }
      range = start..<place
      return true
    }
  }
}

/// The form in which a character is compared.
enum CharacterForm {
  private static let table = Table()
  private static let several: [UInt32: [Unicode.Scalar]] = Dictionary(
    CharacterForms.several.unicodeScalars.split(separator: " ").compactMap { entry in
      entry.first.map { ($0.value, Array(entry.dropFirst())) }
    }, uniquingKeysWith: { first, _ in first })

  /// By scalar, in pages of 256, of which most characters have none.
  private struct Table {
    private var pages = [UInt16](repeating: 0, count: 0x1100)
    private var forms = [UInt32](repeating: 0, count: 256)
    /// In the place of a form where it is several characters.
    static let several: UInt32 = 1

    init() {
      read(CharacterForms.single)
      read(CharacterForms.simplified)
      // By scalars: by characters it was three quarters of making the table.
      for entry in CharacterForms.several.unicodeScalars.split(separator: " ") {
        if let first = entry.first { set(first.value, Self.several) }
      }
    }

    private mutating func read(_ text: String) {
      var key: UInt32?
      for scalar in text.unicodeScalars {
        if let known = key { set(known, scalar.value) }
        key = key == nil ? scalar.value : nil
      }
    }

    private mutating func set(_ key: UInt32, _ form: UInt32) {
      let page = Int(key >> 8)
      if pages[page] == 0 {
        pages[page] = UInt16(forms.count >> 8)
        forms += [UInt32](repeating: 0, count: 256)
      }
      forms[Int(pages[page]) << 8 | Int(key & 0xFF)] = form
    }

    subscript(key: UInt32) -> UInt32 {
      forms[Int(pages[Int(key >> 8)]) << 8 | Int(key & 0xFF)]
    }
  }

  /// What a character is compared as, where that is one; 1 where it is several.
  static func one(_ scalar: Unicode.Scalar) -> UInt32 {
    let value = scalar.value
    if value < 0x80 { return value }
    if (0xFF01...0xFF5E).contains(value) { return value - 0xFF01 + 0x21 }
    let form = table[value]
    guard form > Table.several else { return form == 0 ? value : form }
    // A form made for compatibility may be a traditional one.
    let further = table[form]
    return further > Table.several ? further : form
  }

  /// Whether a character is part of a word with those beside it.
  static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    let form = one(scalar)
    // Forms of several characters are all of letters and digits.
    if form == Table.several, scalar.value != form { return true }
    return Unicode.Scalar(form).map(SearchTokens.isWordPart) ?? false
  }

  /// Appends what a character is compared as.
  static func append(_ scalar: Unicode.Scalar, to scalars: inout String.UnicodeScalarView) {
    let form = one(scalar)
    if form == Table.several, let several = several[scalar.value] {
      scalars.append(contentsOf: several)
    } else {
      scalars.append(Unicode.Scalar(form) ?? scalar)
    }
  }

  /// A kana with the mark behind it that voices it, of whatever width; nil for another mark.
  static func voiced(_ kana: Unicode.Scalar, by mark: Unicode.Scalar) -> Unicode.Scalar? {
    let combining: Character
    switch mark.value {
    case 0xFF9E, 0x3099: combining = "\u{3099}"
    case 0xFF9F, 0x309A: combining = "\u{309A}"
    default: return nil
    }
    let composed = (String(kana) + String(combining)).composed.unicodeScalars
    return composed.count == 1 ? composed.first : nil
  }
}

/// Endings of English words that a search does not tell apart: plurals, `-ing`, `-ed`, `-ly`, and
/// what they leave (a doubled consonant, an `e`). Lighter than Porter's (1980): `university` stays
/// apart from `universe`.
enum WordEnding {
  /// Cuts the ending off a word of lower-case letters.
  static func cut(_ word: inout [UInt8]) {
    guard word.count > 3, let last = word.last else { return }
    // Nearly every ending is told by its last letter.
    switch last {
    case UInt8(ascii: "s"): cutPlural(&word)
    default: break
    }
    cutForm(&word)
    if word.count > 4, word.last == UInt8(ascii: "e"), word[word.count - 2] != UInt8(ascii: "e") {
      word.removeLast()
    }
    if word.count > 3, let last = word.last, word[word.count - 2] == last, !isVowel(last) {
      word.removeLast()
    }
  }

  private static func cutPlural(_ word: inout [UInt8]) {
    if ends(word, "ss") || ends(word, "us") || ends(word, "is") { return }
    if ends(word, "ies"), word.count > 4 {
      word.removeLast(3)
      word.append(UInt8(ascii: "y"))
      return
    }
    word.removeLast()
    if ends(word, "sse") || ends(word, "xe") || ends(word, "che") || ends(word, "she") {
      word.removeLast()
    }
  }

  private static func cutForm(_ word: inout [UInt8]) {
    let length = ends(word, "ing") ? 3 : ends(word, "ed") ? 2 : ends(word, "ly") ? 2 : 0
    guard length > 0 else { return }
    let stem = word.count - length
    // `string`, `bed` and `only` have no ending.
    let least = ends(word, "ly") ? 5 : 3
    guard stem >= least, word[..<stem].contains(where: { isVowel($0) || $0 == UInt8(ascii: "y") })
    else { return }
    // `need`, `speed`
    if length == 2, word[stem - 1] == UInt8(ascii: "e") { return }
    word.removeLast(length)
    if word.last == UInt8(ascii: "i") { word[word.count - 1] = UInt8(ascii: "y") }
  }

  @inline(__always)
  private static func ends(_ word: [UInt8], _ ending: StaticString) -> Bool {
    let count = ending.utf8CodeUnitCount
    guard word.count >= count else { return false }
    for place in 0..<count where word[word.count - count + place] != ending.utf8Start[place] {
      return false
    }
    return true
  }

  private static func isVowel(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
      UInt8(ascii: "u"):
      true
    default: false
    }
  }
}
