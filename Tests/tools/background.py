#!/usr/bin/env python3
"""What `sync.auto` leaves behind: nothing. A thousand background syncs, then `kill -9` of them at random.

    swift build -c release --static-swift-stdlib --product shelf
    python3 Tests/tools/background.py [--syncs 1000] [--kills 300] [--seed 1]

Prints what a command takes more for starting its worker, how large workers become, and what was left of processes,
files and open files; at the end both machines must show the same, with every edit that was acknowledged. The exit
code is 0 when all of it held.
"""
import argparse
import fcntl
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What a home holds; anything else was left over.
KNOWN = re.compile(r"(library\.sqlite(-wal|-shm)?|config\.toml|page\.html"
                   r"|state(/(config\.lock|synced|synced/r|background|background/(lock|told|kept\.page|troubles)))?)$")


class Home:
    def __init__(self, options, folder, name, auto):
        self.shelf, self.path = options.shelf, os.path.join(folder, name)
        os.makedirs(self.path, mode=0o700)
        self.write(folder, auto)

    def write(self, folder, auto):
        place = os.path.join(self.path, "config.toml")
        with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(f'[sync]\nauto = {"true" if auto else "false"}\n[sync.r]\nurl = "{folder}/remote"\n')
            if auto:
                file.write(f'[keep.page]\nfile = "{self.path}/page.html"\n')

    def run(self, *words, calm="0"):
        environment = {"SHELF_HOME": self.path, "TZ": "UTC", "PATH": "/usr/bin:/bin", "SHELF_LOOPBACK": "1",
                       "HOME": self.path, "SHELF_CALM": calm}
        start = time.perf_counter()
        done = subprocess.run([self.shelf, *words], env=environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.seconds = time.perf_counter() - start
        if done.returncode not in (0, 3):
            raise RuntimeError(f"{words}: {done.returncode} {done.stdout.decode()} {done.stderr.decode()}")
        return done.stdout.decode()

    def settle(self):
        """Until nobody works in the background: whoever does holds the lock."""
        with open(os.path.join(self.path, "state/background/lock"), "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)

    def workers(self):
        """The processes in the background of this home, and how many zombies there are of shelf."""
        found, zombies = [], 0
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    words = file.read().split(b"\0")
                with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                    status = file.read()
            except OSError:
                continue
            if b"__background" in words and self.path.encode() in words:
                found.append(int(name))
            elif "(shelf) Z" in status and status.rpartition(")")[2].split()[1] != "1":
                # Whose parent is process 1 is reaped by that, in its own time.
                zombies += 1
        return found, zombies

    def leftovers(self):
        names = []
        for folder, folders, files in os.walk(self.path):
            names += [os.path.relpath(os.path.join(folder, name), self.path) for name in folders + files]
        return [name for name in names if not KNOWN.match(name)]


def memory(process):
    try:
        with open(f"/proc/{process}/status", encoding="utf-8") as file:
            found = re.search(r"VmHWM:\s+(\d+)", file.read())
        return int(found.group(1)) if found else 0, len(os.listdir(f"/proc/{process}/fd"))
    except OSError:
        return 0, 0


def cost(home, folder, count):
    """Milliseconds of a command: without sync.auto, starting a worker, finding one."""
    times = {"off": [], "starts": [], "finds": []}
    for number in range(count):
        for case in times:
            home.write(folder, case != "off")
            if case == "finds":
                home.run("tag", "add", f"before{number}", "00001", calm="5000")
            home.run("tag", "add", f"{case}{number}", "00001", calm="5000")
            times[case].append(home.seconds * 1000)
            for process in home.workers()[0]:
                os.kill(process, signal.SIGKILL)
    home.write(folder, True)
    medians = {case: statistics.median(values) for case, values in times.items()}
    print(f"a command takes {medians['off']:.2f} ms without sync.auto, {medians['starts']:.2f} when it starts a "
          f"worker, {medians['finds']:.2f} when it finds one (medians of {count})", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shelf", default=os.path.join(ROOT, ".build/release/shelf"))
    parser.add_argument("--syncs", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--cost", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    folder = tempfile.mkdtemp(prefix="shelf-background-")
    try:
        os.makedirs(os.path.join(folder, "remote"))
        desk, laptop = Home(options, folder, "desk", True), Home(options, folder, "laptop", False)
        desk.run("add", "2509.00001", "--title", "Paper")
        desk.settle()
        cost(desk, folder, options.cost)
        desk.run("tag", "add", "begin", "00001")
        desk.settle()
        edits, most, handles = [], 0, 0
        for number in range(options.syncs):
            desk.run("tag", "add", f"s{number % 50}" if number // 50 % 2 == 0 else "x", "00001")
            desk.run("tag", "remove", f"s{number % 50}", "00001")
            desk.run("tag", "add", f"s{number % 50}", "00001")
            for process in desk.workers()[0]:
                size, files = memory(process)
                most, handles = max(most, size), max(handles, files)
            desk.settle()
        workers, zombies = desk.workers()
        print(f"{options.syncs} background syncs: {len(workers)} processes and {zombies} zombies left, "
              f"the largest worker had {most} KiB and {handles} files open, left over: {desk.leftovers()}", flush=True)
        held = not workers and not zombies and not desk.leftovers()
        killed = 0
        for number in range(options.kills):
            desk.run("tag", "add", f"k{number}", "00001")
            edits.append(f"k{number}")
            time.sleep(chance.random() * 0.06)
            for process in desk.workers()[0]:
                try:
                    os.kill(process, signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass
        # What a killed one left is taken away by the next that writes, once the system has reaped it.
        time.sleep(2)
        desk.run("star", "00001")
        desk.settle()
        waiting = '"waiting":0' in desk.run("sync", "status", "--json").replace(" ", "")
        laptop.run("sync")
        same = desk.run("export", "jsonl") == laptop.run("export", "jsonl")
        kept = set(edits) <= set(laptop.run("list", "00001", "--format", "{tags}").replace(",", " ").split())
        sound = desk.run("doctor") is not None
        workers, zombies = desk.workers()
        left = desk.leftovers() + [name for name in os.listdir(os.path.join(folder, "remote")) if "partial" in name]
        print(f"{killed} of {options.kills} killed: all sent {waiting}, both the same {same}, every edit there {kept}, "
              f"doctor content {sound}, {len(workers)} processes and {zombies} zombies left, left over: {left}", flush=True)
        held = held and waiting and same and kept and sound and not workers and not zombies and not left
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if held else 1)


if __name__ == "__main__":
    main()
