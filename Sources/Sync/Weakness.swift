/// Rules of sync that a test takes away, to see that the tests notice. The build a person uses never
/// has any: the only way to set one is ``SyncEngine/weaknesses``, which the package alone can reach.
package enum Weakness: String, CaseIterable, Sendable {
  /// The cursor moves before the changes of a segment are applied.
  case cursorBeforeApply
  /// A segment is taken for stored without being read back.
  case noReadBack
  /// A copy of the library goes on under the id of the original.
  case cloneUnnoticed
  /// What the listing does not show is taken for gone: own missing segments are not looked for.
  case listingIsTruth
  /// A wiped folder is not filled again.
  case noRefill
  /// Writing `peers` replaces the list instead of adding to it.
  case peersOverwritten
  /// A segment whose chain does not fit is applied as if nothing were.
  case chainUnchecked
  /// Peers that are behind what was seen of them are not reported.
  case rollbackUnnoticed
  /// Compaction keeps only changes that hold.
  case compactionDropsLive
  /// Old segments go before the others said that they applied them.
  case deleteUnconfirmed
  /// Changes of an unknown kind are not passed on.
  case unknownDropped
  /// Unsent edits of a clone keep stamps that its twin may have used.
  case noRestamping
  /// What came from one remote is not sent to another.
  case noForwarding
  /// The cursor of what was sent moves before the segment was written.
  case sentBeforeWritten
}
