import ArgumentParser
import Changes
import Filters
import JSONText
import Papers
import Store

/// `shelf note add|edit|remove|list`
struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "note", abstract: "Notes on papers.",
    subcommands: [NoteAdd.self, NoteEdit.self, NoteRemove.self, NoteList.self])
}

/// Where the text of a note comes from.
struct NoteText: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("message")],
    help: ArgumentHelp("The text.", valueName: "text"))
  var message: String?
  @Option(
    name: [.customShort("F"), .customLong("file")],
    help: ArgumentHelp("A file with the text; - is standard input.", valueName: "file"))
  var file: String?

  /// A dry run throws away what it is given, which must not be what somebody types.
  func check(_ write: WriteOptions) throws {
    guard write.dryRun, message == nil, file == nil else { return }
    throw Failure(
      .usage, "--dry-run would throw away what you type", advice: "give the text with -m or -F")
  }
}

/// `shelf note add ID`
struct NoteAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Write a note on a paper; without -m or -F in the editor.")
  @Argument(help: ArgumentHelp("An id, its last digits, a link, or %3.", valueName: "id"))
  var name: String
  @OptionGroup var text: NoteText
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try text.check(write)
    // Opened once, to look and to write. There is one when a paper is found.
    let library = session.hasLibrary ? try session.library(dryRun: write.dryRun) : nil
    let paper = try NamedPapers.one(name, session, in: library, verb: "note add") { $1 }
    let note = Self.newID(session.world.random)
    let changed = ChangedPapers(paper.id, paper.content.title)
    var recorded = Recorded()
    try NoteEditing(session, .new(on: paper)).write(text) { text, _ in
      recorded = try (library ?? session.library(dryRun: write.dryRun)).record(
        changed.words("note add"), dryRun: write.dryRun
      ) { try Self.record(paper.id, note, text, &$0) }
    }
    try WriteReport(session, write).print(recorded, of: 1, done: "noted (note \(note))", changed)
    return .ok
  }

  /// Records a new note.
  static func record(
    _ paper: PaperID, _ note: String, _ text: String, _ recorder: inout Recorder
  ) throws {
    // While somebody types for an hour, another machine may take the paper off the list.
    guard try recorder.reader.isListed(paper) else {
      throw LibraryError.notFound(paper.rawValue)
    }
    try recorder.write(
      [.note(paper, id: note, NoteVersion(text: text))], seeing: .thisTransaction)
  }

  /// Eight lower-case letters and digits.
  static func newID(_ random: () -> UInt64) -> String {
    let alphabet = Array("0123456789abcdefghijklmnopqrstuvwxyz")
    var bits = random()
    var id = ""
    for _ in 0..<8 {
      id.append(alphabet[Int(bits % 36)])
      bits /= 36
    }
    return id
  }
}

/// `shelf note edit NOTE`
struct NoteEdit: Verb {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Change a note; without -m or -F in the editor.")
  @Argument(help: ArgumentHelp("The note's id, as show prints it.", valueName: "note"))
  var name: String
  @OptionGroup var text: NoteText
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try text.check(write)
    let (paper, title, note, seen) = try Notes.find(name, session)
    guard let whole = try session.read({ try $0.paper(paper) }) ?? nil else {
      throw LibraryError.notFound(paper.rawValue)
    }
    let changed = ChangedPapers(paper, title)
    let register = RegisterName(.paper, paper.rawValue, Noted.field(note.id))
    var recorded = Recorded()
    var meanwhile = Meanwhile.nothing
    let target = NoteEditing.Target.note(note, of: whole, seen: seen.stamps(of: register) ?? [])
    try NoteEditing(session, target).write(text) { text, seen in
      guard !text.hasBytes(of: note.text) else { return }
      recorded = try session.library(dryRun: write.dryRun).record(
        changed.words("note edit"), dryRun: write.dryRun
      ) { recorder in
        let isThere = try recorder.reader.note(note.id) != nil
        try recorder.write(
          [.note(paper, id: note.id, NoteVersion(text: text))], seeing: Seen([register: seen]))
        meanwhile = try Self.meanwhile(note.id, text, wasThere: isThere, recorder.reader)
      }
    }
    if !write.json, let line = meanwhile.words(note.id) { try session.say(line) }
    try WriteReport(session, write)
      .print(recorded, of: 1, done: "noted (note \(note.id))", changed)
    return .ok
  }

  /// What had become of the note while its new text was typed.
  private enum Meanwhile {
    case nothing, removed, changed, overlaps

    func words(_ note: String) -> String? {
      switch self {
      case .nothing: nil
      case .removed: "the note had been removed meanwhile; with what you wrote it is there again"
      case .changed: "the note had been changed meanwhile, in other lines; both changes are in it"
      case .overlaps:
        "the note had been changed meanwhile, in the same lines; both texts are in it: "
          + "shelf note edit \(note)"
      }
    }
  }

  private static func meanwhile(
    _ id: String, _ text: String, wasThere: Bool, _ reader: LibraryReader
  ) throws -> Meanwhile {
    guard wasThere else { return .removed }
    guard let now = try reader.note(id), !now.note.text.hasBytes(of: text) else { return .nothing }
    return try reader.holdsTwoTexts(note: id) ? .overlaps : .changed
  }
}

/// `shelf note remove NOTE…`
struct NoteRemove: Verb {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove notes.")
  @Argument(help: ArgumentHelp("Ids of notes, as show prints them.", valueName: "note"))
  var names: [String]
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let found = try names.map { try Notes.find($0, session) }
    var changed = ChangedPapers()
    var seen = Set<PaperID>()
    for (paper, title, _, _) in found where seen.insert(paper).inserted {
      changed.add(paper, title)
    }
    let recorded = try session.library(dryRun: write.dryRun).record(
      changed.words("note remove"), dryRun: write.dryRun
    ) { recorder in
      for (paper, _, note, seen) in found {
        try recorder.write([.note(paper, id: note.id, NoteVersion(text: nil))], seeing: seen)
      }
    }
    try WriteReport(session, write).print(
      recorded, of: recorded.paperCount, done: "without the note", changed)
    return .ok
  }
}

/// `shelf note list [FILTER]`
struct NoteList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List notes, the paper of the newest digest first.")
  @Argument(help: ArgumentHelp("Which papers; none is all.", valueName: "filter"))
  var words: [String] = []
  @Flag(help: "One JSON array of {\"paper\",\"id\",\"text\",\"created\",\"updated\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let chosen = try session.filter(words)
    let noted = FilterTrait("noted", "notes", .greater, .integer(0))
    let filter = Filter.and([.field(.is, .matches, [.trait(noted)]), chosen])
    let context = try session.filterContext()
    var papers: [Paper] = []
    try session.read { reader in
      try reader.forEachPaper(filter, in: context) { papers.append($0) }
    }
    try json ? printJSON(papers, session) : printLines(papers, session)
    return .ok
  }

  private func printLines(_ papers: [Paper], _ session: Session) throws {
    let screen = try session.screen()
    var lines: [Styled] = []
    for paper in papers {
      for note in paper.notes {
        let day = Timestamp.minute(note.updated, in: session.world.zone)
        let title = Printable.line(paper.content.title)
        let head = "\(note.id)  \(day)  \(paper.id)  \(title)"
        lines.append(screen.palette.paint(screen.cut(head), .dim))
        let wrap = Wrap(width: screen.columns ?? Int.max, cells: screen.cells)
        lines += wrap.lines(Printable.block(note.text), indent: 4).map { Styled($0) }
      }
    }
    try session.page(lines, screen)
  }

  private func printJSON(_ papers: [Paper], _ session: Session) throws {
    var json = JSONTextWriter.printed
    json.array { json in
      for paper in papers {
        for note in paper.notes {
          json.object { json in
            json.member("paper", paper.id.rawValue)
            json.member("id", note.id)
            json.member("text", note.text)
            json.member("created", milliseconds: note.created)
            json.member("updated", milliseconds: note.updated)
          }
        }
      }
    }
    try session.out.bytes(json.bytes + [0x0A])
  }
}

/// Notes on the command line.
enum Notes {
  /// The note with this id, or a unique beginning of it.
  static func find(
    _ name: String, _ session: Session
  ) throws -> (paper: PaperID, title: String, note: Note, seen: Seen) {
    let found = try session.read { reader in
      try reader.note(name).map { ($0.paper, try reader.title($0.paper), $0.note, $0.seen) }
    }
    if let found = found ?? nil { return found }
    if let failure = try meantPaper(name, session) { throw failure }
    let kept = NoteEditing.kept(ofNote: name, session).map {
      "what you wrote and was not stored is in \($0)"
    }
    throw Failure(
      .notFound, "there is no note “\(name)”", details: kept,
      advice: "`shelf note list` prints them with their ids")
  }

  /// The name of a paper in the place of a note: its notes, and how to open one.
  private static func meantPaper(_ name: String, _ session: Session) throws -> Failure? {
    guard FilterParser.looksLikeID(name),
      let paper = try? NamedPapers.one(name, session, verb: "note edit", { $1 })
    else { return nil }
    let width = try session.screen().width
    let notes = paper.notes.map { note in
      CellWidth().truncated("\(note.id)  \(OneLine.flat(note.text))", to: max(20, width - 2))
    }
    let what = "“\(name)” is a paper, with \(Words.number(notes.count, "note"))"
    let line =
      switch paper.notes.count {
      case 0: ["shelf", "note", "add", name]
      case 1: ["shelf", "note", "edit", paper.notes[0].id]
      default: ["shelf", "note", "edit", "NOTE"]
      }
    return Failure(.notFound, what, details: notes, advice: Programs.line(line))
  }
}
