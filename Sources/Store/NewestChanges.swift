import Changes
import Papers

/// Of an entity of which more was said than is held at once, what is looked at: of each machine its
/// newest changes, of each the same amount, as much as fits; and the latest of all where none does.
/// Of machines those count that said something of it last: ids are free to invent.
///
/// So who says without end, with the key in hand, hides no edits but its own, which stay in the
/// log, and where it makes up machines too, what is done from now on holds. It is a function of the
/// set of changes, like all that follows from it: every machine comes to the same. What digests
/// said and what the person said have room of their own, for an edit of the person's reads only the
/// latter.
struct NewestChanges {
  /// Where they stand in the log, ascending.
  let places: [Int64]
  /// Whether there are others.
  let leavesOut: Bool

  /// What a change takes besides the names in it, in bytes.
  static let size = 128
  /// What a change takes, in SQL; `length` of a text is not its bytes.
  static let sizeOfRow =
    "\(size) + length(CAST(field AS BLOB)) + coalesce(length(CAST(seen AS BLOB)), 0)"

  /// Whether these changes, held by one who adds to them, may be too many.
  static func areSome(of entries: [ChangeLog.Entry], _ understanding: Understanding) -> Bool {
    let most = entries.reduce(0) {
      $0 + size + $1.change.field.utf8.count + $1.change.seen.count * longestStamp
    }
    return most > understanding.mostSaid
  }

  /// Bytes of a stamp as text, with a space; few have so many.
  static let longestStamp = 48

  private struct Author: Hashable {
    var device: DeviceID
    var isDigest: Bool
  }

  private struct Place {
    var stamp: Stamp
    var size: Int64
    var seq: Int64
  }

  /// Goes through all that was said of an entity, three times, and holds no more than is looked at.
  init(
    of entity: String, _ extent: ChangeLog.Extent, _ db: Database, _ understanding: Understanding
  ) throws {
    let selects = understanding.layout.selectSizes
    let select = extent == .person ? selects.person : selects.understood
    func forEach(_ body: (Author, Place) -> Void) throws {
      try db.forEach(select, [SQLValue(entity)]) { row in
        guard let device = DeviceID(try row.text(0)) else { return }
        let stamp = Stamp(
          milliseconds: row.integer(2), counter: UInt32(truncatingIfNeeded: row.integer(3)),
          device: device)
        body(
          Author(device: device, isDigest: row.integer(1) != 0),
          Place(stamp: stamp, size: row.integer(4), seq: row.integer(5)))
      }
    }
    let room = Int64(understanding.mostSaid)
    var totals: [Bool: Int64] = [:]
    var latest: [Bool: Latest] = [:]
    try forEach { author, place in
      totals[author.isDigest, default: 0] += place.size
      latest[author.isDigest, default: Latest(most: understanding.mostAuthors)]
        .take(place, of: author.device)
    }
    // What has room is looked at, whoever said it.
    let authors = latest.filter { totals[$0.key] ?? 0 > room }.mapValues { $0.devices }
    var sizes: [Bool: [DeviceID: Int64]] = [:]
    try forEach { author, place in
      guard authors[author.isDigest]?[author.device] != nil else { return }
      sizes[author.isDigest, default: [:]][author.device, default: 0] += place.size
    }
    let shares = sizes.mapValues { Self.share(of: room, $0.map(\.value)) }
    var places: [Bool: [Int64]] = [:]
    var newest: [Author: Newest] = [:]
    try forEach { author, place in
      let part = author.isDigest
      if authors[part] == nil {
        places[part, default: []].append(place.seq)
      } else if authors[part]?[author.device] != nil {
        newest[author, default: Newest(room: shares[part] ?? 0)].take(place)
      }
    }
    for (author, newest) in newest { places[author.isDigest, default: []] += newest.places }
    for (part, authors) in authors where places[part]?.isEmpty ?? true {
      places[part] = authors.values.max { $0.stamp < $1.stamp }.map { [$0.seq] }
    }
    self.places = places.values.joined().sorted()
    leavesOut = !authors.isEmpty
  }

  /// So much of each of these fits into the room that no more of each would.
  static func share(of room: Int64, _ sizes: [Int64]) -> Int64 {
    var left = room
    for (place, size) in sizes.sorted().enumerated() {
      let share = left / Int64(sizes.count - place)
      guard size <= share else { return share }
      left -= size
    }
    return room
  }

  /// The devices that said something last, with what each said last, from places in any order.
  private struct Latest {
    let most: Int
    private var held: [DeviceID: Place] = [:]
    /// The latest that was dropped: who said nothing later is none of them.
    private var leftOut: Stamp?

    init(most: Int) { self.most = most }

    mutating func take(_ place: Place, of device: DeviceID) {
      if let leftOut, place.stamp < leftOut { return }
      if let known = held[device], place.stamp < known.stamp { return }
      held[device] = place
      if held.count > 2 * most { cut() }
    }

    private mutating func cut() {
      guard held.count > most else { return }
      let all = held.sorted { $0.value.stamp > $1.value.stamp }
      leftOut = all[most].value.stamp
      held = Dictionary(uniqueKeysWithValues: all.prefix(most).map { ($0.key, $0.value) })
    }

    var devices: [DeviceID: Place] {
      var last = self
      last.cut()
      return last.held
    }
  }

  /// The newest of places that come in any order, as many as there is room for.
  private struct Newest {
    let room: Int64
    private var held: [Place] = []
    private var size: Int64 = 0
    /// The newest for which there was no room: what is older has none either.
    private var leftOut: Stamp?

    init(room: Int64) { self.room = room }

    /// Sorts once as many have come as are held: no place is sorted more than twice.
    mutating func take(_ place: Place) {
      if let leftOut, place.stamp < leftOut { return }
      held.append(place)
      size += place.size
      if size > 2 * room { cut() }
    }

    private mutating func cut() {
      held.sort { $0.stamp > $1.stamp }
      size = 0
      var count = 0
      while count < held.count, size + held[count].size <= room {
        size += held[count].size
        count += 1
      }
      if count < held.count { leftOut = held[count].stamp }
      held.removeLast(held.count - count)
    }

    var places: [Int64] {
      var last = self
      last.cut()
      return last.held.map(\.seq)
    }
  }
}
