import JSONText
import Papers

/// The door of this module: digest bytes in, entries and problems out.
///
/// A push parser: feed it chunks of any size, it hands out entries as soon as they are complete, so
/// memory does not grow with the file. The format is recognised by content.
///
/// Digests knows nothing of SQLite, files or the clock.
package struct DigestReader {
  /// What comes out.
  package enum Event: Sendable {
    case entry(DigestEntry)
    case problem(Problem)
  }

  /// What the reader was given and what it may use.
  package struct Limits: Sendable {
    /// The largest digest, bytes. Beyond it ``ReadError/tooLarge(limit:)`` is thrown.
    package var file = 1 << 30
    /// The longest line of a text digest, bytes; the rest of a longer line is dropped and reported.
    package var line = 4 << 20
    /// The largest element of a JSON digest, bytes.
    package var element = 64 << 20
    /// At most this many problems are reported, then one that tells how many more there were.
    package var problems = 1000

    /// The default limits.
    package init() {}
  }

  /// What ends reading. Everything else is a ``Problem``.
  package enum ReadError: Error, Hashable {
    case tooLarge(limit: Int)
    /// A column that the person names is not there; the columns that are.
    case noColumn(String, there: [String])
  }

  private let limits: Limits
  private var size = 0
  private var decoder: TextDecoder
  private var choice: FormatChoice

  /// A reader of one digest.
  /// - Parameters:
  ///   - name: the file name for problems, and for a date when the text has none (`2025-10-02.md`).
  ///   - source: the series, put into each appearance.
  ///   - object: how our own exports are read.
  ///   - formats: the forms it may come in.
  ///   - keepsAll: whether entries of lists that are no papers are handed out by their address.
  ///   - date: the day it is of, where the text tells none; nil leaves it to the name.
  ///   - contentType: what the server says that it is, which may declare an encoding.
  package init(
    name: String, source: String, object: PaperObject,
    formats: [any DigestFormat] = DigestFormats.standard, limits: Limits = Limits(),
    keepsAll: Bool = false, date: PaperDate? = nil, contentType: String? = nil
  ) {
    self.limits = limits
    decoder = TextDecoder(declared: contentType.flatMap(DeclaredEncoding.init))
    let opening = DigestOpening(
      file: name, source: source, date: date ?? DigestSource.date(path: name), object: object,
      limits: limits, keepsAll: keepsAll)
    choice = FormatChoice(among: formats, opening)
  }

  /// Takes the next bytes.
  /// - Throws: ``ReadError``, or whatever `emit` throws.
  package mutating func feed(_ bytes: UnsafeRawBufferPointer, emit: (Event) throws -> Void) throws {
    guard bytes.count <= limits.file - size else { throw ReadError.tooLarge(limit: limits.file) }
    size += bytes.count
    try bytes.withMemoryRebound(to: UInt8.self) { bytes in
      try decoder.feed(bytes.span) { text in try choice.feed(text, emit) }
    }
  }

  /// Ends the digest: hands out what is still held.
  package mutating func finish(emit: (Event) throws -> Void) throws {
    try decoder.finish { text in try choice.feed(text, emit) }
    try choice.finish(emit)
  }
}
