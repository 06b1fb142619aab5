import Digests
import Foundation
import Papers
import TestSupport
import Testing

/// What holds for every reader of lists that other programs write.
@Suite struct ReferenceRobustnessTests {
  static let samples = [
    "@string{j = \"J\"}\n@article{k, title = {A {\\\"o} B}, doi = {10.1000/x}, journal = j # {x}}\n@misc{l, eprint={2401.00002}, title={é}}\n",
    "TY  - JOUR\r\nTI  - A\r\ngoes on é\r\nDO  - 10.1000/1\r\nER  - \r\nTY  - X\r\nUR  - x\r\n",
    "title,url,note\r\n\"A, \"\"é\"\"\",arxiv.org/abs/2401.00001,\"x\r\ny\"\r\nB,\"https://example.org\",\"z\"\n",
    "<?xml version=\"1.0\"?>\n<rss><channel><item><title>A &amp; é</title><link>https://arxiv.org/abs/2401.00001</link></item></channel></rss>\n",
    ArXivMailTests.listing, BookmarksTests.netscape,
    "- title: \"A é\"\n  url: arxiv.org/abs/2401.00001\n  tags: [a, 'b', {c: d}]\n- doi: 10.1000/1\n  summary: |\n    x\n     y\n",
    "---\nauthor_list:\n- {family: é}\neprint: '2401.00001'\ntitle: 'a\n  b'\n---\nref: k\ndoi: 10.1000/2\n",
    "* TODO [[arxiv:2401.00001][é]] :a:\n:PROPERTIES:\n:DOI: 10.1000/1\n:END:\nx\n** b\n- [X] [[doi:10.1000/2][c]]\n",
    "---\nstatus: done\nurl: https://arxiv.org/abs/2401.00001\n---\n# é\nx\n",
    "tags:: [[é]]\narxiv:: 2401.00001\n\n- x\n",
    "https://arxiv.org/abs/2401.00001 | é\n# x\n10.1000/1 # y\nhttps://example.org\n",
    "- [x] [é title](https://arxiv.org/abs/2401.00001) #a\n- [/] B c #d arxiv.org/abs/2401.00002\n",
    "<html><title>é</title><body><ul><li><a href='/abs/2401.00001'><b>A &lt;</b></a><br/>x<table><tr><th>Title<tr><td><a href=doi.org/10.1000/1>B</a><!-- x --><script>a<b</script></table>\n",
    "{\"papers\":[\n{\"id\":\"2401.00001\",\"title\":\"é\"},\n{\"id\":\"x\"}\n]}\n",
  ]

  @Test(arguments: samples) func everySplitGivesTheSame(_ text: String) throws {
    let bytes = Array(text.utf8)
    let whole = try Reading(bytes)
    #expect(!whole.entries.isEmpty)
    for split in 1..<bytes.count { #expect(try Reading(bytes, chunks: [split, 1 << 20]) == whole) }
    #expect(try Reading(bytes, chunks: [1]) == whole)
    #expect(try Reading([0xEF, 0xBB, 0xBF] + bytes) == whole)
  }

  /// Every beginning is read without a crash, and gives no paper that the whole does not have.
  @Test(arguments: samples) func everyBeginningIsRead(_ text: String) throws {
    let bytes = Array(text.utf8)
    let known = Set(try Reading(bytes).entries.map(\.id))
    for end in 0..<bytes.count {
      let reading = try Reading(Array(bytes[..<end]))
      let found = Set(reading.entries.map(\.id))
      // An id itself may be cut.
      #expect(found.subtracting(known).count <= 1, "\(found) in the first \(end) bytes")
    }
  }

  /// Bytes changed at random, from a seed.
  @Test(arguments: 1...30 as ClosedRange<UInt64>) func spoiledInput(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for sample in Self.samples {
      var bytes = Array(sample.utf8)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1:
          bytes.insert(contentsOf: Array("{}\"<>\\,\n&@".utf8).shuffled(using: &random), at: place)
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + 9))
        default: bytes += Self.samples[Int.random(in: Self.samples.indices, using: &random)].utf8
        }
      }
      let whole = try Reading(bytes)
      let chunks = (0..<60).map { _ in Int.random(in: 1...40, using: &random) }
      #expect(try Reading(bytes, chunks: chunks) == whole, "seed \(seed)")
      for entry in whole.entries {
        #expect(PaperID(rawValue: entry.id.rawValue) != nil, "seed \(seed)")
      }
    }
  }

  /// Linear work, as ``RobustnessTests/adversarialInputIsLinear(_:)`` has it.
  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      "@misc{a,title={", "@a{", "{", "}", "\\\"", "$", "a and ", "# ", "@", "\n@a", "<p", "&#", "&",
      "<", "10.", "arxiv:", "arxiv.org/", "\"", "\"\"", ",", "\n", "\\\\\n", "Title: x\n", "a=b,",
      "<a href=", "<dl>", "<a href=x>",
    ])
  func adversarialInputIsLinear(_ piece: String) throws {
    let storm = String(repeating: piece, count: (24 << 10) / piece.utf8.count)
    for text in [
      "@misc{k, doi={10.1000/1}, title={\(storm)}, abstract={\(storm)}}", "@misc{k, " + storm,
      "TY  - X\nTI  - \(storm)\nN1  - \(storm)\nAB  - \(storm)\nDO  - 10.1000/1\nER  - \n",
      "title,url,note\n\"\(storm)\",arxiv.org/abs/2401.00001,\(storm)\n",
      "<rss><channel><item><title>\(storm)</title><link>arxiv.org/abs/2401.00001</link>",
      "\\\\\narXiv:2401.00001\nTitle: \(storm)\nComments: \(storm)\n\\\\\n\(storm)",
      "<!DOCTYPE NETSCAPE-Bookmark-file-1>\(storm)<a href=\"x\">\(storm)",
      "{\"p\":[{\"id\":\"2401.00001\",\"comment\":\"\(storm)\"}",
    ] {
      #expect(try Reading(text).problems.count <= 1001)
    }
  }

  /// Texts that begin like one of these formats and are none: they are read as Markdown, as ever.
  @Test(
    arguments: [
      "Papers, links\n\n", "Title, authors and url of each paper\n\n", "@someone wrote:\n\n",
      "@misc and others\n\n", "TY for reading\n\n", "From all the papers of today\n\n",
      "Date: 2025-10-02\n\n", "--------------------------------\n\n", "<!-- comment -->\n\n",
      "<div>\n\n", "<details>\n\n", "% a line\n\n", "“Quoted”, url, title of the day\n\n",
      "url\n", "Received: three papers\n\n", "{{ template }}\n\n", "日报，标题，链接\n\n",
      "# Words\n\n", "Title: x\nUrl: y\n\n", "title: x\nurl: y\n\n", "* a note\n\n",
      ":tada: news\n\n",
      "https://example.org\n\n", "a:: b\n\n", "- key: value\n\n", "#+\n\n", "<p>x</p>\n\n",
      "\"Best, title, url\" was said\n\n", "<feedback>\n\n", "---\ntitle: x\nurl: y\n---\n\n",
    ])
  func markdownIsNotTakenForAnother(_ head: String) throws {
    let body = "- [A Paper Title](https://arxiv.org/abs/2401.00001)\n"
    let reading = try Reading(head + body)
    #expect(reading.entries.map(\.content.title) == ["A Paper Title"])
    #expect(reading.problems.isEmpty)
  }
}
