/// Finds out what a remote can do, in seven requests: write, read, replace, read, list, delete,
/// read. Stops at the first trouble that makes the rest meaningless.
struct Probe {
  private let folder: any RemoteFolder
  private let name: RemoteName
  private let contents: [[UInt8]]
  private var found: Capabilities

  private init?(_ kind: RemoteKind, _ folder: any RemoteFolder, pace: Pace) {
    let number = String(UInt64(pace.random() * 0x1p52), radix: 16)
    guard let name = RemoteName("probe\(number)") else { return nil }
    self.folder = folder
    self.name = name
    contents = ["first \(number)\n", "second, longer \(number)\n"].map { Array($0.utf8) }
    found = Capabilities(kind: kind)
  }

  /// Opens and tries the folder of `profile`. Leaves nothing there when it can delete.
  static func run(
    _ profile: RemoteProfile, pace: Pace, among kinds: [RemoteKind]
  ) -> Capabilities {
    let kind = profile.resolved(among: kinds).kind
    var failed = Capabilities(kind: kind)
    do throws(TransportError) {
      let folder = try RemoteFolders.open(profile, pace: pace, among: kinds)
      guard var probe = Probe(kind, folder, pace: pace) else { return failed }
      return probe.run()
    } catch {
      failed.trouble = error
      return failed
    }
  }

  private mutating func run() -> Capabilities {
    do throws(TransportError) {
      try writeAndReadBack()
      try list()
      try delete()
    } catch {
      found.trouble = error
      found.reachable = found.reachable || Self.isAnswer(error)
      found.authenticated =
        found.authenticated || (Self.isAnswer(error) && error.kind != .unauthorized)
    }
    found.cacheBetween = folder.cacheBetween
    return found
  }

  private mutating func writeAndReadBack() throws(TransportError) {
    var tags: [String?] = []
    for bytes in contents {
      try folder.write(name, bytes)
      (found.reachable, found.authenticated, found.writes) = (true, true, true)
      let (back, tag) = try read()
      guard back == bytes else {
        throw TransportError(
          kind: .garbled, method: "GET", url: name.text,
          detail: "what came back is not what was stored: " + Self.words(back),
          reason: reason(for: back, in: bytes))
      }
      tags.append(tag)
    }
    found.readsBack = true
    found.keepsETags = !tags.contains(nil) && Set(tags).count == tags.count
  }

  private func reason(for back: [UInt8]?, in place: [UInt8]) -> TransportError.Reason? {
    if let back, HTTPResponse.isMarkup(back) { return .webPage }
    return back.map { $0 != place && contents.contains($0) } == true ? .oldAnswer : nil
  }

  private mutating func list() throws(TransportError) {
    guard case .files(let files) = try listing() else {
      // What cannot be listed is, for us, plain HTTP: later syncs save the question.
      if found.kind == .webdav { found.kind = .plain }
      return
    }
    found.lists = files.contains { $0.name == name }
  }

  /// After files came back whole, nonsense for a listing only means that there is none.
  private func listing() throws(TransportError) -> Listing {
    do throws(TransportError) {
      return try folder.list()
    } catch {
      guard error.kind == .garbled else { throw error }
      return .unsupported
    }
  }

  private mutating func delete() throws(TransportError) {
    try folder.delete(name)
    found.deletes = try read().bytes == nil
  }

  /// The file's bytes, nil when it is missing, and its ETag where the folder speaks HTTP.
  private mutating func read() throws(TransportError) -> (bytes: [UInt8]?, tag: String?) {
    guard let result = folder.read([name], limit: 64 * 1024).first,
      case .found(let bytes) = try result.get()
    else { return (nil, nil) }
    let files = (folder as? any SpeakingHTTP)?.files
    let headers = files?.lastHeaders ?? [:]
    if found.server == nil, let files, let server = headers["server"] {
      found.server = String(Detail.line(server, hiding: files.client.profile).prefix(80))
    }
    return (bytes, headers["etag"])
  }

  private static func words(_ bytes: [UInt8]?) -> String {
    guard let bytes else { return "nothing" }
    return HTTPResponse.isMarkup(bytes) ? "a web page" : "other bytes"
  }

  /// Whether the trouble came as an answer of the other side.
  private static func isAnswer(_ error: TransportError) -> Bool { error.status != nil }
}
