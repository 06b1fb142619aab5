/// Rules that a test takes away, one at a time, to see that the tests notice. The program has no
/// switch for any of them: those of sync are taken away by ``WeakLoop``, which stands between the
/// core and what does its actions, those of the library by ``WeakLibrary``.
package enum AbsentRule: String, CaseIterable, Sendable {
  // MARK: Of sync

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
  /// The head tells of a segment before it is stored.
  case headBeforeSegment
  /// A torn segment is taken for one without changes.
  case damagedAccepted
  /// A missing segment is passed over when a later one is shown.
  case gapPassed
  /// The making of a segment is not remembered before it is written.
  case pendingForgotten
  /// A new identity does not send again what the old one had not got across.
  case unsentForgotten
  /// The passphrase is not compared with the header's check.
  case keyUnchecked
  /// A newcomer sets the folder up without looking whether somebody did.
  case foundedBlindly
  /// The head is written by every sync.
  case notQuiet

  /// A folder under another name is taken for another folder.
  case sameFolderUnnoticed
  /// What a server changes in the header is believed.
  case headerUnproven
  /// What others have read and the folder does not show is not told.
  case withheldUntold
  /// A segment that was passed over is not asked for again.
  case holesForgotten
  /// Nobody looks at a segment of its own that another cannot read.
  case complaintsUnheard
  /// A run that no build can take ends the reading of its log.
  case spoiltRunStops

  // MARK: Of the library

  /// A received stamp does not advance the clock.
  case clockNotAdvanced
  /// A library that was set back, its clock too, counts its stamps on from where it was.
  case stampsRepeat
  /// An edit that loses to a concurrent edit is not journalled.
  case journalSkipped
  /// An edit does not say what it replaces.
  case seenForgotten
  /// An edit that was begun before says that it saw what holds when it is saved.
  case gapOverlooked
  /// An edit of a note names only one of the versions it replaces.
  case parentDropped
  /// An undo puts the old value back although somebody has changed it since.
  case undoOverrules
  /// What was kept unread is not looked at again after an upgrade.
  case unknownNotApplied
  /// Received changes go into the log, and not all tables follow.
  case foldSkipped
}
