import Changes
import Filters
import Glibc
import Papers
import Store

/// What was meant by a first word that is no verb: a habit, a paper, a filter, a file, a view.
struct VerbGuide: Error {
  /// The command line; its first word is no verb.
  let words: [String]

  /// The complaint, with the command that was most likely meant.
  /// - Parameter session: to look whether it is the name of a view or a tag.
  func failure(_ session: Session) -> Failure {
    let word = words.first ?? ""
    return Failure(.usage, "there is no verb “\(word)”", advice: advice(word, session))
  }

  /// What `--home` says.
  var home: String? {
    words.firstIndex(of: "--home").flatMap { words.dropFirst($0 + 1).first }
  }

  private var rest: [String] { Array(words.dropFirst()) }

  private func advice(_ word: String, _ session: Session) -> String {
    if let meant = Habits.verb(word) { return TypedCommand.line(meant, rest) }
    if let line = format(word, session) ?? paper(word) ?? condition(word, session) { return line }
    let verbs = CommandTree.groups.flatMap(\.entries).map(\.word)
    if let near = Spelling.closest(to: word, among: verbs) {
      return "did you mean `\(TypedCommand.line([near], rest))`?"
    }
    if word.contains("/") || word.contains("."), access(word, F_OK) == 0 {
      return Programs.line(["shelf", "import"] + words)
    }
    return "`shelf help` has them all; to look for words: "
      + Programs.line(["shelf", "search"] + words)
  }

  /// `shelf bibtex`
  private func format(_ word: String, _ session: Session) -> String? {
    session.features.exportFormats.contains { $0.name == word && $0.flag == nil }
      ? Programs.line(["shelf", "export"] + words) : nil
  }

  /// `shelf 26507`, `shelf https://arxiv.org/abs/…`
  private func paper(_ word: String) -> String? {
    guard FilterParser.looksLikeID(word) else { return nil }
    let isLink = word.contains("://")
    return Programs.line(["shelf", isLink ? "add" : "show"] + words)
  }

  /// `shelf is:unread`, `shelf @hot`, `shelf hot`
  private func condition(_ word: String, _ session: Session) -> String? {
    let isFilter = word.hasPrefix("@") || word.hasPrefix("+") || word.hasPrefix("#")
    let field = word.split(whereSeparator: { ":=<>~".contains($0) }).first.map(String.init)
    let isField =
      field != word && field.map { session.registers.vocabulary.field($0) != nil } == true
    if isFilter || isField { return Programs.line(["shelf", "list"] + words) }
    if session.registers.vocabulary.names(of: .is).contains(word) {
      return Programs.line(["shelf", "list", "is:" + word] + rest)
    }
    let (views, tags) = names(session)
    if views.contains(word) { return Programs.line(["shelf", "list", "@" + word] + rest) }
    if tags.contains(word) { return Programs.line(["shelf", "list", "+" + word] + rest) }
    return nil
  }

  /// Views and tags there are; none where the library or the configuration cannot be read, which is
  /// not what this person has to hear now.
  private func names(_ session: Session) -> (views: [String], tags: [String]) {
    let configured = (try? session.configuration().views.keys.map { $0 }) ?? []
    guard session.hasLibrary, let library = try? session.existingLibrary(),
      let found = try? library.read({ (try $0.views().map(\.name), try $0.tags().map(\.tag.name)) })
    else { return (configured, []) }
    return (configured + found.0, found.1)
  }
}
