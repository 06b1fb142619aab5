import Foundation
import Papers
import Store
import Synchronization

/// A folder that goes when the test ends, with a library whose clock and randomness are set.
package final class Workspace: Sendable {
  /// The folder.
  package let url: URL
  private let clock = Mutex<Int64>(1_760_000_000_000)
  private let generator: Mutex<SeededGenerator>

  /// A fresh folder.
  package init(seed: UInt64 = 1) throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("papershelf-test-\(UUID().uuidString)")
    generator = Mutex(SeededGenerator(seed: seed))
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Moves the clock.
  package func advance(by milliseconds: Int64) { clock.withLock { $0 += milliseconds } }

  /// A clock that steps one millisecond a reading, randomness from the seed.
  package var surroundings: Surroundings {
    Surroundings(
      now: {
        self.clock.withLock {
          $0 += 1; return $0
        }
      },
      random: { self.generator.withLock { $0.next() } }, machineName: "desk")
  }

  /// The library in this folder.
  package func library(
    _ name: String = "library.sqlite", mode: Library.Mode = .readWrite
  ) throws
    -> Library
  {
    try Library(
      at: url.appendingPathComponent(name).path, mode: mode, surroundings: surroundings)
  }

  /// Filters without a listing, on a fixed day, in UTC.
  package var context: FilterContext {
    FilterContext(
      today: PaperDate(trusted: "2025-10-09"),
      startOfDay: { Int64(CalendarDay($0).number) * 86_400_000 })
  }
}
