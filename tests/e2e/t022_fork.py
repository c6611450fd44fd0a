# SPDX-License-Identifier: MIT
"""A forked child has a report of its own, and only of what it did itself."""

import e2e
from e2e import equal, one

APP = """
import os
import tss_get_before_create as in_both, tss_uninitialized as in_child
in_both.run()
child = os.fork()
if not child:
    in_child.run()
    in_both.run()
    os._exit(0)
print(os.waitpid(child, 0)[1])
"""
NOTHING_DONE = """
import os
import tss_get_before_create as bug
bug.run()
child = os.fork()
if not child:
    os._exit(0)
os.waitpid(child, 0)
"""


def test(python):
    run = python.script(APP)
    equal(run.out, "0\n", "status of the child")
    equal(run.report.kinds(), {"tss-get-before-create"}, "findings of the parent")
    child = one(run.children, "reports of children")
    equal(child.kinds(), {"tss-get-before-create", "tss-uninitialized"}, "findings of the child")
    equal(child.process["ppid"], run.pid, "parent of the child")
    equal(child.find("tss-get-before-create")[0]["count"], 1, "count in the child")
    alone = python.script(APP, options={"follow_fork": "no"})
    equal(alone.children, [], "reports of children that are not followed")
    equal(alone.report.kinds(), {"tss-get-before-create"}, "findings of the parent")
    silent = python.script(NOTHING_DONE)
    equal(silent.children, [], "reports of a child that did nothing")
    text = python.script(NOTHING_DONE, report=False)
    equal(text.err.count("ERROR: "), 1, "errors in the text")
    equal(text.err.count("SUMMARY: "), 1, "summaries in the text")


e2e.main(test)
