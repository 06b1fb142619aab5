import Papers

/// One paper as one digest tells it.
package struct DigestEntry: Hashable, Sendable {
  /// Whose.
  package var id: PaperID
  /// Title, summary and what was read out of it.
  package var content: PaperContent
  /// Who wrote it, where and when.
  package var bibliography: Bibliography
  /// Where it stood: the day and position the digest gives. `source` is filled in by the reader of
  /// the file (see ``DigestReader/init(name:source:limits:)``).
  package var appearance: Appearance
  /// The 1-based line where the entry begins.
  package var line: Int
  /// What the person did, as few sources tell it.
  private var past = Past.none

  /// Apart from the rest, which is moved several times on its way: with it an entry has twice the
  /// size.
  private indirect enum Past: Hashable, Sendable {
    case none
    case exported(Paper)
    case carried(CarriedMarks)
  }

  /// For an entry of Papershelf's own exports: the whole paper, with what the person did.
  package var exported: Paper? { if case .exported(let paper) = past { paper } else { nil } }

  /// For an entry of another program's list: what the person did there.
  package var carried: CarriedMarks? { if case .carried(let marks) = past { marks } else { nil } }

  /// Says what the person did in another program's list.
  mutating func takeMarks(_ marks: CarriedMarks?) { past = marks.map(Past.carried) ?? .none }

  /// Takes over what the person did as another entry of the paper tells it, where this one does
  /// not.
  mutating func takePast(of other: DigestEntry) { if case .none = past { past = other.past } }

  /// An entry with everything said.
  package init(
    id: PaperID, content: PaperContent, bibliography: Bibliography = Bibliography(),
    appearance: Appearance, line: Int, exported: Paper? = nil, carried: CarriedMarks? = nil
  ) {
    self.id = id
    self.content = content
    self.bibliography = bibliography
    self.appearance = appearance
    self.line = line
    if let exported {
      past = .exported(exported)
    } else if let carried {
      past = .carried(carried)
    }
  }
}

/// Something in a digest that could not be read, or had to be repaired. Never fatal.
package struct Problem: Hashable, Sendable {
  /// The file's name as given to the reader.
  package var file: String
  /// 1-based; 0 when it concerns the whole file.
  package var line: Int
  /// What is wrong, in words for the person.
  package var message: String
  /// What it means for the rest of the file.
  package var kind: Kind

  /// What a problem means for the rest of the file.
  package enum Kind: Hashable, Sendable {
    /// Something in it is odd.
    case odd
    /// It is nothing that can be read.
    case refusal
    /// It ends before its end: there is more of it where it came from.
    case endsEarly
    /// It says itself that it is no list but an error.
    case error
    /// Some of what it lists is no paper.
    case strangers
  }

  /// Whether the whole file is nothing that can be read.
  package var isRefusal: Bool { kind == .refusal }

  /// A problem with everything said.
  package init(file: String, line: Int, message: String, _ kind: Kind = .odd) {
    self.file = file
    self.line = line
    self.message = message
    self.kind = kind
  }
}
