import Filters
import Glibc
import Papers
import Store

/// A few lines that each terminal has of its own: what it listed last. A snapshot: it never moves
/// when the library changes, or another terminal lists something else. Whoever is used from no
/// terminal at all has one together. What may be forgotten: no failure to keep it fails a command.
final class TerminalMemory {
  /// At most so many terminals are remembered.
  static let terminals = 32

  /// Whether what is printed now is what the lines will speak of: on a terminal, or where there is
  /// none. What a pipe is filled with on a terminal nobody sees in rows.
  let isKept: Bool
  private let path: String
  private let folder: String
  /// The lines kept last.
  private(set) lazy var lines: [Substring] =
    (try? Files.text(path))?.split(separator: "\n", omittingEmptySubsequences: true) ?? []

  /// The memory of the terminal this process is used from.
  /// - Parameter name: of the folder in which all terminals have theirs.
  init(_ name: String, _ paths: Paths, _ world: World) {
    let terminal = world.terminal()
    folder = Paths.join(paths.state, name)
    path = Paths.join(folder, terminal ?? "none")
    isKept = terminal == nil || world.isTerminal(STDOUT_FILENO)
  }

  /// Keeps lines instead of those before.
  func keep(_ lines: [String]) {
    guard isKept else { return }
    SmallFiles(folder: folder, count: Self.terminals).keep(lines, in: path)
  }
}

/// The rows of the last `list`, `search` or dashboard of this terminal, so that `%3` names the
/// third.
final class LastListing {
  /// At most so many rows are kept.
  static let capacity = RowName.greatest
  private let memory: TerminalMemory

  /// The listing of the terminal this process is used from.
  init(_ paths: Paths, _ world: World) { memory = TerminalMemory("listings", paths, world) }

  /// Whether a listing that is printed now is the one that `%3` will speak of.
  var isKept: Bool { memory.isKept }

  /// The paper in a row (1…); nil when there is none.
  func paper(row: Int) -> PaperID? {
    memory.lines.indices.contains(row - 1) ? PaperID(link: String(memory.lines[row - 1])) : nil
  }

  /// Keeps the first rows of a listing.
  func keep(_ rows: [PaperID]) { memory.keep(rows.prefix(Self.capacity).map(\.rawValue)) }
}
