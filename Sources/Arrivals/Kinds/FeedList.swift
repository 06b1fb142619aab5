import Papers
import XMLText

/// A file of this machine that lists feeds, as readers of feeds write it (OPML 2.0).
struct FeedListKind: SourceKind {
  let form = "feeds.opml"
  let explanation = "each of the feeds that a file of a feed reader lists"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard LocalPathKind.isPath(what), what.lowercased().hasSuffix(".opml") else { return nil }
    return FeedList(path: what)
  }
}

private struct FeedList: Source {
  let path: String

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    AskPlan([Ask(.feedList(path), .feed)])
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
