import Changes
import Papers
import Testing

@testable import shelf

/// No cell of a CSV is a formula, whichever sign a spreadsheet takes for the one between cells.
@Suite struct FormulaTests {
  private func csv(_ text: String) -> String {
    let title = PaperField.columns(of: .standard).filter { $0.name == "title" }
    let exporter = CSVExporter(fields: title)
    let paper = Samples.titled(text)
    var out: [UInt8] = []
    exporter.append(paper, into: &out)
    return String(decoding: out, as: UTF8.self)
  }

  /// The cells that a reader sees who takes `separator` for the sign between them, in the lenient
  /// way of spreadsheets: a quote counts at the beginning of a cell only.
  private func cells(_ text: String, _ separator: Character) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isQuoted = false
    var isFresh = true
    for sign in text.replacing("\r\n", with: "\n") {
      if isFresh, sign == "\"" {
        (isQuoted, isFresh) = (true, false)
      } else if isQuoted, sign == "\"" {
        isQuoted = false
      } else if !isQuoted, sign == separator || sign == "\n" || sign == "\r" {
        cells.append(cell)
        (cell, isFresh) = ("", true)
      } else {
        cell.append(sign)
        isFresh = false
      }
    }
    return cells + [cell]
  }

  private static let attacks = [
    "=cmd|'/c calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\u{0}=1", "\u{0}\u{0}@x", "a;=1",
    "a\t=1",
    "a\n=1", "a\r\n+1", "a; =1", "a;\u{0}=1", "a;\"=1\"", "x;;@y", "\"=1", "＝1", "a;＋1", " =1",
    "a,b;-c",
    "a,\"b;=1", ";=1",
  ]

  @Test("No cell is a formula", arguments: attacks)
  func noFormula(_ title: String) throws {
    let text = csv(title)
    for separator: Character in [",", ";", "\t"] {
      for cell in cells(text, separator) {
        let seen = cell.unicodeScalars.drop { $0.value <= 0x20 }.first
        #expect(
          seen.map { !"=+-@＝＋－＠".unicodeScalars.contains($0) } ?? true, "\(separator) \(cell)")
      }
    }
  }

  @Test(
    "What is plain stays as it is",
    arguments: ["a", "a=b", "a; b", "a - b", "x+y;z", "'quoted'", "50% - 60%"])
  func plainStays(_ title: String) throws {
    #expect(csv(title).trimmingSuffix { $0.isNewline } == title)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ isCut: (Character) -> Bool) -> String {
    var text = self
    while let last = text.last, isCut(last) { text.removeLast() }
    return text
  }
}
