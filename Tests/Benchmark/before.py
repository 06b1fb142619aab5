#!/usr/bin/env python3
"""Compares `shelf` commands of this build with those of one before it: by instructions, or by time.

    before.py --before PATH [--shelf PATH] [--papers 5000] [--time RUNS] [--work FOLDER] [--only WORD]

Prints a table: row, before, now, and their ratio. A row that is over its bound, 1.05 or for the
smallest commands 1.15, is marked; nothing fails. Each binary makes a library of its own from the
same corpus (corpus.py), for their tables may differ, and every row begins with a copy of it.

Instructions are the same on every run, but for a thousandth that hangs on the clock and on ids drawn
by chance, whatever else the machine does; so one run a row is enough. All rows of 5,000 papers take
eight minutes. Needs valgrind (apt-get install valgrind) and strip (binutils). With `--time` both are
run in turn (A B A B …) after a warm-up, and the medians of the wall's time are told.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys

import runner

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
THOUSAND = ["tag", "add", "bench", "date:2010-01-01..2010-01-17"]


class Row:
    """One command; `before` are commands that run first, uncounted."""

    def __init__(self, name, words, before=(), bound=1.05, home="home"):
        self.name, self.words, self.before, self.bound, self.home = name, words, before, bound, home


def rows(work, papers, paper):
    """All rows; `paper` is the id of a paper that nothing was done to yet."""
    return [
        Row("--version", ["--version"], bound=1.15),
        Row("help", ["help"], bound=1.15),
        Row("completion bash", ["completion", "bash"], bound=1.15),
        Row("list is:unread --limit 25", ["list", "is:unread", "--limit", "25"]),
        Row("list, all", ["list"]),
        Row("search two English words", ["search", "retrieval", "robot", "--limit", "25"]),
        Row("search a Chinese word", ["search", "缓存", "--limit", "25"]),
        Row("show one", ["show", paper]),
        Row("count", ["count", "is:unread"]),
        Row("dashboard", []),
        Row("stats", ["stats"]),
        Row("mark one read", ["mark", "read", paper]),
        Row("star one", ["star", paper]),
        Row("note add -m", ["note", "add", paper, "-m", "a thought"]),
        Row("tag 1,000 papers", THOUSAND),
        Row("undo it", ["undo"], before=[THOUSAND]),
        Row("redo it", ["redo"], before=[THOUSAND, ["undo"]]),
        Row("import one digest of 61", ["import", os.path.join(work, papers, "one.md")]),
        Row("import 500 papers from empty", ["import", os.path.join(work, "500", "digests")],
            home="nothing"),
        Row("export jsonl all", ["export", "jsonl", "all"]),
        Row("export markdown", ["export", "markdown", "all"]),
        Row("log", ["log"]),
        Row("tag list", ["tag", "list"], bound=1.15),
        Row("view list", ["view", "list"], bound=1.15),
        Row("sync with nothing new", ["sync"], before=[["sync"]]),
        Row("import all from empty", ["import", os.path.join(work, papers, "digests")],
            home="nothing"),
    ]


class Build:
    """A binary, and the library it made."""

    def __init__(self, binary, work, papers, name):
        self.path = os.path.join(work, name)
        self.home = os.path.join(self.path, "run")
        self.binary = os.path.join(self.path, "shelf")
        shutil.rmtree(self.path, ignore_errors=True)
        os.makedirs(os.path.join(self.path, "nothing"), mode=0o700)
        # Valgrind 3.19 cannot read what Swift tells debuggers.
        subprocess.run(["strip", "--strip-debug", "-o", self.binary, binary], check=True)
        # Swift seeds its hashes by chance unless it is told not to.
        self.env = {"PATH": os.environ["PATH"], "HOME": self.path, "SHELF_HOME": self.home,
                    "TZ": "UTC", "NO_COLOR": "1", "SWIFT_DETERMINISTIC_HASHING": "1"}
        self.runner = runner.Runner()
        self.fill(os.path.join(work, papers, "digests"))

    def fill(self, digests):
        """Makes the library that rows begin with: the corpus, and some of what a person does."""
        self.run("import", digests)
        self.run("mark", "read", "date:2010-01")
        self.run("tag", "add", "ml,ml/attention", "date:2010-01-01..2010-01-05")
        self.run("view", "save", "week", "is:unread", "added:7d")
        *papers, self.untouched = self.run("list", "--ids", "--limit", "101").split()
        for paper in papers:
            self.run("star", paper)
        self.run("remote", "add", "folder", os.path.join(self.path, "remote"), "--no-test")
        self.run("sync")  # writes, and so leaves no write-ahead log beside the library
        os.rename(self.home, os.path.join(self.path, "home"))
        os.rename(os.path.join(self.path, "remote"), os.path.join(self.path, "remote-kept"))

    def run(self, *words):
        ended = subprocess.run([self.binary, *words], env=self.env, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert ended.returncode == 0, f"shelf {' '.join(words)}: {ended.stderr}"
        return ended.stdout

    def prepare(self, row):
        """A library as it was, and what comes before the command."""
        for name, source in [("run", row.home), ("remote", "remote-kept")]:
            shutil.rmtree(os.path.join(self.path, name), ignore_errors=True)
            shutil.copytree(os.path.join(self.path, source), os.path.join(self.path, name))
        for words in row.before:
            self.run(*words)

    def time(self, row):
        """Wall seconds of one command."""
        self.prepare(row)
        ended = self.runner.run([self.binary, *row.words], self.env)
        assert ended.code == 0, f"{row.name}: ended with {ended.code}"
        return ended.elapsed

    def count(self, row):
        """Instructions of one command."""
        self.prepare(row)
        counter = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        ended = subprocess.run([*counter, self.binary, *row.words], env=self.env,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
        told = ended.stderr.decode(errors="replace")
        found = re.search(r"Collected : (\d+)", told)
        assert ended.returncode == 0 and found, f"{row.name}: {told}"
        return int(found[1])


def tell(name, before, now, bound, is_time=False):
    ratio = now / before
    mark = f"over {bound}" if ratio > bound else ""
    told = [f"{n * 1000:.1f} ms" if is_time else f"{n:,}" for n in (before, now)]
    print(f"| {name} | {told[0]} | {told[1]} | {ratio:.2f} | {mark} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shelf", default=os.path.join(ROOT, ".build", "release", "shelf"))
    parser.add_argument("--before", required=True)
    parser.add_argument("--work", default=os.path.join(ROOT, ".build", "instructions"))
    parser.add_argument("--only", default="")
    parser.add_argument("--papers", default="5000")
    parser.add_argument("--time", type=int, default=0, metavar="RUNS")
    options = parser.parse_args()
    work = os.path.abspath(options.work)
    for papers in [options.papers, "500"]:
        if not os.path.exists(os.path.join(work, papers, "one.sql")):
            subprocess.run([sys.executable, os.path.join(HERE, "corpus.py"), papers,
                            os.path.join(work, papers)], check=True)
    builds = [Build(binary, work, options.papers, name)
              for name, binary in [("a", options.before), ("b", options.shelf)]]
    print("| row | before | now | ratio | |\n| --- | --- | --- | --- | --- |")
    for row in rows(work, options.papers, builds[0].untouched):
        if options.only not in row.name:
            continue
        if options.time:
            turns = [[build.time(row) for build in builds] for _ in range(options.time + 1)][1:]
            before, now = (statistics.median(times) for times in zip(*turns))
            tell(row.name, before, now, row.bound, is_time=True)
        else:
            tell(row.name, *(build.count(row) for build in builds), row.bound)


main()
