# SPDX-License-Identifier: MIT
"""A child of vfork() that uses keys, in its parent's memory: all is as without the tool, for both; only
the parent reports, and only of itself."""

import e2e
from e2e import equal

APP = """
import vforked, tss_uninitialized
tss_uninitialized.run()
print([vforked.run(turn % 2) for turn in range(20)])
"""


def test(python):
    for options in ({}, {"mutex": "forward"}):
        run = python.same_as_native(APP, options=options)
        equal((run.status, run.out), (0, f"{[7] * 20}\n"), "outcome")
        equal(run.report.kinds(), {"tss-uninitialized"}, "findings")
        equal(run.children, [], "reports of children")
        equal(run.report.dropped, 0, "dropped")
    text = python.script(APP, report=False)
    equal((text.status, text.out, text.err.count("SUMMARY: ")), (0, run.out, 1), "outcome, and reports in text")


e2e.main(test)
