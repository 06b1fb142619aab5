/// What a writer had before them when they wrote: the stamps of what held. Every write says it, so
/// that what came meanwhile, while an editor was open or a person at lunch, is merged or listed as
/// lost, and never replaced unseen.
package struct Seen: Hashable, Sendable {
  private let stamps: [RegisterName: [Stamp]]?

  /// What the same transaction shows: nobody comes between looking and writing.
  package static let thisTransaction = Seen(stamps: nil)

  /// The stamps that held when somebody looked; a register that is not among them held nothing.
  package init(_ stamps: [RegisterName: [Stamp]]) { self.init(stamps: stamps) }

  private init(stamps: [RegisterName: [Stamp]]?) { self.stamps = stamps }

  /// What was seen of a register; nil for what holds now.
  package func stamps(of name: RegisterName) -> [Stamp]? { stamps.map { $0[name] ?? [] } }
}
