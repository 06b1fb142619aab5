import Arrivals
import Filters
import Papers
import Store

/// A source as the library and this machine know it.
struct KnownSource {
  /// Its name.
  let name: String
  /// What is asked, as the person wrote it.
  let what: String
  /// How far this machine came with it.
  var state: SourceState

  /// The sources of a library, by name, as they are believed now.
  static func all(_ reader: LibraryReader, _ world: World) throws -> [KnownSource] {
    try reader.sources().map { name, what in
      let state = SourceState(what: what, kept: try reader.remembered(stateKey(name)))
      return KnownSource(
        name: name, what: what, state: state.believed(at: world.now(), world.today))
    }
  }

  /// Under what its state is remembered, and what of its pages.
  static func stateKey(_ name: String) -> String { "state:" + name }
  static func pagesKey(_ name: String) -> String { "pages:" + name }
  /// Under what it is remembered what hosts asked for.
  static let hostsKey = "hosts"

  /// The source; nil where this build does not know how to ask it.
  func source(_ features: Features) -> (any Source)? {
    try? SourceKinds.source(what, among: features.sourceKinds)
  }

  /// The day since which it brought nothing, where that is longer than usual.
  func staleSince(_ today: PaperDate, _ features: Features) -> PaperDate? {
    state.staleSince(today, patience: source(features)?.patience)
  }

  /// A line for the dashboard; nil where all is well.
  func attention(_ today: PaperDate, _ features: Features) -> String? {
    if state.failures >= SourceState.manyFailures {
      return "source \(name) failed \(state.failures) times: shelf source list"
    }
    return staleSince(today, features).map {
      "source \(name) brought nothing new since \($0): shelf source list"
    }
  }

  /// Those that words name, in their order; all where none is named.
  /// - Throws: ``Failure`` for a name that there is not.
  static func named(_ names: [String], among known: [KnownSource]) throws -> [KnownSource] {
    guard !names.isEmpty else { return known }
    return try names.map { name in
      guard let found = known.first(where: { $0.name.composed.hasBytes(of: name.composed) }) else {
        let nearest = Spelling.closest(to: name, among: known.map(\.name))
        throw Failure(
          .notFound, "there is no source “\(name)”",
          advice: nearest.map { "did you mean “\($0)”?" } ?? "`shelf source list` shows them")
      }
      return found
    }
  }
}
