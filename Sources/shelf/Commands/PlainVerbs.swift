// Made by PlainVerbTests from the declarations of the verbs; not to be changed by hand.

extension ListCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--sort"], ["--limit"], ["--width"], ["--format"], ["--home"]],
      flags: [["-l", "--long"], ["--all"], ["-0", "--null"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    self.words = words.rest()
    self.sort = words.option("--sort")
    self.long = words.flag("-l")
    guard let rows = RowOptions(&words) else { return nil }
    self.rows = rows
    guard let output = PaperOutput(&words) else { return nil }
    self.output = output
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension SearchCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--sort"], ["--limit"], ["--width"], ["--format"], ["--home"]],
      flags: [["--all"], ["-0", "--null"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    self.words = words.rest()
    self.sort = words.option("--sort")
    guard let rows = RowOptions(&words) else { return nil }
    self.rows = rows
    guard let output = PaperOutput(&words) else { return nil }
    self.output = output
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension ShowCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--width"], ["--format"], ["--home"]],
      flags: [["-0", "--null"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    self.names = words.rest()
    guard let width = words.number("--width") else { return nil }
    self.width = width
    guard let output = PaperOutput(&words) else { return nil }
    self.output = output
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension CountCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    self.words = words.rest()
    self.json = words.flag("--json")
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension MarkCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let status = words.next() else { return nil }
    self.status = status
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension ReadCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension UnreadCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension QueueCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension ReadingCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension SkipCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension StarCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension UnstarCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension TagAdd: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let tags = words.next() else { return nil }
    self.tags = tags
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension TagRemove: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let tags = words.next() else { return nil }
    self.tags = tags
    guard let which = RequiredFilter(&words) else { return nil }
    self.which = which
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension NoteAdd: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["-m", "--message"], ["-F", "--file"], ["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let name = words.next() else { return nil }
    self.name = name
    guard let text = NoteText(&words) else { return nil }
    self.text = text
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension UndoCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let steps = words.nextNumber(1) else { return nil }
    self.steps = steps
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension RedoCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let steps = words.nextNumber(1) else { return nil }
    self.steps = steps
    guard let write = WriteOptions(&words) else { return nil }
    self.write = write
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension StatsCommand: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--since"], ["--by"], ["--home"]],
      flags: [["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    self.since = words.option("--since")
    self.by = words.option("--by")
    self.json = words.flag("--json")
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension SyncRun: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [["-n", "--dry-run"], ["--watch"], ["--json"]])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    self.name = nil
    self.dryRun = words.flag("-n")
    self.watch = words.flag("--watch")
    self.json = words.flag("--json")
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension Shelf: PlainVerb {
  static var plainNames: PlainWords.Names {
    PlainWords.Names(
      options: [["--home"]],
      flags: [])
  }

  init?(_ words: inout PlainWords) {
    self.init()
    guard let home = HomeOptions(&words) else { return nil }
    self.home = home
  }
}

extension RowOptions {
  init?(_ words: inout PlainWords) {
    self.init()
    guard let limit = words.number("--limit") else { return nil }
    self.limit = limit
    self.all = words.flag("--all")
    guard let width = words.number("--width") else { return nil }
    self.width = width
  }
}

extension PaperOutput {
  init?(_ words: inout PlainWords) {
    self.init()
    self.flags = []
    self.null = words.flag("-0")
    self.template = words.option("--format")
  }
}

extension HomeOptions {
  init?(_ words: inout PlainWords) {
    self.init()
    self.directory = words.option("--home")
  }
}

extension RequiredFilter {
  init?(_ words: inout PlainWords) {
    self.init()
    self.words = words.rest()
  }
}

extension WriteOptions {
  init?(_ words: inout PlainWords) {
    self.init()
    self.dryRun = words.flag("-n")
    self.json = words.flag("--json")
  }
}

extension NoteText {
  init?(_ words: inout PlainWords) {
    self.init()
    self.message = words.option("-m")
    self.file = words.option("-F")
  }
}
