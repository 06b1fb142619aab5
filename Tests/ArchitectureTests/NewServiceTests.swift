import ArgumentParser
import Foundation
import Papers
import Store
import Synchronization
import TestSupport
import Testing
import Transport
import TransportContract

@testable import shelf

/// A service that shelf does not know: drawers with names, in memory.
private final class Drawer: RemoteFolder {
  /// What lies in each drawer; `drawer://NAME` opens it.
  private static let drawers = Mutex<[String: [RemoteName: [UInt8]]]>([:])

  static let kind = RemoteKind(
    "drawer", schemes: ["drawer": "drawer"], explanation: "drawer://NAME for tests"
  ) { _, address, _ in Drawer(address) }

  private let name: String
  private(set) var traffic = Traffic()

  init(_ name: String) { self.name = name }

  func list() throws(TransportError) -> Transport.Listing {
    traffic.requests += 1
    let files = files.sorted { $0.key < $1.key }
    return .files(files.map { ListedFile(name: $0.key, size: $0.value.count) })
  }

  func read(_ names: [RemoteName], limit: Int) -> [Result<ReadOutcome, TransportError>] {
    let files = files
    traffic.requests += names.count
    return names.map { name in
      guard let bytes = files[name] else { return .success(.missing) }
      guard bytes.count <= limit else {
        return .failure(
          TransportError(kind: .garbled, method: "read", url: name.text, detail: "too large"))
      }
      traffic.bytesReceived += bytes.count
      return .success(.found(bytes))
    }
  }

  func write(_ file: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    traffic.requests += 1
    traffic.bytesSent += bytes.count
    Self.drawers.withLock { $0[name, default: [:]][file] = bytes }
  }

  func delete(_ file: RemoteName) throws(TransportError) {
    traffic.requests += 1
    Self.drawers.withLock { _ = $0[name, default: [:]].removeValue(forKey: file) }
  }

  private var files: [RemoteName: [UInt8]] { Self.drawers.withLock { $0[name] ?? [:] } }
}

/// A storage service that is declared as one type keeps the contract, is told by its address, tried
/// by `remote add`, and synced through.
@Suite struct NewServiceTests {
  private let features = Features(remoteKinds: RemoteFolders.kinds + [Drawer.kind])
  private let drawer = "drawer://\(UUID().uuidString)"

  @Test func itKeepsTheContract() throws {
    let folder = try RemoteFolders.open(
      RemoteProfile(url: drawer), pace: TestPace().pace, among: features.remoteKinds)
    try FolderContract.check(folder)
  }

  @Test func twoMachinesSyncThroughIt() throws {
    let (desk, laptop) = (try ShelfWithFeatures(features), try ShelfWithFeatures(features))
    for shelf in [desk, laptop] { try shelf.run("remote", "add", "home", drawer) }
    try desk.run("add", "2510.00001")
    try desk.run("star", "2510.00001")
    try laptop.run("add", "2510.00002")
    try desk.run("sync")
    try laptop.run("sync")
    try desk.run("sync")
    let papers = try desk.run("list", "--format", "{id} {star}", "--sort", "id")
    #expect(papers == "2510.00001 ★\n2510.00002 \n")
    #expect(try laptop.run("list", "--format", "{id} {star}", "--sort", "id") == papers)
    #expect(try laptop.library().dump() == desk.library().dump())
  }

  @Test func anotherBuildDoesNotKnowIt() throws {
    let error = #expect(throws: TransportError.self) {
      try RemoteFolders.open(RemoteProfile(url: drawer), pace: TestPace().pace)
    }
    #expect(error?.kind == .refusedByUs)
  }

  @Test func helpNamesTheStandardOnes() {
    let help = RemoteAdd.configuration.discussion
    for kind in RemoteFolders.kinds { #expect(help.contains(kind.explanation)) }
  }
}
