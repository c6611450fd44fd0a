# SPDX-License-Identifier: MIT
"""What make bench shows: the table of figures, their thresholds and their lines."""

import argparse
import collections
import os
import statistics

import judging

THRESHOLDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "thresholds")

# name: unit of what is measured, how it is judged, what it is called
FIGURES = {
    "tss_get": ("ns", "ratio", "PyThread_tss_get"),
    "tss_set": ("ns", "ratio", "PyThread_tss_set"),
    "is_created": ("ns", "ratio", "PyThread_tss_is_created"),
    "key_get": ("ns", "ratio", "PyThread_get_key_value"),
    "key_set": ("ns", "ratio", "PyThread_set_key_value"),
    "create_delete": ("ns", "value", "create + delete, 20-frame stack"),
    "create_delete_python": ("ns", "value", "the same below 8 Python frames"),
    "startup": ("ms", "extra", "python3 -S -c pass"),
    "resident": ("MB", "extra", "resident memory of the same"),
    "workload": ("s", "ratio", "a program without findings"),
    "threads": ("x", "ratio", "speed-up, 8 threads on 8 keys"),
    "locks_1": ("M/s", "ratio", "benchmark_locks, forwarded, 1 thread"),
    "locks_2": ("M/s", "ratio", "benchmark_locks, 2 threads"),
    "locks_4": ("M/s", "ratio", "benchmark_locks, 4 threads"),
    "mutex_pair": ("ns", "ratio", "PyMutex lock + unlock"),
    "mutex_armed": ("ns", "value", "the same once contended"),
    "mutex_contest_2": ("M/s", "ratio", "2 threads for one PyMutex"),
    "mutex_contest_4": ("M/s", "ratio", "4 threads for one PyMutex"),
    "mutex_many": ("x", "value", "100,000 mutexes: to one"),
    "mutex_threads": ("x", "value", "500 threads: to one"),
    "mutex_bytes": ("B", "value", "memory of one mutex"),
    "child": ("ms", "extra", "/bin/true"),
    "idle_get": ("ns", "ratio", "tss_get, provider idle: to none"),
    "idle_mutex": ("ns", "ratio", "PyMutex calls, provider idle: to none"),
    "event_get": ("ns", "ratio", "event tss_get: to a bare one"),
    "event_mutex": ("ns", "ratio", "a mutex's events: to bare ones"),
    "events_lost": ("", "value", "recorded; lost, default buffers"),
    "read_speed": ("M/s", "value", "events read: babeltrace2; report"),
    "read_memory": ("MB", "ratio", "report's memory, 1 million; 5"),
}


# What measure.py measures: of keys, of mutexes done by the tool's core, of mutexes forwarded.
Group = collections.namedtuple("Group", "module figures")
KEYS = Group("bench_tss", ["tss_get", "tss_set", "is_created", "key_get", "key_set",
                           "create_delete", "create_delete_python", "threads"])
MUTEXES = Group("bench_mutex", ["mutex_pair", "mutex_armed", "mutex_contest_2", "mutex_contest_4",
                                "mutex_many", "mutex_threads"])
LOCKS = Group("_testinternalcapi", ["locks_1", "locks_2", "locks_4"])
# Once in a process: the second time its memory is there.
ONCE = Group("bench_mutex", ["mutex_bytes"])


Threshold = collections.namedtuple("Threshold", "operator limit")


def read_thresholds():
    with open(THRESHOLDS, encoding="utf-8") as file:
        lines = [line.split("#")[0].split() for line in file]
    return {name: Threshold(operator, float(limit)) for name, operator, limit in filter(None, lines)}


def arguments(description):
    """A parser with what each part of make bench knows."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", required=True, type=os.path.abspath, help="the build directory")
    parser.add_argument("--verdicts", help="a file to add each figure's verdict and name to")
    return parser


def relation(kind, without, under):
    """ratio: under the tool to without; extra: what the tool adds; value: under the tool, alone."""
    if kind == "ratio":
        return under / without
    return under - without if kind == "extra" else under


class Board:
    """Where figures are shown. A figure is a list of rounds, a round one of (without, under)."""

    def __init__(self, path=None):
        self.thresholds = read_thresholds()
        self.path = path
        self.title = None

    def header(self, title):
        self.title = title.split(";")[0]
        print(f"\n{title}\n  {'':36} {'without':>12} {'with':>12} {'judged':>10}  "
              f"{'interval':17} {'wanted':11}", flush=True)

    def show(self, name, rounds, again):
        """One line. again(): one round more, or a few; for a figure that is not as wanted."""
        operator, limit = self.thresholds[name]
        values = self._values(name, rounds)
        count = len(rounds) + judging.rounds_missing(values, operator, limit)
        while len(rounds) < count:
            rounds = rounds + again()
        values = self._values(name, rounds)
        self._line(name, rounds, values, judging.verdict(values, operator, limit))

    @staticmethod
    def _values(name, rounds):
        kind = FIGURES[name][1]
        return [statistics.median(relation(kind, *pair) for pair in pairs) for pairs in rounds]

    def _line(self, name, rounds, values, verdict):
        unit, kind, label = FIGURES[name]
        operator, limit = self.thresholds[name]
        suffix = "x" if kind == "ratio" else " " + unit
        without, under = (statistics.median(side) for side in zip(*(pair for one in rounds
                                                                    for pair in one)))
        spread = "{:.2f}..{:.2f}".format(*judging.interval(values))
        wanted = f"{operator} {limit:g}{suffix}"
        print(f"  {label:36} {without:9.2f} {unit:3}{under:9.2f} {unit:3}"
              f"{statistics.median(values):7.2f}{suffix:3}  {spread:17} {wanted:11} {verdict}",
              flush=True)
        self._note(verdict, label)

    def missed(self, reason):
        """What should be measured and cannot be counts as over."""
        print(f"  {reason}", flush=True)
        self._note(judging.OVER, reason)

    def _note(self, verdict, label):
        if self.path:
            with open(self.path, "a", encoding="utf-8") as file:
                print(f"{verdict}\t{self.title}: {label}", file=file)
