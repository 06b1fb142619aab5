/// The labels that structure a summary: a closed list, because a bold phrase alone is no label.
///
/// Kept as a byte trie, so that looking for a label at a place costs no more than the label is
/// long.
struct SummaryVocabulary: Sendable {
  /// What a label announces.
  enum Kind: Sendable { case keywords, tldr, section }

  /// The vocabulary of the daily summaries.
  static let standard = SummaryVocabulary()

  private var nodes = [Node()]

  private struct Node: Sendable {
    var kind: Kind?
    var byte: UInt8 = 0
    /// Indices into `nodes`, 0 for none: the root is nobody's child.
    var firstChild = 0
    var nextSibling = 0
  }

  private init() {
    for label in Self.keywordLabels { insert(label, .keywords) }
    for label in Self.tldrLabels { insert(label, .tldr) }
    for label in Self.sectionLabels { insert(label, .section) }
    roots = (UInt8.min...UInt8.max).map { child(of: 0, Byte.lower($0)) }
  }

  /// The children of the root by their byte in either case, 0 for none: they are many, and a
  /// summary has a hundred words that may begin a label.
  private var roots: [Int] = []

  /// The bytes that may be second in a text whose first is that of a label, in either case.
  func secondBytes(after first: UInt8) -> [UInt8] {
    guard roots[Int(first)] != 0 else { return [] }
    var bytes = [Byte.space]
    var child = nodes[roots[Int(first)]].firstChild
    while child != 0 {
      let byte = nodes[child].byte
      bytes += Byte.isLetter(byte) ? [byte, byte ^ 0x20] : [byte]
      child = nodes[child].nextSibling
    }
    return bytes
  }

  /// The longest label that begins at `start`: its kind and where it ends.
  ///
  /// Case of ASCII letters does not count, and one space may stand where the label has none
  /// (`对 AI 从业者`).
  func longestMatch(_ bytes: borrowing Span<UInt8>, at start: Int, to end: Int) -> (Kind, Int)? {
    guard start < end else { return nil }
    var node = roots[Int(bytes[start])]
    guard node != 0 else { return nil }
    var index = start + 1
    var found: (Kind, Int)?
    while index < end {
      var next = child(of: node, Byte.lower(bytes[index]))
      if next == 0, bytes[index] == Byte.space, index + 1 < end {
        index += 1
        next = child(of: node, Byte.lower(bytes[index]))
      }
      guard next != 0 else { break }
      node = next
      index += 1
      if let kind = nodes[node].kind { found = (kind, index) }
    }
    return found
  }

  private func child(of node: Int, _ byte: UInt8) -> Int {
    var child = nodes[node].firstChild
    while child != 0, nodes[child].byte != byte { child = nodes[child].nextSibling }
    return child
  }

  private mutating func insert(_ label: String, _ kind: Kind) {
    var node = 0
    for byte in label.utf8 {
      var next = child(of: node, Byte.lower(byte))
      if next == 0 {
        next = nodes.count
        nodes.append(Node(byte: Byte.lower(byte), nextSibling: nodes[node].firstChild))
        nodes[node].firstChild = next
      }
      node = next
    }
    nodes[node].kind = kind
  }
}

extension SummaryVocabulary {
  fileprivate static let keywordLabels = [
    "核心关键词", "核心关键字", "关键词", "关键字", "核心词", "Core Keywords", "Core Keyword",
    "Core Key Words", "Keywords", "Key Words",
  ]

  fileprivate static let tldrLabels: [String] = {
    let nouns = ["总结", "摘要", "概要", "概述", "概括"]
    let heads = [
      "一句话核心", "一句话", "一句核心", "单句核心", "单句", "1句话核心", "一句话的核心",
      "1-Sentence 核心", "1-Sentence Core ", "One-Sentence 核心",
    ]
    return heads.flatMap { head in nouns.map { head + $0 } } + [
      "1-Sentence Core Summary", "1-Sentence Summary", "1 Sentence Core Summary",
      "One-Sentence Core Summary", "One-Sentence Summary", "One Sentence Core Summary",
      "One Sentence Summary", "Single-Sentence Core Summary", "Single-Sentence Summary",
      "TL;DR", "TLDR",
    ]
  }()

  fileprivate static let sectionLabels = chinese + english

  private static let chinese: [String] = {
    let questions = ["问题或目标", "问题/目标", "问题与目标", "问题和目标", "问题及目标", "问题", "目标"]
    let results = ["成果", "结果", "发现", "贡献"]
    let methods = ["方法论", "方法", "技术"]
    let readers = ["从业者", "实践者", "工程师", "从业人员", "研究者"]
    let lessons = ["启示", "影响", "意义", "价值"]
    var labels = ["总结", "摘要", "概述", "概要"].flatMap { ["论文" + $0, "论文核心" + $0] }
    labels += ["论文总结如下", "该论文总结如下", "最具影响力的发现及其直接相关性", "最具影响力的发现"]
    labels += questions.flatMap { ["主要研究" + $0, "主要" + $0, "核心研究" + $0, "研究" + $0] }
    for word in ["", "使用的", "采用的"] {
      labels += methods.flatMap { [word + "关键" + $0, word + "核心" + $0, word + "主要" + $0] }
    }
    labels += results.flatMap { ["主要" + $0, "主要研究" + $0, "核心" + $0, "关键" + $0] }
    for reader in readers {
      for manner in ["的主要", "的核心", "的关键", "的", "主要"] {
        labels += lessons.flatMap { ["对AI\(reader)\(manner)" + $0, "对\(reader)\(manner)" + $0] }
      }
    }
    for word in ["核心", "主要"] {
      labels += lessons.map { word + $0 } + [word + "影响/启示", word + "启示/影响", word + "影响与启示"]
    }
    return labels
  }()

  private static let english: [String] = {
    let nouns = ["Question or Objective", "Question/Objective", "Question", "Objective", "Problem"]
    let leads = ["Main", "Primary", "Key", "Principal"]
    var labels = leads.flatMap { lead in nouns.map { "\(lead) Research \($0)" } }
    labels += leads.flatMap { lead in
      [
        "Objective", "Methodology", "Methodologies", "Method", "Methods", "Result", "Results",
        "Finding", "Findings", "Contribution", "Contributions", "Implication", "Implications",
        "Implication for AI Practitioners", "Implications for AI Practitioners",
      ].map { "\(lead) \($0)" }
    }
    return labels + [
      "Core Summary", "Summary of the Paper", "Paper Summary", "Core Methodology", "Core Impact",
      "Core Impact/Implication", "Core Implications", "Key Methodology Used",
      "Implication for AI Practitioners", "Implications for AI Practitioners",
      "Key Takeaway for AI Practitioners", "Most Impactful Finding and its Direct Relevance",
    ]
  }()
}
