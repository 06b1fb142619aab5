#!/usr/bin/env python3
"""A person at a terminal who goes through the days with `shelf triage`.

    triage.py fortnight SHELF DIGESTS [COLUMNS ROWS]    all days, and how many keys that took
    triage.py screens SHELF DIGESTS COLUMNS ROWS        what is seen on the way, as text
    triage.py latency SHELF HOME [KEYS]                 milliseconds from a key to the next card's bytes

What is printed is JSON. The terminal is pyte's, whose cells are wcwidth's: another opinion than
ours of how wide a character is. DIGESTS is imported into a home that goes at the end.
"""
import fcntl
import hashlib
import json
import os
import pty
import re
import resource
import select
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time

import pyte


class Terminal:
    """`shelf` on a pseudo-terminal, and what the terminal shows."""

    def __init__(self, words, home, columns=80, rows=24):
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        env = {"SHELF_HOME": home, "HOME": home, "TERM": "xterm", "TZ": "UTC", "NO_COLOR": "1",
               "PATH": "/usr/bin:/bin", "LC_ALL": "C", "SWIFT_BACKTRACE": "enable=no"}
        self.start = self.arrived = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # The size is there before the program looks.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execve(words[0], words, env)

    def read(self, seconds):
        """Takes what comes; false when nothing did."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        # Before pyte reads it, which takes a screen longer than shelf does to make it.
        self.arrived = time.perf_counter()
        if data:
            self.stream.feed(data)
        return bool(data)

    def until(self, condition, what, seconds=20):
        """Waits until the screen shows it, and is whole; when the bytes that show it came."""
        end = time.perf_counter() + seconds
        while not condition():
            if time.perf_counter() > end or (not self.read(0.5) and self.is_over()):
                raise SystemExit(f"{what}: did not come\n" + self.text())
        at = self.arrived
        while self.read(0.004):
            pass
        return at

    def is_over(self):
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def type(self, text):
        os.write(self.fd, text.encode())

    def lines(self):
        return [line.rstrip() for line in self.screen.display]

    def text(self):
        return "\n".join(self.lines()).rstrip("\n") + "\n"

    def leave(self):
        self.type("Q")
        while self.read(0.5):
            pass
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


class Person:
    """Decides about one card after the other, and counts keys."""

    def __init__(self, terminal):
        self.terminal = terminal
        self.keys = 0

    def card(self):
        """What tells one card from another: the head line and the id."""
        words = [word for line in self.terminal.lines() for word in line.split()
                 if word.count(".") == 1 and word.replace(".", "").isdigit() and len(word) >= 9]
        return self.terminal.lines()[0].split(" ·")[0], words[:1]

    def press(self, keys, to_next):
        before = self.card()
        lines = self.terminal.lines()
        for key in keys:
            self.keys += 1
            self.terminal.type(key)
        if to_next:
            self.terminal.until(lambda: self.card() != before, f"the card after {keys!r}")
        else:
            self.terminal.until(lambda: self.terminal.lines() != lines, f"an answer to {keys!r}")

    def is_at_end(self):
        text = self.terminal.text()
        return "Nothing is left." in text or "That was all that is new." in text

    def decide(self, number):
        """As people do: most is skipped by its title, some is read whole, few are kept."""
        dice = hashlib.sha256(str(number).encode()).digest()[0]
        if dice < 150:
            self.press("s", True)
        elif dice < 200:
            self.press("r", True)
        elif dice < 225:
            self.press("q", True)
        elif dice < 238:
            self.press("*", False)
            self.press("r", True)
        elif dice < 246:
            self.press("\r", False)
            self.press("q", True)
        elif dice < 250:
            for key in ("t", "k", "v", "\r"):
                self.press(key, False)
            self.press("s", True)
        elif dice < 253:
            self.press("s", True)
            self.press("u", True)
            self.press("r", True)
        else:
            self.press("s", True)
            self.press("b", True)
            self.press("q", True)


class Home:
    """A home of its own that goes at the end."""

    def __init__(self, shelf, digests):
        self.shelf = shelf
        self.path = tempfile.mkdtemp(prefix="shelf-triage-")
        self.run("import", digests)

    def run(self, *words):
        env = {"SHELF_HOME": self.path, "PATH": "/usr/bin:/bin", "TZ": "UTC"}
        done = subprocess.run([self.shelf, *words], env=env, capture_output=True, text=True)
        if done.returncode not in (0, 2):
            raise SystemExit(f"{words}: {done.returncode} {done.stderr}")
        return done.stdout

    def remove(self):
        shutil.rmtree(self.path)


def fortnight(shelf, digests, columns=120, rows=40):
    home = Home(shelf, digests)
    papers = int(home.run("count"))
    keys = decided = runs = 0
    # A person stops and comes back.
    while decided < papers:
        terminal = Terminal([shelf, "triage"], home.path, columns, rows)
        person = Person(terminal)
        terminal.until(lambda: person.card()[1] or person.is_at_end(), "the first card")
        runs += 1
        for _ in range(200):
            if person.is_at_end():
                break
            person.decide(decided)
            decided += 1
        keys += person.keys
        code = terminal.leave()
        assert code == 0, code
        if runs > papers:
            raise SystemExit("it does not come to an end")
    left = int(home.run("count", "is:unread"))
    doctor = home.run("doctor")
    home.remove()
    return {"papers": papers, "decided": decided, "left": left, "keys": keys, "runs": runs,
            "keysPerPaper": round(keys / max(1, decided), 3), "doctor": doctor.strip()}


def timeless(text):
    """A screen that is the same on every day and machine."""
    text = re.sub(r"20\d\d-\d\d-\d\d \d\d:\d\d", "2026-01-01 00:00", text)
    # Whether a paper was changed in the minute in which it came is chance.
    text = text.replace(", changed 2026-01-01 00:00", "")
    return text.replace(f"({socket.gethostname()})", "(desk)")


def screens(shelf, digests, columns, rows):
    home = Home(shelf, digests)
    terminal = Terminal([shelf, "triage"], home.path, columns, rows)
    person = Person(terminal)
    terminal.until(lambda: person.card()[1], "the first card")
    shown = {"first": terminal.text()}
    for keys, name in [("s", ""), ("q", ""), ("*", ""), ("r", "decided"), ("t", ""), ("k", "typing")]:
        person.press(keys, keys in "sqr")
        if name:
            shown[name] = terminal.text()
    person.press("\r", False)
    person.press("\r", False)
    shown["whole"] = terminal.text()
    person.press("\r", False)
    person.press("?", False)
    shown["help"] = terminal.text()
    person.press("x", False)
    person.press("A", True)
    person.press("A", False)
    shown["rest"] = terminal.text()
    assert terminal.leave() == 0
    home.remove()
    return {name: timeless(text) for name, text in shown.items()}


def latency(shelf, home, keys=60):
    """A copy of the home is used, so that it stays as it is."""
    copy = tempfile.mkdtemp(prefix="shelf-triage-")
    shutil.copytree(home, copy, dirs_exist_ok=True)
    starts, times = [], []
    for turn in range(6):
        terminal = Terminal([shelf, "triage"], copy, 120, 40)
        person = Person(terminal)
        at = terminal.until(lambda: person.card()[1], "the first card")
        if turn:
            starts.append(at - terminal.start)
        for place in range(keys // 5):
            before = person.card()
            start = time.perf_counter()
            terminal.type("sqrs "[place % 5])
            times.append(terminal.until(lambda: person.card() != before, "the next card") - start)
        with open(f"/proc/{terminal.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
        terminal.leave()
    shutil.rmtree(copy)
    times.sort()
    return {"start": round(statistics.median(starts) * 1000, 1),
            "key": round(statistics.median(times) * 1000, 1),
            "key95": round(times[int(len(times) * 0.95)] * 1000, 1), "peakMB": peak // 1024}


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(1800)
    command, *words = sys.argv[1:]
    work = {"fortnight": fortnight, "screens": screens, "latency": latency}[command]
    numbers = [int(word) for word in words[2:]]
    print(json.dumps(work(os.path.abspath(words[0]), os.path.abspath(words[1]), *numbers),
                     ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
