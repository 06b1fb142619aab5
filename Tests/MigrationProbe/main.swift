import Glibc
import Store

/// Opens a library as a later build would, with tables of its own, and prints all it holds. A
/// program of its own, so that a test can end it at any moment.
func probe() throws {
  guard CommandLine.arguments.count == 2 else {
    print("usage: MigrationProbe LIBRARY")
    exit(64)
  }
  var later = Understanding.standard
  later.number += 1
  later.migrations.append(
    .init(
      later.version + 1,
      """
      ALTER TABLE paper ADD COLUMN venue TEXT;
      UPDATE paper SET venue = title || ' in a book';
      CREATE INDEX paper_venue ON paper(venue);
      """
    ))
  let surroundings = Surroundings(
    now: { 1_760_000_000_000 }, random: { 1 }, machineName: "later")
  let library = try Library(
    at: CommandLine.arguments[1], mode: .readWrite, surroundings: surroundings, understanding: later
  )
  for line in try library.dump() { print(line) }
  let problems = try library.problems()
  guard problems.isEmpty else {
    print(problems)
    exit(74)
  }
}

try probe()
