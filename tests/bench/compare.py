# SPDX-License-Identifier: MIT
"""make bench-compare: the same work under this tool and under what else there is.

In each round every tool does the work once, after the others in turn, and what it took is divided
by what the work took without a tool in the same round. A tool under which a start alone takes
seconds is started in the first round only, and does all its rounds then. Shown is the median of the
rounds, and from the least to the largest. Then each tool runs programs with a known number of uses, with known bugs,
and with none, and its own words are searched for them. Prints a table in Markdown; fails nothing.
"""

import argparse
import contextlib
import datetime
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

ROUNDS, ROUNDS_SLOW = 5, 3
STARTS, STARTS_SLOW = 3, 2
TIMEOUT = 300
USES = 20000

COSTS = {
    "start": "start of Python",
    "program": "program",
    "keys": "key get + set",
    "pair_inlined": "PyMutex pair, inlined",
    "pair_called": "PyMutex pair, called",
    "contest": "2 threads, 1 PyMutex",
}

KEY_PROGRAM = f"""
import os, bench_tss, cachedemo
bench_tss.tss_get({USES}), bench_tss.tss_set({USES})
cachedemo.remember(1)
os._exit(0)
"""
ORDER_PROGRAM = """
import threading, mutex_lock_order
for function in (mutex_lock_order.first, mutex_lock_order.second):
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()
"""
CORRECT_PROGRAM = f"""
import mutex_bench
assert mutex_bench.contend(2, 0, {USES // 2})[0] == {USES}
"""


def parse():
    parser = argparse.ArgumentParser(description="The same work under this and other tools.")
    parser.add_argument("--build", required=True, type=os.path.abspath, help="the build directory")
    parser.add_argument("--rounds", default=ROUNDS, type=int)
    return parser.parse_args()


ARGUMENTS = parse()
os.environ["PT_BUILD"] = ARGUMENTS.build

import compare_tools  # noqa: E402
import e2e  # noqa: E402
import interpreters  # noqa: E402
import lttng  # noqa: E402

EXTENSIONS = os.path.join(e2e.BUILD, "tests", "bench")


class Failed(Exception):
    pass


class Runner:
    """Runs programs under one tool."""

    def __init__(self, tool, directory):
        self.tool, self.directory = tool, directory
        self.environment = {
            **{name: value for name, value in os.environ.items()
               if name != "LD_PRELOAD" and not name.startswith(("PYTHON", "PYTHREAD_TRACE"))},
            "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": f"{e2e.EXTENSIONS}:{EXTENSIONS}"}

    def run(self, python, *arguments, quiet=True, may_fail=False):
        """(standard output, seconds, the folder with the tool's own output)."""
        place = tempfile.mkdtemp(dir=self.directory)
        argv, added = self.tool.command(python, arguments, place, quiet)
        start = time.perf_counter()
        try:
            done = subprocess.run(argv, env={**self.environment, **added}, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, check=False, timeout=TIMEOUT,
                                  errors="replace")
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{argv}: more than {TIMEOUT} seconds") from error
        seconds = time.perf_counter() - start
        if done.returncode != 0 and not may_fail:
            raise Failed(f"{argv}: status {done.returncode}: {done.stderr[-500:]}")
        return done.stdout, seconds, place

    def costs(self, pythons):
        """What the work took, of each kind: a list."""
        rounds, starts = (ROUNDS_SLOW, STARTS_SLOW) if self.tool.slow else (1, STARTS)
        found = {"start": []}
        for _ in range(starts):
            _, seconds, place = self.run(pythons["keys"], "-S", "-c", "pass")
            found["start"].append(seconds)
            shutil.rmtree(place)
        if not self.tool.slow:
            found["start"] = [statistics.median(found["start"])]
        for work, python in pythons.items():
            out, _, place = self.run(python, "-B", os.path.join(HERE, "compare_work.py"), work,
                                     str(rounds), EXTENSIONS, python["workload"])
            shutil.rmtree(place)
            for took in json.loads(out):
                for kind, seconds in took.items():
                    found.setdefault(kind, []).append(seconds)
        return found

    def seen(self, python, program):
        """What the tool saw of this program, or None. The program may crash: it has a bug."""
        if not python:
            return None
        with self.tool.observing():
            _, _, place = self.run(python, "-S", "-c", program, quiet=False, may_fail=True)
        return self.tool.seen(place)


def sights(runner, pythons):
    """What it sees, in words; each is looked for in what the tool says of a run."""
    key = runner.seen(pythons["keys"], KEY_PROGRAM)
    order = runner.seen(pythons.get("mutexes"), ORDER_PROGRAM)
    correct = runner.seen(pythons.get("mutexes"), CORRECT_PROGRAM)
    yes = ("no", "yes")
    return {
        "sees uses of keys": yes[key.keys >= USES],
        "reports a key never created": yes[bool(re.search("cachedemo|tss-set-before-create",
                                                          key.text))],
        "sees PyMutex": yes[correct.mutexes >= USES] if correct else "",
        "reports PyMutexes in opposite order": yes[bool(re.search("lock[- ]order", order.text))]
                                               if order else "",
        "silent on a correct program": "" if not correct else
                                       yes["use_mutex" not in correct.text
                                           and "finding" not in correct.text]
                                       if runner.tool.judges else "says nothing",
    }


def choose(found):
    """The system's interpreter for keys, and one that has PyMutex and a GIL."""
    plain = [python for python in found if not python["debug"] and not python["free_threaded"]
             and not python["embedded"]]
    pythons = {"keys": plain[0]}
    pythons.update({"mutexes": python for python in plain if python["version"] >= [3, 13]})
    for python in pythons.values():
        there = subprocess.run([python["path"], "-c", "import contourpy"], check=False,
                               capture_output=True).returncode == 0
        python["workload"] = "contourpy" if there else "own"
    return pythons


def measure(runners, pythons):
    """{runner: {kind: ratios}}, and what the work takes without a tool."""
    ratios = {runner: {} for runner in runners}
    alone = []
    for number in range(ARGUMENTS.rounds):
        base = {kind: took[0] for kind, took in runners[0].costs(pythons).items()}
        alone.append(base)
        turn = [runner for runner in runners[1:]
                if runner in ratios and (number == 0 or not runner.tool.slow)]
        for runner in turn[number % len(turn):] + turn[:number % len(turn)]:
            try:
                for kind, took in runner.costs(pythons).items():
                    ratios[runner].setdefault(kind, []).extend(one / base[kind] for one in took)
            except Failed as failure:
                print(f"{runner.tool.name} failed: {failure}")
                del ratios[runner]
    return ratios, {kind: statistics.median(one[kind] for one in alone) for kind in alone[0]}


UNITS = {"start": (1e3, "ms"), "program": (1e3, "ms"), "contest": (1e9, "ns")}


def cell(kind, ratios):
    if not ratios:
        return ""
    digits = 2 if max(ratios) < 10 else 0
    return "{:.{d}f} ({:.{d}f}–{:.{d}f})".format(statistics.median(ratios), min(ratios), max(ratios),
                                                 d=digits)


def machine(pythons, tools):
    with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
        model = re.search(r"^model name\s*: (.*)", file.read(), re.MULTILINE)
    versions = sorted({tool.version() for tool in tools} - {""})
    names = [".".join(map(str, python["version"])) for python in pythons.values()]
    pythons = f"Python {' and '.join(dict.fromkeys(names))}"
    return (f"{model.group(1) if model else os.uname().machine}, {os.cpu_count()} cores, "
            f"Linux {os.uname().release}, {datetime.date.today()}; "
            f"{', '.join([pythons, *versions])}")


def show(rows):
    """Rows of cells as a table in Markdown."""
    widths = [max(map(len, column)) for column in zip(*rows)]
    rows.insert(1, ["-" * width for width in widths])
    for row in rows:
        print("| " + " | ".join(text.ljust(width) for text, width in zip(row, widths)) + " |")


def compare(tools, pythons, directory):
    there = [tool for tool in tools if not tool.missing()]
    runners = [Runner(tool, directory) for tool in there]
    with contextlib.ExitStack() as stack:
        for tool in there:
            stack.enter_context(tool.working())
        ratios, alone = measure(runners, pythons)
    columns = {}
    for runner in runners[1:]:
        if runner in ratios:
            columns[runner.tool.name] = {
                **{kind: cell(kind, found) for kind, found in ratios[runner].items()},
                **sights(runner, pythons)}
    print(f"\nTimes as long as without a tool, median (least–largest); {machine(pythons, there)}\n")
    rows = [["", "without", *columns]]
    for kind, label in COSTS.items():
        if kind in alone:
            factor, unit = UNITS.get(kind, (1, "ns"))
            rows.append([label, f"{alone[kind] * factor:.1f} {unit}",
                         *(column[kind] for column in columns.values())])
    for label in next(iter(columns.values())):
        if label not in COSTS:
            rows.append([label, "", *(column[label] for column in columns.values())])
    show(rows)
    print()
    for tool in tools:
        if tool not in there:
            print(f"missing: {tool.name} (Debian: {tool.package})")
        elif getattr(tool, "lost", 0):
            print(f"{tool.name}: {tool.lost} events were lost while it was timed")


def enter():
    """Whether there is LTTng, and a place of its own for it."""
    if not all(map(shutil.which, lttng.TOOLS)):
        return False
    try:
        lttng.enter()
    except SystemExit:  # it said why
        return False
    return True


def main():
    has_lttng = enter()
    start = time.monotonic()
    found, _ = interpreters.find(e2e.BUILD)
    pythons = choose(found)
    with contextlib.ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="pythread-trace-"))
        daemon = stack.enter_context(lttng.Daemon(directory)) if has_lttng else None
        tools = [compare_tools.Nothing(), compare_tools.Ours(), compare_tools.OursRecording(daemon),
                 compare_tools.Wrapper(daemon), compare_tools.Uftrace(),
                 compare_tools.Valgrind("Helgrind"), compare_tools.Valgrind("DRD")]
        compare(tools, pythons, directory)
    print(f"({time.monotonic() - start:.0f} s)")


main()
