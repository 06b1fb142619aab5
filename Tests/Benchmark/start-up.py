#!/usr/bin/env python3
"""Shows where the time of one small command goes.

    start-up.py [--shelf PATH] [--home FOLDER] [WORD…]          default: list is:unread --limit 25

Prints, beside `sqlite3` asked for the same list of the same file: instructions by part (callgrind), the
loader's own account (LD_DEBUG=statistics), page faults, and system calls (strace -c). Needs valgrind
and strace; the binary needs its symbols. Counts of instructions are the same on every run; times are not.
"""
import argparse
import collections
import os
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
QUERY = """SELECT id, title, status, starred, tags, day FROM paper WHERE listed = 1 AND status = 0
ORDER BY day DESC, position, id LIMIT 25"""

# The first that fits names the part: by the file the code is in, then by its symbol.
FILES = [("ld-linux", "loader (ld.so)"), ("libsqlite3", "SQLite"), ("libc.so", "C library"),
         ("libm.so", "C library"), ("libz", "zlib"), ("vgpreload", "valgrind")]
SYMBOLS = [(r"^\$s(So)?14ArgumentParser|ArgumentParser", "argument parser"),
           (r"^\$s7TOMLKit|toml", "TOMLKit"),
           (r"^\$s5Store", "Store"), (r"^\$s(5shelf|6Papers|7Changes|7Digests)", "shelf"),
           (r"Foundation", "Foundation"), (r"ispatch|^_os_object", "dispatch"),
           (r"onformsToProtocol|ConformanceCache|ConformanceState|ConformanceSection|ConformanceLookup",
            "runtime: conformances"),
           (r"etadata|emangl|TypeContext|witness_?[tT]able|SubstGeneric|TypeByMangled|MetadataCache",
            "runtime: metadata, demangling"),
           (r"^swift_(retain|release|bridge|is|set|allocO|dealloc|slow|obj|once|beginA|endA|unownedR|weak|cast|"
            r"dynamicC|getO|initStack|arrayI|arrayD|arrayA|update|un|nonatomic)|^_swift|^swift_|^_ZN5swift|"
            r"^_ZN12_GLOBAL", "runtime: other"),
           (r"^\$s", "Swift library"), (r"^_ZN|^_ZS|^__cxa|^_Z", "C++ library")]


def part(file, symbol):
    for word, name in FILES:
        if word in file:
            return name
    for pattern, name in SYMBOLS:
        if re.search(pattern, symbol):
            return name
    return "other"


def instructions(command, env):
    """Own instructions by part and by function, from callgrind's file."""
    with tempfile.TemporaryDirectory() as folder:
        out, program = os.path.join(folder, "out"), os.path.join(folder, "program")
        # Valgrind 3.19 cannot read what Swift tells debuggers; the names of functions are enough.
        subprocess.run(["strip", "--strip-debug", "-o", program, shutil.which(command[0])], check=True)
        subprocess.run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", "--compress-strings=no",
                        "--compress-pos=no", program, *command[1:]], env=env, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
        parts, functions = collections.Counter(), collections.Counter()
        file = symbol = ""
        is_call = False
        with open(out, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                if line.startswith("ob="):
                    file = line[3:].strip()
                elif line.startswith("fn="):
                    symbol = line[3:].strip()
                elif line.startswith("calls="):
                    is_call = True  # the next line is what the callee spent
                elif line[0].isdigit():
                    if not is_call:
                        cost = int(line.split()[1])
                        parts[part(file, symbol)] += cost
                        functions[symbol] += cost
                    is_call = False
        return parts, functions


def demangled(symbol):
    tool = shutil.which("swift-demangle") or "/opt/swift/usr/bin/swift-demangle"
    if not os.path.exists(tool):
        return symbol
    return subprocess.run([tool, "-compact", "-simplified", symbol], capture_output=True, text=True,
                          check=True).stdout.strip()


def loader(command, env):
    told = subprocess.run(command, env=dict(env, LD_DEBUG="statistics"), stdout=subprocess.DEVNULL,
                          stderr=subprocess.PIPE, text=True, check=True).stderr
    lines = [line.split(":", 1)[1].strip() for line in told.splitlines() if ":" in line]
    return [line for line in lines if re.search(r"time|cycles|relocations", line)][:8]


def run(command, env):
    """Milliseconds of the wall and of the processor, and page faults."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=env, stdout=subprocess.DEVNULL, check=True)
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall * 1000, used * 1000, after.ru_minflt - before.ru_minflt


def calls(command, env):
    told = subprocess.run(["strace", "-f", "-c", "-S", "calls", "-U", "calls,name", *command], env=env,
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True).stderr
    found = re.findall(r"^\s*(\d+)\s+(\w+)\s*$", told, re.M)
    counts = [(int(count), name) for count, name in found if name != "total"]
    return sum(count for count, _ in counts), counts[:14]


def show(title, command, env):
    print(f"## {title}\n")
    walls, used, faults = zip(*(run(command, env) for _ in range(41)))
    parts, functions = instructions(command, env)
    total, most = calls(command, env)
    print(f"wall {statistics.median(walls):.1f} ms, processor {statistics.median(used):.1f} ms (medians of 41, "
          f"with fork and exec); {statistics.median(faults):.0f} page faults; {total} system calls")
    print(f"\n{sum(parts.values()):,} instructions:")
    for name, cost in parts.most_common():
        print(f"  {cost:>12,}  {100 * cost / sum(parts.values()):4.1f} %  {name}")
    print("\nmost of them in:")
    for symbol, cost in functions.most_common(16):
        print(f"  {cost:>12,}  {demangled(symbol)[:110]}")
    print("\nloader:")
    for line in loader(command, env):
        print("  " + line)
    print("\nsystem calls: " + ", ".join(f"{name} {count}" for count, name in most) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--shelf", default=os.path.join(ROOT, ".build", "release", "shelf"))
    parser.add_argument("--home", default=os.path.join(ROOT, ".build", "benchmark", "home"))
    parser.add_argument("words", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    env = dict(os.environ, SHELF_HOME=options.home, TZ="UTC", NO_COLOR="1")
    words = options.words or ["list", "is:unread", "--limit", "25"]
    show("shelf " + " ".join(words), [options.shelf, *words], env)
    if not options.words:
        show("sqlite3, the same list", ["sqlite3", os.path.join(options.home, "library.sqlite"), QUERY], env)


main()
