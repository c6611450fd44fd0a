# SPDX-License-Identifier: MIT
"""Calls of the tool's own fail, one at a time, in a program whose threads contend for a mutex and
take two in a wrong order, with a watchdog: nothing of the program's changes. A watchdog that cannot be
started is missed in no report, so it is said."""

import e2e
import faults
import mutexes
from e2e import one

APP = """
import sys, threading, time, mutex_bench, mutex_lock_order as order
mutex_bench.lock()
waiting = [threading.Thread(target=lambda: (mutex_bench.lock(), mutex_bench.unlock())) for n in range(3)]
for thread in waiting: thread.start()
time.sleep(0.05)
mutex_bench.unlock()
for thread in waiting: thread.join()
print(mutex_bench.contend(3, 1000, 300)[0])
for function in (order.first, order.second):
    thread = threading.Thread(target=function)
    thread.start()
    thread.join()
print("err", file=sys.stderr)
"""


class Contention:
    """What depends on the moment is left out: how often threads met, and the stacks they met on."""

    def told(self, run):
        told = super().told(run)
        return {name: told[name] for name in ("findings", "summary", "hooked") if name in told}


class Json(Contention, faults.JsonProgram):
    pass


class Text(Contention, faults.TextProgram):
    pass


def test(python):
    mutexes.needed(python)
    faults.needed()
    for program in (Json, Text):
        watched = program(python, APP, {"watchdog": 30})
        started = [watched.fail(f"place={place.number}").err for place in watched.places
                   if place.function == "pthread_create"]
        one([text for text in started if "\npythread-trace: the watchdog cannot be started: " in f"\n{text}"],
            "threads of the tool's that are said to be missed")
        watched.verify()


e2e.main(test, choose=faults.choose)
