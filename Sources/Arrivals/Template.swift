import Papers
import URLText

/// Text with the places of a day: `{yyyy}`, `{mm}`, `{dd}`.
struct DayTemplate: Hashable {
  private static let places = ["{yyyy}", "{mm}", "{dd}"]
  let text: String

  /// Nil for text without any of them.
  /// - Throws: where it is not all of them, so that two days would be one address.
  init?(_ text: String) throws(SourceComplaint) {
    let missing = Self.places.filter { !text.contains($0) }
    guard missing.count < Self.places.count else { return nil }
    guard missing.isEmpty else {
      throw SourceComplaint(
        "“\(text)” has no \(missing.joined(separator: " and "))",
        advice: "a digest a day is named by {yyyy}, {mm} and {dd}, each once at least")
    }
    self.text = text
  }

  /// The text of a day.
  func filled(_ day: PaperDate) -> String {
    let parts = day.text.split(separator: "-").map(String.init)
    var text = text
    for (place, part) in zip(Self.places, parts) {
      text = text.split(separator: place, omittingEmptySubsequences: false)
        .joined(separator: part)
    }
    return text
  }
}

/// What may stand in an address.
enum Address {
  private static let encoding = PercentEncoding(marks: "-._~/%!$&'()*+,;=:@?[]#")

  /// An address in which what cannot stand in one is percent-encoded, once.
  static func encoded(_ text: String) -> String { encoding.encode(text) }

  /// A value of a query.
  static func value(_ text: String) -> String { PercentEncoding.unreserved.encode(text) }

  /// Whether text is an http(s) URL, in whatever case its scheme is.
  static func isWeb(_ text: String) -> Bool {
    let start = text.prefix(8).lowercased()
    return start.hasPrefix("http://") || start.hasPrefix("https://")
  }

  /// What follows a prefix, in whatever case that is; nil without it.
  static func rest(of text: String, after prefix: String) -> String? {
    guard text.prefix(prefix.count).lowercased() == prefix else { return nil }
    return String(text.dropFirst(prefix.count))
  }

  /// Makes sure that an http(s) URL carries no login.
  static func check(_ text: String) throws(SourceComplaint) {
    let authority = text.drop { $0 != ":" }.dropFirst(3).prefix { !"/?#".contains($0) }
    guard !authority.isEmpty else {
      throw SourceComplaint(
        "“\(text)” names no server", advice: "write the whole address: https://server/feed.xml")
    }
    guard !authority.contains("@") else {
      throw SourceComplaint(
        "an address with a user or password is not kept",
        advice: "sources are asked without a login; fetch it yourself and add the file")
    }
  }
}
