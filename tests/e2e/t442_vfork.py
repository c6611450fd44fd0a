# SPDX-License-Identifier: MIT
"""A child of vfork() that uses keys and mutexes, in its parent's memory: all is as without the tool, for
both; only the parent reports, and of mutexes what both did: they are one thread's."""

import e2e
import mutexes
from e2e import check, equal

TURNS = 20
APP = f"""
import vforked, tss_uninitialized
tss_uninitialized.run()
print([vforked.run(turn % 2) for turn in range({TURNS})])
"""


def test(python):
    for options in ({}, {"mutex": "forward"}):
        run = python.same_as_native(APP, options=options)
        equal((run.status, run.out), (0, f"{[7] * TURNS}\n"), "outcome")
        equal(run.report.kinds(), {"tss-uninitialized"}, "findings")
        equal(run.children, [], "reports of children")
        equal(run.report.dropped, 0, "dropped")
        if python.version >= mutexes.FIRST:
            # Before, in the child, and after; free-threaded interpreters call it, too.
            check(run.report.calls("PyMutex_Lock") >= TURNS * 3 * 2, "calls of mutexes were missed")
    text = python.script(APP, report=False)
    equal((text.status, text.out, text.err.count("SUMMARY: ")), (0, run.out, 1), "outcome, and reports in text")


e2e.main(test)
