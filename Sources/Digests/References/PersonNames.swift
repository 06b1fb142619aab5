/// The authors of a paper out of one text, as it names them.
enum PersonNames {
  /// Names of a list that is cut at semicolons, else at ` and `, else at commas: `A; B`,
  /// `A. Author, B. Author and C. Author (Invented University)`, and as BibTeX writes them
  /// `Author, Ann and Maker, Bo`. What stands in parentheses is no name, and `et al.` is nobody.
  static func list(_ text: String) -> [String] {
    let text = withoutParentheses(RecordText.oneLine(text))
    if text.contains(";") || text.contains("；") { return names(RecordText.parts(text, at: ";；")) }
    let people = text.split(separator: " and ").map(String.init)
    if people.allSatisfy({ isInverted($0, isOneOf: people.count) }) { return names(people) }
    let parts = text.replacing(" & ", with: ",").replacing(" and ", with: ",")
    return names(RecordText.parts(parts, at: ",，、"))
  }

  /// Whether a name begins with that of the family, `Author, Ann`; alone it could be two names,
  /// unless that of the family is one word.
  private static func isInverted(_ text: String, isOneOf count: Int) -> Bool {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count == 2, parts.allSatisfy({ $0.contains(where: \.isLetter) }) else {
      return false
    }
    return count > 1 || !RecordText.oneLine(String(parts[0])).contains(" ")
  }

  /// Names of a list of which each is one text.
  static func names(_ parts: [String]) -> [String] {
    RecordText.unique(
      parts.prefix(RecordText.mostParts).map(RecordText.oneLine).filter(isName))
  }

  private static func isName(_ text: String) -> Bool {
    guard (1...300).contains(text.utf8.count), text.contains(where: \.isLetter) else {
      return false
    }
    return !["et al", "et al.", "et.al", "et.al.", "others", "and others", "and", "null", "none"]
      .contains(text.lowercased())
  }

  private static func withoutParentheses(_ text: String) -> String {
    guard text.utf8.contains(Byte.openParenthesis) else { return text }
    var depth = 0
    var kept: [UInt8] = []
    for byte in text.utf8 {
      if byte == Byte.openParenthesis { depth += 1 }
      if depth == 0 { kept.append(byte) }
      if byte == Byte.closeParenthesis { depth = max(0, depth - 1) }
    }
    return String(decoding: kept, as: UTF8.self)
  }
}
