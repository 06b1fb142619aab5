import Papers

/// Why the order by taste puts a paper where it does, in words.
enum JudgementWords {
  /// `for: diffusion, video · against: survey`; empty where no word says much.
  static func line(_ judgement: Judgement) -> String {
    let sides = [("for", judgement.words), ("against", judgement.against)]
    return sides.filter { !$1.isEmpty }
      .map { "\($0): \($1.joined(separator: ", "))" }.joined(separator: " · ")
  }
}
