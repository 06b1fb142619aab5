import URLText

/// From a profile to the folder it describes. Nothing is asked of the other side yet.
package enum RemoteFolders {
  /// Opens the folder of `profile`.
  ///
  /// - Throws: `.local` for an address that is none, or without libcurl; `.refusedByUs` for a URL
  ///   that carries a user or password.
  package static func open(
    _ profile: RemoteProfile, pace: Pace
  ) throws(TransportError) -> any RemoteFolder {
    let (kind, address) = profile.resolved
    if kind == .directory { return try DirectoryFolder(path: path(address), pace: pace) }
    let client = try HTTPClient(profile: profile, pace: pace)
    guard let collection = WebAddress(address), collection.query == nil else {
      let shown = address.contains("@") ? "(hidden)" : address
      throw TransportError(
        kind: .refusedByUs, method: "open", url: shown,
        detail: "not an http(s) URL without user, password and query")
    }
    switch kind {
    case .plain: return PlainHTTPFolder(client: client, collection: collection)
    case .s3: return try S3Folder(client: client, collection: collection)
    default: return WebDAVFolder(client: client, collection: collection)
    }
  }

  /// Tries what the folder of `profile` can do, with one file that it removes again; never throws,
  /// the first trouble is part of the answer. For `shelf remote add` and `remote test`.
  package static func probe(_ profile: RemoteProfile, pace: Pace) -> Capabilities {
    Probe.run(profile, pace: pace)
  }

  /// The path of a `file:` URL (RFC 8089), whatever host it names; any other address is one
  /// already.
  static func path(_ address: String) -> String {
    guard address.lowercased().hasPrefix("file:") else { return address }
    var rest = address.dropFirst(5).prefix { $0 != "?" && $0 != "#" }
    if rest.hasPrefix("//") { rest = rest.dropFirst(2).drop { $0 != "/" } }
    while rest.count > 1, rest.hasSuffix("/") { rest.removeLast() }
    return PercentEncoding.decode(rest) ?? String(rest)
  }
}
