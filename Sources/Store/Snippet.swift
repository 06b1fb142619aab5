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
    let wanted = phrases.map(Wanted.init).filter { !$0.words.isEmpty }
    var best: (snippet: Snippet, score: Int)?
    for text in texts where !text.isEmpty {
      // Only a bounded beginning of a text is looked at: a snippet is a help, not an answer.
      let bounded = text.utf8.count > 100_000 ? String(text.prefix(30_000)) : text
      let (snippet, score) = make(bounded, wanted)
      if score > best?.score ?? -1 { best = (snippet, score) }
      if score == wanted.count { break }
    }
    return best?.snippet ?? Snippet(parts: [], isCutBefore: false, isCutAfter: false)
  }

  private struct Wanted {
    var words: [String] = []
    /// Of a beginning: what the last word begins with, else is.
    var begun: String?

    init(_ phrase: String) {
      guard phrase.hasSuffix("*") else {
        words = SearchWords.words(of: phrase).map(\.text)
        return
      }
      guard let beginning = SearchWords.beginning(of: String(phrase.dropLast())) else { return }
      words = beginning.words + [beginning.whole]
      begun = beginning.begun
    }

    /// Whether the phrase stands at `index`.
    func fits(_ tokens: [SearchToken], at index: Int) -> Bool {
      guard index + words.count <= tokens.count else { return false }
      for (offset, word) in words.enumerated() {
        let token = tokens[index + offset].text
        let isBegun = offset == words.count - 1 && begun.map { token.hasPrefix($0) } ?? false
        guard token == word || isBegun else { return false }
      }
      return true
    }
  }

  private static func make(_ text: String, _ wanted: [Wanted]) -> (Snippet, Int) {
    let tokens = SearchWords.words(of: text)
    var isHit = [Bool](repeating: false, count: tokens.count)
    var found: [(index: Int, phrase: Int)] = []
    for index in tokens.indices {
      for (number, phrase) in wanted.enumerated() where phrase.fits(tokens, at: index) {
        found.append((index, number))
        for offset in 0..<phrase.words.count { isHit[index + offset] = true }
      }
    }
    let (start, score) = bestWindow(found)
    let from = max(0, start - length / 4)
    let window = from..<min(tokens.count, from + length)
    return (cut(text, tokens, isHit, window), score)
  }

  /// Where a window that holds most different phrases begins, and how many it holds.
  private static func bestWindow(_ found: [(index: Int, phrase: Int)]) -> (Int, Int) {
    var best = (start: 0, score: 0)
    for (place, hit) in found.enumerated() {
      var phrases = Set<Int>()
      for other in found[place...] {
        guard other.index < hit.index + length * 3 / 4 else { break }
        phrases.insert(other.phrase)
      }
      if phrases.count > best.score { best = (hit.index, phrases.count) }
    }
    return best
  }

  private static func cut(
    _ text: String, _ tokens: [SearchToken], _ isHit: [Bool], _ window: Range<Int>
  ) -> Snippet {
    let utf8 = Array(text.utf8)
    guard let last = window.last else {
      return Snippet(parts: [], isCutBefore: false, isCutAfter: false)
    }
    let isWholeEnd = last == tokens.count - 1
    let end = isWholeEnd ? utf8.count : tokens[last].range.upperBound
    let start = window.lowerBound == 0 ? 0 : tokens[window.lowerBound].range.lowerBound
    var parts: [Part] = []
    var cursor = start
    func append(upTo place: Int, _ hit: Bool) {
      guard place > cursor else { return }
      let piece = String(decoding: utf8[cursor..<place], as: UTF8.self)
      parts.append(Part(text: oneLine(piece), isHit: hit))
      cursor = place
    }
    for index in window where isHit[index] {
      append(upTo: tokens[index].range.lowerBound, false)
      append(upTo: tokens[index].range.upperBound, true)
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
