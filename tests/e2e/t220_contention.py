# SPDX-License-Identifier: MIT
"""The table of mutexes: what was acquired, waited for and held, exactly where all of it was seen."""

import re

import e2e
import mutexes
from e2e import check, equal, matches

THREADS, ROUNDS, HOLD_NS = 4, 5000, 2000
APP = f"""
import {{module}} as ext
count, ns = ext.contend({THREADS}, {HOLD_NS}, {ROUNDS})
print(count)
"""
ALL = THREADS * ROUNDS
# How it is told apart: the extension, the options, and how much of it is seen.
CASES = (("mutex_bench", {}, "all"), ("mutex_bench", {"mutex": "forward"}, "all"),
         ("mutex_bench_inline", {}, "armed"), ("mutex_bench_inline", {"mutex": "forward"}, "part"))


def verify(mutex, coverage):
    equal(mutex["coverage"], coverage, "coverage")
    equal(mutex["complete"], coverage == "all", "complete")
    check(mutex["contended"], "no contention was seen")
    check(mutex["contended"] <= mutex["acquired"], "contended more often than acquired")
    wait, hold = mutex["wait_ns"], mutex["hold_ns"]
    check(0 < wait["max"] <= wait["total"], f"waited {wait}")
    check(mutex["waited_for"]["native"][0]["function"] == "use_mutex", "where it was waited for")
    check(mutex["first_use"]["native"][0]["function"] == "use_mutex", "where it was first used")
    if coverage == "all":
        equal(mutex["acquired"], ALL, "acquired")
        check(THREADS <= mutex["owner_changes"] + 1 <= ALL, f"changes: {mutex['owner_changes']}")
        check(hold["total"] >= ALL * HOLD_NS and hold["max"] >= HOLD_NS, f"held {hold}")
    else:
        check(mutex["acquired"] <= ALL, f"acquired {mutex['acquired']} times")
    if coverage == "armed":
        check(hold["total"] > 0, "no hold was seen to its end")


def test(python):
    mutexes.needed(python)
    for module, options, coverage in CASES:
        program = APP.format(module=module)
        run = python.script(program, options=options)
        mutexes.healthy(run, f"{ALL}\n")
        if coverage == "armed" and python.free_threaded:
            coverage = "part"
        verify(mutexes.named(run.report, "bench_mutex"), coverage)
        text = python.script(program, options=options, report=False)
        row = matches(r"^ +(\d+) +(\d+) .* (\S+) +bench_mutex in \S*\.so$", text.err, "the table")
        check(int(row[2]) <= int(row[1]) <= ALL, row[0])
        equal(row[3], coverage, "coverage in the table")
        equal(len(re.findall("bench_mutex", text.err)), 1, "rows of one mutex")
    quiet = python.script("import mutex_bench as ext\next.pairs(100)\n", report=False)
    check("bench_mutex" not in quiet.err, "a mutex that nobody waited for is in the short table")
    long = python.script("import mutex_bench as ext\next.pairs(100)\n", report=False,
                         options={"verbose": True})
    matches(r"^ +100 +0 .* all +bench_mutex in", long.err, "the long table")


e2e.main(test)
