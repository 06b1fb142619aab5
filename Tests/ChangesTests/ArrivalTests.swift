import Papers
import Testing

@testable import Changes

/// Names from other machines are checked before anything is made of them. What a build cannot take
/// is kept and passed on.
@Suite struct ArrivalTests {
  private func isTaken(_ entity: String, _ field: String, _ value: String) -> Bool {
    Registers.standard.understands(RegisterName(entity: entity, field: field), value)
  }

  @Test(arguments: [
    "2509.26507", "hep-th/9901001", "doi:10.1/x", "url:https://a.example/x?y=%20", "url:http://a/",
  ])
  func papersThatAreTaken(_ id: String) { #expect(isTaken("p:" + id, "starred", "true")) }

  @Test(arguments: [
    "", "url:", "url:--flag", "url:file:///etc/passwd", "url:javascript:x", "a\nb", "a b",
    "a\u{0}b",
    "url:https://x/\n2510.99999", "\u{1B}[31m", "a\u{7F}", "-rf", "--all",
    "url:https://x/" + String(repeating: "x", count: 20_000),
  ])
  func papersThatAreNot(_ id: String) { #expect(!isTaken("p:" + id, "starred", "true")) }

  @Test func viewsHaveNamesThatCanBeTyped() {
    for name in ["week", "ml/attention", "周", "e\u{301}", "\u{301}x"] {
      #expect(isTaken("v:" + name, "filter", "\"is:unread\""))
    }
    for name in ["", "a b", "a\nb", "a\u{0}b", "\u{202E}x", String(repeating: "v", count: 101)] {
      #expect(!isTaken("v:" + name, "filter", "\"is:unread\""), "\(name)")
    }
    // What is forgotten may be called anything: an old library may hold it.
    #expect(isTaken("v:week", "filter", "null"))
  }

  @Test func machinesHaveNamesThatCanBeRead() {
    let entity = "d:0123456789abcdef"
    for name in ["desk", "Adas Rechner", "書斎", ""] {
      #expect(isTaken(entity, "name", "\"\(name)\""))
    }
    for name in [#"a\nb"#, #"\u001b[2J"#, #"\u202edesk"#, String(repeating: "x", count: 2000)] {
      #expect(!isTaken(entity, "name", "\"\(name)\""), "\(name)")
    }
  }

  @Test func tagsAreTags() {
    #expect(isTaken("p:2509.00001", "tag:ml", "true"))
    for name in ["", "a b", "-x y", "a\n", "\u{1B}"] {
      #expect(!isTaken("p:2509.00001", "tag:" + name, "true"))
    }
  }
}
