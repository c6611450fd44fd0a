# SPDX-License-Identifier: MIT
"""A crash loses no finding: the file is complete before it, and text is out."""

import signal

import e2e
from e2e import equal, matches

BUG = "import tss_get_before_create as bug, os, sys, ctypes\nfor turn in range(3): bug.run()\n"
CRASHES = {
    "SIGSEGV": ("ctypes.string_at(0)", signal.SIGSEGV),
    "os.abort": ("os.abort()", signal.SIGABRT),
    "Py_FatalError": ("ctypes.pythonapi.Py_FatalError(b'for the test')", signal.SIGABRT),
    "kill -9": ("os.kill(os.getpid(), 9)", signal.SIGKILL),
    "SIGTERM": ("os.kill(os.getpid(), 15)", signal.SIGTERM),
}


def test(python):
    for what, (last, number) in CRASHES.items():
        run = python.script(BUG + last)
        equal(run.status, -number, f"{what}: exit status")
        equal(run.report.kinds(), {"tss-get-before-create"}, f"{what}: findings")
        equal(run.report.process["exit"], None, f"{what}: exit status in the report")
        text = python.script(BUG + last, report=False)
        equal(text.status, -number, f"{what}: exit status")
        matches(rf"^=={text.pid}==ERROR: pythread-trace: tss-get-before-create: ", text.err, what)


e2e.main(test)
