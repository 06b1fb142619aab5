import Testing

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
}
