/// The outside world of sync in four verbs: list, read, write, delete, over one flat folder.
///
/// The contract, kept by every implementation and checked by one suite over all of them:
/// * names are `RemoteName`s: lower-case letters, digits, at most one dot, not in front, at most 64
///   bytes;
/// * a write replaces the whole file; nothing is promised about who wins a race, about torn states
///   that another reader may see meanwhile, or about a listing being complete: callers verify
///   bytes;
/// * after any thrown error the state of the named file is unknown;
/// * nothing is retried for ever: each call ends within the profile's total time-out, so a caller
///   with much to read asks in runs (of some dozen names) and keeps what has come;
/// * several reads may run at once, but an answer is only as good as the server: a torn, stale or
///   other file's content is possible and is for the caller to tell;
/// * everything that comes back is bounded by the caller's `limit`.
///
/// Synchronous on purpose: the simulator runs it with no threads and no real time. Parallelism is
/// inside `read(_:limit:)`, which takes many names.
package protocol RemoteFolder: AnyObject {
  /// All files, or `.unsupported` where the endpoint cannot list (plain HTTP).
  ///
  /// An empty or short listing is never proof of absence. Names that are not ours are left out.
  func list() throws(TransportError) -> Listing

  /// The bytes of each name, in the order asked, fetched in parallel where the transport can.
  ///
  /// A missing file is a value, not an error; one failing name does not fail the others.
  /// - Parameter limit: the most bytes accepted of one file.
  func read(_ names: [RemoteName], limit: Int) -> [Result<ReadOutcome, TransportError>]

  /// Stores `bytes` under `name`, replacing what was there.
  func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError)

  /// Removes `name`; removing what is not there is no error.
  func delete(_ name: RemoteName) throws(TransportError)

  /// What has crossed the wire since this object was made.
  var traffic: Traffic { get }

  /// Where a folder of this machine lies; nil for any other.
  var root: FolderRoot? { get }

  /// What tells by one small request that nothing was put into the folder since; nil where nothing
  /// does. A hint: it may move without reason, and stand still with one.
  func mark() throws(TransportError) -> FolderMark?

  /// Whether a cache was noticed that answers in the place of the server.
  var cacheBetween: CacheBetween { get }
}

extension RemoteFolder {
  /// Most have none.
  package func mark() throws(TransportError) -> FolderMark? { nil }

  /// Most are not reached through any.
  package var cacheBetween: CacheBetween { .none }

  /// Most are no folder of this machine.
  package var root: FolderRoot? { nil }
}

/// Where a folder of this machine lies. A stick that is not plugged in, or a name that became a
/// link, leads somewhere else under the same path.
package struct FolderRoot: Hashable, Sendable {
  /// The path.
  package var path: String
  /// Whether the path itself is a link.
  package var isLink: Bool
  /// The number of the file system.
  package var fileSystem: UInt64

  /// What is remembered of it.
  package var text: String { (isLink ? "link " : "folder ") + String(fileSystem) }
}

/// What a server says of a folder itself.
package struct FolderMark: Hashable, Sendable {
  /// Another one where something changed.
  package var text: String
  /// Whether a change since would have another one: servers count in seconds, and what comes in the
  /// same second leaves it as it is.
  package var isSettled: Bool

  /// A mark.
  package init(_ text: String, isSettled: Bool) {
    self.text = text
    self.isSettled = isSettled
  }
}

/// A file of the folder as the listing tells it. A hint only.
package struct ListedFile: Hashable, Sendable {
  /// The name.
  package var name: RemoteName
  /// Size in bytes, where the server says it.
  package var size: Int?
  /// What changes when somebody writes the file, where the listing tells it for nothing. A hint: it
  /// may change by itself, and damage may leave it as it is.
  package var version: Int64?

  /// A listed file.
  package init(name: RemoteName, size: Int?, version: Int64? = nil) {
    self.name = name
    self.size = size
    self.version = version
  }
}

/// The answer to ``RemoteFolder/list()``.
package enum Listing: Hashable, Sendable {
  case files([ListedFile])
  case unsupported
}

/// The answer for one name of ``RemoteFolder/read(_:limit:)``.
package enum ReadOutcome: Hashable, Sendable {
  case found([UInt8])
  /// The server says in one of many ways that there is nothing. Never proof of absence: some say
  /// 403 or 422 for it, and a wiped or stale server says it too.
  case missing
}

/// Requests made and bytes moved (bodies and headers as far as the transport knows them).
package struct Traffic: Hashable, Sendable {
  /// HTTP requests, or file operations of a directory.
  package var requests = 0
  /// Bytes sent.
  package var bytesSent = 0
  /// Bytes received.
  package var bytesReceived = 0

  /// Nothing yet.
  package init() {}
}

/// A file name on the remote: lower-case letters, digits, at most one dot (not in front), at most
/// 64 bytes. The only names Papershelf ever asks for, so no name needs escaping anywhere.
package struct RemoteName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The name.
  package let text: String

  /// Nil when `text` is not such a name.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard (1...64).contains(bytes.count), bytes.first != 0x2E, bytes.last != 0x2E else {
      return nil
    }
    var dots = 0
    for byte in bytes {
      switch byte {
      case 0x61...0x7A, 0x30...0x39: continue
      case 0x2E: dots += 1
      default: return nil
      }
    }
    guard dots <= 1 else { return nil }
    self.text = text
  }

  /// The name.
  package var description: String { text }

  /// Byte order.
  package static func < (a: RemoteName, b: RemoteName) -> Bool {
    a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }
}
