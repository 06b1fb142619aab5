import CSQLite
import Changes
import Foundation
import Papers
import Synchronization
import TestSupport
import Testing

@testable import Store

/// What one edit costs does not grow with what was ever done: counted in the steps of SQLite's
/// machine
/// (https://sqlite.org/c3ref/c_stmtstatus_counter.html), which are the same in every run.
@Suite struct GrowthTests {
  private let papers = (0..<10).map { PaperID(trusted: "2510.0000\($0)") }

  /// A library with so many operations of this machine and of another.
  private func library(operations count: Int) throws -> Library {
    let library = try Library(inMemory: try Workspace().surroundings)
    try library.record("import") { recorder in
      for id in papers { try recorder.write([.added(id, 5)]) }
    }
    let fact = Fact.operation(OperationHeader(what: "star"))
    try library.receive(
      (0..<count).map { index in
        let stamp = Stamp(milliseconds: Int64(index), counter: 0, device: DeviceID(bits: 7))
        return Change(
          stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: fact.value)
      })
    // As if they had been done here: of each its row, which is all that undo looks at.
    try library.write { db in
      try db.run(
        """
        INSERT INTO operation (ms, counter, device, mine, kind, what, state, first, last)
        SELECT ms, 1, device, 1, 'do', 'star', number % 3 = 0, 1, 0 FROM operation WHERE mine = 0
        """)
      return (.commit, ())
    }
    return library
  }

  /// The steps that a piece of work takes.
  private func steps(_ library: Library, _ body: () throws -> Void) rethrows -> Int {
    func count() -> Int {
      var sum = 0
      var statement = sqlite3_next_stmt(library.database.handle, nil)
      while let one = statement {
        sum += Int(sqlite3_stmt_status(one, SQLITE_STMTSTATUS_VM_STEP, 1))
        statement = sqlite3_next_stmt(library.database.handle, one)
      }
      return sum
    }
    _ = count()
    try body()
    return count()
  }

  enum Work: String, CaseIterable {
    case receive = "bring one change", edit = "one edit", undo, redo
    case send = "what is new to sync"
  }

  private func perform(_ work: Work, _ library: Library, _ turn: Int) throws {
    switch work {
    case .receive:
      let facts: [Fact] = [
        .operation(OperationHeader(what: "star")), .starred(papers[turn], true),
      ]
      let stamps = (0..<2).map { index in
        Stamp(
          milliseconds: 1_770_000_000_000, counter: UInt32(2 * turn + index),
          device: DeviceID(bits: 8))
      }
      try library.receive(
        zip(stamps, facts).map { stamp, fact in
          Change(
            stamp: stamp, operation: stamps[0], entity: fact.entity, field: fact.field,
            value: fact.value)
        })
    case .edit: try library.record("mark") { try $0.write([.status(papers[turn], .read)]) }
    case .undo: _ = try library.undo()
    case .redo: _ = try library.redo()
    case .send: _ = try library.changes(after: try library.lastPlace() - 1, limit: 100)
    }
  }

  @Test("It costs what it did when there was little", arguments: Work.allCases)
  func itCostsWhatItDid(_ work: Work) throws {
    let costs = try [20, 20_000].map { count in
      let library = try library(operations: count)
      // The first time statements are compiled, and the machine says its name.
      for turn in 0..<3 {
        try library.record("mark") { try $0.write([.starred(papers[9 - turn], true)]) }
      }
      _ = try library.undo(2)
      try perform(work, library, 0)
      return try steps(library) { try perform(work, library, 1) }
    }
    #expect(costs[0] > 0)
    #expect(costs[1] <= costs[0] * 3 / 2 + 50, "\(work.rawValue): \(costs)")
  }

  private final class Writer: Sendable {
    let isDone = Atomic(false)
    let written = Atomic(0)
  }

  /// One that writes all the time is no damage.
  @Test func aLibraryThatSomebodyWritesAllTheTimeIsWhole() throws {
    let workspace = try Workspace()
    let path = workspace.url.path + "/library.sqlite"
    let library = try workspace.library()
    let papers = papers
    try library.record("import") { recorder in
      for id in papers { try recorder.write([.added(id, 5)]) }
    }
    let writer = Writer()
    let ended = DispatchSemaphore(value: 0)
    // So many writes a look: whoever writes without a pause can keep everybody else out for longer
    // than anybody waits.
    let permits = DispatchSemaphore(value: 0)
    let surroundings = workspace.surroundings
    Thread.detachNewThread {
      defer { ended.signal() }
      guard let other = try? Library(at: path, surroundings: surroundings) else { return }
      var turn = 0
      while true {
        permits.wait()
        if writer.isDone.load(ordering: .relaxed) { return }
        turn += 1
        let id = papers[turn % papers.count]
        let note = NoteVersion(text: "words \(turn)")
        let isWritten = try? other.record("note") {
          try $0.write([.note(id, id: "aaaa", note), .starred(id, turn.isMultiple(of: 2))])
        }
        if isWritten != nil { writer.written.add(1, ordering: .relaxed) }
      }
    }
    var looks = 0
    while looks < 40 || writer.written.load(ordering: .relaxed) < 40 {
      looks += 1
      for _ in 0..<20 { permits.signal() }
      let problems = try library.problems()
      #expect(problems == [])
      if !problems.isEmpty || looks > 4000 { break }
    }
    writer.isDone.store(true, ordering: .relaxed)
    permits.signal()
    ended.wait()
    #expect(writer.written.load(ordering: .relaxed) >= 40)
  }
}
