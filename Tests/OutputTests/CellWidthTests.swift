import Foundation
import TestSupport
import Testing

@testable import shelf

@Suite struct CellWidthTests {
  private let cells = CellWidth()

  @Test(arguments: [
    ("", 0), ("abc", 3), ("中文", 4), ("，", 2), ("é", 1), ("e\u{301}", 1), ("👩‍👩‍👧", 2), ("🇨🇳", 2),
    ("❤️", 2), ("❤", 1), ("⌚︎", 1), ("1️⃣", 2), ("각", 2), ("\u{1100}\u{1161}\u{11A8}", 2), ("が", 2),
    ("か\u{3099}", 2), ("👍🏽", 2), ("ｱ", 1), ("Ａ", 2), ("का", 2), ("★“α", 3), ("a中👍", 5),
  ])
  func widths(_ text: String, _ width: Int) { #expect(cells.width(of: text) == width) }

  @Test func ambiguousIsTheTerminalsChoice() {
    #expect(CellWidth(ambiguous: 2).width(of: "★“α a中") == 10)
    #expect(CellWidth(ambiguous: 7).width(of: "★") == 1)
  }

  @Test func tableIsSorted() {
    #expect(CellWidthTable.runs.first == 0)
    #expect(
      zip(CellWidthTable.runs, CellWidthTable.runs.dropFirst()).allSatisfy { $0 >> 2 < $1 >> 2 })
  }

  @Test(arguments: [1, 2])
  func truncationFits(_ ambiguous: Int) {
    let cells = CellWidth(ambiguous: ambiguous)
    var random = SeededGenerator(seed: 11)
    for round in 0..<3000 {
      let text = Samples.text(30, &random)
      let width = Int.random(in: 0...40, using: &random)
      for cut in [cells.truncated(text, to: width), cells.truncatedAtFront(text, to: width)] {
        #expect(cells.width(of: cut) <= width, "seed 11 round \(round): \(text)")
        #expect(
          (cut == text) == (cells.width(of: text) <= width), "seed 11 round \(round): \(text)")
      }
      let start = cells.truncated(text, to: width)
      if start != text, !start.isEmpty {
        #expect(
          Array(text).starts(with: Array(start.dropLast())), "seed 11 round \(round): \(text)")
      }
      #expect(cells.width(of: cells.padded(text, to: width)) >= width)
    }
  }

  /// The python package wcwidth has tables and cluster rules of its own.
  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func agreesWithWcwidth() throws {
    var random = SeededGenerator(seed: 12)
    var samples = (0..<500).map { _ in Samples.text(12, &random) }
    // One assigned letter, sign or ideograph after another; marks and controls have no width alone.
    for value in stride(from: UInt32(0x20), to: 0x2FFFF, by: 7) {
      guard let scalar = Unicode.Scalar(value), isBase(scalar) else { continue }
      samples.append(String(scalar))
    }
    let input = try JSONSerialization.data(withJSONObject: samples)
    let script = """
      import json, sys, wcwidth
      print(json.dumps([wcwidth.wcswidth(s) for s in json.load(open(sys.argv[1]))]))
      """
    let widths = try #require(PythonReader.json(script, input: Array(input)) as? [Int])
    #expect(widths.count == samples.count && samples.count > 10_000)
    let different = zip(samples, widths).filter { cells.width(of: $0) != $1 }
    #expect(different.isEmpty, "\(different.prefix(20).map { ($0, $1, Array($0.unicodeScalars)) })")
  }

  private func isBase(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .otherLetter, .decimalNumber, .otherNumber,
      .dashPunctuation, .openPunctuation, .closePunctuation, .otherPunctuation, .mathSymbol,
      .currencySymbol, .otherSymbol:
      true
    default: false
    }
  }
}
