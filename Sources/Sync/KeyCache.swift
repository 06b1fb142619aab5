import Changes
import Sealing
import Synchronization

/// Keys already made: the root is slow on purpose, and setting up a folder needs it twice.
package final class KeyCache: Sendable {
  private struct Name: Hashable {
    var derivation: RemoteHeader.Derivation
    var passphrase: [UInt8]
  }

  private struct Folder: Hashable {
    var header: String
    var passphrase: [UInt8]?
  }

  private let roots = Mutex<[Name: RemoteHeader.RootKey]>([:])
  private let folders = Mutex<[Folder: RemoteKeys]>([:])
  /// Simulations meet a new folder in every life.
  private static let mostFolders = 100

  private let make: Make

  /// How a root is made.
  package typealias Make =
    @Sendable (RemoteHeader.Derivation, [UInt8]) throws(SegmentError) -> RemoteHeader.RootKey

  /// Empty.
  package init(
    _ make: @escaping Make = { (derivation, passphrase) throws(SegmentError) in
      try derivation.root(of: passphrase)
    }
  ) { self.make = make }

  /// The root, made when it is asked for the first time.
  package func root(
    _ derivation: RemoteHeader.Derivation, _ passphrase: [UInt8]
  ) throws(SegmentError) -> RemoteHeader.RootKey {
    let name = Name(derivation: derivation, passphrase: passphrase)
    if let known = roots.withLock({ $0[name] }) { return known }
    let root = try make(derivation, passphrase)
    roots.withLock { $0[name] = root }
    return root
  }

  /// The keys of a folder with this header, if they were made before.
  func keys(_ header: String, _ passphrase: [UInt8]?) -> RemoteKeys? {
    folders.withLock { $0[Folder(header: header, passphrase: passphrase)] }
  }

  func keep(_ keys: RemoteKeys, _ header: String, _ passphrase: [UInt8]?) {
    folders.withLock { folders in
      if folders.count >= Self.mostFolders { folders = [:] }
      folders[Folder(header: header, passphrase: passphrase)] = keys
    }
  }
}
