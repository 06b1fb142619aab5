import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

/// A dry run is the sync itself before a loop that writes nothing: what it tells is what the next
/// sync does.
@Suite struct RehearsalTests {
  private let papers = (1...6).map { "2509.0000\($0)" }

  @Test(arguments: 1...24)
  func itTellsWhatTheNextSyncDoes(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let server = SimServer()
    server.lists = seed % 2 == 0
    let machines = try ["desk", "laptop", "phone"].map { try Machine($0) }
    for machine in machines {
      machine.compactAt = 4
      machine.passphrase = seed % 3 == 0 ? Array("pass".utf8) : nil
    }
    var newest = machines[0].passphrase
    for step in 0..<40 {
      let machine = try #require(machines.randomElement(using: &generator))
      let paper = try #require(papers.randomElement(using: &generator))
      switch Int.random(in: 0..<10, using: &generator) {
      case 0: try machine.add(paper, title: "step \(step)")
      case 1: try machine.tag(paper, "t\(step)")
      case 2: try machine.mark(paper, .read)
      case 3 where step > 20: server.restore([:])
      case 4 where machine.passphrase != nil:
        // Some are told at once, the others when they come to a file they cannot read.
        let new = Array("pass \(step)".utf8)
        machine.passphrase = newest
        guard (try? machine.engine(server).rekey(new)) != nil else { continue }
        newest = new
        for other in machines where other === machine || Bool.random(using: &generator) {
          other.passphrase = new
        }
      case 5 where step > 10: try SyncEngine.forget("home", in: machine.library)
      default: try compare(machine, server, newest: newest, "seed \(seed), step \(step)")
      }
    }
  }

  private func compare(
    _ machine: Machine, _ server: SimServer, newest passphrase: [UInt8]?, _ when: String
  ) throws {
    let (files, dump) = (server.files, try machine.library.dump())
    let foreseen = Result { try machine.engine(server).plan() }
    #expect(server.files == files, "\(when): the folder changed")
    #expect(try machine.library.dump() == dump, "\(when): the library changed")
    let done = Result { try machine.sync(server) }
    guard case .success(let plan) = foreseen, case .success(let report) = done else {
      let errors = [foreseen.map { _ in () }, done.map { _ in () }].map { $0.error as? SyncError }
      #expect(errors[0] == errors[1] && errors[0] != nil, "\(when): \(errors)")
      // The person is told, and puts the new one there.
      machine.passphrase = passphrase
      return
    }
    #expect(plan.incoming.reduce(0) { $0 + $1.changes } == report.pulled, "\(when): what comes")
    // What is sent for being new, and again when the log is put together, is told once.
    let outgoing = plan.outgoing.reduce(0) { $0 + $1.changes }
    let isTwice = report.notices.contains { if case .compacted = $0 { true } else { false } }
    #expect(
      isTwice ? outgoing < report.pushed : outgoing == report.pushed,
      "\(when): \(outgoing) to go, \(report)")
    let written = Set(server.files.filter { files[$0.key] != $0.value }.keys.map(\.text))
    #expect(written.isSubset(of: Set(plan.files.map(\.name))), "\(when): what is written")
  }
}

extension Result {
  fileprivate var error: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}
