/// Words from outside, fit for an error: one line, bounded, no control characters, no secrets.
enum Detail {
  private static let most = 200

  /// What an answer says for people: the message of an XML document, or plain text. Of a page or
  /// any other markup nothing, which nobody reads in a terminal.
  static func said(by answer: HTTPResponse) -> String {
    guard answer.body.first(where: { $0 > 0x20 }) != UInt8(ascii: "<") else {
      return ErrorDocument(answer.body)?.message ?? ""
    }
    return String(decoding: answer.body.prefix(400), as: UTF8.self)
  }

  /// The words of libcurl or of a server's body.
  static func line(_ words: String, hiding profile: RemoteProfile) -> String {
    var text = String(String.UnicodeScalarView(words.unicodeScalars.prefix(4 * most).map(visible)))
    let secrets = [profile.secret?.revealed, profile.proxy].compactMap { $0 }
    for secret in secrets where !secret.isEmpty { text = hiding(secret, in: text) }
    return String(text.prefix(most))
  }

  /// By scalar: with a combining mark behind it the last character of a secret would be another
  /// one.
  private static func hiding(_ secret: String, in text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.split(
          separator: secret.unicodeScalars, omittingEmptySubsequences: false
        ).joined(separator: "(secret)".unicodeScalars)))
  }

  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: " "
    default: scalar
    }
  }
}
