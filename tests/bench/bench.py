# SPDX-License-Identifier: MIT
"""make bench: what the tool costs, for each interpreter found.

Two processes, one without and one with the tool, stand side by side and measure short slices in
turn, so that a machine that changes speed changes it for both; then a new pair of them, since two
starts of one program are not laid out alike: that is a round. Programs that are measured from
outside take turns in the same way, and each pair of them is a round. What is judged is the median of
the rounds' own ratios or differences, as judging.py says; its interval stands beside it.
"""

import collections
import json
import os
import subprocess
import sys
import tempfile
import time
import types

import figures

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "e2e"))

import extensions  # noqa: E402
import interpreters  # noqa: E402

# Pairs of slices in a round; pairs of programs, each a round, done with every such round.
SLICES = 25
STARTS = 25
WORKLOADS = 4

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

    def measurer(self, python, folder, module):
        """A measure.py that waits to be asked."""
        return subprocess.Popen([*self.prefix, python, "-S", f"{HERE}/measure.py", folder, module],
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


def apart(count, sides, once):
    """The same, each pair a round."""
    return [[pair] for pair in in_turn(count, sides, once)]


def slices(sides, python, folder, module, wanted, count):
    """{figure: one round}, of figures that are measured inside the interpreter by one module."""
    measurers = [side.measurer(python, folder, module) for side in sides]
    rounds = {figure: [in_turn(count, measurers, lambda it, figure=figure: ask(it, figure))]
              for figure in wanted}
    for measurer in measurers:
        measurer.communicate()
        if measurer.returncode != 0:
            sys.exit(f"bench: {measurer.args}: status {measurer.returncode}")
    return rounds


class Bench:
    def __init__(self, build, rounds, board):
        self.build = build
        self.rounds = rounds
        self.board = board
        self.command = os.path.join(build, "src", "cli", "pythread-trace")
        self.shared = self.extensions = os.path.join(build, "tests", "bench")
        kept = {name: value for name, value in os.environ.items()
                if name != "LD_PRELOAD" and not name.startswith(("PYTHON", "PYTHREAD_TRACE"))}
        self.plain = {**kept, "OPENBLAS_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        self.environment = self.plain

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

    def inside(self, sides, python, group, count=SLICES):
        """A source: its figures, and what measures those that are wanted, {figure: rounds}."""
        return group.figures, lambda wanted: slices(sides, python, self.extensions, group.module,
                                                    wanted, count)

    def show(self, *sources):
        """The figures of all sources, by rounds in turn; each can be measured further alone."""
        rounds, again = collections.defaultdict(list), {}
        for _ in range(self.rounds):
            for wanted, measure in sources:
                for figure, found in measure(wanted).items():
                    rounds[figure] += found
                    again[figure] = lambda measure=measure, figure=figure: measure([figure])[figure]
        for figure in figures.FIGURES:
            if figure in rounds:
                self.board.show(figure, rounds[figure], again[figure])

    def keys(self, python, workload):
        sides = self.under()

        def outside(figure, count, once):
            return [figure], lambda _: {figure: apart(count, sides, once)}

        self.show(
            self.inside(sides, python, figures.KEYS),
            outside("startup", STARTS, lambda side: side.start_ms(python, "-S", "-c", "pass")),
            outside("resident", 1, lambda side: side.resident_mb(python)),
            outside("workload", WORKLOADS, lambda side: side.processor_s(
                python, f"{HERE}/workload.py", self.extensions, workload)))

    def mutexes(self, python):
        sides = self.under()
        self.show(self.inside(sides, python, figures.MUTEXES),
                  self.inside(sides, python, figures.ONCE, count=1))

    def locks(self, python):
        if not self.can(python, "from _testinternalcapi import benchmark_locks"):
            print("  benchmark_locks: this interpreter has no _testinternalcapi")
            return
        self.show(self.inside(self.under("--mutex", "forward"), python, figures.LOCKS))

    def interpreter(self, python):
        name, path = python["name"], python["path"]
        self.extensions, _ = extensions.made_for(types.SimpleNamespace(**python), self.shared)
        # Our extensions do not say that they need no GIL; others refuse to be told.
        self.environment = {**self.plain, **({"PYTHON_GIL": "0"} if python["free_threaded"] else {})}
        workload = "contourpy" if self.can(path, "import contourpy") else "own"
        self.board.header(f"{name}; program without findings: {workload}")
        if not self.is_watched(path):
            self.board.missed("not measured: the tool does not see this interpreter's calls")
            return
        self.keys(path, workload)
        if python["version"] >= [3, 13] and not python["free_threaded"]:
            self.mutexes(path)  # of the tool's own core
        if python["version"] >= [3, 13]:
            self.locks(path)

    def child(self):
        """A process without Python that inherits the preload."""
        library = os.path.join(self.build, "src", "hook", ".libs", "libpythread-trace.so")
        self.board.header("a child of a traced program that is no Python")
        sides = (Side([], self.plain), Side([], {**self.plain, "LD_PRELOAD": library}))
        self.show((["child"], lambda _: {"child": apart(
            STARTS, sides, lambda side: side.start_ms("/bin/true"))}))


def main():
    parser = figures.arguments("What the tool costs, for each interpreter found.")
    parser.add_argument("--rounds", default=5, type=int)
    arguments = parser.parse_args()

    bench = Bench(arguments.build, arguments.rounds, figures.Board(arguments.verdicts))
    found, missing = interpreters.find(arguments.build)
    for python in found:
        if not python["debug"]:
            bench.interpreter(python)
    bench.child()
    print()
    for reason in missing:
        print(f"skipped: {reason}")


main()
