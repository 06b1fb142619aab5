import Changes
import Papers
import Store
import Sync
import Synchronization
import TestSupport

/// One simulated machine.
final class SimDevice {
  let name: String
  var identity: String
  var library: Library
  var backup: Library?
  private let clock: Clock
  /// What was told to the person as done, by the words of its operation: its changes but for content.
  var acknowledged: [String: Set<Acknowledged>] = [:]

  struct Acknowledged: Hashable {
    var entity: String
    var field: String
    var value: String
  }

  private final class Clock: Sendable {
    let now: Mutex<Int64>
    let random: Mutex<SeededGenerator>

    init(now: Int64, seed: UInt64) {
      self.now = Mutex(now)
      random = Mutex(SeededGenerator(seed: seed))
    }
  }

  init(_ name: String, seed: UInt64, copying original: Library? = nil) throws {
    self.name = name
    identity = name
    let clock = Clock(now: 1_760_000_000_000, seed: seed)
    self.clock = clock
    library = try Library(inMemory: Self.surroundings(name, clock), copying: original)
  }

  var surroundings: Surroundings { Self.surroundings(name, clock) }

  private static func surroundings(_ name: String, _ clock: Clock) -> Surroundings {
    Surroundings(
      now: {
        clock.now.withLock {
          $0 += 7; return $0
        }
      }, random: { clock.random.withLock { $0.next() } }, machineName: name)
  }

  func jump(_ milliseconds: Int64) {
    clock.now.withLock { $0 = min(max(0, $0 + milliseconds), 4_000_000_000_000) }
  }

  func takeBackup() throws { backup = try Library(inMemory: surroundings, copying: library) }

  /// Back to the backup; what was done since may be gone.
  func restore() throws -> Set<String> {
    guard let backup else { return [] }
    let before = try Self.operations(in: library)
    library = try Library(inMemory: surroundings, copying: backup)
    return before.subtracting(try Self.operations(in: library))
  }

  /// The words of all operations a library knows.
  static func operations(in library: Library) throws -> Set<String> {
    Set(try library.read { try $0.operations() }.map(\.what))
  }

  /// Every change a library holds, by the words of its operation.
  static func changes(in library: Library) throws -> [String: Set<Acknowledged>] {
    let operations = try library.read { try $0.operations() }
    let words = Dictionary(
      operations.map { ($0.stamp, $0.what) }, uniquingKeysWith: { first, _ in first })
    var changes: [String: Set<Acknowledged>] = [:]
    for (_, change) in try library.changes(after: 0, limit: .max)
    where !["content", "did", "name"].contains(change.field) {
      let item = Acknowledged(entity: change.entity, field: change.field, value: change.value)
      changes[words[change.operation] ?? "", default: []].insert(item)
    }
    return changes
  }

  // MARK: Edits

  /// Does an edit; its words are unique, so that it can be found again everywhere.
  func edit(_ edit: Step.Edit, _ number: UInt64, words: String) throws {
    let last = try library.lastPlace()
    switch edit {
    case .undo: _ = try? library.undo()
    case .redo: _ = try? library.redo()
    case .future: try receiveFromFuture(number)
    default: try library.record(words) { try $0.write([fact(edit, number)]) }
    }
    guard ![.undo, .redo, .future].contains(edit) else { return }
    for (_, change) in try library.changes(after: last, limit: .max)
    where !["content", "did", "name"].contains(change.field) {
      acknowledged[words, default: []].insert(
        Acknowledged(entity: change.entity, field: change.field, value: change.value))
    }
  }

  private func fact(_ edit: Step.Edit, _ number: UInt64) -> Fact {
    let paper = PaperID(trusted: "2509.0000\(number % 3)")
    let choice = Int(number / 3 % 3)
    let text = "line \(number % 5)\nmiddle\nline \(number % 7)"
    switch edit {
    case .add: return .added(paper, Int64(number))
    case .content:
      return .content(paper, DigestContent(PaperContent(title: "T\(number % 9)", summary: text)))
    case .star: return .starred(paper, choice != 0)
    case .tag: return .tag(paper, Tag(trusted: ["kv", "ml/x", "字"][choice]), true)
    case .untag: return .tag(paper, Tag(trusted: ["kv", "ml/x", "字"][choice]), false)
    case .note: return .note(paper, id: "note\(choice)", NoteVersion(text: text))
    case .eraseNote: return .note(paper, id: "note\(choice)", NoteVersion(text: nil))
    case .view: return .view("v\(choice)", number % 4 == 0 ? nil : "tag:t\(number % 5)")
    default:
      let all = ReadingStatus.allCases
      return .status(paper, all[Int(number % UInt64(all.count))])
    }
  }

  /// A change of a build that knows more than this one.
  private func receiveFromFuture(_ number: UInt64) throws {
    let stamp = Stamp(
      milliseconds: 1_760_000_000_000, counter: UInt32(truncatingIfNeeded: number),
      device: DeviceID(bits: 0xF))
    try library.receive([
      Change(
        stamp: stamp, operation: stamp, entity: "x:\(number % 3)", field: "mood",
        value: "{\"n\": \(number)}")
    ])
  }
}
