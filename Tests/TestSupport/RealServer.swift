import Foundation
import Transport

/// The real servers that the contract runs over, each as one endpoint of it.
package enum RealServerKind: String, Sendable, CaseIterable {
  case apacheBasic, apacheDigest, apacheNetrc, apacheTLS, apacheClientCertificate
  case nginxDav, nginxPut, lighttpd, rclone, wsgidav, motoS3, barePython

  /// What is to be there before it can be started: absolute paths.
  var needs: [String] {
    switch self {
    case .apacheBasic, .apacheDigest, .apacheNetrc, .apacheTLS, .apacheClientCertificate:
      ["/usr/sbin/apache2", "/usr/lib/apache2/modules/mod_dav_fs.so", "/usr/bin/openssl"]
    case .nginxDav, .nginxPut:
      ["/usr/sbin/nginx", "/usr/lib/nginx/modules/ngx_http_dav_ext_module.so"]
    case .lighttpd: ["/usr/sbin/lighttpd", "/usr/lib/lighttpd/mod_webdav.so"]
    case .rclone: ["/usr/bin/rclone"]
    case .wsgidav: [RealServer.python("wsgidav")]
    case .motoS3: [RealServer.python("moto_server")]
    case .barePython: ["/usr/bin/python3"]
    }
  }

  /// Whether Tests/servers/install.sh has been run here.
  package var isInstalled: Bool { needs.allSatisfy(FileManager.default.fileExists) }

  /// How much of the contract it can keep.
  package var abilities: FolderAbilities {
    switch self {
    case .nginxPut, .barePython: .init(lists: false, deletes: false)
    default: .init()
    }
  }
}

/// A real server on loopback with its data in a temporary folder, stopped with its owner.
///
/// Invariant: the process is ours, started here, and ends with this object.
package final class RealServer {
  /// How to reach its endpoint; the folder of the URL is not there yet.
  package let profile: RemoteProfile
  /// Where its files and logs are.
  package let root: TemporaryFolder
  private let process: ChildProcess

  /// What went wrong before the server was ready.
  package struct Trouble: Error, CustomStringConvertible {
    /// The words, with the end of the server's log.
    package let description: String
  }

  /// A program of the virtual environment that Tests/servers/install.sh makes.
  package static func python(_ program: String) -> String {
    PackageRoot.url.appendingPathComponent(".build/servers-venv/bin/\(program)").path
  }

  /// Starts a server of the kind and waits until it accepts connections.
  package init(_ kind: RealServerKind) throws {
    root = try TemporaryFolder()
    guard let port = Loopback.freePort(), let tlsPort = Loopback.freePort() else {
      throw Trouble(description: "no free port")
    }
    let place = Place(root: root.path, port: port, tlsPort: tlsPort, scripts: PackageRoot.servers)
    try place.prepare(kind)
    process = try ChildProcess(place.command(kind), log: root.path + "/output.log")
    profile = try place.waitForProfile(kind, process)
  }
}

/// A server that agrees to HTTP/2 and then speaks nonsense, as some proxies do; by HTTP/1.1 it
/// answers every GET with one text.
package final class FalseHTTP2Server {
  /// How to reach it.
  package let profile: RemoteProfile
  private let root: TemporaryFolder
  private let process: ChildProcess

  /// Whether its parts are here.
  package static var isInstalled: Bool {
    ["/usr/bin/openssl", "/usr/bin/python3"].allSatisfy(FileManager.default.fileExists)
  }

  /// Starts it.
  /// - Parameter breaking: where given, it knows no HTTP/2, and breaks off so many handshakes first.
  package init(_ text: String, breaking: Int? = nil) throws {
    root = try TemporaryFolder()
    guard let port = Loopback.freePort() else {
      throw RealServer.Trouble(description: "no free port")
    }
    let place = Place(
      root: root.path, port: port, tlsPort: port, scripts: PackageRoot.servers)
    try place.makeCertificates()
    let script = PackageRoot.servers + "/false_h2.py"
    process = try ChildProcess(
      ["/usr/bin/python3", script, "\(port)", root.path + "/tls", text]
        + (breaking.map { ["\($0)"] } ?? []),
      log: root.path + "/output.log")
    while process.isRunning && !Loopback.isOpen(port) { _ = poll(nil, 0, 10) }
    profile = RemoteProfile(
      url: "https://127.0.0.1:\(port)/", caFile: root.path + "/tls/ca.pem", timeout: 10)
  }
}

/// The files of one running server.
private struct Place {
  let root: String
  let port: UInt16
  let tlsPort: UInt16
  let scripts: String

  func prepare(_ kind: RealServerKind) throws {
    // Servers started by root drop to another user, who must be able to write.
    try open(root, 0o755)
    for folder in ["data", "data/basic", "data/digest", "data/client", "data/dav", "locks", "body"]
    {
      try FileManager.default.createDirectory(
        atPath: "\(root)/\(folder)", withIntermediateDirectories: true)
      try open("\(root)/\(folder)", 0o777)
    }
    switch kind {
    case .apacheBasic, .apacheDigest, .apacheNetrc, .apacheTLS, .apacheClientCertificate:
      try fill("apache.conf")
      try fill("users.basic")
      try fill("users.digest")
      try makeCertificates()
      let netrc = "machine 127.0.0.1 login ada password sesame\n"
      try netrc.write(toFile: root + "/netrc", atomically: false, encoding: .utf8)
    case .nginxDav, .nginxPut:
      try FileManager.default.createDirectory(
        atPath: root + "/data/put", withIntermediateDirectories: false)
      try open(root + "/data/put", 0o777)
      try fill("nginx.conf")
    case .lighttpd: try fill("lighttpd.conf")
    default: break
    }
  }

  func makeCertificates() throws {
    try FileManager.default.createDirectory(
      atPath: root + "/tls", withIntermediateDirectories: false)
    try run(["/bin/sh", scripts + "/certificates.sh", root + "/tls"])
  }

  func command(_ kind: RealServerKind) -> [String] {
    switch kind {
    case .apacheBasic, .apacheDigest, .apacheNetrc, .apacheTLS, .apacheClientCertificate:
      ["/usr/sbin/apache2", "-DFOREGROUND", "-f", root + "/apache.conf"]
    case .nginxDav, .nginxPut:
      ["/usr/sbin/nginx", "-c", root + "/nginx.conf", "-e", root + "/error.log"]
    case .lighttpd: ["/usr/sbin/lighttpd", "-D", "-f", root + "/lighttpd.conf"]
    case .rclone:
      [
        "/usr/bin/rclone", "--config", root + "/rclone.conf", "serve", "webdav", root + "/data",
        "--addr", "127.0.0.1:\(port)", "--user", "ada", "--pass", "sesame",
      ]
    case .wsgidav:
      [
        RealServer.python("wsgidav"), "--host=127.0.0.1", "--port=\(port)", "--root=\(root)/data",
        "--auth=anonymous", "--no-config",
      ]
    case .motoS3: [RealServer.python("python"), scripts + "/s3.py", "\(port)", root + "/key"]
    case .barePython: ["/usr/bin/python3", scripts + "/plain.py", "\(port)", root + "/data"]
    }
  }

  func waitForProfile(_ kind: RealServerKind, _ process: ChildProcess) throws -> RemoteProfile {
    // Asks again until it answers; `poll` without descriptors only gives the processor away.
    for _ in 0..<2000 where process.isRunning {
      if isReady(kind) { return profile(kind) }
      _ = poll(nil, 0, 10)
    }
    let logs = ["output.log", "error.log"].compactMap {
      try? String(contentsOfFile: "\(root)/\($0)", encoding: .utf8)
    }
    throw RealServer.Trouble(
      description: "\(kind) did not start: \(logs.joined(separator: "\n").suffix(600))")
  }

  private func isReady(_ kind: RealServerKind) -> Bool {
    kind == .motoS3
      ? FileManager.default.fileExists(atPath: root + "/key") : Loopback.isOpen(port)
  }

  private func profile(_ kind: RealServerKind) -> RemoteProfile {
    let http = "http://127.0.0.1:\(port)"
    let https = "https://127.0.0.1:\(tlsPort)"
    var profile = RemoteProfile(url: http + "/dav/my/shelf/", user: "ada", secret: Secret("sesame"))
    profile.timeout = 30
    switch kind {
    case .apacheBasic: (profile.url, profile.auth) = (http + "/basic/my/shelf", .basic)
    case .apacheDigest: (profile.url, profile.auth) = (http + "/digest/my/shelf", .digest)
    case .apacheNetrc:
      (profile.url, profile.auth) = (http + "/basic/my/shelf", .netrc)
      (profile.user, profile.secret, profile.netrcFile) = (nil, nil, root + "/netrc")
    case .apacheTLS:
      (profile.url, profile.auth) = (https + "/basic/my/shelf", .basic)
      profile.caFile = root + "/tls/ca.pem"
    case .apacheClientCertificate:
      (profile.url, profile.auth) = (https + "/client/my/shelf", .clientCertificate)
      profile.caFile = root + "/tls/ca.pem"
      profile.clientCertificate = root + "/tls/client.pem"
      profile.clientKey = root + "/tls/client.key"
    case .nginxPut: (profile.url, profile.kind) = (http + "/put/my/shelf", .plain)
    case .rclone: profile.auth = .basic
    case .barePython: profile.kind = .plain
    case .motoS3:
      (profile.url, profile.kind) = (http + "/bucket/my/shelf", .s3)
      profile.auth = .s3(region: "us-east-1")
      let key = (try? String(contentsOfFile: root + "/key", encoding: .utf8)) ?? ""
      let lines = key.split(separator: "\n").map(String.init)
      (profile.user, profile.secret) = (lines.first, lines.last.map(Secret.init))
    case .nginxDav, .lighttpd, .wsgidav: break
    }
    return profile
  }

  /// Copies a configuration with its places filled in.
  private func fill(_ name: String) throws {
    let text = try String(contentsOfFile: "\(scripts)/\(name)", encoding: .utf8)
      .replacing("@ROOT@", with: root).replacing("@PORT@", with: "\(port)")
      .replacing("@TLSPORT@", with: "\(tlsPort)")
    try text.write(toFile: "\(root)/\(name)", atomically: false, encoding: .utf8)
    try open("\(root)/\(name)", 0o644)
  }

  private func open(_ path: String, _ mode: Int) throws {
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  private func run(_ command: [String]) throws {
    guard try ChildProcess(command, log: root + "/output.log").wait() == 0 else {
      throw RealServer.Trouble(description: "\(command) failed")
    }
  }
}

extension PackageRoot {
  /// Where the configurations of real servers are.
  fileprivate static let servers = url.appendingPathComponent("Tests/servers").path
}
