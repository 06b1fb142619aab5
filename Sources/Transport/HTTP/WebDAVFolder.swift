import XMLText

extension RemoteKind {
  /// What an http(s) URL is that says nothing else. It also serves an endpoint that only knows GET
  /// and PUT: its listing then says `.unsupported`.
  package static let webdav = RemoteKind(
    http: "webdav",
    schemes: ["dav": "http", "davs": "https", "webdav": "http", "webdavs": "https"],
    explanation: "https://… for WebDAV"
  ) { WebDAVFolder(client: $0, collection: $1) }
}

/// A folder on a WebDAV server (RFC 4918): PROPFIND Depth 1, GET, PUT, DELETE, and MKCOL when a PUT
/// shows that the folder is not there.
package final class WebDAVFolder: RemoteFolder, SpeakingHTTP {
  private static let question = Array(
    """
    <?xml version="1.0" encoding="utf-8"?>
    <propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>
    """.utf8)
  private static let questionOfMark = Array(
    """
    <?xml version="1.0" encoding="utf-8"?>
    <propfind xmlns="DAV:"><prop><getetag/><getlastmodified/></prop></propfind>
    """.utf8)
  /// How many collections one write may make, from the folder upwards.
  private static let mostParents = 8

  let files: FileVerbs
  /// Whether the folder has been seen or made.
  private var isThere = false

  init(client: HTTPClient, collection: WebAddress) {
    files = FileVerbs(client: client, collection: collection)
  }

  /// Requests made and bytes moved.
  package var traffic: Traffic { files.client.traffic }

  /// What stands between here and the server.
  package var cacheBetween: CacheBetween { files.cacheBetween }

  /// One PROPFIND. A missing folder has no files; a server that refuses the question, or has more
  /// to say than anybody reads, cannot list.
  package func list() throws(TransportError) -> Listing {
    let answer: HTTPResponse
    do throws(TransportError) {
      answer = try propfind(depth: "1", limit: XMLWalk.mostBytes)
    } catch {
      guard error.reason == .tooLarge else { throw error }
      return .unsupported
    }
    switch answer.status {
    case 207: break
    case 404, 409, 410: return .files([])
    case 300, 400, 403, 405, 406, 412, 415, 422, 501: return .unsupported
    default:
      let isPage = answer.isSuccess
      throw files.refusal(
        answer, method: "PROPFIND", words: isPage ? "no WebDAV answer: a login page?" : nil)
    }
    guard let multistatus = Multistatus(answer.body) else {
      throw files.refusal(answer, method: "PROPFIND", words: "the listing is cut or no XML")
    }
    if multistatus.tellsMissing { return .files([]) }
    isThere = true
    files.learn(answer)
    let found = multistatus.files(in: answer.address)
    files.noteListing(found)
    return .files(found)
  }

  /// One PROPFIND of the folder alone. Its ETag, or the time of its last change, is what the file
  /// system says of a directory.
  package func mark() throws(TransportError) -> FolderMark? {
    let answer = try propfind(depth: "0", asking: Self.questionOfMark, limit: 1 << 20)
    switch answer.status {
    case 207: break
    case 300, 400, 403, 404, 405, 406, 409, 410, 412, 415, 422, 501: return nil
    default: throw files.refusal(answer, method: "PROPFIND")
    }
    guard let entry = Multistatus(answer.body)?.entries.first else { return nil }
    let said = [entry.etag, entry.modified].compactMap { $0 }.filter { !$0.isEmpty }
    guard !said.isEmpty else { return nil }
    files.learn(answer)
    var isSettled = true
    if let modified = entry.modified.flatMap(HTTPDate.seconds),
      let now = answer.headers["date"].flatMap(HTTPDate.seconds)
    {
      isSettled = !(0..<2).contains(now - modified)
    }
    return FolderMark(said.joined(separator: " "), isSettled: isSettled)
  }

  /// Parallel GETs.
  package func read(_ names: [RemoteName], limit: Int) -> [Result<ReadOutcome, TransportError>] {
    files.read(names, limit: limit, proof: credentialsAreTaken)
  }

  /// PUT; where that fails in a way that a missing folder explains, MKCOL and PUT again. A folder
  /// seen before may have been wiped since; only the vaguer answers are then taken as they are.
  package func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    var answer = try files.put(name, bytes)
    let mayLackFolder =
      [404, 409, 410, 424].contains(answer.status)
      || (!isThere && [403, 405, 412, 500].contains(answer.status))
    if mayLackFolder {
      try makeFolder()
      answer = try files.put(name, bytes)
    }
    // Whether a 403 means the password or a read-only folder is another question.
    if answer.status == 403 { files.prove(credentialsAreTaken) }
    try files.check(answer, method: "PUT")
    isThere = true
  }

  /// DELETE.
  package func delete(_ name: RemoteName) throws(TransportError) {
    try files.delete(name, proof: credentialsAreTaken)
  }

  /// Whether the server answers a question about the folder: it does so only to who may ask.
  private func credentialsAreTaken() -> Bool {
    guard let answer = try? propfind(depth: "0", limit: 1 << 20) else { return false }
    return answer.status == 207 || answer.status == 404
  }

  private func propfind(
    depth: String, asking question: [UInt8] = question, limit: Int
  ) throws(TransportError) -> HTTPResponse {
    try files.client.send(
      HTTPRequest(
        method: "PROPFIND", address: files.collection,
        headers: ["Depth: \(depth)", "Content-Type: application/xml; charset=utf-8"],
        body: question, limit: limit))
  }

  /// Makes the folder and what is missing above it. Servers answer MKCOL for a folder that exists
  /// with 405, 406, 409, 423 or 301, and for a missing parent with 404, 409, 403 or 500, so no
  /// answer decides anything: we go up until one says "made", come down again, and let the next PUT
  /// tell.
  private func makeFolder() throws(TransportError) {
    var missing: [WebAddress] = []
    var next: WebAddress? = files.collection
    while let address = next, missing.count < Self.mostParents, address.path != "/" {
      let answer = try mkcol(address)
      if answer.status == 401 { throw files.refusal(answer, method: "MKCOL", writing: true) }
      guard [403, 404, 409, 500].contains(answer.status) else { break }
      missing.append(address)
      next = address.parent
    }
    for address in missing.reversed() { _ = try mkcol(address) }
    isThere = true
  }

  private func mkcol(_ address: WebAddress) throws(TransportError) -> HTTPResponse {
    try files.client.send(HTTPRequest(method: "MKCOL", address: address, limit: 1 << 20))
  }
}
