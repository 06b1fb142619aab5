import Foundation
import TestSupport
import Testing

/// The independent reader prints from a folder, byte for byte, what `shelf export jsonl` says.
@Suite(.serialized) struct RemoteReaderTests {
  @Test(arguments: [nil, "eine lange 口令"])
  func readsWhatTheExportSays(passphrase: String?) throws {
    if passphrase != nil, !RemoteReader.opensSeals { try Test.cancel("no Python cryptography") }
    let place = try MeetingPlace(.directory)
    var spot = try place.spot("reader")
    spot.passphrase = passphrase
    let (desk, laptop) = try Scenario.pair(spot)
    let sample = PackageRoot.url.appendingPathComponent("sample-config/digest-2025-10-02.md")
    try laptop.does("import", sample.path)
    try laptop.does("add", "https://example.org/a?b=c", "--title", "\u{1}\t<é>")
    try laptop.does("add", "doi:10.1000/XYZ")
    try desk.does("read", "2509.00001", "2509.00002")
    try desk.does("undo")
    try desk.does("skip", "2509.00003")
    try desk.does("note", "add", "2509.00004", "-m", "first\nsecond")
    try desk.syncs()
    try laptop.syncs()
    try laptop.does("tag", "add", "ml/灯,b", "2509.00005")
    try laptop.does("tag", "remove", "b", "2509.00005")
    try laptop.does("note", "edit", try laptop.note(of: "2509.00004"), "-m", "changed")
    try laptop.does("note", "add", "2509.00006", "-m", "to go")
    try laptop.does("note", "remove", try laptop.note(of: "2509.00006"))
    try laptop.does("star", "2509.00007")
    try Settling.settle([desk, laptop], spot)
    let file = try passphrase.map { try desk.file("key", $0 + "\n", mode: 0o600) }
    let lines = try RemoteReader.papers(of: spot.disk, passphraseFile: file)
    #expect(lines.count == 26)
    #expect(try lines == laptop.exportedLines())
    #expect(try lines == desk.exportedLines())
  }
}
