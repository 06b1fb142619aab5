/// Endings of English words that a search does not tell apart: plurals, `-ing`, `-ed`, `-ly`, and
/// what they leave (a doubled consonant, an `e`). Lighter than Porter's (1980): `university` stays
/// apart from `universe`.
enum WordEnding {
  /// Cuts the ending off a word of lower-case letters, in place.
  /// - Returns: how many letters are left.
  static func cut(_ word: UnsafeMutableBufferPointer<UInt8>) -> Int {
    var stem = Stem(word: word, count: word.count)
    // Nearly every ending is told by its last letter.
    guard stem.count > 3 else { return stem.count }
    if stem.last == UInt8(ascii: "s") { stem.cutPlural() }
    switch stem.last {
    case UInt8(ascii: "g"), UInt8(ascii: "d"), UInt8(ascii: "y"): stem.cutForm()
    default: break
    }
    if stem.count > 4, stem.last == UInt8(ascii: "e"), stem.beforeLast != UInt8(ascii: "e") {
      stem.count -= 1
    }
    if stem.count > 3, stem.last == stem.beforeLast, !isVowel(stem.last) { stem.count -= 1 }
    return stem.count
  }

  /// What is left of a word; two letters at least.
  private struct Stem {
    let word: UnsafeMutableBufferPointer<UInt8>
    var count: Int

    var last: UInt8 { word[count - 1] }
    var beforeLast: UInt8 { word[count - 2] }

    func ends(_ ending: StaticString) -> Bool {
      let length = ending.utf8CodeUnitCount
      guard count >= length else { return false }
      for place in 0..<length where word[count - length + place] != ending.utf8Start[place] {
        return false
      }
      return true
    }

    mutating func cutPlural() {
      if ends("ss") || ends("us") || ends("is") { return }
      if ends("ies"), count > 4 {
        count -= 2
        word[count - 1] = UInt8(ascii: "y")
        return
      }
      count -= 1
      if ends("sse") || ends("xe") || ends("che") || ends("she") { count -= 1 }
    }

    mutating func cutForm() {
      let isAdverb = ends("ly")
      let length = ends("ing") ? 3 : ends("ed") || isAdverb ? 2 : 0
      guard length > 0 else { return }
      let stem = count - length
      // `string`, `bed` and `only` have no ending.
      guard stem >= (isAdverb ? 5 : 3),
        word[..<stem].contains(where: { isVowel($0) || $0 == UInt8(ascii: "y") })
      else { return }
      // `need`, `speed`
      if length == 2, word[stem - 1] == UInt8(ascii: "e") { return }
      count = stem
      if last == UInt8(ascii: "i") { word[count - 1] = UInt8(ascii: "y") }
    }
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
