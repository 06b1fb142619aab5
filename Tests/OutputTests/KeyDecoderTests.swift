import TestSupport
import Testing

@testable import shelf

/// Bytes of a terminal to keys.
@Suite struct KeyDecoderTests {
  private func keys(_ text: String) -> [Key] {
    var decoder = KeyDecoder()
    return decoder.take(Array(text.utf8)) + decoder.pause()
  }

  @Test(arguments: [
    ("r", [Key.character("r")]), (" ", [.character(" ")]), ("\r", [.enter]), ("\n", [.enter]),
    ("\t", [.tab]), ("\u{7F}", [.backspace]), ("\u{12}", [.control("r")]), ("\u{1B}", [.escape]),
    ("\u{1B}[A", [.up]), ("\u{1B}OB", [.down]), ("\u{1B}[1;5C", [.right]), ("\u{1B}[D", [.left]),
    ("\u{1B}[5~", [.pageUp]), ("\u{1B}[6~", [.pageDown]), ("\u{1B}[H", [.home]),
    ("\u{1B}[4~", [.end]), ("\u{1B}[3~", [.delete]), ("\u{1B}[Z", [.backTab]),
    ("缓", [.character("缓")]), ("😀", [.character("😀")]), ("\u{1B}OM", [.enter]),
    ("\u{1B}\u{1B}", [.escape, .escape]), ("\u{1B}\u{1B}[A", [.escape, .up]),
  ])
  func oneKey(_ text: String, _ expected: [Key]) {
    #expect(keys(text) == expected, "\(text.debugDescription)")
  }

  /// None of it is a verdict: answers of the terminal, a mouse, letters with Alt, function keys.
  @Test(arguments: [
    "\u{1B}[?62;22c", "\u{1B}[<0;10;5M", "\u{1B}[<0;10;5m", "\u{1B}s", "\u{1B}[15~", "\u{1B}OP",
    "\u{1B}[[A", "\u{1B}[I", "\u{1B}]11;rgb:0000/0000/0000\u{7}", "\u{1B}]11;rgb:ss/ss\u{1B}\\",
    "\u{1B}P1+rss\u{1B}\\", "\u{1B}缓", "\u{0}", "\u{1C}", "\u{85}",
  ])
  func nothingElseIsAKey(_ text: String) {
    for key in keys(text) { #expect(key == .unknown, "\(text.debugDescription)") }
  }

  @Test func aPasteIsOnePiece() {
    #expect(
      keys("\u{1B}[200~rqs\r\u{1B}[A\u{1B}[201~r") == [.paste("rqs\r\u{1B}[A"), .character("r")])
    #expect(keys("\u{1B}[200~\u{1B}[201~") == [.paste("")])
    let long = keys("\u{1B}[200~" + String(repeating: "s", count: 100_000) + "\u{1B}[201~s")
    #expect(long == [.paste(String(repeating: "s", count: 4096)), .character("s")])
  }

  /// Wherever the bytes are split, the keys are the same.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func splitsChangeNothing(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "r", "缓存", "\u{1B}[A", "\u{1B}[5~", "😀", "e\u{301}", "\u{1B}[200~q缓\u{1B}[\u{1B}[201~",
      "\u{1B}OB", "\u{1B}[1;2D", "\u{1B}]0;t\u{7}", "\r", "\u{1B}[<0;1;1M",
    ]
    let text = (0..<30).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    var whole = KeyDecoder()
    let expected = whole.take(Array(text.utf8))
    var split = KeyDecoder()
    var keys: [Key] = []
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...4, using: &random)
      keys += split.take(rest.prefix(count))
      rest = rest.dropFirst(count)
    }
    #expect(keys == expected, "seed \(seed)")
    #expect(!split.isWaiting)
  }

  /// Any bytes at all: no crash, nothing held for ever.
  @Test(arguments: 0..<30 as Range<UInt64>)
  func anyBytes(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var decoder = KeyDecoder()
    let favourites: [UInt8] = [0x1B, 0x5B, 0x4F, 0x32, 0x30, 0x7E, 0xE7, 0xBC, 0xFF, 0x3B]
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...20, using: &random)).map { _ in
        Bool.random(using: &random)
          ? favourites.randomElement(using: &random) ?? 0
          : UInt8.random(in: 0...255, using: &random)
      }
      _ = decoder.take(bytes)
      _ = decoder.pause()
    }
    _ = decoder.take(Array("\u{1B}[201~".utf8))
    _ = decoder.pause()
    #expect(decoder.take([0x72]) == [.character("r")], "seed \(seed)")
  }

  @Test func namesAreReadBack() {
    for verb in TriageVerb.allCases {
      for key in verb.standardKeys { #expect(Key(name: key.name) == key) }
    }
    for wrong in [
      "", "rr", "ctrl-c", "ctrl-z", "ctrl-", "ctrl-rr", "Ctrl-r", "\u{1B}", "\u{202E}", "f1",
    ] {
      #expect(Key(name: wrong) == nil, "\(wrong)")
    }
    #expect(Key(name: "缓") == .character("缓"))
  }
}

/// A line that is typed.
@Suite struct LineInputTests {
  private func line(
    _ keys: [Key], _ completion: LineInput.Completion = .nothing
  ) -> LineInput {
    var line = LineInput("", completion)
    for key in keys { _ = line.take(key) }
    return line
  }

  private func typed(_ text: String) -> [Key] { text.unicodeScalars.map { .character($0) } }

  @Test func editing() {
    #expect(line(typed("abc") + [.left, .backspace]).text == "ac")
    #expect(line(typed("abc") + [.home, .delete] + typed("缓")).text == "缓bc")
    #expect(line(typed("one two") + [.control("w")]).text == "one ")
    #expect(line(typed("one two") + [.control("u")]).text == "")
    #expect(line(typed("abc") + [.home, .right, .control("k")]).text == "a")
    let accented = line(typed("e") + [.character("\u{301}")] + [.backspace])
    #expect(accented.text == "" && accented.cursor == 0)
    #expect(line([.paste("a\nb\u{1B}[A")]).text == "a b [A")
    let full = line(Array(repeating: .character("x"), count: 600))
    #expect(full.text.count == LineInput.capacity)
  }

  @Test func tabGoesThroughWhatFits() {
    let tags = LineInput.Completion.words(["kv", "ml/attention", "ml", "缓存"])
    #expect(line(typed("m") + [.tab], tags).text == "ml/attention")
    #expect(line(typed("m") + [.tab, .tab], tags).text == "ml")
    #expect(line(typed("m") + [.tab, .tab, .tab], tags).text == "ml/attention")
    #expect(line(typed("m") + [.backTab], tags).text == "ml")
    #expect(line(typed("kv,缓") + [.tab], tags).text == "kv,缓存")
    #expect(line(typed("kv, M") + [.tab], tags).text == "kv, ml/attention")
    #expect(line(typed("x") + [.tab], tags).text == "x")
    var author = LineInput("Ann Lee", .whole(["Ann Lee", "Bo Li, Jr."]))
    _ = author.take(.tab)
    #expect(author.text == "Bo Li, Jr.")
    _ = author.take(.tab)
    #expect(author.text == "Ann Lee")
  }
}
