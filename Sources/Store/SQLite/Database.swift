import CSQLite
import Papers
import URLText

/// An open database of SQLite: a thin layer over its C interface
/// (https://sqlite.org/c3ref/intro.html).
///
/// A layer of our own and not GRDB, which brings Foundation with 34 MB of ICU data, half a minute
/// of every cold build, and a row that ends a text at a NUL and traps on bytes that are no UTF-8:
/// Sources/ARCHITECTURE.md has the figures, under the dependencies.
///
/// Invariants: every text is handed on whole, or refused with ``SQLiteError`` where it is none; a
/// statement is compiled once; what fails throws. Not thread-safe, as ``Library`` is not. No
/// pointer of SQLite leaves this folder.
final class Database {
  let handle: OpaquePointer
  /// Those that are compiled, and where their texts stand; few enough to be looked through.
  private var statements: [(place: UInt, sql: String, statement: Statement)] = []
  private let busy: BusyHandler?

  /// How a file is opened (https://sqlite.org/c3ref/open.html).
  enum Mode {
    case readWrite
    case readOnly
    /// Of a file that nobody can change: no lock is taken, no shared memory made.
    case immutable
  }

  /// Opens a file, which must be there.
  /// - Parameter whenBusy: asked each time another one holds the lock, with how often it was asked:
  ///   whether to look again.
  init(path: String, _ mode: Mode, whenBusy: @escaping (Int) -> Bool) throws {
    let flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
    switch mode {
    case .readWrite: handle = try Self.open(path, flags | SQLITE_OPEN_READWRITE)
    case .readOnly: handle = try Self.open(path, flags | SQLITE_OPEN_READONLY)
    case .immutable:
      let uri = "file:" + Self.escaped(path) + "?immutable=1"
      handle = try Self.open(uri, flags | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI)
    }
    let busy = BusyHandler(whenBusy)
    self.busy = busy
    sqlite3_busy_handler(
      handle,
      { context, count in
        guard let context else { return 0 }
        let handler = Unmanaged<BusyHandler>.fromOpaque(context).takeUnretainedValue()
        return handler.isWorthWaiting(Int(count)) ? 1 : 0
      }, Unmanaged.passUnretained(busy).toOpaque())
  }

  /// Opens one in memory, which lives as long as this object.
  init() throws {
    handle = try Self.open(
      ":memory:", SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
    busy = nil
  }

  deinit {
    statements = []
    sqlite3_close_v2(handle)
  }

  private final class BusyHandler {
    let isWorthWaiting: (Int) -> Bool
    init(_ isWorthWaiting: @escaping (Int) -> Bool) { self.isWorthWaiting = isWorthWaiting }
  }

  private static let isCountingNothing = papershelf_sqlite_without_statistics() == SQLITE_OK

  private static func open(_ path: String, _ flags: Int32) throws -> OpaquePointer {
    // Where it was too late, it counts.
    _ = isCountingNothing
    var handle: OpaquePointer?
    let code = sqlite3_open_v2(path, &handle, flags, nil)
    guard let handle else { throw SQLiteError(code: code, message: "out of memory") }
    guard code == SQLITE_OK else {
      let error = SQLiteError(code: sqlite3_extended_errcode(handle), of: handle)
      sqlite3_close_v2(handle)
      throw error
    }
    sqlite3_extended_result_codes(handle, 1)
    return handle
  }

  /// A path as it stands in a URI (https://sqlite.org/uri.html).
  private static func escaped(_ path: String) -> String {
    PercentEncoding(marks: "/-._~").encode(path)
  }

  // MARK: Statements

  /// A statement that is compiled, and whether it is being stepped.
  private final class Statement {
    let pointer: OpaquePointer
    var isRunning = false
    init(_ pointer: OpaquePointer) { self.pointer = pointer }
    deinit { sqlite3_finalize(pointer) }
  }

  /// A statement of this text. Nearly all are texts that stand in the program, or are made once,
  /// and so always at the same place: to hash them at every step was a tenth of a tag.
  private func statement(_ sql: String) throws -> Statement {
    var sql = sql
    let place = sql.withUTF8 { UInt(bitPattern: $0.baseAddress) }
    let known =
      statements.firstIndex { $0.place == place && $0.sql.hasBytes(of: sql) }
      ?? statements.firstIndex { $0.sql.hasBytes(of: sql) }
    guard let known else {
      let statement = Statement(try compiled(sql))
      if statements.count == Self.statementsKept { statements.removeFirst() }
      statements.append((place, sql, statement))
      return statement
    }
    // Whoever is in the middle of it keeps it.
    guard !statements[known].statement.isRunning else { return Statement(try compiled(sql)) }
    let statement = statements[known].statement
    // The text is kept, so that no other comes to lie at its place.
    if statements[known].place != place { statements[known] = (place, sql, statement) }
    return statement
  }

  /// More than any command needs.
  private static let statementsKept = 256

  private func compiled(_ sql: String) throws -> OpaquePointer {
    var pointer: OpaquePointer?
    var sql = sql
    let code = sql.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        sqlite3_prepare_v3(handle, $0.baseAddress, Int32(clamping: $0.count), 0, &pointer, nil)
      }
    }
    try check(code)
    guard let pointer else { throw SQLiteError(code: SQLITE_MISUSE, message: "an empty statement") }
    return pointer
  }

  /// Runs a statement that returns no row.
  func run(_ sql: String, _ values: [SQLValue] = []) throws {
    try forEach(sql, values) { _ in }
  }

  /// Calls `body` with each row, while it is read.
  func forEach(_ sql: String, _ values: [SQLValue] = [], _ body: (SQLiteRow) throws -> Void) throws
  {
    try read(sql, values) { row in
      try body(row)
      return true
    }
  }

  /// Calls `body` with each row, while it is read, as long as it answers true.
  func read(
    _ sql: String, _ values: [SQLValue] = [], while body: (SQLiteRow) throws -> Bool
  ) throws {
    let statement = try statement(sql)
    statement.isRunning = true
    defer {
      sqlite3_reset(statement.pointer)
      sqlite3_clear_bindings(statement.pointer)
      statement.isRunning = false
    }
    try bind(values, to: statement.pointer) {
      while true {
        let code = sqlite3_step(statement.pointer)
        if code == SQLITE_DONE { return }
        guard code == SQLITE_ROW else { return try check(code) }
        guard try body(SQLiteRow(statement: statement.pointer)) else { return }
      }
    }
  }

  /// Calls `body` with these values bound. A long text is not copied, as the others are: a
  /// statement holds two copies of one of 16 MB anyway.
  private func bind(
    _ values: [SQLValue], from first: Int = 0, to statement: OpaquePointer,
    _ body: () throws -> Void
  ) throws {
    for index in first..<values.count {
      let place = Int32(index + 1)
      guard let code = values[index].bind(to: statement, at: place) else {
        return try values[index].withLongText { text in
          try check(SQLValue.bind(text, to: statement, at: place, copying: false))
          try bind(values, from: index + 1, to: statement, body)
        }
      }
      try check(code)
    }
    try body()
  }

  /// The first row, as `body` reads it; nil when there is none.
  func first<Value>(
    _ sql: String, _ values: [SQLValue] = [], _ body: (SQLiteRow) throws -> Value
  ) throws -> Value? {
    var result: Value?
    try forEach(sql, values) { row in
      if result == nil { result = try body(row) }
    }
    return result
  }

  /// Every row, as `body` reads it.
  func all<Value>(
    _ sql: String, _ values: [SQLValue] = [], _ body: (SQLiteRow) throws -> Value
  ) throws -> [Value] {
    var all: [Value] = []
    try forEach(sql, values) { all.append(try body($0)) }
    return all
  }

  /// A number that a statement answers; 0 for none.
  func number(_ sql: String, _ values: [SQLValue] = []) throws -> Int64 {
    try first(sql, values) { $0.integer(0) } ?? 0
  }

  /// Whether a statement answers with a row.
  func exists(_ sql: String, _ values: [SQLValue] = []) throws -> Bool {
    try first(sql, values) { _ in true } ?? false
  }

  /// Runs statements one after another.
  func script(_ sql: String) throws {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    try check(code)
  }

  /// The number of the row inserted last.
  var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }
  /// How many rows the last statement changed.
  var changedRows: Int64 { sqlite3_changes64(handle) }

  func check(_ code: Int32) throws {
    guard code != SQLITE_OK else { return }
    throw SQLiteError(code: code, of: handle)
  }

  // MARK: Transactions

  /// Whether a transaction holds the write lock from its start.
  enum Beginning: String {
    /// What it looked at is still so when it writes.
    case immediate = "BEGIN IMMEDIATE TRANSACTION"
    /// It only looks.
    case deferred = "BEGIN DEFERRED TRANSACTION"
  }

  /// How a transaction ends.
  enum Completion { case commit, rollback }

  /// - Throws: what `body` throws; then nothing was changed.
  func transaction(_ beginning: Beginning, _ body: () throws -> Completion) throws {
    try run(beginning.rawValue)
    do {
      switch try body() {
      case .commit: try run("COMMIT TRANSACTION")
      case .rollback: try run("ROLLBACK TRANSACTION")
      }
    } catch {
      // SQLite may have rolled back by itself; what went wrong first is what is told.
      if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK TRANSACTION") }
      throw error
    }
  }

  // MARK: Copies

  /// Puts its content in the place of another's, in one transaction
  /// (https://sqlite.org/backup.html).
  func copy(to other: Database) throws {
    guard let backup = sqlite3_backup_init(other.handle, "main", handle, "main") else {
      throw SQLiteError(code: sqlite3_extended_errcode(other.handle), of: other.handle)
    }
    let code = sqlite3_backup_step(backup, -1)
    sqlite3_backup_finish(backup)
    guard code == SQLITE_DONE else { throw SQLiteError(code: code, of: other.handle) }
  }
}

/// What SQLite says went wrong (https://sqlite.org/rescode.html).
struct SQLiteError: Error, Hashable {
  /// The extended result code.
  var code: Int32
  /// SQLite's words.
  var message: String

  init(code: Int32, message: String) {
    self.code = code
    self.message = message
  }

  init(code: Int32, of handle: OpaquePointer) {
    let text = sqlite3_errmsg(handle).map { String(cString: $0) } ?? ""
    self.init(code: code, message: text.isEmpty ? "code \(code)" : text)
  }

  /// Something is stored that no library holds.
  static func damaged(_ message: String) -> SQLiteError {
    SQLiteError(code: SQLITE_CORRUPT, message: message)
  }

  /// The result code without what makes it more exact.
  var primary: Int32 { code & 0xFF }
}
