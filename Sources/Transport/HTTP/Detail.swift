/// Words from outside, fit for an error: one line, bounded, no control characters, no secrets.
enum Detail {
  private static let most = 200
  private static let mostLookedAt = 16 * 1024

  /// What an answer says for people: the message of an XML document, or plain text. Of a page or
  /// any other markup nothing, which nobody reads in a terminal.
  static func said(by answer: HTTPResponse) -> String {
    let words = String(decoding: answer.body.prefix(mostLookedAt), as: UTF8.self)
    let isMarkup = HTTPResponse.isMarkup(words.utf8) || words.contains(/<[a-zA-Z\/!?]/)
    return isMarkup ? ErrorDocument(answer.body)?.message ?? "" : words
  }

  /// The words of libcurl or of a server's body.
  static func line(_ words: String, hiding profile: RemoteProfile) -> String {
    // Hidden before anything is changed or cut, and looked at a good deal further than is shown.
    let start = String(String.UnicodeScalarView(words.unicodeScalars.prefix(mostLookedAt)))
    let hidden = Concealment(profile).hide(start)
    let text = String(String.UnicodeScalarView(hidden.unicodeScalars.prefix(4 * most).map(visible)))
    return String(text.prefix(most))
  }

  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: " "
    default: scalar
    }
  }
}
