import Changes
import Digests
import Foundation
import Papers

/// Prints how fast the main form is read: `digest-reading FILE… ` reads each file many times over,
/// as one digest, and tells megabytes a second and what came out. Built and run by
/// digest-reading.sh; not a test, machines differ.
@main struct DigestReading {
  static func main() throws {
    let files = CommandLine.arguments.dropFirst()
    let day = try files.flatMap { try contents($0) }
    guard !day.isEmpty else { return print("usage: digest-reading FILE…") }
    var text: [UInt8] = []
    while text.count < 32 << 20 { text += day }
    for _ in 0..<5 {
      var entries = 0
      var parts = 0
      let clock = ContinuousClock()
      let time = try clock.measure {
        var reader = DigestReader(
          name: "2025-10-02.md", source: "benchmark", object: Registers.standard.paperObject)
        for start in stride(from: 0, to: text.count, by: 1 << 20) {
          let end = min(text.count, start + 1 << 20)
          try text[start..<end].withUnsafeBytes {
            try reader.feed($0) { event in
              guard case .entry(let entry) = event else { return }
              entries += 1
              parts += entry.content.sections.count + entry.content.keywords.count
            }
          }
        }
        try reader.finish { _ in entries += 1 }
      }
      let seconds = Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds)
      let speed = Double(text.count) / seconds / 1e6
      print("\(Int(speed)) MB/s, \(entries) entries, \(parts) keywords and sections")
    }
  }

  private static func contents(_ path: String) throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk[..<count]
    }
    return bytes
  }
}
