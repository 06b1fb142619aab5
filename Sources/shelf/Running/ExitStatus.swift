/// How a process ends. The one table of exit codes: `help exit-codes` and the man page print it.
///
/// The numbers from 64 on are those of sysexits.h.
enum ExitStatus: Int32, CaseIterable, Sendable {
  case ok = 0
  case notFound = 1
  case partly = 2
  case conflicts = 3
  case usage = 64
  case badInput = 65
  case noInput = 66
  case unreachable = 69
  case internalError = 70
  case cannotWrite = 73
  case inputOutput = 74
  case busy = 75
  case refused = 77
  case configuration = 78
  case interrupted = 130

  /// What it means, for `help exit-codes`.
  var explanation: String {
    switch self {
    case .ok: "done; an empty list is no error"
    case .notFound: "a paper, note, tag or view you named was not found, or fits several"
    case .partly: "partly done: some of the input could not be read, the rest was taken"
    case .conflicts: "sync done; there are conflicts to look at (shelf conflicts)"
    case .usage: "the command or its filter makes no sense; nothing was done"
    case .badInput: "the input is not what it should be"
    case .noInput: "a file you named is not there or cannot be read"
    case .unreachable: "the server does not answer"
    case .internalError: "a mistake in shelf itself"
    case .cannotWrite: "a file or folder cannot be written, or the disk is full"
    case .inputOutput: "reading or writing failed, or the library is damaged"
    case .busy: "another shelf is writing; try again"
    case .refused: "the server or TLS refuses us"
    case .configuration: "config.toml holds a mistake, or the library is of a newer shelf"
    case .interrupted: "stopped with Ctrl-C; nothing is half written"
    }
  }

  /// The process's exit code.
  var code: Int32 { rawValue }
}
