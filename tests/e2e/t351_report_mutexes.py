# SPDX-License-Identifier: MIT
"""The table of mutexes that a trace gives is that of the run's own report; and more: the longest
waits with both ends, and a deadlock that lasts when the trace ends."""

import re

import e2e
import lttng
import mutexes
import reading
from e2e import check, equal, one

# Long holds: on a busy machine a thread stands still for some milliseconds between what its events
# say of a moment and what the report does.
THREADS, ROUNDS, HOLD_NS = 4, 50, 2000000
STANDSTILL_NS = 10000000
CONTEND = f"""
import {{module}} as ext
print(ext.contend({THREADS}, {HOLD_NS}, {ROUNDS})[0])
"""
CASES = (("mutex_bench", "all"), ("mutex_bench_inline", "armed"))

# Two threads that take two mutexes in two orders, and meet in the middle.
DEADLOCK = """
import ctypes, os, threading, time

lock = ctypes.pythonapi.PyMutex_Lock
lock.restype = None
memory = (ctypes.c_uint8 * 128)()
mutexes = [ctypes.byref(memory, 0), ctypes.byref(memory, 64)]
both = threading.Barrier(2)

def work(first, second):
    lock(mutexes[first])
    both.wait()
    lock(mutexes[second])

for order in ((0, 1), (1, 0)):
    threading.Thread(target=work, args=order, daemon=True).start()
time.sleep(1.5)
print(ctypes.addressof(memory), flush=True)
os._exit(0)
"""


def about(number, wanted, what, slack):
    check(abs(number - wanted) <= slack * wanted + STANDSTILL_NS,
          f"{what}: wanted about {wanted}, got {number}")


def table(python, daemon, module, coverage):
    run, output = reading.record(python, daemon, CONTEND.format(module=module))
    equal(run.status, 0, "exit status")
    read = reading.Read("--all", output)
    read.whole()
    process = read.process(run.pid)
    live, ours = (mutexes.named(report, "bench_mutex") for report in (run.report, process))
    for name in ("address", "name", "symbol", "module", "acquired", "contended", "coverage", "complete",
                 "runtime", "owner_changes"):
        equal(ours[name], live[name], f"{name} of the mutex of {module}")
    equal(ours["coverage"], coverage, "coverage")
    for name in ("total", "max"):
        about(ours["wait_ns"][name], live["wait_ns"][name], f"wait {name}", 0.2)
        if not live["hold_sampled"]:
            about(ours["hold_ns"][name], live["hold_ns"][name], f"hold {name}", 0.2)
    equal(reading.frames(ours["waited_for"])[0][0], reading.frames(live["waited_for"])[0][0],
          "where it was waited for")
    longest = process.longest_waits
    check(longest and longest[0]["waited_ns"] == max(wait["waited_ns"] for wait in longest),
          "the longest wait is not the first")
    wait = one([wait for wait in longest if wait["mutex"] == ours["address"]][:1], "a wait for it")
    equal(wait["waited"]["native"][0]["function"], "use_mutex", "where it waited")
    holders = [wait["holder"] for wait in longest if wait["holder"]]
    check(holders, "nobody knows of any holder")
    check(all(wait["tid"] != wait["holder"]["tid"] for wait in longest if wait["holder"]),
          "a thread waits for itself")
    text = reading.report(output).stdout
    row = e2e.matches(rf"^ +{ours['acquired']} +{ours['contended']} +\d+ .* {coverage} +bench_mutex in",
                      text, "the table")
    check(row, "row")
    check(re.search(r"^  Longest waits:\n  thread \d+ .* waited \d+\.\d{3} ms for mutex 0x", text,
                    re.MULTILINE), "the longest waits")
    for options, most in (((), 5), (("--top=1",), 1), (("--top=7",), 7)):
        equal(len(re.findall(r"^  thread \d+ .* waited .* after the process's first event:$",
                             reading.report(*options, output).stdout, re.MULTILINE)),
              min(most, len(longest)), f"longest waits with {options}")


def deadlock(python, daemon):
    run, output = reading.record(python, daemon, DEADLOCK)
    base = int(run.out)
    process = reading.Read(output).process(run.pid)
    waits = {int(wait["mutex"], 16) - base: wait for wait in process.waits}
    equal(set(waits), {0, 64}, "mutexes that are waited for at the end")
    for place, other in ((0, 64), (64, 0)):
        equal(waits[place]["holder"]["tid"], waits[other]["tid"], "who holds what the other wants")
        check(waits[place]["waiting_ns"] > 1000000000, f"waited {waits[place]['waiting_ns']}")
    check(process.find("mutex-deadlock"), "the deadlock is no finding")
    text = reading.report(output).stdout
    e2e.matches(r"^  thread \d+ .* has waited 1\.\d{3} s for mutex", text, "the waits in the text")


def test(python):
    mutexes.needed(python)
    with lttng.Daemon(python.directory) as daemon:
        for module, coverage in CASES:
            table(python, daemon, module, coverage)
        deadlock(python, daemon)


def choose(found):
    """The newest with a GIL: without one the interpreter does the work, and less is seen."""
    return [python for python in e2e.one_of_each_build(found) if tuple(python["version"]) >= mutexes.FIRST]


lttng.main(test, choose=choose)
