import JSONText

/// `did` of an operation: its header.
package enum OperationWords: ValueRegister {
  /// An operation; which one, the stamp of the change tells.
  package static let kind = EntityKind.operation
  /// `did`
  package static let field = "did"
  /// Each is written once.
  package static let merge = MergeRule.lastWriter(journalled: false)
  /// None.
  package static let unsaid: String? = nil

  /// An object.
  package static func write(_ value: OperationHeader, to json: inout JSONTextWriter) {
    json.object { json in
      json.key("kind")
      json.string(value.kind.rawValue)
      json.key("what")
      json.string(value.what)
      if let target = value.target {
        json.key("target")
        json.string(target.description)
      }
    }
  }

  /// An object.
  package static func read(_ reader: inout JSONTextReader) throws -> OperationHeader {
    var header = OperationHeader(what: "")
    try reader.object { key, reader in
      switch key {
      case "what": header.what = try reader.string()
      case "kind": header.kind = .init(rawValue: try reader.string()) ?? .act
      case "target": header.target = Stamp(try reader.string())
      default: try reader.skip()
      }
    }
    return header
  }

  /// The entity has no key.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    entityKey.isEmpty && self.value(value) != nil
  }
}

/// What an operation was: one command of the person, and what it undoes, if it is an undo.
package struct OperationHeader: Hashable, Sendable {
  /// Whether it did something new, or took back or repeated an earlier operation.
  package enum Kind: String, Sendable { case act = "do", undo, redo }

  /// The kind.
  package var kind: Kind
  /// For the person, in the words of the command: `tag add kv`, `import 2025-10-02.md`.
  package var what: String
  /// The operation taken back or repeated.
  package var target: Stamp?

  /// A header with everything said.
  package init(kind: Kind = .act, what: String, target: Stamp? = nil) {
    self.kind = kind
    self.what = what
    self.target = target
  }
}

extension OperationHeader {
  /// A library goes on under another id, and says that the one it bore is gone.
  package static let succession = OperationHeader(what: "go on as another machine")
  /// A machine that was held for gone takes that back.
  package static let revival = OperationHeader(what: "still here")
}

extension Fact {
  /// What an operation was.
  package static func operation(_ header: OperationHeader) -> Fact {
    OperationWords.fact("", header)
  }
}
