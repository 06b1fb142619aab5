import CSQLite
import Changes
import Disk
import Glibc
import Papers

/// A person's reading list in one SQLite file.
///
/// Invariants, each with its test in StoreTests:
/// 1. One way in: every change is appended to the log by a ``Recorder``, inside one transaction
///    with the tables it moves. Import, tag, note, undo and sync all end there.
/// 2. The tables are the fold of the log: ``rebuild()`` makes the same tables again.
/// 3. A change that was recorded is on the disk when the call returns (`synchronous = FULL` in WAL
///    mode: the log file is flushed at every commit, which costs one `fsync` and is the promise the
///    person was given; `NORMAL` would lose the last commands at a power cut).
/// 4. Several processes at once: readers never wait; writers wait for one another up to
///    ``Surroundings/patience`` and then throw ``LibraryError/busy(path:)``.
///
/// Not thread-safe and not meant to be: one process of the command line holds one library.
package final class Library {
  /// Milliseconds between two looks of a writer whether another one is done.
  package static let waitingLook = 10

  /// How a library is opened.
  package enum Mode: Sendable {
    /// Made when it is not there.
    case readWrite
    /// Never written; it must be there.
    case readOnly
  }

  /// The file.
  package let path: String
  /// How it was opened.
  package let mode: Mode
  let database: Database
  let surroundings: Surroundings
  /// How often this object wrote what sync remembers.
  let memoryWrites = SyncMemory.Writes()
  package let understanding: Understanding
  private var pool: MemoryPool?
  /// Called before every commit; what it throws rolls the transaction back, as a crash would.
  package var beforeCommit: (() throws -> Void)?
  /// Called after a commit that changed what is on the list, whoever's change it was.
  package var afterChange: (() -> Void)?

  /// Opens the library at `path`; in ``Mode/readWrite`` makes the file (mode 0600) when it is not
  /// there and brings the tables up to date, after a backup.
  /// - Parameter understanding: what the build knows of libraries.
  /// - Throws: ``LibraryError``
  package init(
    at path: String, mode: Mode = .readWrite, surroundings: Surroundings,
    understanding: Understanding = .standard
  ) throws {
    self.path = path
    self.mode = mode
    self.surroundings = surroundings
    self.understanding = understanding
    pool = nil
    if mode == .readWrite { try Self.createPrivately(path) }
    guard access(path, F_OK) == 0 else { throw LibraryError.missing(path: path) }
    do {
      let version: Int
      (database, version) = try Self.open(path, mode, surroundings)
      guard version <= understanding.version else { throw LibraryError.tooNew(path: path) }
      try SchemaCheck(db: database, understanding: understanding).checkNames()
      if version < understanding.version {
        guard mode == .readWrite else { throw LibraryError.outdated(path: path) }
        try migrate(from: version)
      }
      if mode == .readWrite { try learn() }
    } catch {
      throw Self.unfit(path, after: error) ?? LibraryError.from(error, path: path)
    }
  }

  /// A library that lives as long as this object: for simulations.
  /// - Parameters:
  ///   - original: the library it begins as a copy of; nil for a new one.
  ///   - pool: where its database comes from and goes to.
  /// - Throws: ``LibraryError``
  package init(
    inMemory surroundings: Surroundings, copying original: Library? = nil,
    understanding: Understanding = .standard, pool: MemoryPool? = nil
  ) throws {
    path = ":memory:"
    mode = .readWrite
    self.surroundings = surroundings
    self.understanding = understanding
    self.pool = pool
    do {
      let used = try pool?.take()
      database = try used ?? Database()
      if let original {
        try original.database.copy(to: database)
        try learn()
      } else if used != nil {
        try found()
      } else {
        try migrate(from: 0)
      }
    } catch {
      throw LibraryError.from(error, path: path)
    }
  }

  /// The library of another object, which is not used any more, as another build opens it.
  package init(
    reopening other: Library, surroundings: Surroundings, understanding: Understanding
  ) throws {
    path = other.path
    mode = .readWrite
    self.surroundings = surroundings
    self.understanding = understanding
    database = other.database
    pool = other.pool
    other.pool = nil
    try learn()
  }

  deinit { pool?.giveBack(database) }

  /// Answers questions within one consistent state of the library.
  /// - Throws: ``LibraryError``, or what `body` throws.
  package func read<Value>(_ body: (LibraryReader) throws -> Value) throws -> Value {
    // One deferred transaction, so that several queries see one state.
    try transaction(.deferred) { db in
      (.commit, try body(LibraryReader(db: db, understanding: understanding)))
    }
  }

  /// One transaction that holds the write lock from its start, so that what it looked at is still
  /// so when it writes.
  func write<Value>(_ body: (Database) throws -> (Database.Completion, Value)) throws -> Value {
    try transaction(.immediate) { db in
      let (completion, value) = try body(db)
      if completion == .commit { try beforeCommit?() }
      return (completion, value)
    }
  }

  private func transaction<Value>(
    _ beginning: Database.Beginning, _ body: (Database) throws -> (Database.Completion, Value)
  ) throws -> Value {
    do {
      var result: Value?
      try database.transaction(beginning) {
        let (completion, value) = try body(database)
        result = value
        return completion
      }
      guard let result else { throw LibraryError.inputOutput(path: path, detail: "no result") }
      return result
    } catch {
      throw LibraryError.from(error, path: path)
    }
  }

  // MARK: Opening

  /// The database, and the version of its tables.
  private static func open(
    _ path: String, _ mode: Mode, _ surroundings: Surroundings
  ) throws -> (Database, version: Int) {
    func opened(_ mode: Database.Mode) throws -> (Database, version: Int) {
      let database = try Database(path: path, mode) {
        waits(surroundings, path, afterLooks: $0)
      }
      // Summaries of some 2 KB fill small pages badly: with 16 KB the file is a quarter smaller.
      if mode == .readWrite {
        try database.script(
          """
          PRAGMA page_size = 16384; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
          PRAGMA cache_size = -4000; PRAGMA temp_store = MEMORY
          """)
      }
      return (database, Int(try database.number("PRAGMA user_version")))
    }
    guard mode == .readOnly else { return try opened(.readWrite) }
    do {
      return try opened(.readOnly)
    } catch let error as SQLiteError
      where [SQLITE_CANTOPEN, SQLITE_READONLY].contains(error.primary)
    {
      // A library in WAL mode on a file system that cannot be written has no place for its shared
      // memory. With no log beside it the file is complete, and nobody can change it.
      guard access(path + "-wal", F_OK) != 0 else {
        throw LibraryError.readOnly(path: path, detail: "its write-ahead log cannot be read")
      }
      return try opened(.immutable)
    }
  }

  /// Waits until it is worth to look again whether the other one is done.
  /// - Returns: false once that is given up.
  private static func waits(
    _ surroundings: Surroundings, _ path: String, afterLooks looks: Int
  ) -> Bool {
    let waited = looks * waitingLook
    guard waited < surroundings.patience else { return false }
    if waited == 500 {
      // Where there are no locks, SQLite takes each for one that another process holds.
      guard FileSystem.lack(in: AtomicFile.folder(of: path)) == nil else { return false }
      surroundings.whenWaiting()
    }
    usleep(UInt32(waitingLook) * 1000)
    return true
  }

  /// What the file system lacks, where that explains an error of SQLite.
  private static func unfit(_ path: String, after error: any Error) -> LibraryError? {
    guard let error = error as? SQLiteError,
      [SQLITE_BUSY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_PROTOCOL, SQLITE_NOMEM]
        .contains(error.primary),
      let lack = FileSystem.lack(in: AtomicFile.folder(of: path))
    else { return nil }
    return .unfit(path: path, lack: lack)
  }

  /// Makes the file and its folder for the owner only, before SQLite would with the usual mask.
  private static func createPrivately(_ path: String) throws {
    if access(path, F_OK) == 0 { return }
    do {
      try AtomicFile.makeFolder(AtomicFile.folder(of: path))
    } catch {
      throw LibraryError.cannotOpen(path: path, detail: error.reason)
    }
    let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let detail = String(cString: strerror(errno))
      if errno == EROFS || errno == EACCES || errno == EPERM {
        throw LibraryError.readOnly(path: path, detail: detail)
      }
      throw errno == ENOSPC
        ? LibraryError.full(path: path) : LibraryError.cannotOpen(path: path, detail: detail)
    }
    close(descriptor)
  }

  // MARK: Migration

  /// Brings the tables up to date, one transaction a version, after a backup of a library that
  /// holds anything. Another process may have done it meanwhile: the version is read again inside.
  private func migrate(from version: Int) throws {
    for migration in understanding.migrations where migration.version > version {
      if version > 0 {
        try backup(to: path + ".before-v\(migration.version)", replacing: true)
      }
      try database.transaction(.immediate) {
        guard try database.number("PRAGMA user_version") < migration.version else {
          return .rollback
        }
        try database.script(migration.sql)
        if migration.version == 1 { try found() }
        try database.script("PRAGMA user_version = \(migration.version)")
        return .commit
      }
    }
  }

  /// Folds a library again that was kept by a build which understood less: changes it could only
  /// keep take effect now.
  private func learn() throws {
    let known = try Meta.integer(database, "understands") ?? 0
    guard known < understanding.number else { return }
    try write { db in
      if understanding.number == Schema.understanding,
        let affected = Schema.entitiesFoldedOtherwise(since: known),
        try !(Schema.hasLongTexts(since: known).map { try db.exists($0) } ?? false)
      {
        let entities = try db.all(affected) { try $0.text(0) }
        if Schema.indexesOtherwise(since: known) {
          try PaperTable(db: db, understanding: understanding).indexAgain()
        }
        try rebuildUnapplied(db, of: entities)
        try fold(entities, db)
      } else {
        try rebuild(db)
      }
      try Meta.set(db, "understands", SQLValue(understanding.number))
      return (.commit, ())
    }
  }

  /// Gives a new library its device id.
  private func found() throws {
    let device = DeviceID(bits: surroundings.random())
    try database.run("INSERT INTO device (id) VALUES (?)", [SQLValue(device.description)])
    try Meta.set(database, "device", SQLValue(device.description))
    try Meta.set(database, "understands", SQLValue(understanding.number))
  }
}

/// Small facts about the library itself: its device, its clock, what it understands.
enum Meta {
  static func string(_ db: Database, _ name: String) throws -> String? {
    try db.first("SELECT value FROM meta WHERE name = ?", [SQLValue(name)]) {
      try $0.optionalText(0)
    } ?? nil
  }

  static func integer(_ db: Database, _ name: String) throws -> Int64? {
    try db.first("SELECT value FROM meta WHERE name = ?", [SQLValue(name)]) {
      $0.optionalInteger(0)
    } ?? nil
  }

  static func set(_ db: Database, _ name: String, _ value: SQLValue) throws {
    try db.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", [SQLValue(name), value])
  }
}
