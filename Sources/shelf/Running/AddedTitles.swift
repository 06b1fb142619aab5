import Arrivals
import Changes
import Digests
import Papers
import Store

/// What arXiv says of papers that are just being added. It is asked before anything is recorded, so
/// that nobody waits for the library meanwhile, and but for a moment: a paper comes on the list
/// whether arXiv answers or not.
struct AddedTitles {
  /// Seconds that an answer may take.
  private static let patience = 2.5

  private let found: TitleLookup.Found
  private let courier: Courier
  private let now: Int64

  /// Nil where there is nothing to ask: all have a title, or none is of arXiv.
  init?(_ ids: [PaperID], _ session: Session) throws {
    let library = try session.existingLibrary()
    let untitled = try ids.filter { id in
      guard id.kind == .arXiv else { return false }
      return try library?.read { try $0.known(id)?.shown.title.isEmpty } ?? true
    }
    guard !untitled.isEmpty else { return nil }
    let hosts = try library?.read { try $0.remembered(KnownSource.hostsKey) }
    courier = Courier(session.world, HostMemory(kept: hosts), timeout: Self.patience)
    now = session.world.now()
    // Three seconds after the last one another may be asked; nobody waits for that here.
    guard courier.mayAskAtOnce(ArXivPapers.address(untitled)) else {
      found = TitleLookup.Found(failure: Failure(.unreachable, "arXiv was asked a moment ago"))
      return
    }
    found = TitleLookup(session, courier).ask(untitled)
  }

  /// What it said of a paper that has no title yet.
  func facts(
    _ id: PaperID, _ known: LibraryReader.KnownPaper?, _ registers: Registers
  ) -> [Fact] {
    guard let entry = found.entries[id], known?.content?.content.title.isEmpty ?? true else {
      return []
    }
    return TitleLookup.facts(entry, beside: known?.bibliography ?? Bibliography(), registers)
  }

  /// What it calls a paper.
  func title(_ id: PaperID) -> String? { found.entries[id]?.content.title }

  /// Keeps what its server asked for.
  func remember(_ memory: SourceMemory) throws {
    try courier.keepHosts(in: memory)
  }

  /// What the person is told where there are no titles; nil where there are.
  var words: String? {
    found.failure == nil ? nil : "no title yet, arXiv does not answer; `shelf fetch` asks again"
  }
}
