import Papers

/// An address that stays, and what is there changes: a feed as a rule.
struct FeedAddressKind: SourceKind {
  let form = "https://server/feed.xml"
  let explanation = "a feed (Atom, RSS, JSON Feed), or any list that changes"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard Address.isWeb(what) else { return nil }
    try Address.check(what)
    return LastingAddress(address: Address.encoded(what))
  }
}

/// One address, asked each time whether there is something else by now.
struct LastingAddress: Source {
  let address: String

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    AskPlan([Ask(.page(address), .any)])
  }
}
