import Changes
import Sealing
import Store
import Sync
import TestSupport
import Transport

/// What a sync says and does on the way must be true, not only what is there in the end.
extension Simulation {
  /// A report that warns of what cannot have happened, or keeps still about what has.
  func check(_ report: SyncReport, of device: SimDevice, _ vanished: Bool) {
    for notice in report.notices where !isPossible(notice) {
      failures.append("\(device.name) is told what is not so: \(notice)")
    }
    let isCalm =
      !(hadDisaster || hadFaults || hadCrash || hadTwins || hadRot
      || servers.contains(where: \.wasFoundedTwice)
      || hadLies || hadLiars || hadContention)
    for case .contradicted(let file, _, _) in report.problems where !hadLookalikes && !hadLiars {
      failures.append("\(device.name) is told that \(file) says otherwise")
    }
    for problem in report.problems where isCalm {
      switch problem {
      case .withheld, .gap, .unreadable(_, _, .damaged), .unreadable(_, _, .misplaced):
        failures.append("\(device.name) is told on a calm day: \(problem)")
      default: continue
      }
    }
    guard vanished, report.problems.isEmpty else { return }
    let isTold = report.notices.contains {
      switch $0 {
      case .rolledBack, .rewritten: true
      default: false
      }
    }
    if !isTold {
      failures.append("\(device.name) is not told that the server lost something")
      if self.isTold { tell("\(report)") }
    }
  }

  /// Whether a machine that changes the passphrase may have written over where another's log starts,
  /// which that one puts back when it syncs again (FORMAT.md, one limit where nothing is listed).
  private var mayMissStart: Bool { hadContention && !script.lists }

  private func isPossible(_ notice: SyncNotice) -> Bool {
    if hadLies || hadLiars { return true }
    return switch notice {
    case .listingHides: hadFaults || hadPoorListings
    case .sameFolder: hadAddresses
    case .crowd: false
    case .refilled: hadDisaster || hadFaults || hadTwins || hadRot || mayMissStart
    // Who reads while the passphrase is changed, and what stood under the one before removed, is
    // told once.
    case .rolledBack: hadDisaster || hadFaults || hadTwins || hadRot || hadContention
    case .newIdentity:
      // By another address a folder is known by what was written last, if that is whole.
      hadTwins || wasFoundedTwice
        || hadAddresses && (hadRot || hadDisaster || hadFaults || hadCrash)
    case .rewritten: hadTwins || wasFoundedTwice || servers.contains(where: \.wasFoundedTwice)
    case .clockAhead, .moreClocksAhead, .needsNewerVersion: hadOdd || !script.old.isEmpty
    case .rekeyed, .rekeyingLost: hadRekeys
    case .formerPassphrase: false
    case .waitedLong: isImpatient
    case .founded, .compacted, .foundingLost: true
    }
  }

  /// Whether the newest segment that this device applied of some other is gone from a server that
  /// lists, and nothing later is there: the server was set back.
  func vanishedPeers(of device: SimDevice, _ index: Int? = nil) throws -> Bool {
    let index = index ?? device.home
    let server = servers[index]
    guard hadDisaster, script.lists, !hadPoorListings, !hadLies, !hadAddresses,
      server.faults == SimServer.Faults(),
      server.crashAfter == nil,
      server.interruption == nil, device.library.beforeCommit == nil
    else { return false }
    let engine = try engine(device, index)
    let (own, retired) = (try device.id, try device.library.read { try $0.retiredDevices() })
    guard try engine.hasJoined else { return false }
    return try engine.appliedSegments.contains { peer, applied in
      guard peer != own, applied > 0, !retired.contains(peer) else { return false }
      return server.newestSegment(of: peer) < applied
    }
  }

  /// Whether old segments stay for nobody, as after sixty days: nothing is lost by that.
  var isImpatient: Bool { script.seed % 8 == 5 }

  /// A device removes only what every living one has applied that it knows of and does not hold for
  /// retired. (Machines that went back to a backup may have less than they said, and one that was
  /// made to forget the folder knows less than it has, as does one that repaired what was lost.)
  func watchDeletions() {
    for (index, server) in servers.enumerated() {
      server.willDelete = { [unowned self] name in
        tally.add("segments removed")
        guard !hadTwins, !isImpatient, !hadAddresses else { return }
        do { try checkDeletion(name, index) } catch { failures.append("stopped by \(error)") }
      }
    }
  }

  private func checkDeletion(_ name: RemoteName, _ index: Int) throws {
    let parts = name.text.split(separator: ".")
    guard parts.count == 2, let id = DeviceID(parts[0]), let number = UInt64(parts[1]),
      let owner = try devices.first(where: { try $0.id == id })
    else {
      failures.append("\(name) was removed")
      return
    }
    let known = try engine(owner, index).appliedSegments
    let retired = try owner.library.read { try $0.retiredDevices() }
    for other in living
    where other !== owner && !other.hasForgotten && !other.hasRepaired {
      let otherID = try other.id
      guard known[otherID] != nil, !retired.contains(otherID) else { continue }
      let applied = try engine(other, index).appliedSegments[id] ?? 0
      if applied < number {
        failures.append("\(owner.name) removed \(name), which \(other.name) has not applied")
      }
    }
  }
}

extension SimServer {
  /// The greatest number of a segment of a device.
  fileprivate func newestSegment(of device: DeviceID) -> UInt64 {
    let prefix = "\(device)."
    return files.keys.lazy.filter { $0.text.hasPrefix(prefix) }
      .compactMap { UInt64($0.text.dropFirst(prefix.utf8.count)) }.max() ?? 0
  }
}
