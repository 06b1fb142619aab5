#!/usr/bin/env python3
"""The exported page in Chromium: how quick it is, what it looks like, how it behaves.

    page.py times FILE [RUNS]       milliseconds: opened, a key in the filter, the filter cleared
    page.py pictures FILE FOLDER    PNGs: desktop and phone, light and dark, filtered, printed (PDF)
    page.py steps FILE              standard input: a JSON list of steps, what they saw on standard
                                    output: {"key": "j"}, {"type": "words"}, {"eval": "script"},
                                    {"until": "script"}, {"load": "#hash"}, {"print": true},
                                    {"requests": true}, {"phone": [390, 844]},
                                    {"scripts": false} for what loads then

What is printed is JSON. Chromium is driven by its debugging protocol over a pipe, so that nothing
but Python and Debian's chromium is needed; it has no network but what a page could reach, and a
profile that goes at the end. A key is timed by the browser itself, from the event to the frame
that shows what came of it (Event Timing, in steps of 8 ms).
"""
import base64
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

KEYS = {"Enter": (13, "\r"), "Escape": (27, ""), "Backspace": (8, ""), "Tab": (9, ""),
        "ArrowDown": (40, ""), "ArrowUp": (38, ""), " ": (32, " "), "End": (35, ""),
        "Home": (36, "")}


class Browser:
    """A headless Chromium with one page."""

    def __init__(self):
        program = shutil.which("chromium") or shutil.which("chromium-browser")
        if not program:
            raise SystemExit("there is no chromium: bash Tests/tools/install.sh")
        self.profile = tempfile.mkdtemp(prefix="shelf-page-")
        to_browser, self.out = os.pipe()
        self.incoming, from_browser = os.pipe()

        def pipes():
            # The protocol's descriptors are 3 and 4; what is there may be one of ours.
            read, write = os.dup2(to_browser, 20), os.dup2(from_browser, 21)
            os.dup2(read, 3)
            os.dup2(write, 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-extensions", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--hide-scrollbars",
             "--force-color-profile=srgb", "--window-size=1280,900",
             f"--user-data-dir={self.profile}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=pipes, close_fds=False, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.session = None
        self.scripts = True
        target = next(each for each in self.call("Target.getTargets")["targetInfos"]
                      if each["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"],
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network"):
            self.call(domain + ".enable")

    def message(self):
        while b"\0" not in self.buffer:
            data = os.read(self.incoming, 1 << 20)
            if not data:
                raise SystemExit("chromium ended")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.out, data):]
        while True:
            answer = self.message()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        while True:
            for place, event in enumerate(self.events):
                if event.get("method") == method:
                    del self.events[place]
                    return event["params"]
            self.events.append(self.message())

    def load(self, address):
        """Milliseconds until the page is there: loaded, and its first frame on the screen."""
        self.call("Page.navigate", url="about:blank")
        self.wait("Page.loadEventFired")
        self.events.clear()
        start = time.perf_counter()
        self.call("Page.navigate", url=address)
        self.wait("Page.loadEventFired")
        if self.scripts:
            self.frame()
        return (time.perf_counter() - start) * 1000

    def eval(self, script):
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in answer:
            raise SystemExit(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def frame(self):
        """Waits until a frame has been painted."""
        self.eval("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")

    def key(self, key, modifiers=0):
        code, text = KEYS.get(key, (ord(key[0].upper()) if key.isascii() else 0, key))
        text = "" if modifiers else text
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", key=key,
                  text=text, windowsVirtualKeyCode=code, modifiers=modifiers)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)

    def size(self, width, height, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=2 if phone else 1, mobile=phone)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", media="",
                  features=[{"name": "prefers-color-scheme", "value": name}])

    def picture(self, file):
        if self.scripts:
            self.frame()
        data = self.call("Page.captureScreenshot", format="png")["data"]
        file.write_bytes(base64.b64decode(data))

    def pdf(self, file):
        data = self.call("Page.printToPDF", printBackground=False, paperWidth=8.27,
                         paperHeight=11.69)["data"]
        file.write_bytes(base64.b64decode(data))

    def allow(self, scripts):
        """Whether pages that are loaded from now on may run scripts."""
        self.scripts = scripts
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)

    def requests(self):
        """What the page asked for besides itself."""
        return [event["params"]["request"]["url"] for event in self.events
                if event.get("method") == "Network.requestWillBeSent"
                and event["params"]["type"] != "Document"]

    def end(self):
        # Its own process group: the browser and the helpers that it started.
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


WATCH = """window.seen=[];new PerformanceObserver(list=>{for(const one of list.getEntries())
if(one.name==="keydown"||one.name==="input"||one.name==="keypress")seen.push(
[one.name,one.duration,one.processingStart-one.startTime,one.processingEnd-one.processingStart])})
.observe({type:"event",durationThreshold:16});0"""


def spent(browser):
    """The longest of the events since the last look; 16 stands for less."""
    browser.frame()
    time.sleep(0.12)
    entries = browser.eval("seen.splice(0)")
    return max([entry[1] for entry in entries], default=16)


def times(file, runs=5):
    address = pathlib.Path(file).resolve().as_uri()
    browser = Browser()
    opened, typed, cleared, wide = [], [], [], {}
    try:
        for run in range(runs + 1):
            took = browser.load(address)
            browser.eval(WATCH)
            # The first key may find the page still at its own work.
            browser.key("/")
            keys, clears = [], []
            for text in ("attention", "存", "video diff", "zzz", "a"):
                for key in text:
                    browser.key(key)
                    ms = spent(browser)
                    keys.append(ms)
                    wide[(text, key)] = max(ms, wide.get((text, key), 0))
                browser.key("a", modifiers=2)
                spent(browser)
                browser.key("Backspace")
                clears.append(spent(browser))
            if run:
                opened.append(took)
                typed += keys
                cleared += clears
        memory = browser.call("Runtime.getHeapUsage")["usedSize"]
        nodes = browser.eval("document.querySelectorAll('*').length")
    finally:
        browser.end()
    return {"opened": round(statistics.median(opened)), "openedMost": round(max(opened)),
            "key": statistics.median(typed), "keyMost": max(typed),
            "clear": statistics.median(cleared), "clearMost": max(cleared),
            "heapMB": round(memory / 1e6), "nodes": nodes,
            "slowest": {"".join(k): v for k, v in sorted(wide.items(), key=lambda e: -e[1])[:4]}}


def pictures(file, folder):
    """What a person sees, to be looked at."""
    address, folder = pathlib.Path(file).resolve().as_uri(), pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    try:
        for scheme in ("light", "dark"):
            browser.scheme(scheme)
            browser.size(1280, 900)
            browser.load(address)
            browser.picture(folder / f"desktop-{scheme}.png")
            browser.key("/")
            for key in "memory":
                browser.key(key)
            browser.picture(folder / f"desktop-{scheme}-filtered.png")
            browser.size(390, 844, phone=True)
            browser.load(address)
            browser.picture(folder / f"phone-{scheme}.png")
            browser.load(address + "#words=%E6%A8%A1%E5%9E%8B")
            time.sleep(0.5)
            browser.picture(folder / f"phone-{scheme}-filtered.png")
        browser.scheme("light")
        browser.size(1280, 900)
        browser.load(address + "#words=robot")
        time.sleep(0.5)
        browser.pdf(folder / "printed.pdf")
    finally:
        browser.end()
    browser = Browser()
    try:
        browser.allow(False)
        browser.load(address)
        browser.picture(folder / "no-scripts.png")
    finally:
        browser.end()
    return sorted(each.name for each in folder.iterdir())


def steps(file, wanted):
    """Takes the steps, and tells what each saw."""
    address = pathlib.Path(file).resolve().as_uri()
    browser, seen = Browser(), []
    try:
        browser.load(address)
        for step in wanted:
            (what, value), result = next(iter(step.items())), None
            if what == "key":
                browser.key(value)
            elif what == "type":
                for key in value:
                    browser.key(key)
            elif what == "load":
                browser.load(address + value)
            elif what == "until":
                end = time.perf_counter() + 20
                while not (result := browser.eval(value)) and time.perf_counter() < end:
                    time.sleep(0.02)
            elif what == "print":
                with tempfile.TemporaryDirectory() as folder:
                    paper = pathlib.Path(folder) / "page.pdf"
                    browser.pdf(paper)
                    result = paper.stat().st_size
            elif what == "scripts":
                browser.allow(value)
            elif what == "phone":
                browser.size(*value, phone=True)
            elif what == "requests":
                result = browser.requests()
            else:
                if browser.scripts:
                    browser.frame()
                result = browser.eval(value)
            seen.append(result)
    finally:
        browser.end()
    return seen


def main():
    what, words = sys.argv[1], sys.argv[2:]
    # Whatever a page does to the browser, it does not keep whoever waits.
    signal.signal(signal.SIGALRM, lambda *_: sys.exit("the page does not answer"))
    signal.alarm(300)
    if what == "times":
        result = times(words[0], *map(int, words[1:]))
    elif what == "pictures":
        result = pictures(*words)
    elif what == "steps":
        result = steps(words[0], json.load(sys.stdin))
    else:
        raise SystemExit(__doc__)
    print(json.dumps(result, ensure_ascii=False))


main()
