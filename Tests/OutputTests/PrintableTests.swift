import TestSupport
import Testing

@testable import shelf

@Suite struct PrintableTests {
  @Test(arguments: [
    ("plain 中文 “q” — …", "plain 中文 “q” — …"), ("\u{1B}]0;x\u{07}", "␛]0;x␇"), ("a\nb\tc", "a␊b␉c"),
    ("\u{7F}\u{9B}31m", "␡⟨U+009B⟩31m"), ("\u{202E}x\u{2066}", "⟨U+202E⟩x⟨U+2066⟩"),
    ("a\u{200B}b\u{FEFF}", "a⟨U+200B⟩b⟨U+FEFF⟩"), ("a\u{2028}b\u{2029}", "a⟨U+2028⟩b⟨U+2029⟩"),
    ("👩‍👩‍👧 ❤️ 1️⃣", "👩‍👩‍👧 ❤️ 1️⃣"), ("a\u{200D}b", "a⟨U+200D⟩b"), ("می\u{200C}خواهم", "می\u{200C}خواهم"),
    (
      "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
      "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}"
    ),
    ("x\u{E0041}", "x⟨U+E0041⟩"), ("\u{301}a", "◌\u{301}a"),
    ("x\u{FE0F}\u{FE0F}", "x\u{FE0F}⟨U+FE0F⟩"),
    ("\r", "␍"), ("\u{0}", "␀"),
  ])
  func line(_ text: String, _ shown: String) {
    #expect(Array(Printable.line(text).unicodeScalars) == Array(shown.unicodeScalars))
  }

  @Test func blockKeepsLines() {
    #expect(Printable.block("a\r\nb\tc\nd\re\r") == "a\r\nb\tc\nd␍e␍")
  }

  @Test func nothingDrivesTheTerminal() {
    var random = SeededGenerator(seed: 21)
    for round in 0..<2000 {
      let scalars = (0..<20).compactMap { _ in
        Unicode.Scalar(
          UInt32.random(in: 0...(Bool.random(using: &random) ? 0xFF : 0x2100), using: &random))
      }
      let text = String(String.UnicodeScalarView(scalars))
      for shown in [Printable.line(text), Printable.block(text)] {
        let bad = shown.unicodeScalars.filter {
          switch $0.value {
          case 0x0A, 0x09, 0x0D: false
          case 0x00..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F: true
          default: false
          }
        }
        #expect(bad.isEmpty, "seed 21 round \(round): \(scalars)")
      }
      #expect(!Printable.line(text).contains { $0.isNewline || $0 == "\t" })
    }
  }

  @Test func cleanTextIsUnchanged() {
    var random = SeededGenerator(seed: 22)
    for round in 0..<1000 {
      let text = Samples.text(20, &random)
      #expect(
        Array(Printable.line(text).utf8) == Array(text.utf8), "seed 22 round \(round): \(text)")
    }
  }
}
