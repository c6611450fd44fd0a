# SPDX-License-Identifier: MIT
"""
Run by compare.py in the interpreter under one tool or another: does the work that is named, so many
times, and prints how long each kind took, as JSON. The time that an import takes is not in it.

    compare_work.py keys|mutexes TIMES FOLDER WORKLOAD
"""
import json
import statistics
import sys
import time

import workload

CALLS = 20000
SLICES = 5
DRAWINGS = 10
CONTEST_MS = 20
WORK_STEPS = 100  # of the same work, however slow the tool makes it


def of_slices(measure):
    return statistics.median(measure() for _ in range(SLICES))


def keys():
    import bench_tss

    draw = workload.prepare(*sys.argv[3:5])
    draw(1)
    for _ in range(int(sys.argv[2])):
        start = time.process_time()
        draw(DRAWINGS)
        yield {
            "program": time.process_time() - start,
            "keys": of_slices(lambda: bench_tss.tss_get(CALLS) + bench_tss.tss_set(CALLS)),
        }


def mutexes():
    import bench_mutex
    import bench_trace

    for _ in range(int(sys.argv[2])):
        yield {
            "pair_inlined": of_slices(lambda: bench_mutex.pair(CALLS)),
            "pair_called": of_slices(lambda: bench_trace.pairs(CALLS)),
            "contest": of_slices(lambda: 1 / bench_mutex.contest(2, CONTEST_MS, WORK_STEPS,
                                                                 WORK_STEPS)),
        }


sys.path.insert(0, sys.argv[3])
print(json.dumps(list({"keys": keys, "mutexes": mutexes}[sys.argv[1]]())))
