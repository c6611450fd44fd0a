# SPDX-License-Identifier: MIT
"""--watchdog reports a wait that lasts too long, with the graph of who waits for whom."""

import e2e
import mutexes
from e2e import check, equal, matches, one

STATUS = 9
SELF = """
thread = in_thread(run, daemon=True, name="the stuck one")
thread.join(30)
"""
TWO = """
threads = [in_thread(function, daemon=True) for function in (first, second)]
threads[0].join(30)
"""


def graph_of_one(report):
    """The wait of a thread for itself, with what it holds."""
    wait = one(report.waits, "waits")
    equal(wait["symbol"], "cache_mutex", "symbol")
    check(wait["waiting_ns"] >= 5e8, f"has waited {wait['waiting_ns']} ns")
    equal(wait["holder"]["tid"], wait["tid"], "holder")
    check(wait["holder"]["held_ns"] >= wait["waiting_ns"], "is held for less than waited for")
    stack = one(wait["stacks"], "stacks of the wait")
    equal(stack["native"][0]["function"], "refresh", "where it waits")
    check(stack["python"], "no Python stack of the wait")
    locked = one(wait["holder"]["stacks"], "stacks of the holder")
    equal(locked["native"][0]["function"], "run", "where it was locked")


def graph_of_two(report):
    waits = {wait["symbol"]: wait for wait in report.waits}
    equal(set(waits), {"cache_mutex", "index_mutex"}, "mutexes that are waited for")
    for wait, other in ((waits["cache_mutex"], waits["index_mutex"]),
                        (waits["index_mutex"], waits["cache_mutex"])):
        equal(wait["holder"]["tid"], other["tid"], "holder")
    equal(waits["cache_mutex"]["stacks"][0]["native"][0]["function"], "second", "where it waits")
    equal(waits["index_mutex"]["stacks"][0]["native"][0]["function"], "first", "where it waits")


CASES = (
    (mutexes.app("mutex_self_deadlock", ("run",), SELF), "mutex-self-deadlock", 0.5, graph_of_one),
    # Time for the other thread to wait as well, on a busy machine too.
    (mutexes.app("mutex_deadlock", ("first", "second"), TWO), "mutex-deadlock", 1.5, graph_of_two),
)


def test(python):
    mutexes.needed(python)
    for program, kind, watchdog, check_graph in CASES:
        options = {"watchdog": watchdog, "hang_exitcode": STATUS}
        run = python.script(program, options=options, timeout=20)
        equal((run.status, run.out), (STATUS, ""), f"{kind}: outcome")
        check({kind, "hang"} <= run.report.kinds("error"), f"{kind}: {run.report.kinds()}")
        hang = one(run.report.find("hang"), "findings")
        equal((hang["severity"], hang["object"]["type"]), ("error", "mutex"), "finding")
        equal(run.report.process["exit"], STATUS, "status in the report")
        check_graph(run.report)
        text = python.script(program, options=options, timeout=20, report=False)
        equal(text.status, STATUS, f"{kind}: status")
        matches(rf"^=={text.pid}==ERROR: pythread-trace: hang: ", text.err, "line of the finding")
        matches(r"has waited \d+\.\d{3} s for mutex 0x[0-9a-f]+ cache_mutex in", text.err, "the graph")
        matches(r"has held it for \d+\.\d{3} s, and took it here:", text.err, "the holder")
    # Without an exit status it only tells; and a wait that ends in time is nothing to tell of.
    program = mutexes.app("mutex_long_wait", ("run",), "run()")
    run = python.script(program, options={"watchdog": 0.06})
    equal((run.status, run.out), (0, "done\n"), "outcome of a wait of 120 ms")
    equal(run.report.kinds(), {"hang"}, "findings about a wait of 120 ms")
    # The first finding of its process, written by the watchdog: with names and lines nevertheless.
    frame = one(run.report.find("hang"), "findings")["stacks"][0]["native"][0]
    equal((frame["function"], bool(frame["line"])), ("run", True), "where it waits")
    run = python.script(program, options={"watchdog": 5, "hang_exitcode": STATUS})
    mutexes.healthy(run, "done\n")


e2e.main(test)
