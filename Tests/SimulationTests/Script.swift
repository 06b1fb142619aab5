import TestSupport

/// What happens in a simulated life of several devices, step by step. Every step carries its own
/// numbers, so that leaving some out changes nothing in the others: that is how a failure shrinks.
enum Step: Hashable, CustomStringConvertible {
  enum Edit: String, CaseIterable {
    case add, content, status, star, tag, untag, note, eraseNote, view, undo, redo, future
  }

  case edit(Int, Edit, UInt64)
  case sync(Int)
  /// Dies at its request of this number, or, when negative, before its commit of that number.
  case crashingSync(Int, at: Int)
  /// Another device syncs while this one is at its request of this number.
  case interleavedSync(Int, Int, at: Int)
  case clock(Int, Int64)
  case faults(Int)
  case snapshot
  case rollback
  case wipe
  case backup(Int)
  case restore(Int)
  case clone(Int, told: Bool)
  case retire(Int, Int)

  var description: String {
    switch self {
    case .edit(let device, let edit, let number):
      "device \(device) edits: \(edit.rawValue) \(number)"
    case .sync(let device): "device \(device) syncs"
    case .crashingSync(let device, let at):
      at >= 0
        ? "device \(device) syncs and dies at request \(at)"
        : "device \(device) syncs and dies at commit \(-at)"
    case .interleavedSync(let a, let b, let at):
      "device \(a) syncs; at its request \(at), device \(b) syncs"
    case .clock(let device, let by): "the clock of device \(device) jumps by \(by) ms"
    case .faults(let chance): "the server misbehaves in \(chance) of 1000 requests"
    case .snapshot: "the server is backed up"
    case .rollback: "the server is set back to its backup"
    case .wipe: "the server loses everything"
    case .backup(let device): "device \(device) is backed up"
    case .restore(let device): "device \(device) is restored from its backup"
    case .clone(let device, let told):
      "device \(device) is copied to a new machine" + (told ? "" : " that looks the same")
    case .retire(let device, let other): "device \(device) retires device \(other)"
    }
  }
}

/// A life.
struct Script: Hashable, CustomStringConvertible {
  var seed: UInt64
  var devices: Int
  var lists: Bool
  var encrypted: Bool
  var steps: [Step]

  var description: String {
    var lines = [
      "seed \(seed): \(devices) devices, \(lists ? "a listing server" : "a plain server")"
        + (encrypted ? ", encrypted" : "")
    ]
    lines += steps.enumerated().map { "  \($0.offset + 1). \($0.element)" }
    return lines.joined(separator: "\n")
  }

  /// The life of a seed.
  init(seed: UInt64, encrypted: Bool = false) {
    var random = SeededGenerator(seed: seed)
    self.seed = seed
    devices = Int.random(in: 2...4, using: &random)
    lists = Int.random(in: 0..<3, using: &random) > 0
    self.encrypted = encrypted
    steps = []
    // Calm seeds test the rules, stormy ones the mending.
    let isStormy = Bool.random(using: &random)
    for _ in 0..<Int.random(in: 5...60, using: &random) {
      steps.append(Self.step(devices, isStormy, &random))
    }
  }

  private static func step(
    _ devices: Int, _ isStormy: Bool, _ random: inout SeededGenerator
  ) -> Step {
    let device = Int.random(in: 0..<devices, using: &random)
    let other = Int.random(in: 0..<devices, using: &random)
    switch Int.random(in: 0..<(isStormy ? 100 : 80), using: &random) {
    case 0..<45:
      let edit = Step.Edit.allCases.randomElement(using: &random) ?? .status
      return .edit(device, edit, random.next() % 1_000_000)
    case 45..<73: return .sync(device)
    case 73..<77:
      return .interleavedSync(device, other, at: Int.random(in: 0..<12, using: &random))
    case 77..<80:
      let years = Int64.random(in: -20...20, using: &random)
      return .clock(device, years * 31_557_600_000)
    case 80..<86: return .crashingSync(device, at: Int.random(in: -6..<20, using: &random))
    case 86..<89: return .faults([0, 0, 20, 100, 300].randomElement(using: &random) ?? 0)
    case 89: return .snapshot
    case 90: return .rollback
    case 91: return .wipe
    case 92..<94: return .backup(device)
    case 94..<96: return .restore(device)
    case 96..<98: return .clone(device, told: Bool.random(using: &random))
    default: return .retire(device, other)
    }
  }
}
