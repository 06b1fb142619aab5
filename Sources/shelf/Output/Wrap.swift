/// Breaks text into lines of a width in cells.
///
/// A line may break at a space and on either side of a wide character (Chinese, kana, emoji). The
/// rules of Chinese and Japanese typesetting (kinsoku, JIS X 4051) hold: no line begins with
/// closing punctuation nor ends with opening punctuation, unless the width leaves no other way.
/// What has no place to break in it and is wider than a line is split between graphemes. Nothing
/// but spaces is ever lost.
struct Wrap: Sendable {
  /// The cells of a line.
  let width: Int
  /// Measures the text.
  let cells: CellWidth

  /// The lines of `text`, whose own line breaks stay. `indent` cells come before the first line of
  /// each paragraph, `hanging` before its other lines (`indent` where nil).
  func lines(_ text: String, indent: Int = 0, hanging: Int? = nil) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { paragraph in
      var filler = LineFiller(
        width: width, cells: cells, indent: indent, hanging: hanging ?? indent)
      forEachPiece(of: paragraph) { filler.add($0) }
      return filler.finished()
    }
  }

  /// What must not be broken, with the space before it.
  struct Piece {
    var space: Bool
    var text: String
  }

  /// One after the other: of a long text without a space in it each character is one.
  private func forEachPiece(of paragraph: Substring, _ body: (Piece) -> Void) {
    var piece: Piece?
    var space = false
    var last: Character?
    for character in paragraph {
      if Self.isSpace(character) {
        space = true
        continue
      }
      if let last, !canBreak(last, character, space: space) {
        if space { piece?.text += " " }
        piece?.text.append(character)
      } else {
        if let piece { body(piece) }
        piece = Piece(space: space && last != nil, text: String(character))
      }
      last = character
      space = false
    }
    if let piece { body(piece) }
  }

  private func canBreak(_ before: Character, _ after: Character, space: Bool) -> Bool {
    if Self.cannotEnd(before) || Self.cannotStart(after) { return false }
    return space || cells.width(of: before) == 2 || cells.width(of: after) == 2
  }

  private static func isSpace(_ character: Character) -> Bool {
    switch character {
    case " ", "\t", "\u{3000}", "\r": true
    default: false
    }
  }

  /// True for what no line begins with.
  static func cannotStart(_ character: Character) -> Bool {
    character.unicodeScalars.first.map(closing.contains) ?? false
  }

  /// True for what no line ends with.
  static func cannotEnd(_ character: Character) -> Bool {
    character.unicodeScalars.first.map(opening.contains) ?? false
  }

  private static let closing = Set(
    "，。、；：？！）」』】》〉〕］｝〗〙”’…—·・～ー々ゝゞヽヾ‰℃ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ,.;:?!)]}%"
      .unicodeScalars)
  private static let opening = Set("（「『【《〈〔［｛〖〘“‘([{".unicodeScalars)
}
