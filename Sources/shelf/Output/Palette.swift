/// Colour and weight of words on a terminal (ECMA-48 SGR), or none at all.
///
/// Whether there is colour is the caller's to decide (terminal, NO_COLOR, FORCE_COLOR, TERM).
struct Palette: Sendable {
  /// What a word may look like; the number is the SGR parameter.
  enum Style: Int, Sendable {
    case bold = 1
    case dim = 2
    case underline = 4
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36
  }

  /// False: text goes through unchanged.
  let isOn: Bool

  /// `text`, which must be printable already, in a style; nil leaves it plain.
  func paint(_ text: String, _ style: Style?) -> String {
    guard isOn, let style, !text.isEmpty else { return text }
    return "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m"
  }
}
