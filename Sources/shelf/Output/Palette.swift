/// Colour and weight of words on a terminal (ECMA-48 SGR), or none at all.
///
/// Whether there is colour is the caller's to decide (terminal, NO_COLOR, FORCE_COLOR, TERM).
struct Palette: Sendable {
  /// What a word may look like; the number is the SGR parameter.
  enum Style: Int, CaseIterable, Sendable {
    case bold = 1
    case dim = 2
    case underline = 4
    case reverse = 7
    case red = 31
    case green = 32
    case yellow = 33
    case blue = 34
    case magenta = 35
    case cyan = 36

    /// Its name in `ui.colors`.
    var name: String { "\(self)" }
  }

  /// What a word of a list is, for `ui.colors`.
  enum Role: String, CaseIterable, Sendable {
    case row, id, star, date, tags, title, hit
    case unread, queued, reading, read, skipped

    /// How it looks unless somebody wants it otherwise: readable on a dark and on a light ground,
    /// so no yellow for words.
    var standard: [Style] {
      switch self {
      case .row, .date, .skipped: [.dim]
      case .id, .reading: [.cyan]
      case .star: [.bold, .yellow]
      case .tags, .read: [.green]
      case .title: [.bold]
      case .hit: [.bold, .red]
      case .unread: [.blue]
      case .queued: [.magenta]
      }
    }
  }

  /// False: text goes through unchanged.
  let isOn: Bool
  /// What `ui.colors` says.
  var chosen: [Role: [Style]] = [:]

  /// How a word of a list looks.
  func styles(of role: Role) -> [Style] { chosen[role] ?? role.standard }

  /// `text` in the style of what it is; nil leaves it plain.
  func paint(_ text: String, _ role: Role?) -> Styled {
    guard let role else { return Styled(text) }
    var line = Styled()
    line.append(text, role, in: self)
    return line
  }

  /// `text` in a style; nil leaves it plain.
  func paint(_ text: String, _ style: Style?) -> Styled {
    var line = Styled()
    line.append(text, style, in: self)
    return line
  }
}

/// A line made of pieces, some of them in a style.
///
/// Invariant: every piece has gone through ``Printable``, so nothing in the line drives a terminal
/// but the styles of a ``Palette``. This file is the only one that writes an escape sequence for
/// them.
struct Styled: Hashable, Sendable, ExpressibleByStringLiteral {
  /// As it is written to the terminal.
  private(set) var rendered = ""

  /// An empty line.
  init() {}

  /// A plain line.
  init(_ text: String) { rendered = Printable.line(text) }

  init(stringLiteral text: String) { self.init(text) }

  /// Whether there is nothing in it.
  var isEmpty: Bool { rendered.isEmpty }

  /// Adds a piece in a style.
  mutating func append(_ text: String, _ style: Palette.Style?, in palette: Palette) {
    append(text, style.map { [$0] } ?? [], in: palette)
  }

  /// Adds a piece in the style of what it is.
  mutating func append(_ text: String, _ role: Palette.Role, in palette: Palette) {
    append(text, palette.isOn ? palette.styles(of: role) : [], in: palette)
  }

  private mutating func append(_ text: String, _ styles: [Palette.Style], in palette: Palette) {
    guard palette.isOn, !styles.isEmpty, !text.isEmpty else {
      rendered += Printable.line(text)
      return
    }
    let numbers =
      styles.count == 1
      ? String(styles[0].rawValue) : styles.map { String($0.rawValue) }.joined(separator: ";")
    rendered += "\u{1B}[\(numbers)m"
    rendered += Printable.line(text)
    rendered += "\u{1B}[0m"
  }

  /// Adds so many spaces; at once, for one after another was a fifth of a list.
  mutating func append(spaces: Int) {
    guard spaces > 0 else { return }
    rendered += String(unsafeUninitializedCapacity: spaces) { blanks in
      blanks.initialize(repeating: UInt8(ascii: " "))
      return spaces
    }
  }

  /// No more of it than so many cells, and its cells; the styles of what is kept stay.
  func clipped(to room: Int, _ measure: CellWidth) -> (line: Styled, cells: Int) {
    var cells = 0
    var line = Styled()
    var style: Substring?
    for (index, piece) in rendered.split(
      separator: "\u{1B}[", omittingEmptySubsequences: false
    ).enumerated() {
      var text = piece
      if index > 0, let end = piece.unicodeScalars.firstIndex(of: "m") {
        let code = piece[..<end]
        text = piece[piece.unicodeScalars.index(after: end)...]
        style = code == "0" ? nil : code
      }
      guard !text.isEmpty else { continue }
      let kept = measure.prefix(of: String(text), cells: max(0, room - cells))
      if let style {
        line.rendered += "\u{1B}[\(style)m\(kept)\u{1B}[0m"
      } else {
        line.rendered += kept
      }
      cells += measure.width(of: kept)
      guard kept.utf8.count == text.utf8.count else { break }
    }
    return (line, cells)
  }

  static func + (before: Styled, after: Styled) -> Styled {
    var line = before
    line.rendered += after.rendered
    return line
  }

  /// Adds a plain piece.
  static func += (line: inout Styled, text: String) { line.rendered += Printable.line(text) }

  static func + (before: Styled, after: String) -> Styled { before + Styled(after) }
  static func + (before: String, after: Styled) -> Styled { Styled(before) + after }
}

extension String.StringInterpolation {
  /// A styled line within a text would lose what makes it safe.
  @available(*, unavailable, message: "put styled pieces together with +")
  mutating func appendInterpolation(_ line: Styled) { appendLiteral(line.rendered) }
}
