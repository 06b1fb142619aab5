import JSONText
import Papers

/// A form that digests come in. One file of `Formats` declares it, and one line of
/// ``DigestFormats/standard`` names it.
package protocol DigestFormat: Sendable {
  /// What such a digest is, in a few words, for who brought something else; empty for what is none.
  var explanation: String { get }
  /// By what name a person chooses it; empty where nobody does.
  var name: String { get }
  /// Whether a digest that begins so is of this format.
  /// - Parameters:
  ///   - head: its first bytes, one at least, white space before them left out. They grow, first
  ///     byte by byte and then in steps, until every format knows, to 16 KiB at most.
  ///   - isWhole: nothing follows.
  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition
  /// A reader of one such digest.
  func reader(of opening: DigestOpening) -> any DigestFormatReader
}

extension DigestFormat {
  /// None.
  package var name: String { "" }
}

/// What the first bytes tell.
package enum Recognition: Sendable {
  case yes, no
  /// It depends on what follows; where nothing does, it is no.
  case needsMore
}

/// The formats that a build reads.
package enum DigestFormats {
  /// In the order in which they are asked: the first that knows a digest reads it, and the last
  /// takes what nobody knows. A new one is a line here.
  package static let standard: [any DigestFormat] = [
    RefusedFormat(),
    PythonFormat(),
    JSONFormat(),
    PapershelfMarkdownFormat(),
    BibTeXFormat(),
    RISFormat(),
    CSVFormat(),
    ZoteroRDFFormat(),
    FeedFormat(),
    ArXivMailFormat(),
    NoteFormat(),
    LogseqFormat(),
    YAMLFormat(),
    OrgFormat(),
    PlainLinksFormat(),
    BookmarksFormat(),
    XBELFormat(),
    HTMLFormat(),
    MarkdownFormat(),
  ]
}

/// Reads one digest, whatever the sizes of the pieces it comes in.
package protocol DigestFormatReader {
  /// Takes the next bytes.
  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings)
  /// Ends the digest.
  mutating func finish(into findings: inout Findings)
}

/// What is known of a digest where its reader begins.
package struct DigestOpening: Sendable {
  /// Its file, for problems.
  package let file: String
  /// The series, put into each appearance.
  package let source: String
  /// The day that the file's name tells, for where the text tells none.
  package let date: PaperDate?
  /// How our own exports are read.
  package let object: PaperObject
  /// What the reader may use.
  package let limits: DigestReader.Limits
  /// Whether entries that are no papers are handed out by their address.
  package let keepsAll: Bool
  /// The line of the first byte.
  package internal(set) var line = 1
  /// Whether a CR was just before it, so that a LF there ends no other line.
  package internal(set) var isAfterCarriageReturn = false

  init(
    file: String, source: String, date: PaperDate?, object: PaperObject,
    limits: DigestReader.Limits, keepsAll: Bool
  ) {
    self.keepsAll = keepsAll
    self.file = file
    self.source = source
    self.date = date
    self.object = object
    self.limits = limits
  }

  /// Nothing found yet.
  var noFindings: Findings { Findings(file: file, limit: limits.problems) }
}

/// A format that is read line by line.
package protocol DigestLines {
  /// Takes one line, without its end.
  mutating func take(
    _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings)
  /// Ends the digest.
  mutating func finish(_ findings: inout Findings)
}

/// Cuts a digest into lines for who takes them, and reports what had to be done to one.
package struct LinesReader<Lines: DigestLines>: DigestFormatReader {
  private var cutter: LineReader
  private var lines: Lines

  /// - Parameter longest: the longest line, bytes; that of text when it is not given.
  package init(_ lines: Lines, of opening: DigestOpening, longest: Int? = nil) {
    self.lines = lines
    cutter = LineReader(
      limit: longest ?? opening.limits.line, number: opening.line,
      afterCarriageReturn: opening.isAfterCarriageReturn)
  }

  /// Takes the next bytes.
  package mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    cutter.feed(bytes) { line, place in
      Self.report(place, &findings)
      lines.take(line, place, &findings)
    }
  }

  /// Ends the digest.
  package mutating func finish(into findings: inout Findings) {
    cutter.finish { line, place in
      Self.report(place, &findings)
      lines.take(line, place, &findings)
    }
    lines.finish(&findings)
  }

  private static func report(_ place: LineReader.Place, _ findings: inout Findings) {
    if place.isRepaired {
      findings.report("bytes that are no UTF-8 text were replaced", line: place.number)
    }
    if place.isCut {
      findings.report("the line is too long; the rest of it is left out", line: place.number)
    }
  }
}
