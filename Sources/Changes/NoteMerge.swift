import Papers

/// The text of a note from the graph of its versions.
///
/// A version names its parents in `seen`. Heads are versions that no other names. One head: its
/// text. Several: they were written at the same time on different machines, and are merged line by
/// line against their nearest common ancestor. Where both changed the same lines, both texts are
/// kept between marks, and the note is in conflict until somebody edits it. An edit beats a
/// deletion. A function of the set of versions, like ``Merge``.
///
/// What it holds and takes is bounded, however many and long the versions are: of each its text is
/// asked for when it is looked at, and texts of more than ``mostMerged`` bytes or ``mostLines``
/// lines together, counted once for each that is merged into the first, are not merged by lines.
/// Nor are those with more than ``mostAncestors`` to look through. Then the latest holds, with
/// ``tooLongMark`` below it, and the others stand in the log.
package enum NoteMerge {
  /// A note as its versions make it.
  package struct Outcome: Hashable, Sendable {
    /// The text; nil when deleted.
    package var text: String?
    /// The stamps an edit of this text has seen.
    package var heads: [Stamp]
    /// Whether both texts of an overlap stand in it, between marks.
    package var conflicted: Bool
    /// When it was first written, milliseconds since 1970.
    package var created: Int64
    /// When a head was last written, milliseconds since 1970.
    package var updated: Int64
    /// Heads whose texts do not stand in it, one of each text, ascending: they are too long or too
    /// many.
    package var left: [Stamp] = []
  }

  /// The line before the first of two texts kept; the second follows ``secondMark``.
  package static let firstMark = "<<<<<<< one machine"
  /// The line between two texts kept.
  package static let secondMark = "======="
  /// The line after the second of two texts kept.
  package static let endMark = ">>>>>>> another machine"

  /// The line below the latest of several texts that are too long to stand in one note.
  package static let tooLongMark =
    "<<<<<<< another machine wrote a text too long to stand here: shelf conflicts"
  /// Texts written at the same time are merged by lines up to so many bytes: two of them together,
  /// three twice, for what the first two made is gone through again.
  static let mostMerged = 4 << 20
  /// And up to so many lines.
  package static let mostLines = 1 << 17
  /// So many versions and what they have seen are looked through for what texts have in common.
  static let mostAncestors = 1 << 20

  /// Merges the changes to one note register; nil when none of them can be read.
  package static func note(_ changes: [Change]) -> Outcome? { note(changes) { $0.value } }

  /// Merges the changes to one note register; nil when none of them can be read.
  /// - Parameter text: the value of a change, which may not have been read with the others.
  package static func note(
    _ changes: [Change], text: (Change) throws -> String
  ) rethrows -> Outcome? {
    if changes.count == 1 {
      // As most are: nothing is merged, and no graph is made of it.
      let (change, version) = (changes[0], Noted.value(try text(changes[0])))
      return version.map {
        Outcome(
          text: $0.text, heads: [change.stamp], conflicted: false,
          created: $0.created ?? change.time, updated: change.time)
      }
    }
    let graph = try Graph(changes, text)
    guard !graph.heads.isEmpty,
      let first = graph.versions.keys.min().flatMap({ graph.change($0) })
    else { return nil }
    let merged = try graph.merge(text)
    let created = graph.versions.values.compactMap(\.created).min() ?? first.time
    let updated = graph.heads.compactMap { graph.change($0)?.time }.max() ?? first.time
    return Outcome(
      text: merged.text, heads: graph.heads, conflicted: merged.conflicted, created: created,
      updated: updated, left: merged.left)
  }

  /// A note of which nothing new was said, as it was merged last, without its text.
  package static func standing(created: Int64, updated: Int64, conflicted: Bool) -> Outcome {
    Outcome(text: "", heads: [], conflicted: conflicted, created: created, updated: updated)
  }

  /// A note that was deleted, and of which nothing new was said.
  /// - Parameter changes: its versions, all of which can be read.
  package static func deleted(_ changes: [Change]) -> Outcome {
    var parents = Set<Stamp>()
    for change in changes { parents.formUnion(change.seen.filter { $0 != change.stamp }) }
    let heads = changes.filter { !parents.contains($0.stamp) }
    let latest = (heads.isEmpty ? changes : heads).map(\.time).max() ?? 0
    return Outcome(text: nil, heads: [], conflicted: false, created: latest, updated: latest)
  }

  /// The versions that no other names, ascending: what an edit made now has seen.
  static func heads(_ changes: [Change], text: (Change) throws -> String) rethrows -> [Stamp] {
    try Graph(changes, text).heads
  }

  /// What is known of a version without its text.
  private struct Version {
    /// Which of the changes it is: a copy of each would be most of what is held.
    var place: Int
    var created: Int64?
    /// Bytes and lines of the text; nil where it deletes the note.
    var extent: Extent?
    /// Of the text, to tell most of those that differ without reading them.
    var hash = 0
  }

  private struct Extent: Hashable {
    var bytes = 0
    var lines = 0

    /// Whether texts of these together are gone through so many times.
    func isMerged(_ times: Int) -> Bool {
      bytes <= mostMerged / times && lines <= mostLines / times
    }

    init() {}

    init(_ text: String) {
      var lines = 1
      for byte in text.utf8 where byte == 0x0A { lines += 1 }
      (bytes, self.lines) = (text.utf8.count, lines)
    }

    static func + (a: Extent, b: Extent) -> Extent {
      var sum = a
      sum.bytes += b.bytes
      sum.lines += b.lines
      return sum
    }
  }

  private struct Graph {
    let changes: [Change]
    var versions: [Stamp: Version] = [:]
    var heads: [Stamp] = []

    init(_ changes: [Change], _ text: (Change) throws -> String) rethrows {
      self.changes = changes
      var parents = Set<Stamp>()
      for (place, change) in changes.enumerated() where versions[change.stamp] == nil {
        guard let version = Noted.value(try text(change)) else { continue }
        versions[change.stamp] = Version(
          place: place, created: version.created, extent: version.text.map(Extent.init),
          hash: version.text.map { ByteText($0).hashValue } ?? 0)
        for stamp in change.seen where stamp != change.stamp { parents.insert(stamp) }
      }
      heads = versions.keys.filter { !parents.contains($0) }.sorted()
      // Each may say that it replaces another: the note does not vanish for that.
      if heads.isEmpty, let latest = versions.keys.max() { heads = [latest] }
    }

    func change(_ stamp: Stamp) -> Change? { versions[stamp].map { changes[$0.place] } }

    func merge(
      _ text: (Change) throws -> String
    ) rethrows -> (text: String?, conflicted: Bool, left: [Stamp]) {
      let living = try living(text)
      guard let first = living.first else { return (nil, false, []) }
      if living.count == 1 { return (try self.text(first[0], text), false, []) }
      let extent = living.reduce(Extent()) { $0 + (versions[$1[0]]?.extent ?? Extent()) }
      let steps = living.count - 1
      guard extent.isMerged(steps), let bases = bases(of: living) else {
        let latest = living.joined().max() ?? first[0]
        let whole = try self.text(latest, text) ?? ""
        let left = living.filter { !$0.contains(latest) }.compactMap { $0.max() }.sorted()
        return (whole + "\n" + tooLongMark, true, left)
      }
      var merged = try self.text(first[0], text) ?? ""
      var conflicted = false
      for (head, base) in zip(living, bases).dropFirst() {
        let isMerged = base.flatMap { versions[$0]?.extent?.isMerged(steps) } ?? false
        let step = ThreeWay.merge(
          base: isMerged ? try base.flatMap { try self.text($0, text) } ?? "" : "", merged,
          try self.text(head[0], text) ?? "")
        merged = step.text
        conflicted = conflicted || step.conflicted
      }
      return (merged, conflicted, [])
    }

    /// The heads that have a text, ascending, those of the same text as one. An edit beats a
    /// deletion; equal texts descend from what all of them do: one may be an old text to one of its
    /// authors, and new to another.
    private func living(_ text: (Change) throws -> String) rethrows -> [[Stamp]] {
      var living: [[Stamp]] = []
      var places: [Int: [Int]] = [:]
      for head in heads {
        guard let version = versions[head], version.extent != nil else { continue }
        let same = try places[version.hash]?.first { place in
          try isSame(living[place][0], head, text)
        }
        if let same {
          living[same].append(head)
        } else {
          places[version.hash, default: []].append(living.count)
          living.append([head])
        }
      }
      return living
    }

    private func isSame(
      _ a: Stamp, _ b: Stamp, _ text: (Change) throws -> String
    ) rethrows -> Bool {
      guard versions[a]?.extent == versions[b]?.extent else { return false }
      return try self.text(a, text).hasBytes(of: self.text(b, text))
    }

    private func text(
      _ stamp: Stamp, _ text: (Change) throws -> String
    ) rethrows -> String? {
      try change(stamp).flatMap { Noted.value(try text($0))?.text }
    }

    /// Of each of these the latest version that it and those before it descend from; nil where that
    /// is too much to look through.
    private func bases(of living: [[Stamp]]) -> [Stamp?]? {
      var common: Set<Stamp>?
      var bases: [Stamp?] = []
      var left = mostAncestors
      for same in living {
        for head in same {
          guard let ancestors = ancestors(of: head, &left) else { return nil }
          common = common.map { $0.intersection(ancestors) } ?? ancestors
        }
        bases.append(common?.max())
      }
      return bases
    }

    /// - Parameter left: so many steps may be made; nil is returned where there are more.
    private func ancestors(of stamp: Stamp, _ left: inout Int) -> Set<Stamp>? {
      var found = Set<Stamp>()
      var queue = [stamp]
      while let next = queue.popLast() {
        guard left > 0 else { return nil }
        left -= 1
        guard let change = change(next), found.insert(next).inserted else { continue }
        queue += change.seen
      }
      return found
    }
  }
}

/// Three-way merge of lines (as in diff3): what only one side changed is taken from that side.
enum ThreeWay {
  static func merge(base: String, _ a: String, _ b: String) -> (text: String, conflicted: Bool) {
    if a.hasBytes(of: b) || b.hasBytes(of: base) { return (a, false) }
    if a.hasBytes(of: base) { return (b, false) }
    let lines = (
      base: base.split(separator: "\n", omittingEmptySubsequences: false),
      a: a.split(separator: "\n", omittingEmptySubsequences: false),
      b: b.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let toA = Dictionary(
      uniqueKeysWithValues: LineDifference.matches(base.isEmpty ? [] : lines.base, lines.a))
    let toB = Dictionary(
      uniqueKeysWithValues: LineDifference.matches(base.isEmpty ? [] : lines.base, lines.b))
    var out: [Substring] = []
    var conflicted = false
    var (o, i, j) = (0, 0, 0)
    let baseCount = base.isEmpty ? 0 : lines.base.count
    while true {
      // The next base line that both sides kept, at or after where we are.
      var anchor = o
      while anchor < baseCount, toA[anchor] == nil || toB[anchor] == nil { anchor += 1 }
      let nextA = anchor < baseCount ? toA[anchor] ?? lines.a.count : lines.a.count
      let nextB = anchor < baseCount ? toB[anchor] ?? lines.b.count : lines.b.count
      let chunk = combine(
        base: baseCount == 0 ? [] : lines.base[o..<anchor], lines.a[i..<max(i, nextA)],
        lines.b[j..<max(j, nextB)])
      out += chunk.lines
      conflicted = conflicted || chunk.conflicted
      guard anchor < baseCount else { break }
      out.append(lines.a[nextA])
      (o, i, j) = (anchor + 1, nextA + 1, nextB + 1)
    }
    return (out.joined(separator: "\n"), conflicted)
  }

  private static func isSame(_ a: ArraySlice<Substring>, _ b: ArraySlice<Substring>) -> Bool {
    a.elementsEqual(b) { $0.utf8.elementsEqual($1.utf8) }
  }

  private static func combine(
    base: ArraySlice<Substring>, _ a: ArraySlice<Substring>, _ b: ArraySlice<Substring>
  ) -> (lines: [Substring], conflicted: Bool) {
    if isSame(a, b) || isSame(b, base) { return (Array(a), false) }
    if isSame(a, base) { return (Array(b), false) }
    let kept =
      [Substring(NoteMerge.firstMark)] + a + [Substring(NoteMerge.secondMark)] + b
      + [Substring(NoteMerge.endMark)]
    return (kept, true)
  }
}
