import Glibc
import Papers
import Store

/// Runs the person's editor.
struct Editor {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// How an editor ended.
  enum Ending {
    case done
    /// It left the file alone, sooner than a person could look at it.
    case atOnce
  }

  /// Runs the editor on a file: VISUAL, EDITOR, else what the system has.
  /// - Throws: ``Failure`` when it ends with anything but 0.
  func run(on draft: Draft) throws -> Ending {
    let chosen = session.world.variable("VISUAL") ?? session.world.variable("EDITOR")
    try session.flush()
    let since = session.world.now()
    var code: Int32 = 127
    for command in chosen.map({ [$0] }) ?? ["editor", "vi", "nano"] where code == 127 {
      code = Programs.run(command, [draft.path])
    }
    guard code == 0 else {
      throw Failure(
        .inputOutput, "the editor \(chosen ?? "") ended with \(code); nothing was changed",
        advice: "set EDITOR, or VISUAL, to one that works here")
    }
    let took = session.world.now() - since
    return draft.isUntouched && (0..<1500).contains(took) ? .atOnce : .done
  }

  /// What to say of an editor that came back at once.
  static let returnedAtOnce = Failure(
    .inputOutput, "the editor returned at once and changed nothing: does it need --wait?",
    advice: "set EDITOR to a command that waits until you are done: EDITOR='code --wait'")
}
