import Foundation
import TestSupport
import Testing

/// Disks that lack what a network or FUSE file system lacks (Tests/PowerLoss/poor-disk.c): a command
/// works there, or says at once what is missing and what to do.
@Suite struct PoorDiskTests {
  private let folder: TemporaryFolder
  private let root: String
  private let library: String

  init() throws {
    folder = try TemporaryFolder()
    // The kernel tells paths without links.
    let real = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
    root = real + "/disk"
    library = real + "/poor.so"
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
    let source = PackageRoot.url.appendingPathComponent("Tests/PowerLoss/poor-disk.c").path
    try Shell.run(["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source])
  }

  private func shelf(_ home: String, lacking what: String) -> ShelfProcess {
    var shelf = ShelfProcess(home: URL(fileURLWithPath: home))
    shelf.variables = [
      "LD_PRELOAD": library, "PAPERSHELF_POOR_ROOT": root, "PAPERSHELF_POOR": what,
    ]
    return shelf
  }

  @Test func aRemoteFolderThatCannotBeFlushedWorks() throws {
    let shelf = shelf(folder.path + "/home", lacking: "flush")
    #expect(try shelf.run("add", "2510.00001").status == 0)
    let added = try shelf.run("remote", "add", "stick", root + "/shelf")
    #expect(added.status == 0, "\(added.errors)")
    let sync = try shelf.run("sync")
    #expect(sync.status == 0, "\(sync.errors)")
  }

  @Test func aHomeWhoseFoldersCannotBeFlushedWorks() throws {
    let shelf = shelf(root + "/home", lacking: "flush")
    #expect(try shelf.run("add", "2510.00001").status == 0)
    #expect(try shelf.run("backup", root + "/kept").status == 0)
    #expect(try shelf.run("config", "path").status == 0)
  }

  @Test(
    "A home without locks or shared maps is refused with the reason, and soon",
    arguments: [
      ("locks", "locks"), ("maps", "shared memory"),
    ])
  func aHomeThatLacks(_ what: String, _ word: String) throws {
    for isThere in [false, true] {
      let home = root + "/\(what)-\(isThere)"
      if isThere {
        #expect(
          try ShelfProcess(home: URL(fileURLWithPath: home)).run("add", "2510.00001").status == 0)
      }
      let start = Date()
      let outcome = try shelf(home, lacking: what).run("add", "2510.00002")
      #expect(Date().timeIntervalSince(start) < 15)
      #expect(outcome.status == 73, "\(outcome.errors)")
      #expect(outcome.errors.contains(word), "\(outcome.errors)")
      #expect(outcome.errors.contains("--home"), "\(outcome.errors)")
    }
  }

  @Test(
    "A home on a network disk is told: when it is made, and by doctor",
    arguments: [
      ("nfs4", "NFS"), ("cifs", "SMB"), ("9p", "9P"), ("fuse.sshfs", "sshfs"), ("ext4", nil),
      ("fuse.mergerfs", nil),
    ] as [(String, String?)])
  func aHomeOnANetworkDisk(_ type: String, _ name: String?) throws {
    var status = stat()
    #expect(stat(root, &status) == 0)
    let (major, minor) = (status.st_dev >> 8 & 0xFFF, status.st_dev & 0xFF)
    let mounts = folder.path + "/mounts"
    try """
    21 1 0:0 / / rw shared:1 - ext4 /dev/root rw
    22 1 \(major):\(minor) / /home rw,nosuid shared:2 - \(type) nas:/home rw

    """.write(toFile: mounts, atomically: false, encoding: .utf8)
    var shelf = shelf(root + "/home", lacking: "")
    shelf.variables["PAPERSHELF_POOR_MOUNTS"] = mounts
    let added = try shelf.run("add", "2510.00001")
    #expect(added.status == 0)
    let words = name.map { "network disk (\($0))" } ?? "network disk"
    #expect(added.errors.contains(words) == (name != nil), "\(added.errors)")
    // Once; then only who asks is told.
    #expect(try !shelf.run("add", "2510.00002").errors.contains("network disk"))
    let doctor = try shelf.run("doctor")
    #expect(doctor.output.contains(words) == (name != nil), "\(doctor.output)")
  }
}
