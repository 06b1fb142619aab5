import Papers

/// One line that is being typed, with completion.
///
/// Invariant: at most ``capacity`` characters, none of them a control.
struct LineInput: Hashable, Sendable {
  /// The longest line.
  static let capacity = 500

  /// What completes a line.
  enum Completion: Hashable, Sendable {
    case nothing
    /// Words with commas between, each completed by itself.
    case words([String])
    /// The whole line.
    case whole([String])
  }

  /// What stands there.
  private(set) var text: String
  /// The characters before the cursor.
  private(set) var cursor: Int
  /// What Tab knows.
  var completion = Completion.nothing
  /// What was typed before the first Tab, and which candidate stands in its place.
  private var cycle: (typed: String, index: Int)?

  /// A line to begin with; the cursor is at its end.
  init(_ text: String = "", _ completion: Completion = .nothing) {
    self.text = text
    cursor = text.count
    self.completion = completion
  }

  static func == (a: Self, b: Self) -> Bool {
    a.text.hasBytes(of: b.text) && a.cursor == b.cursor && a.completion == b.completion
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(text)
    hasher.combine(cursor)
  }

  /// Takes a key that edits.
  /// - Returns: whether it was one.
  mutating func take(_ key: Key) -> Bool {
    if key != .tab, key != .backTab { cycle = nil }
    switch key {
    case .character(let scalar): insert(String(Character(scalar)))
    case .paste(let text): insert(OneLine.flat(text))
    case .backspace: remove(1)
    case .delete, .control("d"): if cursor < text.count { move(1); remove(1) }
    case .left, .control("b"): move(-1)
    case .right, .control("f"): move(1)
    case .home, .control("a"): cursor = 0
    case .end, .control("e"): cursor = text.count
    case .control("u"): remove(cursor)
    case .control("k"): text = String(text.prefix(cursor))
    case .control("w"): removeWord()
    case .tab: complete(1)
    case .backTab: complete(-1)
    default: return false
    }
    return true
  }

  private mutating func insert(_ new: String) {
    let clean = String(new.unicodeScalars.filter { $0.properties.generalCategory != .control })
    let before = text.prefix(cursor) + clean
    let all = String(before) + String(text.dropFirst(cursor))
    guard all.count <= Self.capacity, all.utf8.count <= 8 * Self.capacity else { return }
    text = all
    // A mark joins the letter before it.
    cursor = min(before.count, all.count)
  }

  private mutating func remove(_ count: Int) {
    let count = min(count, cursor)
    text = String(text.prefix(cursor - count)) + String(text.dropFirst(cursor))
    cursor = min(cursor - count, text.count)
  }

  private mutating func move(_ step: Int) { cursor = max(0, min(text.count, cursor + step)) }

  private mutating func removeWord() {
    let before = Array(text.prefix(cursor))
    var start = before.count
    while start > 0, before[start - 1].isWhitespace { start -= 1 }
    while start > 0, !before[start - 1].isWhitespace, before[start - 1] != "," { start -= 1 }
    remove(max(1, before.count - start))
  }

  // MARK: Completion

  /// What Tab goes through, the likeliest first.
  var candidates: [String] { candidates(for: cycle?.typed ?? segment) }

  /// Which of them stands there now.
  var chosen: Int? { cycle?.index }

  private var segment: String {
    guard case .words = completion else { return text }
    return String(text.split(separator: ",", omittingEmptySubsequences: false).last ?? "")
      .trimmingPrefix(while: { $0 == " " || $0 == "+" }).description
  }

  private func candidates(for typed: String) -> [String] {
    switch completion {
    case .nothing: return []
    case .whole(let all):
      // What fits already is one of a choice.
      return all.contains(where: { $0.hasBytes(of: typed) }) ? all : Self.fitting(typed, all)
    case .words(let all):
      let given = text.split(separator: ",").dropLast().map {
        $0.trimmingPrefix(while: { $0 == " " || $0 == "+" }).description
      }
      return Self.fitting(typed, all).filter { !given.contains($0) }
    }
  }

  private static func fitting(_ typed: String, _ all: [String]) -> [String] {
    let typed = typed.lowercased()
    return all.filter { $0.lowercased().utf8.starts(with: typed.utf8) }
  }

  private mutating func complete(_ step: Int) {
    let typed = cycle?.typed ?? segment
    let all = candidates(for: typed)
    guard !all.isEmpty else { return }
    let start = all.firstIndex { $0.hasBytes(of: typed) }
    let before = cycle?.index ?? start ?? (step > 0 ? -1 : 0)
    let index = (before + step + all.count) % all.count
    let kept = text.dropLast(segment.count)
    text = kept + all[index]
    cursor = text.count
    cycle = (typed, index)
  }
}
