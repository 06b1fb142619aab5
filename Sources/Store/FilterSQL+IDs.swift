import Changes
import Filters
import JSONText
import Papers

extension FilterSQL {
  /// Any of the papers that these names mean: one list for SQLite to look into, however many they
  /// are.
  /// - Throws: what ``LibraryReader/resolve(_:in:)`` throws.
  func papers(_ names: [String]) throws -> Fragment {
    // Nearly all are whole ids; only the others are looked up one by one.
    let whole = names.map { $0.hasPrefix("%") ? nil : PaperID(link: $0)?.rawValue }
    let missing = try unlisted(whole.compactMap(\.self))
    var ids: [String] = []
    for (name, id) in zip(names, whole) {
      if let id, !missing.contains(ByteText(id)) {
        ids.append(id)
      } else {
        ids.append(try reader.resolve(name, in: context).rawValue)
      }
    }
    return Fragment(
      sql: "p.id IN (SELECT value FROM json_each(?))", arguments: [SQLValue(Self.json(ids))])
  }

  private func unlisted(_ ids: [String]) throws -> Set<ByteText> {
    var missing = Set<ByteText>()
    try reader.db.forEach(
      """
      SELECT value FROM json_each(?)
      WHERE NOT EXISTS (SELECT 1 FROM paper WHERE id = value AND listed = 1)
      """, [SQLValue(Self.json(ids))]
    ) { missing.insert(ByteText(try $0.text(0))) }
    return missing
  }

  private static func json(_ ids: [String]) -> String {
    var json = JSONTextWriter()
    json.array { json in for id in ids { json.string(id) } }
    return json.text
  }
}

extension [Filter] {
  /// The names of papers among them, and the rest.
  var splitIDs: (named: [String], others: [Filter]) {
    var (named, others): ([String], [Filter]) = ([], [])
    for part in self {
      if case .id(let name, _) = part { named.append(name) } else { others.append(part) }
    }
    return (named, others)
  }
}
