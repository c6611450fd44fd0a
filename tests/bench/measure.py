# SPDX-License-Identifier: MIT
"""
Run by bench.py in the interpreter under test: for each name read, one slice of that figure is
measured and printed, a few milliseconds each. bench.py lets two such processes take turns.
"""
import json
import sys

CALLS = 500000
PAIRS = 5000
STACK_DEPTH = 20  # native frames, the interpreter's own included
PYTHON_FRAMES = 6
THREADS = 8
THREAD_CALLS = 300000


def create_delete():
    return bench_tss.create_delete(PAIRS, STACK_DEPTH)


def below(frames):
    return below(frames - 1) if frames else create_delete()


SLICES = {
    "tss_get": lambda: bench_tss.tss_get(CALLS),
    "tss_set": lambda: bench_tss.tss_set(CALLS),
    "is_created": lambda: bench_tss.is_created(CALLS),
    "create_delete": create_delete,
    "create_delete_python": lambda: below(PYTHON_FRAMES),
    "threads": lambda: (THREADS * bench_tss.threads(THREAD_CALLS, 1)
                        / bench_tss.threads(THREAD_CALLS, THREADS)),
}

sys.path.insert(0, sys.argv[1])
import bench_tss  # noqa: E402

for line in sys.stdin:
    print(json.dumps(SLICES[line.strip()]()), flush=True)
