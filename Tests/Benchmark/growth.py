"""How time and memory grow from 5,000 over 100,000 to a million papers: for `run.py --growth`.

Each row is a whole process, as in run.py. The exponent is the slope of the line through the three points
in a plot of both logarithms: 0 does not grow, 1 grows as the library does. Beside it stands the floor's.
"""
import math
import os
import statistics
import subprocess

import sync

SIZES = [5_000, 100_000, 1_000_000]
ROWS = ["shelf --version", "list the 25 newest unread", "search two English words",
        "search a Chinese word", "mark one paper read", "add a note"]


def exponent(values):
    """The slope of least squares of log value over log papers; None where a value is missing."""
    if any(value is None for value in values):
        return None
    xs, ys = [math.log(n) for n in SIZES], [math.log(value) for value in values]
    x, y = statistics.fmean(xs), statistics.fmean(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys)) / sum((a - x) ** 2 for a in xs)


def unlimited(benchmark, measure):
    """Every hit of a word that a third of all papers hold, into a pipe: its memory is what counts."""
    command = f"'{benchmark.shelf}' search 模型 | cat > /dev/null"
    peak = 0
    seconds = []
    for _ in range(2):
        elapsed, memory, code = measure(["sh", "-c", command], benchmark.env)
        assert code == 0, f"search ended with {code}"
        seconds.append(elapsed)
        peak = max(peak, memory)
    benchmark.results["search, all hits into a pipe"] = (min(seconds), None, peak)


def rare(benchmark, measure):
    """A word of one paper's note: as many hits in a large library as in a small one. The words of the
    corpus are in a third of all papers each, and to rank hits is to look at each, in the floor as here."""
    command = [benchmark.shelf, "search", "thought", "--limit", "25"]
    hits = subprocess.run(command + ["--ids"], env=benchmark.env, capture_output=True, text=True)
    assert len(hits.stdout.split()) == 1, f"search found {hits.stdout.split()[:3]}"
    runs = [measure(command, benchmark.env) for _ in range(benchmark.runs + 1)][1:]
    assert all(code == 0 for _, _, code in runs)
    benchmark.results["search a word of one paper"] = (
        statistics.median(time for time, _, _ in runs), None, max(memory for _, memory, _ in runs))


def synchronise(benchmark, measure):
    """First syncs of two machines over Apache, a sync with nothing new, and one that brings one change."""
    homes = sync.Homes(benchmark, measure)
    os.makedirs(benchmark.path("homes"), exist_ok=True)
    os.rename(benchmark.home, benchmark.path("homes", "desk"))
    apache = sync.Apache(benchmark.path("apache")) if os.path.exists(sync.Apache.BINARY) else None
    url = apache.url("shelf") if apache else benchmark.path("shared")
    login = ["--user", "ada", "--password-file", homes.password] if apache else []
    try:
        homes.run("desk", "remote", "add", "r", url, "--no-test", *login)
        paper = subprocess.run([benchmark.shelf, "list", "--ids", "--limit", "1"], text=True,
                               env=homes.environment("desk"), capture_output=True, check=True)
        first = homes.run("desk", "sync")
        homes.new("laptop", url)
        second = homes.run("laptop", "sync")
        homes.run("desk", "sync")
        quiet, small = [], []
        for turn in range(benchmark.runs + 1):
            quiet.append(homes.run("laptop", "sync"))
            homes.run("desk", "mark", ["queued", "skipped"][turn % 2], paper.stdout.strip())
            homes.run("desk", "sync")
            small.append(homes.run("laptop", "sync"))
    finally:
        if apache:
            apache.stop()
    for name, runs in [("first sync to an empty folder", [first]),
                       ("second machine's first sync", [second]),
                       ("sync with nothing new", quiet[1:]), ("sync of one change", small[1:])]:
        benchmark.results[name] = (statistics.median(time for time, _ in runs), None,
                                   max(memory for _, memory in runs))


def milliseconds(value):
    return "" if value is None else f"{value * 1000:,.1f} ms"


def slope(values):
    power = exponent(values)
    return "" if power is None else f"{power:.2f}"


def show(results):
    """The table: a column a size, times and their exponents, then peak memory."""
    heads = [f"{size:,}" for size in SIZES]
    print(f"\n| row | {' | '.join(heads)} | exponent | of the floor | memory, MB | exponent |")
    print("| --- | " + "--- | " * (len(SIZES) + 4))
    for name in results[0]:
        ours, floors, memory = zip(*(result[name] for result in results))
        cells = [milliseconds(value) for value in ours] + [slope(ours), slope(floors)]
        cells += [" / ".join(f"{value / 1024:.0f}" for value in memory), slope(memory)]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def run(options, benchmark_type, measure):
    """Measures all sizes and prints the table."""
    results = []
    folder = os.path.abspath(options.work)
    for size in SIZES:
        options.papers, options.work = size, os.path.join(folder, str(size))
        benchmark = benchmark_type(options)
        benchmark.prepare()
        print(f"\n{size:,} papers\n", flush=True)
        benchmark.head()
        benchmark.whole_import()
        for row in benchmark.rows():
            if row.name in ROWS:
                benchmark.run(row)
        rare(benchmark, measure)
        unlimited(benchmark, measure)
        synchronise(benchmark, measure)
        results.append(benchmark.results)
        for name in ["home", "homes", "apache", "floor.sqlite"]:
            subprocess.run(["rm", "-rf", benchmark.path(name)], check=True)
    show(results)
