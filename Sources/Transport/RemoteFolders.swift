/// From a profile to the folder it describes. Nothing is asked of the other side yet.
package enum RemoteFolders {
  /// The kinds of folders that a build knows, in the order of help; a new one is a line here.
  package static let kinds: [RemoteKind] = [.webdav, .plain, .s3, .directory]

  /// Opens the folder of `profile`.
  ///
  /// - Throws: `.local` for an address that is none, or without libcurl; `.refusedByUs` for a URL
  ///   that carries a user or password.
  package static func open(
    _ profile: RemoteProfile, pace: Pace, among kinds: [RemoteKind] = kinds
  ) throws(TransportError) -> any RemoteFolder {
    let (kind, address) = profile.resolved(among: kinds)
    return try kind.open(profile, at: address, pace)
  }

  /// Tries what the folder of `profile` can do, with one file that it removes again; never throws,
  /// the first trouble is part of the answer. For `shelf remote add` and `remote test`.
  package static func probe(
    _ profile: RemoteProfile, pace: Pace, among kinds: [RemoteKind] = kinds
  ) -> Capabilities {
    Probe.run(profile, pace: pace, among: kinds)
  }
}
