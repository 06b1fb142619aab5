import Changes
import Sealing
import Store
import Transport

/// Compaction: many small segments become few, and the old ones go when everybody has them.
extension SyncEngine {
  /// Puts the log together when it has become many small segments, and removes what is no longer
  /// needed. Only after something was sent or came, so that a quiet sync stays quiet.
  func tidy() throws {
    guard report.pushed > 0 || report.pulled > 0 else { return }
    let live = try runs().filter { $0.number >= state.ownLog.start }
    if isWorthIt(live), state.queue.isEmpty { try compact(live) }
    try removeOld()
  }

  /// Whether the log is to be put together. That sends all of it, so it must pay: there are twice
  /// as many small files as it left the last time, and they are a quarter of all bytes, or so many
  /// that a newcomer would ask for ever. Then what is sent again is a few times what was new.
  private func isWorthIt(_ live: [Run]) -> Bool {
    let small = live.filter { $0.size < Self.smallSize }
    let files = small.reduce(0) { $0 + $1.hashes.count }
    guard small.count >= compactAt, files >= 2 * (state.compacted ?? 0) else { return false }
    let bytes = (small.reduce(0) { $0 + $1.size }, live.reduce(0) { $0 + $1.size })
    return 4 * bytes.0 >= bytes.1 || small.count >= 16 * compactAt
  }

  /// Segments below this are small.
  private static let smallSize = 64 * 1024

  private func compact(_ live: [Run]) throws {
    var places = PlaceSet()
    for run in live { places.formUnion(run.places) }
    let device = state.ownLog.device
    try renew(without: try superseded(within: places))
    try push()
    guard state.ownLog.device == device, state.ownLog.newest >= state.ownLog.start else { return }
    let now = state.ownLog.newest + 1 - state.ownLog.start
    try remember(.compacted(Int(clamping: now)))
    note(.compacted(from: live.reduce(0) { $0 + $1.hashes.count }, to: Int(clamping: now)))
  }

  /// Changes of ours that no longer matter to anybody: what a digest said, where another change
  /// that stays in our log has replaced it. Everything the person did stays: it may be in the
  /// journal of somebody, or be what an undo goes back to.
  private func superseded(within places: PlaceSet) throws -> PlaceSet {
    var dropped = PlaceSet()
    try library.forEachSupersededContent(by: places.contains) { place in
      if places.contains(place) { dropped.insert(place) }
    }
    guard case .superseded(let truth, _)? = try conclude(.superseded(dropped, of: places)) else {
      return PlaceSet()
    }
    return truth
  }

  private func removeOld() throws {
    let old = try runs().filter { $0.number < state.ownLog.start }
    guard !old.isEmpty, state.queue.isEmpty, state.pending == nil,
      state.ownLog.newest >= state.ownLog.start
    else { return }
    let last = state.ownLog.start - 1
    if try !isConfirmed(upTo: last), try holds(.unread(upTo: last)) { return }
    // Removing is writing: not without the folder's passphrase.
    _ = try keys()
    var removed = 0
    for run in old where removed < Self.mostRemoved {
      guard try remove(run) else { return }
      try remember(.removed(run.number))
      removed += run.hashes.count
    }
  }

  /// So many files are removed in a sync, and the others in later ones: of a year of edits that
  /// stayed for a machine that was away there may be thousands, and a server may count requests.
  private static let mostRemoved = 96

  /// Removes the files of an old run; false when it did not work now. Old segments harm nobody, so
  /// that is no reason for a sync to fail; and where a server removes nothing they stay, and are
  /// not asked for again.
  private func remove(_ run: Run) throws -> Bool {
    for number in run.number...run.last {
      let name = RemoteLayout.segment(state.ownLog.device, number)
      if case .done(let error?) = try loop.act(.delete(name)) { return error.kind == .readOnly }
    }
    return true
  }
}
