import Disk
import Foundation
import TestSupport
import Testing

@Suite struct AtomicFileTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/file"
  }

  private func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
  private func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }
  private func mode(_ path: String) throws -> Int {
    let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    return try #require(found as? Int)
  }

  @Test func aReaderSeesTheOldOrTheNew() throws {
    try AtomicFile.write("old".utf8, to: open(path, O_CREAT | O_WRONLY, 0o644), path)
    var announced: [[String]] = []
    try AtomicFile.replace(path, mode: 0o600, announcing: { announced.append($0) }) { descriptor in
      #expect(announced == [PartialFile.names(for: path)])
      try AtomicFile.write("new".utf8, to: descriptor, path)
      #expect(try text(path) == "old")
      #expect(try names() == ["file", "file.shelf-partial-\(getpid())"])
      // Another process sees the lock of this one.
      #expect(PartialFile.abandoned(in: folder.path) == [])
    }
    #expect(try text(path) == "new")
    #expect(try mode(path) == 0o600)
    #expect(try names() == ["file"])
    #expect(announced.last == [])
  }

  @Test func anErrorLeavesTheOldAndNothingBeside() throws {
    struct Trouble: Error {}
    try AtomicFile.replace(path) { try AtomicFile.write("old".utf8, to: $0, path) }
    #expect(throws: Trouble.self) {
      try AtomicFile.replace(path) {
        try AtomicFile.write("half".utf8, to: $0, path)
        throw Trouble()
      }
    }
    #expect(throws: Trouble.self) {
      try AtomicFile.replace(path, mode: 0o600) { partial in
        #expect(try mode(partial) == 0o600)
        throw Trouble()
      }
    }
    #expect(try text(path) == "old")
    #expect(try names() == ["file"])
  }

  @Test func theErrorNamesTheFileAndTheSystemsNumber() throws {
    let nowhere = folder.path + "/nowhere/file"
    #expect(throws: FileError(verb: .write, path: nowhere, code: ENOENT)) {
      try AtomicFile.replace(nowhere) { _ in }
    }
    #expect(throws: FileError(verb: .write, path: "/dev/full", code: ENOSPC)) {
      try AtomicFile.replace("/dev/full") { try AtomicFile.write([1, 2, 3], to: $0, "/dev/full") }
    }
    try AtomicFile.replace(path) { try AtomicFile.write("x".utf8, to: $0, path) }
    #expect(throws: FileError(verb: .write, path: path, code: ENOTDIR)) {
      try AtomicFile.makeFolder(path)
    }
  }

  /// What others put in the way is not written to: the name under which we write is ours alone.
  @Test func aLinkInTheWayIsNotFollowed() throws {
    let target = folder.path + "/target"
    try AtomicFile.replace(target) { try AtomicFile.write("kept".utf8, to: $0, target) }
    try FileManager.default.createSymbolicLink(
      atPath: PartialFile.name(for: path), withDestinationPath: target)
    try AtomicFile.replace(path) { try AtomicFile.write("new".utf8, to: $0, path) }
    #expect(try text(target) == "kept")
    let open = open(folder.path, O_RDONLY | O_DIRECTORY)
    defer { close(open) }
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/.part", withDestinationPath: target)
    #expect(throws: FileError(verb: .write, path: "file", code: EEXIST)) {
      try AtomicFile.replace("file", in: open, writing: ".part", mode: 0o600, [1])
    }
    #expect(try text(target) == "kept")
    #expect(try text(path) == "new")
  }

  @Test func foldersAreMadeForTheOwner() throws {
    let deep = folder.path + "/a/b/c"
    try AtomicFile.makeFolder(deep)
    try AtomicFile.makeFolder(deep)
    #expect(try mode(deep) == 0o700 && mode(folder.path + "/a") == 0o700)
  }

  @Test(arguments: [
    ("a", "."), ("/a", "/"), ("/", "/"), ("a/b", "a"), ("/a/b/", "/a/b"),
    ("a/\u{301}b", "a"), ("a/b\u{301}", "a"),
  ])
  func theFolderOfAPath(_ path: String, _ folder: String) {
    #expect(AtomicFile.folder(of: path) == folder)
  }
}
