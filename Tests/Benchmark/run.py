#!/usr/bin/env python3
"""Measures `shelf` as whole processes against the same work done by `sqlite3`, `gzip` and `curl`.

    run.py [--papers 5000] [--runs 11] [--shelf PATH] [--work FOLDER] [--only WORD]
    run.py --growth [--runs 11] [--shelf PATH] [--work FOLDER]
    run.py --processor …

Every row runs `shelf` and its floor in turn (A B A B …), after a warm-up, and prints both medians,
their ratio, and the peak memory of `shelf`. Nothing fails on a time: machines differ; the ratios of
one run on one machine are what counts. The floor is a hand-written minimal schema: one table, one
index, one FTS5 table over the same text. `--growth` measures the rows that must not grow with the
library at 5,000, 100,000 and a million papers (20 GB in FOLDER, half an hour): growth.py. `--processor`
counts the processor's time in place of the wall's, for a machine on which others work; what waits for
the disk is not in it.
"""
import argparse
import glob
import os
import resource
import shutil
import statistics
import subprocess
import sys

import growth
import runner
import sync

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

FLOOR_SCHEMA = """
PRAGMA journal_mode=WAL;
CREATE TABLE papers(id INTEGER PRIMARY KEY, arxiv TEXT UNIQUE, title TEXT, status INTEGER,
  starred INTEGER, day TEXT, position INTEGER, summary TEXT);
CREATE INDEX papers_status ON papers(status, day DESC, position);
CREATE TABLE tags(paper INTEGER, name TEXT, PRIMARY KEY(paper, name)) WITHOUT ROWID;
CREATE TABLE notes(paper INTEGER, text TEXT);
CREATE VIRTUAL TABLE text USING fts5(title, keywords, summary, content='',
  tokenize='unicode61 remove_diacritics 2');
"""


class Row:
    def __init__(self, name, target, shelf, floor, before=None, repeatable=True):
        self.name, self.target, self.shelf, self.floor = name, target, shelf, floor
        self.before, self.repeatable = before, repeatable


def measure(command, env):
    """Wall seconds, or the processor's, and peak KiB of one process and its children."""
    ended = measure.runner.run(command, env)
    elapsed = ended.processor if measure.is_processor else ended.elapsed
    return elapsed, ended.peak, ended.code


measure.is_processor = False


def copy_home(source, target):
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


class Benchmark:
    def __init__(self, options):
        self.shelf = os.path.abspath(options.shelf)
        self.work = os.path.abspath(options.work)
        self.runs, self.only, self.papers = options.runs, options.only, options.papers
        self.home = os.path.join(self.work, "home")
        self.floor = os.path.join(self.work, "floor.sqlite")
        self.env = dict(os.environ, SHELF_HOME=self.home, TZ="UTC", NO_COLOR="1")
        self.results = {}

    def path(self, *parts):
        return os.path.join(self.work, *parts)

    def prepare(self):
        """Makes the corpus, unless one of this size is there: that of a million papers takes minutes."""
        made = self.path(f"corpus-of-{self.papers}")
        keep = {"digests", "rows.sql", "one.md", "one.sql", os.path.basename(made)}
        if not os.path.exists(made):
            keep = set()
        os.makedirs(self.work, exist_ok=True)
        for name in set(os.listdir(self.work)) - keep:
            subprocess.run(["rm", "-rf", self.path(name)], check=True)
        if not keep:
            subprocess.run([sys.executable, os.path.join(HERE, "corpus.py"), str(self.papers),
                            self.work], check=True)
            open(made, "w").close()

    def floor_import(self):
        for file in glob.glob(self.floor + "*"):
            os.remove(file)
        subprocess.run(["sqlite3", self.floor], input=FLOOR_SCHEMA, text=True, check=True,
                       stdout=subprocess.DEVNULL)

    def whole_import(self):
        """The first row is special: it makes the libraries that the others use."""
        ours, theirs, memory = [], [], 0
        for _ in range(1 if self.papers > 20_000 else 3):
            shutil.rmtree(self.home, ignore_errors=True)
            seconds, peak, code = measure([self.shelf, "import", self.path("digests")], self.env)
            assert code == 0, f"import ended with {code}"
            ours.append(seconds)
            memory = max(memory, peak)
            self.floor_import()
            theirs.append(measure(f"sqlite3 {self.floor} < {self.path('rows.sql')}", self.env)[0])
        self.report("import all from empty", 1.5, ours, theirs, memory)

    def report(self, name, target, ours, theirs, memory):
        a, b = statistics.median(ours), statistics.median(theirs)
        ratio = a / b if b else float("nan")
        print(f"| {name} | {a * 1000:.1f} ms | {b * 1000:.1f} ms | {ratio:.1f}× | {target}× "
              f"| {memory / 1024:.0f} MB |", flush=True)
        self.results[name] = (a, b, memory)

    def run(self, row):
        if self.only and self.only not in row.name:
            return
        ours, theirs, memory = [], [], 0
        for turn in range(self.runs + 1):
            if row.before:
                row.before()
            a, peak, code = measure(row.shelf, self.env)
            assert code == 0, f"{row.name}: {row.shelf} ended with {code}"
            b, _, floor_code = measure(row.floor, self.env)
            assert floor_code == 0, f"{row.name}: {row.floor} ended with {floor_code}"
            if turn > 0:
                ours.append(a)
                theirs.append(b)
                memory = max(memory, peak)
        self.report(row.name, row.target, ours, theirs, memory)

    def sql(self, statement):
        return ["sqlite3", self.floor, statement]

    def rows(self):
        shelf, sql = self.shelf, self.sql
        newest = ("SELECT arxiv,title,status,starred,day FROM papers WHERE status=0 "
                  "ORDER BY day DESC, position LIMIT 25")

        def search(query):
            return sql("SELECT p.arxiv,p.title FROM text JOIN papers p ON p.id=text.rowid WHERE text "
                       f"MATCH '{query}' ORDER BY bm25(text,10,5,1) LIMIT 25")

        counts = "SELECT status,count(*),sum(starred) FROM papers GROUP BY status"
        first = subprocess.run([shelf, "list", "--ids", "--limit", "1"], env=self.env, text=True,
                               capture_output=True, check=True).stdout.strip()
        thousand = "added:any date:2010-01-01..2010-01-17"

        yield Row("shelf --version", 4, [shelf, "--version"], ["sqlite3", "--version"])
        yield Row("list the 25 newest unread", 3, [shelf, "list", "is:unread", "--limit", "25"],
                  sql(newest))
        yield Row("search two English words", 2, [shelf, "search", "retrieval", "robot", "--limit", "25"],
                  search("retrieval AND robot"))
        yield Row("search a Chinese word", 2, [shelf, "search", "缓存", "--limit", "25"],
                  search('"缓 存"'))
        yield Row("dashboard", 4, [shelf], sql(counts))
        yield Row("stats", 4, [shelf, "stats"], sql(counts))
        yield Row("mark one paper read", 4,
                  ["sh", "-c", f"'{shelf}' mark read {first} || '{shelf}' mark unread {first}"],
                  sql("UPDATE papers SET status=1-status WHERE id=1"),
                  before=lambda: subprocess.run([shelf, "mark", "unread", first], env=self.env,
                                                capture_output=True))
        yield Row("add a note", 4, [shelf, "note", "add", first, "-m", "a thought"],
                  sql("INSERT INTO notes VALUES(1,'a thought')"))
        yield Row("tag 1,000 papers", 6, [shelf, "tag", "add", "bench", *thousand.split()],
                  sql("INSERT OR IGNORE INTO tags SELECT id,'bench' FROM papers WHERE day BETWEEN "
                      "'2010-01-01' AND '2010-01-17'"),
                  before=lambda: self.put_back("tag"))
        # An undo adds as many changes to the log as the command did; so does its floor to its table.
        yield Row("undo it", 6, [shelf, "undo"],
                  sql("INSERT INTO tags SELECT paper,'undone' FROM tags WHERE name='bench'"),
                  before=lambda: (
                      self.put_back("tag"),
                      subprocess.run([shelf, "tag", "add", "bench", *thousand.split()], env=self.env,
                                     capture_output=True),
                      subprocess.run(sql("INSERT OR IGNORE INTO tags SELECT id,'bench' FROM papers "
                                         "WHERE day BETWEEN '2010-01-01' AND '2010-01-17'"),
                                     capture_output=True)))
        yield Row("import one digest of 61", 3, [shelf, "import", self.path("one.md")],
                  f"sqlite3 {self.floor} < {self.path('one.sql')}", before=lambda: self.put_back("one"))
        yield Row("export all as JSON lines", 2,
                  f"'{shelf}' export jsonl all > {self.path('out.jsonl')}",
                  f"sqlite3 -json {self.floor} 'SELECT * FROM papers' > {self.path('floor.json')}")
        # Last, for the past stays. An edit must cost what it does in "mark one paper read".
        self.has_past = False
        yield Row("one edit after 200,000 operations", 4, [shelf, "mark", "read", first],
                  sql("UPDATE papers SET status=1-status WHERE id=1"),
                  before=lambda: (self.give_past(),
                                  subprocess.run([shelf, "mark", "unread", first], env=self.env,
                                                 capture_output=True)))

    def give_past(self):
        """Puts 200,000 commands into the library that were given before all others, once."""
        if self.has_past:
            return
        self.has_past = True
        own = ("(SELECT number FROM device "
               "WHERE id = (SELECT value FROM meta WHERE name = 'device'))")
        statement = (
            "BEGIN; "
            "INSERT INTO operation (ms, counter, device, mine, kind, what, state, first, last) "
            "WITH RECURSIVE past(i) AS "
            "(SELECT 1 UNION ALL SELECT i + 1 FROM past WHERE i < 200000) "
            f"SELECT i, 0, {own}, 1, 'do', 'star', 0, 1, 0 FROM past; "
            "INSERT INTO change (ms, counter, device, operation, entity, field, value) "
            "SELECT ms, 0, device, number, 'o:', 'did', '{\"kind\":\"do\",\"what\":\"star\"}' "
            "FROM operation WHERE ms <= 200000; COMMIT")
        subprocess.run(["sqlite3", "-bail", self.path("home", "library.sqlite"), statement],
                       check=True)

    def put_back(self, row):
        """Puts both libraries back to before a row, so that no turn finds what the last one left."""
        keep, floor_keep = self.path(f"home-before-{row}"), self.path(f"floor-before-{row}.sqlite")
        if not os.path.exists(keep):
            subprocess.run(self.sql("PRAGMA wal_checkpoint(TRUNCATE)"), capture_output=True)
            copy_home(self.home, keep)
            shutil.copy(self.floor, floor_keep)
        copy_home(keep, self.home)
        for file in glob.glob(self.floor + "*"):
            os.remove(file)
        shutil.copy(floor_keep, self.floor)

    def sizes(self):
        library = sum(os.path.getsize(f) for f in glob.glob(self.path("home", "library.sqlite*")))
        floor = sum(os.path.getsize(f) for f in glob.glob(self.floor + "*"))
        print(f"| store size | {library / 1e6:.1f} MB | {floor / 1e6:.1f} MB | {library / floor:.2f}× "
              "| 1.6× | |", flush=True)

    @staticmethod
    def head():
        print("| row | shelf | floor | ratio | at most | peak memory |")
        print("| --- | --- | --- | --- | --- | --- |")

    def main(self):
        print(f"{self.papers} papers, {self.runs} runs a row, {os.cpu_count()} cores, "
              f"sqlite {subprocess.run(['sqlite3', '--version'], capture_output=True, text=True).stdout.split()[0]}\n")
        self.head()
        self.whole_import()
        self.sizes()
        for row in self.rows():
            self.run(row)
        sync.run(self, measure)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--papers", type=int, default=5000)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--shelf", default=os.path.join(ROOT, ".build", "release", "shelf"))
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "benchmark"))
    parser.add_argument("--only", default="")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--processor", action="store_true")
    options = parser.parse_args()
    measure.is_processor = options.processor
    measure.runner = runner.Runner()
    if options.growth:
        growth.run(options, Benchmark, measure)
    else:
        benchmark = Benchmark(options)
        benchmark.prepare()
        benchmark.main()


resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
main()
