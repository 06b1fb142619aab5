import Transport

/// A remote folder in memory that really works, and misbehaves on demand: what a server holds, with
/// the switches of a hostile one. Every fault is drawn from one seeded generator, so a run repeats.
package final class SimServer {
  /// What it holds.
  package var files: [RemoteName: [UInt8]] = [:]
  /// Whether it lists, as WebDAV does and plain HTTP does not.
  package var lists = true
  /// Whether its listings show nothing of what is there.
  package var hidesAll = false
  /// What it answers where a listing is asked for; nil for one.
  package var listingFails: TransportError?
  /// Files that it shows and does not give.
  package var withheld = Set<RemoteName>()
  /// How many files its listings show at most, in an order of its own; nil for all. With an even
  /// number the header is always one of them.
  package var mostListed: Int?
  /// Whether its listings tell when a file was written.
  package var tellsVersions = false
  /// Whether it removes files.
  package var deletes = true
  /// What it does on purpose, to whom.
  package var lies: [Lying] = []
  /// How it misbehaves; nothing unless set.
  package var faults = Faults()
  /// Every request, in words, when kept.
  package var log: [String] = []
  /// Whether requests are kept in ``log``.
  package var keepsLog = false
  /// The caller dies at the request this counts down to: see ``Crash``.
  package var crashAfter: Int?
  /// Whether it dies only when that request was done, before its answer.
  package var crashesAtAnswer = false
  /// Called before a file is removed.
  package var willDelete: (RemoteName) -> Void = { _ in }
  /// Called when something was written to a file, whole or in part.
  package var didWrite: (RemoteName, [UInt8]) -> Void = { _, _ in }
  /// Writes and removals that came through, whole or in part; not what arrives a second time.
  package private(set) var writes = 0
  /// How often each fault struck.
  package private(set) var struck: [Fault: Int] = [:]
  /// Something that happens, once, before the request this counts down to: another device's sync.
  package var interruption: (after: Int, body: () -> Void)?

  private var generator: SeededGenerator
  private var history: [RemoteName: [[UInt8]]] = [:]
  /// Every header that ever stood here, or was shown, also before the folder was wiped or set back.
  package internal(set) var headers = Set<[UInt8]>()
  /// What each file was last meant to be, whatever became of it.
  package private(set) var meant: [RemoteName: [UInt8]] = [:]
  /// Files of which an older state was shown than stood there.
  package private(set) var shownOld = Set<RemoteName>()
  /// Files of which a bit flipped, and that nobody has written since.
  package private(set) var rotted = Set<RemoteName>()
  private var versions: [RemoteName: Int64] = [:]
  /// Who wrote each file last.
  var writers: [RemoteName: String] = [:]
  private var late: [(name: RemoteName, bytes: [UInt8])] = []

  /// A kind of misbehaviour.
  package enum Fault: String, CaseIterable, Sendable {
    case staleRead, tornRead, lostWrite, storedError, tornWrite, lateWrite, failure, cutListing
    case loginPage, lostDelete
  }

  /// The chance of each fault, in thousandths of requests.
  package struct Faults: Sendable, Hashable {
    /// An older version, or nothing, is read.
    package var staleRead = 0
    /// A beginning of the file is read, or a mix of two versions.
    package var tornRead = 0
    /// A write is answered with success and not stored.
    package var lostWrite = 0
    /// A write is answered with an error and stored.
    package var storedError = 0
    /// A write is answered with an error; a beginning of it is stored.
    package var tornWrite = 0
    /// A write arrives a second time, later.
    package var lateWrite = 0
    /// A removal is answered with success and not done, or done and answered with an error.
    package var lostDelete = 0
    /// Any request fails.
    package var failure = 0
    /// A listing leaves some files out.
    package var cutListing = 0
    /// A login page comes with status 200.
    package var loginPage = 0

    /// None.
    package init() {}

    /// All of them, each this often.
    package static func all(_ chance: Int) -> Faults {
      var faults = Faults()
      faults.staleRead = chance
      faults.tornRead = chance
      faults.lostWrite = chance
      faults.storedError = chance
      faults.tornWrite = chance
      faults.lateWrite = chance
      faults.lostDelete = chance
      faults.failure = chance
      faults.cutListing = chance
      faults.loginPage = chance
      return faults
    }
  }

  /// The process using the folder dies here.
  package struct Crash: Error {
    /// It is as it is.
    package init() {}
  }

  /// An empty server.
  package init(seed: UInt64 = 0) { generator = SeededGenerator(seed: seed) }

  /// Puts the folder back to an earlier state.
  package func restore(_ earlier: [RemoteName: [UInt8]]) { files = earlier }

  /// Begins as a folder that another build set up.
  package func begin(withHeader bytes: [UInt8]) {
    guard let name = RemoteName("papershelf") else { return }
    (files[name], meant[name]) = (bytes, bytes)
    headers.insert(bytes)
  }

  /// Loses one of its files.
  package func lose(_ number: UInt64) {
    let names = files.keys.sorted()
    guard !names.isEmpty else { return }
    files[names[Int(number % UInt64(names.count))]] = nil
  }

  /// Flips a bit of one of its files; an odd number leaves what tells of its writing as it is.
  package func rot(_ number: UInt64) {
    let names = files.keys.sorted()
    guard !names.isEmpty else { return }
    let name = names[Int(number / 2 % UInt64(names.count))]
    guard let bytes = files[name], !bytes.isEmpty else { return }
    let bit = number / 2 % UInt64(bytes.count * 8)
    files[name]?[Int(bit / 8)] ^= 1 << UInt8(bit % 8)
    rotted.insert(name)
    if number.isMultiple(of: 2) { versions[name, default: 0] += 1 }
  }

  fileprivate func strikes(_ fault: Fault, _ chance: Int) -> Bool {
    guard chance > 0, Int.random(in: 0..<1000, using: &generator) < chance else { return false }
    struck[fault, default: 0] += 1
    return true
  }

  fileprivate func list() -> [ListedFile] {
    if hidesAll { return [] }
    var all = files.map {
      ListedFile(
        name: $0.key, size: $0.value.count, version: tellsVersions ? versions[$0.key] ?? 0 : nil)
    }
    .sorted { $0.name < $1.name }
    if strikes(.cutListing, faults.cutListing) {
      all = all.filter { _ in Bool.random(using: &generator) }
    }
    if let mostListed {
      let places = all.map { (Self.place(of: $0, mostListed), $0) }.sorted { $0.0 < $1.0 }
      all = places.prefix(mostListed).map(\.1)
    }
    return all
  }

  /// Where it shows a file: neither by name nor by age, and the same each time.
  private static func place(of file: ListedFile, _ most: Int) -> UInt64 {
    if most.isMultiple(of: 2), file.name.text == "papershelf" { return 0 }
    return file.name.text.utf8.reduce(0xCBF2_9CE4_8422_2325) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
  }

  fileprivate func read(_ name: RemoteName) -> ReadOutcome {
    if withheld.contains(name) { return .missing }
    if strikes(.loginPage, faults.loginPage) { return .found(Array("<html>Please sign in".utf8)) }
    if strikes(.staleRead, faults.staleRead) {
      guard let older = history[name]?.randomElement(using: &generator) else { return .missing }
      if older != files[name] { shownOld.insert(name) }
      return .found(older)
    }
    guard let bytes = files[name] else { return .missing }
    guard !bytes.isEmpty, strikes(.tornRead, faults.tornRead) else { return .found(bytes) }
    let cut = Int.random(in: 0..<bytes.count, using: &generator)
    let older = history[name]?.last?.dropFirst(cut) ?? []
    return .found(Array(bytes[..<cut]) + (Bool.random(using: &generator) ? older : []))
  }

  /// What a file was before it was written the last time.
  func before(_ name: RemoteName) -> [UInt8]? { history[name]?.last }

  /// Returns whether the write is answered with success.
  fileprivate func write(_ name: RemoteName, _ bytes: [UInt8]) -> Bool {
    meant[name] = bytes
    if strikes(.lostWrite, faults.lostWrite) { return true }
    if strikes(.tornWrite, faults.tornWrite) {
      store(name, Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))
      return Bool.random(using: &generator)
    }
    store(name, bytes)
    if strikes(.lateWrite, faults.lateWrite) { late.append((name, bytes)) }
    return !strikes(.storedError, faults.storedError)
  }

  /// Returns whether the removal is answered with success.
  fileprivate func remove(_ name: RemoteName) -> Bool {
    guard strikes(.lostDelete, faults.lostDelete) else {
      store(name, nil)
      return true
    }
    if Bool.random(using: &generator) { return true }
    store(name, nil)
    return false
  }

  /// Something arrives that was sent before.
  fileprivate func deliverLate() {
    guard !late.isEmpty, Int.random(in: 0..<4, using: &generator) == 0 else { return }
    let (name, bytes) = late.removeFirst()
    store(name, bytes)
    writes -= 1
  }

  /// Nothing is on its way any more.
  package func forgetLate() { late = [] }

  private func store(_ name: RemoteName, _ bytes: [UInt8]?) {
    writes += 1
    if let before = files[name] { history[name, default: []].append(before) }
    files[name] = bytes
    versions[name, default: 0] += 1
    rotted.remove(name)
    guard let bytes else { return }
    if name.text == "papershelf" { headers.insert(bytes) }
    didWrite(name, bytes)
  }
}

/// One device's view of a ``SimServer``.
package final class SimFolder: RemoteFolder {
  /// The server.
  package let server: SimServer
  /// Who is calling, for the log.
  package let caller: String
  /// What crossed the wire.
  package private(set) var traffic = Traffic()
  /// Set when a crash was due: every later request fails too, as those of a dead process do.
  package private(set) var isDead = false
  private var isDying = false

  /// A view for one caller.
  package init(_ server: SimServer, caller: String = "") {
    self.server = server
    self.caller = caller
  }

  private func begin(_ method: String, _ name: String) throws(TransportError) {
    traffic.requests += 1
    server.interruptIfDue()
    server.deliverLate()
    if server.keepsLog { server.log.append("\(caller) \(method) \(name)") }
    if let left = server.crashAfter {
      isDying = left == 0
      if isDying, !server.crashesAtAnswer { isDead = true }
      if left < 0 { isDead = true }
      server.crashAfter = left - 1
    }
    if isDead { throw Self.failure(method, name) }
    if server.strikes(.failure, server.faults.failure) { throw Self.failure(method, name) }
  }

  /// What a file takes in the listing of a WebDAV server.
  package static let bytesListed = 350

  private static func failure(_ method: String, _ name: String) -> TransportError {
    TransportError(
      kind: .unreachable, method: method, url: "sim:/\(name)", detail: "no answer")
  }

  private func end(_ method: String, _ name: String) throws(TransportError) {
    guard isDying, server.crashesAtAnswer else { return }
    isDead = true
    throw Self.failure(method, name)
  }

  /// See ``RemoteFolder``.
  package func list() throws(TransportError) -> Listing {
    guard server.lists else { return .unsupported }
    try begin("LIST", "")
    if let error = server.listingFails { throw error }
    let files = server.told(server.list(), to: caller)
    try end("LIST", "")
    traffic.bytesReceived += files.count * Self.bytesListed
    return .files(files)
  }

  /// See ``RemoteFolder``.
  package func read(
    _ names: [RemoteName], limit: Int
  ) -> [Result<ReadOutcome, TransportError>] {
    names.map { name in
      do throws(TransportError) {
        try begin("GET", name.text)
        let outcome = server.told(server.read(name), of: name, to: caller)
        server.tellLog(name, outcome)
        try end("GET", name.text)
        if case .found(let bytes) = outcome {
          guard bytes.count <= limit else {
            throw TransportError(
              kind: .garbled, method: "GET", url: "sim:/\(name)", detail: "too long")
          }
          traffic.bytesReceived += bytes.count
        }
        return .success(outcome)
      } catch {
        return .failure(error)
      }
    }
  }

  /// See ``RemoteFolder``.
  package func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    do {
      try begin("PUT", name.text)
    } catch {
      // A process that dies while it writes leaves a beginning of it, or all, or nothing.
      if isDead, isDying {
        server.writers[name] = caller
        server.leave(name, bytes)
      }
      throw error
    }
    traffic.bytesSent += bytes.count
    server.tellLog(name, .found(bytes))
    server.writers[name] = caller
    let isAnsweredWell = server.write(name, bytes)
    try end("PUT", name.text)
    if !isAnsweredWell {
      throw TransportError(
        kind: .busy, method: "PUT", url: "sim:/\(name)", status: 503, detail: "try later")
    }
  }

  /// See ``RemoteFolder``.
  package func delete(_ name: RemoteName) throws(TransportError) {
    try begin("DELETE", name.text)
    guard server.deletes else {
      throw TransportError(
        kind: .readOnly, method: "DELETE", url: "sim:/\(name)", status: 405, detail: "not allowed")
    }
    server.willDelete(name)
    let isAnsweredWell = server.remove(name)
    try end("DELETE", name.text)
    if !isAnsweredWell {
      throw TransportError(
        kind: .busy, method: "DELETE", url: "sim:/\(name)", status: 503, detail: "try later")
    }
  }
}

extension SimServer {
  /// Adds to the last request what came or went with it, whole where it is plain text.
  fileprivate func tellLog(_ name: RemoteName, _ outcome: ReadOutcome) {
    guard keepsLog, !log.isEmpty else { return }
    switch outcome {
    case .missing: log[log.count - 1] += ": missing"
    case .found(let bytes) where ["papershelf", "peers"].contains(name.text):
      let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      log[log.count - 1] += ": " + lines.joined(separator: " | ")
    case .found(let bytes): log[log.count - 1] += ": \(bytes.count) bytes"
    }
  }

  fileprivate func interruptIfDue() {
    guard let due = interruption else { return }
    interruption = due.after > 0 ? (due.after - 1, due.body) : nil
    if due.after <= 0 { due.body() }
  }

  /// What a write leaves when its sender dies in the middle of it.
  fileprivate func leave(_ name: RemoteName, _ bytes: [UInt8]) {
    meant[name] = bytes
    switch UInt64.random(in: 0..<3, using: &generator) {
    case 0: return
    case 1: store(name, bytes)
    default: store(name, Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator))))
    }
  }
}
