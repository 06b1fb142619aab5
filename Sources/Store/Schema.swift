import Changes
import Papers

/// The tables. `change` is the truth; every other table below the line is its fold and can be
/// dropped and rebuilt (``Library/rebuild()``).
///
/// A summary is stored once, in the value of its `content` change; `paper.content` points there, so
/// that a row of `paper` stays small and a list reads few pages. `search` is an FTS5 index without
/// content of its own: the text it was made from can always be made again (``SearchText``), and the
/// plain `sqlite3` shell can query it, because the tokenizer is SQLite's own.
///
/// A version that was released is never changed: libraries of it are about.
enum Schema {
  static var migrations: [Understanding.Migration] {
    [
      .init(1, log + tables), .init(2, digestsCountedOnce), .init(3, bibliography),
      .init(4, foldedIndex), .init(5, sources),
    ]
  }

  /// Raised with the rules by which changes are read and folded:
  /// 1. the first;
  /// 2. names compare by bytes, and a value that cannot be read never wins;
  /// 3. who wrote a paper, where and when, is read, and authors are in the search index; so are
  ///    titles that the person gave;
  /// 4. ids, views and machines whose names can be none are kept and not applied;
  /// 5. the search index holds folded words;
  /// 6. sources are read;
  /// 7. of a long text the beginning is in the search index, and long notes written at the same
  ///    time are not merged by lines;
  /// 8. of what was said of one entity without end the newest is looked at, and of notes written at
  ///    the same time on many machines.
  static let understanding = 8

  /// The entities that a build which understood less may have folded otherwise; nil for all of
  /// them.
  static func entitiesFoldedOtherwise(since understanding: Int64) -> String? {
    namedOrReadOtherwise(since: understanding).map { $0 + " UNION " + crowded }
  }

  /// Entities of which more was said than is looked at, or so many versions of a note that they may
  /// not be merged by lines. There are hardly any.
  private static let crowded = """
    SELECT entity FROM change GROUP BY entity
    HAVING sum(\(NewestChanges.sizeOfRow)) > \(Understanding.mostSaid)
    UNION SELECT entity FROM change WHERE field GLOB '\(Noted.field)*' GROUP BY entity, field
    HAVING (count(*) - 1) * sum(length(CAST(value AS BLOB))) > \(NoteMerge.mostLines)
    """

  private static func namedOrReadOtherwise(since understanding: Int64) -> String? {
    switch understanding {
    case 1:
      """
      SELECT DISTINCT entity FROM change
      WHERE entity GLOB '*[^' || char(1) || '-~]*' OR field GLOB '*[^' || char(1) || '-~]*'
        OR seq IN (SELECT seq FROM unapplied) OR \(namedOtherwise)
      """
    case 2:
      """
      SELECT DISTINCT entity FROM change
      WHERE seq IN (SELECT seq FROM unapplied) OR \(namedOtherwise)
      """
    case 3: "SELECT DISTINCT entity FROM change WHERE \(namedOtherwise)"
    case 4, 5: "SELECT DISTINCT entity FROM change WHERE entity GLOB 's:*'"
    case 6, 7: "SELECT entity FROM change WHERE 0"
    default: nil
    }
  }

  /// Entities whose names this build may not take, and nearly none else.
  private static let namedOtherwise = """
    (entity GLOB 'v:*' OR entity GLOB 'd:*' OR entity GLOB 's:*' OR entity GLOB 'p:-*'
      OR entity GLOB 'p:*[' || char(1) || '- ' || char(127) || ']*' OR length(entity) > 1000
      OR instr(entity, char(0)) > 0
      OR entity GLOB 'p:url:*' AND entity NOT GLOB 'p:url:http*://?*')
    """

  /// Whether the index of such a build has other columns, or words, than that of this one.
  static func indexesOtherwise(since understanding: Int64) -> Bool { understanding < 5 }

  /// Answers with a row where texts are so long that a build before the seventh put more of them
  /// into the index than this one takes out, or may have merged them: then all is made again. There
  /// is hardly such a library.
  static func hasLongTexts(since understanding: Int64) -> String? {
    guard understanding < 7 else { return nil }
    return """
      SELECT 1 WHERE EXISTS (
          SELECT 1 FROM note GROUP BY paper
          HAVING sum(length(CAST(text AS BLOB))) > \(IndexedText.mostBytes))
        OR EXISTS (
          SELECT 1 FROM change
          WHERE field = '\(Content.field)' AND length(CAST(value AS BLOB)) > \(IndexedText.mostBytes))
      """
  }

  /// An older build would write words of another form into the index and take out what is not in
  /// it: it must not open the library any more. The words are filled in once the tables are up to
  /// date. They are folded and parted by spaces (``SearchText``), so SQLite's plain tokenizer does:
  /// with `unicode61`, which would fold again, an import of one digest was a tenth more.
  private static let foldedIndex = """
    DROP TABLE search;
    CREATE VIRTUAL TABLE search USING fts5(
      title, keywords, summary, notes, authors, content='', tokenize='ascii');
    """

  /// What sources say of a paper apart from its text. The index has no column added but by making
  /// it again, which is done once the tables are up to date.
  private static let bibliography = """
    ALTER TABLE paper ADD COLUMN authors TEXT;
    ALTER TABLE paper ADD COLUMN categories TEXT;
    ALTER TABLE paper ADD COLUMN published TEXT;
    ALTER TABLE paper ADD COLUMN code TEXT;
    ALTER TABLE paper ADD COLUMN votes INTEGER;
    ALTER TABLE paper ADD COLUMN abstract INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE paper ADD COLUMN citekey TEXT;
    ALTER TABLE paper ADD COLUMN titled TEXT;
    CREATE TABLE abstract (paper INTEGER PRIMARY KEY REFERENCES paper, text TEXT NOT NULL);
    DROP TABLE search;
    CREATE VIRTUAL TABLE search USING fts5(
      title, keywords, summary, notes, authors, content='',
      tokenize='unicode61 remove_diacritics 2');
    """

  /// What the person follows.
  private static let sources = """
    CREATE TABLE source (name TEXT PRIMARY KEY, what TEXT NOT NULL) WITHOUT ROWID;
    """

  /// A digest that came twice under two names was counted twice.
  private static let digestsCountedOnce = """
    UPDATE paper SET sightings = (
      SELECT count(*) FROM (
        SELECT DISTINCT day, CASE WHEN day = '' THEN source ELSE position END
        FROM appearance a WHERE a.paper = paper.number))
    WHERE sightings > 1;
    """

  /// Adds a column of a register to the rows of papers that are there.
  static func addition(of column: PaperColumn) -> String {
    let type =
      switch column.unsaid {
      case .text: "TEXT NOT NULL"
      case .truth, .integer: "INTEGER NOT NULL"
      case .none: "INTEGER"
      }
    return
      "ALTER TABLE paper ADD COLUMN \(column.name) \(type) DEFAULT \(SQLValue(column.unsaid).literal)"
  }

  private static let log = """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
    CREATE TABLE device (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);
    CREATE TABLE change (
      seq INTEGER PRIMARY KEY,
      ms INTEGER NOT NULL, counter INTEGER NOT NULL, device INTEGER NOT NULL REFERENCES device,
      operation INTEGER NOT NULL REFERENCES operation,
      entity TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, seen TEXT, at INTEGER);
    CREATE UNIQUE INDEX change_stamp ON change(device, ms, counter);
    CREATE INDEX change_entity ON change(entity);
    CREATE TABLE operation (
      number INTEGER PRIMARY KEY,
      ms INTEGER NOT NULL, counter INTEGER NOT NULL, device INTEGER NOT NULL REFERENCES device,
      mine INTEGER NOT NULL, kind TEXT, what TEXT, target TEXT, state INTEGER NOT NULL DEFAULT 0,
      first INTEGER NOT NULL, last INTEGER NOT NULL, changes INTEGER NOT NULL DEFAULT 0,
      UNIQUE (device, ms, counter));
    CREATE INDEX operation_state ON operation(state) WHERE mine = 1 AND kind = 'do';

    """

  /// Everything that `rebuild` empties and fills again.
  static func foldTables(_ layout: PaperLayout) -> [String] {
    ["paper"] + layout.parts.map(\.part.table) + [
      "conflict", "view", "source", "machine", "unapplied",
    ]
  }

  private static let tables = """
    CREATE TABLE paper (
      number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
      status INTEGER NOT NULL, starred INTEGER NOT NULL, listed INTEGER NOT NULL,
      day TEXT, position INTEGER NOT NULL, added INTEGER NOT NULL, updated INTEGER NOT NULL,
      tags TEXT NOT NULL, keywords TEXT NOT NULL, content INTEGER REFERENCES change,
      sightings INTEGER NOT NULL, notes INTEGER NOT NULL, conflicts INTEGER NOT NULL,
      has INTEGER NOT NULL);
    CREATE INDEX paper_recent ON paper(day DESC, position, id) WHERE listed = 1;
    CREATE INDEX paper_status ON paper(status, day DESC, position, id) WHERE listed = 1;
    CREATE INDEX paper_starred ON paper(day DESC, position, id) WHERE listed = 1 AND starred = 1;
    CREATE TABLE tag (
      paper INTEGER NOT NULL REFERENCES paper, name TEXT NOT NULL,
      PRIMARY KEY (paper, name)) WITHOUT ROWID;
    CREATE INDEX tag_name ON tag(name, paper);
    CREATE TABLE appearance (
      paper INTEGER NOT NULL REFERENCES paper, day TEXT NOT NULL, source TEXT NOT NULL,
      position INTEGER NOT NULL, PRIMARY KEY (paper, day, source)) WITHOUT ROWID;
    CREATE INDEX appearance_day ON appearance(day, source, paper);
    CREATE TABLE note (
      paper INTEGER NOT NULL REFERENCES paper, id TEXT NOT NULL, text TEXT NOT NULL,
      created INTEGER NOT NULL, updated INTEGER NOT NULL, conflicted INTEGER NOT NULL,
      PRIMARY KEY (paper, id)) WITHOUT ROWID;
    CREATE INDEX note_id ON note(id);
    CREATE TABLE conflict (
      seq INTEGER PRIMARY KEY REFERENCES change, entity TEXT NOT NULL, field TEXT NOT NULL);
    CREATE INDEX conflict_entity ON conflict(entity);
    CREATE TABLE view (name TEXT PRIMARY KEY, filter TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE machine (device TEXT PRIMARY KEY, name TEXT NOT NULL, retired INTEGER NOT NULL)
      WITHOUT ROWID;
    CREATE TABLE unapplied (seq INTEGER PRIMARY KEY REFERENCES change);
    CREATE VIRTUAL TABLE search USING fts5(
      title, keywords, summary, notes, content='', tokenize='unicode61 remove_diacritics 2');

    """
}
