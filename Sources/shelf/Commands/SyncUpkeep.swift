import ArgumentParser
import Changes
import JSONText
import Papers
import Store
import Sync
import Transport

/// `shelf sync verify [NAME]`
struct SyncVerify: Verb {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Read every file of a remote and check every byte.")
  @Argument(help: ArgumentHelp("The remote; all of them when none is named.", valueName: "remote"))
  var name: String?
  @Flag(help: "A JSON object a remote, each on its line.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    var outcomes: [ExitStatus] = []
    for remote in try Remote.configured(name, session) {
      let found = try remote.showingProgress(try session.library()) { try $0.verify() }
      outcomes.append(found.problems.isEmpty && found.absent == 0 ? .ok : .partly)
      guard !json else {
        try printJSON(found, remote, session)
        continue
      }
      try session.out.line(
        "\(remote.name): \(Words.number(found.good, "file")) whole, "
          + "\(Words.number(found.changes, "change")) in them")
      if found.unknown > 0 {
        try session.out.line(
          "  \(found.unknown) not here yet: shelf sync \(remote.name), and if they stay away "
            + "shelf sync repair \(remote.name)")
      }
      if found.unsent > 0 {
        try session.out.line("  \(found.unsent) to be sent: shelf sync \(remote.name)")
      }
      if found.absent > 0 {
        try session.out.line(
          "  \(found.absent) of this library not there: shelf sync repair \(remote.name)")
      }
      for problem in found.problems {
        try session.out.line("  " + SyncWords.line(problem))
      }
    }
    return SyncOutcome.worst(outcomes)
  }

  private func printJSON(
    _ found: SyncVerification, _ remote: Remote, _ session: Session
  ) throws {
    try session.print { json in
      json.member("remote", remote.name)
      json.member("files", found.good)
      json.member("changes", found.changes)
      json.member("unknown", found.unknown)
      json.member("unsent", found.unsent)
      json.member("absent", found.absent)
      json.member("problems", found.problems.map(SyncWords.line))
    }
  }
}

extension Remote {
  /// The end of a dry run.
  fileprivate func sayWouldSend(_ changes: Int, _ session: Session, json: Bool) throws {
    guard !json else {
      return try session.print { json in
        json.member("remote", name)
        json.member("wouldSend", changes)
      }
    }
    let changes = Words.number(changes, "change")
    try session.say("\(name): \(changes) would be sent; nothing was changed (--dry-run)")
  }
}

/// `shelf sync repair [NAME]`
struct SyncRepair: Verb {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Send a remote everything it lacks, whichever machine it came from.")
  @Argument(help: ArgumentHelp("The remote; all of them when none is named.", valueName: "remote"))
  var name: String?
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "A JSON object a remote, each on its line, as sync prints it.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    var outcomes: [ExitStatus] = []
    for remote in try Remote.configured(name, session) {
      let library = try session.library(dryRun: dryRun)
      guard !dryRun else {
        let found = try remote.showingProgress(library) { try $0.verify() }
        try remote.sayWouldSend(found.absent + found.unsent, session, json: json)
        continue
      }
      let report = try remote.showingProgress(library) { try $0.repair() }
      outcomes.append(try SyncReportPrinter(session, json: json).print(report, of: remote))
    }
    return SyncOutcome.worst(outcomes)
  }
}

/// `shelf sync join NAME`
struct SyncJoin: Verb {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Join a folder that belongs to another library: both lists become one.",
    discussion: """
      For a folder that was lost and then set up again by another of your machines: everything here is
      sent there, everything there comes here, and nothing is lost. There is no way back to two lists
      but a backup (shelf backup). Asks only on a terminal.
      """)
  @Argument(help: ArgumentHelp("The remote.", valueName: "remote")) var name: String
  @Flag(help: "Do not ask.") var yes = false
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "A JSON object, as sync prints it.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard let remote = try Remote.configured(name, session).first else { return .ok }
    let library = try session.library(dryRun: dryRun)
    guard !dryRun else {
      try remote.sayWouldSend(Int(clamping: library.lastPlace()), session, json: json)
      return .ok
    }
    let question = "Make one list of this library and what is in \(remote.url)?"
    guard try yes || session.isWanted(question) else {
      try session.say("nothing was changed")
      return .ok
    }
    let report = try remote.showingProgress(library) { try $0.joinOther() }
    return try SyncReportPrinter(session, json: json).print(report, of: remote)
  }
}

/// `shelf sync rekey NAME --passphrase-file F`
struct SyncRekey: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rekey", abstract: "Seal a remote with another passphrase.",
    discussion: """
      Everything is sent again under the new key. Then the other machines need the new passphrase too.
      What stood there before was sealed with the old one: whoever copied it can still open the copy.
      """)
  @Argument(help: ArgumentHelp("The remote.", valueName: "remote")) var name: String
  @Option(help: "A file with the new passphrase, readable by its owner only.")
  var passphraseFile: String?
  @Option(help: "A command that prints the new passphrase.") var passphraseCommand: String?
  @Flag(help: "Seal with no passphrase: everybody who reaches the folder can read it.")
  var open = false
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "A JSON object, as sync prints it.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard
      [passphraseFile != nil, passphraseCommand != nil, open].count(where: { $0 }) == 1,
      let remote = try Remote.configured(name, session).first
    else {
      throw Failure(
        .usage, "say one of --passphrase-file F, --passphrase-command C and --open")
    }
    let file = passphraseFile.map(session.world.absolutePath)
    let source = passphraseCommand.map(SecretSource.command) ?? file.map(SecretSource.file)
    let new = try source.map { try $0.bytes() }
    let library = try session.library(dryRun: dryRun)
    guard !dryRun else {
      try remote.sayWouldSend(Int(clamping: library.lastPlace()), session, json: json)
      return .ok
    }
    let progress = SyncProgressLine(session.world)
    defer { progress.clear() }
    let (_, report) = try remote.engine(library, progress: progress.show).rekey(new) {
      progress.clear()
      try keep(file, session)
    }
    progress.clear()
    return try SyncReportPrinter(session, json: json).print(report, of: remote)
  }

  /// Puts the new source of the passphrase into config.toml.
  private func keep(_ file: String?, _ session: Session) throws {
    let kept = try session.configuration().remotes[name] ?? [:]
    var settings = kept.filter {
      !["encrypt", "passphrase_file", "passphrase_command"].contains($0.key)
    }
    if !open { settings["encrypt"] = .truth(true) }
    if let file { settings["passphrase_file"] = .text(file) }
    if let passphraseCommand { settings["passphrase_command"] = .text(passphraseCommand) }
    var edit = try ConfigurationEdit(session)
    guard edit.remove(section: "sync.\(name)") else {
      let what = open ? "take encrypt and the passphrase out" : "change the passphrase"
      try session.say("now \(what) of sync.\(name) in \(session.paths.configuration)")
      return
    }
    edit.add(
      section: "sync.\(name)", settings.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    try edit.save()
    try session.say(
      open
        ? "config.toml names no passphrase any more; take encrypt out on your other machines too"
        : "config.toml names the new passphrase; give it to your other machines")
  }
}

/// `shelf sync devices [NAME]`
struct SyncDevices: Verb {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "List the machines that share a remote.")
  @Argument(help: ArgumentHelp("The remote; all of them when none is named.", valueName: "remote"))
  var name: String?
  @Flag(help: "A JSON object a remote, each on its line.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    for remote in try Remote.configured(name, session) {
      let devices = try remote.engine(try session.library()).devices()
      guard !json else {
        try printJSON(devices, remote, session)
        continue
      }
      try session.out.line(remote.name)
      for device in devices {
        try session.out.line("  " + Self.line(device))
      }
    }
    return .ok
  }

  private func printJSON(_ devices: [SyncDevice], _ remote: Remote, _ session: Session) throws {
    try session.print { json in
      json.member("remote", remote.name)
      json.key("machines")
      json.array(devices) { json, device in
        json.object { json in
          json.member("machine", device.device.description)
          json.member("name", device.name)
          json.member("mine", device.isMine)
          json.member("retired", device.isRetired)
          json.member("newest", Int(clamping: device.newest))
          json.member("applied", Int(clamping: device.applied))
          if let confirmed = device.confirmed {
            json.member("confirmed", Int(clamping: confirmed))
          } else {
            json.member("confirmed", nil)
          }
        }
      }
    }
  }

  private static func line(_ device: SyncDevice) -> String {
    var words = "\(device.device)  \(device.name)"
    if device.isMine {
      return words + "  this machine, \(Words.number(Int(clamping: device.newest), "segment"))"
    }
    words += "  \(device.applied) of \(Words.number(Int(clamping: device.newest), "segment")) here"
    if let confirmed = device.confirmed { words += ", has \(confirmed) of ours" }
    return device.isRetired ? words + "  (retired)" : words
  }
}

/// `shelf sync retire MACHINE`
struct SyncRetire: Verb {
  static let configuration = CommandConfiguration(
    commandName: "retire", abstract: "Say that a machine is gone: nobody waits for it any more.")
  @Argument(
    help: ArgumentHelp(
      "The machine's name or id, as `sync devices` prints it.", valueName: "machine"))
  var machine: String
  @Option(help: "The remote; the first one when none is named.") var remote: String?
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "A JSON object, {\"remote\",\"machine\",\"retired\"}.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard let remote = try Remote.configured(remote, session).first else { return .ok }
    let engine = try remote.engine(try session.library(dryRun: dryRun))
    let device = try engine.machine(called: machine)
    func printJSON() throws -> ExitStatus {
      try session.print { json in
        json.member("remote", remote.name)
        json.member("machine", device.description)
        json.member("retired", !dryRun)
      }
      return .ok
    }
    guard !dryRun else {
      if json { return try printJSON() }
      try session.say("\(machine) would be retired; nothing was changed (--dry-run)")
      return .ok
    }
    try engine.retire(device, called: machine)
    if json { return try printJSON() }
    try session.say("\(machine) is retired; if it comes back, it joins again without loss")
    try session.say("undo: shelf undo")
    return .ok
  }
}
