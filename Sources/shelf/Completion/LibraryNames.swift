import Changes
import Filters
import Papers
import Store

/// The names that a library and a configuration hold, for completion. Each is a few lookups in an
/// index: what a key press may cost does not grow with the library.
struct LibraryNames {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// The words of filters.
  var vocabulary: FilterVocabulary { session.registers.vocabulary }

  /// Papers whose id begins so; of no beginning, the newest.
  func papers(_ prefix: String) throws -> [Completion.Candidate] {
    try names { try $0.papers(beginningWith: prefix, limit: Completion.most) }
      .map { .init(text: $0.id.rawValue, about: $0.title) }
  }

  /// Notes whose id begins so.
  func notes(_ prefix: String) throws -> [Completion.Candidate] {
    try names { try $0.notes(beginningWith: prefix, limit: Completion.most) }
      .map { .init(text: $0.id, about: $0.text) }
  }

  /// Tags that begin so.
  func tags(_ prefix: String) throws -> [String] {
    try names { try $0.tags(beginningWith: prefix, limit: Completion.most) }
  }

  /// The views, those of config.toml included.
  func views() throws -> [Completion.Candidate] {
    let configured = configuration.views.sorted { $0.key < $1.key }
    let saved = try names { try $0.views() }
    return (saved.map { ($0.name, $0.filter) } + configured.map { ($0.key, $0.value) })
      .map { .init(text: $0.0, about: $0.1) }
  }

  /// The sources that are followed.
  func sources() throws -> [Completion.Candidate] {
    try names { try $0.sources() }.map { .init(text: $0.name, about: $0.what) }
  }

  /// The series of digests, the newest first.
  func series() throws -> [String] { try names { try $0.recentSeries() } }

  /// The newest days of digests.
  func days() throws -> [String] { try names { try $0.recentDays(limit: 30) } }

  /// The newest digests as `digest:` names them.
  func digests() throws -> [String] {
    try names { try $0.recentDigests(limit: 60) }
  }

  /// The machines, by name.
  func machines() throws -> [Completion.Candidate] {
    try names { Array(try $0.machineNames().values) }.sorted().map { .init(text: $0) }
  }

  /// The remotes.
  var remotes: [Completion.Candidate] {
    configuration.remotes.sorted { $0.key < $1.key }.map { name, keys in
      guard case .text(let url) = keys["url"] else { return .init(text: name) }
      return .init(text: name, about: url)
    }
  }

  private var configuration: Configuration {
    (try? session.configuration()) ?? Configuration()
  }

  private func names<Name>(_ body: (LibraryReader) throws -> [Name]) throws -> [Name] {
    try session.glance()?.read(body) ?? []
  }
}
