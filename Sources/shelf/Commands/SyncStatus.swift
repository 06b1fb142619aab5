import ArgumentParser
import JSONText
import Papers
import Store
import Sync

/// `shelf sync status [NAME]`
struct SyncStatus: Verb {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "When each remote was synced, and what waits to be sent; asks no server.")
  @Argument(help: ArgumentHelp("The remote; all of them when none is named.", valueName: "remote"))
  var name: String?
  @Flag(help: "A JSON object a remote, each on its line.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let times = SyncTimes(session.paths)
    let library = try session.existingLibrary()
    let troubles = BackgroundTroubles(session.paths)
    let conflicts = try library?.read { try $0.conflicts().count } ?? 0
    for remote in try Remote.configured(name, session) {
      let last = times.last(remote.name, session.world.now())
      let waiting = try library.map { try SyncEngine.waiting(for: remote.name, in: $0) } ?? 0
      let trouble = troubles.known(.sync, remote.name)
      guard !json else {
        try session.print { json in
          json.member("remote", remote.name)
          json.member("synced", last.map(Timestamp.rfc3339))
          json.member("waiting", waiting)
          json.member("conflicts", conflicts)
          json.member("failed", trouble.map { Timestamp.rfc3339($0.last) })
          json.member("failure", trouble?.message)
        }
        continue
      }
      let when = last.map { "synced " + Timestamp.minute($0, in: session.world.zone) }
      try session.out.line(
        "\(remote.name)  \(when ?? "not synced yet"), \(Words.number(waiting, "change")) to send")
      if let trouble { try session.out.line("  " + trouble.words(session.world)) }
    }
    if !json, conflicts > 0 {
      try session.say("\(Words.number(conflicts, "conflict")) to look at: shelf conflicts")
    }
    return .ok
  }
}
