/// Rules of the library that a test takes away, one at a time, to see that the tests notice.
///
/// A switch at run time and not a condition of compilation, so that what the simulator runs is the
/// very code that a person runs. The build a person uses never has any: the only way to set one is
/// ``Understanding/weaknesses``, which this package alone can reach and `shelf` never does.
package enum Weakness: String, CaseIterable, Sendable {
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
