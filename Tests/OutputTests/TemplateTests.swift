import Changes
import Filters
import Papers
import Store
import Testing

@testable import shelf

@Suite struct TemplateTests {
  private func template(_ text: String) throws -> Template {
    try Template(text, fields: PaperField.all(of: .standard))
  }

  private func text(_ template: String, _ paper: Paper = Samples.plain) throws -> String {
    var out: [UInt8] = []
    try TemplateExporter(template: self.template(template)).append(paper, into: &out)
    return String(decoding: out, as: UTF8.self)
  }

  @Test func fieldsAndEscapes() throws {
    #expect(try text(#"{id}\t{title}"#) == "2509.26507\tSmall Cats Learn Large Maps\n")
    #expect(try text(#"{{{status}}} \\ {star}{year}"#) == "{queued} \\ ★2025\n")
    #expect(
      try text("{tags}|{notes}|{date}|{pdf}|{source}")
        == "kv, survey/猫|first line\nsecond line|2025-10-02|https://arxiv.org/pdf/2509.26507|daily_cats\n"
    )
    #expect(try text("") == "\n")
  }

  @Test func fieldTextIsNotATemplate() throws {
    #expect(try text("{title}", Samples.titled(#"{id}\t"#)) == "{id}\\t\n")
  }

  @Test func errorsCarryPlaceAndSuggestion() {
    #expect(throws: TemplateError.unknownField("titel", column: 6, suggestion: "title")) {
      try template("{id} {titel}")
    }
    #expect(throws: TemplateError.unknownField("zzzzz", column: 1, suggestion: nil)) {
      try template("{zzzzz}")
    }
    #expect(throws: TemplateError.unclosedField(column: 3)) { try template("a {id") }
    #expect(throws: TemplateError.unknownEscape("q", column: 2)) { try template("a\\q") }
    #expect(throws: TemplateError.unknownEscape("", column: 2)) { try template("a\\") }
  }

  @Test func nulEndsARecord() throws {
    var out: [UInt8] = []
    try TemplateExporter(template: template("{id}"), terminator: 0).append(
      Samples.plain, into: &out)
    #expect(out == Array("2509.26507\0".utf8))
  }

  @Test(
    arguments: [
      ("lsit", "list"), ("imprt", "import"), ("LIST", "list"), ("xyzzy", nil), ("", nil),
      ("exprot", "export"),
    ] as [(String, String?)])
  func suggestion(_ typed: String, _ meant: String?) {
    #expect(Spelling.closest(to: typed, among: ["list", "import", "export", "show"]) == meant)
  }
}
