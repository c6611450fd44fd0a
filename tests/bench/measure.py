# SPDX-License-Identifier: MIT
"""Run by bench.py in the interpreter under test: prints one JSON object, of nanoseconds."""
import json
import sys

CALLS = 1000000
PAIRS = 50000
STACK_DEPTH = 20  # native frames, the interpreter's own included
PYTHON_FRAMES = 5
THREADS = 8
THREAD_CALLS = 300000
TURNS = range(5)  # the least disturbed counts


def best(measure, *args):
    return min(measure(*args) for _ in TURNS)


def create_delete_below(frames):
    if frames:
        return create_delete_below(frames - 1)
    return best(bench_tss.create_delete, PAIRS, STACK_DEPTH)


sys.path.insert(0, sys.argv[1])
import bench_tss  # noqa: E402

# Not in a function: Python frames are taken too, and cost by their number.
pairs = []
for _ in TURNS:
    pairs.append(bench_tss.create_delete(PAIRS, STACK_DEPTH))

print(json.dumps({
    "tss_get": best(bench_tss.tss_get, CALLS),
    "tss_set": best(bench_tss.tss_set, CALLS),
    "is_created": best(bench_tss.is_created, CALLS),
    "create_delete": min(pairs),
    "create_delete_python": create_delete_below(PYTHON_FRAMES),
    "one_thread": best(bench_tss.threads, THREAD_CALLS, 1),
    "all_threads": best(bench_tss.threads, THREAD_CALLS, THREADS),
    "thread_count": THREADS,
}))
