import ArgumentParser
import Glibc

@main
struct Shelf: Verb {
  static let configuration = CommandTree.configuration

  @OptionGroup var home: HomeOptions

  /// All the work is in ``Session`` and the commands; this only ends the process.
  static func main() {
    LargeBlocks.giveBack()
    Glibc.exit(Session.run(in: World.real, World.words).code)
  }

  /// Without a verb.
  func run(_ session: Session) throws -> ExitStatus { try Dashboard.run(session) }
}
