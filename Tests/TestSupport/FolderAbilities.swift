/// How much of the contract of a remote folder an endpoint can keep.
package struct FolderAbilities: Sendable {
  /// It lists.
  package var lists = true
  /// It deletes.
  package var deletes = true

  /// Everything, unless said otherwise.
  package init(lists: Bool = true, deletes: Bool = true) {
    self.lists = lists
    self.deletes = deletes
  }
}
