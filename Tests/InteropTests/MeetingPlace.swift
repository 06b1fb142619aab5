import Foundation
import TestSupport
import Transport

/// A server, or a directory, that stories run over.
enum PlaceKind: Hashable, Sendable, CustomStringConvertible {
  case directory
  case server(RealServerKind)

  /// All of them.
  static let all = [directory] + RealServerKind.allCases.map(server)

  var description: String {
    switch self {
    case .directory: "directory"
    case .server(let kind): kind.rawValue
    }
  }

  /// Whether Tests/servers/install.sh has put it here.
  var isInstalled: Bool {
    guard case .server(let kind) = self else { return true }
    return kind.isInstalled
  }

  /// Whether it lists.
  var lists: Bool {
    guard case .server(let kind) = self else { return true }
    return kind.abilities.lists
  }

  /// What a process asks before its first question: Digest is opened by a GET and its answer.
  var opening: Int { self == .server(.apacheDigest) ? 2 : 0 }
}

/// A running place, with a spot for each story.
final class MeetingPlace {
  let kind: PlaceKind
  private let root: TemporaryFolder
  private let server: RealServer?

  init(_ kind: PlaceKind) throws {
    self.kind = kind
    root = try TemporaryFolder()
    switch kind {
    case .directory: server = nil
    case .server(let kind): server = try RealServer(kind)
    }
  }

  /// A folder that nobody has used yet. It is not made: that is the first machine's part.
  func spot(_ name: String) throws -> Spot {
    guard let server else {
      let path = root.path + "/" + name
      return Spot(kind: kind, profile: RemoteProfile(url: path), disk: path, root: root.path)
    }
    var profile = server.profile
    profile.url = profile.url.replacing("/my/shelf", with: "/my/" + name)
    let path = server.root.path + "/data" + (URL(string: profile.url)?.path ?? "")
    return Spot(kind: kind, profile: profile, disk: path, root: server.root.path)
  }
}

/// One folder of a place.
struct Spot {
  let kind: PlaceKind
  let profile: RemoteProfile
  /// Where its files are on the disk, for places that keep them there.
  let disk: String
  /// Where the server's keys and certificates are.
  let root: String
  /// What it is sealed with.
  var passphrase: String?

  /// The same folder, for machines that seal with a passphrase.
  func sealed(_ passphrase: String) -> Spot {
    var spot = self
    spot.passphrase = passphrase
    return spot
  }

  // MARK: As a person names it

  /// The URL of `remote add`.
  var address: String {
    switch profile.kind {
    case .plain: "http-put+" + profile.url
    case .s3: "s3+" + profile.url
    default: profile.url
    }
  }

  /// The options of `remote add`; secrets go into files that only the machine's owner reads.
  func arguments(for machine: Machine) throws -> [String] {
    var words: [String] = []
    switch profile.auth {
    case .basic, .digest:
      words += ["--auth", profile.auth == .basic ? "basic" : "digest", "--user", "ada"]
      words += ["--password-file", try machine.file("password", "sesame\n", mode: 0o600)]
    case .netrc:
      let netrc = "machine 127.0.0.1 login ada password sesame\n"
      let file = machine.home.appendingPathComponent(".netrc")
      try Data(netrc.utf8).write(to: file)
      chmod(file.path, 0o600)
      words.append("--netrc")
    case .clientCertificate:
      let both = try ["client.pem", "client.key"]
        .map { try String(contentsOfFile: root + "/tls/" + $0, encoding: .utf8) }
      words += ["--client-cert", try machine.file("client.pem", both.joined(), mode: 0o600)]
    case .s3:
      let key = try String(contentsOfFile: root + "/key", encoding: .utf8).split(separator: "\n")
      try check(key.count == 2, "no S3 key")
      words += ["--user", String(key[0]), "--password-file"]
      words.append(try machine.file("password", String(key[1]) + "\n", mode: 0o600))
    default: break
    }
    if let file = profile.caFile { words += ["--ca-file", file] }
    if let passphrase {
      words += ["--encrypt", "--passphrase-file"]
      words.append(try machine.file("passphrase", passphrase + "\n", mode: 0o600))
    }
    return words
  }

  // MARK: As its administrator sees it

  /// Whether files are to be changed behind the server's back: those that cannot delete, and cache
  /// nothing.
  private var isOnDisk: Bool {
    switch kind {
    case .directory, .server(.nginxPut), .server(.barePython): true
    default: false
    }
  }

  private func folder() throws -> any RemoteFolder {
    try RemoteFolders.open(profile, pace: TestPace().pace)
  }

  /// Every file.
  func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    guard !isOnDisk else {
      for name in (try? FileManager.default.contentsOfDirectory(atPath: disk)) ?? [] {
        files[name] = Array(try Data(contentsOf: URL(fileURLWithPath: disk + "/" + name)))
      }
      return files
    }
    let folder = try folder()
    guard case .files(let listed) = try folder.list() else { throw Unexpected("no listing") }
    let names = listed.map(\.name)
    for (name, result) in zip(names, folder.read(names, limit: 1 << 20)) {
      if case .found(let bytes) = try result.get() { files[name.text] = bytes }
    }
    return files
  }

  /// Makes the folder hold these files and no others.
  func replace(with files: [String: [UInt8]]) throws {
    let now = try self.files()
    for (name, bytes) in files where now[name] != bytes { try put(name, bytes) }
    for name in now.keys where files[name] == nil { try remove(name) }
  }

  private func put(_ name: String, _ bytes: [UInt8]) throws {
    if isOnDisk {
      try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
      try Data(bytes).write(to: URL(fileURLWithPath: disk + "/" + name))
      chmod(disk, 0o777)
      chmod(disk + "/" + name, 0o666)
    } else if let name = RemoteName(name) {
      try folder().write(name, bytes)
    }
  }

  private func remove(_ name: String) throws {
    if isOnDisk {
      try FileManager.default.removeItem(atPath: disk + "/" + name)
    } else if let name = RemoteName(name) {
      try folder().delete(name)
    }
  }
}
