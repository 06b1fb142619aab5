#!/usr/bin/env python3
"""Runs every command that README.md prints, as a person would, and compares what comes with what is printed.

    readme.py SHELF            tells what differs, line by line; ends with 1 if anything does
    readme.py SHELF --write    puts what comes into README.md, cut where it was cut; then look at the difference

One home, one terminal of 100 columns, one shell, in the order of the page:

* a block of commands behind `$` is typed line by line, and what they print is compared; a line `…` stands for any
  number of lines, `…` at the end of one for the rest of it. Times, dates of this year and later, bytes sent, and the ids of notes
  are not compared.
* a block `text keys: …` is what `shelf triage` shows after these keys.
* a block `sh` runs from the first to the last line and must end well. Programs that change the machine are
  played (PLAYED); addresses of servers lead to a folder on loopback, and the network of `fetch` to a server that
  plays arXiv and Hugging Face.
* a block `markdown` is a part of the sample digest.
* each `shelf …` in the text, in a table or a sentence, is a command that shelf takes: it may find nothing, but its
  words make sense. What stands for something (NAME, FILE, …) is replaced (MEANT).

The blocks `sh` of Sources/ARCHITECTURE.md run at the end. Nothing outside a temporary folder changes.
"""
import datetime
import http.server
import json
import os
import pty
import re
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
import fcntl
import struct

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
SIZE = (24, 100)

# Programs that would change the machine, or take minutes. Each is told its words.
PLAYED = {
    "sudo": 'exec "$@"',
    "apt-get": 'for word; do case $word in ./*.deb) [ -s "$word" ] || exit 100 ;; esac; done',
    # Packing takes half a minute; Tests/package.sh does it.
    "dpkg-deb": 'for last; do :; done; echo packed >"$last"',
    "systemctl": 'for word; do case $word in *.timer) [ -e "$README_ROOT/sample-config/$word" ] || exit 5 ;; esac; done',
    "loginctl": "",
    "swift": 'case $1 in --version) echo "Swift version 6.2 (played)" ;; build) ;; *) exit 64 ;; esac',
}
# What is played only in a block `sh`, because it builds: the program that is tested stands for the one it would build.
SCRIPTS = ["Tests/try.sh", "Tests/install.sh", "Sources/install.sh", "Sources/package.sh"]

# What a word stands for in a command that is printed in a sentence.
MEANT = {
    "NAME": "stick", "FILE": "backup-file", "N": "1", "VERB": "list", "ID": "06180", "FOLDER": "folder",
}
# Commands in sentences that wait for a person, with what they are given instead.
WAITING = {"shelf config edit": "shelf config path", "shelf sync --watch": "shelf sync --watch --help"}


def blocks(text):
    """Pairs of the line of a fence, its words, and its lines."""
    found, fence = [], None
    for number, line in enumerate(text.split("\n")):
        if line.startswith("```"):
            if fence is None:
                fence = (number, line[3:].strip(), [])
            else:
                found.append(fence)
                fence = None
        elif fence is not None:
            fence[2].append(line)
    return found


class Hosts(http.server.BaseHTTPRequestHandler):
    """Plays arXiv and Hugging Face for yesterday, and a folder that knows GET and PUT."""

    protocol_version = "HTTP/1.1"
    files = {}
    day = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)).date().isoformat()

    def answer(self, status, body=b"", kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        host, path = self.headers.get("Host", ""), self.path
        if path.startswith("/folder/"):
            body = self.files.get(path)
            return self.answer(404) if body is None else self.answer(200, body)
        if path.startswith("/api/daily_papers"):
            papers = [("2511.00001", "Boats That Fold Themselves"), ("2511.00002", "A Map the Size of a Stamp")]
            said = [{"paper": {"id": id, "title": title, "summary": "We fold.", "authors": [{"name": "Ida Invented"}],
                               "upvotes": 7, "publishedAt": self.day + "T00:00:00.000Z",
                               "submittedOnDailyAt": self.day + "T05:00:00.000Z"}, "title": title}
                    for id, title in papers]
            return self.answer(200, json.dumps(said if self.day in path else []).encode(), "application/json")
        if "cs.CL" in path and "rss" in host or path.startswith("/atom/") or path.startswith("/rss/"):
            entries = "".join(f"""<entry><id>oai:arXiv.org:{id}v1</id><title>{title}</title>
              <updated>{self.day}T04:00:00+00:00</updated>
              <link href="https://arxiv.org/abs/{id}" rel="alternate" type="text/html"/>
              <summary>arXiv:{id}v1 Announce Type: new
              Abstract: We fly.</summary><category term="cs.CL"/>
              <published>{self.day}T00:00:00-04:00</published><arxiv:announce_type>new</arxiv:announce_type>
              <dc:creator>Bo Maker</dc:creator></entry>"""
                              for id, title in [("2511.00003", "Kites over Parsers")])
            feed = f"""<?xml version='1.0' encoding='UTF-8'?>
              <feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"
              xmlns:dc="http://purl.org/dc/elements/1.1/"><id>http://rss.arxiv.org/atom/cs.CL</id>
              <title>cs.CL updates</title><updated>{self.day}T04:00:00+00:00</updated>{entries}</feed>"""
            return self.answer(200, feed.encode(), "application/atom+xml")
        self.answer(404)

    def do_PUT(self):
        self.files[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201)

    def do_OTHER(self):
        self.answer(405)

    do_PROPFIND = do_MKCOL = do_DELETE = do_OPTIONS = do_HEAD = do_OTHER

    def log_message(self, *words):
        pass


class Shell:
    """A shell on a terminal. Commands come to it from elsewhere, so that the terminal's keys are theirs."""

    def __init__(self, variables, folder):
        self.home = variables["HOME"]
        theirs, ours = os.pipe()
        self.commands = ours
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.dup2(theirs, 9)
            os.chdir(folder)
            loop = 'while IFS= read -r -d "" -u 9 line; do eval "$line"; printf "\\036%d\\036" $?; done'
            os.execve("/bin/bash", ["bash", "--norc", "--noprofile", "-c", loop], variables)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", *SIZE, 0, 0))
        os.close(theirs)

    def run(self, command, typed=""):
        """What it printed, and its exit code."""
        os.write(self.commands, command.encode() + b"\0")
        seen, end = b"", time.monotonic() + 120
        while not (over := re.search(rb"\x1e(\d+)\x1e", seen)):
            if time.monotonic() > end:
                raise SystemExit(f"readme.py: {command} does not end; so far:\n{seen.decode()}")
            if select.select([self.terminal], [], [], 0.2)[0]:
                seen += os.read(self.terminal, 1 << 16)
            elif typed:
                os.write(self.terminal, typed.encode())
                typed = ""
        text = seen[: over.start()].decode().replace("\r\n", "\n").removesuffix("\n")
        # What was erased again is not seen: the bar of a command that takes its time.
        lines = [line.split("\x1b[K")[-1].split("\r")[-1].rstrip() for line in text.split("\n")] if text else []
        return [self.named(line) for line in lines], int(over[1])

    def named(self, line):
        """A line as on a machine called desk whose person is called me."""
        return line.replace(self.home, "/home/me").replace(socket.gethostname(), "desk")


def plain(line):
    """A line without what no two runs share."""
    line = line.rstrip()
    line = re.sub(r"\b(?:20(?:2[6-9]|[3-9]\d))-\d\d-\d\d\b", "DAY", line)
    line = re.sub(r"\b\d\d:\d\d(?::\d\d)?\b", "TIME", line)
    line = re.sub(r"DAY(, DAY)+", "DAY", line)
    line = re.sub(r"\bnote \w{8}\b", "note ID", line)
    line = re.sub(r"^  \w{8}  (?=DAY)", "  ID  ", line)
    line = re.sub(r"\d+ k?B (?=up|down)", "N B ", line)
    return re.sub(r" +", " ", line)


def fits(wanted, came):
    """Whether the lines are these; `…` alone is any number of them, at the end of a line the rest of it."""
    if not wanted:
        return not came
    if wanted[0] == "…":
        return any(fits(wanted[1:], came[skip:]) for skip in range(len(came) + 1))
    if not came:
        return False
    line, other = plain(wanted[0]), plain(came[0])
    if line.endswith("…") and other.startswith(line[:-1]):
        return fits(wanted[1:], came[1:])
    return line == other and fits(wanted[1:], came[1:])


class Page:
    def __init__(self, shelf, write):
        self.shelf, self.write, self.trouble = shelf, write, []
        self.text = open(ROOT + "/README.md", encoding="utf-8").read()
        self.lines = self.text.split("\n")
        self.home = tempfile.mkdtemp(prefix="readme-")
        self.folder = self.home + "/papershelf"
        tools = self.home + "/tools"
        for path in (self.folder + "/.build/release", self.folder + "/Tests", self.folder + "/Sources", tools):
            os.makedirs(path)
        for name, script in PLAYED.items():
            with open(f"{tools}/{name}", "w", encoding="utf-8") as file:
                file.write(f"#!/bin/sh\n{script}\n")
            os.chmod(f"{tools}/{name}", 0o755)
        for link, place in ((tools + "/shelf", shelf), (self.folder + "/.build/release/shelf", shelf),
                            (self.folder + "/sample-config", ROOT + "/sample-config"),
                            (self.folder + "/README.md", ROOT + "/README.md")):
            os.symlink(place, link)
        for name in ("COPYRIGHT", "CHANGELOG.md", "CCurl", "CCrypto", "CExpat", "CLzma"):
            os.symlink(f"{ROOT}/Sources/{name}", f"{self.folder}/Sources/{name}")
        for script in SCRIPTS:
            shutil.copy(f"{ROOT}/{script}", f"{self.folder}/{script}")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hosts)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_port
        self.variables = {
            "HOME": self.home, "PATH": f"{tools}:/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8", "TZ": "UTC",
            "NO_COLOR": "1", "PAGER": "cat", "SHELF_LOOPBACK": str(self.port), "README_ROOT": ROOT,
            "TMPDIR": self.home, "SWIFT_BACKTRACE": "enable=no",
        }
        self.session = Shell(self.variables, self.folder)

    def tell(self, number, *words):
        self.trouble.append(f"README.md:{number + 1}: " + "\n  ".join(words))

    def here(self, command):
        """A command with the addresses of servers led to loopback."""
        bare = f"http-put+http://127.0.0.1:{self.port}/folder/"
        return re.sub(r"https://(?:dav|cloud)\.example\.org/\S*", bare, command)

    def typed(self, number, lines):
        """A block of `$` lines. Gives the lines as they came."""
        made, index = [], 0
        while index < len(lines):
            command = lines[index]
            if not command.startswith("$ "):
                self.tell(number + 1 + index, "no command prints this: " + command)
                index += 1
                continue
            end = index + 1
            while end < len(lines) and not lines[end].startswith("$ "):
                end += 1
            wanted = lines[index + 1 : end]
            blank = []
            while wanted and not wanted[-1]:
                blank.append(wanted.pop())
            came, status = self.session.run(self.here(command[2:]))
            if status != 0:
                self.tell(number + 1 + index, f"{command} ended with {status}", *came)
            elif not fits(wanted, came):
                self.tell(number + 1 + index, command + " printed", *came)
            else:
                came = wanted
            # A block of nothing but … is new: all of it is put there, for somebody to cut.
            if len(wanted) > 1 and wanted[-1] == "…" and len(wanted) <= len(came):
                came = came[: len(wanted) - 1] + ["…"]
            made += [command] + came + blank
            index = end
        return made

    def script(self, number, lines):
        """A block `sh`."""
        text = self.here("\n".join(lines))
        typed = "sesame\n\x04" if "type the password" in text else ""
        # A trial keeps its list, and the tour begins with none.
        home = "mkdir -p ~/trial; export HOME=~/trial\n" if "Tests/try.sh" in text else ""
        came, status = self.session.run(f"( set -e\n{home}{text}\n)", typed)
        if status != 0:
            self.tell(number, f"ended with {status}: {text}", *came)
        return came

    def screen(self, number, keys, lines):
        """What `shelf triage` shows after keys."""
        sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
        import triage
        home = self.home + "/triage"
        digest = ROOT + "/sample-config/digest-2025-10-02.md"
        subprocess.run([self.shelf, "--home", home, "import", digest], check=True, capture_output=True)
        terminal = triage.Terminal([self.shelf, "triage"], home, columns=SIZE[1], rows=16)
        terminal.until(lambda: "? all keys" in terminal.text(), "the first card")
        for key in keys:
            before = terminal.lines()
            terminal.type(key)
            terminal.until(lambda: terminal.lines() != before, "an answer to " + key)
        came = terminal.text().rstrip("\n").split("\n")
        if terminal.leave() != 0:
            self.tell(number, "triage did not end well")
        if fits(lines, came):
            return lines
        self.tell(number, "shelf triage shows", *came)
        return came

    def sentences(self):
        """Every `shelf …` outside of blocks."""
        inside, found = False, []
        for number, line in enumerate(self.lines):
            if line.startswith("```"):
                inside = not inside
            elif not inside:
                found.append((number, line))
        # A span may go on in the next line.
        text = "\n".join(line for _, line in found)
        for match in re.finditer(r"(?<!`)`((?:shelf|systemctl|loginctl|man|rm|sudo)(?:\s[^`]*)?)`(?!`)", text):
            number = found[text.count("\n", 0, match.start())][0]
            command = " ".join(match[1].split())
            if not command.startswith("shelf"):
                self.program(number, command)
                continue
            meant = WAITING.get(command, command)
            meant = re.sub(r"\b[A-Z][A-Z/]*\b(?!\w*@)", lambda word: MEANT.get(word[0], word[0]), meant)
            home = tempfile.mkdtemp(dir=self.home)
            shutil.copytree(self.home + "/tour", home + "/tour")
            run = subprocess.run(
                ["bash", "-c", self.here(meant)], cwd=self.folder, capture_output=True, text=True, timeout=120,
                stdin=subprocess.DEVNULL, env=self.variables | {"HOME": home, "SHELF_HOME": home + "/tour"})
            if run.returncode == 64 and re.fullmatch(r"shelf( [a-z]+)+", meant):
                # A verb is named, not its whole command.
                run = subprocess.run([self.shelf, *meant.split()[1:], "--help"], capture_output=True, text=True)
            if run.returncode in (64, 70, 78, 126, 127) or run.returncode < 0:
                self.tell(number, f"`{command}` ended with {run.returncode}", run.stderr)
            shutil.rmtree(home)

    def program(self, number, command):
        """Other programs in sentences: they are there, or played, and name what is there."""
        words = command.split()
        if words[0] == "man":
            page = subprocess.run([self.shelf, "help", "man"], capture_output=True, text=True, check=True).stdout
            if not page.startswith(".") or words[1] != "shelf":
                self.tell(number, f"`{command}`: there is no such page")
        elif words[0] == "rm":
            for path in words[1:]:
                # Where the trial put it, and nothing before.
                if not os.path.exists(path.replace("~", self.home + "/trial")):
                    self.tell(number, f"`{command}`: {path} is not there")
        else:
            came, status = self.session.run(command)
            if status != 0:
                self.tell(number, f"`{command}` ended with {status}", *came)

    def run(self):
        for number, words, lines in blocks(self.text):
            if words == "":
                self.replace(number, lines, self.typed(number, lines))
            elif words == "sh":
                self.script(number, lines)
            elif words.startswith("text keys: "):
                self.replace(number, lines, self.screen(number, words[11:].split(), lines))
            elif words == "markdown":
                sample = open(ROOT + "/sample-config/digest-2025-10-02.md", encoding="utf-8").read()
                if not all(line.removesuffix("…") in sample for line in lines):
                    self.tell(number, "this is not in the sample digest")
            else:
                self.tell(number, f"a block of {words}: nobody runs it")
        self.session.run("unset SHELF_HOME; rm -rf ~/.local/share/papershelf; ln -s ~/tour ~/.local/share/papershelf")
        self.sentences()
        with open(ROOT + "/Sources/ARCHITECTURE.md", encoding="utf-8") as file:
            for number, words, lines in blocks(file.read()):
                if words == "sh" and not self.script(number, lines):
                    self.tell(number, "in ARCHITECTURE.md: nothing is found", *lines)
        os.close(self.session.commands)
        self.server.shutdown()

    def replace(self, number, old, new):
        """Remembers what came, for --write."""
        if self.write and old != new:
            self.changes = getattr(self, "changes", []) + [(number, len(old), new)]

    def finish(self):
        shutil.rmtree(self.home, ignore_errors=True)
        for number, count, new in reversed(getattr(self, "changes", [])):
            self.lines[number + 1 : number + 1 + count] = new
        if self.write:
            with open(ROOT + "/README.md", "w", encoding="utf-8") as file:
                file.write("\n".join(self.lines))
        for words in self.trouble:
            print(words)
        return 1 if self.trouble else 0


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--write"]):
        print(__doc__.split("\n\n")[1], file=sys.stderr)
        return 64
    page = Page(os.path.realpath(sys.argv[1]), len(sys.argv) == 3)
    try:
        page.run()
    finally:
        status = page.finish()
    return status


if __name__ == "__main__":
    sys.exit(main())
