import Changes
import Papers

/// Of an entity of which more was said than is held at once, what is looked at: of each machine its
/// newest changes, of each the same amount, as much as fits; and the latest of all where none does.
///
/// So who says without end, with the key in hand, hides no edits but its own, which stay in the log.
/// It is a function of the set of changes, like all that follows from it: every machine comes to the
/// same. What digests said and what the person said have room of their own, for an edit of the
/// person's reads only the latter.
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
    var device: Int64
    var isDigest: Bool
  }

  private struct Place {
    var time: Time
    var size: Int64
    var seq: Int64
  }

  private struct Time: Comparable {
    var milliseconds: Int64
    var counter: Int64

    static func < (a: Time, b: Time) -> Bool {
      (a.milliseconds, a.counter) < (b.milliseconds, b.counter)
    }
  }

  /// Goes through all that was said of an entity, twice, and holds no more than is looked at.
  init(
    of entity: String, _ extent: ChangeLog.Extent, _ db: Database, _ understanding: Understanding
  ) throws {
    let selects = understanding.layout.selectSizes
    let select = extent == .person ? selects.person : selects.understood
    func forEach(_ body: (Author, Place) -> Void) throws {
      try db.forEach(select, [SQLValue(entity)]) { row in
        body(
          Author(device: row.integer(0), isDigest: row.integer(1) != 0),
          Place(
            time: Time(milliseconds: row.integer(2), counter: row.integer(3)),
            size: row.integer(4), seq: row.integer(5)))
      }
    }
    var sizes: [Author: Int64] = [:]
    try forEach { sizes[$0, default: 0] += $1.size }
    let room = Int64(understanding.mostSaid)
    let shares = Dictionary(grouping: sizes, by: \.key.isDigest)
      .mapValues { Self.share(of: room, $0.map(\.value)) }
    leavesOut = sizes.contains { $1 > shares[$0.isDigest] ?? 0 }
    var newest: [Author: Newest] = [:]
    try forEach { author, place in
      newest[author, default: Newest(room: shares[author.isDigest] ?? 0)].take(place)
    }
    var places: [Bool: [Int64]] = [:]
    for (author, newest) in newest { places[author.isDigest, default: []] += newest.places }
    for (isDigest, held) in places where held.isEmpty {
      let latest = [SQLValue(entity), SQLValue(isDigest)]
      places[isDigest] = try db.first(selects.latest, latest) { [$0.integer(0)] }
    }
    self.places = places.values.joined().sorted()
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

  /// The newest of places that come in any order, as many as there is room for.
  private struct Newest {
    let room: Int64
    private var held: [Place] = []
    private var size: Int64 = 0
    /// The newest for which there was no room: what is older has none either.
    private var leftOut: Time?

    init(room: Int64) { self.room = room }

    /// Sorts once as many have come as are held: no place is sorted more than twice.
    mutating func take(_ place: Place) {
      if let leftOut, place.time < leftOut { return }
      held.append(place)
      size += place.size
      if size > 2 * room { cut() }
    }

    private mutating func cut() {
      held.sort { $0.time > $1.time }
      size = 0
      var count = 0
      while count < held.count, size + held[count].size <= room {
        size += held[count].size
        count += 1
      }
      if count < held.count { leftOut = held[count].time }
      held.removeLast(held.count - count)
    }

    var places: [Int64] {
      var last = self
      last.cut()
      return last.held.map(\.seq)
    }
  }
}
