import ArgumentParser
import Changes
import Papers
import Store

/// `shelf remove FILTER…`
struct RemoveCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "remove", abstract: "Take papers off the list, whatever was on them.",
    discussion: """
      A digest that names them again does not bring them back; `shelf add ID` does, and \
      `shelf undo` puts back status, star, tags and notes too.
      """)
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try FilterWrite(session, write, "remove", which)
      .run(done: "removed", unless: { _ in false }) { id, reader in
        // When it came stays: it tells when, should something keep it on the list.
        let said = try reader.fieldsSaid(of: id).map(\.text).filter { $0 != Added.field }
        return reader.registers.clearing(id, said.sorted()) + [.removed(id, true)]
      }
  }
}
