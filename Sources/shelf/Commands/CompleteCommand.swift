import ArgumentParser

/// `shelf __complete SHELL …`, which the scripts of ``ShellScript`` ask at each press of Tab:
///
///     __complete bash LINE-UP-TO-THE-CURSOR COMP_WORDBREAKS     answers in lines
///     __complete zsh|fish -- WORD… WORD-AT-THE-CURSOR           answers between NULs
///
/// The first answer says what follows: `files`, `nospace` or `words`. Whatever fails says nothing
/// and ends well: a shell would show it amid the line that is being typed.
struct CompleteCommand: Verb {
  /// The word for it, which help does not tell.
  static let word = "__complete"
  static let configuration = CommandConfiguration(
    verb: word, abstract: "What can stand at the cursor.")

  private var words: [String] = []
  private var line = ShellLine("")
  private var shell: ShellScript?
  @OptionGroup var home: HomeOptions

  init() {}

  /// Of the words behind ``word``.
  init(_ words: [String]) {
    shell = words.first.flatMap(ShellScript.init)
    switch shell {
    case .bash:
      line = ShellLine(words.dropFirst().first ?? "", breaks: words.dropFirst(2).first ?? "")
      // `LANG=C shelf list …`
      let isAssignment: (String) -> Bool = { $0.prefix { $0 != "=" }.count < $0.count }
      self.words = Array(line.before.drop(while: isAssignment).dropFirst())
    case .zsh, .fish:
      self.words = Array(words.dropFirst(2).dropLast())
      // fish hands the word at the cursor as it was typed.
      line = ShellLine(shell == .fish ? words.last ?? "" : "")
      current = shell == .fish ? line.word : words.last ?? ""
    case nil: break
    }
    if shell == .bash { current = line.word }
    home = HomeOptions()
    home.directory = self.words.firstIndex(of: "--home")
      .flatMap { self.words.dropFirst($0 + 1).first }
  }

  private var current = ""

  private enum CodingKeys: CodingKey { case home }

  func run(_ session: Session) throws -> ExitStatus {
    guard let shell else { return .ok }
    let completer = Completer(
      session, before: words, word: current, withTitles: shell != .bash)
    guard let found = try? completer.completion() else { return .ok }
    switch shell {
    case .bash: try session.out.bytes(lines(found).utf8)
    case .zsh: try session.out.bytes(answers(zsh(found)).utf8)
    case .fish: try session.out.bytes(answers(fish(found)).utf8)
    }
    return .ok
  }

  private func lines(_ found: Completion) -> String {
    if found.isFiles { return "files\n" }
    let words = found.candidates.map { line.typed($0.text) }
    let isOpen = found.candidates.count == 1 && found.candidates[0].isOpen
    return ([isOpen ? "nospace" : "words"] + words).map { $0 + "\n" }.joined()
  }

  private func answers(_ answers: [String]) -> String { answers.joined(separator: "\0") }

  private func zsh(_ found: Completion) -> [String] {
    if found.isFiles { return ["files"] }
    let cells = CellWidth()
    let names = found.candidates.map { Printable.line($0.text) }
    let width = min(names.map(cells.width).max() ?? 0, 40)
    return ["words"]
      + zip(found.candidates, names).flatMap { candidate, name in
        let about = Self.about(candidate)
        let shown = about.isEmpty ? name : cells.padded(name, to: width) + "  " + about
        return [candidate.text, shown, candidate.isOpen ? "+" : "-"]
      }
  }

  private func fish(_ found: Completion) -> [String] {
    if found.isFiles { return ["files"] }
    // A tab in a word would begin its explanation.
    return ["words"]
      + found.candidates.filter { !$0.text.contains("\t") }.map { candidate in
        let about = Self.about(candidate)
        return candidate.text + (about.isEmpty ? "" : "\t" + about)
      }
  }

  private static func about(_ candidate: Completion.Candidate) -> String {
    CellWidth().truncated(Printable.line(OneLine.flat(candidate.about)), to: 60)
  }
}
