# SPDX-License-Identifier: MIT
"""What was found is reported before the program is replaced by another one."""

import os

import e2e
from e2e import check, equal

APP = """
import os, sys
import tss_get_before_create as bug, tss_key_live
bug.run()
tss_key_live.run()
os.{call}
"""
CALLS = ('execv("/bin/sh", ["sh", "-c", "echo replaced; exit 6"])',
         'execve("/bin/sh", ["sh", "-c", "echo replaced; exit 6"], dict(os.environ))',
         'execlp("sh", "sh", "-c", "echo replaced; exit 6")')


def test(python):
    for call in CALLS:
        run = python.script(APP.format(call=call))
        equal((run.status, run.out, run.err), (6, "replaced\n", ""), f"{call}: result")
        equal(run.report.kinds("error", "note"), {"tss-get-before-create", "tss-key-live"}, call)
    again = f'execv("{python.path}", ["python3", "-c", "import tss_uninitialized as b; b.run()"])'
    text = python.script(APP.format(call=again), report=False)
    equal(text.status, 0, "exit status")
    for kind in ("tss-get-before-create", "tss-uninitialized"):
        check(f"=={text.pid}==ERROR: pythread-trace: {kind}: " in text.err, f"no {kind}")
    both = python.script(APP.format(call=again))
    equal((both.status, both.err), (0, ""), "result of an exec of an interpreter")
    equal(both.report.kinds(), {"tss-uninitialized"}, "report of the second program")
    first = e2e.Report(os.path.join(both.directory, f"report.{both.pid}.json.1"))
    equal(first.process["pid"], both.pid, "process of the first report")
    equal(first.kinds("error", "note"), {"tss-get-before-create", "tss-key-live"},
          "report of the first program")
    equal(sum("report." in name for name in os.listdir(both.directory)), 2, "files")
    text = python.script(APP.format(call='execve(99, ["x"], {})'), report=False)
    equal(text.err.count("SUMMARY: "), 1, "summaries after an exec of no file")
    failing = python.script(APP.format(call='execv("/nonexistent", ["x"])'))
    equal(failing.status, 1, "exit status after an exec that failed")
    equal(failing.report.process["exit"], 1, "report after an exec that failed")


e2e.main(test)
