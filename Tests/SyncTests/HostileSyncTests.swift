import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

/// Two machines that meet on the hostile server, over a real socket: whatever it does, no edit is
/// lost, and once it is polite again both show the same.
@Suite struct HostileSyncTests {
  /// The three ways to speak with it.
  enum Speech: CaseIterable { case webdav, plain, s3 }

  private static let papers = ["2509.00001", "2509.00002", "2509.00003"]

  /// A meeting of two machines.
  private final class Meeting {
    let server: HostileServer
    let speech: Speech
    let machines: [Machine]
    private let pace: TestPace
    private var edits: [String] = []

    init(_ speech: Speech, seed: UInt64 = 1) throws {
      self.speech = speech
      pace = TestPace(seed: seed)
      server = try #require(HostileServer())
      if speech != .webdav { server.forgetWebDAV() }
      machines = try ["desk", "laptop"].map { try Machine($0, seed: seed &* 2 &+ UInt64($0.count)) }
      for paper in papers { try machines[0].add(paper) }
      for machine in machines { try sync(machine) }
    }

    deinit { server.stop() }

    /// A process of its own, as far as the folder goes.
    func sync(_ machine: Machine, patience: Double = 30) throws {
      var profile = RemoteProfile(url: server.url(), timeout: patience, idleTimeout: 1)
      if speech == .plain { profile.kind = .plain }
      if speech == .s3 {
        profile.url = server.url("/bucket/my/shelf")
        (profile.kind, profile.auth) = (.s3, .s3(region: "us-east-1"))
        (profile.user, profile.secret) = ("AKIDEXAMPLE", Secret("wJalrXUtnFEMI"))
      }
      let engine = try SyncEngine(
        library: machine.library, folder: RemoteFolders.open(profile, pace: pace.pace),
        remote: "home", identity: machine.identity, surroundings: machine.surroundings)
      engine.keyCache = Machine.keys
      _ = try engine.sync()
    }

    /// An edit of each machine, to be found on both in the end.
    func edit() throws {
      for machine in machines {
        let tag = "\(machine.name)\(edits.count)"
        try machine.tag(papers[edits.count % papers.count], tag)
        edits.append(tag)
      }
    }

    /// A sync that may fail, and only with an error that has words.
    func tries(_ machine: Machine, patience: Double) throws {
      do { try sync(machine, patience: patience) } catch is TransportError {} catch is SyncError {}
    }

    /// The server is polite again: both come to the same, and nothing is missing.
    func settle(_ comment: Comment) throws {
      server.heal()
      try edit()
      for _ in 0..<4 { for machine in machines { try sync(machine) } }
      let dumps = try machines.map { try $0.library.dump() }
      #expect(dumps[0] == dumps[1], comment)
      let tags = try papers.flatMap { try machines[1].paper($0)?.tags.map(\.name) ?? [] }
      #expect(Set(tags) == Set(edits), comment)
      let before = (server.files, server.requests.count)
      for machine in machines { try sync(machine) }
      #expect(server.files == before.0, "a sync with nothing new wrote: \(comment)")
    }
  }

  /// Time that a stalled answer costs is real.
  private static func patience(_ quirk: HostileQuirk) -> Double {
    [.tornHangs, .slowLoris].contains(quirk) ? 0.2 : 30
  }

  @Test("Each behaviour alone, all the time", arguments: HostileQuirk.allCases)
  func alone(_ quirk: HostileQuirk) throws {
    for speech in Speech.allCases {
      let meeting = try Meeting(speech)
      meeting.server.set([quirk])
      for _ in 0..<2 {
        try meeting.edit()
        for machine in meeting.machines {
          try meeting.tries(machine, patience: Self.patience(quirk))
        }
      }
      try meeting.settle("\(quirk), \(speech)")
    }
  }

  /// Those that stall cost real time; they are met alone.
  private static let quick = HostileQuirk.allCases.filter { patience($0) > 1 }

  @Test("Several at once, from a seed, and the whole folder changed at times", arguments: 0..<12)
  func storm(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let speech = Speech.allCases[Int(seed) % Speech.allCases.count]
    let meeting = try Meeting(speech, seed: seed)
    let server = meeting.server
    var older = server.files
    for _ in 0..<8 {
      server.misbehave(
        seed: generator.next(), every: Int.random(in: 1...6, using: &generator),
        quirks: Self.quick, atOnce: 3)
      try meeting.edit()
      for machine in meeting.machines { try meeting.tries(machine, patience: 30) }
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: server.wipe()
      case 1: server.replaceFiles(older)
      case 2: server.mix(older)
      case 3: server.files.keys.randomElement(using: &generator).map(server.tear)
      case 4: older = server.files
      default: break
      }
    }
    try meeting.settle("seed \(seed), \(speech)")
  }

  @Test("Files of another library mixed in are not taken for ours", arguments: Speech.allCases)
  func mixed(_ speech: Speech) throws {
    let (meeting, other) = (try Meeting(speech, seed: 5), try Meeting(speech, seed: 9))
    let foreign = other.server.files.filter { !$0.key.hasSuffix("/papershelf") }
    #expect(foreign.count >= 3)
    try other.edit()
    meeting.server.mix(foreign)
    try meeting.edit()
    for machine in meeting.machines { try meeting.tries(machine, patience: 30) }
    try meeting.settle("mixed, \(speech)")
  }

  @Test("A cloned folder is as good as the one it was made from", arguments: Speech.allCases)
  func cloned(_ speech: Speech) throws {
    let meeting = try Meeting(speech)
    try meeting.edit()
    for machine in meeting.machines { try meeting.sync(machine) }
    let copy = try #require(meeting.server.clone())
    defer { copy.stop() }
    // The clone comes in the place of the folder while that has gone on.
    try meeting.edit()
    for machine in meeting.machines { try meeting.sync(machine) }
    meeting.server.replaceFiles(copy.files)
    try meeting.settle("cloned, \(speech)")
  }
}
