/// What a remote turned out to be able to do, found by trying it with one small file.
package struct Capabilities: Hashable, Sendable {
  /// What is spoken there; to be stored, so that later syncs do not ask again.
  package var kind: RemoteKind
  /// Some answer came.
  package var reachable = false
  /// Our credentials, or none where none are needed, were taken.
  package var authenticated = false
  /// A file could be stored.
  package var writes = false
  /// What was stored came back byte for byte, also after it was replaced.
  package var readsBack = false
  /// The folder can be listed, and the listing showed the file.
  package var lists = false
  /// The file could be removed, and was gone.
  package var deletes = false
  /// Each content had its ETag, and another one after a change. Nothing relies on it.
  package var keepsETags = false
  /// What stands between here and the server.
  package var cacheBetween = CacheBetween.none
  /// The `Server` header, bounded; nil for a directory.
  package var server: String?
  /// The first trouble on the way, nil when everything was tried.
  package var trouble: TransportError?

  /// Nothing is known yet.
  package init(kind: RemoteKind) { self.kind = kind }
}
