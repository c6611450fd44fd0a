# SPDX-License-Identifier: MIT
"""One summary line by default, nothing with --quiet, tables with --verbose."""

import e2e
from e2e import check, equal, matches

CLEAN = "import calls_lazy\ncalls_lazy.run()\n"
BUG = "import tss_get_before_create as bug\nfor turn in range(4): bug.run()\n"


def test(python):
    run = python.script(CLEAN, report=False)
    equal(len(run.err.splitlines()), 1, "lines by default")
    matches(rf"^=={run.pid}==SUMMARY: pythread-trace: 0 errors", run.err, "summary")
    run = python.script(CLEAN, options={"quiet": True}, report=False)
    equal(run.err, "", "standard error with --quiet")
    run = python.script(BUG, options={"quiet": True}, report=False)
    equal(run.err.count("==ERROR: "), 1, "errors with --quiet: repeats are counted only")
    matches("seen 4 times", run.err, "count of repeats")
    run = python.script(CLEAN, options={"verbose": True}, report=False)
    for function in ("PyThread_tss_create", "PyThread_delete_key"):
        matches(rf"\b{function}\b", run.err, "table of functions")
    check("SUMMARY" in run.err, "no summary with --verbose")


e2e.main(test)
