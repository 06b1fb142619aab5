import ArgumentParser
import Disk
import Glibc
import JSONText
import Store

/// `shelf backup FILE`
struct BackupCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "backup", abstract: "Write a copy of the library, whole and checked.",
    discussion: "Other shelfs may read and write meanwhile. `shelf restore FILE` brings it back.")
  @Argument(help: ArgumentHelp("The new file.", valueName: "file"), completion: .file())
  var file: String
  @Flag(help: "Replace a file that is there.")
  var replace = false
  @Flag(help: "A JSON object, {\"file\",\"papers\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard let library = try session.existingLibrary() else {
      throw LibraryError.missing(path: session.paths.library)
    }
    guard replace || access(file, F_OK) != 0 else {
      throw Failure(
        .cannotWrite, "there is a file \(file) already", advice: "--replace replaces it")
    }
    Interrupt.removing(PartialFile.names(for: file))
    defer { Interrupt.removing([]) }
    try library.backup(to: file, replacing: replace)
    let problems = try Library(
      at: file, mode: .readOnly, surroundings: session.world.surroundings,
      understanding: session.features.understanding
    ).problems()
    guard problems.isEmpty else {
      throw Failure(
        .inputOutput, "the copy \(file) is damaged: \(problems[0])",
        advice: "run `shelf doctor` on the library")
    }
    let papers = try library.read { try $0.statistics(top: 0).papers }
    guard !json else {
      try session.print { json in
        json.member("file", file)
        json.member("papers", papers)
      }
      return .ok
    }
    try session.say("\(Words.papers(papers)) saved in \(file)")
    return .ok
  }
}
