import Changes
import Papers
import Sealing
import TestSupport
import Testing
import Transport

@testable import Sync

/// A peer that holds the key and writes what it likes: nobody but itself is hurt by it.
final class HostilePeer {
  let server: SimServer
  let device: DeviceID
  var number: UInt64 = 0
  var previous = SealedFile.noHash

  init(_ server: SimServer, _ bits: UInt64 = 0x0bad_0bad_0bad_0bad) {
    self.server = server
    device = DeviceID(bits: bits)
  }

  private var keys: RemoteKeys {
    get throws {
      let header = try #require(server.files[RemoteLayout.header])
      return try RemoteHeader(header).keys(passphrase: nil)
    }
  }

  /// Writes a segment of these lines, whatever they are.
  func send(
    _ lines: [[UInt8]], opening: Segment.Opening = Segment.Opening(log: 1, peers: [])
  ) throws {
    let stream = Deflate()
    stream.append(Array(opening.text.utf8) + [0x0A])
    for line in lines { stream.append(line + [0x0A]) }
    try send(stream: stream.finish())
  }

  func send(_ changes: [Change]) throws {
    try send(changes, knowing: [])
  }

  func send(_ changes: [Change], knowing peers: [DeviceID]) throws {
    var context = ChangeLine.Context(writer: device)
    try send(
      changes.map { Array(ChangeLine.bytes($0, &context).dropLast()) },
      opening: Segment.Opening(log: 1, peers: peers))
  }

  func send(stream: [UInt8]) throws {
    let size = SealedFile.maximumPayload
    let parts = stride(from: 0, to: stream.count, by: size).map {
      Array(stream[$0..<min(stream.count, $0 + size)])
    }
    for (index, part) in parts.enumerated() {
      number += 1
      let place = SealedFile.Place(
        kind: .segment, device: device, number: number, part: UInt16(index),
        parts: UInt16(parts.count), previous: previous)
      let file = try SealedFile(place: place, payload: part).sealed(with: keys)
      previous = SealedFile.hash(file)
      server.files[RemoteLayout.segment(device, number)] = file
    }
  }

  func change(
    _ milliseconds: Int64, _ counter: UInt32, _ fact: Fact, seen: [Stamp] = []
  ) -> Change {
    let stamp = Stamp(milliseconds: milliseconds, counter: counter, device: device)
    return Change(
      stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: fact.value,
      seen: seen)
  }

  func tag(_ name: String, _ milliseconds: Int64 = 1_760_000_000_000) -> Change {
    change(milliseconds, 0, .tag(PaperID(trusted: "2509.00001"), Tag(trusted: name), true))
  }
}
