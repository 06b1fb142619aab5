import Changes
import Sealing
import Store
import Transport

/// What a folder is asked between two syncs to notice cheaply that there may be something new. It
/// decides nothing: what it notices is a reason to sync, and what it misses the next sync finds.
///
/// A folder of this machine is listed. A server is asked one small thing: for the mark of its
/// folder where that was seen to move with what is in it, which tells of all machines at once; else
/// for the next segment of each machine, or, where nothing is listed, for `peers`, which names the
/// newest of each.
package struct FolderWatch {
  private var own: DeviceID?
  /// The next segment of each other machine of which anything was read.
  private var next: [RemoteName] = []
  private var lists = true
  private var looks = 0
  private var mark = WatchedMark()
  /// What was shown of other machines' files.
  private var shown: Set<ListedFile>?
  /// What `peers` said of other machines.
  private var named: PeerList?

  /// With more machines a listing costs less than a question for each.
  private static let mostAsked = 4
  /// Where segments are asked for, who is new is asked for every so many looks.
  private static let looksForNew = 4

  /// Nothing is known yet: the first look finds a reason to sync.
  package init() {}

  /// Takes in what a sync knows now.
  /// - Parameter alarmed: whether it was made because of a look.
  package mutating func synced(_ engine: SyncEngine, alarmed: Bool) throws {
    own = engine.state.ownLog.device
    lists = engine.round.look.lists
    let retired = try engine.retired()
    next = engine.state.peers.filter { $0.value.applied > 0 && !retired.contains($0.key) }
      .sorted { $0.key < $1.key }.map { RemoteLayout.segment($0.key, $0.value.applied + 1) }
    mark.synced(
      alarmed: alarmed, pulled: engine.report.pulled > 0, pushed: engine.report.pushed > 0)
  }

  /// Looks.
  /// - Returns: whether there may be something new.
  package mutating func look(_ folder: any RemoteFolder) throws(TransportError) -> Bool {
    looks += 1
    if folder.root != nil { return try lookAtListing(folder) }
    if mark.isOfUse {
      let now = try folder.mark()
      let isNews = mark.take(now)
      if mark.isProven || isNews { return isNews }
    }
    guard lists else { return try lookAtPeers(folder) }
    return next.count > Self.mostAsked ? try lookAtListing(folder) : try ask(folder)
  }

  private mutating func lookAtListing(_ folder: any RemoteFolder) throws(TransportError) -> Bool {
    guard case .files(let files) = try folder.list() else { return try lookAtPeers(folder) }
    let others = Set(
      files.filter { file in
        switch RemoteLayout.meaning(of: file.name) {
        case .header?, .peers?: true
        case .head(let device)?, .segment(let device, _)?: device != own
        case nil: false
        }
      })
    defer { shown = others }
    return shown != others
  }

  private mutating func lookAtPeers(_ folder: any RemoteFolder) throws(TransportError) -> Bool {
    try take(folder.read([RemoteLayout.peers], limit: PeerList.maximumLength))
  }

  private mutating func take(
    _ results: [Result<ReadOutcome, TransportError>]
  ) throws(TransportError) -> Bool {
    guard let result = results.first, case .found(let bytes) = try result.get(),
      let list = try? PeerList(bytes)
    else { return false }
    let others = PeerList(
      list.devices.filter { $0 != own }, logs: list.logs, newest: list.newest)
    defer { named = others }
    return named != others
  }

  private mutating func ask(_ folder: any RemoteFolder) throws(TransportError) -> Bool {
    let asksWhoIsNew = next.isEmpty || looks % Self.looksForNew == 1
    let results = folder.read(
      next + (asksWhoIsNew ? [RemoteLayout.peers] : []), limit: PeerList.maximumLength)
    var isNews = false
    for result in results.prefix(next.count) {
      if case .found = try result.get() { isNews = true }
    }
    guard asksWhoIsNew else { return isNews }
    return try take(Array(results.dropFirst(next.count))) || isNews
  }
}

/// What is known of the mark of a folder, and whether it is worth asking for.
struct WatchedMark: Hashable {
  /// Whether it is asked for at all.
  private(set) var isOfUse = true
  /// Whether it was seen to move: then nothing else is asked.
  private(set) var isProven = false
  private var last: FolderMark?
  private var falseAlarms = 0
  /// What was pulled or pushed must have moved it.
  private var mustMove = false
  /// Our own writing moves it, too.
  private var wasOwn = false
  private static let mostFalseAlarms = 6

  /// - Returns: whether something may be new. The first one, and one that something may have come
  ///   after within the same second, tells nothing.
  mutating func take(_ now: FolderMark?) -> Bool {
    guard let now else {
      (isOfUse, isProven) = (false, false)
      return false
    }
    let hasMoved = last?.text != now.text
    if hasMoved, last != nil { isProven = true }
    // It did not move with what it tells of.
    if !hasMoved, mustMove, last?.isSettled == true { (isOfUse, isProven) = (false, false) }
    mustMove = false
    let isNews = hasMoved || last?.isSettled == false
    last = now
    return isNews
  }

  mutating func synced(alarmed: Bool, pulled: Bool, pushed: Bool) {
    if alarmed, !pulled, !pushed, !wasOwn, last?.isSettled == true {
      // It moves by itself.
      falseAlarms += 1
      if falseAlarms >= Self.mostFalseAlarms { (isOfUse, isProven) = (false, false) }
    } else if alarmed, pulled {
      falseAlarms = 0
    }
    mustMove = pushed || (pulled && !alarmed)
    wasOwn = pushed
  }
}
