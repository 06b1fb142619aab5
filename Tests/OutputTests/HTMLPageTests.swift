import Foundation
import Papers
import Testing

@testable import shelf

/// The exported page as a person meets it, in a real browser.
@Suite struct HTMLPageTests {
  /// A hundred papers of two days; the one named `Quiet` tells in its summary alone of a zebra.
  private static let papers: [Paper] = (0..<100).map { index in
    var paper = Samples.titled("Paper Number \(index)", id: "2510.\(20000 + index)")
    paper.status = index < 60 ? .unread : index < 90 ? .skipped : .read
    paper.starred = index.isMultiple(of: 25)
    paper.appearances = [
      Appearance(
        date: PaperDate(trusted: index < 40 ? "2025-10-02" : "2025-10-03"), index: index,
        source: "day")
    ]
    paper.content.keywords = index < 30 ? ["KV 缓存", "agent"] : ["fragment"]
    paper.content.tldr = index == 7 ? "Studies of trained robots; naïve GPT-4." : "A sentence."
    if index < 5 { paper.tags = [Tag(trusted: index < 2 ? "ml/rl" : "ml")] }
    if index == 3 {
      paper.content.title = "Quiet"
      paper.content.sections = [.init(label: "Method", text: "Nobody expects a **zebra** here.")]
      paper.notes = [Note(id: "n1", text: "my own walrus", created: 0, updated: 0)]
    }
    return paper
  }

  private static let count = Browser.Step.until(
    "document.getElementById('count').textContent.startsWith('…')?'':"
      + "document.getElementById('count').textContent")
  private static let clear = Browser.Step.key("Escape")

  private static func see(_ steps: [Browser.Step], _ papers: [Paper] = papers) throws -> [String] {
    try Browser.see(Samples.exportBytes(papers, as: .html), steps).map { "\($0)" }
  }

  /// Words of the filter, and what is counted.
  private static let found = [
    ("agents", "30 of 100"), ("緩存", "30 of 100"), ("ＫＶ缓存", "30 of 100"), ("KV 缓", "30 of 100"),
    ("ag", "30 of 100"), ("ment", "0 of 100"), ("study", "1 of 100"), ("training", "1 of 100"),
    ("gpt4", "1 of 100"), ("naive", "1 of 100"), ("20007", "1 of 100"), ("walrus", "1 of 100"),
    ("is:unread", "60 of 100"), ("-is:unread", "40 of 100"), ("not agent", "70 of 100"),
    ("zebra or robot", "2 of 100"), ("+ml", "5 of 100"), ("+ml/rl", "2 of 100"),
    ("date:2025-10-02", "40 of 100"), ("\"paper number 9", "11 of 100"), ("is:starred", "4 of 100"),
    ("<> & (", "100 papers"), ("summary", "0 of 100"), ("unread", "0 of 100"),
  ]

  @Test(.enabled(if: Browser.isInstalled, "\(Browser.hint)"))
  func wordsFindWhatASearchFinds() throws {
    let seen = try Self.see(
      Self.found.flatMap { words, _ -> [Browser.Step] in
        let bytes = words.utf8.map { byte in
          "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return [.load("#words=" + bytes.joined()), Self.count]
      })
    for (place, (words, count)) in Self.found.enumerated() {
      #expect(seen[2 * place + 1] == count, "\(words)")
    }
  }

  @Test(.enabled(if: Browser.isInstalled, "\(Browser.hint)"))
  func typingMarksAndOpens() throws {
    let marks = "[...document.querySelectorAll('mark')].map(one=>one.textContent).join()"
    let opened = "[...document.querySelectorAll('details[open]')].map(one=>one.textContent).join()"
    // On a slow machine the address takes in a part of the word while the rest is being typed.
    let address = "location.hash==='#words=zebra'?location.hash:''"
    let seen = try Self.see([
      Self.count, .key("/"), .eval("document.activeElement.id"), .type("zebra"), Self.count,
      .eval(marks), .eval(opened), .until(address), Self.clear, Self.count,
      .eval("document.querySelectorAll('mark,details[open]').length"), .type("quiet"),
      Self.count, .eval(marks), .eval("document.querySelectorAll('details[open]').length"),
      .requests,
    ])
    #expect(seen[0] == "100 papers" && seen[2] == "words" && seen[4] == "1 of 100")
    #expect(seen[5] == "zebra" && seen[6].contains("Nobody expects a zebra here."))
    #expect(seen[7] == "#words=zebra" && seen[9] == "100 papers" && seen[10] == "0")
    #expect(seen[12] == "1 of 100" && seen[13] == "Quiet" && seen[14] == "0")
    #expect(!seen[15].contains("http"), "\(seen[15])")
  }

  @Test(.enabled(if: Browser.isInstalled, "\(Browser.hint)"))
  func choicesAndKeys() throws {
    func choose(_ id: String, _ value: String) -> Browser.Step {
      .eval(
        "{const one=document.getElementById('\(id)');one.value='\(value)';"
          + "one.dispatchEvent(new Event('change'))}")
    }
    let place = Browser.Step.eval("document.activeElement.dataset.place")
    let seen = try Self.see([
      choose("status", "skipped"), Self.count, choose("day", "2025-10-02"), Self.count, Self.clear,
      .eval("document.querySelector('button.t').click()"), Self.count, Self.clear,
      .eval("document.getElementById('keyword').options[1].textContent"),
      .key("j"), place, .key("j"), place, .key("k"), place, .key("Enter"),
      .eval("document.getElementById('tag').options.length"),
      // Further than what has been made so far.
      .eval("for(let n=0;n<60;n++)document.dispatchEvent(new KeyboardEvent('keydown',{key:'j'}))"),
      place, .load("#status=read&starred=1"), Self.count,
    ])
    #expect(seen[1] == "30 of 100" && seen[3] == "0 of 100" && seen[6] == "2 of 100")
    #expect(seen[8] == "fragment (70)" && [seen[10], seen[12], seen[14]] == ["0", "1", "0"])
    #expect(seen[16] == "3" && seen[18] == "60" && seen[20] == "0 of 100")
  }

  @Test(.enabled(if: Browser.isInstalled, "\(Browser.hint)"))
  func printingShowsAllThatFits() throws {
    let listen =
      "addEventListener('beforeprint',()=>{window.printed=[document.querySelectorAll('article')"
      + ".length,document.querySelectorAll('details:not([open])').length].join()})"
    let seen = try Self.see([
      .eval(listen), .print, .eval("window.printed"), .load("#status=unread"), .eval(listen),
      .print, .eval("window.printed"), .until("document.querySelectorAll('article').length<=60"),
    ])
    #expect(seen[2] == "100,0" && seen[6] == "60,0")
  }

  @Test(.enabled(if: Browser.isInstalled, "\(Browser.hint)"))
  func withoutScriptsThePageIsWhole() throws {
    let seen = try Self.see([
      .scripts(false), .load(""), .eval("document.querySelectorAll('main article').length"),
      .eval("getComputedStyle(document.getElementById('search')).display"),
      .eval("document.querySelectorAll('main article h2')[99].offsetHeight>0"),
    ])
    #expect(Array(seen[2...]) == ["100", "none", "1"])
  }

  /// Nothing is wider than the narrowest phone.
  @Test(.enabled(if: Browser.isInstalled, "\(Browser.hint)"))
  func fitsANarrowPhone() throws {
    let seen = try Self.see([
      .phone(320, 640), .load(""), Self.count,
      .eval("document.documentElement.scrollWidth<=320"),
      .eval("getComputedStyle(document.getElementById('search')).position"),
    ])
    #expect(seen[3] == "1" && seen[4] == "sticky", "\(seen)")
  }

  /// A paper that is hostile in every field is text, where scripts run and where the filter marks
  /// what it found in it.
  @Test(.enabled(if: Browser.isInstalled, "\(Browser.hint)"))
  func hostileTextStaysText() throws {
    let titles = "JSON.stringify([...document.querySelectorAll('h2')].map(one=>one.textContent))"
    let made =
      "[document.scripts.length,document.querySelectorAll('main script,main img,main iframe').length,"
      + "[...document.links].every(one=>one.protocol==='https:')].join()"
    let bottom = Browser.Step.until(
      "scrollTo(0,document.body.scrollHeight),document.querySelectorAll('article').length"
        + "===\(Samples.nasty.count)")
    let seen = try Self.see(
      [
        .eval("addEventListener('securitypolicyviolation',()=>{window.violated=1})"), Self.count,
        bottom, .eval(titles), .eval(made), .type("/script"), Self.count, .eval(made),
        .eval("String(window.violated)"),
      ], Samples.nasty)
    let shown = try #require(
      JSONSerialization.jsonObject(with: Data(seen[3].utf8)) as? [String])
    // Where a line of a title ends, HTML has LF.
    #expect(shown == Samples.nasty.map { Printable.block($0.content.title) })
    #expect(seen[4] == "2,0,true" && seen[7] == "2,0,true" && seen[8] == "undefined")
    #expect(seen[6] == "1 of \(Samples.nasty.count)")
  }
}
