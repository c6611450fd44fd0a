# SPDX-License-Identifier: MIT
"""Run by bench.py in the interpreter under test: prints one JSON object, of nanoseconds."""
import json
import sys

CALLS = 1000000
PAIRS = 50000
STACK_DEPTH = 20
THREADS = 8
THREAD_CALLS = 300000


def best(measure, *args):
    """The least disturbed of five."""
    return min(measure(*args) for _ in range(5))


def main():
    sys.path.insert(0, sys.argv[1])
    import bench_tss

    print(json.dumps({
        "tss_get": best(bench_tss.tss_get, CALLS),
        "tss_set": best(bench_tss.tss_set, CALLS),
        "is_created": best(bench_tss.is_created, CALLS),
        "create_delete": best(bench_tss.create_delete, PAIRS, STACK_DEPTH),
        "one_thread": best(bench_tss.threads, THREAD_CALLS, 1),
        "all_threads": best(bench_tss.threads, THREAD_CALLS, THREADS),
        "thread_count": THREADS,
    }))


main()
