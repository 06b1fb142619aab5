import Changes
import Glibc
import Papers
import Store

/// The text of a note: from `-m`, a file, a pipe, or the editor. What was typed, or came from a
/// pipe that nobody can ask again, stays in a file until it is stored.
struct NoteEditing {
  /// What is written on.
  struct Target {
    /// `note-add-2509.26507` or `note-4524xfp3`, as a file name.
    var name: String
    /// The command that opens it again: `shelf note add 2509.26507`.
    var command: String
    /// What the paper is, for the editor.
    var about: [String]
    /// The note as it is now; empty for a new one.
    var text = ""
    /// The versions that an edit of it has seen.
    var seen: [Stamp] = []
  }

  private let session: Session
  private let target: Target
  private static let kind = ".md"

  init(_ session: Session, _ target: Target) {
    self.session = session
    self.target = target
  }

  /// Gets the text and has it stored.
  /// - Parameter store: records it, with the versions that its author had seen. What it throws is
  ///   thrown on, and says where the text is.
  func write(_ source: NoteText, _ storeSeeing: (String, [Stamp]) throws -> Void) throws {
    func store(_ text: String) throws { try storeSeeing(text, target.seen) }
    guard source.message == nil || source.file == nil else {
      throw Failure(.usage, "-m and -F contradict each other")
    }
    if let message = source.message { return try store(Self.checked(message)) }
    guard let file = source.file else { return try edit(storeSeeing) }
    guard file == "-" else { return try store(Self.checked(try Self.text(try Files.bytes(file)))) }
    try pipe(store)
  }

  private var folder: String { session.paths.drafts }

  /// The texts for a note that were typed and not stored.
  static func kept(ofNote name: String, _ session: Session) -> [String] {
    Draft.kept("note-" + Draft.name(name), kind: kind, in: session.paths.drafts)
  }

  // MARK: A pipe

  private func pipe(_ store: (String) throws -> Void) throws {
    let bytes = try Files.bytes(of: STDIN_FILENO, "standard input")
    do {
      try store(Self.checked(try Self.text(bytes)))
    } catch {
      guard !bytes.allSatisfy({ $0 <= 0x20 }) else { throw error }
      var failure = Failure(error)
      if let path = Draft.keep(
        bytes, target.name, kind: Self.kind, in: [folder, session.world.temporaryFolder])
      {
        failure.details.append("the text is kept in \(path)")
        failure.advice = "try again: \(target.command) -F \(Programs.line([path]))"
      } else {
        failure.details.append("the text could not be kept in a file either")
      }
      throw failure
    }
  }

  // MARK: The editor

  private func edit(_ store: (String, [Stamp]) throws -> Void) throws {
    guard session.world.isTerminal(STDIN_FILENO) else { throw noTerminal() }
    let buffer = NoteBuffer(about: target.about)
    let draft = try Draft.open(
      target.name, kind: Self.kind, in: folder, initial: Array(buffer.text(target.text).utf8),
      seeing: target.seen.map(\.description).joined(separator: " "))
    if draft.isKept {
      try session.say("here is what you wrote before and was not stored: \(draft.path)")
    }
    var isEdited = false
    do {
      let ending = try Editor(session).run(on: draft)
      isEdited = !draft.isUnchanged
      if ending == .atOnce { throw Editor.returnedAtOnce }
      let text = buffer.kept(of: try Self.text(try draft.bytes()))
      if draft.isUnchanged, !draft.isKept, Self.trimmed(text).isEmpty {
        throw Failure(.usage, "nothing was written; nothing was changed")
      }
      guard !draft.isUnchanged || draft.isKept else {
        // As it was, to the byte: not even white space at its end is anybody's edit.
        draft.remove()
        return
      }
      try store(try Self.checked(text), draft.seen.split(separator: " ").compactMap { Stamp($0) })
      draft.remove()
    } catch {
      isEdited = isEdited || !draft.isUnchanged
      throw sayingWhere(Failure(error), draft, isEdited: isEdited)
    }
  }

  /// A failure that says where the text is. A file in which nobody typed anything goes, unless its
  /// editor may still be open.
  private func sayingWhere(_ failure: Failure, _ draft: Draft, isEdited: Bool) -> Failure {
    var failure = failure
    guard access(draft.path, F_OK) == 0 else { return failure }
    guard isEdited || draft.isKept || failure == Editor.returnedAtOnce else {
      draft.remove()
      return failure
    }
    let isTyped = isEdited || draft.isKept
    failure.details.append((isTyped ? "what you wrote is kept in " : "the file is ") + draft.path)
    if isTyped { failure.advice = "go on with it: \(target.command)" }
    return failure
  }

  private func noTerminal() -> Failure {
    var failure = Failure(
      .usage, "there is no terminal to edit on", advice: "give the text with -m TEXT or -F FILE")
    if let path = Draft.kept(target.name, kind: Self.kind, in: folder).first {
      failure.details.append("what you wrote before and was not stored is in \(path)")
      failure.advice = "store it: \(target.command) -F \(Programs.line([path]))"
    }
    return failure
  }

  // MARK: Text

  private static func text(_ bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .badInput, "the text is not UTF-8; nothing was changed",
        advice: "say what it is: iconv -f GB18030 -t UTF-8 FILE | shelf note add ID -F -")
    }
    return text
  }

  private static func checked(_ text: String) throws -> String {
    let trimmed = trimmed(text)
    guard !trimmed.isEmpty else {
      throw Failure(.usage, "the note is empty; nothing was changed")
    }
    return trimmed
  }

  /// Without white space at the end and empty lines in front.
  static func trimmed(_ text: String) -> String {
    var text = Substring(
      text.split(separator: "\r\n", omittingEmptySubsequences: false)
        .joined(separator: "\n"))
    while text.last?.isWhitespace == true { text.removeLast() }
    while text.first?.isNewline == true { text.removeFirst() }
    return text.allSatisfy(\.isWhitespace) ? "" : String(text)
  }
}

extension NoteEditing.Target {
  /// A new note on a paper.
  static func new(on paper: Paper) -> Self {
    Self(
      name: "note-add-" + Draft.name(paper.id.rawValue),
      command: "shelf note add " + Programs.line([paper.id.rawValue]), about: about(paper))
  }

  /// A note that is there.
  static func note(_ note: Note, of paper: Paper, seen: [Stamp]) -> Self {
    Self(
      name: "note-" + Draft.name(note.id), command: "shelf note edit " + note.id,
      about: about(paper), text: note.text, seen: seen)
  }

  /// Title and TL;DR, each on one line and without anything that could drive a terminal.
  private static func about(_ paper: Paper) -> [String] {
    [paper.content.title.isEmpty ? paper.id.rawValue : paper.content.title, paper.content.tldr]
      .compactMap { $0 }.map { Printable.line(OneLine.flat($0)) }
  }
}
