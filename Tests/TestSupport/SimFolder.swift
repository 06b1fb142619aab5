import Transport

/// A remote folder in memory that really works, and misbehaves on demand: what a server holds, with
/// the switches of a hostile one. Every fault is drawn from one seeded generator, so a run repeats.
public final class SimServer {
  /// What it holds.
  public var files: [RemoteName: [UInt8]] = [:]
  /// Whether it lists, as WebDAV does and plain HTTP does not.
  public var lists = true
  /// Whether it removes files.
  public var deletes = true
  /// How it misbehaves; nothing unless set.
  public var faults = Faults()
  /// Every request, in words, when kept.
  public var log: [String] = []
  /// Whether requests are kept in ``log``.
  public var keepsLog = false
  /// The caller dies at the request this counts down to: see ``Crash``.
  public var crashAfter: Int?
  /// Whether it dies only when that request was done, before its answer.
  public var crashesAtAnswer = false
  /// Called before a file is removed.
  public var willDelete: (RemoteName) -> Void = { _ in }
  /// Called when something was written to a file, whole or in part.
  public var didWrite: (RemoteName, [UInt8]) -> Void = { _, _ in }
  /// Writes and removals that came through, whole or in part; not what arrives a second time.
  public private(set) var writes = 0
  /// How often each fault struck.
  public private(set) var struck: [Fault: Int] = [:]
  /// Something that happens, once, before the request this counts down to: another device's sync.
  public var interruption: (after: Int, body: () -> Void)?

  private var generator: SeededGenerator
  private var history: [RemoteName: [[UInt8]]] = [:]
  /// Every header that ever stood here, also before the folder was wiped or set back.
  public private(set) var headers = Set<[UInt8]>()
  /// What each file was last meant to be, whatever became of it.
  public private(set) var meant: [RemoteName: [UInt8]] = [:]
  /// Files of which an older state was shown than stood there.
  public private(set) var shownOld = Set<RemoteName>()
  private var late: [(name: RemoteName, bytes: [UInt8])] = []

  /// A kind of misbehaviour.
  public enum Fault: String, CaseIterable, Sendable {
    case staleRead, tornRead, lostWrite, storedError, tornWrite, lateWrite, failure, cutListing
    case loginPage, lostDelete
  }

  /// The chance of each fault, in thousandths of requests.
  public struct Faults: Sendable, Hashable {
    /// An older version, or nothing, is read.
    public var staleRead = 0
    /// A beginning of the file is read, or a mix of two versions.
    public var tornRead = 0
    /// A write is answered with success and not stored.
    public var lostWrite = 0
    /// A write is answered with an error and stored.
    public var storedError = 0
    /// A write is answered with an error; a beginning of it is stored.
    public var tornWrite = 0
    /// A write arrives a second time, later.
    public var lateWrite = 0
    /// A removal is answered with success and not done, or done and answered with an error.
    public var lostDelete = 0
    /// Any request fails.
    public var failure = 0
    /// A listing leaves some files out.
    public var cutListing = 0
    /// A login page comes with status 200.
    public var loginPage = 0

    /// None.
    public init() {}

    /// All of them, each this often.
    public static func all(_ chance: Int) -> Faults {
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
  public struct Crash: Error {
    /// It is as it is.
    public init() {}
  }

  /// An empty server.
  public init(seed: UInt64 = 0) { generator = SeededGenerator(seed: seed) }

  /// Puts the folder back to an earlier state.
  public func restore(_ earlier: [RemoteName: [UInt8]]) { files = earlier }

  fileprivate func strikes(_ fault: Fault, _ chance: Int) -> Bool {
    guard chance > 0, Int.random(in: 0..<1000, using: &generator) < chance else { return false }
    struck[fault, default: 0] += 1
    return true
  }

  fileprivate func list() -> [ListedFile] {
    var all = files.map { ListedFile(name: $0.key, size: $0.value.count) }
      .sorted { $0.name < $1.name }
    if strikes(.cutListing, faults.cutListing) {
      all = all.filter { _ in Bool.random(using: &generator) }
    }
    return all
  }

  fileprivate func read(_ name: RemoteName) -> ReadOutcome {
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
  public func forgetLate() { late = [] }

  private func store(_ name: RemoteName, _ bytes: [UInt8]?) {
    writes += 1
    if let before = files[name] { history[name, default: []].append(before) }
    files[name] = bytes
    guard let bytes else { return }
    if name.text == "papershelf" { headers.insert(bytes) }
    didWrite(name, bytes)
  }
}

/// One device's view of a ``SimServer``.
public final class SimFolder: RemoteFolder {
  /// The server.
  public let server: SimServer
  /// Who is calling, for the log.
  public let caller: String
  /// What crossed the wire.
  public private(set) var traffic = Traffic()
  /// Set when a crash was due: every later request fails too, as those of a dead process do.
  public private(set) var isDead = false
  private var isDying = false

  /// A view for one caller.
  public init(_ server: SimServer, caller: String = "") {
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
  public func list() throws(TransportError) -> Listing {
    guard server.lists else { return .unsupported }
    try begin("LIST", "")
    let files = server.list()
    try end("LIST", "")
    return .files(files)
  }

  /// See ``RemoteFolder``.
  public func read(
    _ names: [RemoteName], limit: Int
  ) -> [Result<ReadOutcome, TransportError>] {
    names.map { name in
      do throws(TransportError) {
        try begin("GET", name.text)
        let outcome = server.read(name)
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
  public func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    do {
      try begin("PUT", name.text)
    } catch {
      // A process that dies while it writes leaves a beginning of it, or all, or nothing.
      if isDead, isDying { server.leave(name, bytes) }
      throw error
    }
    traffic.bytesSent += bytes.count
    let isAnsweredWell = server.write(name, bytes)
    try end("PUT", name.text)
    if !isAnsweredWell {
      throw TransportError(
        kind: .busy, method: "PUT", url: "sim:/\(name)", status: 503, detail: "try later")
    }
  }

  /// See ``RemoteFolder``.
  public func delete(_ name: RemoteName) throws(TransportError) {
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
