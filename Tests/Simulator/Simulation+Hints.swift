import Changes
import Sealing
import TestSupport
import Transport

/// A hint may be old; it never runs ahead. Whoever believes that a log starts at a segment passes
/// over what is before it, and loses that when the writer is gone before the segment is stored.
extension Simulation {
  /// Looks at every head and every list of devices when it is written: the segments it tells of
  /// must stand there, or have stood.
  func watchHints() {
    for server in servers {
      var held = Set<RemoteName>()
      server.didWrite = { [unowned self, unowned server] name, bytes in
        let parts = name.text.split(separator: ".")
        if parts.count == 2, parts[1] != "head" {
          held.insert(name)
          return
        }
        let told =
          name.text == "peers"
          ? Self.segments(peers: bytes)
          : parts.count == 2 ? self.segments(head: bytes, String(parts[0]), server) : []
        for (device, number) in told.sorted(by: { ($0.0, $0.1) < ($1.0, $1.1) }) {
          // A bit that flipped in a list of devices stays there, and so does what a server put in.
          // What was about to be written when the header changed is taken for written.
          guard let segment = RemoteName("\(device).\(number)"), !held.contains(segment),
            !(hadRot || hadLies || hadRekeys || server.wasFoundedTwice) || name.text != "peers"
          else {
            continue
          }
          failures.append("\(name) tells of \(segment), which was never there")
        }
      }
    }
  }

  /// A torn list tells nothing.
  private static func segments(peers bytes: [UInt8]) -> [(DeviceID, UInt64)] {
    guard let list = try? PeerList(bytes) else { return [] }
    let newest = list.newest.compactMap { device, text in
      text.split(separator: ".").first.flatMap { UInt64($0) }.map { (device, $0) }
    }
    return newest + list.logs.filter { $0.value > 1 }.map { ($0.key, $0.value) }
  }

  /// What a head of a folder in clear tells of; sealed ones are written by the same code.
  private func segments(
    head bytes: [UInt8], _ device: String, _ server: SimServer
  ) -> [(DeviceID, UInt64)] {
    guard let device = DeviceID(device), let name = RemoteName("papershelf"), !script.encrypted,
      let header = server.files[name].flatMap({ try? RemoteHeader($0) }),
      let keys = try? header.keys(passphrase: nil),
      let head = try? DeviceHead(opening: bytes, device: device, with: keys)
    else { return [] }
    let numbers = head.log > 1 ? [head.newest, head.log] : [head.newest]
    return numbers.filter { $0 > 0 }.map { (device, $0) }
  }
}
