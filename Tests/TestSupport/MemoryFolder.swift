import Transport

/// The files of a remote in memory, shared by the folders of several machines. Everything that was
/// ever written is remembered, so a server can be rolled back.
package final class MemoryRemote {
  /// What is there.
  package private(set) var files: [RemoteName: [UInt8]] = [:]
  private var previous: [RemoteName: [UInt8]] = [:]

  /// An empty remote.
  package init() {}

  /// The bytes that stood there before the last write of `name`.
  package func before(_ name: RemoteName) -> [UInt8]? { previous[name] }

  /// Puts or removes a file.
  package func set(_ name: RemoteName, _ bytes: [UInt8]?) {
    if let old = files[name] { previous[name] = old }
    files[name] = bytes
  }

  /// Everything is gone.
  package func wipe() { replace(with: [:]) }

  /// Rolled back to files seen before, or mixed up with those of another library.
  package func replace(with files: [RemoteName: [UInt8]]) {
    for name in Set(self.files.keys).union(files.keys) { set(name, files[name]) }
  }
}

/// What a faulty remote does with one request.
package enum FolderFate: Hashable, Sendable, CaseIterable {
  case honest
  /// Fails before anything happened.
  case refused
  /// Fails after it was done.
  case doneButRefused
  /// Says yes and does nothing (a write or delete).
  case ignored
  /// Stores or shows only the first half.
  case torn
  /// Shows the first half of the new and the rest of the old bytes.
  case mixed
  /// Shows what was there before, in a read.
  case stale
  /// Says that nothing is there, or cuts a listing short.
  case hidden
  /// Answers with a web page; a listing is refused.
  case page
}

/// A request as the fate of it is decided.
package struct FolderRequest: Hashable, Sendable {
  /// The four verbs.
  package enum Verb: Hashable, Sendable { case list, read, write, delete }
  /// What is asked.
  package var verb: Verb
  /// Of which file; nil for a listing.
  package var name: RemoteName?
}

/// One machine's view of a ``MemoryRemote``: a `RemoteFolder` without threads, time or sockets.
///
/// `decide` is asked before each request, so a simulation chooses every fate, and may stop the
/// machine there by throwing out of its own code with `after` or by counting.
package final class MemoryFolder: RemoteFolder {
  /// What happens to a request; honest unless set.
  package var decide: (FolderRequest) -> FolderFate = { _ in .honest }
  /// Called after a request took effect and before its answer is given.
  package var after: (FolderRequest) -> Void = { _ in }
  /// The shared files.
  package let remote: MemoryRemote
  /// Requests and body bytes.
  package private(set) var traffic = Traffic()

  /// A view of `remote`.
  package init(_ remote: MemoryRemote = MemoryRemote()) { self.remote = remote }

  /// Draws fates from a seed: each request meets `fates` in one of `every` cases.
  package func misbehave(seed: UInt64, every: Int, fates: [FolderFate] = FolderFate.allCases) {
    var generator = SeededGenerator(seed: seed)
    decide = { _ in
      guard Int.random(in: 0..<max(1, every), using: &generator) == 0 else { return .honest }
      return fates.randomElement(using: &generator) ?? .honest
    }
  }

  /// The files, in byte order.
  package func list() throws(TransportError) -> Listing {
    let (request, fate) = begin(.list, nil)
    defer { after(request) }
    if fate == .page { return .unsupported }
    if [.refused, .doneButRefused].contains(fate) { throw Self.failure("list", nil) }
    var all = remote.files.map { ListedFile(name: $0.key, size: $0.value.count) }
    all.sort { $0.name < $1.name }
    if [.hidden, .torn, .stale, .mixed, .ignored].contains(fate) {
      all.removeLast((all.count + 1) / 2)
    }
    return .files(all)
  }

  /// One after the other.
  package func read(_ names: [RemoteName], limit: Int) -> [Result<ReadOutcome, TransportError>] {
    names.map { name in
      Result { () throws(TransportError) in try read(name, limit: limit) }
    }
  }

  /// Puts the file there, as fate has it.
  package func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    let (request, fate) = begin(.write, name)
    traffic.bytesSent += bytes.count
    switch fate {
    case .refused: break
    case .ignored, .hidden, .stale: break
    case .torn, .page: remote.set(name, Array(bytes.prefix(bytes.count / 2)))
    case .mixed: remote.set(name, Self.mix(bytes, remote.files[name]))
    case .honest, .doneButRefused: remote.set(name, bytes)
    }
    after(request)
    // A cut write may be told as success or as failure; told as success it is the harder one.
    if [.refused, .doneButRefused].contains(fate) { throw Self.failure("write", name) }
  }

  /// Removes the file, as fate has it.
  package func delete(_ name: RemoteName) throws(TransportError) {
    let (request, fate) = begin(.delete, name)
    if [.honest, .doneButRefused].contains(fate) { remote.set(name, nil) }
    after(request)
    if [.refused, .doneButRefused].contains(fate) { throw Self.failure("delete", name) }
  }

  private func read(_ name: RemoteName, limit: Int) throws(TransportError) -> ReadOutcome {
    let (request, fate) = begin(.read, name)
    defer { after(request) }
    var bytes = remote.files[name]
    switch fate {
    case .honest, .ignored: break
    case .refused, .doneButRefused: throw Self.failure("read", name)
    case .torn: bytes = bytes.map { Array($0.prefix($0.count / 2)) }
    case .mixed: bytes = bytes.map { Self.mix($0, remote.before(name)) }
    case .stale: bytes = remote.before(name)
    case .hidden: bytes = nil
    case .page: bytes = Array("<!DOCTYPE html><html>Please log in</html>".utf8)
    }
    guard let bytes else { return .missing }
    guard bytes.count <= limit else {
      throw TransportError(
        kind: .garbled, method: "read", url: name.text, detail: "larger than \(limit) bytes")
    }
    traffic.bytesReceived += bytes.count
    return .found(bytes)
  }

  private func begin(
    _ verb: FolderRequest.Verb, _ name: RemoteName?
  ) -> (FolderRequest, FolderFate) {
    traffic.requests += 1
    let request = FolderRequest(verb: verb, name: name)
    return (request, decide(request))
  }

  private static func mix(_ new: [UInt8], _ old: [UInt8]?) -> [UInt8] {
    Array(new.prefix(new.count / 2)) + (old ?? []).dropFirst(new.count / 2)
  }

  private static func failure(_ verb: String, _ name: RemoteName?) -> TransportError {
    TransportError(
      kind: .unreachable, method: verb, url: name?.text ?? "memory", detail: "fault on purpose")
  }
}
