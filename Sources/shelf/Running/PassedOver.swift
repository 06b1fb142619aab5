/// What folders hold that is not read, counted a kind at a time.
struct PassedOver {
  /// Why something is not read.
  enum Kind: Hashable {
    /// A file whose name ends otherwise than those of lists do.
    case ending(String)
    case withoutEnding, hiddenFile, hiddenFolder, packages, virtualEnvironment, deadLink
    /// What is neither a file nor a folder.
    case special
    case tooDeep

    private static let longestEnding = 12

    /// That of a file which is called so.
    init(file name: String) {
      self = .withoutEnding
      guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return }
      let ending = name[dot...].lowercased()
      let isPlain = ending.utf8.dropFirst().allSatisfy {
        (0x30...0x39).contains($0) || (0x61...0x7A).contains($0)
      }
      if isPlain, (2...Self.longestEnding).contains(ending.utf8.count) { self = .ending(ending) }
    }

    fileprivate var words: (one: String, many: String) {
      switch self {
      case .ending(let ending): (ending, ending)
      case .withoutEnding: ("file without an ending", "files without an ending")
      case .hiddenFile: ("hidden file", "hidden files")
      case .hiddenFolder: ("hidden folder", "hidden folders")
      case .packages: ("node_modules", "node_modules")
      case .virtualEnvironment: ("virtual environment", "virtual environments")
      case .deadLink: ("link that leads nowhere", "links that lead nowhere")
      case .special: ("thing that is no file", "things that are no files")
      case .tooDeep: ("folder too far down", "folders too far down")
      }
    }
  }

  /// So many kinds are named.
  private static let named = 6
  /// So many are told apart; of a folder with more, the rest are counted as others.
  private static let told = 1000

  private var counts: [Kind: Int] = [:]
  private var others = 0

  /// One more.
  mutating func add(_ kind: Kind) {
    if counts[kind] == nil, counts.count >= Self.told { return others += 1 }
    counts[kind, default: 0] += 1
  }

  /// `passed over: 3 .pdf, 2 .png, 1 hidden folder`; nil where there was nothing.
  var line: String? {
    let sorted = counts.map { (count: $0.value, words: $0.key.words) }
      .sorted { ($1.count, $0.words.one) < ($0.count, $1.words.one) }
    guard !sorted.isEmpty else { return nil }
    var parts = sorted.prefix(Self.named).map {
      "\($0.count) \($0.count == 1 ? $0.words.one : $0.words.many)"
    }
    let rest = sorted.dropFirst(Self.named).reduce(others) { $0 + $1.count }
    if rest > 0 { parts.append("\(rest) more") }
    return "passed over: " + parts.joined(separator: ", ")
  }
}
