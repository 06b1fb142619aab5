import Changes

/// What a build of Papershelf knows of libraries: its tables, and the kinds of change it can read.
package struct Build: Sendable {
  /// Each brings the tables from the version before to its own.
  package var migrations: [(version: Int, sql: String)]
  /// Raised whenever a build learns a new kind of change.
  package var understands: Int
  /// The kinds of change, by entity and field, that a test's older build does not know; nil for none.
  package var isUnknown: (@Sendable (_ entity: String, _ field: String) -> Bool)?
  /// Rules taken away by a test.
  package var weaknesses: Set<Weakness> = []

  /// This build.
  package static let this = Build(migrations: Schema.migrations, understands: 1)

  /// The version of the tables.
  var version: Int { migrations.last?.version ?? 0 }

  /// A build with everything said.
  package init(migrations: [(version: Int, sql: String)], understands: Int) {
    self.migrations = migrations
    self.understands = understands
  }

  /// The meaning of a change to this build; nil when it does not know it.
  func fact(_ entity: String, _ field: String, _ value: String) -> Fact? {
    if let isUnknown, isUnknown(entity, field) { return nil }
    return Fact(entity: entity, field: field, value: value)
  }

  /// What of these this build can fold.
  func known(_ entries: [ChangeLog.Entry]) -> [ChangeLog.Entry] {
    guard let isUnknown else { return entries }
    return entries.filter { !isUnknown($0.change.entity, $0.change.field) }
  }
}
