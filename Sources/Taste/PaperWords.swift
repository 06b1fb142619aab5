import Filters

/// What taste reads of a paper.
package struct PaperWords: Hashable, Sendable {
  /// Title, key words, summary, abstract: each is read by itself, no pair reaches into the next.
  package var texts: [String]
  /// Each name is one word.
  package var authors: [String]

  /// The words of a paper.
  package init(texts: [String], authors: [String] = []) {
    self.texts = texts
    self.authors = authors
  }
}

/// A word, a pair of neighbours, or an author, of one paper.
struct Feature {
  /// Of 64 bits: the bucket is made of the upper ones, the mark of the lower ones.
  var hash: UInt64
  /// The words it is made of; the same for one.
  var words: (first: Word, last: Word)
  /// Which of ``PaperWords/texts``, or of the authors after them, it stands in.
  var text: Int

  /// A word of a text.
  struct Word {
    var hash: UInt64
    /// Where it stands, in UTF-8 bytes.
    var range: Range<Int>
    /// Whether it is a character that is a word of its own.
    var isCharacter: Bool
  }

  /// Weights are kept for so many buckets: with twice as many the order on real picks gets no
  /// better.
  static let bucketBits = 17
  private static let markBits = 32 - bucketBits

  @inline(__always) var bucket: Int { Int(hash >> (64 - UInt64(Self.bucketBits))) }
  /// Tells features of one bucket apart, nearly always.
  @inline(__always) var mark: UInt16 { Self.mark(of: UInt32(truncatingIfNeeded: hash)) }

  /// Bucket and mark in one number.
  @inline(__always) var cell: UInt32 {
    UInt32(truncatingIfNeeded: bucket) << Self.markBits | UInt32(mark)
  }

  @inline(__always) static func bucket(of cell: UInt32) -> Int { Int(cell >> markBits) }
  @inline(__always) static func mark(of cell: UInt32) -> UInt16 {
    UInt16(truncatingIfNeeded: cell & (1 << markBits - 1))
  }
}

/// Cuts the words of a paper into features.
///
/// Words are those of the search index (``SearchTokens``): a Chinese character is one, so that
/// neighbours are its words. Word forms stay apart: `model` and `models` tell papers apart, and to
/// fold them costs a hundredth of AUC on real picks.
enum FeatureReader {
  /// More bytes of a text nobody needs to know what it is about.
  static let longestText = 20_000
  /// A hostile list of authors or key words ends here.
  static let mostTexts = 200
  /// More bytes of a paper are not looked at.
  static let mostBytes = 60_000

  /// Calls `body` with each feature, in order, repetitions too.
  @inline(__always)
  static func forEach(_ words: PaperWords, _ body: (Feature) -> Void) {
    var left = mostBytes
    for (number, text) in words.texts.prefix(mostTexts).enumerated() where left > 0 {
      left -= text.utf8.count
      forEach(ofText: text, number, body)
    }
    for (number, author) in words.authors.prefix(mostTexts).enumerated() where left > 0 {
      left -= author.utf8.count
      var name = authorSeed
      var whole: Feature.Word?
      forEachWord(of: bounded(author)) { word in
        name = mixed(name, with: word.hash)
        whole = Feature.Word(hash: name, range: 0..<word.range.upperBound, isCharacter: false)
      }
      guard let whole else { continue }
      body(
        Feature(hash: finished(name), words: (whole, whole), text: words.texts.count + number))
    }
  }

  @inline(__always)
  private static func forEach(ofText text: String, _ number: Int, _ body: (Feature) -> Void) {
    var last: Feature.Word?
    forEachWord(of: bounded(text)) { word in
      body(Feature(hash: finished(word.hash), words: (word, word), text: number))
      if let last {
        let hash = mixed(last.hash, with: word.hash)
        body(Feature(hash: finished(hash), words: (last, word), text: number))
      }
      last = word
    }
  }

  /// A text as far as it is read.
  static func bounded(_ text: String) -> Substring {
    guard text.utf8.count > longestText else { return text[...] }
    var end = text.utf8.index(text.startIndex, offsetBy: longestText)
    while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
    return text[..<end]
  }

  /// Calls `body` with each word as the search index cuts and folds it.
  @inline(__always)
  static func forEachWord(of text: Substring, _ body: (Feature.Word) -> Void) {
    var copy = text
    copy.withUTF8 { utf8 in
      guard utf8.contains(where: { $0 >= 0x80 }) else { return forEachWord(ofASCII: utf8, body) }
      SearchTokens.forEach(in: utf8) { word, range, standsAlone in
        let hash = word.reduce(seed) { step($0, $1) }
        body(Feature.Word(hash: hash, range: range, isCharacter: standsAlone))
      }
    }
  }

  /// The same of a text of ASCII alone, as most are: without a string for each word.
  @inline(__always)
  private static func forEachWord(
    ofASCII utf8: UnsafeBufferPointer<UInt8>, _ body: (Feature.Word) -> Void
  ) {
    var hash = seed
    var start = -1
    for place in utf8.indices {
      let byte = utf8[place]
      let lower = byte | 0x20
      if (0x61...0x7A).contains(lower) || (0x30...0x39).contains(byte) {
        if start < 0 { (start, hash) = (place, seed) }
        hash = step(hash, byte < 0x40 ? byte : lower)
      } else if start >= 0 {
        body(Feature.Word(hash: hash, range: start..<place, isCharacter: false))
        start = -1
      }
    }
    if start >= 0 { body(Feature.Word(hash: hash, range: start..<utf8.count, isCharacter: false)) }
  }

  // MARK: Hashing, the same on every machine and in every run

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let authorSeed: UInt64 = 0x6C62_272E_07BB_0142

  /// FNV-1a (RFC 9923).
  @inline(__always)
  private static func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
    (hash ^ UInt64(byte)) &* 0x100_0000_01B3
  }

  @inline(__always)
  private static func mixed(_ first: UInt64, with second: UInt64) -> UInt64 {
    finished(first) &* 31 &+ second
  }

  /// Spreads a hash over all its bits (the finalizer of SplitMix64).
  @inline(__always)
  private static func finished(_ hash: UInt64) -> UInt64 {
    var z = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
