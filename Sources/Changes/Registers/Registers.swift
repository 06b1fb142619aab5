import Filters
import JSONText
import Papers

/// The registers that a build knows. An older build knows fewer; a test may add one.
package struct Registers: Sendable {
  /// All of them.
  package let all: [any Register.Type]
  /// Those of papers.
  package let papers: [any PaperRegister.Type]
  private let known: [Known]

  /// A register with what is asked of it at every change.
  private struct Known {
    let kind: EntityKind
    let field: [UInt8]
    let isKeyed: Bool
    let type: any Register.Type
    let paper: (any PaperRegister.Type)?

    init(_ type: any Register.Type) {
      kind = type.kind
      field = Array(type.field.utf8)
      isKeyed = type.isKeyed
      self.type = type
      paper = type.paperRegister
    }

    func isNamed(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
      guard isKeyed ? bytes.count >= field.count : bytes.count == field.count else { return false }
      for index in field.indices where field[index] != bytes[index] { return false }
      return true
    }

    func key(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
      guard isKeyed else { return "" }
      return String(decoding: UnsafeBufferPointer(rebasing: bytes[field.count...]), as: UTF8.self)
    }
  }

  /// These and no others.
  /// - Parameter forgotten: those of them that a test's older build cannot read, though its tables
  ///   have a place for them.
  package init(_ all: [any Register.Type], forgetting forgotten: [any Register.Type] = []) {
    self.all = all
    papers = all.compactMap { $0.paperRegister }
    known = all.filter { type in !forgotten.contains { $0 == type } }.map(Known.init)
  }

  /// Those of this build; a new one is a line here.
  package static let standard = Registers([
    Content.self, Added.self, Removed.self, Status.self, Starred.self, Tagged.self, Sighting.self,
    Noted.self, Authors.self, Categories.self, Published.self, CodeLinks.self, Votes.self,
    Abstract.self, Citekey.self, GivenTitle.self, ViewFilter.self, Subscription.self,
    OperationWords.self, DeviceName.self, Retired.self,
  ])

  /// A register by its name, with its key; nil for one that this build does not know.
  package func find(
    _ kind: EntityKind, _ field: String
  ) -> (register: any Register.Type, key: String)? {
    var field = field
    return field.withUTF8 { bytes in
      for index in known.indices where known[index].kind == kind && known[index].isNamed(bytes) {
        return (known[index].type, known[index].key(bytes))
      }
      return nil
    }
  }

  /// A register of papers by its field, with its key.
  func findPaper(_ field: String) -> (register: any PaperRegister.Type, key: String)? {
    var field = field
    return field.withUTF8 { bytes in
      for index in known.indices {
        guard let paper = known[index].paper, known[index].isNamed(bytes) else { continue }
        return (paper, known[index].key(bytes))
      }
      return nil
    }
  }

  /// A register by its name, with its key; nil for one that this build does not know.
  package func find(_ name: RegisterName) -> (register: any Register.Type, key: String)? {
    name.kind.flatMap { find($0, name.field) }
  }

  /// Whether this build can read a value of a register; a paper whose id can be none is none.
  package func understands(_ name: RegisterName, _ value: String) -> Bool {
    guard let (register, key) = find(name),
      name.kind != .paper || PaperID.isPlausible(name.entityKey)
    else { return false }
    return register.understands(value, key: key, of: name.entityKey)
  }

  /// Which of several writes to a register holds; of one that is not known the last.
  package func merge(_ name: RegisterName) -> MergeRule {
    find(name)?.register.merge ?? .lastWriter(journalled: false)
  }

  /// Those of a field that `Paper` has no property for.
  package var otherFields: [any PaperFieldRegister.Type] {
    papers.compactMap { $0.fieldRegister }.filter { $0.isKeptBeside }
  }

  /// Those of the bibliography.
  package var bibliography: [any BibliographyRegister.Type] {
    papers.compactMap { $0.bibliographyRegister }
  }

  // MARK: What they add up to

  /// The paper object of all their keys.
  package var paperObject: PaperObject {
    PaperObject(keys: PaperFold.keys + papers.flatMap { $0.keys })
  }

  /// What filters can ask of all of them.
  package var vocabulary: FilterVocabulary {
    FilterVocabulary(
      fields: PaperFold.filterFields + papers.flatMap { $0.filterFields },
      traits: papers.flatMap { $0.traits } + PaperFold.traits,
      possessions: papers.flatMap { $0.possessions })
  }

  /// What takes back all that the person said of a paper, of the fields in which something was
  /// said.
  package func clearing(_ id: PaperID, _ fields: some Sequence<String>) -> [Fact] {
    fields.compactMap { field in
      guard let (register, _) = find(.paper, field), register.author == .person,
        let unsaid = register.unsaid
      else { return nil }
      return Fact(RegisterName(.paper, id.rawValue, field), unsaid)
    }
  }

  /// What they hold of a paper that comes back from an export.
  package func facts(of paper: Paper) -> [Fact] { papers.flatMap { $0.facts(of: paper) } }

  /// What a source says of a paper that is more than what is known of it.
  package func facts(
    _ id: PaperID, _ said: Bibliography, beside held: Bibliography
  ) -> [Fact] {
    said == Bibliography() ? [] : bibliography.compactMap { $0.fact(id, said, beside: held) }
  }
}

/// With what registers can be asked.
extension FilterParser {
  /// Parses `text`.
  package static func parse(
    _ text: String, today: PaperDate, _ registers: Registers = .standard
  ) throws(FilterError) -> Filter {
    try parse(text, today: today, vocabulary: registers.vocabulary)
  }

  /// Parses the words of a person, among which a title may be pasted.
  package static func parse(
    forgiving text: String, today: PaperDate, _ registers: Registers = .standard
  ) throws(FilterError) -> Filter {
    try parse(forgiving: text, today: today, vocabulary: registers.vocabulary)
  }

  /// One filter text from the words of a command line.
  package static func join(arguments: [String], _ registers: Registers = .standard) -> String {
    join(arguments: arguments, vocabulary: registers.vocabulary)
  }

  /// A pasted title that has an `and`, `or` or `not` in it, as words to look for.
  package static func title(_ text: String, _ registers: Registers = .standard) -> Filter? {
    title(text, vocabulary: registers.vocabulary)
  }

  /// The bare numbers among the words of a filter.
  package static func bareNumbers(
    in text: String, today: PaperDate, _ registers: Registers = .standard
  ) throws(FilterError) -> [(number: String, range: FilterRange)] {
    try bareNumbers(in: text, today: today, vocabulary: registers.vocabulary)
  }
}
