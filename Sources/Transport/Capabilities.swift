/// What a remote turned out to be able to do, found by trying it with one small file.
public struct Capabilities: Hashable, Sendable {
  /// What is spoken there; to be stored, so that later syncs do not ask again.
  public var kind: RemoteProfile.Kind
  /// Some answer came.
  public var reachable = false
  /// Our credentials, or none where none are needed, were taken.
  public var authenticated = false
  /// A file could be stored.
  public var writes = false
  /// What was stored came back byte for byte, also after it was replaced.
  public var readsBack = false
  /// The folder can be listed, and the listing showed the file.
  public var lists = false
  /// The file could be removed, and was gone.
  public var deletes = false
  /// Each content had its ETag, and another one after a change. Nothing relies on it.
  public var keepsETags = false
  /// The `Server` header, bounded; nil for a directory.
  public var server: String?
  /// The first trouble on the way, nil when everything was tried.
  public var trouble: TransportError?

  /// Nothing is known yet.
  public init(kind: RemoteProfile.Kind) { self.kind = kind }
}
