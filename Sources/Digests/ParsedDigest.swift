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
  /// For an entry of Papershelf's own exports: the whole paper, with what the person did.
  package var exported: Paper?
  /// For an entry of another program's list: what the person did there.
  package var carried: CarriedMarks?

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
    self.exported = exported
    self.carried = carried
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
  /// Whether the whole file is nothing that can be read.
  package var isRefusal = false

  /// A problem with everything said.
  package init(file: String, line: Int, message: String, isRefusal: Bool = false) {
    self.file = file
    self.line = line
    self.message = message
    self.isRefusal = isRefusal
  }
}
