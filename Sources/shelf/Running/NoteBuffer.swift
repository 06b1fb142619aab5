/// What the editor of a note shows: the note's text, and below it what the paper is, between two
/// lines that say that nothing there is kept.
///
/// Invariant: only lines that shelf wrote are taken out again. Whatever a person typed stays,
/// wherever it stands and whatever it begins with.
struct NoteBuffer {
  /// The line before and after what is not kept.
  static let mark =
    "# ---- >8 ---- from this line to the next one like it nothing is kept ---- >8 ----"

  private let block: [String]

  /// - Parameter about: what the paper is, in lines.
  init(about: [String]) { block = [Self.mark] + about.map { "# " + $0 } + [Self.mark] }

  /// The buffer to begin with.
  func text(_ note: String) -> String {
    note + (note.hasSuffix("\n") ? "" : "\n") + "\n" + block.joined(separator: "\n") + "\n"
  }

  /// What of a buffer is kept.
  func kept(of buffer: String) -> String {
    // A CR and LF at the end of a line are one character of Swift.
    let lines = buffer.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
      .map(String.init)
    guard let last = lines.lastIndex(of: Self.mark),
      let first = lines[..<last].lastIndex(of: Self.mark)
    else { return lines.joined(separator: "\n") }
    var ours = block.dropFirst().dropLast()[...]
    let typed = lines[(first + 1)..<last].filter { line in
      guard let place = ours.firstIndex(of: line) else { return true }
      ours = ours[(place + 1)...]
      return false
    }
    return (lines[..<first] + typed + lines[(last + 1)...]).joined(separator: "\n")
  }
}
