import TestSupport
import Testing

@testable import shelf

@Suite struct WrapTests {
  private func wrap(_ width: Int) -> Wrap { Wrap(width: width, cells: CellWidth()) }

  @Test func breaksAtSpacesAndBetweenWideCharacters() {
    #expect(wrap(10).lines("one two three four") == ["one two", "three four"])
    #expect(wrap(6).lines("中文字符串") == ["中文字", "符串"])
    #expect(wrap(8).lines("用 KV 缓存压缩") == ["用 KV 缓", "存压缩"])
  }

  @Test func punctuationKeepsItsSide() {
    #expect(wrap(6).lines("中文字，好") == ["中文", "字，好"])
    #expect(wrap(6).lines("中文（好）") == ["中文", "（好）"])
    #expect(wrap(8).lines("一二 。三四") == ["一二 。", "三四"])
  }

  @Test func indentsAndKeepsLines() {
    #expect(
      wrap(8).lines("aa bb cc\n\ndd", indent: 2, hanging: 4) == ["  aa bb", "    cc", "", "  dd"])
    #expect(wrap(8).lines("a\r\nb") == ["a", "b"])
    #expect(wrap(4).lines("abcdefghij") == ["abcd", "efgh", "ij"])
    #expect(wrap(Int.max).lines("a  b", indent: 2) == ["  a b"])
  }

  @Test(arguments: [1, 2, 3, 7, 12, 40, 79])
  func losesNothingAndFits(_ width: Int) {
    let wrap = wrap(width)
    var random = SeededGenerator(seed: 31)
    for round in 0..<500 {
      let text = Samples.text(60, &random)
      let indent = Int.random(in: 0...4, using: &random)
      let lines = wrap.lines(text, indent: indent, hanging: 2)
      let note: Comment = "seed 31 width \(width) round \(round): \(text)"
      #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " }, note)
      #expect(lines.allSatisfy { wrap.cells.width(of: $0) <= max(width, 2) }, note)
    }
  }

  @Test func kinsokuHolds() {
    var random = SeededGenerator(seed: 32)
    for round in 0..<2000 {
      var text = ""
      for _ in 0..<40 {
        text +=
          ["中", "文字", "word ", "（中）", "《书》", "好，", "对。”", "（“引", "a"].randomElement(using: &random)
          ?? ""
      }
      let lines = wrap(Int.random(in: 16...40, using: &random)).lines(text)
      #expect(
        lines.allSatisfy { !($0.first.map(Wrap.cannotStart) ?? false) },
        "seed 32 round \(round): \(lines)")
      #expect(
        lines.allSatisfy { !($0.last.map(Wrap.cannotEnd) ?? false) },
        "seed 32 round \(round): \(lines)")
    }
  }
}
