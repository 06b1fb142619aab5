import Foundation
import TestSupport
import Testing
import TransportContract

@testable import Transport

@Suite struct DirectoryTests {
  private let temporary: TemporaryFolder
  private let folder: any RemoteFolder
  private let path: String

  init() throws {
    temporary = try TemporaryFolder()
    path = temporary.path + "/shelf"
    folder = try RemoteFolders.open(RemoteProfile(url: path), pace: TestPace().pace)
  }

  private func write(_ name: String, _ bytes: [UInt8] = [1]) throws {
    try folder.write(FolderContract.name(name), bytes)
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test("Files are the owner's alone, and nothing temporary stays")
  func modes() throws {
    try write("dev.1")
    try write("dev.1", [2])
    #expect(try mode(path) == 0o700)
    #expect(try mode(path + "/dev.1") == 0o600)
    #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["dev.1"])
  }

  @Test("What a killed process left is removed after an hour, and nothing else")
  func leftovers() throws {
    try write("dev.1")
    // TestPace begins at the first second of 2026.
    let start = 1_767_225_600
    let ages = [
      ".dev.2.123": 3601, ".peers.7": 90_000, ".dev.3.5": 3599, ".dev.4.x": 90_000,
      ".DEV.5.9": 90_000, ".stignore": 90_000, "dev.6": 90_000,
    ]
    for (name, age) in ages {
      try "x".write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
      var times = [timeval](repeating: timeval(tv_sec: start - age, tv_usec: 0), count: 2)
      #expect(utimes(path + "/" + name, &times) == 0)
    }
    let later = try RemoteFolders.open(RemoteProfile(url: path), pace: TestPace().pace)
    try later.write(FolderContract.name("dev.1"), [2])
    let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    let kept = Set(ages.keys).subtracting([".dev.2.123", ".peers.7"]).union(["dev.1"])
    #expect(names == kept.sorted())
  }

  @Test("A file URL is the same place")
  func fileURL() throws {
    try write("dev.1", [7])
    let other = try RemoteFolders.open(RemoteProfile(url: "file://" + path), pace: TestPace().pace)
    let name = try FolderContract.name("dev.1")
    #expect(try #require(other.read([name], limit: 9).first).get() == .found([7]))
  }

  @Test("A missing folder is made by a write, a missing parent is not")
  func missing() throws {
    #expect(try folder.list() == .files([]))
    #expect(!FileManager.default.fileExists(atPath: path))
    let stick = try RemoteFolders.open(
      RemoteProfile(url: temporary.path + "/stick/shelf"), pace: TestPace().pace)
    let error = #expect(throws: TransportError.self) {
      try stick.write(FolderContract.name("dev.1"), [1])
    }
    #expect(error?.kind == .unreachable)
    #expect(!FileManager.default.fileExists(atPath: temporary.path + "/stick"))
  }

  @Test("Symbolic links, pipes and folders in it are neither listed, read nor written through")
  func links() throws {
    try write("dev.1")
    let outside = temporary.path + "/outside"
    try "secret".write(toFile: outside, atomically: false, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: path + "/link.1", withDestinationPath: outside)
    try FileManager.default.createDirectory(
      atPath: path + "/sub.1", withIntermediateDirectories: false)
    #expect(mkfifo(path + "/pipe.1", 0o600) == 0)
    let names = try ["link.1", "sub.1", "pipe.1"].map { try FolderContract.name($0) }
    for result in folder.read(names, limit: 100) {
      #expect(throws: TransportError.self) { try result.get() }
    }
    guard case .files(let files) = try folder.list() else {
      Issue.record("a folder lists")
      return
    }
    #expect(try files.map(\.name) == [FolderContract.name("dev.1")])
    #expect(files.map(\.size) == [1])
    try write("link.1", [9])
    #expect(try String(contentsOfFile: outside, encoding: .utf8) == "secret")
  }

  @Test("A path that is no folder is told as such")
  func notAFolder() throws {
    try "x".write(toFile: path, atomically: false, encoding: .utf8)
    let error = #expect(throws: TransportError.self) { try write("dev.1") }
    #expect(error?.kind == .unreachable)
    #expect(error?.url == path)
  }
}
