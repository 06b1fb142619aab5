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

  /// Traditional characters, each before the simplified one that it is compared as, for what
  /// searches elsewhere than here.
  package static var traditionalForms: String { CharacterForms.simplified }

  /// The words of a text, in order, with their places.
  package static func words(of text: String) -> [SearchToken] {
    var words: [SearchToken] = []
    forEach(of: text) { word, range in
      words.append(SearchToken(text: String(decoding: word, as: UTF8.self), range: range))
    }
    return words
  }

  /// The words of a text with a space behind each, in UTF-8: nothing in it is left to be folded.
  package static func text(of text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { utf8 in
      var reader = Reader(utf8, room: utf8.count / 4 * 5)
      while reader.next() { reader.out.append(0x20) }
      return Array(reader.out.bytes)
    }
  }

  /// The words of a phrase that ends in a beginning: those before it, and what the word that is
  /// begun may begin with, as the index has it, or be.
  package static func beginning(of text: String) -> (words: [String], begun: String, whole: String)?
  {
    var words = words(of: text).map(\.text)
    guard let whole = words.popLast() else { return nil }
    var last: String?
    forEach(of: text, cutsEndings: false) { word, _ in last = String(decoding: word, as: UTF8.self)
    }
    return (words, last ?? whole, whole)
  }

  /// The words of a text, in order, with their places in its UTF-8.
  @inline(__always)
  package static func forEach(
    of text: String, cutsEndings: Bool = true,
    _ body: (UnsafeBufferPointer<UInt8>, Range<Int>) -> Void
  ) {
    var text = text
    text.withUTF8 { utf8 in
      var reader = Reader(utf8, room: 64, cutsEndings: cutsEndings)
      while reader.next() {
        body(reader.out.bytes, reader.range)
        reader.out.removeAll()
      }
    }
  }

  private struct Reader: ~Copyable {
    private let utf8: UnsafeBufferPointer<UInt8>
    private let cutsEndings: Bool
    /// Where each word is put behind what is there.
    var out: WordBytes
    /// Where the word that was read stands.
    private(set) var range = 0..<0
    private var place = 0
    /// Pieces of a word that is not of ASCII alone, the next one last.
    private var pieces: [[UInt8]] = []

    init(_ utf8: UnsafeBufferPointer<UInt8>, room: Int, cutsEndings: Bool = true) {
      self.utf8 = utf8
      self.cutsEndings = cutsEndings
      out = WordBytes(room: room)
    }

    /// Reads the next word; false at the end.
    mutating func next() -> Bool {
      if let piece = pieces.popLast() {
        out.append(piece)
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
      while place < utf8.count, SearchTokens.isWordPart(utf8[place]),
        (utf8[place] < 0x40) == isDigit
      {
        place += 1
      }
      // A letter or mark beyond ASCII belongs to the word; a character by itself does not.
      if place < utf8.count, utf8[place] >= 0x80,
        let (other, _) = SearchTokens.scalar(in: utf8, at: place),
        !SearchTokens.standsAlone(CharacterForm.one(other)), CharacterForm.isWordPart(other)
      {
        return readOther(from: start)
      }
      range = start..<place
      let first = out.count
      out.append(lowercasing: UnsafeBufferPointer(rebasing: utf8[range]))
      if !isDigit, cutsEndings { out.cutEnding(from: first) }
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
      out.append(piece)
      return true
    }

    /// Cuts a folded word where letters meet digits.
    private mutating func take(_ folded: [UInt8]) {
      var start = 0
      var cut: [[UInt8]] = []
      for end in 1..<max(1, folded.count) + 1 where start < folded.count {
        if end < folded.count, Self.isDigit(folded[end]) == Self.isDigit(folded[start]) { continue }
        var piece = Array(folded[start..<end])
        if cutsEndings, piece.allSatisfy({ (0x61...0x7A).contains($0) }) {
          let count = piece.withUnsafeMutableBufferPointer { WordEnding.cut($0) }
          piece.removeLast(piece.count - count)
        }
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
      range = start..<place
      out.append(scalar)
      return true
    }
  }
}
