import Changes
import Papers
import Sealing
import Store
import Sync
import TestSupport
import Transport

/// The storm is over: all sync until nothing moves, and everything that was promised is looked at.
extension Simulation {
  func settle() throws {
    for server in servers {
      server.faults = SimServer.Faults()
      server.forgetLate()
      server.hidesAll = false
      server.mostListed = nil
      server.lies = []
    }
    for device in living { try upgrade(device) }
    for device in devices where device.isGone { try forgive(device) }
    // What is sealed under the passphrase before can only they send who have it: who was not shown
    // it when they changed the passphrase, or is gone amid that, does not.
    let isUnshown =
      hadRekeys && (hadLies || hadFaults || hadRot || hadDisaster || hadContention)
    if isUnshown || devices.contains(where: { $0.isGone && $0.isRekeying }) {
      tally.add("machines gone with what stands under another passphrase")
      for device in devices where device.isGone { device.takeBackDelivery() }
    }
    if try areLookalikesOne() { return }
    // What only a device that is no more had sent: in every library, and sent by a repair. Until
    // then each sync looks for it.
    wasFoundedTwice = servers.contains(where: \.wasFoundedTwice)
    try syncUntilQuiet("after the storm", isWhole: !needsRepair && !wasFoundedTwice)
    // Who had nothing to send hears of another passphrase when it has.
    let isUnheard = hadLies || hadFaults || hadCrash || hadRot || hadDisaster || hadContention
    if wasFoundedTwice || hadRekeys && isUnheard {
      try meetAgain()
    }
    if needsRepair {
      guard try repair(living) else { return }
      try syncUntilQuiet("after a repair")
    }
    // A folder whose header nobody knew was emptied just now.
    if try areLookalikesOne() { return }
    try checkConvergence(living, "after all have synced")
    try checkContents()
    if isSampled(8) { try checkTables() }
    if script.encrypted, !script.reseals { checkSealed() }
    if isSampled(4) { try checkVerifying() }
    if isSampled(4) { try checkRestoring() }
    if isSampled(8) { try joinLate() }
    for line in try living[0].library.dump() { observe(line) }
  }

  private func areLookalikesOne() throws -> Bool {
    guard hadDisaster || hadFaults || hadRot || hadLies, hadLookalikes,
      try didLookalikesCollide()
    else {
      return false
    }
    tally.add("copies that nothing told apart")
    return true
  }

  /// Where nothing is listed only `peers` names a machine. One that another dropped from it, who
  /// was shown an old copy, puts its name back; one that is gone before it could cannot be found by
  /// anybody.
  private func forgive(_ device: SimDevice) throws {
    if try hasTornSegment(device) {
      tally.add("machines gone with a torn segment")
      device.takeBackDelivery()
    }
    // Somebody with the key wrote over what it had sent, or behind it.
    if try impersonated.contains(device.id) { device.takeBackDelivery() }
    // Or the name was damaged there, and the list tells a machine that never was.
    let isLost = device.wasWarned || hadFaults || hadRot || hadLies
    guard !script.lists || hadPoorListings, isLost, let name = RemoteName("peers")
    else {
      return
    }
    let id = try device.id
    // What it had sent stands on one server or the other.
    let isNamed = servers.allSatisfy { server in
      server.files[name].flatMap { try? PeerList($0) }?.devices.contains(id) == true
        || !server.files.keys.contains { $0.text.hasPrefix("\(id).") }
    }
    guard !isNamed else { return }
    tally.add("machines gone without a name")
    device.takeBackDelivery()
  }

  /// A segment that was whole once and was written again, because it was shown torn, may be torn by
  /// that. Its writer knows, and tells of a failed sync, or reads back what stood there before and
  /// believes it; then only its next sync can mend it.
  private func hasTornSegment(_ device: SimDevice) throws -> Bool {
    let id = try device.id.description
    for (index, server) in servers.enumerated() {
      let newest = try engine(device, index).newestSegment
      for (name, bytes) in server.files where server.meant[name] != bytes {
        let parts = name.text.split(separator: ".")
        // By another name of the folder it had sent nothing yet, and one that was made to forget it
        // does not know what it had sent.
        guard parts[0] == id, let number = parts.last.flatMap({ UInt64($0) }),
          number <= newest || hadAddresses || device.hasForgotten,
          device.wasWarned || server.shownOld.contains(name) || server.rotted.contains(name)
        else { continue }
        return true
      }
    }
    return false
  }

  /// Two copies that look the same, down to the millisecond, each wrote an edit under one stamp,
  /// and the server lost what would have told the one of the other before it looked, or did not
  /// show it: here nobody can know.
  private func didLookalikesCollide() throws -> Bool {
    var known: [Stamp: Written] = [:]
    for device in devices {
      for (_, change) in try device.library.changes(after: 0, limit: .max) {
        let written = Written(change)
        if let other = known.updateValue(written, forKey: change.stamp), other != written {
          return true
        }
      }
    }
    return false
  }

  /// Whether a segment stands torn whose writer is gone: who read it before has it, and nobody else.
  private var hasTornOfTheGone: Bool {
    let gone = Set(devices.filter(\.isGone).compactMap { try? $0.id.description })
    return servers.contains { server in
      server.files.contains { name, bytes in
        let parts = name.text.split(separator: ".")
        return gone.contains(String(parts[0])) && parts.last.flatMap { UInt64($0) } != nil
          && server.meant[name] != bytes
      }
    }
  }

  /// Whether a segment says to be of a newer format, and is damaged elsewhere too: nobody can tell
  /// it from one that is, so it is not complained of.
  private var hasOtherFormat: Bool {
    servers.contains { server in
      server.files.contains { name, bytes in
        let meant = server.meant[name] ?? bytes
        return meant.dropFirst(8).prefix(4) != bytes.dropFirst(8).prefix(4)
      }
    }
  }

  private var needsRepair: Bool {
    // Who lies is nobody: what it wrote no one sends again.
    let isAnyGone = living.count < devices.count || hadLiars
    // Who believed another start of its log than there is reads it whole by a repair only.
    if !impersonated.isEmpty { return true }
    // Without a listing nobody sees that a segment is there which somebody says to cover.
    if hadLiars, !script.lists || hadPoorListings { return true }
    // In a crowd nobody is asked to mend what cannot be read of who is nobody yet.
    if hadCrowd, hadRot { return true }
    // What only another took in before its file was torn, and whose writer went back since.
    if hadFaults, hadRestores || hasTornOfTheGone { return true }
    if hadRot, hasOtherFormat { return true }
    // What only another has of a machine that is gone, or has moved, stands under the passphrase
    // before.
    if hadRekeys, isAnyGone || servers.count > 1 { return true }
    return (hadDisaster || hadRot || hadLies) && (hadTwins || isAnyGone || servers.count > 1)
  }

  /// What is dear is looked at in one of so many lives, chosen by the seed.
  private func isSampled(_ share: UInt64) -> Bool {
    isThorough || (script.seed &* 0x9E37_79B9_7F4A_7C15) >> 32 % share == 0
  }

  /// The servers a device syncs with in the end: its own; the first one, that knows both, brings
  /// them together.
  func route(_ device: SimDevice) -> [Int] {
    device === living[0] ? Array(servers.indices) : [device.home]
  }

  private func syncUntilQuiet(_ when: String, isWhole: Bool = true) throws {
    var (quiet, loudBefore) = (0, false)
    // What is complained of differs a little where a listing tells of it, which is asked for ever
    // more seldom.
    for _ in 0..<(hadCrowd ? 36 : 18) * (hadPoorListings || hadLies ? 3 : 1) {
      let before = servers.map(\.writes)
      var hasMoved = false
      var costs: [(name: String, requests: Int, fair: Int)] = []
      var torn = 0
      for device in living {
        for server in route(device) {
          let report = try calmSync(device, server)
          // Of a crowd it says when it has not asked everybody yet.
          let isDone = !report.notices.contains { if case .crowd = $0 { true } else { false } }
          hasMoved = hasMoved || report.pulled > 0 || report.pushed > 0 || !isDone
          torn = max(torn, report.problems.count)
          costs.append((device.name, report.requests, try quietCost(device, server)))
        }
      }
      // A server without listings is asked for one thing one time, for another the next. One whose
      // listing was not worth asking for is asked for it again, and what only that shows comes then.
      // Of a crowd everybody is asked again in turn.
      let isPoor = try living.contains { device in
        try route(device).contains { try engine(device, $0).isListingPoor }
      }
      let rounds =
        isPoor ? SyncEngine.mostUnlisted + 1 : hadCrowd ? 12 : !script.lists ? 2 : hadLies ? 5 : 1
      quiet = !hasMoved && servers.map(\.writes) == before ? quiet + 1 : 0
      guard quiet >= rounds else { continue }
      // A torn file that nobody mends is asked for each time, with its writer's head, and told; its
      // writer, if it is back from a backup and knows nothing of it, looks at its log. So are the
      // files of a machine that is gone that stand under a header that is no more.
      // What a machine that lies says is looked into, as far as there is a bound.
      // So is what a machine that is gone left under another passphrase, with the header and as
      // many numbers before it as are passed over; without a word where its changes stand elsewhere.
      // A torn file may be one of several of a run, all of which are asked for.
      let more =
        (hadRekeys
          ? 16 * max(1, torn) : (wasFoundedTwice ? 5 : script.hasSmallSegments ? 9 : 3) * torn)
        + (hadLiars || hadLies ? Self.mostForLiars : 0)
      let loud = costs.filter { $0.requests > $0.fair + more }
      // What a crash cut off is finished once: only who asks again and again is too loud.
      if isWhole, !loud.isEmpty, !loudBefore {
        loudBefore = true
        continue
      }
      if isWhole {
        failures += loud.map { "\($0.name) made \($0.requests) requests with nothing new" }
      }
      return
    }
    // Two copies under one id, that have sent nothing, write one head in turn where they complain of
    // different things.
    let ids = try Set(living.map { try $0.id })
    if ids.count < living.count, hadRot || hadLiars || hadDisaster {
      return tally.add("copies that write one head in turn")
    }
    failures.append("\(when), it does not come to rest")
  }

  /// So many requests more a quiet sync may make where somebody lies: eight for each of 64 strangers.
  private static let mostForLiars = 512

  /// Two machines set up one folder and one header was lost: who had nothing more to send is not
  /// seen by the other before the next edit.
  private func meetAgain() throws {
    if wasFoundedTwice { tally.add("folders set up twice") }
    for device in living {
      try act(device) { words in
        try person(device, words).say("again \(device.acknowledged.count)")
      }
    }
    try syncUntilQuiet("after a folder was set up twice", isWhole: false)
  }

  /// The requests of a sync with nothing new: one a listing; else one a known device, and one.
  private func quietCost(_ device: SimDevice, _ server: Int) throws -> Int {
    let (peers, holes) = try device.library.memory { memory in
      // By whatever name the folder is remembered.
      let remote = remote(of: device, server)
      let all = try memory.all(prefix: try memory.value(remote + "/same") ?? remote)
      // Segments that were passed over and may be there are asked for, eight of a device.
      let holes = all.filter { $0.name.utf8.hold("/hole/") }
        .map { min(8, PlaceSet($0.value).count) }
      return (all.count { $0.name.utf8.hold("/peer/") }, holes.reduce(0, +))
    }
    // A damaged head that complains is asked for until its machine, which may be elsewhere, mends it.
    let heads = servers[server].files.count { name, bytes in
      name.text.hasSuffix(".head") && servers[server].meant[name] != bytes
    }
    let fair = script.lists && !hadPoorListings ? 1 + heads : (hadPoorListings ? 2 : 1) + peers
    // Of a run that is damaged what comes before the damage is asked for twice.
    // What a listing shows of a run that was begun is read once, until it shows more.
    let begun = script.lists && !hadPoorListings ? 0 : servers[server].unfinished
    return fair + (script.hasSmallSegments ? 2 : 1) * holes + begun
  }

  /// A header that a dying newcomer tore is put back by whoever sends something next.
  private func calmSync(_ device: SimDevice, _ server: Int) throws -> SyncReport {
    tally.add("syncs")
    do {
      return try joiningAnew(device, server)
    } catch SyncError.header(.damaged), SyncError.header(.notPapershelf),
      SyncError.header(.webPage), SyncError.header(.forged), SyncError.header(.newerFormat(_))
    {
      for member in try living.filter({ try engine($0, server).hasJoined }) {
        try act(member) { words in
          try person(member, words).say("header \(member.acknowledged.count)")
        }
        // Who wrote nothing yet cannot tell whose header was torn, and one that was met damaged may
        // look like that of an earlier build: then another machine puts it back.
        do {
          _ = try calmly(member, server)
          return try joiningAnew(device, server)
        } catch SyncError.header { continue }
      }
      // Its only machine is gone, and it put the header back just then: the person empties the
      // folder.
      tally.add("headers that nobody knew")
      hadDisaster = true
      servers[server].files = [:]
      return try calmly(device, server)
    }
  }

  private func joiningAnew(_ device: SimDevice, _ server: Int) throws -> SyncReport {
    do {
      return try calmly(device, server)
    } catch SyncError.header(.otherLibrary)
      where servers[server].wasFoundedTwice || hadLies
    {
      // The person decides: this machine joins anew. Nothing of its own is lost by that. It may
      // have come to that just now: a machine that went back to before it joined found an empty
      // folder.
      wasFoundedTwice = true
      tally.add("machines that joined anew")
      try SyncEngine.forget(remote(of: device, server), in: device.library)
      return try calmly(device, server)
    }
  }

  private func calmly(_ device: SimDevice, _ server: Int) throws -> SyncReport {
    let vanished = try vanishedPeers(of: device, server)
    let (report, isOther) = try deciding(device, server) { try $0.sync() }
    observe(report)
    check(report, of: device, vanished && !isOther)
    return report
  }

  // MARK: What must hold

  private func checkConvergence(_ devices: [SimDevice], _ when: String) throws {
    let dumps = try devices.map { try $0.library.dump().map { ByteText($0) } }
    for (device, dump) in zip(devices, dumps).dropFirst() where dump != dumps[0] {
      let extra = Set(dump).subtracting(dumps[0]).sorted().prefix(3)
      let missing = Set(dumps[0]).subtracting(dump).sorted().prefix(3)
      failures.append(
        "\(when), \(device.name) differs from \(devices[0].name): has \(extra) lacks \(missing)")
    }
  }

  /// Nothing acknowledged is lost; the journal holds what lost, and notes hold all that was
  /// written.
  private func checkContents() throws {
    let library = living[0].library
    let all = try library.changes(after: 0, limit: .max).map(\.change)
    let held = Set(all.lazy.filter { Written.isWatched($0) }.map(Written.init))
    for device in devices {
      for written in device.promised(isDisaster: hadDisaster || wasFoundedTwice)
      where !held.contains(written) {
        // The only copy may be what the folder lost, or a bit of it; or stand under a passphrase that
        // was about to be changed.
        if hadDisaster || hadRot || hadContention, device.atRisk.contains(written) { continue }
        failures.append("\(device.name) lost \(written)")
      }
    }
    let conflicts = try library.read { try $0.conflicts() }.filter { !$0.isNote }
    let stamps = Set(conflicts.map(\.stamp))
    let journal = Set(all.lazy.filter { stamps.contains($0.stamp) }.map(Written.init))
    tally.add("journalled edits", journal.count)
    // Who went back says anew what a damaged segment held, by another stamp: others had seen the
    // first one.
    let isSaidAnew = hadRot && hadTwins
    failures += model.journalProblems(all, journal: journal).filter {
      !isSaidAnew || !$0.hasPrefix(EditModel.needless)
    }
    failures += model.noteProblems(all)
  }

  /// A check of every byte finds nothing where a sync tells of nothing, but for hints that are
  /// damaged, on which nobody relies, bits that flipped in what all have read, and what stands
  /// under a header before.
  private func checkVerifying() throws {
    guard !hadRot, !hadLiars else { return }
    // Without a listing nobody sees that one is gone which all have read.
    guard !hadLosses || script.lists && !hadPoorListings else { return }
    for device in living {
      for server in route(device) where try calmSync(device, server).problems.isEmpty {
        tally.add("folders verified in the end")
        let found = try knowingPassphrase(device, server) { try $0.verify() }
        let problems = found.problems.filter { problem in
          switch problem {
          case .hint: false
          case .unreadable(_, _, .otherKey), .unreadable(_, _, .otherLibrary):
            !(hadRekeys || wasFoundedTwice)
          default: true
          }
        }
        guard !problems.isEmpty || found.absent + found.unsent > 0 else { continue }
        failures.append("\(device.name) syncs well, and finds \(found)")
        if isTold { tell("\(found)") }
      }
    }
  }

  private func checkTables() throws {
    tally.add("tables compared with the log", living.count)
    for device in living {
      let problems = try device.library.problemsOfTheFold()
      if !problems.isEmpty { failures.append("\(device.name): \(problems)") }
    }
  }

  /// Nothing in a sealed folder can be read: not a name, not a word, not what a file says in clear.
  private func checkSealed() {
    tally.add("sealed folders read")
    let words =
      ["\"newest\"", "status", "middle", "2509.", "note:", "again ", "starred"]
      + devices.map(\.name)
    for (name, bytes) in servers.flatMap(\.files) where name.text.contains(".") {
      // One of four bytes stands by chance in a sealed head of two million.
      for word in words where word.utf8.count > 4 && bytes.hold(word) {
        failures.append("\(name) holds \(word) in clear")
      }
      if bytes.count > 96, Array(bytes[76..<84]) == [UInt8](repeating: 0, count: 8) {
        failures.append("\(name) is not sealed")
      }
    }
  }

  /// What lost can be made to hold again, everywhere.
  private func checkRestoring() throws {
    let device = living[living.count - 1]
    guard let lost = try device.library.read({ try $0.conflicts() }).first(where: { !$0.isNote })
    else { return }
    tally.add("conflicts restored in the end")
    try act(device) { _ in
      try device.library.restore(lost)
      return []
    }
    try syncUntilQuiet("after a restored conflict")
    try checkConvergence(living, "after a restored conflict")
    for device in living {
      let register = try device.library.changes(of: lost.entity).filter { $0.name == lost.name }
      let holds = register.max { $0.stamp < $1.stamp }?.value
      let left = try device.library.read { try $0.conflicts() }.contains { $0.stamp == lost.stamp }
      if !holds.hasBytes(of: lost.lost) || left {
        failures.append("\(device.name) does not hold what was restored: \(lost)")
      }
    }
  }

  /// Has these repair every folder.
  /// - Returns: false where one is no folder for anybody any more.
  private func repair(_ devices: [SimDevice]) throws -> Bool {
    do {
      for device in devices {
        for server in route(device) { _ = try deciding(device, server) { try $0.repair() } }
      }
      return true
    } catch SyncError.header(.notPapershelf) where hadRot && hadLies,
      SyncError.header(.webPage) where hadRot && hadLies
    {
      // What stands there is damaged, and what was believed in its place was a lie: nothing tells
      // that it is this folder.
      tally.add("folders of a header that was a lie, damaged")
      return false
    }
  }

  private func joinLate() throws {
    if hadDisaster || hadRot || hadLies || wasFoundedTwice {
      guard try repair([living[0]]) else { return }
    }
    tally.add("late newcomers")
    try add(newDevice("late", understanding))
    // Who is told of nothing missing lacks nothing.
    if servers.count == 1, let late = living.last {
      let report = try calmSync(late, 0)
      let isCrowded = report.notices.contains {
        if case .crowd = $0 { true } else { false }
      }
      if report.problems.isEmpty, !isCrowded {
        try checkConvergence([living[0], late], "a newcomer that is told of nothing missing")
      } else {
        tally.add("newcomers told of something missing")
      }
    }
    try syncUntilQuiet("after another has joined")
    try checkConvergence(living, "after another has joined")
  }
}

extension SimServer {
  /// What it costs to look at runs that nobody goes on with: their machines are gone.
  fileprivate var unfinished: Int {
    var ends: [Substring: (number: UInt64, part: Int, parts: Int)] = [:]
    for (name, bytes) in files where bytes.count > 40 {
      let words = name.text.split(separator: ".")
      guard words.count == 2, let number = UInt64(words[1]), number >= ends[words[0]]?.number ?? 0
      else { continue }
      // Where a sealed file says which part of how many it is (FORMAT.md).
      let (part, parts) = (
        Int(bytes[36]) << 8 + Int(bytes[37]), Int(bytes[38]) << 8 + Int(bytes[39])
      )
      ends[words[0]] = (number, part, parts)
    }
    return ends.values.reduce(0) { $0 + ($1.part + 1 < $1.parts ? 2 * $1.part + 4 : 0) }
  }

  /// Whether headers of different libraries stood in the folder.
  var wasFoundedTwice: Bool {
    Set(headers.compactMap { try? RemoteHeader($0).library }).count > 1
  }
}

extension Sequence<UInt8> {
  /// Whether these bytes stand somewhere in it. `String.contains` was a fifteenth of a life.
  fileprivate func hold(_ word: String) -> Bool {
    withContiguousStorageIfAvailable { bytes in
      var word = word
      return word.withUTF8 { word in
        bytes.indices.dropLast(word.count - 1).contains { start in
          bytes[start] == word[0] && bytes[start...].starts(with: word)
        }
      }
    } ?? Array(self).hold(word)
  }
}
