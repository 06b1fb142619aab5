import Arrivals
import Papers
import Store

/// One run of `fetch`: every source once, then the titles that papers added by hand lack.
///
/// Invariant: one run at a time a home, so that no server is asked twice.
struct Fetching {
  /// What became of it.
  private(set) var outcome = FetchOutcome()
  private let session: Session
  private let library: Library
  private let isRehearsal: Bool
  private let ticker: FetchTicker
  private let courier: Courier

  init(_ session: Session, _ library: Library, isRehearsal: Bool) throws {
    self.session = session
    self.library = library
    self.isRehearsal = isRehearsal
    let ticker = FetchTicker(session.world)
    self.ticker = ticker
    let hosts = try library.read { try $0.remembered(KnownSource.hostsKey) }
    courier = Courier(session.world, HostMemory(kept: hosts)) { ticker.tick() }
    outcome.isRehearsed = isRehearsal
  }

  /// Asks sources.
  /// - Parameters:
  ///   - names: which; all where none is named.
  ///   - since: the first day that is wanted, where the person names one.
  mutating func run(_ names: [String], since: PaperDate?) throws {
    defer { ticker.end() }
    let world = session.world
    let all = try library.read { try KnownSource.all($0, world) }
    let moment = SourceMoment(
      now: world.now(), today: world.today, since: since, isNamed: !names.isEmpty)
    let plans = try KnownSource.named(names, among: all).map { known in
      let source = known.source(session.features)
      return (known: known, source: source, plan: source?.plan(known.state, moment))
    }
    ticker.begin(of: plans.reduce(0) { $0 + ($1.plan?.asks.count ?? 0) })
    for (known, source, plan) in plans {
      guard let source, let plan else {
        var unknown = SourceOutcome(known.name)
        unknown.failures = [
          Failure(
            .configuration, "this shelf does not know how to ask “\(known.what)”",
            advice: "install the newer version on this machine too")
        ]
        outcome.sources.append(unknown)
        continue
      }
      ticker.name(known.name)
      var run = try SourceRun(
        known, source, session, library, courier, moment, isRehearsal: isRehearsal)
      try run.run(plan) { ticker.advance() }
      outcome.sources.append(run.outcome)
      outcome.added.add(run.added)
      outcome.operations += run.operations
    }
    if names.isEmpty, !isRehearsal { try fillTitles() }
  }

  private mutating func fillTitles() throws {
    ticker.name("titles")
    let found = try TitleLookup(session, courier).fill(library)
    outcome.titled = found
    if found.count > 0 { outcome.operations += 1 }
  }
}

/// How far a fetch is, on a terminal.
final class FetchTicker {
  private let world: World
  private var progress: Progress

  init(_ world: World) {
    self.world = world
    progress = Progress(world, total: 0)
  }

  /// So many things will be asked.
  func begin(of total: Int) { progress = Progress(world, total: total) }
  /// This source is asked.
  func name(_ name: String) { progress.label = "asking " + Printable.line(name) }
  /// One thing was asked.
  func advance() { progress.advance(by: 1) }
  /// Something is still waited for.
  func tick() { progress.advance(by: 0) }
  /// All was asked.
  func end() { progress.clear() }
}
