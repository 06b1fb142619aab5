import Changes
import Sealing
import Transport

/// What a server does on purpose. What it holds stays as it is: when it stops, it is as honest as
/// before.
extension SimServer {
  /// A kind of lie.
  package enum Lie: String, CaseIterable, Sendable {
    /// Of what others wrote since, nothing but heads and `peers` is shown.
    case withheld = "what others wrote since is not shown"
    /// Nothing at all of what others wrote since is shown. With an even number the folder is forked:
    /// what the one it is told to writes goes to a branch of its own, which nobody else sees.
    case frozen = "others stand still"
    /// Heads and `peers` are shown as they were before.
    case oldHints = "hints are old"
    /// The header says that the passphrase was changed, often.
    case raisedGeneration = "the header is of a later generation"
    /// The header is that of a folder of another library.
    case otherLibrary = "the header is of another library"
    /// `peers` names devices that are not there, and what they wrote.
    case inventedDevices = "devices are invented"
    /// A listing ends after some files.
    case cappedListing = "listings end early"
    /// A listing tells other sizes.
    case wrongSizes = "sizes are wrong"
    /// What was not there once is not there: a cache that keeps such answers.
    case keptAbsence = "what is missing stays missing"
    /// Where a log ends, a file stands that nobody wrote.
    case inventedNext = "a file stands where each log ends"

    /// Nothing of others is there, not even the header: a folder of each user's own.
    case emptyFolder = "the folder is shown empty"
    /// The header is that of another library each time it is asked for.
    case changingLibrary = "the header is of ever another library"

    /// Those that came later, by chance of their own, so that a seed keeps the life it had.
    package static let later: [Lie] = [.inventedNext, .emptyFolder, .changingLibrary]
    /// The others.
    package static let first = allCases.filter { !later.contains($0) }
  }

  /// A lie that is told.
  package struct Lying {
    let lie: Lie
    /// To whom; nil for all.
    let caller: String?
    let number: UInt64
    /// What stood there when it began.
    let then: [RemoteName: [UInt8]]
    /// What was asked for and not there.
    var absent = Set<RemoteName>()
    /// How often its header was told.
    var told: UInt64 = 0

    /// A lie that begins now.
    package init(_ lie: Lie, to caller: String?, _ number: UInt64, over server: SimServer) {
      self.lie = lie
      self.caller = caller
      self.number = number
      then = server.files
    }
  }

  /// Whether a caller is shown the header of another library.
  package func showsOtherLibrary(to caller: String) -> Bool {
    lies.contains {
      [.otherLibrary, .changingLibrary].contains($0.lie) && $0.isTold(to: caller)
    }
  }

  func told(_ files: [ListedFile], to caller: String) -> [ListedFile] {
    var files = files
    for lying in lies where lying.forks(away: caller) {
      files.removeAll { isOnBranch($0.name, lying) && lying.then[$0.name] == nil }
    }
    for lying in lies where lying.isTold(to: caller) {
      switch lying.lie {
      case .withheld, .frozen:
        files.removeAll { isHidden($0.name, lying, caller) }
      case .emptyFolder: files.removeAll { !isOwn($0.name, caller) }
      case .cappedListing:
        files = Array(files.prefix(1 + Int(lying.number % 7)))
      case .wrongSizes:
        for index in files.indices {
          files[index].size = files[index].size.map { $0 + Int(lying.number % 3) }
        }
      default: break
      }
    }
    return files
  }

  func told(_ outcome: ReadOutcome, of name: RemoteName, to caller: String) -> ReadOutcome {
    var outcome = outcome
    for lying in lies where lying.forks(away: caller) && isOnBranch(name, lying) {
      outcome = lying.then[name].map { .found($0) } ?? .missing
    }
    for index in lies.indices where lies[index].isTold(to: caller) {
      let lying = lies[index]
      switch lying.lie {
      case .withheld, .frozen:
        if isHidden(name, lying, caller) { outcome = .missing }
      case .oldHints:
        let isHint = name.text == "peers" || name.text.hasSuffix(".head")
        if isHint, !isOwn(name, caller), let before = before(name) { outcome = .found(before) }
      case .raisedGeneration, .otherLibrary, .changingLibrary:
        if name.text == "papershelf", case .found(let bytes) = outcome {
          lies[index].told += 1
          let forged = lying.header(of: bytes)
          headers.insert(forged)
          outcome = .found(forged)
        }
      case .inventedDevices:
        if name.text == "peers", case .found(let bytes) = outcome {
          outcome = .found(lying.peers(of: bytes))
        }
      case .keptAbsence:
        if outcome == .missing { lies[index].absent.insert(name) }
        if lying.absent.contains(name), !isOwn(name, caller) { outcome = .missing }
      case .inventedNext:
        if outcome == .missing, let bytes = lying.next(at: name, files) { outcome = .found(bytes) }
      case .emptyFolder: if !isOwn(name, caller) { outcome = .missing }
      case .cappedListing, .wrongSizes: break
      }
    }
    return outcome
  }

  /// Whether this caller wrote a file. Not what it wrote itself is lied about: a server that does
  /// that is found out at once, and nothing is ever sent to it.
  private func isOwn(_ name: RemoteName, _ caller: String) -> Bool { writers[name] == caller }

  /// Whether a file was written by the one for whom the folder was forked.
  private func isOnBranch(_ name: RemoteName, _ lying: Lying) -> Bool {
    writers[name] == lying.caller && lying.then[name] != files[name] && name.text != "papershelf"
  }

  private func isHidden(_ name: RemoteName, _ lying: Lying, _ caller: String) -> Bool {
    guard lying.then[name] != files[name], !isOwn(name, caller), name.text != "papershelf" else {
      return false
    }
    return lying.lie == .frozen || name.text.last?.isNumber == true && !name.text.hasSuffix("head")
  }
}

extension SimServer.Lying {
  func isTold(to other: String) -> Bool { caller == nil || caller == other }

  /// Whether somebody is kept from what the one it is told to writes.
  func forks(away other: String) -> Bool {
    lie == .frozen && number.isMultiple(of: 2) && caller != nil && caller != other
  }

  /// A header that somebody without the key made of this one.
  func header(of bytes: [UInt8]) -> [UInt8] {
    guard var header = try? RemoteHeader(bytes) else { return bytes }
    switch lie {
    case .otherLibrary: header.library ^= number | 1
    case .changingLibrary: header.library ^= number &+ told &+ 1
    default: header.generation += [1, 2, 1000, 1 << 30][Int(number % 4)]
    }
    return header.bytes
  }

  /// What stands at the name of a segment that is the next of its log: one under another key, one
  /// of another library, or none that is whole. With an even number only where a log has begun.
  func next(at name: RemoteName, _ files: [RemoteName: [UInt8]]) -> [UInt8]? {
    let parts = name.text.split(separator: ".")
    guard parts.count == 2, DeviceID(parts[0]) != nil, let next = UInt64(parts[1]), next > 0,
      let header = RemoteName("papershelf").flatMap({ files[$0] }),
      let library = (try? RemoteHeader(header))?.library
    else { return nil }
    if next > 1 {
      guard let last = RemoteName("\(parts[0]).\(next - 1)"), files[last] != nil else { return nil }
    } else if number.isMultiple(of: 2) {
      return nil
    }
    var bytes = Array("PSHELF".utf8) + [UInt8](repeating: 0x2A, count: 200)
    if number % 3 == 0 { return bytes }
    let shown = number % 3 == 1 ? library : ~library
    bytes.replaceSubrange(6..<12, with: [0x73, 1, 0, 0, 0, 1])
    bytes.replaceSubrange(
      12..<20, with: (0..<8).map { UInt8(truncatingIfNeeded: shown >> (56 - 8 * $0)) })
    return bytes
  }

  func peers(of bytes: [UInt8]) -> [UInt8] {
    guard let list = try? PeerList(bytes) else { return bytes }
    let invented = (0..<number % 90).map { DeviceID(bits: number &* 0x9E37_79B9_7F4A_7C15 &+ $0) }
    var (logs, newest) = (list.logs, list.newest)
    for device in list.devices + invented where (device.bits ^ number).isMultiple(of: 3) {
      logs[device] = number % 1_000_000_007
      newest[device] = "\(number % 97).0123456789abcdef"
    }
    return PeerList(list.devices + invented, logs: logs, newest: newest).bytes
  }
}
