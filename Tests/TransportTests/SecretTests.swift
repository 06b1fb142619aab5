import Foundation
import TestSupport
import Testing
import TransportContract

@testable import Transport

@Suite struct SecretTests {
  @Test("A secret is not in any form of its description")
  func isNotPrinted() {
    let profile = RemoteProfile(
      url: "https://example.org/", auth: .basic, user: "ada", secret: Secret("hunter2"))
    var dumped = ""
    dump(profile, to: &dumped)
    let alone = "\(Secret("hunter2"))"
    for text in ["\(profile)", String(reflecting: profile), dumped, alone] {
      #expect(!text.contains("hunter2"))
      #expect(text.contains("(secret)"))
    }
  }

  private static let secrets = ["hunter2", "pa/ss+w%rd \"\\ö", "口令-7391&<x>", "a'b=c?d#e;f"]

  /// How a server, a proxy or a login page may write what it was given.
  private static func forms(_ secret: String) -> [String] {
    let bytes = Array(secret.utf8)
    func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
    func escaped(_ isHex: Bool) -> String {
      secret.utf16.map { String(format: "\\u%04" + (isHex ? "x" : "X"), Int($0)) }.joined()
    }
    let json = (try? JSONSerialization.data(withJSONObject: [secret])).map {
      String(decoding: $0, as: UTF8.self)
    }
    let basic = base64("ada:" + secret)
    let entities = secret.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;").replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    return [
      secret, bytes.map { String(format: "%%%02x", Int($0)) }.joined(),
      bytes.map { String(format: "%%%02X", Int($0)) }.joined(),
      secret.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? "",
      (secret.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
        .replacing("%20", with: "+"),
      escaped(true), escaped(false), json ?? "", secret.replacing("\"", with: "\\\""),
      basic, basic.replacing("=", with: ""), basic.replacing("/", with: "\\/"),
      basic.replacing("+", with: "-").replacing("/", with: "_"),
      basic.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D"),
      base64(secret), base64("{\"p\":\"" + secret + "\"}"), base64("x" + secret + "yz"),
      base64("xy" + secret), bytes.map { String(format: "%02x", Int($0)) }.joined(), entities,
      secret.unicodeScalars.map { "&#\($0.value);" }.joined(),
      secret.unicodeScalars.map { "&#x" + String($0.value, radix: 16) + ";" }.joined(),
    ]
  }

  /// Everything that would give the secret back to somebody who reads a message.
  private static func isShown(_ form: String, in text: String) -> Bool {
    guard form.count >= 6 else { return text.contains(form) }
    // A half of it is too much already.
    return text.contains(form.prefix(form.count * 2 / 3))
      || text.contains(form.suffix(form.count * 2 / 3))
  }

  @Test("A password that comes back in any encoding is in no message", arguments: secrets)
  func isHiddenWhenEchoed(_ secret: String) throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    var profile = RemoteProfile(url: server.url(), timeout: 20)
    (profile.auth, profile.user, profile.secret) = (.basic, "ada", Secret(secret))
    let folder = try RemoteFolders.open(profile, pace: TestPace().pace)
    let name = try FolderContract.name("dev.1")
    for form in Self.forms(secret) {
      server.answerAlways(403, "you sent [\(form)] and that is wrong")
      let error = try #require(throws: TransportError.self) { try folder.write(name, [1]) }
      #expect(!Self.isShown(form, in: error.detail), "\(form): \(error.detail)")
      // Of what looks like markup nothing is told.
      let isTold = error.detail.hasSuffix("and that is wrong")
      #expect(isTold || form.contains("<"), "\(error.detail)")
    }
  }

  @Test("Nor is it in an address that a redirect led to, or in the name of the server")
  func isHiddenInAddresses() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    var profile = RemoteProfile(url: server.url(), timeout: 20)
    (profile.auth, profile.user, profile.secret) = (.basic, "ada", Secret("hunter-2"))
    let folder = try RemoteFolders.open(profile, pace: TestPace().pace)
    let name = try FolderContract.name("dev.1")
    for path in ["/hunter-2/dev.1", "/%68unter%2D2/dev.1", "/YWRhOmh1bnRlci0y/dev.1"] {
      server.answerAlways(302, headers: ["Location: \(path)"], "")
      let error = try #require(throws: TransportError.self) { try folder.write(name, [1]) }
      for word in ["hunter-2", "%68unter", "YWRhOmh1"] {
        #expect(!"\(error)".contains(word), "\(error)")
      }
    }
    server.answerAlways(200, headers: ["Server: s hunter-2 (YWRhOmh1bnRlci0y)"], "x")
    let found = RemoteFolders.probe(profile, pace: TestPace().pace)
    #expect(found.server.map { !$0.contains("hunter") && !$0.contains("YWRh") } == true)
  }

  @Test("Passwords of netrc and of a proxy are hidden, too")
  func othersAreHidden() throws {
    let folder = try TemporaryFolder()
    let file = folder.path + "/netrc"
    try "machine 127.0.0.1 login ada password sesame-9\n"
      .write(toFile: file, atomically: false, encoding: .utf8)
    let server = try #require(HostileServer())
    defer { server.stop() }
    var profile = RemoteProfile(url: server.url(), auth: .netrc, netrcFile: file, timeout: 20)
    (profile.proxy, profile.noProxy) = ("http://me:pr%6Fxy-word@192.0.2.1:1", "127.0.0.1")
    let opened = try RemoteFolders.open(profile, pace: TestPace().pace)
    server.answerAlways(403, "sesame-9 proxy-word pr%6Fxy-word sesame%2d9")
    let error = try #require(throws: TransportError.self) {
      try opened.write(FolderContract.name("dev.1"), [1])
    }
    for word in ["sesame", "xy-word"] { #expect(!error.detail.contains(word), "\(error.detail)") }
  }
}
