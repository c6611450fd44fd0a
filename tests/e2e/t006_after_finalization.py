# SPDX-License-Identifier: MIT
"""Keys are used when the interpreter is gone already, and the report still comes. A wrong use is found
there as anywhere, and so before the interpreter starts: without a Python stack, and the report says why."""

import os

import e2e
from e2e import check, equal, one


ABSENT = ("the interpreter is not initialized", "the interpreter is finalizing")


def misused(report, function):
    """Found, in that function, and said why there is no Python stack."""
    here = one(report.find("tss-get-before-create"), "findings")["stacks"][0]
    equal(here["native"][0]["function"], function, "the newest frame")
    check(not here["python"] and here["python_absent"] in ABSENT,
          f"Python stack: {here['python']}, {here['python_absent']}")


def before(python):
    directory = python.new_directory()
    report = os.path.join(directory, "report.json")
    libraries = [os.path.join(python.extensions, "libearly.so"), e2e.LIBRARY]
    run = python.start([python.path, "-c", "print('on')"], directory=directory, env={
        "LD_PRELOAD": " ".join(libraries),
        "PYTHREAD_TRACE_OPTIONS": e2e.as_variable({"format": "json", "output": report})})
    equal((run.status, run.out), (0, "on\n"), "outcome of a use before the start")
    misused(e2e.Report(report), "misuse_at_start")


def test(python):
    run = python.same_as_native("import after_finalize\nafter_finalize.run()\n")
    equal(run.out, "interpreter 0, set 0, same 1, created 0\n", "standard output")
    run.clean()
    run = python.script("import after_finalize\nafter_finalize.misuse()\n")
    equal(run.status, 0, "exit status")
    misused(run.report, "misuse_at_exit")
    before(python)


e2e.main(test)
