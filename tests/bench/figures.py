# SPDX-License-Identifier: MIT
"""What make bench shows: the table of figures, their thresholds and their lines."""

import collections
import os
import statistics

THRESHOLDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "thresholds")

# name: unit of what is measured, how it is judged, what it is called
FIGURES = {
    "tss_get": ("ns", "ratio", "PyThread_tss_get"),
    "tss_set": ("ns", "ratio", "PyThread_tss_set"),
    "is_created": ("ns", "ratio", "PyThread_tss_is_created"),
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
}


# What measure.py measures: of keys, of mutexes done by the tool's core, of mutexes forwarded.
Group = collections.namedtuple("Group", "module figures")
KEYS = Group("bench_tss", ["tss_get", "tss_set", "is_created", "create_delete",
                           "create_delete_python", "threads"])
MUTEXES = Group("bench_mutex", ["mutex_pair", "mutex_armed", "mutex_contest_2", "mutex_contest_4",
                                "mutex_many", "mutex_threads"])
LOCKS = Group("_testinternalcapi", ["locks_1", "locks_2", "locks_4"])
# Once in a process: the second time its memory is there.
ONCE = Group("bench_mutex", ["mutex_bytes"])


def read_thresholds():
    with open(THRESHOLDS, encoding="utf-8") as file:
        lines = [line.split("#")[0].split() for line in file]
    return {words[0]: (words[1], float(words[2])) for words in lines if words}


def judge(kind, without, under):
    """ratio: under the tool to without; extra: what the tool adds; value: under the tool, alone."""
    if kind == "ratio":
        return under / without
    return under - without if kind == "extra" else under


def show_header(title):
    print(f"\n{title}\n  {'':32} {'without':>12} {'with':>12} {'judged':>10}  "
          f"{'quartiles':17} {'wanted':11}", flush=True)


def show(name, pairs, threshold):
    """One line for pairs of (without, under). Whether the figure is as wanted."""
    unit, kind, label = FIGURES[name]
    figures = [judge(kind, without, under) for without, under in pairs]
    figure = statistics.median(figures)
    operator, limit = threshold
    met = figure <= limit if operator == "<=" else figure >= limit
    suffix = "x" if kind == "ratio" else " " + unit
    without, under = (statistics.median(side) for side in zip(*pairs))
    quartiles = statistics.quantiles(figures * 2, n=4)  # twice: one is too few for it
    spread = f"{quartiles[0]:.2f}..{quartiles[2]:.2f}"
    wanted = f"{operator} {limit:g}{suffix}"
    print(f"  {label:32} {without:9.2f} {unit:2} {under:9.2f} {unit:2} {figure:7.2f}{suffix:3}  "
          f"{spread:17} {wanted:11} {'ok' if met else 'over'}", flush=True)
    return met
