import Papers
import XMLText

/// A list of feeds, as readers of feeds write it (OPML 2.0): a file of this machine, or an address.
struct FeedListKind: SourceKind {
  let form = "feeds.opml"
  let explanation = "each of the feeds that a file of a feed reader, or a page, lists"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    let path = what.prefix { $0 != "?" && $0 != "#" }
    guard path.lowercased().hasSuffix(".opml") else { return nil }
    if LocalPathKind.isPath(what) { return FeedList(place: .feedList(what)) }
    guard Address.isWeb(what) else { return nil }
    try Address.check(what)
    return FeedList(place: .feedPage(Address.encoded(what)))
  }
}

private struct FeedList: Source {
  let place: Ask.Place

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    AskPlan([Ask(place, .feed)])
  }
}

/// The feeds that a file of a feed reader lists.
package enum FeedListText {
  /// So many of them are asked.
  private static let most = 500

  /// The addresses of the feeds, in order, each once.
  /// - Throws: ``SourceComplaint`` where it is no such file.
  package static func feeds(_ bytes: [UInt8]) throws(SourceComplaint) -> [String] {
    let document = XMLDocument(allowsNamedType: true)
    var (feeds, isList) = ([String](), false)
    let found = document.feed(bytes.span, isLast: true)
    for case .start(let name, let attributes, _) in found.events {
      isList = isList || name == "opml"
      guard name == "outline", let address = attributes["xmlurl"], Address.isWeb(address),
        feeds.count < most, !feeds.contains(address)
      else { continue }
      feeds.append(address)
    }
    guard isList, found.trouble == nil else {
      throw SourceComplaint(
        "it is no OPML file" + (found.trouble.map { " (\($0))" } ?? ""),
        advice: "export the list of feeds from the feed reader again")
    }
    return feeds
  }
}
