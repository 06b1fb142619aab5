import Glibc

/// What the file system of a folder is, and what it lacks.
package enum FileSystem {
  /// Something that SQLite needs for a library that several processes use
  /// (https://sqlite.org/wal.html, "all processes must be on the same host").
  package enum Lack: Hashable, Sendable {
    /// Locks of POSIX (fcntl(2), F_SETLK).
    case locks
    /// Maps of a file that processes share (mmap(2), MAP_SHARED).
    case sharedMaps
  }

  /// What the file system of a folder lacks; nil for nothing, and where no file can be made there.
  /// Tried with a file of its own, whose locks are nobody's.
  package static func lack(in folder: String) -> Lack? {
    var template = Array((folder + "/.shelf-XXXXXX").utf8CString)
    let file = mkstemp(&template)
    guard file >= 0 else { return nil }
    defer { close(file) }
    unlink(template)
    var lock = flock(
      l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 1, l_pid: 0)
    if fcntl(file, F_SETLK, &lock) != 0, isUnknown(errno) { return .locks }
    guard ftruncate(file, 4096) == 0 else { return nil }
    let map = mmap(nil, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    guard map != MAP_FAILED else { return isUnknown(errno) ? .sharedMaps : nil }
    munmap(map, 4096)
    return nil
  }

  /// The numbers by which a file system says that it does not know what it is asked for.
  private static func isUnknown(_ code: Int32) -> Bool {
    [ENOLCK, ENOSYS, EOPNOTSUPP, EINVAL, ENODEV].contains(code)
  }

  /// What the network disk is called that a file or folder lies on; nil for one of this machine.
  /// The mount table tells it (proc_pid_mountinfo(5)), by the device.
  package static func network(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0, let table = fopen("/proc/self/mountinfo", "re") else {
      return nil
    }
    defer { fclose(table) }
    let device = Self.device(status.st_dev)
    var line = [CChar](repeating: 0, count: 8192)
    while fgets(&line, Int32(line.count), table) != nil {
      let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let fields = String(decoding: bytes, as: UTF8.self).split(separator: " ")
      guard fields.count > 2, fields[2] == device, let dash = fields.firstIndex(of: "-"),
        fields.indices.contains(dash + 1)
      else { continue }
      return network(called: fields[dash + 1])
    }
    return nil
  }

  /// Major and minor number as the mount table writes them (makedev(3)).
  private static func device(_ number: dev_t) -> String {
    let major = (number >> 8 & 0xFFF) | (number >> 32 & ~0xFFF)
    let minor = (number & 0xFF) | (number >> 12 & ~0xFF)
    return "\(major):\(minor)"
  }

  /// FUSE is any program: only those are meant that reach over a network.
  private static func network(called type: Substring) -> String? {
    switch type {
    case "nfs", "nfs4": "NFS"
    case "cifs", "smb3", "smbfs": "SMB"
    case "9p": "9P"
    case "ceph": "Ceph"
    case "afs": "AFS"
    default:
      type.hasPrefix("fuse.") && overNetwork.contains(type.dropFirst(5))
        ? String(type.dropFirst(5)) : nil
    }
  }

  private static let overNetwork: Set<Substring> = [
    "sshfs", "rclone", "s3fs", "davfs", "davfs2", "gcsfuse", "gvfsd-fuse", "curlftpfs",
    "glusterfs", "goofys", "smbnetfs",
  ]
}
