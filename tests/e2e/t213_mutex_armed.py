# SPDX-License-Identifier: MIT
"""An extension with inlined mutexes: nothing is seen of one before it is contended, and everything
from then on, so that a wrong order is found."""

import e2e
import mutexes
from e2e import check, equal, one

CONTENTIONS = 4  # as in mutex_lock_order.c
BODY = """
{before}
for function in (first, second):
    in_thread(function).join()
"""


def run(python, before, **options):
    program = mutexes.app("mutex_lock_order_inline", ("first", "second"),
                          BODY.format(before=before))
    run = python.script(program, options=options)
    equal((run.status, run.out), (0, "done\n"), "outcome")
    check(not run.report.rescues, "waiters that nobody woke")
    return run.report


def first_wait(python):
    """One that ends never: who holds the mutex was not seen."""
    program = "import mutex_bench_inline as ext\next.lock()\next.lock()\n"
    run = python.script(program, options={"watchdog": 0.5, "hang_exitcode": 9}, timeout=20)
    equal((run.status, run.report.kinds()), (9, {"hang"}), "a deadlock at the first wait")
    equal(one(run.report.waits, "waits")["holder"], None, "who holds it")


def test(python):
    mutexes.needed(python)
    first_wait(python)
    report = run(python, "pass")
    equal((report.kinds(), report.mutexes), (set(), []), "what is seen without contention")
    armed = run(python, "ext.arm()")
    forwarded = run(python, "ext.arm()", mutex="forward")
    if python.free_threaded:
        armed, forwarded = forwarded, armed
    else:
        equal(armed.kinds(), {"mutex-lock-order"}, "findings")
        for name in ("cache_mutex", "index_mutex"):
            mutex = mutexes.named(armed, name)
            # By the two, and by at least the one that made it armed.
            check(mutex["acquired"] >= 3, f"{name}: {mutex['acquired']} acquisitions were seen")
            equal((mutex["coverage"], mutex["complete"]), ("armed", False), "coverage")
    equal(forwarded.kinds(), set(), "findings when forwarded")
    mutex = mutexes.named(forwarded, "cache_mutex")
    equal((mutex["contended"], mutex["acquired"]), (CONTENTIONS, CONTENTIONS), "when forwarded")
    equal(mutex["coverage"], "part", "coverage when forwarded")


e2e.main(test)
