import Foundation
import TestSupport
import Testing
import Transport

@testable import shelf

/// What lies in sample-config works as it is.
@Suite struct SampleConfigTests {
  @Test("Two machines meet on a server of sample-config", arguments: SampleServer.Kind.allCases)
  func serves(_ kind: SampleServer.Kind) throws {
    guard SampleServer.isInstalled(kind) else { try Test.cancel("\(kind) is not installed") }
    let server = try SampleServer(kind)
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.imports(OwnDigest())
    for machine in [desk, laptop] {
      var words = ["remote", "add", "home", server.url]
      if kind != .rclone {
        words += ["--user", "ada", "--ca-file", server.caFile, "--password-file"]
        words.append(try machine.file("password", "sesame\n", mode: 0o600))
      }
      try machine.does(words)
    }
    for machine in [desk, laptop, desk] { try machine.syncs() }
    try laptop.does("star", "2509.00001")
    for machine in [laptop, desk] { #expect(try machine.syncs().problems == []) }
    try Settling.compare([desk, laptop])
    #expect(try desk.does("remote", "test").contains("lists files"))
    let names = try FileManager.default.contentsOfDirectory(atPath: server.folder)
    #expect(names.contains("papershelf") && !names.contains { $0.hasPrefix("probe") })
    guard kind != .rclone else { return }
    // Nobody comes in without the password.
    let stranger = try Machine("stranger")
    try stranger.fails(77, "remote", "add", "home", server.url, "--ca-file", server.caFile)
  }

  @Test("A request may take what config.toml says it may when nothing is set")
  func timeout() {
    let said = ConfigurationKey.remote.first { $0.name == "timeout" }?.standard
    #expect(said == "\(Int(RemoteProfile(url: "").timeout))")
  }

  @Test("systemd takes the timer and its service")
  func units() throws {
    let program = "/usr/bin/systemd-analyze"
    guard FileManager.default.fileExists(atPath: program) else {
      try Test.cancel("systemd is not installed")
    }
    let home = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: home.path + "/.local/bin", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: home.path + "/.local/bin/shelf", withDestinationPath: "/bin/true")
    for units in [
      ["sync.service", "sync.timer"], ["fetch.service", "fetch.timer"], ["watch.service"],
    ] {
      let files = units.map {
        PackageRoot.url.appendingPathComponent("sample-config/papershelf-" + $0).path
      }
      let words = try Shell.run([
        "HOME=" + home.path, "XDG_RUNTIME_DIR=" + home.path, "sh", "-c",
        "\(program) --user verify \(files.joined(separator: " ")) 2>&1",
      ])
      #expect(words == "")
    }
    // Those of the machine name a program that only an administrator puts there.
    for ending in ["service", "timer"] {
      let name = "papershelf-fetch@." + ending
      let unit = try String(
        contentsOf: PackageRoot.url.appendingPathComponent("sample-config/" + name),
        encoding: .utf8)
      try unit.replacingOccurrences(of: "/usr/local/bin/shelf", with: "/bin/true")
        .write(toFile: home.path + "/" + name, atomically: true, encoding: .utf8)
    }
    let words = try Shell.run([
      "sh", "-c", "\(program) verify \(home.path)/papershelf-fetch@ada.timer 2>&1",
    ])
    #expect(!words.contains("papershelf"), "\(words)")
  }
}
