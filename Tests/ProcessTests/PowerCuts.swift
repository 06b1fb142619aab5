import TestSupport
import Testing

/// Cuts of the power at random places of a life.
final class PowerCuts {
  /// One cut.
  struct Cut: CustomStringConvertible {
    var seed: UInt64
    var number: Int
    /// How much of the log had been written.
    var place: Int
    /// The files after it.
    var files: [String: [UInt8]]

    var description: String { "seed \(seed), cut \(number) at \(place)" }
  }

  private let life: RecordedLife
  private let events: [(event: DiskEvent, end: Int)]
  private let seed: UInt64
  private let isLying: Bool
  private var made = 0
  private var harmful = 0

  init(_ life: RecordedLife, seed: UInt64, isLying: Bool = false) throws {
    self.life = life
    self.isLying = isLying
    self.seed = seed
    events = try life.events()
    guard !isLying else { return }
    // The record is complete when it gives the very files that are there.
    var disk = SimulatedDisk()
    for (event, _) in events { try disk.apply(event) }
    let isShared = { (path: String) in path.hasSuffix("-shm") }
    let told = disk.files().filter { !isShared($0.key) }
    let real = try life.files().filter { !isShared($0.key) }
    #expect(Set(told.keys) == Set(real.keys), "the record misses files")
    for (path, bytes) in real { #expect(told[path] == bytes, "the record misses some of \(path)") }
  }

  /// Makes so many cuts, in the order of time, and checks each.
  /// - Parameters:
  ///   - home: whose commands are cut; nil for all.
  ///   - kept: homes whose files keep all that was written.
  ///   - also: a folder that loses its power half the time.
  func make(
    _ count: Int, of home: String? = nil, after: Int = 0, keeping kept: [String] = [],
    orAlso also: String? = nil, _ check: (Cut) throws -> Void
  ) throws {
    var generator = SeededGenerator(seed: seed)
    var disk = SimulatedDisk()
    disk.isLying = isLying
    var done = 0
    for place in places(count, home, after, &generator) {
      while done < place {
        try disk.apply(events[done].event)
        done += 1
      }
      made += 1
      let whole = disk.files()
      var files = disk.filesAfterCut(&generator)
      var safe = kept
      if let also, Bool.random(using: &generator) { safe.append(also) }
      for folder in safe.map({ life.disk + "/\($0)/" }) {
        files = files.filter { !$0.key.hasPrefix(folder) }
        files.merge(whole.filter { $0.key.hasPrefix(folder) }) { $1 }
      }
      if files != whole { harmful += 1 }
      try life.lay(files)
      try check(Cut(seed: seed, number: made, place: events[place - 1].end, files: files))
    }
  }

  /// Places in the record, ascending; one in three just after a command returned.
  private func places(
    _ count: Int, _ home: String?, _ after: Int, _ generator: inout SeededGenerator
  ) -> [Int] {
    let steps = life.steps.filter { (home == nil || $0.home == home) && $0.end > after }
    var places: [Int] = []
    while places.count < count {
      guard let step = steps.randomElement(using: &generator) else { break }
      let inside = events.indices.filter {
        step.start < events[$0].end && events[$0].end <= step.end
      }
      guard let last = inside.last, let any = inside.randomElement(using: &generator)
      else { continue }
      places.append(Int.random(in: 0..<3, using: &generator) == 0 ? last + 1 : any + 1)
    }
    return places.sorted()
  }

  /// Says how many cuts lost something.
  func report(_ what: String) {
    print("power cuts, \(what): \(made) made, \(harmful) lost something that was not flushed")
    #expect(harmful * 4 > made, "hardly any cut lost anything")
  }
}
