import Changes
import Store
import Transport

/// Does what the core says, as far as it can be done without changing anything: what is read is
/// read, and what is written, there or in the library, is only remembered here.
final class Rehearsal: SyncActing {
  private let library: Library
  private let loop: any SyncActing
  private let random: () -> UInt64
  private var state: RemoteState?
  private var files: [RemoteName: [UInt8]] = [:]
  private var lastSegment: RemoteName?

  /// What would be written, in order, and how long each file is.
  private(set) var written: [(name: RemoteName, size: Int)] = []
  /// The places of the changes that would be sent.
  private(set) var sent = PlaceSet()
  /// The changes that would come.
  private(set) var received: [Change] = []
  private var stamps = Set<Stamp>()

  init(of loop: any SyncActing, _ library: Library, random: @escaping () -> UInt64) {
    self.loop = loop
    self.library = library
    self.random = random
  }

  func act(_ action: SyncAction) throws -> SyncEvent {
    switch action {
    case .list: return try list()
    case .read(let names, let limit): return try read(names, limit)
    case .write(let name, let bytes):
      write(name, bytes)
      return .done(nil)
    case .delete: return .done(nil)
    case .recall(let withRuns):
      return .remembered(try current(withRuns: withRuns), isMade: true)
    case .remember(let transition):
      var state = try current(withRuns: transition.needsRuns)
      let isMade = state.make(transition)
      if isMade, case .sent(let run, _) = transition { sent.formUnion(run.places) }
      self.state = state
      return .remembered(state, isMade: isMade)
    case .receive(let changes, let stretch, _):
      return try receive(changes, stretch)
    case .recallOthers: return try loop.act(action)
    case .share(let other): return try share(with: other)
    case .settle, .liveOn: return .unchanged
    case .become(let succession): return try become(succession)
    case .conclude(let conclusion): return .concluded(conclusion)
    }
  }

  private func current(withRuns: Bool) throws -> RemoteState {
    // Of another id than it has in the library all is known here.
    let isSame = try state.map { $0.ownLog.device == (try library.device()) } ?? true
    let kept = try kept(withRuns: withRuns && isSame)
    guard var state else { return kept }
    state.runs.merge(kept.runs) { mine, _ in mine }
    return state
  }

  private func kept(withRuns: Bool) throws -> RemoteState {
    guard case .remembered(let kept, _) = try loop.act(.recall(withRuns: withRuns)) else {
      return RemoteState()
    }
    return kept
  }

  // MARK: The folder

  private func list() throws -> SyncEvent {
    let event = try loop.act(.list)
    guard case .listed(.success(.files(let there))) = event else { return event }
    let mine = written.map { ListedFile(name: $0.name, size: $0.size) }
    let names = Set(mine.map(\.name))
    return .listed(.success(.files(there.filter { !names.contains($0.name) } + mine)))
  }

  private func read(_ names: [RemoteName], _ limit: Int) throws -> SyncEvent {
    let asked = names.filter { files[$0] == nil }
    var answers: [RemoteName: Result<ReadOutcome, TransportError>] = [:]
    if !asked.isEmpty, case .read(let results) = try loop.act(.read(asked, limit: limit)) {
      for (name, result) in zip(asked, results) { answers[name] = result }
    }
    return .read(
      names.map { name in
        files[name].map { .success(.found($0)) } ?? answers[name] ?? .success(.missing)
      })
  }

  /// A segment is read back at once and then no more; all of a library would be too much to keep.
  private func write(_ name: RemoteName, _ bytes: [UInt8]) {
    written.removeAll { $0.name == name }
    written.append((name, bytes.count))
    files[name] = bytes
    guard case .segment? = RemoteLayout.meaning(of: name) else { return }
    if let lastSegment, lastSegment != name { files[lastSegment] = nil }
    lastSegment = name
  }

  // MARK: The library

  private func receive(
    _ changes: [Change], _ stretch: Stretch
  ) throws -> SyncEvent {
    var places: [Int64] = []
    var result = Library.Received()
    try library.memory { memory in
      for change in changes {
        if let place = try memory.place(of: change.stamp) {
          places.append(place)
          if try memory.contradicts(change) { result.contradicted += 1 }
        } else if stamps.insert(change.stamp).inserted {
          received.append(change)
          result.new += 1
        }
      }
    }
    var state = try current(withRuns: false)
    _ = state.make(.received(places, of: stretch))
    self.state = state
    return .received(state, result)
  }

  private func share(with other: String) throws -> SyncEvent {
    let mine = try current(withRuns: false)
    guard case .others(let others) = try loop.act(.recallOthers(withRuns: true)),
      var state = others[other]
    else { return .remembered(mine, isMade: false) }
    _ = state.make(.absorb(mine))
    self.state = state
    return .remembered(state, isMade: true)
  }

  private func become(_ succession: Succession) throws -> SyncEvent {
    var state = try current(withRuns: true)
    let (was, now) = (state.ownLog.device, DeviceID(bits: random()))
    _ = state.make(.leave(to: now, common: succession.common, rereading: false))
    self.state = state
    return .settled(was: was, now: now)
  }
}

extension Library {
  fileprivate func device() throws -> DeviceID { try memory { try $0.device() } }
}
