import ArgumentParser
import Changes
import Glibc
import JSONText
import Papers
import Sealing
import Store
import Sync
import Transport

/// `shelf remote add|list|remove|test`
struct RemoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "remote", abstract: "Folders that your machines share.",
    subcommands: [RemoteAdd.self, RemoteList.self, RemoteRemove.self, RemoteTest.self])
}

/// `shelf remote add NAME URL`
struct RemoteAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Try a folder, and keep it as a remote.",
    discussion: """
      URL is \(addresses). Passwords come from a file that only you can read, a command, or netrc, \
      never from the command line.

      shelf remote add home https://dav.example.org/papershelf/ --user me --password-file ~/.dav
      shelf remote add stick /media/me/stick/papershelf --encrypt --passphrase-file ~/.shelf-pass
      """)
  /// How the address of each kind looks.
  private static var addresses: String {
    Words.any(of: RemoteFolders.kinds.map(\.explanation))
  }

  @Argument(help: ArgumentHelp("What you call it.", valueName: "name")) var name: String
  @Argument(help: ArgumentHelp("Where it is.", valueName: "url")) var url: String
  @Option(help: "The user name, or the access key of S3.") var user: String?
  @Option(help: "A file with the password, readable by its owner only.") var passwordFile: String?
  @Option(help: "A command that prints the password.") var passwordCommand: String?
  @Flag(help: "Take user and password from ~/.netrc.") var netrc = false
  @Option(help: "auto, none, basic, digest, bearer or s3.") var auth: String?
  @Option(help: "The region of S3; us-east-1 when it is not given.") var region: String?
  @Option(help: "The certificate of a private authority to trust.") var caFile: String?
  @Option(help: "A file with the client certificate and its key.") var clientCert: String?
  @Flag(help: "Seal everything on the remote with a passphrase.") var encrypt = false
  @Option(help: "A file with the passphrase, readable by its owner only.")
  var passphraseFile: String?
  @Option(help: "A command that prints the passphrase.") var passphraseCommand: String?
  @Flag(help: "Allow a password over plain http.") var allowInsecure = false
  @Flag(help: "Keep it without trying it.") var noTest = false
  @Flag(name: [.customShort("n"), .long], help: "Try it, and keep nothing.") var dryRun = false
  @Flag(help: "A JSON object: {\"name\",\"url\",\"kept\"}, and what it can do.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let place = try Place(url, session)
    let configuration = try session.configuration()
    try checkLogin()
    try check(place, session)
    var settings = settings(place, session)
    // The words are checked as those of a file would be.
    var edit = try ConfigurationEdit(session)
    let text = settings.map { "\($0.key) = \($0.value.toml)" }.joined(separator: "\n")
    _ = try Configuration("[sync.\(name)]\n\(text)\n", path: "shelf remote add")
    // Trying a folder makes it: a dry run would leave it behind.
    let isNew = place.isNewFolder
    var found: Capabilities?
    if dryRun, isNew {
      try session.say("\(place.url) is not there yet; it would be made")
    } else if !noTest {
      let tried = try tryIt(&settings, session)
      found = tried
      if !json { for line in CapabilityWords.lines(tried) { try session.say(line) } }
      if let failure = CapabilityWords.failure(tried) { throw failure }
      try checkPassphrase(settings, session)
    }
    if json {
      if !dryRun { try keep(settings, in: &edit, found, session) }
      try session.print { json in
        json.member("name", name)
        json.member("url", place.url)
        json.member("kept", !dryRun)
        if let found { CapabilityWords.write(found, into: &json) }
      }
      return .ok
    }
    if place.isFolder {
      let wasMade = isNew && !place.isNewFolder
      try session.say("a folder on this machine: \(place.url)\(wasMade ? ", which was made" : "")")
    }
    guard !dryRun else {
      try session.say("nothing was changed (--dry-run)")
      return .ok
    }
    try keep(settings, in: &edit, found, session)
    try session.say("kept as “\(name)” in \(session.paths.configuration); now: shelf sync \(name)")
    try session.say(
      configuration.syncsByItself
        ? "after each change it is synced by itself (sync.auto)"
        : "to have it synced by itself after each change: auto = true below [sync], shelf config edit"
    )
    return .ok
  }

  private func keep(
    _ settings: Settings, in edit: inout ConfigurationEdit, _ found: Capabilities?,
    _ session: Session
  ) throws {
    edit.add(section: "sync.\(name)", settings.map { ($0.key, $0.value) })
    try edit.save()
    KnownCaches(session.paths).keep(name, found?.cacheBetween ?? .none)
  }

  /// A password in a command line stands in the shell's history, and for a moment where every user
  /// of the machine can read it.
  private func checkLogin() throws {
    guard let (address, login) = Place.login(in: url) else { return }
    let name = user ?? String(login.prefix { $0 != ":" })
    let user = name.isEmpty ? "USER" : name
    throw Failure(
      .usage, "an address takes neither user nor password",
      advice: Programs.line(
        ["shelf", "remote", "add", self.name, address, "--user", user, "--password-file", "FILE"]))
  }

  private func check(_ place: Place, _ session: Session) throws {
    if place.isNewFolder, let folder = place.folderAbove, access(folder, F_OK) != 0 {
      throw Failure(
        .noInput, "there is no folder \(folder)",
        details: ["if it is on a stick or another disk: is that plugged in and mounted?"],
        advice: Programs.line(["mkdir", "-p", place.path ?? place.url]) + ", then again")
    }
    if place.isFolder, let option = optionsOfServers.first {
      throw Failure(
        .usage, "\(place.url) is a folder of this machine, which takes no \(option)",
        advice: "for a server write its whole address, https://…")
    }
    if !place.isFolder { try checkBucket(place, session) }
    // As a key of config.toml needs no quotes.
    let isKey = ConfigurationKey.all.contains { $0.name == "sync." + name }
    guard Tag(name) != nil, name.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x2E && $0 != 0x2F }), !isKey
    else {
      throw Failure(
        .usage, "“\(name)” is no name for a remote",
        advice: isKey
          ? "it is a setting of all of them; call it otherwise"
          : "use letters, digits, - and _ only")
    }
    guard try session.configuration().remotes[name] == nil else {
      throw Failure(
        .usage, "there is a remote “\(name)” already",
        advice: "`shelf remote remove \(name)` first, or change it with `shelf config edit`")
    }
    guard [passwordFile != nil, passwordCommand != nil, netrc].count(where: { $0 }) <= 1 else {
      throw Failure(.usage, "--password-file, --password-command and --netrc exclude each other")
    }
    guard !encrypt || passphraseFile != nil || passphraseCommand != nil else {
      throw Failure(
        .usage, "--encrypt needs --passphrase-file or --passphrase-command",
        advice: "write the passphrase into a file, chmod 600 it, and name it")
    }
  }

  /// An address of S3 without its bucket is no place, whether it is tried or not.
  private func checkBucket(_ place: Place, _ session: Session) throws {
    do throws(TransportError) {
      _ = try RemoteFolders.open(
        RemoteProfile(url: place.url), pace: session.pace, among: session.features.remoteKinds)
    } catch {
      // Other troubles are told where the folder is tried.
      guard error.reason == .noBucketNamed else { return }
      throw Failure(
        .usage, "“\(place.url)” names no bucket", advice: "write s3+https://host/bucket/folder/")
    }
  }

  /// What was said that means nothing for a folder.
  private var optionsOfServers: [String] {
    let given: [(String, Bool)] = [
      ("--user", user != nil), ("--password-file", passwordFile != nil),
      ("--password-command", passwordCommand != nil), ("--netrc", netrc), ("--auth", auth != nil),
      ("--region", region != nil), ("--ca-file", caFile != nil),
      ("--client-cert", clientCert != nil), ("--allow-insecure", allowInsecure),
    ]
    return given.filter(\.1).map(\.0)
  }

  private typealias Settings = [(key: String, value: ConfigurationKey.Value)]

  private func settings(_ place: Place, _ session: Session) -> Settings {
    let absolute = session.world.absolutePath
    var settings: Settings = [("url", .text(place.url))]
    func add(_ key: String, _ text: String?) { if let text { settings.append((key, .text(text))) } }
    func add(_ key: String, _ truth: Bool) { if truth { settings.append((key, .truth(true))) } }
    add("user", user)
    add("password_command", passwordCommand)
    add("password_file", passwordFile.map(absolute))
    add("netrc", netrc)
    add("auth", auth)
    add("region", region)
    add("ca_file", caFile.map(absolute))
    add("client_cert", clientCert.map(absolute))
    add("encrypt", encrypt)
    add("passphrase_command", passphraseCommand)
    add("passphrase_file", passphraseFile.map(absolute))
    add("allow_insecure", allowInsecure)
    return settings
  }

  /// Tries the folder. Where basic is refused and nobody chose, digest is tried; what was found
  /// out is kept in the settings.
  private func tryIt(_ settings: inout Settings, _ session: Session) throws -> Capabilities {
    var found = try Self.probe(name, settings, session)
    if found.trouble?.kind == .unauthorized, auth == nil, user != nil {
      let second = try Self.probe(name, settings + [("auth", .text("digest"))], session)
      if second.trouble?.kind != .unauthorized {
        settings.append(("auth", .text("digest")))
        found = second
      }
    }
    // A kind that the person wrote in front of the scheme stays as it is.
    if found.kind == .plain, url.hasPrefix("http://") || url.hasPrefix("https://") {
      settings[0].value = .text(found.kind.name + "+" + url)
    }
    return found
  }

  /// A passphrase that does not open the folder that is there is told now, not by the first sync.
  private func checkPassphrase(_ settings: Settings, _ session: Session) throws {
    let values = Dictionary(settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    let remote = Remote(name, values, session)
    let folder = try RemoteFolders.open(
      try remote.profile(), pace: session.world.pace, among: session.features.remoteKinds)
    guard SyncEngine.opens(folder, try remote.passphrase()) else {
      throw Failure(sync: .header(.wrongPassphrase))
    }
  }

  private static func probe(
    _ name: String, _ settings: Settings, _ session: Session
  ) throws -> Capabilities {
    let values = Dictionary(settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    let remote = Remote(name, values, session)
    _ = try remote.passphrase()
    return RemoteFolders.probe(
      try remote.profile(), pace: session.pace, among: session.features.remoteKinds)
  }
}

/// What a probe found, in plain words.
enum CapabilityWords {
  static func lines(_ found: Capabilities) -> [String] {
    let isFolder = found.kind == .directory
    var lines: [String] = []
    if !isFolder {
      lines = [line(found.reachable, "reachable", "not reachable")]
      guard found.reachable else { return lines }
      if let server = found.server { lines[0] += " (\(Printable.line(server)))" }
      lines.append(line(found.authenticated, "lets us in", "does not let us in"))
      guard found.authenticated else { return lines }
    }
    lines.append(
      line(
        found.writes && found.readsBack, "stores files and gives them back unchanged",
        found.writes ? "gives back something else than was stored" : "does not store files"))
    guard found.readsBack else { return lines }
    switch found.cacheBetween {
    case .none: break
    case .passed: lines.append(line(true, CacheWords.passed, ""))
    case .inTheWay: lines.append(line(false, "", CacheWords.inTheWay))
    }
    lines.append(
      line(found.lists, "lists files", "does not list files; sync asks for each machine instead"))
    lines.append(
      line(found.deletes, "removes files", "does not remove files; old ones will stay"))
    guard !isFolder else { return lines }
    lines.append(
      line(found.keepsETags, "keeps ETags", "keeps no ETags; sync does without them anyway"))
    return lines
  }

  private static func line(_ yes: Bool, _ good: String, _ bad: String) -> String {
    yes ? "✓ " + good : "✗ " + bad
  }

  /// As members of a JSON object.
  static func write(_ found: Capabilities, into json: inout JSONTextWriter) {
    json.member("kind", found.kind.name)
    json.member("server", found.server)
    json.member("reachable", found.reachable)
    json.member("authenticated", found.authenticated)
    json.member("writes", found.writes)
    json.member("readsBack", found.readsBack)
    json.member("lists", found.lists)
    json.member("deletes", found.deletes)
    json.member("keepsETags", found.keepsETags)
    json.member("cache", word(found.cacheBetween))
    json.member("problem", failure(found)?.message)
  }

  /// As scripts read it.
  private static func word(_ cache: CacheBetween) -> String? {
    switch cache {
    case .none: nil
    case .passed: "passed"
    case .inTheWay: "in the way"
    }
  }

  /// What makes the folder useless for sync; nil when nothing does.
  static func failure(_ found: Capabilities) -> Failure? {
    guard !found.readsBack, let trouble = found.trouble else { return nil }
    return Failure(transport: trouble)
  }
}

/// `shelf remote list`
struct RemoteList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the remotes.")
  @Flag(help: "One JSON array of {\"name\",\"url\",\"encrypted\"}.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let names = try session.configuration().remotes.keys.sorted()
    let remotes = try names.flatMap { try Remote.configured($0, session) }
    guard !json else {
      try session.print(array: remotes) { json, remote in
        json.member("name", remote.name)
        json.member("url", remote.url)
        json.member("encrypted", remote.isEncrypted)
      }
      return .ok
    }
    if remotes.isEmpty { try session.say("no remote yet; `shelf remote add NAME URL`") }
    let cells = try session.screen().cells
    let width = names.map { cells.width(of: $0) }.max() ?? 0
    for remote in remotes {
      let name = cells.padded(Printable.line(remote.name), to: width)
      let sealed = remote.isEncrypted ? "  (sealed)" : ""
      try session.out.line(name + "  " + remote.url + sealed)
    }
    return .ok
  }
}

/// `shelf remote remove NAME`
struct RemoteRemove: Verb {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Forget a remote; its files stay where they are.")
  @Argument(help: ArgumentHelp("The remote.", valueName: "remote")) var name: String
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "A JSON object, {\"name\",\"removed\"}.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard let name = try Remote.configured(name, session).first?.name else { return .ok }
    var edit = try ConfigurationEdit(session)
    guard edit.remove(section: "sync.\(name)") else {
      throw Failure(
        .configuration, "sync.\(name) stands in config.toml in a form shelf does not change",
        advice: "take it out by hand: shelf config edit")
    }
    guard !dryRun else {
      if json { return try printJSON(name, session) }
      try session.say("“\(name)” would be forgotten; nothing was changed (--dry-run)")
      return .ok
    }
    if try session.existingLibrary() != nil {
      try SyncEngine.forget(name, in: try session.library())
    }
    BackgroundTroubles(session.paths).forget(.sync, name)
    Publishing.forget(name, in: session.paths)
    KnownCaches(session.paths).forget(name)
    try edit.save()
    if json { return try printJSON(name, session) }
    try session.say("“\(name)” is forgotten; the files there stay")
    return .ok
  }
}

extension RemoteRemove {
  private func printJSON(_ name: String, _ session: Session) throws -> ExitStatus {
    try session.print { json in
      json.member("name", name)
      json.member("removed", !dryRun)
    }
    return .ok
  }
}

/// `shelf remote test [NAME]`
struct RemoteTest: Verb {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Try what a remote can do, with one small file.")
  @Argument(help: ArgumentHelp("The remote; all of them when none is named.", valueName: "remote"))
  var name: String?
  @Flag(help: "One JSON array: {\"name\",\"url\"} and what each can do.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    var failures: [Failure] = []
    let remotes = try Remote.configured(name, session)
    let tried = try remotes.map { remote in
      RemoteFolders.probe(
        try remote.profile(), pace: session.pace, among: session.features.remoteKinds)
    }
    for (remote, found) in zip(remotes, tried) where found.reachable {
      KnownCaches(session.paths).keep(remote.name, found.cacheBetween)
    }
    guard !json else {
      try session.print(array: Array(zip(remotes, tried))) { json, entry in
        json.member("name", entry.0.name)
        json.member("url", entry.0.url)
        CapabilityWords.write(entry.1, into: &json)
      }
      return tried.lazy.compactMap(CapabilityWords.failure).first?.status ?? .ok
    }
    for (remote, found) in zip(remotes, tried) {
      let isFolder = found.kind == .directory
      let place = remote.url + (isFolder ? "  (a folder on this machine)" : "")
      try session.out.line("\(remote.name)  \(place)")
      for line in CapabilityWords.lines(found) { try session.out.line("  " + line) }
      guard let failure = CapabilityWords.failure(found) else { continue }
      failures.append(failure)
      if remotes.count > 1 { try session.say(failure.message) }
    }
    if remotes.count == 1, let failure = failures.first { throw failure }
    return failures.first?.status ?? .ok
  }
}
