/// What stands between here and the server, and answers in its place.
package enum CacheBetween: Hashable, Sendable {
  /// Nothing that was noticed.
  case none
  /// A cache that keeps what it must not keep; each question goes past it by a query of its own.
  case passed
  /// A cache that keeps what it must not keep, before a server that takes no query.
  case inTheWay
}

/// Looks out for a cache that answers in the server's place, though every GET says that it must ask
/// (`Cache-Control: no-cache`, RFC 9111 section 5.2.1.4): nginx and Varnish take no notice of it.
///
/// What gives one away: an answer says so itself, what was just written comes back as something
/// else, or what was just listed is missing. Then the same is asked once more with a query of its
/// own, which no cache has an answer for; where that brings another file, all that follows is asked
/// so. Nobody is asked so without need, for some servers take a name with a query for another name.
///
/// Invariants: what is asked with a query is believed only where some such answer brought a file;
/// a handful of questions without use are asked at most.
struct CacheWatch {
  /// After so many runs of questions that told nothing no more are asked.
  private static let mostAttempts = 3

  private(set) var between: CacheBetween
  private var attempts = 0
  private var written: [RemoteName: Int] = [:]
  private var listed: Set<RemoteName> = []

  /// - Parameter isKnown: whether there was one the last time.
  init(isKnown: Bool) { between = isKnown ? .passed : .none }

  /// Whether questions carry a query of their own.
  var asksPast: Bool { between == .passed }

  /// Bytes were stored.
  mutating func wrote(_ name: RemoteName, _ bytes: [UInt8]) { written[name] = bytes.hashValue }

  /// A file was taken away.
  mutating func deleted(_ name: RemoteName) {
    written[name] = nil
    listed.remove(name)
  }

  /// A listing shows these.
  mutating func lists(_ names: [RemoteName]) { listed = Set(names) }

  /// Whether an answer may be that of a cache, or, where one is passed, of a server that takes no
  /// query.
  func doubts(_ name: RemoteName, _ answer: HTTPResponse) -> Bool {
    guard attempts < Self.mostAttempts, answer.isSuccess || (400..<500).contains(answer.status)
    else { return false }
    let isMissing = !answer.isSuccess && (written[name] != nil || listed.contains(name))
    if asksPast { return isMissing }
    let isOther = answer.isSuccess && written[name].map { $0 != answer.body.hashValue } ?? false
    return isMissing || isOther || answer.isFromCache
  }

  /// Compares what was doubted with what came when it was asked the other way.
  /// - Returns: whether the other way is that to go, now and from now on.
  mutating func compare(_ pairs: [(first: HTTPResponse, second: HTTPResponse)]) -> Bool {
    let isBetter = pairs.contains { first, second in
      second.status == 200 && !second.isMarkup
        && (first.isFromCache || !first.isSuccess || first.body != second.body)
    }
    guard isBetter else {
      attempts += 1
      if pairs.contains(where: { $0.first.isSuccess && $0.first.isFromCache }) {
        between = .inTheWay
      }
      return false
    }
    if asksPast { attempts = Self.mostAttempts }
    between = asksPast ? .none : .passed
    return true
  }
}

extension HTTPResponse {
  /// Whether it says that it was kept for a while: by its age (RFC 9111 section 5.1), by Varnish's
  /// second number, which is that of the request that it was kept from, or as many caches say it.
  var isFromCache: Bool {
    if let age = headers["age"].flatMap({ Int($0) }), age > 0 { return true }
    if headers["x-varnish"]?.contains(" ") == true { return true }
    return ["x-cache", "x-cache-status", "cf-cache-status"].contains { name in
      headers[name]?.split { !$0.isLetter }.contains { $0.uppercased() == "HIT" } == true
    }
  }
}
