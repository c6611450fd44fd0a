# SPDX-License-Identifier: MIT
"""
Run by bench.py in the interpreter under test: for each name read, one slice of that figure is
measured and printed, a few milliseconds each. bench.py lets two such processes take turns.
"""
import functools
import importlib
import json
import resource
import sys

CALLS = 500000
PAIRS = 5000
STACK_DEPTH = 20  # native frames, the interpreter's own included
PYTHON_FRAMES = 6
THREADS = 8
THREAD_CALLS = 300000
MUTEXES = 100000
MANY_THREADS = 500
MUTEX_CALLS = 5000
CONTEST_MS = 20
WORK_NS = 250
CALIBRATION_STEPS = 1000


def create_delete():
    return bench_tss.create_delete(PAIRS, STACK_DEPTH)


def mutex_bytes():
    """What one more mutex costs in memory."""
    before = resident_bytes()
    bench_mutex.many(MUTEXES, 1)
    return (resident_bytes() - before) / MUTEXES


def resident_bytes():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def locks(threads):
    """CPython's own benchmark: millions of turns a second."""
    return _testinternalcapi.benchmark_locks(threads, True, 1, CONTEST_MS)[0] / 1e6


@functools.cache
def work_steps():
    """As many as take one thread WORK_NS, on this processor."""
    turns = max(bench_mutex.contest(1, CONTEST_MS, CALIBRATION_STEPS, CALIBRATION_STEPS) for _ in range(5))
    return round(WORK_NS * turns * 2 * CALIBRATION_STEPS / 1e9)


def contest(threads):
    """The same shape, with some work in each turn, with and without the mutex."""
    return bench_mutex.contest(threads, CONTEST_MS, work_steps(), work_steps()) / 1e6


def below(frames):
    return below(frames - 1) if frames else create_delete()


SLICES = {
    "tss_get": lambda: bench_tss.tss_get(CALLS),
    "tss_set": lambda: bench_tss.tss_set(CALLS),
    "is_created": lambda: bench_tss.is_created(CALLS),
    "key_get": lambda: bench_tss.key_get(CALLS),
    "key_set": lambda: bench_tss.key_set(CALLS),
    "create_delete": create_delete,
    "create_delete_python": lambda: below(PYTHON_FRAMES),
    "locks_1": lambda: locks(1),
    "locks_2": lambda: locks(2),
    "locks_4": lambda: locks(4),
    "mutex_pair": lambda: bench_mutex.pair(CALLS),
    "mutex_armed": lambda: bench_mutex.pair_once_contended(CALLS),
    "mutex_contest_2": lambda: contest(2),
    "mutex_contest_4": lambda: contest(4),
    "mutex_many": lambda: bench_mutex.many(MUTEXES, CALLS) / bench_mutex.many(1, CALLS),
    "mutex_threads": lambda: (bench_mutex.threads(MANY_THREADS, MUTEX_CALLS)
                              / bench_mutex.threads(1, MUTEX_CALLS)),
    "mutex_bytes": mutex_bytes,
    "threads": lambda: (THREADS * bench_tss.threads(THREAD_CALLS, 1)
                        / bench_tss.threads(THREAD_CALLS, THREADS)),
}

# Only what is asked for: not every interpreter can load each of them.
sys.path.insert(0, sys.argv[1])
globals()[sys.argv[2]] = importlib.import_module(sys.argv[2])

for line in sys.stdin:
    print(json.dumps(SLICES[line.strip()]()), flush=True)
