import Papers

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
      forms.reserveCapacity(1 << 16)
      for pairs in [CharacterForms.single, CharacterForms.simplified] { set(pairs: pairs) }
      var isFirst = true
      for scalar in CharacterForms.several.unicodeScalars {
        if isFirst { set(scalar.value, Self.several) }
        isFirst = scalar == " "
      }
    }

    /// By bytes: with the scalars of a string, making the table was a twelfth of a search.
    private mutating func set(pairs: String) {
      var pairs = pairs
      pairs.withUTF8 { utf8 in
        var place = 0
        while let (key, length) = SearchTokens.scalar(in: utf8, at: place),
          let (form, width) = SearchTokens.scalar(in: utf8, at: place + length)
        {
          set(key.value, form.value)
          place += length + width
        }
      }
    }

    private mutating func set(_ key: UInt32, _ form: UInt32) {
      let page = Int(key >> 8)
      if pages[page] == 0 {
        pages[page] = UInt16(forms.count >> 8)
        forms.append(contentsOf: repeatElement(0, count: 256))
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
