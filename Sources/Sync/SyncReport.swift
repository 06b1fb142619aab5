import Changes
import Papers
import Sealing
import Transport

/// What a sync did. `shelf` turns it to words or JSON.
package struct SyncReport: Hashable, Sendable {
  /// Changes that were new here.
  package var pulled = 0
  /// Changes sent.
  package var pushed = 0
  /// How many papers changed here.
  package var papers = 0
  /// Edits that lost to a concurrent edit and notes with two texts, new by this sync.
  package var conflicts = 0
  /// What crossed the wire.
  package var traffic = Traffic()
  /// What did not work; the rest did.
  package var problems: [SyncProblem] = []
  /// What the person should know although everything worked.
  package var notices: [SyncNotice] = []

  /// Requests made.
  package var requests: Int { traffic.requests }
  /// Bytes sent.
  package var bytesSent: Int { traffic.bytesSent }
  /// Bytes received.
  package var bytesReceived: Int { traffic.bytesReceived }

  /// Nothing yet.
  package init() {}
}

/// Something that did not work in a sync that otherwise did.
package enum SyncProblem: Hashable, Sendable {
  /// A file could not be used now; the next sync asks for it again.
  case unreadable(file: String, machine: String, SegmentError)
  /// Changes that this build does not take, or all of a run where `changes` is nil, are passed
  /// over: its file stays there for a build that does, and everything else goes on.
  case untaken(file: String, machine: String, changes: Int?)
  /// In a file, changes that are not what stands here under the same stamps: two copies of a
  /// machine that nothing told apart gave them, or somebody with the key lies. What was here first
  /// stays.
  case contradicted(String, of: String, changes: Int)
  /// A machine said more of something, of which so much was said that only the newest changes of
  /// each machine hold. Told once a sync, in however many files it says so.
  case crowded(key: String, by: String)
  /// A file could not be fetched now.
  case unreachable(file: String, TransportError)
  /// The device's log misses a segment that comes before others.
  case gap(DeviceID, machine: String, missing: UInt64)
  /// The folder shows less of a machine's log than `reader` has sealed to have read of it.
  case withheld(machine: String, missing: UInt64, reader: String, read: UInt64)
  /// A file that holds no edits is lost, where the error is nil, or cannot be used. `machine` alone
  /// can write it again; nil where we can.
  case hint(file: String, machine: String?, SegmentError?)
  /// The folder lists nothing, and its list of machines does not name this one: others cannot find
  /// what it sends.
  case unnamed
  /// So many more than are told.
  case more(Int)
}

/// Problems as they are met, each once. One by one as many are held as somebody may read: in a
/// folder of a hundred thousand invented names each is one.
struct ProblemList {
  /// So many are told one by one.
  static let most = 1000

  private var told: [SyncProblem] = []
  private var known = Set<SyncProblem>()
  private var more = 0

  /// How many.
  var count: Int { told.count + more }

  /// As they are reported.
  var all: [SyncProblem] { more > 0 ? told + [.more(more)] : told }

  mutating func add(_ problem: SyncProblem) {
    guard !known.contains(problem) else { return }
    guard told.count < Self.most else { return more += 1 }
    told.append(problem)
    known.insert(problem)
  }

  mutating func removeAll(where isGone: (SyncProblem) -> Bool) {
    told.removeAll(where: isGone)
    known = known.filter { !isGone($0) }
  }
}

/// Something worth knowing.
package enum SyncNotice: Hashable, Sendable {
  /// The folder was empty and was set up.
  case founded
  /// The folder had lost files of ours, which were sent again.
  case refilled(segments: Int)
  /// The folder shows less of a machine than it did: its server lost files or was set back.
  case rolledBack(machine: String)
  /// A machine's log is not the one seen before: it was restored from a backup, or two copies of it
  /// run.
  case rewritten(machine: String)
  /// This library is a copy or was restored; it goes on as a machine of its own.
  case newIdentity(was: DeviceID, now: DeviceID)
  /// The clock of a machine is far ahead of ours; milliseconds.
  case clockAhead(machine: String, by: Int64)
  /// So are those of more machines than were named.
  case moreClocksAhead
  /// Changes a newer Papershelf made are kept for later.
  case needsNewerVersion(changes: Int)
  /// The passphrase of the folder was changed on another machine.
  case rekeyed
  /// Another machine changed the passphrase at the same time, and its change holds.
  case rekeyingLost
  /// The folder opens only with what an older build made of a passphrase that is no UTF-8.
  case formerPassphrase
  /// Old segments were put together into fewer.
  case compacted(from: Int, to: Int)
  /// A machine has not moved for so long that old segments no longer stay for it.
  case waitedLong(machine: String)
  /// The folder is that of another remote, and they are synced as one.
  case sameFolder(as: String)
  /// The folder names so many machines more than are asked in one sync, and nobody knows them.
  case crowd(left: Int)
  /// The server's listing does not show what is there: files are asked for by name.
  case listingHides
  /// Another machine set up the folder at the same time; its setup holds.
  case foundingLost
}

/// What a sync would do, by paper.
package struct SyncPreview: Hashable, Sendable {
  /// Changes by what they change; entities that are not papers are counted under nil.
  package struct Line: Hashable, Sendable {
    /// The paper; nil for views, machines and headers of operations.
    package var paper: PaperID?
    /// Its title, where the changes tell it: the paper may not be here yet.
    package var title: String?
    /// How many changes.
    package var changes: Int
  }

  /// What would come.
  package var incoming: [Line] = []
  /// What would go.
  package var outgoing: [Line] = []
  /// Files that would be written.
  package var files: [File] = []
  /// What did not work.
  package var problems: [SyncProblem] = []
  /// Nothing yet.
  package init() {}

  /// A file of the folder.
  package struct File: Hashable, Sendable {
    /// Its name.
    package var name: String
    /// Its size in bytes.
    package var size: Int
  }
}

/// A device as the folder and the library know it.
package struct SyncDevice: Hashable, Sendable {
  /// Its id.
  package var device: DeviceID
  /// What the person calls the machine; the id where nobody said.
  package var name: String
  /// Whether it is this one.
  package var isMine: Bool
  /// Whether it was said to be gone.
  package var isRetired: Bool
  /// Its newest segment, as far as seen.
  package var newest: UInt64
  /// How much of it was applied here.
  package var applied: UInt64
  /// How much of ours it says it has applied; nil when its head cannot be read.
  package var confirmed: UInt64?
}

/// What `sync verify` found.
package struct SyncVerification: Hashable, Sendable {
  /// Files that are whole and where they belong.
  package var good = 0
  /// Changes in them.
  package var changes = 0
  /// Of those, how many are not in this library yet.
  package var unknown = 0
  /// Changes of this library that the next sync sends.
  package var unsent = 0
  /// Changes of this library that are not in the folder, and that no sync sends by itself.
  package var absent = 0
  /// What is wrong.
  package var problems: [SyncProblem] = []
  /// Nothing yet.
  package init() {}
}

/// How far a sync is.
package enum SyncProgress: Hashable, Sendable {
  /// So many changes more came of a machine.
  case pulled(machine: String, changes: Int)
  /// So many changes more are sent.
  case pushed(changes: Int)
  /// One file more was looked at by who looks at all.
  case looked
}

/// Why a sync stopped. What was done until then is done.
package enum SyncError: Error, Hashable, Sendable {
  /// The folder's header: no Papershelf folder, damaged, wrong passphrase, other library, newer
  /// format.
  case header(SegmentError)
  /// libcrypto, by which everything is proved and sealed, cannot be opened; why.
  case noCryptography(String)
  /// A file was written three times and never read back as it was.
  case notStored(file: String)
  /// The folder shows a file under a name that was drawn just now, which nobody can have written.
  case neverWritten(file: String)
  /// The folder, or what this library knows of it, was another one each time it was looked at: two
  /// copies of this library write at the same time, or the header is never the same.
  case contended
  /// The passphrase of the folder was changed on another machine; at the same time as on this one,
  /// where it was a race.
  case passphraseChanged(isRace: Bool)
  /// No machine bears this name.
  case noSuchMachine(String)
  /// Several machines bear this name.
  case severalMachines(String, ids: [String])
}
