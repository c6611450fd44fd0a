# SPDX-License-Identifier: MIT
"""A key that was named by annotation has that name in the report."""

import os

import e2e
from e2e import check, equal, matches, one

APP = "import annotated\nannotated.run()\nprint(annotated.report())\n"


def test(python):
    run = python.script(APP)
    equal(run.status, 0, "exit status")
    found = one(run.report.find("tss-key-live"), "findings")
    equal(found["object"]["name"], "the annotated cache", "name")
    equal(one(run.report.find("key-live"), "findings")["object"]["name"], "old cache", "name")
    text = python.script(APP, options={"verbose": True}, report=False)
    matches('"the annotated cache"', text.err, "name in the text")
    # pythread_trace_report() writes at once: a kill later leaves the notes there.
    killed = python.script(APP + "import os\nos.kill(os.getpid(), 9)\n")
    check(killed.report.find("tss-key-live"), "no report on demand")
    native = python.script(APP, tool=None)
    equal((native.status, native.err), (0, ""), "result without the tool")


e2e.main(test)
