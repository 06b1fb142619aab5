import TestSupport

/// What happens in a simulated life of several devices, step by step. Every step carries its own
/// numbers, so that leaving some out changes nothing in the others: that is how a failure shrinks.
/// A device that is not there (a copy not yet made, a machine that is gone) does nothing.
package enum Step: Hashable, Sendable {
  /// What a person does.
  package enum Edit: String, CaseIterable, Sendable {
    case add, bringIn = "import", content, status, star, tag, untag, renameTag = "rename a tag"
    case note, amend = "amend a note", eraseNote = "erase a note"
    case view, renameView = "rename a view", undo, redo
    case settle = "settle a conflict", future = "receive from the future"

    /// What a person may read, and save after lunch.
    static let slow: [Edit] = [
      .status, .star, .tag, .untag, .renameTag, .note, .amend, .amend, .eraseNote, .view,
      .renameView, .settle, .settle,
    ]
  }

  /// Where a device dies.
  package enum Moment: Hashable, Sendable {
    /// At its request of this number: it may have arrived, in part or whole.
    case request(Int)
    /// When its request of this number was done, before the answer.
    case answer(Int)
    /// Before its commit of this number, from 1.
    case commit(Int)
  }

  case edit(Int, Edit, UInt64)
  /// The person reads what they will edit, and leaves it open.
  case open(Int, Edit, UInt64)
  /// The person saves what they opened first, by what they had read then.
  case save(Int)
  /// Dies before the edit is committed.
  case crashingEdit(Int, Edit, UInt64)
  case sync(Int)
  case crashingSync(Int, Moment)
  /// Another device syncs while this one is at its request of this number.
  case interleavedSync(Int, Int, at: Int)
  /// The person edits while the device is at its request of this number.
  case editingSync(Int, Edit, UInt64, at: Int)
  case clock(Int, Int64)
  case faults(Int)
  case snapshot
  case rollback
  case wipe
  /// From now on the server's listings show nothing of what is there, or all of it again.
  case hide(Bool)
  /// From now on the server lies, to a device or, where there is none of the number, to all.
  case lie(SimServer.Lie, Int, UInt64)
  /// The server is honest again.
  case honest
  /// From now on a device reaches its folder by another address, or by the first again.
  case address(Int)
  /// The person removes the remote of a device, and adds it again.
  case forget(Int)
  /// A machine that holds the key puts lies into the folder.
  case stranger(Simulation.Stranger, UInt64)
  /// A bit of a stored file flips.
  case rot(UInt64)
  case backup(Int)
  case restore(Int)
  case clone(Int, told: Bool)
  case retire(Int, Int)
  /// A machine is gone for good.
  case lose(Int)
  case rename(Int, Int)
  /// A machine with an older build gets this one.
  case upgrade(Int)
  /// From now on it syncs with the other server.
  case move(Int)
  case wrongPassphrase(Int)
  /// Changes the passphrase of its folder.
  case rekey(Int)
  /// Dies while it does.
  case crashingRekey(Int, Moment)
  /// Another device syncs, or changes the passphrase too, while it does.
  case interleavedRekey(Int, Int, rekeys: Bool, at: Int)
  /// Sends what the folder lacks.
  case repair(Int)
  case crashingRepair(Int, Moment)
  /// Another device syncs while it does.
  case interleavedRepair(Int, Int, at: Int)
  /// The person looks: a check of every byte, and what a sync would do.
  case look(Int)
  /// A device does something, and another something else at a request of it.
  case amid(Int, Deed, Int, Deed, at: Int)
  /// A file is not in the folder any more.
  case vanish(UInt64)

  /// What a device does with a folder.
  package enum Deed: String, CaseIterable, Sendable {
    case sync = "syncs"
    case look = "looks"
    case repair = "repairs"
    case rekey = "changes the passphrase"
  }
}

extension Step: CustomStringConvertible {
  /// A line of a story.
  package var description: String {
    switch self {
    case .edit(let device, let edit, let number):
      "device \(device) edits: \(edit.rawValue) \(number)"
    case .open(let device, let edit, let number):
      "device \(device) opens, to edit later: \(edit.rawValue) \(number)"
    case .save(let device): "device \(device) saves what it opened first"
    case .crashingEdit(let device, let edit, let number):
      "device \(device) dies in an edit: \(edit.rawValue) \(number)"
    case .sync(let device): "device \(device) syncs"
    case .crashingSync(let device, let moment): "device \(device) syncs and dies \(moment)"
    case .interleavedSync(let a, let b, let at):
      "device \(a) syncs; at its request \(at), device \(b) syncs"
    case .editingSync(let device, let edit, let number, let at):
      "device \(device) syncs; at its request \(at), it edits: \(edit.rawValue) \(number)"
    case .clock(let device, let by): "the clock of device \(device) jumps by \(by) ms"
    case .faults(let chance): "the server misbehaves in \(chance) of 1000 requests"
    case .snapshot: "the server is backed up"
    case .rollback: "the server is set back to its backup"
    case .wipe: "the server loses everything"
    case .hide(let isOn): "the server's listings show " + (isOn ? "nothing" : "all again")
    case .lie(let lie, let device, let number):
      "the server lies to device \(device): \(lie.rawValue) (\(number))"
    case .address(let device): "device \(device) reaches its folder by another address"
    case .forget(let device): "device \(device) forgets its remote, which is added again"
    case .honest: "the server is honest again"
    case .stranger(let stranger, let number): "a machine \(stranger.rawValue) (\(number))"
    case .rot(let number): "a bit flips in the folder: \(number)"
    case .backup(let device): "device \(device) is backed up"
    case .restore(let device): "device \(device) is restored from its backup"
    case .clone(let device, let told):
      "device \(device) is copied to a new machine" + (told ? "" : " that looks the same")
    case .retire(let device, let other): "device \(device) retires device \(other)"
    case .lose(let device): "device \(device) is gone for good"
    case .rename(let device, let number): "device \(device) is called n\(number)"
    case .upgrade(let device): "device \(device) gets the new build"
    case .move(let device): "device \(device) changes its server"
    case .wrongPassphrase(let device): "device \(device) tries a wrong passphrase"
    case .rekey(let device): "device \(device) changes the passphrase"
    case .interleavedRekey(let a, let b, let rekeys, let at):
      "device \(a) changes the passphrase; device \(b) \(rekeys ? "does too" : "syncs") "
        + "at its request \(at)"
    case .repair(let device): "device \(device) repairs the folder"
    case .crashingRepair(let device, let moment): "device \(device) repairs and dies \(moment)"
    case .interleavedRepair(let a, let b, let at):
      "device \(a) repairs; device \(b) syncs at its request \(at)"
    case .look(let device): "device \(device) only looks"
    case .amid(let a, let deed, let b, let other, let at):
      "device \(a) \(deed.rawValue); at its request \(at), device \(b) \(other.rawValue)"
    case .vanish(let number): "a file is lost: \(number)"
    case .crashingRekey(let device, let moment):
      "device \(device) changes the passphrase and dies \(moment)"
    }
  }

  /// Whether a device may take a new id because of it.
  var changesIdentity: Bool {
    switch self {
    case .restore, .clone: true
    default: false
    }
  }
}

extension Step.Moment: CustomStringConvertible {
  /// The end of a sentence.
  package var description: String {
    switch self {
    case .request(let at): "at request \(at)"
    case .answer(let at): "at the answer to request \(at)"
    case .commit(let at): "at commit \(at)"
    }
  }
}
