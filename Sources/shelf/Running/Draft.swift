import Disk
import Glibc
import Papers
import Store

/// A text that a person is typing, in a file of its own until it is stored. A file that was not
/// stored stays, whatever became of the command, and is offered when the same thing is edited
/// again.
///
/// Invariant: a file of another run is only removed after its text was stored. For the owner only.
final class Draft {
  /// Where the text is.
  let path: String
  /// Whether an earlier run left it.
  let isKept: Bool
  private let base: String
  /// Nil when it is too large to be read.
  private let start: [UInt8]?
  private let lock: Int32
  private let opened: stat

  /// What the person typed last for this and was not stored, unless it is being edited now; else a
  /// new file that begins with `initial`.
  /// - Parameters:
  ///   - target: what is edited; one file name, safe in any folder.
  ///   - kind: the end of the file's name, by which editors know what it is.
  ///   - seeing: what whoever begins it has before them, see ``seen``.
  static func open(
    _ target: String, kind: String, in folder: String, initial: [UInt8], seeing: String = "",
    offering: Bool = true
  ) throws -> Draft {
    try Files.makeFolder(folder)
    if offering {
      for path in kept(target, kind: kind, in: folder) {
        guard let lock = hold(path + ".lock") else { continue }
        if let draft = try? Draft(path, isKept: true, lock: lock) { return draft }
        // Stored by another run between the look and the lock.
        unlink(path + ".lock")
        close(lock)
      }
    }
    for number in 1... {
      let path = Paths.join(folder, "\(target).\(number)\(kind)")
      guard access(path, F_OK) != 0, let lock = hold(path + ".lock") else { continue }
      // Another run may have made it between the look and the lock.
      guard access(path, F_OK) != 0 else {
        close(lock)
        continue
      }
      do {
        let seen = Array(seeing.utf8)
        for (file, bytes) in [(path + ".base", initial), (path + ".seen", seen), (path, initial)] {
          try Files.replace(file, mode: 0o600) { try Files.write(bytes, to: $0, file) }
        }
        return try Draft(path, isKept: false, lock: lock)
      } catch {
        for end in ["", ".base", ".seen", ".lock"] { unlink(path + end) }
        close(lock)
        throw error
      }
    }
    throw FileError(verb: .write, path: folder, code: EEXIST)
  }

  /// The texts for a target that were typed and not stored, the newest first; those that nothing
  /// was typed in are left out.
  static func kept(_ target: String, kind: String, in folder: String) -> [String] {
    let names = (try? Files.names(in: folder)) ?? []
    let found = names.compactMap { name -> (path: String, time: Int)? in
      guard name.hasPrefix(target + "."), name.hasSuffix(kind),
        Int(name.dropFirst(target.utf8.count + 1).dropLast(kind.utf8.count)) != nil
      else { return nil }
      let path = Paths.join(folder, name)
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      if let text = try? bytes(path), text == (try? bytes(path + ".base")) { return nil }
      return (path, status.st_mtim.tv_sec)
    }
    return found.sorted { $0.time > $1.time }.map(\.path)
  }

  /// Keeps a text that nobody has any more, such as one read from a pipe.
  /// - Returns: where it is; nil when it can be written nowhere.
  static func keep(
    _ text: [UInt8], _ target: String, kind: String, in folders: [String]
  ) -> String? {
    for folder in folders {
      guard
        let draft = try? open(target, kind: kind, in: folder, initial: text, offering: false)
      else { continue }
      for end in [".base", ".seen"] { unlink(draft.path + end) }
      return draft.path
    }
    return nil
  }

  private init(_ path: String, isKept: Bool, lock: Int32) throws {
    self.path = path
    self.base = path + ".base"
    self.isKept = isKept
    self.lock = lock
    start = try? Self.bytes(path)
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(verb: .read, path: path, code: errno) }
    opened = status
  }

  /// The lock goes with the process, or with this; the file stays.
  deinit {
    unlink(path + ".lock")
    close(lock)
  }

  /// What is in the file now.
  func bytes() throws -> [UInt8] { try Self.bytes(path) }

  /// Whether nobody has written to the file since it was opened.
  var isUntouched: Bool {
    var now = stat()
    guard stat(path, &now) == 0 else { return false }
    return now.st_ino == opened.st_ino && now.st_size == opened.st_size
      && now.st_mtim.tv_sec == opened.st_mtim.tv_sec
      && now.st_mtim.tv_nsec == opened.st_mtim.tv_nsec
  }

  /// Whether there is nothing in it that this run's person typed and an earlier one did not.
  var isUnchanged: Bool {
    if isUntouched { return true }
    guard let start else { return false }
    return (try? bytes()) == start
  }

  /// Takes the file away: its text is stored, or nobody typed anything.
  func remove() { for file in [path, base, path + ".seen"] { unlink(file) } }

  /// What whoever began it had before them, however long ago that was.
  var seen: String { (try? Files.text(path + ".seen")) ?? "" }

  private static func bytes(_ path: String) throws -> [UInt8] { try Files.bytes(path) }

  private static func hold(_ path: String) -> Int32? {
    let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { return nil }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    return descriptor
  }
}

extension Draft {
  /// A name for a file, of anything: letters, digits, `.`, `-` as they are, the rest by its bytes;
  /// what is too long for a file's name is cut and told apart by a number made of all of it.
  static func name(_ text: String) -> String {
    var name = ""
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3
      let scalar = Unicode.Scalar(byte)
      let isPlain =
        byte < 0x80
        && (scalar.properties.isAlphabetic || "0123456789.-".unicodeScalars.contains(scalar))
      name += isPlain ? String(Character(scalar)) : "_" + String(byte, radix: 16)
    }
    return name.utf8.count <= 120 ? name : name.prefix(100) + "_" + String(sum, radix: 16)
  }
}
