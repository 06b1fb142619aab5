import Papers
import Store

/// A plain in-memory reading list: what the library must be equal to after every step. Undo is a
/// stack of whole states, so it shares no idea with the library's.
struct ReferenceList {
  struct Entry: Equatable {
    var content = PaperContent()
    var status = ReadingStatus.unread
    var starred = false
    var tags = Set<String>()
    var notes: [String: String] = [:]
    var appearances: [String: Int] = [:]
    var isOnList = false

    var isListed: Bool {
      isOnList || status != .unread || starred || !tags.isEmpty || !notes.isEmpty
    }
  }

  typealias State = [String: Entry]

  var state: State = [:]
  private var done: [(before: State, after: State)] = []
  private var undone: [(before: State, after: State)] = []

  /// Does one operation, unless it changes nothing.
  mutating func act(_ change: (inout State) -> Void) {
    let before = state
    change(&state)
    guard state != before else { return }
    done.append((before, state))
    undone = []
  }

  mutating func undo() -> Bool {
    guard let last = done.popLast() else { return false }
    state = last.before.merging(kept(from: last.after, without: last.before)) { old, _ in old }
    undone.append(last)
    return true
  }

  mutating func redo() -> Bool {
    guard let next = undone.popLast() else { return false }
    state = next.after
    done.append(next)
    return true
  }

  /// What a digest said of a paper stays known, off the list, when its import is undone.
  private func kept(from after: State, without before: State) -> State {
    after.filter { before[$0.key] == nil }.mapValues { Entry(content: $0.content) }
  }
}
