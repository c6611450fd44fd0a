# SPDX-License-Identifier: MIT
"""Streams that are closed when the program starts: the files that come by their numbers are the
program's, and nothing of the tool's gets into them."""

import itertools
import os

import e2e
from e2e import check, equal

# What is opened gets the lowest numbers that are free.
APP = """
import os, sys, threading
import tss_set_before_create as bug
files = [os.open(f"file{n}", os.O_RDWR | os.O_CREAT | os.O_TRUNC) for n in range(4)]
bug.run()
thread = threading.Thread(target=bug.run)
thread.start()
thread.join()
for file in files:
    os.write(file, b"mine\\n")
print(sum(file < 3 for file in files), file=open("low", "w"))
"""
REDIRECTIONS = ("<&-", ">&-", "2>&-")


def verify(python, closed, tool, options):
    app = os.path.join(python.directory, "app.py")
    program = ["sh", "-c", f'exec "$0" "$@" {" ".join(closed)}', python.path, app]
    if tool == "command":
        program = ["sh", "-c", f'exec "$0" "$@" {" ".join(closed)}', e2e.COMMAND, "run",
                   *[f"--{name}={value}" for name, value in options.items()], "--", python.path, app]
        run = python.run(program, tool=None)
    else:
        run = python.run(program, tool=tool, options=options, report=False)
    equal((run.status, run.out), (0, ""), f"outcome with {closed}")
    for name in [f"file{n}" for n in range(4)]:
        with open(os.path.join(run.directory, name), encoding="utf-8") as file:
            equal(file.read(), "mine\n", f"{name} with {closed}")
    with open(os.path.join(run.directory, "low"), encoding="utf-8") as file:
        equal(file.read(), f"{len(closed)}\n", f"low numbers with {closed}")
    return run


def test(python):
    with open(os.path.join(python.directory, "app.py"), "w", encoding="utf-8") as file:
        file.write(APP)
    subsets = [closed for count in (1, 2, 3) for closed in itertools.combinations(REDIRECTIONS, count)]
    for closed in subsets:
        run = verify(python, closed, "preload", {})
        equal("tss-set-before-create" in run.err, "2>&-" not in closed, "report on standard error")
    for tool in ("preload", "command"):
        run = verify(python, REDIRECTIONS, tool, {"format": "json", "output": "report"})
        report = e2e.Report(os.path.join(run.directory, "report"))
        equal(report.kinds(), {"tss-set-before-create"}, "findings in the file")
        verify(python, REDIRECTIONS, tool, {"output": "/nonexistent/report"})
    check(verify(python, (), "preload", {}).err, "no report")


e2e.main(test, choose=e2e.one_of_each_kind)
