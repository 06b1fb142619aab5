import Changes
import Foundation
import Papers
import Testing

@testable import shelf

@Suite struct TableExportTests {
  private let columns = PaperField.columns(of: .standard).map(\.name)

  @Test func emptyTablesAreHeaders() {
    #expect(Samples.export([], as: .csv) == columns.joined(separator: ",") + "\r\n")
    #expect(Samples.export([], as: .tsv) == columns.joined(separator: "\t") + "\n")
    #expect(Samples.export([], as: .ids) == "")
  }

  @Test(arguments: [
    ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("a=1", "a=1"),
    ("\rx", "\"'\rx\""), ("a\"b,c", "\"a\"\"b,c\""), ("-a,b", "\"'-a,b\""), ("a\nb", "\"a\nb\""),
  ])
  func csvCell(_ title: String, _ cell: String) {
    let csv = Samples.export([Samples.titled(title)], as: .csv)
    #expect(csv.contains("2510.00001,\(cell),https://arxiv.org/abs/2510.00001,unread,false,"))
  }

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func csvIsReadByPython() throws {
    let script = """
      import csv, json, sys
      rows = csv.reader(open(sys.argv[1], newline="", encoding="utf-8"), strict=True)
      print(json.dumps(list(rows)))
      """
    let papers = Samples.nasty + [Samples.plain]
    let input = Samples.exportBytes(papers, as: .csv)
    let rows = try #require(PythonReader.json(script, input: input) as? [[String]])
    #expect(rows.first == columns)
    #expect(rows.count == papers.count + 1)
    for (row, paper) in zip(rows.dropFirst(), papers) {
      for (cell, field) in zip(row, PaperField.columns(of: .standard)) {
        let text = field.text(paper)
        #expect(cell == FormulaGuard.guarded(text))
        #expect(FormulaGuard.unguarded(cell) == text)
      }
    }
  }

  @Test func tsvIsOneLineAPaper() {
    let lines = Samples.export(Samples.nasty, as: .tsv).utf8.split(separator: 0x0A)
    #expect(lines.count == Samples.nasty.count + 1)
    for (line, title) in zip(lines.dropFirst(), Samples.nastyTitles) {
      let cells = line.split(separator: 0x09, omittingEmptySubsequences: false)
      #expect(cells.count == columns.count)
      let cell = String(decoding: cells[1], as: UTF8.self)
      let read = cell.replacing("\\\\", with: "\u{1}").replacing("\\n", with: "\n")
        .replacing("\u{1}", with: "\\")
      #expect(read == title)
    }
  }

  @Test func tsvCellsAreEscapedOnce() {
    let tsv = Samples.export([Samples.titled("a\\n\tb\nc\r\0")], as: .tsv)
    #expect(tsv.contains("2510.00001\ta\\\\n\\tb\\nc\\r\\0\thttps"))
  }

  @Test func identifiersEndAsAsked() {
    var out: [UInt8] = []
    let exporter = IDExporter(terminator: 0)
    exporter.append(Samples.plain, into: &out)
    #expect(out == Array("2509.26507\0".utf8))
    #expect(Samples.export([Samples.plain], as: .ids) == "2509.26507\n")
  }

  @Test func everyFormatTakesNoPapers() {
    for format in ExportFormat.standard {
      #expect(!format.explanation.isEmpty)
      _ = Samples.exportBytes([], as: format)
    }
    #expect(ExportFormat.standard.filter(\.isLossless) == [.markdown, .json, .jsonl])
  }
}
