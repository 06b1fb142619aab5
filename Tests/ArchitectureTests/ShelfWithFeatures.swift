import Foundation
import Store
import TestSupport

@testable import shelf

/// The commands of a build that knows something more, in a home of its own, as if typed.
final class ShelfWithFeatures {
  let folder: TemporaryFolder
  private let features: Features

  init(_ features: Features) throws {
    folder = try TemporaryFolder()
    self.features = features
  }

  /// Runs a command.
  /// - Returns: what it printed.
  @discardableResult
  func run(_ words: String...) throws -> String {
    let file = folder.path + "/printed"
    let descriptor = open(file, O_CREAT | O_RDWR | O_TRUNC, 0o600)
    defer { close(descriptor) }
    let session = Session(world, home: folder.path, features, output: descriptor)
    _ = try CommandTree.parse(words).run(session)
    try session.flush()
    return try String(contentsOfFile: file, encoding: .utf8)
  }

  /// The library.
  func library() throws -> Library { try Session(world, home: folder.path, features).library() }

  /// A file in the home.
  func file(_ name: String, _ text: String) throws -> String {
    let path = folder.path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private var world: World {
    var world = World.real
    // Nothing leaves the machine: nobody listens there.
    world.variable = { $0 == "SHELF_LOOPBACK" ? "1" : nil }
    world.isTerminal = { _ in false }
    world.machineName = { "desk" }
    return world
  }
}
