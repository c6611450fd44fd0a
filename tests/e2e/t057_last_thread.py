# SPDX-License-Identifier: MIT
"""A process that ends with its last thread, not by a call of exit: a child forked in a thread, whose
first thread that is. It ends, with its report, and the watchdog does not keep it alive."""

import e2e
import last_thread
import mutexes
from e2e import check, equal, one

WAITS = last_thread.app("mutex_bench", "ext.contend(4, 100000, 100)")


def ends(python, program, options=None):
    native = python.script(program, tool=None, timeout=30)
    equal(native.out, last_thread.SAYS, "outcome without the tool")
    run = python.script(program, options=options, timeout=30)
    equal((run.status, run.out), (0, native.out), "outcome")
    return one(run.children, "reports of children")


def test(python):
    ends(python, last_thread.KEY)
    if python.version >= mutexes.FIRST:
        child = ends(python, WAITS, {"watchdog": "60"})
        check(any(mutex["contended"] for mutex in child.mutexes), "nobody waited, which starts the watchdog")


e2e.main(test)
