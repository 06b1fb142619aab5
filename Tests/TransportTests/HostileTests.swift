import TestSupport
import Testing
import TransportContract

@testable import Transport

/// What the folders say to servers that cannot keep the contract: the right kind of error, bytes as
/// they came for the caller to verify, and never a crash, a hang or a credential given away.
@Suite struct HostileTests {
  private let pace = TestPace()
  private let secret = "open-sesame-7"

  /// A server with one stored file and a folder on it.
  private func open(
    _ quirks: Set<HostileQuirk>, kind: RemoteKind = .webdav,
    change: (inout RemoteProfile) -> Void = { _ in }
  ) throws -> (server: HostileServer, folder: any RemoteFolder) {
    let server = try #require(HostileServer(quirks))
    server.store("/dav/dev.1", Array("0123456789".utf8))
    server.store("/dav/dev.1", Array("abcdefghij".utf8))
    var profile = RemoteProfile(url: server.url(), kind: kind, timeout: 20, idleTimeout: 1)
    change(&profile)
    return (server, try RemoteFolders.open(profile, pace: pace.pace))
  }

  private func read(
    _ folder: any RemoteFolder, _ name: String = "dev.1"
  ) throws
    -> Result<ReadOutcome, TransportError>
  {
    try #require(folder.read([FolderContract.name(name)], limit: 1 << 20).first)
  }

  private func failure<Value>(_ result: Result<Value, TransportError>) throws -> TransportError {
    guard case .failure(let error) = result else {
      Issue.record("no error")
      throw TransportError(kind: .local, method: "", url: "", detail: "no error")
    }
    return error
  }

  private func writing(
    _ folder: any RemoteFolder, _ bytes: [UInt8] = [1, 2, 3]
  ) -> Result<
    Void, TransportError
  > {
    Result { () throws(TransportError) in
      guard let name = RemoteName("dev.2") else { return }
      try folder.write(name, bytes)
    }
  }

  @Test(
    "Bytes of a lying answer come up unchanged, for the caller to verify",
    arguments: [
      (HostileQuirk.cleanPrefix, "abcde"), (.mixedVersions, "abcde56789"),
      (.staleReads, "0123456789"),
      (.loginPage, "<!DOCTYPE html><html><body>Please log in</body></html>"),
    ])
  func lies(_ quirk: HostileQuirk, _ bytes: String) throws {
    let (server, folder) = try open([quirk])
    defer { server.stop() }
    #expect(try read(folder).get() == .found(Array(bytes.utf8)))
  }

  @Test("A missing file told with 200 and text is bytes that are not ours")
  func missing200() throws {
    let (server, folder) = try open([.missing200Text])
    defer { server.stop() }
    #expect(try read(folder, "dev.9").get() == .found(Array("File not found.".utf8)))
  }

  @Test(
    "An answer that breaks off, floods or stalls is an error of its kind",
    arguments: [
      (HostileQuirk.fewerBytesThanPromised, TransportError.Kind.unreachable),
      (.closedWithoutAnswer, .unreachable), (.cutInHeaders, .unreachable),
      (.oversizedHeader, .garbled), (.oversizedBody, .garbled), (.encodedUnasked, .garbled),
      (.redirectLoop, .garbled), (.redirectOtherHost, .refusedByUs),
      (.redirectOtherPort, .refusedByUs),
    ])
  func broken(_ quirk: HostileQuirk, _ kind: TransportError.Kind) throws {
    let (server, folder) = try open([quirk])
    defer { server.stop() }
    #expect(try failure(read(folder)).kind == kind)
  }

  @Test(
    "A file that stops coming, or drips, ends with the time-out", .timeLimit(.minutes(5)),
    arguments: [
      HostileQuirk.tornHangs, .slowLoris,
    ])
  func stalls(_ quirk: HostileQuirk) throws {
    let (server, folder) = try open([quirk]) { $0.timeout = 0.4 }
    defer { server.stop() }
    #expect(try failure(read(folder)).kind == .unreachable)
  }

  @Test("A flood is cut off, not taken and thrown away")
  func flood() throws {
    let (server, folder) = try open([.oversizedBody])
    defer { server.stop() }
    let names = [try FolderContract.name("dev.1")]
    #expect(try failure(#require(folder.read(names, limit: 1000).first)).kind == .garbled)
    #expect(folder.traffic.bytesReceived < 1 << 20)
  }

  @Test("A listing without end is no listing: what is wanted is asked for by name")
  func endlessListing() throws {
    // To write it takes the server longer than a call may take here.
    let (server, folder) = try open([]) { ($0.timeout, $0.idleTimeout) = (120, 60) }
    defer { server.stop() }
    try folder.write(FolderContract.name("dev.1"), [1])
    for number in 0..<120_000 {
      server.store("/dav/" + String(number, radix: 16) + String(repeating: "0", count: 40), [])
    }
    #expect(try folder.list() == .unsupported)
    #expect(
      try #require(folder.read([FolderContract.name("dev.1")], limit: 9).first).get() == .found([1])
    )
  }

  @Test("A server whose answers never end is left alone after twice the time of one call")
  func answersThatNeverEnd() throws {
    let server = try #require(HostileServer([.tornHangs]))
    defer { server.stop() }
    var now = 0.0
    let opened = try RemoteFolders.open(
      RemoteProfile(url: server.url(), kind: .plain, timeout: 0.5),
      pace: Pace(
        now: {
          now += 0.05
          return now
        }, sleep: { now += $0 }, random: { 0.5 }))
    try opened.write(FolderContract.name("dev.1"), [1, 2, 3, 4])
    for _ in 0..<50 {
      let answer = opened.read([try FolderContract.name("dev.1")], limit: 100)
      #expect(try failure(#require(answer.first)).kind == .unreachable)
    }
    #expect(server.requests.count < 20, "\(server.requests.count)")
    // An hour later it is asked again.
    now += 3601
    let before = server.requests.count
    _ = opened.read([try FolderContract.name("dev.1")], limit: 100)
    #expect(server.requests.count > before)
  }

  @Test("A stalled file does not keep the others from coming", .timeLimit(.minutes(5)))
  func stallBesideOthers() throws {
    let (server, folder) = try open([.tornHangs]) { $0.timeout = 0.5 }
    defer { server.stop() }
    let names = try ["dev.1", "dev.7", "dev.8"].map { try FolderContract.name($0) }
    let answers = folder.read(names, limit: 100)
    #expect(try failure(answers[0]).kind == .unreachable)
    #expect(try answers[1].get() == .missing)
    #expect(try answers[2].get() == .missing)
  }

  @Test(
    "A write that is refused says how",
    arguments: [
      (HostileQuirk.readOnly403, TransportError.Kind.readOnly, 403), (.full507, .full, 507),
      (.putFailedButStored, .busy, 502), (.truncatedPutVisible, .busy, 500),
    ])
  func refusedWrite(_ quirk: HostileQuirk, _ kind: TransportError.Kind, _ status: Int) throws {
    let (server, folder) = try open([quirk])
    defer { server.stop() }
    _ = try read(folder).get()
    let error = try failure(writing(folder))
    #expect(error.kind == kind)
    #expect(error.status == status)
    #expect(error.method == "PUT")
  }

  @Test("Where nobody logs in, a write that is forbidden is no trouble with a login")
  func forbiddenWithoutALogin() throws {
    let (server, folder) = try open([.readOnly403])
    defer { server.stop() }
    #expect(try failure(writing(folder)).kind == .readOnly)
  }

  @Test func tooLarge() throws {
    let (server, folder) = try open([.tooLarge413])
    defer { server.stop() }
    try writing(folder, [UInt8](repeating: 7, count: 1 << 20)).get()
    let error = try failure(writing(folder, [UInt8](repeating: 7, count: (1 << 20) + 1)))
    #expect(error.kind == .full && error.reason == .requestTooLarge)
  }

  @Test(
    "A write that is said to be done and is not, or in part, is seen by reading back",
    arguments: [
      (HostileQuirk.putNotStored, ReadOutcome.missing), (.fullAnswered201, .found([1])),
    ])
  func lostWrite(_ quirk: HostileQuirk, _ outcome: ReadOutcome) throws {
    let (server, folder) = try open([quirk])
    defer { server.stop() }
    try writing(folder).get()
    #expect(try read(folder, "dev.2").get() == outcome)
  }

  @Test("A write that failed may have happened: reading tells")
  func storedInSpiteOfError() throws {
    let (server, folder) = try open([.putFailedButStored])
    defer { server.stop() }
    _ = try failure(writing(folder))
    server.set([])
    #expect(try read(folder, "dev.2").get() == .found([1, 2, 3]))
  }

  @Test(
    "Listings that are refused are unsupported",
    arguments: [
      HostileQuirk.listingRefused403, .listingRefused405,
    ])
  func refusedListing(_ quirk: HostileQuirk) throws {
    let (server, folder) = try open([quirk])
    defer { server.stop() }
    #expect(try folder.list() == .unsupported)
  }

  @Test(
    "Listings that are cut, carry entities, are too deep or a login page are errors",
    arguments: [
      HostileQuirk.listingCut, .listingWithEntities, .listingDeep, .loginPage,
    ])
  func brokenListing(_ quirk: HostileQuirk) throws {
    let (server, folder) = try open([quirk])
    defer { server.stop() }
    let error = try failure(Result { () throws(TransportError) in try folder.list() })
    #expect(error.kind == .garbled)
    #expect(error.method == "PROPFIND")
  }

  @Test("A short listing is believed only as far as it goes; hrefs outside are left out")
  func listingHints() throws {
    let (server, folder) = try open([.listingShort])
    defer { server.stop() }
    #expect(try folder.list() == .files([]))
    server.set([.hrefOutside])
    #expect(try folder.list() == .files([]))
    server.store("/dav/sub.2/dev.5", [1])
    server.set([.depthIgnored])
    let name = try FolderContract.name("dev.1")
    #expect(try folder.list() == .files([ListedFile(name: name, size: 10)]))
  }

  @Test("A wiped or rolled back server is seen as it is")
  func wipeAndRollback() throws {
    let (server, folder) = try open([])
    defer { server.stop() }
    let before = server.files
    try writing(folder).get()
    server.replaceFiles(before)
    #expect(try read(folder, "dev.2").get() == .missing)
    server.wipe()
    #expect(try folder.list() == .files([]))
    #expect(try read(folder).get() == .missing)
  }

  @Test("After a wipe, a folder opened earlier or later is made again by the next write")
  func writeAfterWipe() throws {
    let (server, folder) = try open([])
    defer { server.stop() }
    try writing(folder).get()
    server.wipe()
    try writing(folder).get()
    #expect(try read(folder, "dev.2").get() == .found([1, 2, 3]))
  }

  @Test("The answer of another request may come; the contents never come from nowhere")
  func duplicatedAnswers() throws {
    let (server, folder) = try open([.duplicatedAnswer])
    defer { server.stop() }
    for _ in 0..<5 {
      let outcome = try? read(folder).get()
      #expect(outcome == .found(Array("abcdefghij".utf8)) || outcome == nil)
    }
  }

  @Test("An endpoint without a listing answers 403 for what is missing")
  func plain403() throws {
    let (server, folder) = try open([.missing403], kind: .plain)
    defer { server.stop() }
    #expect(try read(folder, "dev.9").get() == .missing)
    try writing(folder).get()
    #expect(try read(folder, "dev.2").get() == .found([1, 2, 3]))
  }

  @Test(
    "A wrong password is told, and is in no error",
    arguments: [
      Set<HostileQuirk>(), [.forbiddenWithoutChallenge],
    ])
  func wrongPassword(_ quirks: Set<HostileQuirk>) throws {
    let (server, folder) = try open(quirks) {
      ($0.auth, $0.user, $0.secret) = (.basic, "ada", Secret(secret))
    }
    defer { server.stop() }
    server.require(authorization: "Basic something-else")
    let errors = [try failure(read(folder)), try failure(writing(folder))]
    for error in errors {
      #expect(error.kind == .unauthorized)
      #expect(!"\(error)".contains(secret))
    }
  }

  @Test(
    "A redirect never takes the credentials to another host or port",
    arguments: [
      HostileQuirk.redirectOtherHost, .redirectOtherPort,
    ])
  func credentialsStay(_ quirk: HostileQuirk) throws {
    let (server, folder) = try open([quirk]) {
      ($0.auth, $0.user, $0.secret) = (.basic, "ada", Secret(secret))
    }
    defer { server.stop() }
    #expect(try failure(read(folder)).kind == .refusedByUs)
    #expect(try failure(writing(folder)).kind == .refusedByUs)
    #expect(server.requests.allSatisfy { !$0.path.hasPrefix("/moved/") })
  }

  @Test(
    "A redirect to the same server is followed with the credentials",
    arguments: [
      HostileQuirk.redirect301, .redirect302, .redirect307, .redirect308,
    ])
  func credentialsGoAlong(_ quirk: HostileQuirk) throws {
    let (server, folder) = try open([quirk]) {
      ($0.auth, $0.user, $0.secret) = (.basic, "ada", Secret("sesame"))
    }
    defer { server.stop() }
    server.require(authorization: "Basic YWRhOnNlc2FtZQ==")
    try writing(folder).get()
    #expect(try read(folder, "dev.2").get() == .found([1, 2, 3]))
    // Where they are lost on the way, that is told, and is not taken for a missing file.
    server.set([.redirectDropsLogin])
    let profile = RemoteProfile(
      url: server.url(), auth: .basic, user: "ada", secret: Secret("sesame"))
    let later = try RemoteFolders.open(profile, pace: pace.pace)
    #expect(try failure(read(later, "dev.2")).kind == .unauthorized)
  }

  @Test("A write that is sent to a login page is refused, not followed")
  func redirectedToLogin() throws {
    let (server, folder) = try open([.redirectLogin])
    defer { server.stop() }
    #expect(try failure(writing(folder)).kind == .refusedByUs)
  }

  @Test("Nobody there")
  func nobody() throws {
    let (server, folder) = try open([])
    server.stop()
    let names = try (0..<300).map { try FolderContract.name("dev.\($0)") }
    let answers = folder.read(names, limit: 10)
    #expect(answers.count == 300)
    for answer in answers { #expect(try failure(answer).kind == .unreachable) }
    // One failed connect a round tells for all names.
    #expect(folder.traffic.requests <= 8 * RetryPolicy.tries)
  }
}
