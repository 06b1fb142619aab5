import Papers

/// A key of a terminal, or a text that was pasted.
enum Key: Hashable, Sendable {
  /// One scalar as it was typed; a letter with a mark may come as two.
  case character(Unicode.Scalar)
  /// A letter with Ctrl, in lower case.
  case control(Unicode.Scalar)
  case enter, escape, tab, backTab, backspace, delete
  case up, down, left, right, home, end, pageUp, pageDown
  /// What stood between the marks of a bracketed paste.
  case paste(String)
  /// A key that nothing is bound to: a function key, a letter with Alt.
  case unknown

  /// Keys with a name of their own, as `[keys]` and the foot line write them.
  private static let named: [(name: String, key: Key)] = [
    ("space", .character(" ")), ("enter", .enter), ("esc", .escape), ("tab", .tab),
    ("backspace", .backspace), ("delete", .delete), ("up", .up), ("down", .down),
    ("left", .left), ("right", .right), ("home", .home), ("end", .end),
    ("pageup", .pageUp), ("pagedown", .pageDown),
  ]

  /// Letters with Ctrl that a terminal makes something else of: a signal, or another key.
  private static let taken: Set<Unicode.Scalar> = ["c", "z", "h", "i", "j", "m"]

  /// A key as `[keys]` names it: one character, `space`, `ctrl-r`; nil where it is none.
  init?(name: String) {
    if let known = Self.named.first(where: { $0.name == name }) {
      self = known.key
      return
    }
    let scalars = Array(name.unicodeScalars)
    if scalars.count == 1, CellWidth().width(of: name) > 0, scalars[0].value > 0x20,
      Printable.line(name).hasBytes(of: name)
    {
      self = .character(scalars[0])
      return
    }
    guard name.hasPrefix("ctrl-"), scalars.count == 6, ("a"..."z").contains(scalars[5]),
      !Self.taken.contains(scalars[5])
    else { return nil }
    self = .control(scalars[5])
  }

  /// Its name, which ``init(name:)`` reads.
  var name: String {
    if let known = Self.named.first(where: { $0.key == self }) { return known.name }
    switch self {
    case .character(let scalar): return String(Character(scalar))
    case .control(let scalar): return "ctrl-" + String(Character(scalar))
    default: return "another key"
    }
  }
}
