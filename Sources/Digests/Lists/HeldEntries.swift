import Papers

/// The entries of a list that are not handed out yet, because a later mention may say more: of
/// several titles the best wins, not the first.
///
/// Bounded: of many entries those with a good title go first, and those without one when they are
/// too many themselves.
struct HeldEntries {
  private struct Held {
    var entry: DigestEntry
    var score: Int
    var hasWords: Bool
  }

  private static let count = 1024
  private static let weakCount = 4096
  private static let bytes = 4 << 20
  /// What a title must be worth more to take the place of another.
  private static let margin = 6
  /// What a title is worth that no other replaces.
  private static let good = 80

  private var entries: [Held] = []
  private var places: [PaperID: Int] = [:]
  private var size = 0
  private var nextIndex = 0
  private var total = 0
  private var nextCount = Self.count
  private var untitled = 0
  private var firstUntitled = 0

  /// Takes a mention of a paper.
  /// - Parameters:
  ///   - score: what its title is worth.
  ///   - hasWords: whether words stood by the link, so that a title could be expected.
  mutating func add(
    _ entry: DigestEntry, _ score: Int, hasWords: Bool, _ findings: inout Findings
  ) {
    if let place = places[entry.id] {
      merge(entry, score, into: place)
      return
    }
    guard !findings.hasSeen(entry.id) else { return }
    var entry = entry
    entry.appearance.index = nextIndex
    nextIndex += 1
    total += 1
    places[entry.id] = entries.count
    size += Self.size(entry)
    entries.append(Held(entry: entry, score: score, hasWords: hasWords))
    if entries.count >= nextCount || size > Self.bytes { handOut(&findings) }
  }

  private mutating func merge(_ entry: DigestEntry, _ score: Int, into place: Int) {
    var known = entries[place]
    size -= Self.size(known.entry)
    if score >= known.score + Self.margin {
      known.entry.content.title = entry.content.title
      known.score = score
    }
    if known.entry.content.summary.isEmpty {
      let title = known.entry.content.title
      known.entry.content = entry.content
      known.entry.content.title = title
    }
    known.entry.bibliography.complete(from: entry.bibliography)
    known.entry.takePast(of: entry)
    entries[place] = known
    size += Self.size(known.entry)
  }

  private static func size(_ entry: DigestEntry) -> Int {
    300 + entry.content.title.utf8.count + 2 * entry.content.summary.utf8.count
  }

  /// Hands out one entry, and counts those whose title was not understood.
  private mutating func handOut(_ held: Held, _ findings: inout Findings) {
    if held.entry.content.title.isEmpty, held.hasWords {
      untitled += 1
      if untitled == 1 { firstUntitled = held.entry.line }
    }
    findings.add(held.entry, tellsRepeats: false)
  }

  /// Hands out the entries with a good title; all when too many have none.
  private mutating func handOut(_ findings: inout Findings) {
    var kept: [Held] = []
    for held in entries {
      if held.score >= Self.good {
        handOut(held, &findings)
      } else {
        kept.append(held)
      }
    }
    size = kept.reduce(0) { $0 + Self.size($1.entry) }
    if kept.count >= Self.weakCount || size > Self.bytes / 2 {
      for held in kept { handOut(held, &findings) }
      kept = []
      size = 0
    }
    entries = kept
    nextCount = kept.count + Self.count
    places.removeAll(keepingCapacity: true)
    for (index, held) in kept.enumerated() { places[held.entry.id] = index }
  }

  /// Hands out everything: a new day begins.
  mutating func flush(_ findings: inout Findings) {
    for held in entries { handOut(held, &findings) }
    entries.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    size = 0
    nextIndex = 0
    nextCount = Self.count
  }

  /// Hands out everything at the end of the digest, and tells when a good share of it has no title.
  /// - Parameter title: that of the page, which names the paper where there is but one.
  mutating func finish(_ title: String?, _ findings: inout Findings) {
    if total == 1, let title, var only = entries.first, only.score < Self.good {
      only.entry.content.title = title
      entries[0] = only
    }
    flush(&findings)
    guard untitled * 4 >= max(total, 1) || untitled >= 3 && untitled * 10 >= total else { return }
    findings.report(
      "no title was found for \(untitled) of \(total) papers, the first in this line",
      line: firstUntitled)
  }
}

extension Bibliography {
  /// Takes over what another source says and this one does not.
  mutating func complete(from other: Bibliography) {
    if authors.isEmpty { authors = other.authors }
    if categories.isEmpty { categories = other.categories }
    if code.isEmpty { code = other.code }
    published = published ?? other.published
    votes = votes ?? other.votes
    abstract = abstract ?? other.abstract
  }
}
