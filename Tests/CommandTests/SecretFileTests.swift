import Foundation
import TestSupport
import Testing

/// What of a file or a command is the secret.
@Suite struct SecretFileTests {
  private func file(_ home: Home, _ name: String, _ bytes: [UInt8]) throws -> String {
    let url = home.url.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    chmod(url.path, 0o600)
    return url.path
  }

  @Test(
    "A password is the first line: as `pass` prints it, without CR and BOM, whatever its bytes",
    arguments: [
      ("sesame\n", "sesame"), ("sesame\r\n", "sesame"), ("sesame", "sesame"),
      ("sesame\nuser: ada\nurl: x\n", "sesame"), ("sesame\r\nuser: ada\r\n", "sesame"),
      ("\u{FEFF}sesame\r\n", "sesame"), (" ses ame \n", " ses ame "), ("口令\n", "口令"),
    ])
  func passwordsAreTheFirstLine(_ text: String, _ password: String) throws {
    try expect(Array(text.utf8), sends: Array(password.utf8))
  }

  @Test func aPasswordNeedBeNoUTF8() throws {
    try expect([0xE9, 0x74, 0xE9, 0x0A], sends: [0xE9, 0x74, 0xE9])
  }

  private func expect(_ bytes: [UInt8], sends password: [UInt8]) throws {
    let home = try Home()
    let server = try #require(HostileServer())
    defer { server.stop() }
    let basic = "Basic " + Data(Array("ada:".utf8) + password).base64EncodedString()
    server.require(authorization: basic)
    let file = try file(home, "password", bytes)
    for (name, options) in [
      ("file", ["--password-file", file]), ("command", ["--password-command", "cat '\(file)'"]),
    ] {
      let run = try home.run(
        ["remote", "add", name, server.url(), "--user", "ada", "--auth", "basic"] + options)
      #expect(run.code == 0, "\(name): \(run.notes)")
    }
  }

  @Test(
    "What is no password is refused with words",
    arguments: [[0x0A], [0x0D, 0x0A], [0xEF, 0xBB, 0xBF, 0x0A], [0xFF, 0xFE, 0x61, 0x00]]
      as [[UInt8]])
  func noPassword(_ bytes: [UInt8]) throws {
    let home = try Home()
    let file = try file(home, "password", bytes)
    let run = try home.shelf(
      "remote", "add", "x", "https://127.0.0.1:1/", "--user", "ada", "--password-file", file)
    #expect(run.code == 78 && run.notes.contains(file), "\(run.notes)")
  }

  @Test func aFolderIsNoFileWithASecret() throws {
    let home = try Home()
    let folder = home.url.appendingPathComponent("folder").path
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    let run = try home.shelf(
      "remote", "add", "x", "https://127.0.0.1:1/", "--user", "ada", "--password-file", folder)
    #expect(run.code == 66 && run.notes.contains("\(folder) is a folder"), "\(run.notes)")
    #expect(!run.notes.contains("chmod"), "\(run.notes)")
  }

  @Test(
    "A file of authorities that is missing, or holds none, is named",
    arguments: [(nil, 66), ("no certificate\n", 78), ("", 78)] as [(String?, Int32)])
  func noAuthority(_ text: String?, _ code: Int32) throws {
    let home = try Home()
    let path = home.url.appendingPathComponent("ca.pem").path
    if let text { _ = try home.file("ca.pem", text) }
    let run = try home.shelf("remote", "add", "x", "https://127.0.0.1:1/", "--ca-file", path)
    #expect(run.code == code && run.notes.contains(path), "\(run.notes)")
    #expect(!run.notes.contains("PUT"), "\(run.notes)")
  }

  /// Two machines; the second one's outcome.
  private func meet(_ first: [UInt8], _ second: [UInt8]) throws -> (Home.Run, Home.Run) {
    let (desk, laptop) = (try Home(), try Home())
    let folder = desk.url.appendingPathComponent("folder").path
    var runs: [Home.Run] = []
    for (home, bytes) in [(desk, first), (laptop, second)] {
      _ = try home.shelf("add", "2510.0000\(runs.count + 1)")
      let file = try file(home, "phrase", bytes)
      // It tells a wrong passphrase before there is anything to sync with.
      let added = try home.shelf(
        "remote", "add", "stick", folder, "--encrypt", "--passphrase-file", file)
      runs.append(added.code == 0 ? try home.shelf("sync") : added)
    }
    return (runs[0], runs[1])
  }

  @Test("A passphrase that is no UTF-8 is its bytes: another one opens nothing")
  func passphrasesAreBytes() throws {
    let key: [UInt8] = [0x80, 0x0A, 0xFF, 0x00, 0xC3, 0x28, 0x61]
    var other = key
    other[0] = 0x81
    let (first, second) = try meet(key, other)
    #expect(first.code == 0, "\(first.notes)")
    #expect(second.code == 77 && second.notes.contains("passphrase"), "\(second.notes)")
    let (_, same) = try meet(key, key + [0x0A])
    #expect(same.code == 0, "\(same.notes)")
    #expect(!same.notes.contains("rekey"), "\(same.notes)")
  }

  @Test("A folder that an older build sealed with a passphrase of no UTF-8 opens, and that is told")
  func olderFoldersOpen() throws {
    let key: [UInt8] = [0x6D, 0xE9, 0x6C, 0x6F, 0x64, 0x79, 0x0A]
    let asItWasRead = Array(String(decoding: key, as: UTF8.self).utf8)
    let (first, second) = try meet(asItWasRead, key)
    #expect(first.code == 0, "\(first.notes)")
    #expect(second.code == 0, "\(second.notes)")
    #expect(second.notes.contains("rekey"), "\(second.notes)")
  }

  /// Every passphrase that is UTF-8 makes the key that it made before.
  @Test(arguments: ["two\nlines\n", "end\r\n", "\u{FEFF}mark\n", "口令", "line\u{2028}", "x\u{85}"])
  func passphrasesThatAreTextStay(_ text: String) throws {
    let trimmed = text.last?.isNewline == true ? String(text.dropLast()) : text
    let (_, second) = try meet(Array(trimmed.utf8) + [0x0A], Array(text.utf8))
    #expect(second.code == 0, "\(second.notes)")
  }
}
