import Papers

/// A plain in-memory reading list: what the library must be equal to after every step. Undo is a
/// stack of whole states, so it shares no idea with the library's. Everything compares by bytes.
package struct ReferenceList: Sendable {
  /// One paper.
  package struct Entry: Equatable, Sendable {
    /// See `Paper`.
    package var content = PaperContent()
    /// See `Paper`.
    package var givenTitle: ByteText?
    /// See `Paper`.
    package var status = ReadingStatus.unread
    /// See `Paper`.
    package var starred = false
    /// See `Paper`.
    package var tags = Set<Tag>()
    /// See `Paper`; by id.
    package var notes: [ByteText: ByteText] = [:]
    /// See `Paper`; by what names the digest.
    package var appearances: [ByteText: Int] = [:]
    /// See `Paper`.
    package var isOnList = false

    /// A paper nobody said anything of.
    package init() {}

    /// Whether it is on the list.
    package var isListed: Bool {
      isOnList || status != .unread || starred || !tags.isEmpty || !notes.isEmpty
        || givenTitle != nil
    }
  }

  /// Papers by id.
  package typealias State = [PaperID: Entry]

  /// What holds now.
  package private(set) var state: State = [:]
  private var done: [(before: State, after: State)] = []
  private var undone: [(before: State, after: State)] = []

  /// An empty list.
  package init() {}

  /// Does one operation, unless it changes nothing.
  package mutating func act(_ change: (inout State) -> Void) {
    let before = state
    change(&state)
    guard state != before else { return }
    done.append((before, state))
    undone = []
  }

  /// Takes the last operation back; false when there is none.
  package mutating func undo() -> Bool {
    guard let last = done.popLast() else { return false }
    state = last.before.merging(kept(from: last.after, without: last.before)) { old, _ in old }
    undone.append(last)
    return true
  }

  /// Repeats what was taken back; false when there is nothing.
  package mutating func redo() -> Bool {
    guard let next = undone.popLast() else { return false }
    state = next.after
    done.append(next)
    return true
  }

  /// What a digest said of a paper stays known, off the list, when its import is undone.
  private func kept(from after: State, without before: State) -> State {
    after.filter { before[$0.key] == nil }.mapValues {
      var known = Entry()
      known.content = $0.content
      return known
    }
  }
}
