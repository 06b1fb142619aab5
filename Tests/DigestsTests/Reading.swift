import Changes
import Digests
import Foundation
import Papers
import Testing

/// Everything a digest gave.
struct Reading: Equatable {
  var entries: [DigestEntry] = []
  var problems: [Problem] = []

  /// Reads bytes, cut into chunks of the sizes given (the last repeats).
  init(
    _ bytes: [UInt8], name: String = "digest.md", source: String = "series", chunks: [Int] = [],
    formats: [any DigestFormat] = DigestFormats.standard, limits: DigestReader.Limits = .init(),
    contentType: String? = nil
  ) throws {
    var reader = DigestReader(
      name: name, source: source, object: Registers.standard.paperObject, formats: formats,
      limits: limits, contentType: contentType)
    var start = 0
    var number = 0
    while start < bytes.count {
      let size = chunks.isEmpty ? bytes.count : chunks[min(number, chunks.count - 1)]
      let end = min(bytes.count, start + max(1, size))
      try bytes[start..<end].withUnsafeBytes { try reader.feed($0) { take($0) } }
      start = end
      number += 1
    }
    try reader.finish { take($0) }
  }

  /// Reads text.
  init(_ text: String, name: String = "digest.md", limits: DigestReader.Limits = .init()) throws {
    try self.init(Array(text.utf8), name: name, limits: limits)
  }

  private mutating func take(_ event: DigestReader.Event) {
    switch event {
    case .entry(let entry): entries.append(entry)
    case .problem(let problem): problems.append(problem)
    }
  }
}
