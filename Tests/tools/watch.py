#!/usr/bin/env python3
"""Two machines that `sync --watch`, over a folder, Apache and nginx: how long an edit takes from one to the other,
and what it costs to look while nothing happens.

    swift build -c release --static-swift-stdlib --product shelf
    python3 Tests/tools/watch.py --edits 60 --idle 90 [SERVER…]

Prints for each server the distribution of the seconds from the start of the command that edits, on either machine,
to the end of the sync that brings the edit to the other; then the requests and bytes an hour of one idle machine,
counted by a proxy and told for the rhythm of the first hour and for that of later ones. A restart of the server and
a kill of both ends are part of it. The exit code is 0 when every edit came within five seconds.
"""
import argparse
import json
import os
import queue
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "Tests", "Benchmark"))
import sync  # noqa: E402  (Apache as the tests and the benchmark start it)

SERVERS = ["folder", "apache", "nginx", "nginx-put"]
LOOK_LATE = 30


class Nginx:
    """nginx of the tests, in the foreground."""

    def __init__(self, root, kind):
        self.root, self.port, self.kind = root, sync.free_port(), kind
        shutil.rmtree(root, ignore_errors=True)
        for folder in ["", "data", "data/dav", "data/put", "body"]:
            os.makedirs(os.path.join(root, folder), exist_ok=True)
            os.chmod(os.path.join(root, folder), 0o755 if folder == "" else 0o777)
        with open(os.path.join(sync.SERVERS, "nginx.conf"), encoding="utf-8") as file:
            text = file.read().replace("@ROOT@", root).replace("@PORT@", str(self.port))
        self.conf = os.path.join(root, "nginx.conf")
        with open(self.conf, "w", encoding="utf-8") as file:
            file.write(text)
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            ["/usr/sbin/nginx", "-c", self.conf, "-e", os.path.join(self.root, "error.log")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("nginx does not start: see " + self.root)

    def path(self, folder):
        return f"/{self.kind}/{folder}/"

    def stop(self):
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait()


class Apache(sync.Apache):
    def path(self, folder):
        return f"/basic/{folder}/"

    def start(self):
        self.process = subprocess.Popen(
            [self.BINARY, "-X", "-f", os.path.join(self.root, "apache.conf")],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)


class Proxy:
    """Hands bytes on and counts them: those of one machine."""

    REQUEST = re.compile(rb"(?m)^(GET|PUT|DELETE|PROPFIND|MKCOL|HEAD) [^\r\n]* HTTP/1\.1\r?$")

    def __init__(self, port):
        self.target, self.requests, self.sent, self.received = port, 0, 0, 0
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            for source, drain, isRequest in [(client, server, True), (server, client, False)]:
                threading.Thread(target=self.hand, args=(source, drain, isRequest), daemon=True).start()

    def hand(self, source, drain, is_request):
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            if not data:
                break
            if is_request:
                self.sent += len(data)
                self.requests += len(self.REQUEST.findall(data))
            else:
                self.received += len(data)
            try:
                drain.sendall(data)
            except OSError:
                break
        for end in (source, drain):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def counts(self):
        return self.requests, self.sent, self.received


class Machine:
    def __init__(self, shelf, home, url, password):
        self.shelf, self.home, self.came = shelf, home, queue.Queue()
        os.makedirs(home)
        login = ["--user", "ada", "--password-file", password] if "://" in url else []
        self.run("remote", "add", "r", url, "--no-test", *login)
        self.run("sync")

    def environment(self):
        return dict(os.environ, SHELF_HOME=self.home, TZ="UTC", SHELF_LOOPBACK="1")

    def run(self, *words):
        done = subprocess.run([self.shelf, *words], env=self.environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{words}: {done.returncode} {done.stderr.decode()}")
        return done.stdout.decode()

    def watch(self):
        self.notes = open(self.home + ".notes", "ab")
        self.process = subprocess.Popen([self.shelf, "sync", "--watch", "--json"], env=self.environment(),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.notes)
        threading.Thread(target=self.listen, args=(self.process,), daemon=True).start()

    def listen(self, process):
        for line in process.stdout:
            if json.loads(line)["pulled"] > 0:
                self.came.put(time.monotonic())

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        code = self.process.wait()
        if how == signal.SIGTERM and code != 0:
            raise RuntimeError(f"ended with {code}")

    def handles(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def memory(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


def edit(machines, number, chance):
    writer = chance.randrange(2)
    reader = machines[1 - writer]
    while not reader.came.empty():
        reader.came.get()
    start = time.monotonic()
    machines[writer].run("tag", "add", f"t{number}", "00001")
    return reader.came.get(timeout=60) - start


def measure(name, options, folder):
    chance = random.Random(options.seed)
    os.makedirs(folder)
    password = os.path.join(folder, "password")
    with open(os.open(password, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write("sesame\n")
    server = None
    if name == "apache":
        server = Apache(os.path.join(folder, "apache"))
    elif name.startswith("nginx"):
        server = Nginx(os.path.join(folder, "nginx"), "put" if name == "nginx-put" else "dav")
    proxies = [Proxy(server.port) for _ in range(2)] if server else []
    if server:
        kind = "http-put+" if name == "nginx-put" else ""
        urls = [f"{kind}http://127.0.0.1:{proxy.port}{server.path('w')}" for proxy in proxies]
    else:
        os.makedirs(os.path.join(folder, "shared"))
        urls = [os.path.join(folder, "shared")] * 2
    machines = [Machine(options.shelf, os.path.join(folder, f"m{n}"), urls[n], password) for n in range(2)]
    try:
        machines[0].run("add", "2509.00001", "--title", "Paper")
        machines[0].run("sync")
        machines[1].run("sync")
        for machine in machines:
            machine.watch()
        time.sleep(3)
        times = []
        for number in range(options.edits):
            times.append(edit(machines, number, chance))
            time.sleep(chance.choice([0, 0.2, 1, 2, 5]))
        report(name, times)
        if proxies:
            time.sleep(options.settle)
            idle(name, proxies[0], options.idle)
        print(f"{name:10}  {machines[0].memory()} KiB, {machines[0].handles()} files open", flush=True)
        extra = []
        if server:
            server.stop()
            time.sleep(3)
            server.start()
            time.sleep(12)
            extra.append(("after a restart of the server", edit(machines, 10_000, chance)))
        for machine in machines:
            machine.end(signal.SIGKILL)
            machine.watch()
        time.sleep(3)
        extra.append(("after kill -9 of both", edit(machines, 10_001, chance)))
        for words, seconds in extra:
            print(f"{name:10}  {words}: {seconds:.2f} s", flush=True)
        for machine in machines:
            machine.end()
        exports = [machine.run("export", "jsonl") for machine in machines]
        if exports[0] != exports[1]:
            raise RuntimeError("the lists differ")
        return max(times + [seconds for _, seconds in extra]) <= 5
    finally:
        for machine in machines:
            if getattr(machine, "process", None) and machine.process.poll() is None:
                machine.process.kill()
        if server:
            server.stop()


def report(name, times):
    ordered = sorted(times)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * part))] for part in (0, 0.5, 0.9, 0.99)]
    print(f"{name:10}  {len(times)} edits: least {at[0]:.2f} s, median {at[1]:.2f}, 90 % {at[2]:.2f}, "
          f"99 % {at[3]:.2f}, most {ordered[-1]:.2f}", flush=True)


def idle(name, proxy, seconds):
    before = proxy.counts()
    time.sleep(seconds)
    requests, sent, received = (after - then for after, then in zip(proxy.counts(), before))
    hour = 3600 / seconds
    each = (sent + received) / max(1, requests)
    print(f"{name:10}  idle {seconds} s: {requests} requests, {sent} B up, {received} B down "
          f"({each:.0f} B each); an hour {requests * hour:.0f} requests, {(sent + received) * hour / 1000:.0f} kB; "
          f"later hours {3600 // LOOK_LATE} requests, {each * 3600 / LOOK_LATE / 1000:.0f} kB", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--shelf", default=os.path.join(ROOT, ".build/release/shelf"))
    parser.add_argument("--edits", type=int, default=60)
    parser.add_argument("--settle", type=float, default=65)
    parser.add_argument("--idle", type=float, default=90)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("servers", nargs="*", default=SERVERS)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="shelf-watch-")
    os.chmod(folder, 0o755)
    try:
        held = [measure(name, options, os.path.join(folder, name)) for name in options.servers]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
