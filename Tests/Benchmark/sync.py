"""The rows of sync: for run.py, which hands in its corpus and prints.

Needs Apache (Tests/servers/install.sh); without it only the rows over a folder are run. The server is
that of the tests: Tests/servers/apache.conf, on loopback, with its data beside the corpus.
"""
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
SERVERS = os.path.join(os.path.dirname(HERE), "servers")
READER = os.path.join(os.path.dirname(HERE), "remote-reader", "read_remote.py")
LOGIN = ["-u", "ada:sesame"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Apache:
    """Apache with mod_dav on loopback."""

    BINARY = "/usr/sbin/apache2"

    def __init__(self, root):
        self.root, self.port = root, free_port()
        shutil.rmtree(root, ignore_errors=True)
        for folder in ["", "data", "data/basic", "data/digest", "data/client", "locks"]:
            os.makedirs(os.path.join(root, folder), exist_ok=True)
            os.chmod(os.path.join(root, folder), 0o755 if folder == "" else 0o777)
        os.makedirs(os.path.join(root, "tls"))
        subprocess.run(["sh", os.path.join(SERVERS, "certificates.sh"), os.path.join(root, "tls")],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        places = {"@ROOT@": root, "@TLSPORT@": str(free_port()), "@PORT@": str(self.port)}
        for name in ["apache.conf", "users.basic", "users.digest"]:
            with open(os.path.join(SERVERS, name), encoding="utf-8") as file:
                text = file.read()
            for place, value in places.items():
                text = text.replace(place, value)
            with open(os.path.join(root, name), "w", encoding="utf-8") as file:
                file.write(text)
        self.log = open(os.path.join(root, "output.log"), "wb")
        self.process = subprocess.Popen([self.BINARY, "-X", "-f", os.path.join(root, "apache.conf")],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("Apache does not start: see " + self.log.name)

    def url(self, folder):
        return f"http://127.0.0.1:{self.port}/basic/{folder}/"

    def files(self, folder):
        return sorted(os.listdir(os.path.join(self.root, "data", "basic", folder)))

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()


class Homes:
    """Homes of the machines of one benchmark."""

    def __init__(self, benchmark, measure):
        self.shelf, self.path, self.measure = benchmark.shelf, benchmark.path, measure
        self.password = self.path("password")
        with open(os.open(self.password, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write("sesame\n")

    def environment(self, name):
        return dict(os.environ, SHELF_HOME=self.path("homes", name), TZ="UTC", NO_COLOR="1")

    def new(self, name, url=None):
        shutil.rmtree(self.path("homes", name), ignore_errors=True)
        os.makedirs(self.path("homes", name))
        if url:
            login = ["--user", "ada", "--password-file", self.password] if "://" in url else []
            self.run(name, "remote", "add", "r", url, "--no-test", *login)

    def run(self, name, *words):
        """Seconds and peak KiB of one command that must end well."""
        seconds, peak, code = self.measure([self.shelf, *words], self.environment(name))
        assert code == 0, f"shelf {' '.join(words)} ended with {code}"
        return seconds, peak


def over_folder(benchmark, homes, measure):
    """First sync to an empty folder against gzip; a second machine's against reading and importing."""
    folder, lines = benchmark.path("shared"), benchmark.path("changes.jsonl")
    homes.new("desk", folder)
    homes.run("desk", "import", benchmark.path("digests"))
    rows = {"first": ([], [], []), "second": ([], [], [])}
    for turn in range(benchmark.sync_runs):
        shutil.rmtree(folder, ignore_errors=True)
        homes.run("desk", "remote", "remove", "r")
        homes.run("desk", "remote", "add", "r", folder, "--no-test")
        ours, peak = homes.run("desk", "sync")
        if turn == 0:
            with open(lines, "wb") as file:
                subprocess.run([sys.executable, READER, folder], stdout=file, check=True)
        packed = measure(f"gzip -6 -c '{lines}' > '{lines}.gz' && sync '{lines}.gz'", None)[0]
        note(rows["first"], ours, packed, peak)
        homes.new("laptop", folder)
        ours, peak = homes.run("laptop", "sync")
        homes.new("floor")
        read = measure(f"cat '{folder}'/* > /dev/null", None)[0]
        local, _ = homes.run("floor", "import", benchmark.path("digests"))
        note(rows["second"], ours, read + local, peak)
    show(benchmark, "first sync to an empty folder", 2, rows["first"])
    show(benchmark, "second machine's first sync", 2, rows["second"])


def over_apache(benchmark, homes, measure, apache):
    """The second machine against curl and an import; nothing new against one PROPFIND."""
    homes.new("desk", apache.url("shelf"))
    homes.run("desk", "import", benchmark.path("digests"))
    homes.run("desk", "sync")
    fetched = benchmark.path("fetched")
    os.makedirs(fetched, exist_ok=True)
    second, quiet = ([], [], []), ([], [], [])
    fetch = ["curl", "-sf", *LOGIN, "--remote-name-all", "--output-dir", fetched]
    fetch += [apache.url("shelf") + name for name in apache.files("shelf")]
    for _ in range(benchmark.sync_runs):
        homes.new("laptop", apache.url("shelf"))
        ours, peak = homes.run("laptop", "sync")
        homes.new("floor")
        seconds, _, code = measure(fetch, None)
        assert code == 0, f"curl ended with {code}"
        local, _ = homes.run("floor", "import", benchmark.path("digests"))
        note(second, ours, seconds + local, peak)
    show(benchmark, "second machine's first sync, Apache", 2, second)
    homes.run("desk", "sync")
    question = ["curl", "-sf", *LOGIN, "-X", "PROPFIND", "-H", "Depth: 1", apache.url("shelf")]
    for turn in range(benchmark.runs + 1):
        ours, peak = homes.run("laptop", "sync")
        asked, _, code = measure(question, None)
        assert code == 0, f"curl ended with {code}"
        if turn > 0:
            note(quiet, ours, asked, peak)
    show(benchmark, "sync with nothing new, Apache", 3, quiet)


def note(row, ours, theirs, peak):
    row[0].append(ours)
    row[1].append(theirs)
    row[2].append(peak)


def show(benchmark, name, target, row):
    benchmark.report(name, target, row[0], row[1], max(row[2]))


def run(benchmark, measure):
    """Prints the rows of sync."""
    if benchmark.only and "sync" not in benchmark.only:
        return
    benchmark.sync_runs = 1 if benchmark.papers > 20_000 else 3
    homes = Homes(benchmark, measure)
    over_folder(benchmark, homes, measure)
    if not os.path.exists(Apache.BINARY):
        print("| (rows over Apache: not installed) | | | | | |")
        return
    apache = Apache(benchmark.path("apache"))
    try:
        over_apache(benchmark, homes, measure, apache)
    finally:
        apache.stop()
    for home in glob.glob(benchmark.path("homes", "*")):
        shutil.rmtree(home)
