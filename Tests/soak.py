#!/usr/bin/env python3
"""Five homes, one Apache, random edits and syncs for as long as asked, under load of processor and disk.

    swift build -c release --static-swift-stdlib --product shelf
    python3 Tests/soak.py --minutes 20

Prints a line a minute, and at the end what must hold: no command failed, `shelf` takes no more memory late
than early, Apache holds no more handles, the folder holds no more files than compaction promises, nothing
is left over in any home, and all homes show the same, with every note and tag that was acknowledged.
The exit code is 0 when all of it held.
"""
import argparse
import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "Tests", "Benchmark"))
import runner  # noqa: E402
import sync  # noqa: E402  (Apache as the tests and the benchmark start it)

HOMES = 5
PAPERS = 400
# A log of so many small segments is put together, or of four times as many as there are large ones.
COMPACT_AT = 64
SMALL = 64 * 1024
# What a home holds; anything else was left over.
KNOWN = re.compile(r"(library\.sqlite(-wal|-shm)?|config\.toml|state(/listings(/[^/]+)?)?)$")


class Soak:
    def __init__(self, options):
        self.options = options
        self.folder = tempfile.mkdtemp(prefix="shelf-soak-")
        os.chmod(self.folder, 0o755)
        self.apache = sync.Apache(os.path.join(self.folder, "apache"))
        self.remote = os.path.join(self.apache.root, "data", "basic", "soak")
        self.start = time.monotonic()
        self.lock = threading.Lock()
        # (seconds, verb, peak KiB) of every command; what was acknowledged; what went wrong.
        self.peaks, self.samples = [], []
        self.acknowledged, self.troubles = [], []
        self.counts = collections.Counter()
        self.runners = [runner.Runner() for _ in range(HOMES)]
        self.password = os.path.join(self.folder, "password")
        with open(os.open(self.password, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write("sesame\n")

    def seconds(self):
        return time.monotonic() - self.start

    # Commands

    def run(self, home, *words, allowed=(0,)):
        environment = dict(
            PATH="/usr/bin:/bin", HOME=self.folder, TZ="UTC", LANG="C.UTF-8",
            SHELF_HOME=os.path.join(self.folder, f"home{home}"))
        files = [os.path.join(self.folder, f"{name}{home}") for name in ("out", "errors")]
        ended = self.runners[home].run([self.options.binary, *words], environment, *files)
        output, said = (open(file, encoding="utf-8").read() for file in files)
        with self.lock:
            self.peaks.append((self.seconds(), words[0], ended.peak))
            self.counts[words[0]] += 1
            if ended.code not in allowed:
                self.troubles.append(f"home {home}: {words} ended with {ended.code}: {said}")
        return output

    def sync(self, home):
        # 3: there are conflicts to look at, as there will be when five people edit one list.
        return json.loads(self.run(home, "sync", "--json", allowed=(0, 3)) or "{}")

    def set_up(self):
        digest = os.path.join(self.folder, "2025-10-02.md")
        with open(digest, "w", encoding="utf-8") as file:
            file.write("# Papers for 2025-10-02\n\n")
            for number in range(PAPERS):
                paper = self.paper(number)
                file.write(
                    f"## {number}.[Study number {number} of soaking](https://arxiv.org/pdf/{paper})\n"
                    f"summary:**核心关键词**：缓存, 压缩  **一句话核心总结**：第 {number} 篇。  "
                    f"**主要成果**：{'快了一倍，' * 40}。\n\n")
        for home in range(HOMES):
            if home == 0:
                self.run(home, "import", digest)
            self.run(home, "remote", "add", "r", self.apache.url("soak"), "--user", "ada",
                     "--password-file", self.password, "--no-test")
            self.sync(home)
        for home in range(HOMES):
            self.sync(home)

    @staticmethod
    def paper(number):
        return f"2510.{10000 + number}"

    # What goes on

    def live(self, home):
        """Edits and syncs of one home until the time is over."""
        chance = random.Random(self.options.seed * 100 + home)
        number = 0
        while self.seconds() < self.options.minutes * 60 and not self.troubles:
            number += 1
            paper = self.paper(chance.randrange(PAPERS))
            self.edit(home, chance, number, paper)
            if chance.random() < 0.6:
                self.sync(home)

    def edit(self, home, chance, number, paper):
        kind = chance.randrange(10)
        if kind == 0:
            self.run(home, "note", "add", paper, "-m", f"note {home}-{number}.")
            self.acknowledge(f"note {home}-{number}.")
        elif kind == 1:
            self.run(home, "tag", "add", f"t{home}-{number}", paper)
            self.acknowledge(f'"t{home}-{number}"')
        elif kind == 2:
            self.run(home, "tag", "add", "bulk", f"title:{chance.randrange(PAPERS)}")
        elif kind == 3:
            # 1: nobody has the tag now.
            self.run(home, "tag", "remove", "bulk", f"title:{chance.randrange(PAPERS)}",
                     allowed=(0, 1))
        elif kind == 4:
            # What surely does something: the undo would take back what was acknowledged before.
            self.run(home, "tag", "add", f"u{home}-{number}", paper)
            self.run(home, "undo")
            if chance.random() < 0.5:
                self.run(home, "redo")
        elif kind == 5:
            self.run(home, "view", "save", f"v{chance.randrange(3)}", f"date:{chance.randint(1, 9)}d")
        elif kind == 6:
            self.run(home, "search", "缓存", "--limit", "5")
        elif kind == 7:
            self.run(home, "list", "is:starred")
        else:
            self.run(home, chance.choice(["read", "skip", "unread", "reading", "star", "unstar"]), paper)

    def acknowledge(self, text):
        with self.lock:
            self.acknowledged.append(text)

    def load(self):
        """One process that computes and one that writes and flushes, both as nice as can be."""
        compute = "while True: sum(i * i for i in range(100000))"
        write = (
            "import os,sys\n"
            "while True:\n"
            " with open(sys.argv[1],'wb') as f:\n"
            "  for _ in range(32): f.write(os.urandom(1<<20)); f.flush(); os.fsync(f.fileno())\n")
        place = os.path.join(self.folder, "load")
        return [subprocess.Popen(["nice", "-n", "19", sys.executable, "-c", code, place])
                for code in (compute, write)]

    # Looking

    def handles(self):
        return len(os.listdir(f"/proc/{self.apache.process.pid}/fd"))

    def apache_memory(self):
        with open(f"/proc/{self.apache.process.pid}/status", encoding="utf-8") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))

    def segments(self):
        """Sizes of the segments of each device."""
        found = collections.defaultdict(list)
        for name in os.listdir(self.remote):
            device, _, number = name.partition(".")
            if number.isdigit():
                try:
                    found[device].append(os.path.getsize(os.path.join(self.remote, name)))
                except FileNotFoundError:
                    pass
        return found

    def files(self):
        return sum(len(sizes) for sizes in self.segments().values())

    @staticmethod
    def most(sizes):
        """Files that a log may have before it is put together, and the one under way."""
        large = sum(1 for size in sizes if size >= SMALL)
        return max(COMPACT_AT, 4 * large) + large + 1

    def sample(self):
        with self.lock:
            since = self.samples[-1]["at"] if self.samples else 0
            now = self.seconds()
            peaks = [(verb, peak) for at, verb, peak in self.peaks if since <= at < now]
        syncs = sorted(peak for verb, peak in peaks if verb == "sync") or [0]
        others = sorted(peak for verb, peak in peaks if verb != "sync") or [0]
        line = dict(at=now, syncs=len(syncs), commands=len(others), sync=syncs[len(syncs) // 2],
                    sync_most=syncs[-1], other=others[len(others) // 2], other_most=others[-1],
                    files=self.files(), handles=self.handles(), apache=self.apache_memory())
        self.samples.append(line)
        print(f"{now / 60:5.1f} min  {line['syncs']:4} syncs, {line['commands']:4} others  "
              f"peak KiB: sync {line['sync']} (most {line['sync_most']}), others {line['other']} "
              f"(most {line['other_most']})  folder {line['files']} segments  "
              f"Apache {line['handles']} handles, {line['apache']} KiB", flush=True)

    # The end

    def settle(self):
        for _ in range(12):
            reports = [self.sync(home) for home in range(HOMES)]
            if all(r.get("pushed") == 0 and r.get("pulled") == 0 for r in reports):
                return
        self.troubles.append("the homes do not come to rest")

    def judge(self):
        """What did not hold."""
        found = list(self.troubles)
        shown = [self.run(home, "export", "jsonl") for home in range(HOMES)]
        for home in range(1, HOMES):
            if shown[home] != shown[0]:
                found.append(f"home {home} shows something else than home 0")
        lost = [text for text in self.acknowledged if text not in shown[0]]
        if lost:
            found.append(f"acknowledged and lost: {lost[:10]} ({len(lost)} in all)")
        for home in range(HOMES):
            if "!!" in self.run(home, "doctor"):
                found.append(f"home {home} is not well")
            top = os.path.join(self.folder, f"home{home}")
            for folder, _, names in os.walk(top):
                for name in names:
                    path = os.path.relpath(os.path.join(folder, name), top)
                    if not KNOWN.fullmatch(path):
                        found.append(f"home {home} holds {path}")
        if "whole" not in self.run(0, "sync", "verify"):
            found.append("the folder is not whole")
        for device, sizes in self.segments().items():
            if len(sizes) > self.most(sizes):
                found.append(f"{device} has {len(sizes)} segments; at most {self.most(sizes)} promised")
        odd = [n for n in os.listdir(self.remote)
               if not re.fullmatch(r"papershelf|peers|[0-9a-f]{16}\.(\d+|head)|\.DAV", n)]
        if odd:
            found.append(f"the folder holds {odd}")
        return found + self.growth()

    def growth(self):
        """Memory and handles late against early, and files at any time against what is promised."""
        # The first fifth is left out: caches fill, the homes meet.
        lines = self.samples[max(1, len(self.samples) // 5):]
        if len(lines) < 4:
            return []
        early, late = lines[:len(lines) // 2], lines[len(lines) // 2:]
        found = []
        for name in ["sync", "sync_most", "other", "other_most", "apache"]:
            before = max(line[name] for line in early)
            after = max(line[name] for line in late)
            print(f"{name}: {before} KiB early, {after} KiB late")
            # A list that grows by some notes and tags costs its share, a leak much more.
            if after > before * 1.15 + 2048:
                found.append(f"{name} grew from {before} to {after} KiB")
        before = max(line["handles"] for line in early)
        after = max(line["handles"] for line in late)
        print(f"Apache's handles: {before} early, {after} late")
        if after > before + 16:
            found.append(f"Apache's handles grew from {before} to {after}")
        # A log that was just put together stands beside the old one until all have it.
        most = max(line["files"] for line in self.samples)
        print(f"segments in the folder: {most} at most")
        if most > HOMES * 2 * (COMPACT_AT + 8):
            found.append(f"there were {most} segments in the folder")
        return found

    def go(self):
        self.set_up()
        burning = self.load()
        try:
            threads = [threading.Thread(target=self.live, args=(home,)) for home in range(HOMES)]
            for thread in threads:
                thread.start()
            every = min(60.0, self.options.minutes * 60 / 10)
            while any(thread.is_alive() for thread in threads):
                threads[0].join(timeout=every)
                if threads[0].is_alive():
                    self.sample()
        finally:
            for process in burning:
                process.kill()
                process.wait()
        self.settle()
        found = self.judge()
        print(f"{self.counts['sync']} syncs, {sum(self.counts.values()) - self.counts['sync']} other "
              f"commands, {len(self.acknowledged)} notes and tags looked for, seed {self.options.seed}")
        for line in found:
            print("!! " + line)
        return 1 if found else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--binary", default=os.path.join(ROOT, ".build", "release", "shelf"))
    soak = Soak(parser.parse_args())
    try:
        sys.exit(soak.go())
    finally:
        for each in soak.runners:
            each.close()
        soak.apache.stop()
        shutil.rmtree(soak.folder, ignore_errors=True)


if __name__ == "__main__":
    main()
