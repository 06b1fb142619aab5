import Disk
import Filters
import Glibc
import Papers
import Store
import Sync
import Transport

/// A remote of config.toml: what its settings mean, and how to reach it.
struct Remote {
  /// `NAME` of `sync.NAME`.
  let name: String
  private let settings: [String: ConfigurationKey.Value]
  private let session: Session

  /// A remote by its settings.
  init(_ name: String, _ settings: [String: ConfigurationKey.Value], _ session: Session) {
    self.name = name
    self.settings = settings
    self.session = session
  }

  /// The remotes that are configured, by name; all of them, or the one asked for.
  /// - Throws: ``Failure`` when there is none, or none of this name.
  static func configured(_ name: String?, _ session: Session) throws -> [Remote] {
    let remotes = try session.configuration().remotes
    guard let name else {
      guard !remotes.isEmpty else {
        throw Failure(
          .configuration, "no remote is configured",
          advice: "shelf remote add home https://server/folder/ (`shelf help sync`)")
      }
      return remotes.sorted { $0.key < $1.key }.map { Remote($0.key, $0.value, session) }
    }
    // As config.toml writes it, for what is kept of a remote is kept under its bytes.
    guard let (name, settings) = remotes.first(where: { $0.key.composed == name.composed }) else {
      let nearest = Spelling.closest(to: name, among: remotes.keys.sorted())
      throw Failure(
        .notFound, "there is no remote “\(name)”",
        advice: nearest.map { "did you mean “\($0)”?" } ?? "`shelf remote list` shows them")
    }
    return [Remote(name, settings, session)]
  }

  // MARK: Settings

  /// Where it is.
  var url: String { text("url") ?? "" }

  /// Whether everything there is sealed with a passphrase.
  var isEncrypted: Bool { truth("encrypt") }

  /// The formats that are put there for people to read.
  var published: [String] {
    guard !isEncrypted, case .list(let formats)? = settings["publish"] else { return [] }
    return formats
  }

  /// The folder of this machine that it is; nil for a server.
  func path() throws -> String? { try Place(url, session, of: name).path }

  private func text(_ key: String) -> String? {
    guard case .text(let text)? = settings[key], !text.isEmpty else { return nil }
    return text
  }

  private func truth(_ key: String) -> Bool { settings[key] == .truth(true) }

  private func path(_ key: String) -> String? {
    text(key).map(session.world.expandingTilde)
  }

  private func secret(_ file: String, _ command: String) -> SecretSource? {
    text(command).map(SecretSource.command) ?? path(file).map(SecretSource.file)
  }

  /// What `Transport` needs to know, secrets read.
  /// - Throws: ``Failure``
  func profile() throws -> RemoteProfile {
    guard !url.isEmpty else {
      throw Failure(
        .configuration, "sync.\(name).url is missing", advice: "mend it with `shelf config edit`")
    }
    var profile = RemoteProfile(url: try Place(url, session, of: name).url)
    profile.user = text("user")
    profile.auth = try auth()
    if profile.auth != .none, profile.auth != .netrc {
      profile.secret = try secret("password_file", "password_command").map { try $0.line() }
    }
    profile.caFile = try path("ca_file").map(Self.authorities)
    if let file = path("client_cert") {
      // The key is in it.
      try SecretSource.checkIsOwners(file)
      profile.clientCertificate = file
    }
    profile.allowInsecure = truth("allow_insecure")
    if profile.auth == .netrc {
      let file = session.world.variable("NETRC") ?? session.world.expandingTilde("~/.netrc")
      try SecretSource.checkIsOwners(file)
      profile.netrcFile = file
    }
    profile.passesCache = KnownCaches(session.paths).holds(name)
    if case .number(let seconds)? = settings["timeout"] { profile.timeout = Double(seconds) }
    Proxy(session.world).apply(to: &profile, configured: text("proxy"))
    return profile
  }

  /// The path of a file of authorities, once it is seen to hold one: libcurl has the same words for
  /// a file that is missing and for one that holds something else.
  /// - Throws: ``Failure``, ``FileError``
  private static func authorities(_ path: String) throws -> String {
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(verb: .read, path: path, code: errno) }
    // A pipe can be read only once.
    guard [S_IFREG, S_IFDIR].contains(status.st_mode & S_IFMT) else { return path }
    guard try Files.bytes(path).firstRange(of: "CERTIFICATE-----".utf8) != nil else {
      throw Failure(
        .configuration, "\(path) holds no certificate in PEM, so nobody would be trusted",
        advice: "it begins with -----BEGIN CERTIFICATE-----: --ca-file, or ca_file in config.toml")
    }
    return path
  }

  private func auth() throws -> RemoteProfile.Auth {
    let region = text("region") ?? "us-east-1"
    switch text("auth") ?? "auto" {
    case "none": return .none
    case "basic": return .basic
    case "digest": return .digest
    case "bearer": return .bearer
    case "s3": return .s3(region: region)
    default: break
    }
    if truth("netrc") { return .netrc }
    if RemoteProfile(url: url).resolved(among: session.features.remoteKinds).kind.isSigned {
      return .s3(region: region)
    }
    if text("user") != nil { return .basic }
    return text("client_cert") == nil ? .none : .clientCertificate
  }

  /// The passphrase everything there is sealed with; nil where it is not.
  /// - Throws: ``Failure``
  func passphrase() throws -> [UInt8]? {
    guard isEncrypted else { return nil }
    guard let source = secret("passphrase_file", "passphrase_command") else {
      throw Failure(
        .configuration,
        "sync.\(name) is encrypted, but says no passphrase_file or passphrase_command",
        advice: "mend it with `shelf config edit`")
    }
    return try source.bytes()
  }

  // MARK: Syncing

  /// The folder. Nothing is asked of the other side yet.
  func folder() throws -> any RemoteFolder {
    try RemoteFolders.open(
      try profile(), pace: session.pace, among: session.features.remoteKinds)
  }

  /// An engine that syncs the library with this remote.
  /// - Parameter folder: the remote's, where it is open already.
  func engine(
    _ library: Library, through folder: (any RemoteFolder)? = nil,
    progress: @escaping (SyncProgress) -> Void = { _ in }
  ) throws -> SyncEngine {
    SyncEngine(
      library: library, folder: try folder ?? self.folder(), remote: name,
      passphrase: try passphrase(),
      identity: session.world.identity(of: library.path),
      surroundings: session.world.surroundings, progress: progress)
  }

  /// Does something that may take long, and says on the terminal how far it is.
  func showingProgress<T>(
    _ library: Library, _ body: (SyncEngine) throws -> T
  ) throws -> T {
    let progress = SyncProgressLine(session.world)
    defer { progress.clear() }
    return try body(engine(library, progress: progress.show))
  }
}

/// The proxy that the configuration or the environment names, as curl reads it: `http_proxy` only
/// in lower case, because a CGI server sets the other from a header.
struct Proxy {
  private let world: World

  init(_ world: World) { self.world = world }

  /// Sets the proxy of a profile.
  func apply(to profile: inout RemoteProfile, configured: String?) {
    let scheme = profile.url.prefix { $0 != ":" }.lowercased()
    let isSecure = scheme.hasSuffix("https") || scheme.hasSuffix("davs")
    let named =
      isSecure
      ? world.variable("https_proxy") ?? world.variable("HTTPS_PROXY")
      : world.variable("http_proxy")
    profile.proxy =
      configured ?? named ?? world.variable("all_proxy") ?? world.variable("ALL_PROXY")
    profile.noProxy = world.variable("no_proxy") ?? world.variable("NO_PROXY")
  }
}

extension World {
  /// A path whose leading `~/` stands for HOME, as in a shell. The password database may name
  /// another folder, under sudo and in containers.
  func expandingTilde(_ path: String) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = variable("HOME") else { return path }
    return home + path.dropFirst()
  }

  /// A path as config.toml keeps it: from the root, whatever folder a later command runs in.
  func absolutePath(_ path: String) -> String {
    let path = expandingTilde(path)
    guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return Paths.plain(path) }
    defer { free(folder) }
    return Paths.plain(Paths.join(String(cString: folder), path))
  }

  /// Time, waiting and chance for the network.
  var pace: Pace {
    let (now, random) = (now, random)
    return Pace(
      now: { Double(now()) / 1000 }, sleep: sleep,
      random: { Double(random() >> 11) * 0x1p-53 })
  }

  /// What names this machine and the file the library lives in. A copy of the home on the same
  /// machine is another file, a copy on another machine another machine.
  func identity(of library: String) -> String {
    var status = stat()
    let file = stat(library, &status) == 0 ? "\(status.st_ino)" : "none"
    let machine = (try? Files.text("/etc/machine-id", limit: 256)) ?? machineName()
    return machine.filter { !$0.isNewline } + "/" + file
  }

  /// Fetches an http(s) URL into an open file.
  /// - Returns: its `Content-Type`.
  @Sendable static func fetchPage(_ url: String, into file: Int32, limit: Int) throws -> String? {
    let world = World.real
    var profile = RemoteProfile(url: url, timeout: 120)
    Proxy(world).apply(to: &profile, configured: nil)
    let page = try WebPage.fetch(profile, limit: min(limit, 256 << 20), pace: world.toldPace)
    try Files.write(page.bytes, to: file, "a temporary file")
    return page.type
  }
}
