import ArgumentParser
import Digests

/// `shelf import PATH|DIR|URL|-…`
struct ImportCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "import", abstract: "Read digests, lists of other programs, or exports of shelf itself.",
    discussion: """
      A folder means every .md .markdown .json .jsonl .txt .bib .ris .csv .rss .atom in it and below;
      - is standard input. What a file is, its content tells. Hidden files, node_modules and virtual
      environments are passed over, and counted with whatever else was. Lists that are packed as
      gzip, xz or zip are unpacked, and of a zip archive the files are read that a folder would give.
      Of several inputs, one that cannot be read keeps none of the others out.
      --column title=Heading --column url=Link says what the columns of a CSV file hold that have
      unusual names; what no column is said to hold goes into the note.
      Reading a digest again changes nothing, whatever way and under whatever name it comes. What you
      did to a paper is never changed. The series of a digest is the folder or repository that the
      day's file hangs in.
      """)

  @Argument(help: ArgumentHelp("Files, folders, URLs, or -.", valueName: "path"))
  var paths: [String] = []
  @Option(help: ArgumentHelp("The series these digests belong to.", valueName: "series"))
  var source: String?
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("What the files are, whatever they look like.", valueName: "kind"))
  var format: String?
  @Option(
    help: ArgumentHelp(
      "Say which column of a CSV file is the title, url, tags, …", valueName: "field=column"))
  var column: [String] = []
  @Flag(help: "Keep entries of lists that are no papers, too, by their address.")
  var all = false
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "Print the counts and problems as JSON.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard !paths.isEmpty else {
      throw Failure(
        .usage, "`shelf import` needs to know what to read",
        advice: "give files, folders or URLs; - is standard input")
    }
    if let bare = paths.first(where: Self.namesNoServer) {
      throw Failure(
        .usage, "“\(bare)” names no server",
        advice: "write the whole address: shelf import https://server/2025-10-02.md")
    }
    let formats = try formats(of: session)
    var importing = Importing(session, self, DigestFiles.find(paths), formats)
    try importing.run()
    return try importing.finish()
  }

  private static func namesNoServer(_ path: String) -> Bool {
    guard DigestFile(path: path, size: 0).isURL, let scheme = path.firstRange(of: "://") else {
      return false
    }
    return path[scheme.upperBound...].prefix { !"/?#".contains($0) }.isEmpty
  }

  /// The forms that the files may have: all, or the one the person names.
  private func formats(of session: Session) throws -> [any DigestFormat] {
    let all = session.features.digestFormats
    if !column.isEmpty { return [try csv(named: format)] }
    guard let format else { return all }
    let named = all.filter { $0.name == format && !format.isEmpty }
    guard named.isEmpty else { return named }
    let names = all.map(\.name).filter { !$0.isEmpty }
    throw Failure(
      .usage, "there is no format “\(format)” to import",
      advice: "it is one of " + names.joined(separator: ", "))
  }

  /// The form of the files where the person says what columns hold.
  private func csv(named format: String?) throws -> any DigestFormat {
    let csv = DigestFormats.csv(try column.map(Self.choice))
    guard format == nil || format == csv.name else {
      throw Failure(
        .usage, "--column is for CSV, and --as says “\(format ?? "")”",
        advice: "leave out one of them")
    }
    return csv
  }

  private static func choice(_ words: String) throws -> ColumnChoice {
    let parts = words.split(separator: "=", maxSplits: 1).map(String.init)
    let fields = ColumnChoice.Field.allCases.map(\.rawValue).joined(separator: ", ")
    guard parts.count == 2 else {
      throw Failure(
        .usage, "--column: “\(words)” is no field=column", advice: "the fields are \(fields)")
    }
    guard let field = ColumnChoice.Field(rawValue: parts[0].lowercased()) else {
      throw Failure(
        .usage, "--column: there is no field “\(parts[0])”", advice: "the fields are \(fields)")
    }
    return ColumnChoice(field, column: parts[1])
  }

  /// What `log` says of it.
  var what: String {
    let names = paths.prefix(3).map { $0 == "-" ? "-" : Paths.name(of: $0) }
    return "import " + names.joined(separator: " ") + (paths.count > 3 ? " …" : "")
  }
}
