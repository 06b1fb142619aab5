import Changes
import Foundation
import JSONText
import Papers
import TestSupport
import Testing

@testable import shelf

@Suite struct JSONTests {
  @Test func paperObjectIsTheContract() {
    var out: [UInt8] = []
    Registers.standard.paperObject.append(Samples.plain, to: &out)
    #expect(
      String(decoding: out, as: UTF8.self)
        == #"{"id":"2509.26507","title":"Small Cats Learn Large Maps","#
        + #""url":"https://arxiv.org/abs/2509.26507","status":"queued","starred":true,"#
        + #""tags":["kv","survey/猫"],"keywords":["cats","maps","地图 (topological, metric)"],"#
        + #""tldr":"Cats can learn maps of large houses.","sections":["#
        + #"{"label":"研究动机","text":"猫不会读地图，但会走路。\n\n这是第二段。"},"#
        + #"{"label":"Method","text":"We let cats walk & draw < 5 maps."}],"#
        + #""summary":"**TL;DR**：猫会用地图。  方法是先走路，再画图。","#
        + #""notes":[{"id":"n1","text":"first line\nsecond line","#
        + #""created":"2025-10-02T08:00:00.123Z","updated":"2025-10-02T08:01:00.000Z"}],"#
        + #""digests":[{"date":null,"index":0,"source":"list"},"#
        + #"{"date":"2025-10-02","index":3,"source":"daily_cats"}],"#
        + #""added":"2025-10-02T08:00:00.123Z","updated":"2025-10-02T08:01:00.000Z","#
        + #""authors":["Cat, Tom","毛 小咪","María José \"Pepa\""],"#
        + #""categories":["cs.CL","cs.LG"],"published":"2025-09-30","#
        + #""code":["https://github.com/cats/maps"],"votes":61,"#
        + #""lead":null,"citekey":"cat2025maps","abstract":"Cats walk.\nMaps follow."}"#)
  }

  @Test(arguments: [
    "0", "-0", "7", "-7", "007", "9223372036854775807", "-9223372036854775808", " 12 ",
  ])
  func wholeNumbersAreRead(_ text: String) throws {
    let number = try JSONTextReader.read(text) { try $0.integer() }
    #expect(number == Int64(text.trimmingCharacters(in: .whitespaces)))
  }

  @Test(arguments: [
    "", "-", "--1", "1-2", "+1", "1.5", "1e3", "9223372036854775808", "-9223372036854775809",
    "99999999999999999999999999", "\u{661}", "x", "\"1\"",
  ])
  func whatIsNoWholeNumberIsRefused(_ text: String) {
    #expect(throws: JSONTextError.self) { try JSONTextReader.read(text) { try $0.integer() } }
  }

  @Test func nothingIsNull() {
    var out: [UInt8] = []
    Registers.standard.paperObject.append(Samples.titled(""), to: &out)
    #expect(
      String(decoding: out, as: UTF8.self).contains(#""tldr":null,"sections":[],"summary":"","#))
  }

  @Test func onlyQuotesBackslashesAndControlsAreEscaped() {
    var json = JSONTextWriter.printed
    json.value("\"\\/\n\r\t\u{0}\u{1F}\u{7F}\u{9B}\u{2028}中👍<>--")
    #expect(
      String(decoding: json.bytes, as: UTF8.self)
        == #""\"\\/\n\r\t\u0000\u001f\u007f\u009b"# + "\u{2028}中👍<>--\"")
  }

  /// Text is looked at many bytes at a time: what is escaped may stand at any of them.
  @Test func anEscapeMayStandAnywhere() throws {
    for length in 0..<40 {
      for place in 0...length {
        for special in ["\"", "\\", "\u{1F}", "\u{7F}", "\u{9B}", "é", "\u{A0}"] {
          let before = String(repeating: "é", count: place / 2) + (place % 2 == 0 ? "" : "x")
          let text = before + special + String(repeating: "z", count: length - place)
          var json = JSONTextWriter.printed
          json.string(text)
          let escapes = ["é", "\u{A0}"].contains(special) ? 0 : 1
          #expect(json.bytes.count { $0 == 0x5C } >= escapes)
          #expect(!json.bytes.contains { $0 < 0x20 || $0 == 0x7F })
          let back = try JSONTextReader.read(json.text) { try $0.string() }
          #expect(back.hasBytes(of: text), "\(length) \(place) \(special)")
        }
      }
    }
  }

  @Test func commentsCannotBeClosed() {
    var json = JSONTextWriter(style: .comment)
    json.value("--> --- <!-- - -")
    #expect(
      String(decoding: json.bytes, as: UTF8.self)
        == #""-\u002d\u003e -\u002d- \u003c!-\u002d - -""#)
  }

  @Test func helpersPutCommas() {
    var json = JSONTextWriter.printed
    json.object { json in
      json.member("changed", 2)
      json.member("ids", ["a", "b"])
      json.member("done", false)
      json.key("problems")
      json.array([1, 2]) { json, line in json.object { $0.member("line", line) } }
    }
    #expect(
      String(decoding: json.take(), as: UTF8.self)
        == #"{"changed":2,"ids":["a","b"],"done":false,"problems":[{"line":1},{"line":2}]}"#)
    #expect(json.bytes.isEmpty)
  }

  @Test(arguments: [JSONTextWriter.Style.exact, .printed, .comment])
  func roundTrip(_ style: JSONTextWriter.Style) throws {
    var random = SeededGenerator(seed: 61)
    for round in 0..<1000 {
      let text =
        String(
          String.UnicodeScalarView(
            (0..<30).compactMap { _ in
              Unicode.Scalar(
                UInt32.random(in: 0...[0x7F, 0x3F, 0x2FFF, 0x1FFFF][round % 4], using: &random))
            })) + Samples.nastyTitles[round % Samples.nastyTitles.count]
      var json = JSONTextWriter(style: style)
      json.array { $0.value(text) }
      let read = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String]
      #expect(read?.first.map { Array($0.utf8) } == Array(text.utf8), "seed 61 round \(round)")
      let written = String(decoding: json.bytes, as: UTF8.self)
      #expect(
        style != .comment || !(written.contains("--") || written.contains { "<>".contains($0) }))
    }
  }

  @Test func arraysAndLines() throws {
    #expect(Samples.export([], as: .json) == "[]\n")
    #expect(Samples.export([], as: .jsonl) == "")
    let array = try JSONSerialization.jsonObject(
      with: Data(Samples.exportBytes(Samples.nasty, as: .json)))
    let objects = try #require(array as? [[String: Any]])
    #expect(objects.map { $0["title"] as? String } == Samples.nastyTitles)
    let lines = Samples.export(Samples.nasty, as: .jsonl).utf8.split(separator: 0x0A)
    #expect(lines.count == Samples.nasty.count)
    for (line, object) in zip(lines, objects) {
      let read = try JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary
      #expect(read == object as NSDictionary)
    }
  }
}
