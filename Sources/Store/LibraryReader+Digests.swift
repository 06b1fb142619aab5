import Changes
import Papers

/// One day of a series: which papers stood where.
package struct DigestPlaces: Hashable, Sendable {
  /// The place of each paper.
  package var places: [PaperID: Int]

  /// These papers.
  package init(_ places: [PaperID: Int]) { self.places = places }

  /// Those no farther down than the last of another.
  package func beginning(asFarAs other: DigestPlaces) -> DigestPlaces {
    let last = other.places.values.max() ?? 0
    return DigestPlaces(places.filter { $0.value <= last })
  }

  /// Whether two of the same day are one digest: nearly the same papers in the same order. It may
  /// have been published again with one paper more; another series that has some of the papers,
  /// too, is another.
  package func isSame(as other: DigestPlaces) -> Bool {
    let shared = places.keys.filter { other.places[$0] != nil }
      .sorted { (places[$0] ?? 0, $0.rawValue) < (places[$1] ?? 0, $1.rawValue) }
    guard Self.isNearly(places.count, other.places.count, shared: shared.count) else {
      return false
    }
    let order = shared.compactMap { other.places[$0] }
    let steps = zip(order, order.dropFirst()).count { $0 > $1 }
    return steps <= shared.count / 10
  }

  /// Whether digests of so many papers, of which so many are the same, are nearly the same.
  static func isNearly(_ a: Int, _ b: Int, shared: Int) -> Bool {
    let allowed = max(shared > 1 ? 1 : 0, max(a, b) / 10)
    return shared > 0 && a + b - 2 * shared <= allowed
  }
}

extension LibraryReader {
  /// The series that have this day and may be the same digest as one of so many papers, each with
  /// its papers.
  /// - Parameter isWhole: whether these are all of its papers, or the first.
  package func digests(
    of day: PaperDate, papers count: Int, isWhole: Bool
  ) throws -> [(source: String, digest: DigestPlaces)] {
    let sizes = try db.all(
      "SELECT source, count(*) FROM appearance WHERE day = ? GROUP BY source ORDER BY source",
      [SQLValue(day.text)]
    ) { (source: try $0.text(0), papers: Int($0.integer(1))) }
    return try sizes.filter {
      !isWhole && $0.papers > count
        || DigestPlaces.isNearly(count, $0.papers, shared: min(count, $0.papers))
    }.map { source, _ in
      var places: [PaperID: Int] = [:]
      try db.forEach(
        """
        SELECT p.id, a.position FROM appearance a JOIN paper p ON p.number = a.paper
        WHERE a.day = ? AND a.source = ?
        """, [SQLValue(day.text), SQLValue(source)]
      ) { places[PaperID(trusted: try $0.text(0))] = Int($0.integer(1)) }
      return (source, DigestPlaces(places))
    }
  }

  /// How many days of series are there a second time under another name, from another machine.
  func twins() throws -> Int {
    let pairs = try db.all(
      """
      SELECT a.day, a.source, b.source, count(*),
        (SELECT count(*) FROM appearance c WHERE c.day = a.day AND c.source = a.source),
        (SELECT count(*) FROM appearance c WHERE c.day = a.day AND c.source = b.source)
      FROM appearance a JOIN appearance b
        ON b.paper = a.paper AND b.day = a.day AND b.source > a.source AND b.position = a.position
      WHERE a.day IN (
        SELECT day FROM appearance WHERE day <> '' GROUP BY day HAVING min(source) < max(source))
      GROUP BY a.day, a.source, b.source
      """
    ) { row in
      (
        twin: try row.text(0) + "/" + row.text(2), shared: Int(row.integer(3)),
        sizes: (Int(row.integer(4)), Int(row.integer(5)))
      )
    }
    let same = pairs.filter { DigestPlaces.isNearly($0.sizes.0, $0.sizes.1, shared: $0.shared) }
    return Set(same.map { ByteText($0.twin) }).count
  }
}
