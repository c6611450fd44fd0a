# SPDX-License-Identifier: MIT
"""tss-free-unallocated; a debug build ends at it by itself, when the finding is out."""

import signal

import e2e
from e2e import check
from finding import Case

CASE = Case("tss-free-unallocated", "error", steps=("create", "run"), symbol=None, count=1, rounds=1)


def test(python):
    if not python.debug:
        CASE(python)
        return
    # A debug build's allocator looks at what it is given, and ends the process; the report is out.
    run = CASE.run(python)
    check(run.status in (-signal.SIGABRT, -signal.SIGSEGV), f"status {run.status}")
    check(run.report.find(CASE.kind), f"no {CASE.kind}")


e2e.main(test)
