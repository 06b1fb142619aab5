import URLText
import XMLText

extension RemoteKind {
  /// An S3-style endpoint.
  package static let s3 = RemoteKind(
    http: "s3", isSigned: true, explanation: "s3+https://host/bucket/ for S3"
  ) { client, collection throws(TransportError) in
    try S3Folder(client: client, collection: collection)
  }
}

/// A prefix of a bucket on an S3-style endpoint: PUT, GET, DELETE and ListObjectsV2. Requests are
/// signed by libcurl.
package final class S3Folder: RemoteFolder, SpeakingHTTP {
  /// The most pages of a thousand keys asked for: what is beyond is asked for by name.
  private static let mostPages = 100

  let files: FileVerbs
  private let bucket: WebAddress
  /// What every key begins with: empty or with a slash at its end.
  private let prefix: String

  /// The bucket is the first component of the path, or the host where that has the form
  /// `bucket.s3.…` or `bucket.s3-…`.
  init(client: HTTPClient, collection: WebAddress) throws(TransportError) {
    files = FileVerbs(client: client, collection: collection, isSigned: true)
    let whole = files.collection.asSigned
    func refused(
      _ words: String, _ reason: TransportError.Reason = .address
    ) -> TransportError {
      TransportError(
        kind: .refusedByUs, method: "open", url: collection.shown, detail: words, reason: reason)
    }
    let parts = whole.path.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { $0 == "." || $0 == ".." }) else {
      throw refused("a folder in a bucket cannot be called . or ..")
    }
    var bucket = whole
    if bucket.host.contains(".s3.") || bucket.host.contains(".s3-") {
      bucket.path = "/"
    } else {
      guard parts.count > 2, !parts[1].isEmpty else {
        throw refused("no bucket in the URL", .noBucketNamed)
      }
      bucket.path = "/" + parts[1] + "/"
    }
    self.bucket = bucket
    // An XML listing has no bytes that are no UTF-8.
    guard let prefix = PercentEncoding.decode(whole.path.dropFirst(bucket.path.utf8.count)) else {
      throw refused("the name of a folder in a bucket is UTF-8")
    }
    self.prefix = prefix
  }

  /// Requests made and bytes moved.
  package var traffic: Traffic { files.client.traffic }

  /// ListObjectsV2, page by page.
  package func list() throws(TransportError) -> Listing {
    var found: [RemoteName: Int?] = [:]
    var token: String?
    for _ in 0..<Self.mostPages {
      let answer = try ask(after: token)
      guard answer.status == 200 else {
        if answer.status == 404 { return .files([]) }
        let isUnknown = answer.reason == nil && [400, 405, 501].contains(answer.status)
        if isUnknown { return .unsupported }
        throw files.refusal(answer, method: "GET")
      }
      guard let page = S3Listing(answer.body) else {
        throw files.refusal(answer, method: "GET", words: "the listing is cut or no S3 answer")
      }
      // By byte, as the store compares them.
      for entry in page.entries where entry.key.utf8.starts(with: prefix.utf8) {
        let rest = Substring(entry.key.utf8.dropFirst(prefix.utf8.count))
        guard let name = RemoteName(String(rest)) else { continue }
        found[name] = entry.size
      }
      token = page.nextToken
      if token == nil { break }
    }
    return .files(
      found.map { ListedFile(name: $0.key, size: $0.value) }.sorted { $0.name < $1.name })
  }

  /// Parallel GETs. A store answers 403 for a missing key where listing is not allowed.
  package func read(_ names: [RemoteName], limit: Int) -> [Result<ReadOutcome, TransportError>] {
    files.read(names, limit: limit, proof: credentialsAreTaken)
  }

  /// PUT.
  package func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    try files.check(files.put(name, bytes), method: "PUT")
  }

  /// DELETE.
  package func delete(_ name: RemoteName) throws(TransportError) {
    try files.delete(name, proof: credentialsAreTaken)
  }

  private func credentialsAreTaken() -> Bool { (try? ask(after: nil))?.isSuccess ?? false }

  /// The parameters stand in the byte order of their names, which the signature is made over.
  private func ask(after token: String?) throws(TransportError) -> HTTPResponse {
    var query: [String] = []
    if let token { query.append("continuation-token=" + PercentEncoding.unreserved.encode(token)) }
    query += ["delimiter=%2F", "list-type=2"]
    if !prefix.isEmpty { query.append("prefix=" + PercentEncoding.unreserved.encode(prefix)) }
    var address = bucket
    address.query = query.joined(separator: "&")
    let answer = try files.client.send(
      HTTPRequest(method: "GET", address: address, limit: XMLWalk.mostBytes))
    files.learn(answer)
    return answer
  }
}
