import Changes
import Sealing
import Store
import Transport

// How sync is built.
//
// A core decides, a loop acts. The core (`SyncEngine`) touches the folder and what the library
// remembers through one door, `SyncActing.act`: it says an action and is handed the event that came
// of it. What it decides stands in values and pure functions, each of which a table can test:
//
//     SyncPlan       what to do, from what is known and what was seen
//     Transition     how what is remembered of a remote moves on: (state, transition) → state
//     LogReader      how a log is read, a run in several files too: (reader, answer) → what it says
//     OwnStanding    what became of our own log
//     Conclusion     what the core takes for true, said before it acts on it
//
// Between them the core is code that reads from top to bottom, in the order of the protocol: open
// the folder, look, pull, push, tidy, announce. Written out as one function from (state, event) to
// (state, actions) each of its forty questions to a server would be a state with a name of its own,
// and the order that the rules are about would be in no place. What such a function is good for
// stands all the same: the same events give the same actions, so a life can be played again from
// its record; `--dry-run` is the same core before a loop that writes nothing; and a test takes a
// rule away by standing between core and loop and changing what is done, or what is concluded.
//
// The loop (`SyncLoop`) does one action at a time and knows no rule.

/// Does what the core says.
package protocol SyncActing: AnyObject {
  /// Does one thing.
  /// - Returns: the event that belongs to the action; what a server did is one, not an error.
  /// - Throws: `LibraryError`, which ends the sync.
  func act(_ action: SyncAction) throws -> SyncEvent
}

/// What the core wants done.
package enum SyncAction {
  // Of the folder.
  case list
  case read([RemoteName], limit: Int)
  case write(RemoteName, [UInt8])
  case delete(RemoteName)

  // Of the library, each in one transaction.
  /// Look at what is remembered; with all runs of our log, where it says so.
  case recall(withRuns: Bool)
  /// Look at what is remembered of all other remotes; likewise.
  case recallOthers(withRuns: Bool)
  /// This remote is the folder of another name: from now on there is one memory of both.
  case share(with: String)
  /// Move on what is remembered.
  case remember(Transition)
  /// Take in changes, and with them the cursor of the log they came from and what of it is passed
  /// over.
  case receive([Change], of: Stretch, Untaken?)
  /// Become another device if the library does not live where it did.
  case settle(identity: String)
  /// Become another device: somebody else writes under our id. Only while what that rests on holds.
  case become(Succession)
  /// Say that this device lives, where its successor says that it is gone.
  case liveOn

  /// Nothing: what the core takes for true, before it acts on it.
  case conclude(Conclusion)
}

/// What came of an action.
package enum SyncEvent {
  case listed(Result<Listing, TransportError>)
  /// As many as were asked for, in their order.
  case read([Result<ReadOutcome, TransportError>])
  /// Of a write or a removal; after an error the state of the file is unknown.
  case done(TransportError?)
  /// What is remembered now, and whether the transition was made: another process may have come
  /// between.
  case remembered(RemoteState, isMade: Bool)
  case others([String: RemoteState])
  case received(RemoteState, Library.Received)
  /// The ids, where it became another.
  case settled(was: DeviceID, now: DeviceID)
  case unchanged
  /// What is to be taken for true; nil for nothing.
  case concluded(Conclusion?)
}

/// How a device goes on under another id.
package struct Succession {
  /// Our log as far as the folder has it as we wrote it.
  package var common: OwnLog
  /// What that rests on: nothing is done where another process of this home has moved it.
  package var seeing: (ownLog: OwnLog, pending: Run?)
  /// Edits after this place get new stamps, as far as nobody has seen them: see
  /// `SyncMemory.become`.
  package var restampingAfter: Int64 = 0
}

/// What the core takes for true of what it saw.
package enum Conclusion: Hashable {
  /// These steps are to be made before anything is sent.
  case plan([SyncPlan.Step])
  /// The library lives elsewhere than it did: it was copied.
  case copied
  /// What became of our own log.
  case own(OwnStanding)
  /// This folder is the one of another name.
  case sameFolder(String)
  /// A run of ours does not stand there as we wrote it.
  case lost(Run)
  /// The folder's header is not there, or torn.
  case headerLost
  /// The header there is one that nobody who holds the key wrote.
  case headerForged
  /// A device's log does not go on from what we applied.
  case chainBroken(DeviceID)
  /// No build like this one can ever use a run, which is as its author wrote it.
  case spoilt(DeviceID, UInt64)
  /// The folder shows less of a device's log than it did.
  case rolledBack(DeviceID)
  /// The folder shows less of a device's log than somebody has read.
  case withheld(DeviceID)
  /// The listing hides the header, which is there.
  case listingHides
  /// A machine that cannot read segments of ours is to be believed.
  case complained(DeviceID)
  /// Of what our log holds, `places` need not be sent again.
  case superseded(PlaceSet, of: PlaceSet)
  /// Somebody has not applied our log up to this number yet.
  case unread(upTo: UInt64)
}
