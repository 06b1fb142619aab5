import Papers

/// A file in a repository at GitHub, one a day or one that changes.
struct GitHubFileKind: SourceKind {
  let form = "github:OWNER/REPO/archive/{yyyy}-{mm}-{dd}.md"
  let explanation =
    "a file a day of a repository at GitHub, or one that changes; @BRANCH may follow"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard let text = Address.rest(of: what, after: "github:") else { return nil }
    let cut = text.lastIndex(of: "@")
    let branch = cut.map { String(text[text.index(after: $0)...]) } ?? "HEAD"
    let parts = text[..<(cut ?? text.endIndex)].split(separator: "/").map(String.init)
    guard parts.count >= 3, !branch.isEmpty, !parts.contains(where: Self.leadsUp),
      !branch.split(separator: "/").map(String.init).contains(where: Self.leadsUp)
    else {
      throw SourceComplaint(
        "“\(text)” names no file of a repository",
        advice: "for example github:OWNER/REPO/archive/{yyyy}-{mm}-{dd}.md@main")
    }
    let path = (Array(parts[..<2]) + [branch] + parts[2...]).joined(separator: "/")
    let address = "https://raw.githubusercontent.com/" + path
    return try DatedAddress(address) ?? LastingAddress(address: Address.encoded(address))
  }

  private static func leadsUp(_ part: String) -> Bool { part == "." || part == ".." }
}
