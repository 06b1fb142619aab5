import Filters

/// A piece of text around what a search found.
package struct Snippet: Hashable, Sendable {
  /// Text that was found, or stands around it.
  package struct Part: Hashable, Sendable {
    /// The text as it stands, on one line.
    package var text: String
    /// Whether it is what was looked for.
    package var isHit: Bool

    /// A part with everything said.
    package init(text: String, isHit: Bool) {
      self.text = text
      self.isHit = isHit
    }
  }

  /// The parts in order; they make up one piece of the text.
  package var parts: [Part]
  /// Whether text before the first part was left out.
  package var isCutBefore: Bool
  /// Whether text after the last part was left out.
  package var isCutAfter: Bool

  /// About so many tokens are shown: words, or Chinese characters.
  static let length = 48

  /// The snippet of the text in which most of the phrases are found; the first of equals.
  static func best(of texts: [String], phrases: [String]) -> Snippet {
    let sought = Sought(phrases)
    var best: (snippet: Snippet, score: Int)?
    for text in texts where !text.isEmpty {
      // Only a bounded beginning of a text is looked at: a snippet is a help, not an answer.
      let bounded = text.utf8.count > 100_000 ? String(text.prefix(30_000)) : text
      let (snippet, score) = make(bounded, sought)
      if score > best?.score ?? -1 { best = (snippet, score) }
      if score == sought.phrases { break }
    }
    return best?.snippet ?? Snippet(parts: [], isCutBefore: false, isCutAfter: false)
  }

  /// The words that are looked for.
  private struct Sought {
    struct Word {
      var whole: [UInt8]
      /// Of a beginning: what the word begins with, else is.
      var begun: [UInt8]?
      /// The phrase it is of, and its place in that.
      var phrase: Int
      var place: Int
      var isLast = false

      func fits(_ word: UnsafeBufferPointer<UInt8>) -> Bool {
        word.count == whole.count && word.elementsEqual(whole)
          || begun.map { word.count >= $0.count && word.starts(with: $0) } ?? false
      }
    }

    /// The words of one phrase after those of another.
    private(set) var words: [Word] = []
    /// How many phrases have words.
    private(set) var phrases = 0

    init(_ phrases: [String]) {
      for phrase in phrases {
        if phrase.hasSuffix("*") {
          guard let beginning = SearchWords.beginning(of: String(phrase.dropLast())) else {
            continue
          }
          append(beginning.words + [beginning.whole], begun: beginning.begun)
        } else {
          append(SearchWords.words(of: phrase).map(\.text))
        }
      }
    }

    private mutating func append(_ phrase: [String], begun: String? = nil) {
      guard !phrase.isEmpty else { return }
      for (place, word) in phrase.enumerated() {
        words.append(Word(whole: Array(word.utf8), phrase: phrases, place: place))
      }
      words[words.count - 1].begun = begun.map { Array($0.utf8) }
      words[words.count - 1].isLast = true
      phrases += 1
    }
  }

  /// The words of a text: where they stand, and which were found.
  private struct Seen {
    var places: [Range<Int>] = []
    var isHit: [Bool] = []
    /// Where phrases were found: the first word of each, and which phrase.
    var found: [(index: Int, phrase: Int)] = []

    init(_ text: String, _ sought: Sought) {
      // Where the phrase up to this word, and with it, was found last.
      var reached = [Int](repeating: -2, count: sought.words.count)
      SearchWords.forEach(of: text) { word, place in
        let index = places.count
        places.append(place)
        isHit.append(false)
        // The last first: what was reached before this word must still stand there.
        for number in sought.words.indices.reversed() where sought.words[number].fits(word) {
          let part = sought.words[number]
          guard part.place == 0 || reached[number - 1] == index - 1 else { continue }
          reached[number] = index
          guard part.isLast else { continue }
          let first = index - part.place
          found.append((first, part.phrase))
          for hit in first...index { isHit[hit] = true }
        }
      }
      found.sort { $0.index < $1.index }
    }
  }

  private static func make(_ text: String, _ sought: Sought) -> (Snippet, Int) {
    let seen = Seen(text, sought)
    let (start, score) = bestWindow(seen.found, sought.phrases)
    let from = max(0, start - length / 4)
    let window = from..<min(seen.places.count, from + length)
    return (cut(text, seen, window), score)
  }

  /// Where a window that holds most different phrases begins, and how many it holds.
  private static func bestWindow(
    _ found: [(index: Int, phrase: Int)], _ phrases: Int
  ) -> (Int, Int) {
    var best = (start: 0, score: 0)
    // The hit whose window has counted a phrase last.
    var counted = [Int](repeating: -1, count: phrases)
    for (place, hit) in found.enumerated() {
      var score = 0
      for other in found[place...] {
        guard other.index < hit.index + length * 3 / 4 else { break }
        if counted[other.phrase] != place { score += 1 }
        counted[other.phrase] = place
      }
      if score > best.score { best = (hit.index, score) }
    }
    return best
  }

  private static func cut(_ text: String, _ seen: Seen, _ window: Range<Int>) -> Snippet {
    let utf8 = Array(text.utf8)
    guard let last = window.last else {
      return Snippet(parts: [], isCutBefore: false, isCutAfter: false)
    }
    let isWholeEnd = last == seen.places.count - 1
    let end = isWholeEnd ? utf8.count : seen.places[last].upperBound
    let start = window.lowerBound == 0 ? 0 : seen.places[window.lowerBound].lowerBound
    var parts: [Part] = []
    var cursor = start
    func append(upTo place: Int, _ hit: Bool) {
      guard place > cursor else { return }
      let piece = String(decoding: utf8[cursor..<place], as: UTF8.self)
      parts.append(Part(text: oneLine(piece), isHit: hit))
      cursor = place
    }
    for index in window where seen.isHit[index] {
      append(upTo: seen.places[index].lowerBound, false)
      append(upTo: seen.places[index].upperBound, true)
    }
    append(upTo: end, false)
    return Snippet(
      parts: joined(parts), isCutBefore: window.lowerBound > 0, isCutAfter: !isWholeEnd)
  }

  private static func joined(_ parts: [Part]) -> [Part] {
    var out: [Part] = []
    for part in parts {
      if let last = out.last, last.isHit == part.isHit {
        out[out.count - 1].text += part.text
      } else {
        out.append(part)
      }
    }
    return out
  }

  private static func oneLine(_ text: String) -> String {
    // Nearly no text has one, and to look at it character by character took a tenth of a search.
    // All newlines of Unicode begin with one of these bytes: controls, U+0085, U+2028, U+2029.
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == 0xC2 || $0 == 0xE2 }) else { return text }
    return String(text.map { $0.isNewline ? " " : $0 })
  }
}
