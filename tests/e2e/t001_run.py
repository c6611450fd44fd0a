# SPDX-License-Identifier: MIT
"""Run and preload see the same: every call, the interpreter, the program's own status."""

import e2e
from e2e import check, equal, matches

APP = """
import sys
import calls_lazy
for turn in range(5):
    calls_lazy.run()
print("out")
print("err", file=sys.stderr)
sys.exit(3)
"""


def test(python):
    for tool in ("command", "preload"):
        run = python.same_as_native(APP, tool=tool)
        equal(run.status, 3, "exit status")
        run.clean()
        report = run.report
        equal(report.tool, "pythread-trace", "tool")
        equal(report.format, 1, "format")
        equal(report.python["version"], ".".join(map(str, python.version)), "Python's version")
        equal(report.python["build"], "shared" if python.shared else "executable", "build")
        equal(report.python["free_threaded"], python.free_threaded, "free_threaded")
        equal(report.process["pid"], run.pid, "pid")
        equal(report.process["exit"], 3, "exit status in the report")
        equal(report.process["argv"][0], python.path, "argv")
        equal(report.dropped, 0, "dropped")
        for hook in report.hooks:
            check(hook["hooked"], f"{hook['function']} is not hooked: {hook['how']}")
            check(hook["calls"] >= 5, f"calls of {hook['function']}: {hook['calls']}")
    text = python.script(APP, report=False)
    matches(rf"^=={text.pid}==SUMMARY: pythread-trace: 0 errors, 0 warnings, 0 leaks, \d+ notes?;"
            r" \d+ keys? live of 1024; hooked (\d+) of \1$", text.err, "summary line")


e2e.main(test)
