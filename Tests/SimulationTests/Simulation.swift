import Changes
import Papers
import Store
import Sync
import TestSupport
import Transport

/// Runs a ``Script`` in one process, without threads, sockets or real time, and checks the promises.
final class Simulation {
  let script: Script
  let weaknesses: Set<Weakness>
  let server: SimServer
  var devices: [SimDevice] = []
  private(set) var failures: [String] = []
  /// FNV-1a over everything that was observed: equal for equal runs.
  private(set) var trace: UInt64 = 0xcbf2_9ce4_8422_2325
  private(set) var syncs = 0
  private(set) var faultsMet = 0
  private var snapshot: [RemoteName: [UInt8]] = [:]
  private var isDisaster = false
  /// Prints what happens.
  var isTold = false {
    didSet { server.keepsLog = isTold }
  }
  private var serial = 0
  private var excused = Set<String>()

  static let keys = KeyCache()

  init(_ script: Script, weaknesses: Set<Weakness> = []) {
    self.script = script
    self.weaknesses = weaknesses
    server = SimServer(seed: script.seed)
    server.lists = script.lists
  }

  /// Runs it; the promises that did not hold.
  func run() -> [String] {
    do {
      for index in 0..<script.devices { try addDevice(copying: nil, named: "m\(index)") }
      for step in script.steps { try perform(step) }
      try settle()
    } catch {
      failures.append("stopped by \(error)")
    }
    return failures
  }

  private func addDevice(copying original: Library?, named name: String) throws {
    let seed = script.seed &* 1_000_003 &+ UInt64(devices.count)
    devices.append(try SimDevice(name, seed: seed, copying: original))
  }

  // MARK: Steps

  private func perform(_ step: Step) throws {
    observe("\(step)")
    switch step {
    case .edit(let device, let edit, let number):
      serial += 1
      try devices[device].edit(edit, number, words: "edit \(serial)")
    case .sync(let device): attempt(device)
    case .crashingSync(let device, let at): crash(device, at)
    case .interleavedSync(let device, let other, let at):
      // Also two processes of one home.
      server.interruption = (at, { [self] in attempt(other) })
      attempt(device)
      server.interruption = nil
    case .clock(let device, let by): devices[device].jump(by)
    case .faults(let chance): server.faults = .all(chance / 4)
    case .snapshot: snapshot = server.files
    case .rollback:
      guard try isKnownToAll() else { return }
      isDisaster = true
      server.restore(snapshot)
    case .wipe:
      guard try isKnownToAll() else { return }
      isDisaster = true
      server.files = [:]
    case .backup(let device): try devices[device].takeBackup()
    case .restore(let device): excused.formUnion(try devices[device].restore())
    case .clone(let device, let told):
      guard devices.count < 6 else { return }
      try addDevice(copying: devices[device].library, named: "c\(devices.count)")
      if !told { devices[devices.count - 1].identity = devices[device].identity }
    case .retire(let device, let other):
      guard device != other else { return }
      let id = try devices[other].library.read { try $0.device() }
      _ = try devices[device].library.record("retire") { try $0.write([.retired(id, true)]) }
    }
  }

  /// A newcomer that finds an empty folder sets it up anew, and the others are told that it is another
  /// library's: the person decides. So the folder is only lost when everybody knows it.
  private func isKnownToAll() throws -> Bool { try devices.allSatisfy { try engine($0).hasJoined } }

  private func engine(_ device: SimDevice) throws -> SyncEngine {
    let engine = try SyncEngine(
      library: device.library, folder: SimFolder(server, caller: device.name), remote: "r",
      passphrase: script.encrypted ? Array("pass".utf8) : nil, identity: device.identity,
      surroundings: device.surroundings)
    engine.weaknesses = weaknesses
    engine.compactAt = 4
    engine.keyCache = Self.keys
    engine.newDerivation = { RemoteHeader.Derivation(n: 1 << 14, r: 8, p: 1, salt: $0) }
    return engine
  }

  /// A sync in the storm may fail; nothing may be lost by it.
  private func attempt(_ index: Int) {
    syncs += 1
    do {
      let report = try engine(devices[index]).sync()
      observe("\(report)")
    } catch {
      faultsMet += 1
      observe("\(error)")
    }
  }

  private func crash(_ index: Int, _ at: Int) {
    if at >= 0 {
      server.crashAfter = at
    } else {
      var left = -at
      devices[index].library.beforeCommit = {
        left -= 1
        if left <= 0 { throw SimServer.Crash() }
      }
    }
    attempt(index)
    server.crashAfter = nil
    devices[index].library.beforeCommit = nil
  }

  // MARK: The promises

  /// The storm is over: all sync, and everything that was promised is looked at.
  private func settle() throws {
    server.faults = SimServer.Faults()
    for _ in 0..<6 { for device in devices { observe("\(try calmSync(device))") } }
    // What only a device that is no more had sent: in every library, and sent by a repair.
    if isDisaster, devices.count > script.devices || script.steps.contains(where: \.changesIdentity)
    {
      for device in devices { _ = try engine(device).repair() }
      for device in devices + devices { _ = try engine(device).sync() }
    }
    try checkConvergence(devices, "after all have synced")
    try checkNothingLost()
    try checkQuiet()
    try checkTables()
    if isDisaster { _ = try engine(devices[0]).repair() }
    try addDevice(copying: nil, named: "late")
    for _ in 0..<2 { for device in devices { _ = try engine(device).sync() } }
    try checkConvergence(devices, "after another has joined")
  }

  /// A header that a dying newcomer tore is put back by whoever sends something next.
  private func calmSync(_ device: SimDevice) throws -> SyncReport {
    do {
      return try engine(device).sync()
    } catch SyncError.header(.damaged), SyncError.header(.notPapershelf) {
      guard let member = try devices.first(where: { try engine($0).hasJoined }) else {
        server.files = [:]
        return try engine(device).sync()
      }
      serial += 1
      try member.edit(.view, UInt64(serial) * 4 + 1, words: "edit \(serial)")
      _ = try engine(member).sync()
      return try engine(device).sync()
    }
  }

  private func checkConvergence(_ devices: [SimDevice], _ when: String) throws {
    let dumps = try devices.map { try $0.library.dump() }
    for (device, dump) in zip(devices, dumps).dropFirst() where dump != dumps[0] {
      let extra = Set(dump).subtracting(dumps[0]).sorted().prefix(3)
      let missing = Set(dumps[0]).subtracting(dump).sorted().prefix(3)
      failures.append(
        "\(when), \(device.name) differs from \(devices[0].name): has \(extra) lacks \(missing)")
    }
  }

  private func checkNothingLost() throws {
    let held = try SimDevice.changes(in: devices[0].library)
    for device in devices {
      for (words, changes) in device.acknowledged.sorted(by: { $0.key < $1.key })
      where !excused.contains(words) {
        let lost = changes.subtracting(held[words] ?? [])
        if !lost.isEmpty { failures.append("\(device.name) lost \(words): \(lost)") }
      }
    }
  }

  private func checkQuiet() throws {
    for device in devices {
      let before = server.files
      let report = try engine(device).sync()
      if server.files != before { failures.append("\(device.name) wrote with nothing new") }
      let known = try engine(device).knownDevices
      if report.requests > (server.lists ? 1 : 1 + known) {
        failures.append("\(device.name) made \(report.requests) requests with nothing new")
      }
    }
  }

  private func checkTables() throws {
    for device in devices {
      let problems = try device.library.problems()
      if !problems.isEmpty { failures.append("\(device.name): \(problems)") }
    }
  }

  private func observe(_ text: String) {
    if isTold {
      for line in server.log { print("    ", line) }
      server.log = []
      print(text)
    }
    for byte in text.utf8 { trace = (trace ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }
}
