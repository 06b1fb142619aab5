import TestSupport

/// A life of several devices and one or two servers.
package struct Script: Hashable, Sendable {
  /// The seed it was made from.
  package var seed: UInt64
  /// Machines at the beginning.
  package var devices: Int
  /// Whether the servers list.
  package var lists = true
  /// Whether the listings tell when a file was written.
  package var tellsVersions = false
  /// Whether the folder is sealed with a passphrase.
  package var encrypted = false
  /// Servers.
  package var servers = 1
  /// The machines that begin with an older build.
  package var old: Set<Int> = []
  /// What papers, tags and texts are called.
  package var names = Names.plain
  /// Whether the person, who is told that a folder was set up anew by another machine, joins it.
  package var decides = false
  /// Whether a change of the passphrase may take it off, or seal a folder that was in clear.
  package var reseals = false
  /// Whether an earlier build had set the folder up.
  package var hasOlderHeader = false
  /// Whether a segment holds so little that most of what is sent takes several, and a long change
  /// several files.
  package var hasSmallSegments = false
  /// How many files a listing shows at most; nil for all.
  package var mostListed: Int?
  /// Whether hardly any listing is worth asking for.
  package var hasDearListings = false
  /// What happens.
  package var steps: [Step]

  /// A life told by hand.
  package init(seed: UInt64, devices: Int, lists: Bool = true, steps: [Step]) {
    self.seed = seed
    self.devices = devices
    self.lists = lists
    self.steps = steps
  }

  /// The life of a seed. Most are short, of two or three machines and 5 to 20 steps; one in forty
  /// is long, of up to eight machines and 80 steps.
  /// - Parameters:
  ///   - isHostile: whether a server lies in it, or a machine that holds the key.
  ///   - hasRepairs: whether somebody may repair the folder in it, or look only.
  package init(seed: UInt64, isHostile: Bool = false, hasRepairs: Bool = true) {
    var random = SeededGenerator(seed: seed)
    let size = Int.random(in: 0..<40, using: &random)
    let (machines, length) =
      switch size {
      case 0: (3...8, 25...80)
      case 1...4: (2...4, 10...35)
      default: (2...3, 5...20)
      }
    self.init(seed: seed, devices: Int.random(in: machines, using: &random), steps: [])
    lists = Int.random(in: 0..<3, using: &random) > 0
    encrypted = Int.random(in: 0..<32, using: &random) == 0
    servers = Int.random(in: 0..<8, using: &random) == 0 ? 2 : 1
    if Int.random(in: 0..<6, using: &random) == 0 {
      old = Set((0..<devices).filter { _ in Bool.random(using: &random) })
    }
    // Calm seeds test the rules, stormy ones the mending.
    let isStormy = Bool.random(using: &random)
    for _ in 0..<Int.random(in: length, using: &random) {
      steps.append(step(isStormy, &random))
    }
    // By chance of their own, so that a seed keeps the life it had before there were any.
    var more = SeededGenerator(seed: seed ^ 0x5EE7_F027_0A11_5EE7)
    if Bool.random(using: &more) { names = .twins }
    if Int.random(in: 0..<3, using: &more) > 0 {
      for _ in 0..<Int.random(in: 1...(1 + steps.count / 8), using: &more) { interrupt(&more) }
    }
    // Again by chance of their own.
    var rot = SeededGenerator(seed: seed ^ 0x0B17_F11B_0A11_0B17)
    tellsVersions = Int.random(in: 0..<3, using: &rot) == 0
    if Int.random(in: 0..<6, using: &rot) == 0 {
      for _ in 0..<Int.random(in: 1...3, using: &rot) {
        let number = rot.next() % 1_000_000
        steps.insert(.rot(number), at: Int.random(in: 0..<steps.count + 1, using: &rot))
      }
    }
    if lists, Int.random(in: 0..<24, using: &rot) == 0 {
      let place = Int.random(in: 0..<steps.count + 1, using: &rot)
      steps.insert(.hide(true), at: place)
      if Bool.random(using: &rot) {
        steps.insert(.hide(false), at: Int.random(in: place + 1..<steps.count + 1, using: &rot))
      }
    }
    var late = SeededGenerator(seed: seed ^ 0xF026_E7A6_A111_F026)
    if Int.random(in: 0..<8, using: &late) == 0 {
      for _ in 0..<Int.random(in: 1...3, using: &late) {
        let device = Int.random(in: 0..<devices, using: &late)
        steps.insert(.forget(device), at: Int.random(in: 0..<steps.count + 1, using: &late))
      }
    }
    // Some more folders are sealed, for their passphrase to change.
    if Int.random(in: 0..<16, using: &late) == 0 { rekey(&late) }
    var upkeep = SeededGenerator(seed: seed ^ 0x4E9A_1400_A111_4E9A)
    if hasRepairs, Int.random(in: 0..<4, using: &upkeep) == 0 { keepUp(&upkeep) }
    if hasRepairs, Int.random(in: 0..<4, using: &upkeep) == 0 { lose(&upkeep) }
    if hasRepairs, Int.random(in: 0..<16, using: &upkeep) == 0 {
      reseals = true
      let wasEncrypted = encrypted
      rekey(&upkeep)
      encrypted = wasEncrypted
    }
    if hasRepairs, encrypted || reseals, Int.random(in: 0..<3, using: &upkeep) > 0 {
      contend(&upkeep)
    }
    if hasRepairs, encrypted { hasOlderHeader = Int.random(in: 0..<3, using: &upkeep) == 0 }
    if isHostile { lie(SeededGenerator(seed: seed ^ 0x11A2_0A11_11A2_0A11)) }
    if hasRepairs { hasSmallSegments = Int.random(in: 0..<4, using: &upkeep) == 0 }
    if hasRepairs, Int.random(in: 0..<4, using: &upkeep) == 0 { meet(&upkeep) }
    if hasRepairs, Int.random(in: 0..<8, using: &upkeep) == 0 {
      let number = upkeep.next() % 1_000_000
      steps.insert(.vanish(number), at: Int.random(in: 0..<steps.count + 1, using: &upkeep))
    }
    if hasRepairs, isHostile, Int.random(in: 0..<8, using: &upkeep) == 0 {
      let number = upkeep.next() % 1_000_000
      let place = Int.random(in: 0..<steps.count + 1, using: &upkeep)
      steps.insert(.stranger(.impostor, number), at: place)
    }
    if hasRepairs, isHostile, Int.random(in: 0..<4, using: &upkeep) == 0,
      let lie = SimServer.Lie.later.randomElement(using: &upkeep)
    {
      let number = upkeep.next() % 1_000_000
      tell(lie, number, &upkeep)
    }
    if hasRepairs, lists {
      if Int.random(in: 0..<12, using: &upkeep) == 0 {
        mostListed = Int.random(in: 2...12, using: &upkeep)
      }
      hasDearListings = Int.random(in: 0..<12, using: &upkeep) == 0
    }
    // More than once, perhaps in the name of one.
    if hasRepairs, isHostile, Int.random(in: 0..<16, using: &upkeep) == 0 {
      let number = upkeep.next() % 1_000_000
      for _ in 0..<Int.random(in: 2...3, using: &upkeep) {
        let place = Int.random(in: 0..<steps.count + 1, using: &upkeep)
        steps.insert(.stranger(.impostor, number), at: place)
      }
    }
    // With something to send, for then it would be sent under a key that nobody has.
    if encrypted {
      let device = Int.random(in: 0..<devices, using: &more)
      let edit = Step.edit(device, .status, more.next() % 1_000_000)
      steps.insert(
        contentsOf: [edit, .wrongPassphrase(device)],
        at: Int.random(in: 0..<steps.count + 1, using: &more))
    }
  }

  /// Repairs and looks, at any moment: who is told of something odd tries what there is.
  private mutating func keepUp(_ random: inout SeededGenerator) {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    for _ in 0..<number(1..<4) {
      let device = number(0..<devices)
      let step: Step =
        switch number(0..<8) {
        case 0..<3: .repair(device)
        case 3: .crashingRepair(device, moment(&random))
        case 4: .interleavedRepair(device, number(0..<devices), at: number(0..<24))
        default: .look(device)
        }
      steps.insert(step, at: number(0..<steps.count + 1))
    }
  }

  /// A folder that is lost, or set back, before all know it.
  private mutating func lose(_ random: inout SeededGenerator) {
    decides = true
    for _ in 0..<Int.random(in: 1..<3, using: &random) {
      let step: Step = Bool.random(using: &random) ? .wipe : .rollback
      steps.insert(step, at: Int.random(in: 0..<steps.count + 1, using: &random))
    }
  }

  private mutating func rekey(_ random: inout SeededGenerator) {
    encrypted = true
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let device = Int.random(in: 0..<devices, using: &random)
      let dies = Int.random(in: 0..<3, using: &random) == 0
      let step = dies ? Step.crashingRekey(device, moment(&random)) : .rekey(device)
      let place = Int.random(in: 0..<steps.count + 1, using: &random)
      steps.insert(contentsOf: [.sync(device), step], at: place)
    }
  }

  /// Any two things at once.
  private mutating func meet(_ random: inout SeededGenerator) {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    func deed() -> Step.Deed { Step.Deed.allCases[number(0..<Step.Deed.allCases.count)] }
    for _ in 0..<number(1..<4) {
      let step = Step.amid(
        number(0..<devices), deed(), number(0..<devices), deed(), at: number(0..<24))
      steps.insert(step, at: number(0..<steps.count + 1))
    }
  }

  /// A machine that changes the passphrase meets another on the way.
  private mutating func contend(_ random: inout SeededGenerator) {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    for _ in 0..<number(1..<3) {
      let step = Step.interleavedRekey(
        number(0..<devices), number(0..<devices), rekeys: Bool.random(using: &random),
        at: number(0..<20))
      steps.insert(step, at: number(0..<steps.count + 1))
    }
  }

  /// A lie, to one or to all, for some time or to the end.
  private mutating func tell(
    _ lie: SimServer.Lie, _ number: UInt64, _ random: inout SeededGenerator
  ) {
    let device = Int.random(in: 0..<devices + 1, using: &random)
    let from = Int.random(in: 0..<steps.count + 1, using: &random)
    steps.insert(.lie(lie, device, number), at: from)
    if Bool.random(using: &random) {
      steps.insert(.honest, at: Int.random(in: from + 1..<steps.count + 1, using: &random))
    }
  }

  /// Lies of the server, of machines that hold the key, or of both; and bits that flip.
  private mutating func lie(_ generator: SeededGenerator) {
    var random = generator
    func place() -> Int { Int.random(in: 0..<steps.count + 1, using: &random) }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let number = random.next() % 1_000_000
      switch Int.random(in: 0..<8, using: &random) {
      case 0..<4:
        guard let lie = SimServer.Lie.first.randomElement(using: &random) else { continue }
        tell(lie, number, &random)
      case 4..<7:
        guard let stranger = Simulation.Stranger.first.randomElement(using: &random) else {
          continue
        }
        steps.insert(.stranger(stranger, number), at: place())
      default: steps.insert(.rot(number), at: place())
      }
    }
    if Int.random(in: 0..<8, using: &random) == 0 {
      let device = Int.random(in: 0..<devices, using: &random)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        steps.insert(.address(device), at: place())
      }
    }
  }

  /// The person opens something, and saves it some steps later; often somebody edits the same
  /// meanwhile, on another machine that meets this one, or in another terminal.
  private mutating func interrupt(_ random: inout SeededGenerator) {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    func slow() -> Step.Edit { Step.Edit.slow.randomElement(using: &random) ?? .status }
    let (device, other) = (number(0..<devices), number(0..<devices))
    let value = random.next() % 1_000_000
    // The same paper, tag, note or view.
    let near = value % 9 + 9 * (random.next() % 100_000)
    let (edit, others) = (slow(), slow())
    let place = number(0..<steps.count + 1)
    let end = min(steps.count, place + number(0..<6))
    let meanwhile: [Step] =
      switch number(0..<4) {
      case 0: []
      case 1: [.edit(device, number(0..<2) == 0 ? edit : others, near)]
      default:
        [.edit(other, number(0..<3) > 0 ? edit : others, near), .sync(other), .sync(device)]
      }
    steps.insert(contentsOf: meanwhile + [.save(device)], at: end)
    steps.insert(.open(device, edit, value), at: place)
  }

  private func step(_ isStormy: Bool, _ random: inout SeededGenerator) -> Step {
    func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &random) }
    // Copies come after the machines of the beginning.
    let device = number(0..<20) == 0 ? devices + number(0..<2) : number(0..<devices)
    let other = number(0..<devices)
    let edit = Step.Edit.allCases.randomElement(using: &random) ?? .status
    let value = random.next() % 1_000_000
    switch number(0..<(isStormy ? 1000 : 790)) {
    case 0..<430: return .edit(device, edit, value)
    case 430..<700: return .sync(device)
    case 700..<730: return .interleavedSync(device, other, at: number(0..<12))
    case 730..<745: return .editingSync(device, edit, value, at: number(0..<12))
    case 745..<770: return .clock(device, Int64(number(-20..<21)) * 31_557_600_000)
    case 770..<775: return .rename(device, number(0..<3))
    case 775..<785:
      return old.isEmpty ? .sync(device) : .upgrade(old.sorted().randomElement(using: &random) ?? 0)
    case 785..<790:
      return encrypted ? .wrongPassphrase(device) : servers > 1 ? .move(device) : .sync(device)
    case 790..<860: return .crashingSync(device, moment(&random))
    case 860..<870: return .crashingEdit(device, edit, value)
    case 870..<890: return .faults([0, 0, 20, 100, 300].randomElement(using: &random) ?? 0)
    case 890..<900: return .snapshot
    case 900..<910: return .rollback
    case 910..<918: return .wipe
    case 918..<934: return .backup(device)
    case 934..<948: return .restore(device)
    case 948..<966:
      // Where each of two copies that look the same has a folder of its own, nothing tells them
      // apart.
      let isTold = number(0..<3) == 0
      return .clone(device, told: isTold || servers > 1)
    case 966..<978: return .retire(device, other)
    case 978..<988: return .lose(device)
    default: return servers > 1 ? .move(device) : .crashingSync(device, moment(&random))
    }
  }

  private func moment(_ random: inout SeededGenerator) -> Step.Moment {
    let at = Int.random(in: 0..<20, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: return .answer(at)
    case 1: return .commit(1 + at % 8)
    default: return .request(at)
    }
  }
}

extension Script: CustomStringConvertible {
  /// The story.
  package var description: String {
    var words = ["seed \(seed): \(devices) devices", lists ? "a listing server" : "a plain server"]
    if servers > 1 { words.append("and another") }
    if tellsVersions { words.append("listings with times") }
    if encrypted { words.append("encrypted") }
    if hasSmallSegments { words.append("small segments") }
    if let mostListed { words.append("listings of \(mostListed) files") }
    if hasDearListings { words.append("dear listings") }
    if hasOlderHeader { words.append("set up by an earlier build") }
    if reseals { words.append("seals put on and taken off") }
    if decides { words.append("who decides to join another library") }
    if names == .twins { words.append("names written in two ways") }
    if !old.isEmpty { words.append("older builds: \(old.sorted())") }
    let lines = steps.enumerated().map { "  \($0.offset + 1). \($0.element)" }
    return ([words.joined(separator: ", ")] + lines).joined(separator: "\n")
  }
}
