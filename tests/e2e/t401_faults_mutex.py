# SPDX-License-Identifier: MIT
"""Calls of the tool's own fail, one at a time, in a program whose threads contend for a mutex and
take two in a wrong order, with a watchdog: nothing of the program's changes."""

import e2e
import faults
import mutexes

APP = """
import sys, threading, mutex_bench, mutex_lock_order as order
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
        program(python, APP, {"watchdog": 30}).verify()


e2e.main(test, choose=faults.choose)
