import Papers

/// The text of a note from the graph of its versions.
///
/// A version names its parents in `seen`. Heads are versions that no other names. One head: its
/// text. Several: they were written at the same time on different machines, and are merged line by
/// line against their nearest common ancestor. Where both changed the same lines, both texts are
/// kept between marks, and the note is in conflict until somebody edits it. An edit beats a
/// deletion. A function of the set of versions, like ``Merge``.
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
  }

  /// The line before the first of two texts kept; the second follows ``secondMark``.
  package static let firstMark = "<<<<<<< one machine"
  /// The line between two texts kept.
  package static let secondMark = "======="
  /// The line after the second of two texts kept.
  package static let endMark = ">>>>>>> another machine"

  /// Merges the changes to one note register; nil when none of them can be read.
  package static func note(_ changes: [Change]) -> Outcome? {
    if changes.count == 1 {
      // As most are: nothing is merged, and no graph is made of it.
      let (change, version) = (changes[0], Noted.value(changes[0].value))
      return version.map {
        Outcome(
          text: $0.text, heads: [change.stamp], conflicted: false,
          created: $0.created ?? change.time, updated: change.time)
      }
    }
    var versions: [Stamp: NoteVersion] = [:]
    var changeOf: [Stamp: Change] = [:]
    for change in changes where versions[change.stamp] == nil {
      guard let version = Noted.value(change.value) else { continue }
      versions[change.stamp] = version
      changeOf[change.stamp] = change
    }
    return outcome(versions, changeOf)
  }

  private static func outcome(
    _ versions: [Stamp: NoteVersion], _ changeOf: [Stamp: Change]
  ) -> Outcome? {
    var parents = Set<Stamp>()
    for change in changeOf.values {
      for stamp in change.seen where stamp != change.stamp { parents.insert(stamp) }
    }
    var heads = versions.keys.filter { !parents.contains($0) }.sorted()
    // Each may say that it replaces another: the note does not vanish for that.
    if heads.isEmpty, let latest = versions.keys.max() { heads = [latest] }
    guard !heads.isEmpty,
      let first = changeOf.values.min(by: { $0.stamp < $1.stamp })
    else { return nil }
    let graph = Graph(versions: versions, changes: changeOf)
    let merged = graph.merge(heads)
    let created = versions.values.compactMap(\.created).min() ?? first.time
    let updated = heads.compactMap { changeOf[$0]?.time }.max() ?? first.time
    return Outcome(
      text: merged.text, heads: heads, conflicted: merged.conflicted, created: created,
      updated: updated)
  }

  private struct Graph {
    var versions: [Stamp: NoteVersion]
    var changes: [Stamp: Change]

    func merge(_ heads: [Stamp]) -> (text: String?, conflicted: Bool) {
      // An edit beats a deletion. Equal texts are merged as one, which descends from what all of
      // them do: it may be an old text to one of its authors, and new to another.
      var living: [(stamps: [Stamp], text: String)] = []
      for head in heads {
        guard let text = versions[head]?.text else { continue }
        if let same = living.firstIndex(where: { $0.text.hasBytes(of: text) }) {
          living[same].stamps.append(head)
        } else {
          living.append(([head], text))
        }
      }
      guard var merged = living.first?.text else { return (nil, false) }
      var conflicted = false
      for (index, head) in living.enumerated().dropFirst() {
        let base = commonAncestor(of: living[...index].flatMap(\.stamps))
          .flatMap { versions[$0]?.text }
        let step = ThreeWay.merge(base: base ?? "", merged, head.text)
        merged = step.text
        conflicted = conflicted || step.conflicted
      }
      return (merged, conflicted)
    }

    /// The latest version that all of these descend from.
    private func commonAncestor(of stamps: [Stamp]) -> Stamp? {
      var common: Set<Stamp>?
      for stamp in stamps {
        let ancestors = ancestors(of: stamp)
        common = common.map { $0.intersection(ancestors) } ?? ancestors
      }
      return common?.max()
    }

    private func ancestors(of stamp: Stamp) -> Set<Stamp> {
      var found = Set<Stamp>()
      var queue = [stamp]
      while let next = queue.popLast() {
        guard found.insert(next).inserted else { continue }
        queue += changes[next]?.seen ?? []
      }
      return found.filter { versions[$0] != nil }
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
