# SPDX-License-Identifier: MIT
"""Signals at every moment, 5,000 of them, with a handler in Python: a profiler's at 1 kHz, and five times
as fast, while threads use keys and mutexes."""

import e2e
import storm
from e2e import check, equal


def test(python):
    for kind in (storm.PROFILER, storm.FAST):
        native = python.script(storm.APP, *kind, storm.FEW, tool=None)
        equal((native.status, native.out), storm.RESULT, f"result without the tool, {kind}")
        run = python.script(storm.APP, *kind, storm.MANY)
        equal((run.status, run.out, run.err), (*storm.RESULT, ""), f"result, {kind}")
        equal(run.report.kinds(), {"tss-get-before-create"}, f"findings, {kind}")
        check(run.report.calls("PyThread_tss_get") > 100, "calls were missed")
        if python.version >= (3, 13):
            check(run.report.calls("PyMutex_Lock") > 1000, "calls of mutexes were missed")
        equal((run.report.dropped, run.report.rescues), (0, 0), "dropped, and wake-ups that were lost")


e2e.main(test, choose=e2e.one_of_each_kind)
