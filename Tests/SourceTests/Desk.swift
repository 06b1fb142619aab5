import ArgumentParser
import Foundation
import Papers
import Store
import TestSupport

@testable import shelf

/// A clock that goes on only when somebody waits, or the test sets it.
final class HandClock: Sendable {
  private struct State {
    var now: Int64
    var slept: [Double] = []
  }
  private let lock = NSLock()
  nonisolated(unsafe) private var state: State

  /// - Parameter text: `2026-06-01T08:00:00Z`
  init(_ text: String) { state = State(now: Timestamp.milliseconds(text) ?? 0) }

  private func locked<Value>(_ body: (inout State) -> Value) -> Value {
    lock.lock()
    defer { lock.unlock() }
    return body(&state)
  }

  var now: Int64 { locked { $0.now } }
  /// All waits, in seconds.
  var slept: [Double] { locked { $0.slept } }
  func set(_ text: String) { locked { $0.now = Timestamp.milliseconds(text) ?? 0 } }
  func pass(hours: Double) { locked { $0.now += Int64(hours * 3_600_000) } }
  func sleep(_ seconds: Double) {
    locked {
      $0.slept.append(seconds)
      $0.now += Int64((seconds * 1000).rounded(.up))
    }
  }
}

/// One machine: the commands of shelf run in a home of its own, by a clock that a test sets, with
/// all of the network at one port of loopback.
final class Desk {
  /// What one command left behind.
  struct Run {
    var status: ExitStatus
    var out: String
    var notes: String
    var object: [String: Any] {
      (try? JSONSerialization.jsonObject(with: Data(out.utf8))) as? [String: Any] ?? [:]
    }
    var array: [[String: Any]] {
      (try? JSONSerialization.jsonObject(with: Data(out.utf8))) as? [[String: Any]] ?? []
    }
  }

  let folder: TemporaryFolder
  let clock: HandClock
  private let name: String
  private let port: UInt16
  private let features: Features
  private let seed: SeededGeneratorBox

  init(
    _ name: String = "desk", _ clock: HandClock, _ port: UInt16, _ features: Features = .standard
  ) throws {
    folder = try TemporaryFolder()
    self.name = name
    self.clock = clock
    self.port = port
    self.features = features
    seed = SeededGeneratorBox(UInt64(name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
  }

  /// Runs a command.
  @discardableResult
  func run(_ words: String...) throws -> Run { try run(words) }

  @discardableResult
  func run(_ words: [String]) throws -> Run {
    let files = ["out", "notes"].map { folder.path + "/printed-" + $0 }
    let open = files.map { Glibc.open($0, O_CREAT | O_RDWR | O_TRUNC, 0o600) }
    defer { for descriptor in open { close(descriptor) } }
    let session = Session(
      world, home: folder.path, features, output: open[0], errors: open[1])
    var status: ExitStatus
    do {
      status = try CommandTree.parse(words).run(session)
      try session.flush()
    } catch {
      try session.flush()
      status = session.report(Failure(error))
    }
    let texts = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
    return Run(status: status, out: texts[0], notes: texts[1])
  }

  /// A file in the home.
  @discardableResult
  func file(_ name: String, _ text: String) throws -> String {
    let url = URL(fileURLWithPath: folder.path + "/" + name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  /// How many papers fit a filter.
  func count(_ filter: String...) throws -> Int {
    Int(try run(["count"] + filter).out.filter { $0 != "\n" }) ?? -1
  }

  /// The library.
  func library() throws -> Library { try Session(world, home: folder.path, features).library() }

  private var world: World {
    var world = World.real
    let (clock, name, home, port, seed) = (clock, name, folder.path, port, seed)
    world.variable = { variable in
      switch variable {
      case "SHELF_LOOPBACK": String(port)
      case "HOME": home
      default: nil
      }
    }
    world.isTerminal = { _ in false }
    world.machineName = { name }
    world.now = { clock.now }
    world.sleep = { clock.sleep($0) }
    world.random = { seed.next() }
    world.zone = { _ in 0 }
    world.startOfDay = { Int64(CalendarDay($0).number) * 86_400_000 }
    return world
  }
}

/// Numbers of a seed, for several threads.
final class SeededGeneratorBox: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var generator: SeededGenerator
  init(_ seed: UInt64) { generator = SeededGenerator(seed: seed) }
  func next() -> UInt64 {
    lock.lock()
    defer { lock.unlock() }
    return generator.next()
  }
}
