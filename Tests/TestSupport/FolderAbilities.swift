/// How much of the contract of a remote folder an endpoint can keep.
public struct FolderAbilities: Sendable {
  /// It lists.
  public var lists = true
  /// It deletes.
  public var deletes = true

  /// Everything, unless said otherwise.
  public init(lists: Bool = true, deletes: Bool = true) {
    self.lists = lists
    self.deletes = deletes
  }
}
