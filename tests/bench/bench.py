# SPDX-License-Identifier: MIT
"""make bench: what the tool costs, for each interpreter found.

Two processes, one without and one with the tool, stand side by side and measure short slices in
turn, so that a machine that changes speed changes it for both; then a new pair of them, since two
starts of one program are not laid out alike. Programs that are measured from outside take turns in
the same way. What is judged is the median of the pairs' own ratios or differences; the quartiles
stand beside it. A figure is called ok or over; neither fails anything.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

import figures

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import interpreters  # noqa: E402

# Pairs in each round.
SLICES = 25
STARTS = 25
WORKLOADS = 5

READ_RSS = """
for line in open("/proc/self/status"):
    if line.startswith("VmRSS:"):
        print(line.split()[1])
"""


class Side:
    """Runs commands without the tool, or with it."""

    def __init__(self, prefix, environment):
        self.prefix = prefix
        self.environment = environment

    def output(self, *command):
        """What it prints. A word on standard error ends all: nothing here has a finding."""
        done = subprocess.run([*self.prefix, *command], env=self.environment, check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0 or done.stderr:
            sys.exit(f"bench: {command}: status {done.returncode}\n{done.stderr}")
        return done.stdout

    def cost(self, *command):
        """Seconds of wall time and of processor time."""
        argv = [*self.prefix, *command]
        start = time.perf_counter()
        pid = os.posix_spawn(argv[0], argv, self.environment)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        if status != 0:
            sys.exit(f"bench: {command}: wait status {status}")
        return wall, usage.ru_utime + usage.ru_stime

    def start_ms(self, *command):
        return self.cost(*command)[0] * 1e3

    def processor_s(self, *command):
        return self.cost(*command)[1]

    def resident_mb(self, python):
        return int(self.output(python, "-S", "-c", READ_RSS)) / 1024

    def measurer(self, python, extensions, module):
        """A measure.py that waits to be asked."""
        return subprocess.Popen([*self.prefix, python, "-S", f"{HERE}/measure.py", extensions, module],
                                env=self.environment, text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)


def ask(measurer, figure):
    print(figure, file=measurer.stdin, flush=True)
    return json.loads(measurer.stdout.readline())


def in_turn(count, sides, once):
    """(without, under) of each pair, the order turned round each time."""
    pairs = []
    for number in range(count):
        first = number % 2
        pair = {which: once(sides[which]) for which in (first, 1 - first)}
        pairs.append((pair[0], pair[1]))
    return pairs


def slices(sides, python, extensions, wanted, count=SLICES):
    """figure: pairs, of figures that are measured inside the interpreter by one module."""
    measurers = [side.measurer(python, extensions, wanted.module) for side in sides]
    pairs = {figure: in_turn(count, measurers, lambda it, figure=figure: ask(it, figure))
             for figure in wanted.figures}
    for measurer in measurers:
        measurer.communicate()
        if measurer.returncode != 0:
            sys.exit(f"bench: {measurer.args}: status {measurer.returncode}")
    return pairs


class Bench:
    def __init__(self, build, rounds):
        self.build = build
        self.rounds = rounds
        self.command = os.path.join(build, "src", "cli", "pythread-trace")
        self.extensions = os.path.join(build, "tests", "bench")
        self.thresholds = figures.read_thresholds()
        self.over = 0
        kept = {name: value for name, value in os.environ.items()
                if name != "LD_PRELOAD" and not name.startswith(("PYTHON", "PYTHREAD_TRACE"))}
        self.environment = {**kept, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}

    def show(self, name, pairs):
        self.over += not figures.show(name, pairs, self.thresholds[name])

    def is_watched(self, python):
        """Whether the tool sees the calls: the figures of an idle tool would say nothing."""
        program = "import sys; sys.path.insert(0, sys.argv[1]); import bench_tss; " \
                  "bench_tss.tss_get(1000)"
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "report.json")
            subprocess.run([self.command, "run", "--format", "json", "--output", path, "--",
                            python, "-S", "-c", program, self.extensions],
                           env=self.environment, check=True)
            with open(path, encoding="utf-8") as file:
                hooks = json.load(file)["hooks"]
        return any(hook["function"] == "PyThread_tss_get" and hook["calls"] >= 1000
                   for hook in hooks)

    def can(self, python, statement):
        return subprocess.run([python, "-c", statement], env=self.environment, check=False,
                              capture_output=True).returncode == 0

    def under(self, *options):
        """The two sides: without, and with the tool."""
        return (Side([], self.environment),
                Side([self.command, "run", "--quiet", *options, "--"], self.environment))

    def repeat(self, measure):
        """Shows the figures of a function that returns figure: pairs, called once a round."""
        pairs = {}
        for _ in range(self.rounds):
            for figure, found in measure().items():
                pairs.setdefault(figure, []).extend(found)
        for figure in figures.FIGURES:
            if figure in pairs:
                self.show(figure, pairs[figure])

    def keys(self, python, workload):
        sides = self.under()

        def measure():
            return {
                **slices(sides, python, self.extensions, figures.KEYS),
                "startup": in_turn(STARTS, sides, lambda side: side.start_ms(
                    python, "-S", "-c", "pass")),
                "resident": in_turn(1, sides, lambda side: side.resident_mb(python)),
                "workload": in_turn(WORKLOADS, sides, lambda side: side.processor_s(
                    python, f"{HERE}/workload.py", self.extensions, workload)),
            }

        self.repeat(measure)

    def mutexes(self, python):
        sides = self.under()
        self.repeat(lambda: {
            **slices(sides, python, self.extensions, figures.MUTEXES),
            **slices(sides, python, self.extensions, figures.ONCE, count=1),
        })

    def locks(self, python):
        if not self.can(python, "from _testinternalcapi import benchmark_locks"):
            print("  benchmark_locks: this interpreter has no _testinternalcapi")
            return
        sides = self.under("--mutex", "forward")
        self.repeat(lambda: slices(sides, python, self.extensions, figures.LOCKS))

    def interpreter(self, python):
        name, path = python["name"], python["path"]
        if python["free_threaded"]:
            figures.show_header(name)
            self.locks(path)
            return
        workload = "contourpy" if self.can(path, "import contourpy") else "own"
        figures.show_header(f"{name}; program without findings: {workload}")
        if not self.is_watched(path):
            print("  not measured: the tool does not see this interpreter's calls")
            self.over += 1
            return
        self.keys(path, workload)
        if python["version"] >= [3, 13]:
            self.mutexes(path)
            self.locks(path)

    def child(self):
        """A process without Python that inherits the preload."""
        library = os.path.join(self.build, "src", "hook", ".libs", "libpythread-trace.so")
        figures.show_header("a child of a traced program that is no Python")
        sides = (Side([], self.environment), Side([], {**self.environment, "LD_PRELOAD": library}))
        self.show("child", in_turn(self.rounds * STARTS, sides,
                                   lambda side: side.start_ms("/bin/true")))


def main():
    parser = argparse.ArgumentParser(description="What the tool costs, for each interpreter found.")
    parser.add_argument("--build", required=True, type=os.path.abspath, help="the build directory")
    parser.add_argument("--rounds", default=5, type=int)
    arguments = parser.parse_args()

    bench = Bench(arguments.build, arguments.rounds)
    found, missing = interpreters.find(arguments.build)
    for python in found:
        if not python["debug"]:
            bench.interpreter(python)
    bench.child()
    print()
    for reason in missing:
        print(f"skipped: {reason}")
    print(f"{bench.over} figures over" if bench.over else "all figures ok")


main()
