import Disk
import Glibc
import Transport

/// Where a password or passphrase comes from: a file that only its owner can read, or a command.
/// Never an argument, an environment variable, or the library.
enum SecretSource: Hashable {
  case file(String)
  case command(String)

  /// Secrets are short; a longer answer is a mistake.
  static let limit = 64 << 10

  /// A passphrase, or a key file: bytes, without the newline at their end.
  /// - Throws: ``Failure``; the secret is in none.
  func bytes() throws -> [UInt8] {
    let all = try read()
    // As it always was, so that no folder gets another key: a CR and LF at the end are one
    // character of Swift, and what stands before them may be no UTF-8.
    let last = String(decoding: all, as: UTF8.self).last
    return try some(all.dropLast(last.flatMap { $0.isNewline ? $0.utf8.count : 0 } ?? 0))
  }

  /// A password or token: the first line, as `pass` and other programs print one with notes below
  /// it, without its CR and without the mark that some editors put before UTF-8.
  /// - Throws: ``Failure``; the secret is in none.
  func line() throws -> Secret {
    let all = try read()
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let start = all.starts(with: mark) ? all.dropFirst(mark.count) : all[...]
    let line = try some(start.prefix { $0 != 0x0A && $0 != 0x0D })
    guard !line.contains(0) else {
      throw Failure(
        .configuration, "\(name) holds a NUL in its first line, which no password does",
        advice: "is it UTF-16? write it as plain text")
    }
    return Secret(bytes: line)
  }

  private func some(_ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
    guard !bytes.isEmpty else {
      throw Failure(.configuration, "\(name) holds nothing", advice: "put the secret there")
    }
    return Array(bytes)
  }

  private func read() throws -> [UInt8] {
    CoreDump.forbid()
    return switch self {
    case .file(let path): try Self.ownersFile(path)
    case .command(let command): try Self.output(of: command)
    }
  }

  /// How it is called in a message.
  private var name: String {
    switch self {
    case .file(let path): path
    case .command: "what the password command prints"
    }
  }

  private static func ownersFile(_ path: String) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(verb: .read, path: path, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw FileError(verb: .read, path: path, code: errno)
    }
    try check(status, path)
    return try Files.bytes(of: descriptor, path, limit: limit)
  }

  /// Refuses a file with secrets that somebody else reads for us, such as netrc, where others can
  /// read it too.
  /// - Throws: ``Failure``, ``FileError``
  static func checkIsOwners(_ path: String) throws {
    CoreDump.forbid()
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(verb: .read, path: path, code: errno) }
    try check(status, path)
  }

  private static func check(_ status: stat, _ path: String) throws {
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw Failure(
        .noInput, "\(path) is a folder, and a file with the secret is wanted",
        advice: "name the file itself")
    }
    guard status.st_mode & 0o077 == 0, status.st_uid == geteuid() else {
      throw Failure(
        .refused, "others can read \(path), so it is no place for a secret",
        advice: "chmod 600 \(Programs.quoted(path))")
    }
  }

  private static func output(of command: String) throws -> [UInt8] {
    let (status, output) = Programs.output(of: command, limit: limit)
    guard status == 0 else {
      throw Failure(
        .configuration, "the command for the password ended with \(status)",
        advice: "run it by hand and see: it is in config.toml (`shelf config edit`)")
    }
    return output
  }
}

extension Programs {
  /// What a command prints, at most `limit` bytes of it, and its exit code.
  static func output(of command: String, limit: Int) -> (status: Int32, output: [UInt8]) {
    guard let pipe = popen(command, "r") else { return (127, []) }
    var bytes = [UInt8](repeating: 0, count: limit)
    let count = fread(&bytes, 1, limit, pipe)
    let status = pclose(pipe)
    let code = status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + (status & 0x7F)
    return (code, Array(bytes[..<count]))
  }
}
