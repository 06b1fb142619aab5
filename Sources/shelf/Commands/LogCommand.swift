import ArgumentParser
import Changes
import JSONText
import Papers
import Store

/// `shelf log [ID]`
struct LogCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "log", abstract: "What was done, when, and on which machine, the newest first.")
  @Argument(help: ArgumentHelp("Only what changed this paper.", valueName: "id"))
  var name: String?
  @Option(help: ArgumentHelp("At most so many commands.", valueName: "n"))
  var limit: Int?
  @Flag(help: "One JSON array.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    if let limit, limit < 1 {
      throw Failure(.usage, "--limit is a number from 1 on, not \(limit)")
    }
    if let name, let number = Int(name), (1...999).contains(number) {
      throw Failure(
        .usage, "“\(name)” is no paper",
        advice: "for the last \(number): shelf log --limit \(number)")
    }
    let operations: [LibraryReader.Operation]
    if let name {
      operations = try NamedPapers.one(name, session, verb: "log") { reader, paper in
        try reader.operations(on: paper.id, limit: limit)
      }
    } else {
      operations = try session.read { try $0.operations(limit: limit) } ?? []
    }
    try json ? printJSON(operations, session) : printLines(operations, session)
    return .ok
  }

  /// Whoever shares the folder may call a machine what they like, at any length.
  private static let mostCellsOfName = 24

  private func printLines(_ operations: [LibraryReader.Operation], _ session: Session) throws {
    let screen = try session.screen()
    let machines = operations.map {
      screen.cells.truncated(Printable.line($0.machine), to: Self.mostCellsOfName)
    }
    let width = machines.map(screen.cells.width).max() ?? 0
    let lines = zip(operations, machines).map { operation, machine in
      let time = Timestamp.minute(operation.time, in: session.world.zone)
      let changes = Words.number(operation.changes, "change")
      let undone = operation.isUndone ? ", undone" : ""
      let what = Self.words(operation)
      let line =
        "\(time)  \(screen.cells.padded(machine, to: width))  \(what)  (\(changes)\(undone))"
      return screen.palette.paint(screen.cut(line), operation.isUndone ? .dim : nil)
    }
    try session.page(lines, screen)
  }

  private static func words(_ operation: LibraryReader.Operation) -> String {
    let what = operation.what.isEmpty ? "(not here yet)" : Printable.line(operation.what)
    return operation.kind == .act ? what : "\(operation.kind.rawValue): \(what)"
  }

  private func printJSON(_ operations: [LibraryReader.Operation], _ session: Session) throws {
    var json = JSONTextWriter.printed
    json.array(operations) { json, operation in
      json.object { json in
        json.member("id", operation.stamp.description)
        json.member("time", milliseconds: operation.time)
        json.member("machine", operation.machine)
        json.member("mine", operation.isMine)
        json.member("kind", operation.kind.rawValue)
        json.member("what", operation.what)
        json.member("changes", operation.changes)
        json.member("undone", operation.isUndone)
      }
    }
    try session.out.bytes(json.bytes + [0x0A])
  }
}
