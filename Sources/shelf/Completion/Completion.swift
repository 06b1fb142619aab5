/// What can stand at the cursor.
struct Completion {
  /// One of them.
  struct Candidate: Hashable {
    /// The whole word, as a command is handed it.
    var text: String
    /// What it is, for shells that show it; empty where the word says it all.
    var about = ""
    /// Whether the word goes on behind it: `title:`.
    var isOpen = false
  }

  /// File names, which the shell completes by its own rules.
  var isFiles = false
  /// The words, the likeliest first, each once.
  private(set) var candidates: [Candidate] = []

  /// At most so many: nobody reads more, and shells slow down.
  static let most = 200

  /// File names.
  static let files = Completion(isFiles: true)

  /// Adds those that begin like what was typed.
  mutating func add(_ candidates: [Candidate], beginning prefix: String) {
    for candidate in candidates where self.candidates.count < Self.most {
      guard candidate.text.utf8.starts(with: prefix.utf8), !self.candidates.contains(candidate)
      else { continue }
      self.candidates.append(candidate)
    }
  }

  /// Adds words that say it all.
  mutating func add(_ words: [String], beginning prefix: String) {
    add(words.map { Candidate(text: $0) }, beginning: prefix)
  }
}
