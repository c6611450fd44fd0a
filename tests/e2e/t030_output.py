# SPDX-License-Identifier: MIT
"""Where the report goes; where it cannot go costs a line and nothing else."""

import os
import socket

import e2e
from e2e import check, equal, matches

BUG = "import tss_get_before_create as bug\nbug.run()\nprint('done')\n"


def test(python):
    for tool in ("command", "preload"):
        run = python.script(BUG, tool=tool, options={"output": "%n-%h-%p-%%.txt"})
        program = os.path.basename(os.path.realpath(python.path))
        names = [f"{name}-{socket.gethostname()}-{run.pid}-%.txt"
                 for name in {program, os.path.basename(python.path)}]
        found = [name for name in names if os.path.exists(os.path.join(run.directory, name))]
        check(found, f"none of {names}, there is {os.listdir(run.directory)}")
        with open(os.path.join(run.directory, found[0]), encoding="utf-8") as file:
            matches(r"==\d+==ERROR: pythread-trace: tss-get", file.read(), "report in the file")
        equal((run.status, run.out, run.err), (0, "done\n", ""), "streams")
    nowhere = {"output": "/nonexistent/report", "error_exitcode": e2e.MARKED}
    for form in ("text", "json"):
        run = python.script(BUG, options={"format": form, **nowhere})
        equal(run.out, "done\n", "standard output")
        equal(run.status, e2e.MARKED, "exit status")
        matches(r"pythread-trace: .*/nonexistent/report", run.err, "line about the file")
        check(len(run.err.splitlines()) <= 2, "many lines about the file")
    moving = python.script("import os\nos.chdir('/')\n" + BUG, options={
        "format": "json", "output": "relative.json"})
    equal(moving.err, "", "standard error of a program that changes its directory")
    check(os.path.exists(os.path.join(moving.directory, "relative.json")), "file has moved")
    full = python.script(BUG, options={"output": "/dev/full"})
    equal((full.status, full.out), (0, "done\n"), "result with a full disk")
    check("pythread-trace" in full.err, "nothing is said about a full disk")
    closed = python.script("import os\nos.close(2)\n" + BUG, report=False)
    equal((closed.status, closed.out), (0, "done\n"), "result without standard error")


e2e.main(test)
